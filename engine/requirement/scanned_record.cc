#include "engine/requirement/scanned_record.h"

#include <utility>

#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

void Add(const char* name, std::string text, std::vector<ScannedField>& fields) {
  if (text.empty()) return;
  ScannedField field{.name = name, .text = std::move(text)};
  field.scan = MakeScanText(field.text);
  field.folded = FoldAscii(field.scan.text);
  fields.push_back(std::move(field));
}

std::string Joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : "；") + item;
  return text;
}

}  // namespace

FieldSpan ScannedField::SpanOf(size_t begin, size_t end) const {
  const auto characters = [this](size_t bytes) {
    return static_cast<uint32_t>(CountCharacters(std::string_view(text).substr(0, bytes)));
  };
  return {name, characters(scan.bytes[begin]), characters(scan.EndByte(end))};
}

std::vector<ScannedField> ScanRecord(const Record& record) {
  std::vector<ScannedField> fields;
  Add("indicators", Joined(record.indicators), fields);
  Add("wanted", record.wanted, fields);
  Add("title", record.title, fields);
  Add("text", record.text, fields);
  return fields;
}

}  // namespace dongxi::requirement
