// XLSX as Excel, WPS and export libraries write it (ECMA-376), with limits. Not thread-safe.
// Values come as the user sees them: shared and inline strings (rich text joined, phonetic hints dropped),
// dates as ISO 8601 in the 1900 and 1904 systems, numbers in full, cached results of formulas. What cannot be
// used (#N/A, numbers of more than 15 digits, a formula without a result, a text of over 32,767 characters)
// is a complaint of its cell. Every error is a complaint (complaint.h) about the file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/import/header_row.h"
#include "indexer/import/table.h"
#include "indexer/import/zip_package.h"

namespace dongxi {

inline constexpr uint64_t kXlsxRowsMax = 1'048'576;
inline constexpr size_t kXlsxCellCharactersMax = 32'767;  // as in Excel
inline constexpr size_t kXlsxMergesMax = 200'000;
inline constexpr size_t kSharedStringsMax = 4'000'000;
inline constexpr size_t kSharedStringBytesMax = size_t{512} << 20;

struct XlsxSheet {
  std::string name;
  std::string member;  // of the package
  bool hidden = false;
};

// Shared strings; a text over kXlsxCellCharactersMax is cut to a little more than that, so that the cell
// complains.
using SharedStrings = std::vector<std::string>;

// What a sheet's parser needs of the workbook.
struct XlsxTables {
  SharedStrings strings;
  std::vector<bool> is_date_style;  // by index of cellXfs
  bool is_1904 = false;
};

// What a first pass over a sheet finds; merged ranges stand after the rows in the file.
struct SheetScan {
  std::vector<GridRow> first_rows;  // up to row kHeaderRowsMax + 3
  std::vector<MergedRange> merges;
  bool has_rows = false;
};

class XlsxWorkbook {
 public:
  // `bytes` must outlive the workbook.
  static absl::StatusOr<std::unique_ptr<XlsxWorkbook>> Open(std::string_view bytes);

  const std::vector<XlsxSheet>& sheets() const { return sheets_; }
  absl::StatusOr<SheetScan> Scan(const XlsxSheet& sheet) const;

  // Rows from `first_row` on. A merged cell that starts there gives its value to the rows below it that it
  // covers, if they have a value of their own. Rows without any value are not sent.
  absl::Status Read(const XlsxSheet& sheet, const std::vector<MergedRange>& merges, uint64_t first_row,
                    const GridSink& sink) const;

 private:
  explicit XlsxWorkbook(std::unique_ptr<ZipPackage> package) : package_(std::move(package)) {}
  absl::Status Load();

  std::unique_ptr<ZipPackage> package_;
  std::vector<XlsxSheet> sheets_;
  XlsxTables tables_;
};

// True for the OLE2 container of .xls, .et and of every XLSX with a password.
bool IsOle2(std::string_view bytes);
// What to tell the user about such a file: encrypted or old.
absl::Status Ole2Error(std::string_view bytes);

}  // namespace dongxi
