// Any bytes as an XLSX file; after a first byte '<', as the XML of one sheet, which checksums would otherwise
// shield.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "indexer/import/xlsx_reader.h"
#include "indexer/import/xlsx_sheet.h"
#include "indexer/import/xml_stream.h"

namespace {

// Rows come in order, cells in order and without repeats.
absl::StatusOr<bool> Check(dongxi::GridRow& row, uint64_t& last) {
  if (row.number <= last || row.number > dongxi::kXlsxRowsMax) std::abort();
  last = row.number;
  for (size_t i = 0; i < row.cells.size(); ++i) {
    if (row.cells[i].column >= dongxi::kColumnsMax) std::abort();
    if (i > 0 && row.cells[i].column <= row.cells[i - 1].column) std::abort();
  }
  return true;
}

void ReadSheet(const std::string& xml) {
  dongxi::XlsxTables tables;
  tables.strings = {"编号", "名称"};
  tables.is_date_style = {false, true};
  uint64_t last = 0;
  const dongxi::GridSink sink = [&last](dongxi::GridRow& row) { return Check(row, last); };
  dongxi::SheetHandler handler(tables, sink);
  dongxi::XmlStream stream(handler);
  if (stream.Feed(xml).ok()) (void)stream.Finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with('<')) {
    ReadSheet(bytes);
    return 0;
  }
  const auto workbook = dongxi::XlsxWorkbook::Open(bytes);
  if (!workbook.ok()) return 0;
  for (const dongxi::XlsxSheet& sheet : (*workbook)->sheets()) {
    const auto scan = (*workbook)->Scan(sheet);
    if (!scan.ok()) continue;
    (void)dongxi::FindHeader(scan->first_rows, {}, scan->merges);
    uint64_t last = 0;
    (void)(*workbook)->Read(sheet, scan->merges, 1,
                            [&last](dongxi::GridRow& row) { return Check(row, last); });
  }
  return 0;
}
