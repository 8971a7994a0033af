// Cells as spreadsheet programs take them: short enough, and never a formula. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dongxi::bench {

inline constexpr size_t kCellUnitsMax = 32'767;  // UTF-16 units of a cell, as in Excel

// The text without characters that XML cannot hold (they become spaces; CR LF becomes LF), cut to
// kCellUnitsMax with … at the end.
std::string CellText(std::string_view utf8);

// A text that a program could take for a formula (it begins with = + - @, a tab, a carriage return, or their
// full-width forms) gets ' before it; a text that begins with ' too, so that the way back is plain.
std::string Neutralised(std::string_view text);

// One line with CR LF: every cell a CellText, neutralised, quoted where needed.
std::string CsvLine(const std::vector<std::string>& cells);

// Excel takes a CSV file for UTF-8 only with this in front.
inline constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

}  // namespace dongxi::bench
