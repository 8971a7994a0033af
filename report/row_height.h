// How high a row of a spreadsheet must be so that none of its wrapped texts is cut. Not every program works
// that out by itself when it opens a file. Pure functions; any thread.
#pragma once

#include <string_view>

namespace dongxi::report {

inline constexpr double kLineHeight = 15, kRowHeightMax = 405;  // points; a spreadsheet allows 409

// Lines of a UTF-8 text in a column of so many characters; a Chinese character takes the room of two. At
// least 1.
int LinesOf(std::string_view text, double column_width);

// Points, for a row whose highest cell has so many lines; more than kRowHeightMax is cut.
double RowHeight(int lines);

}  // namespace dongxi::report
