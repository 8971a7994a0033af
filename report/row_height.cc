#include "report/row_height.h"

#include <algorithm>
#include <cmath>

namespace dongxi::report {

int LinesOf(std::string_view text, double column_width) {
  // Words are not broken: some room at the end of a line stays empty.
  const double room = std::max(1.0, column_width - 1);
  int lines = 0;
  double used = 0;
  const auto end_line = [&] {
    lines += std::max(1, static_cast<int>(std::ceil(used / room)));
    used = 0;
  };
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      end_line();
    } else if ((byte & 0xC0) != 0x80) {  // the first byte of a character
      used += byte >= 0xE0 ? 2 : 1;
    }
  }
  end_line();
  return lines;
}

double RowHeight(int lines) { return std::min(kRowHeightMax, kLineHeight * std::max(1, lines)); }

}  // namespace dongxi::report
