#include "report/csv.h"

#include <charconv>

namespace dongxi::report {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

void AppendText(std::string_view text, std::string* out) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  if (!formula && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out->append(text);
    return;
  }
  *out += '"';
  if (formula) *out += '\'';
  for (const char c : text) {
    if (c == '"') *out += '"';
    *out += c;
  }
  *out += '"';
}

void AppendNumber(double number, std::string* out) {
  char digits[32];
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), number);
  out->append(digits, end);
}

}  // namespace

std::string CsvText(const Table& table) {
  std::string out(kByteOrderMark);
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) out += ',';
    AppendText(table.columns[i].name, &out);
  }
  out += "\r\n";
  for (const std::vector<Cell>& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      if (!row[i].filled) continue;
      if (row[i].text.empty()) {
        AppendNumber(row[i].number, &out);
      } else {
        AppendText(row[i].text, &out);
      }
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace dongxi::report
