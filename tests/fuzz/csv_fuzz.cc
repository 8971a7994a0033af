// Any bytes as a CSV file. What is read, written with quotes and read again, is the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "indexer/import/csv_reader.h"
#include "indexer/import/header_row.h"
#include "indexer/import/text_encoding.h"

namespace {

using Rows = std::vector<dongxi::GridRow>;

Rows ReadAll(std::string_view text, char delimiter) {
  Rows rows;
  const auto keep = [&rows](dongxi::GridRow& row) -> absl::StatusOr<bool> {
    if (!rows.empty() && row.number <= rows.back().number) std::abort();
    rows.push_back(std::move(row));
    return true;
  };
  if (!dongxi::ReadCsv(text, delimiter, keep).ok()) std::abort();
  return rows;
}

std::string Written(const Rows& rows, char delimiter) {
  std::string out;
  uint64_t number = 1;
  for (const dongxi::GridRow& row : rows) {
    for (; number < row.number; ++number) out += '\n';
    size_t column = 0;
    for (const dongxi::GridCell& cell : row.cells) {
      for (; column < cell.column; ++column) out += delimiter;
      out += '"';
      for (const char c : cell.text) {
        if (c == '"') out += '"';
        out += c;
      }
      out += '"';
    }
    out += '\n';
    ++number;
  }
  return out;
}

bool IsPlain(const Rows& rows) {
  for (const dongxi::GridRow& row : rows) {
    if (!row.complaints.empty()) return false;
    for (const dongxi::GridCell& cell : row.cells) {
      if (cell.complaint) return false;
    }
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto decoded = dongxi::DecodeText(bytes);
  if (!decoded.ok()) return 0;
  for (const char delimiter : {',', ';', '\t'}) {
    const Rows rows = ReadAll(decoded->text(), delimiter);
    (void)dongxi::FindHeader(rows, {});
    if (!IsPlain(rows)) continue;
    const std::string written = Written(rows, delimiter);
    const Rows again = ReadAll(written, delimiter);
    if (again.size() != rows.size()) std::abort();
    for (size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].number != again[i].number || rows[i].cells.size() != again[i].cells.size()) std::abort();
      for (size_t j = 0; j < rows[i].cells.size(); ++j) {
        if (rows[i].cells[j].text != again[i].cells[j].text) std::abort();
        if (rows[i].cells[j].column != again[i].cells[j].column) std::abort();
      }
    }
  }
  return 0;
}
