// A workbook being written: text, numbers, frozen headers; the same bytes every time. Not thread-safe.
#pragma once

#include <xlsxwriter.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace dongxi::cli {

class XlsxBook {
 public:
  explicit XlsxBook(const std::filesystem::path& file);
  ~XlsxBook();
  XlsxBook(const XlsxBook&) = delete;
  XlsxBook& operator=(const XlsxBook&) = delete;

  // Starts a sheet with a frozen, bold header row and filters; the following rows go there.
  void Sheet(const std::string& name, const std::vector<std::string>& headers,
             const std::vector<double>& widths);
  // Always text, whatever it starts with; cut to what a cell holds.
  void Text(int column, std::string_view text);
  void Number(int column, double value);          // two decimals
  void Count(int column, double value);           // a whole number
  void Date(int column, const std::string& day);  // of 2026-11-26; what is no day stays text
  void NextRow();                                 // as high as its texts need
  // Errors: InvalidArgument for a sheet of more rows than Excel opens (LXW_ROW_MAX, the header included),
  // with the remedy; Internal if the file cannot be written.
  absl::Status Close();

 private:
  void EndSheet();  // filters over the rows it has, or notes that it has too many
  double WidthOf(size_t column) const { return column < widths_.size() ? widths_[column] : kWidth; }

  static constexpr double kWidth = 16;  // of a column that does not say, in characters

  std::string file_;
  lxw_workbook* book_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* header_;
  lxw_format* text_;
  lxw_format* number_;
  lxw_format* count_;
  lxw_format* date_;
  lxw_row_t row_ = 1;
  std::string name_;      // of the sheet
  std::string overfull_;  // the first sheet with too many rows; empty: none
  size_t columns_ = 0;
  std::vector<double> widths_;
  int lines_ = 1;  // of the row being written
};

}  // namespace dongxi::cli
