// How XLSX stores values: number formats, date serials, numbers, escapes, cell references. Pure functions;
// any thread. Source: ECMA-376 part 1, 18.8.30 (numFmt), 18.17.4 (dates), 22.9.2.19 (ST_Xstring).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dongxi {

bool IsDateFormatId(int id);                   // of the built-in formats, Chinese ones included
bool IsDateFormatCode(std::string_view code);  // yyyy"年"m"月"d"日" … ; not a duration like [h]:mm

// ISO 8601: a date, with a time if the serial has one; nothing if no such day exists (60 in the 1900 system
// is the 29 February 1900 that never was) or the serial is a time only.
std::optional<std::string> DateOfSerial(double serial, bool is_1904);

struct NumberText {
  std::string text;        // an integer in full, never 1.2E+17; else at most 15 digits
  bool imprecise = false;  // more than 15 digits: a double no longer holds the number as it was typed
};
std::optional<NumberText> NumberOf(std::string_view xml);

// _x000D_ and the like become their characters.
std::string Unescape(std::string text);

// "C5" → column 2, row 5; nothing if it is none. 1-based rows, 0-based columns.
struct CellReference {
  uint64_t row = 0;
  size_t column = 0;
};
std::optional<CellReference> ParseReference(std::string_view reference);

}  // namespace dongxi
