#include "cli/table.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <numeric>

#include "engine/text/normalize.h"

namespace dongxi::cli {
namespace {

constexpr int kGap = 2;
constexpr int kLastColumnMin = 20;  // a narrower last column says nothing; lines then wrap

int WidthOf(char32_t c) {
  const UChar32 character = static_cast<UChar32>(c);
  const int8_t type = u_charType(character);
  if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) return 0;
  const int width = u_getIntPropertyValue(character, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

bool ReversesWriting(char32_t c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069); }

std::string Rule(int columns) {
  std::string rule;
  for (int i = 0; i < columns; ++i) rule += "─";
  return rule;
}

}  // namespace

int DisplayWidth(std::string_view utf8) {
  const std::u32string text = DecodeUtf8(utf8);
  return std::accumulate(text.begin(), text.end(), 0, [](int sum, char32_t c) { return sum + WidthOf(c); });
}

std::string Printable(std::string_view utf8) {
  std::string out;
  for (const char32_t c : DecodeUtf8(utf8)) {
    if (ReversesWriting(c)) continue;
    const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
    AppendUtf8(control ? U' ' : c, &out);
  }
  return out;
}

std::string CutToWidth(std::string_view utf8, int columns) {
  if (DisplayWidth(utf8) <= columns) return std::string(utf8);
  std::string out;
  int used = 1;  // …
  for (const char32_t c : DecodeUtf8(utf8)) {
    used += WidthOf(c);
    if (used > columns) break;
    AppendUtf8(c, &out);
  }
  return out + "…";
}

std::string PadToWidth(std::string_view utf8, int columns, Align align) {
  const std::string spaces(static_cast<size_t>(std::max(0, columns - DisplayWidth(utf8))), ' ');
  return align == Align::kLeft ? std::string(utf8) + spaces : spaces + std::string(utf8);
}

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::AddRow(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

std::vector<int> Table::Widths(int screen_columns) const {
  std::vector<int> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    int width = DisplayWidth(columns_[i].header);
    for (const std::vector<std::string>& row : rows_) width = std::max(width, DisplayWidth(row[i]));
    if (columns_[i].columns_max > 0) width = std::min(width, columns_[i].columns_max);
    widths.push_back(width);
  }
  if (screen_columns > 0 && !widths.empty()) {
    const int others =
        std::accumulate(widths.begin(), widths.end() - 1, 0) + kGap * (static_cast<int>(widths.size()) - 1);
    widths.back() = std::min(widths.back(), std::max(kLastColumnMin, screen_columns - others));
  }
  return widths;
}

void Table::Print(std::ostream& out, int screen_columns) const {
  const std::vector<int> widths = Widths(screen_columns);
  const auto print_line = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line.append(kGap, ' ');
      line += PadToWidth(CutToWidth(cells[i], std::max(1, widths[i])), widths[i], columns_[i].align);
    }
    out << line.substr(0, line.find_last_not_of(' ') + 1) << "\n";
  };
  std::vector<std::string> headers, rules;
  for (size_t i = 0; i < columns_.size(); ++i) {
    headers.push_back(columns_[i].header);
    rules.push_back(Rule(std::min(widths[i], 60)));
  }
  print_line(headers);
  print_line(rules);
  for (const std::vector<std::string>& row : rows_) print_line(row);
}

}  // namespace dongxi::cli
