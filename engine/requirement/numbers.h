// Numbers as officials write them: 1,200; 3.5万; -40; 零下三十五; 三千二百; 百分之八十; 八成五; 三分之一;
// 2×10^4; 10⁻⁷; 5×10-3; 1/3; 5 000. Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

struct NumberReading {
  size_t begin = 0, end = 0;  // characters of the scanned text, the sign and multiplier included
  double value = 0;
  double multiplier = 1;  // 万, 亿 …, not yet in `value`: 3~5万 is 3万 to 5万
  bool chinese = false;   // written in Chinese numerals
  bool share = false;   // value is a share of 1 by its own words: 百分之八十, 八成, 三分之一, 1/3
  bool single = false;  // one Chinese numeral (三): a word more often than a number
  bool bare_scale = false;  // 万 or 亿 alone: a number only before a unit (万吨级)
};

// The number that begins at `at`, with its sign. Nothing where none begins there.
std::optional<NumberReading> ReadNumber(const ScanText& scan, size_t at);

// The power of ten behind a closing bracket at `close`, for all numbers in the bracket: (8~12)×10⁴. Nothing
// where none stands.
struct PowerBehind {
  double value = 1;
  size_t end = 0;  // character behind it
};
std::optional<PowerBehind> ReadPowerBehindBracket(const ScanText& scan, size_t close);

}  // namespace dongxi::requirement
