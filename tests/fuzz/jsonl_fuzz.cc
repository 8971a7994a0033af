// Any bytes as a JSONL file of needs, results …: whatever is mapped without a problem is a valid record.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "indexer/import/jsonl_reader.h"
#include "indexer/import/record_mapper.h"

namespace {

class AnyVocabulary : public dongxi::ImportVocabulary {
 public:
  std::string RegionCode(std::string_view name) const override { return name.size() % 2 == 0 ? "63" : ""; }
  std::string ModeCode(std::string_view word) const override {
    return word.size() % 2 == 0 ? "transfer" : "";
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto kind = dongxi::kAllRecordKinds[data[0] % 5];
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const AnyVocabulary vocabulary;
  dongxi::ImportOptions options;
  options.generate_ids = (data[0] & 0x80) != 0;
  dongxi::RecordMapper mapper(options, vocabulary);
  const auto map = [&](dongxi::SourceRow& row) -> absl::StatusOr<bool> {
    const dongxi::MappedRow mapped = mapper.Map(row, {kind, false, ""});
    if (mapped.problems.empty() && !dongxi::ValidateRecord(mapped.record).empty()) std::abort();
    return true;
  };
  if (!dongxi::ReadJsonLines(text, "fuzz.jsonl", map).ok()) std::abort();
  return 0;
}
