// Text tables for the terminal, aligned by columns of the screen: a Chinese character takes two. Pure; any
// thread.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace dongxi::cli {

// Columns that the text takes on a terminal: 2 for wide and full-width characters, 0 for combining and
// invisible ones.
int DisplayWidth(std::string_view utf8);

// The text without what could steer a terminal: controls (tab and line break too) become spaces, and the
// characters that reverse the direction of writing are dropped.
std::string Printable(std::string_view utf8);

// The beginning of the text in at most `columns` columns, with … if something was cut. REQUIRES: columns
// >= 1.
std::string CutToWidth(std::string_view utf8, int columns);

// The text with spaces behind (or before) it up to `columns`; longer text stays as it is.
enum class Align { kLeft, kRight };
std::string PadToWidth(std::string_view utf8, int columns, Align align);

// Rows of cells under a header; each column as wide as its widest cell, at most its limit.
class Table {
 public:
  struct Column {
    std::string header;
    int columns_max = 40;  // longer cells are cut; 0: no limit
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns);

  // REQUIRES: one cell a column. Cells are made Printable.
  void AddRow(std::vector<std::string> cells);

  // Two spaces between columns, a rule under the header, no spaces at the end of a line. Lines are at most
  // `screen_columns` wide, at the cost of the last column; 0: no limit.
  void Print(std::ostream& out, int screen_columns) const;

 private:
  std::vector<int> Widths(int screen_columns) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace dongxi::cli
