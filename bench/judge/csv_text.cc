#include "bench/judge/csv_text.h"

#include "engine/text/normalize.h"

namespace dongxi::bench {
namespace {

bool FitsXml(char32_t c) {
  if (c < 0x20) return c == U'\n' || c == U'\t';
  return (c < 0x7F || c > 0x9F) && c != 0xFFFE && c != 0xFFFF;
}

size_t UnitsOf(char32_t c) { return c > 0xFFFF ? 2 : 1; }

}  // namespace

std::string CellText(std::string_view utf8) {
  std::u32string text;
  size_t units = 0;
  size_t fits = 0;  // characters that leave room for the …
  const std::u32string all = DecodeUtf8(utf8);
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i] == U'\r' && i + 1 < all.size() && all[i + 1] == U'\n') continue;
    text += FitsXml(all[i]) ? all[i] : all[i] == U'\r' ? U'\n' : U' ';
    units += UnitsOf(text.back());
    if (units < kCellUnitsMax) fits = text.size();
    if (units > kCellUnitsMax) {
      text.resize(fits);
      text += U'…';
      break;
    }
  }
  return EncodeUtf8(text);
}

std::string Neutralised(std::string_view text) {
  for (const std::string_view start : {"=", "+", "-", "@", "'", "\t", "\r", "＝", "＋", "－", "＠"}) {
    if (text.starts_with(start)) return "'" + std::string(text);
  }
  return std::string(text);
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    const std::string cell = Neutralised(CellText(cells[i]));
    if (cell.find_first_of(",;\t\"\r\n") == std::string::npos) {
      line += cell;
      continue;
    }
    line += '"';
    for (const char c : cell) {
      if (c == '"') line += '"';
      line += c;
    }
    line += '"';
  }
  return line + "\r\n";
}

}  // namespace dongxi::bench
