// Reads single values as officials write them, for records, filters, the ledger and its questions. Pure
// functions; any thread. Each returns nothing if the text is not such a value. The text is in normal form
// (Normalize) where so said.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dongxi {

// Without spaces (also U+3000, U+00A0, BOM) and line breaks at both ends.
std::string_view TrimText(std::string_view text);

// Trimmed; controls other than line feed and tab become spaces, CR LF becomes LF.
std::string CleanText(std::string_view text);

// 2027-06-30, 2027/6/30, 2027.6.30, 2027年6月30日, 20270630, with or without a time after it; 2027年6月 means
// the last day of June. Returns ISO 8601. `normal` is in normal form.
std::optional<std::string> ParseDate(std::string_view normal);
// True for YYYY-MM-DD of an existing day.
bool IsIsoDate(std::string_view text);

std::optional<int> ParseMaturity(std::string_view normal);  // 6, TRL6, trl-6, 6级, 第六级
std::optional<int> ParseYear(std::string_view normal);      // 2024, 2024年, the year of a date
// 3, 3项, 3 个, 最多3项: a whole number of 1..max.
std::optional<int> ParseCount(std::string_view normal, int max);
std::optional<double> ParseBudgetWan(
    std::string_view normal);  // 300, 300万元, 1.5亿元, 500000元, 1,200 → 万元
std::optional<bool> ParseYesNo(std::string_view normal);  // 是, 否, true, 0, √ …

// 2, 4 or 6 digits of GB/T 2260, without the zeros that only fill up (630000 → 63); nothing if no province
// has it.
std::optional<std::string> ParseRegionCode(std::string_view normal);

// 1.23457E+17: what is left of a long number that a spreadsheet rewrote.
bool IsScientific(std::string_view normal);

// Full-width ASCII (Ａ, －) becomes ASCII; everything else stays, case too.
std::string FoldWidth(std::string_view text);

}  // namespace dongxi
