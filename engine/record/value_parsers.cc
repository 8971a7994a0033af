#include "engine/record/value_parsers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace dongxi {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

std::optional<int> ParseInt(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string WithoutSpaces(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ') out += c;
  }
  return out;
}

bool Consume(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool ConsumeEnd(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

std::optional<int> ConsumeNumber(std::string_view& text, size_t digits_max) {
  size_t digits = 0;
  while (digits < text.size() && digits < digits_max && IsDigit(text[digits])) ++digits;
  const std::optional<int> number = ParseInt(text.substr(0, digits));
  if (number) text.remove_prefix(digits);
  return number;
}

std::optional<std::string> FormatDay(int year, int month, int day) {
  if (year < 1900 || year > 2200) return std::nullopt;
  const absl::CivilDay civil(year, month, day);
  if (civil.month() != month || civil.day() != day) return std::nullopt;  // 31 June was carried over
  return absl::StrFormat("%04d-%02d-%02d", year, month, day);
}

std::optional<std::string> LastDayOfMonth(int year, int month) {
  if (month < 1 || month > 12) return std::nullopt;
  const absl::CivilDay last = absl::CivilDay(absl::CivilMonth(year, month) + 1) - 1;
  return FormatDay(year, month, last.day());
}

// What may follow the day: nothing, or a time of day, which is dropped.
bool IsTimeOrNothing(std::string_view rest) {
  rest = TrimText(rest);
  Consume(rest, "t");
  return std::all_of(
             rest.begin(), rest.end(),
             [](char c) { return IsDigit(c) || c == ':' || c == '.' || c == 'z' || c == '+' || c == ' '; }) &&
         (rest.empty() || rest.find(':') != std::string_view::npos);
}

}  // namespace

std::string_view TrimText(std::string_view text) {
  static constexpr std::string_view kWide[] = {"\u3000", "\u00a0", "\ufeff", "\u200b"};
  for (bool again = true; again;) {
    again = false;
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    for (const std::string_view wide : kWide) {
      again |= Consume(text, wide);
      again |= ConsumeEnd(text, wide);
    }
  }
  return text;
}

std::string CleanText(std::string_view text) {
  text = TrimText(text);
  std::string clean;
  clean.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    const bool is_control = static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    if (c == '\r') {
      clean += '\n';
    } else {
      clean += is_control && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return clean;
}

bool IsIsoDate(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && ParseDate(text) == std::string(text);
}

std::optional<std::string> ParseDate(std::string_view normal) {
  std::string_view text = TrimText(normal);
  if (text.size() == 8 && AllDigits(text)) {
    return FormatDay(*ParseInt(text.substr(0, 4)), *ParseInt(text.substr(4, 2)),
                     *ParseInt(text.substr(6, 2)));
  }
  const std::optional<int> year = ConsumeNumber(text, 4);
  if (!year || *year < 1900) return std::nullopt;
  text = TrimText(text);
  std::string_view separator;
  for (const std::string_view candidate : {"年", "-", "/", "."}) {
    if (separator.empty() && Consume(text, candidate)) separator = candidate;
  }
  text = TrimText(text);
  const std::optional<int> month = ConsumeNumber(text, 2);
  if (separator.empty() || !month) return std::nullopt;
  text = TrimText(text);
  const bool has_separator = Consume(text, separator == "年" ? "月" : separator);
  text = TrimText(text);
  if (text.empty()) return LastDayOfMonth(*year, *month);
  const std::optional<int> day = ConsumeNumber(text, 2);
  if (!has_separator || !day) return std::nullopt;
  if (separator == "年" && !Consume(text, "日") && !Consume(text, "号") && !text.empty()) return std::nullopt;
  if (!IsTimeOrNothing(text)) return std::nullopt;
  return FormatDay(*year, *month, *day);
}

std::optional<int> ParseMaturity(std::string_view normal) {
  const std::string compact = WithoutSpaces(normal);
  std::string_view text = compact;
  Consume(text, "trl");
  Consume(text, "-");
  Consume(text, ":");
  Consume(text, "第");
  ConsumeEnd(text, "级");
  static constexpr std::string_view kNumerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
  for (int level = 1; level <= 9; ++level) {
    if (text == kNumerals[level - 1]) return level;
  }
  const std::optional<int> level = ParseInt(text);
  if (!level || *level < 1 || *level > 9) return std::nullopt;
  return level;
}

std::optional<int> ParseYear(std::string_view normal) {
  std::string_view text = TrimText(normal);
  if (const std::optional<std::string> date = ParseDate(text); date)
    text = std::string_view(text).substr(0, 4);
  ConsumeEnd(text, "年度");
  ConsumeEnd(text, "年");
  text = TrimText(text);
  const std::optional<int> year = ParseInt(text);
  if (!year || *year < 1900 || *year > 2100) return std::nullopt;
  return year;
}

std::optional<int> ParseCount(std::string_view normal, int max) {
  const std::string compact = WithoutSpaces(normal);
  std::string_view text = compact;
  for (const std::string_view word : {"最多", "至多", "不超过"}) Consume(text, word);
  for (const std::string_view unit : {"项", "个", "家", "件"}) ConsumeEnd(text, unit);
  const std::optional<int> count = ParseInt(text);
  if (!count || *count < 1 || *count > max) return std::nullopt;
  return count;
}

std::optional<double> ParseBudgetWan(std::string_view normal) {
  std::string compact = WithoutSpaces(normal);
  std::string_view text = compact;
  Consume(text, "¥");
  std::string_view power;  // of ten, by which the decimal point moves: a product would not be exact
  const bool has_yuan = ConsumeEnd(text, "元人民币") || ConsumeEnd(text, "元");
  if (ConsumeEnd(text, "亿")) {
    power = "e4";
  } else if (!ConsumeEnd(text, "万") && has_yuan) {
    power = "e-4";
  }
  std::string digits;
  for (const char c : text) {
    if (!IsDigit(c) && c != '.' && c != ',') return std::nullopt;
    if (c != ',') digits += c;
  }
  digits += power;
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value))
    return std::nullopt;
  if (value > 1e9) return std::nullopt;
  return value;
}

std::optional<bool> ParseYesNo(std::string_view normal) {
  static constexpr std::string_view kYes[] = {"是", "true", "1", "y", "yes", "√", "✓", "示例", "对"};
  static constexpr std::string_view kNo[] = {"否", "false", "0", "n", "no", "×", "非", "不是"};
  const std::string_view text = TrimText(normal);
  if (std::find(std::begin(kYes), std::end(kYes), text) != std::end(kYes)) return true;
  if (std::find(std::begin(kNo), std::end(kNo), text) != std::end(kNo)) return false;
  return std::nullopt;
}

std::optional<std::string> ParseRegionCode(std::string_view normal) {
  // Province prefixes of GB/T 2260-2007, Taiwan, Hong Kong and Macao included.
  static constexpr std::string_view kProvinces =
      "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82";
  std::string_view text = TrimText(normal);
  if (!AllDigits(text) || (text.size() != 2 && text.size() != 4 && text.size() != 6)) return std::nullopt;
  if (kProvinces.find(text.substr(0, 2)) == std::string_view::npos) return std::nullopt;
  while (text.size() > 2 && text.ends_with("00")) text.remove_suffix(2);
  return std::string(text);
}

bool IsScientific(std::string_view normal) {
  const std::string_view text = TrimText(normal);
  const size_t e = text.find("e+");
  if (e == std::string_view::npos || e == 0 || !AllDigits(text.substr(e + 2))) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(e),
                     [](char c) { return IsDigit(c) || c == '.'; });
}

std::string FoldWidth(std::string_view text) {
  std::string folded;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = [&](size_t at) { return static_cast<unsigned char>(at < text.size() ? text[at] : 0); };
    // U+FF01..U+FF5E is EF BC 81..BF and EF BD 80..9E.
    const bool first_half =
        byte(i) == 0xEF && byte(i + 1) == 0xBC && byte(i + 2) >= 0x81 && byte(i + 2) <= 0xBF;
    const bool second_half =
        byte(i) == 0xEF && byte(i + 1) == 0xBD && byte(i + 2) >= 0x80 && byte(i + 2) <= 0x9E;
    if (first_half || second_half) {
      folded += static_cast<char>(first_half ? byte(i + 2) - 0x81 + '!' : byte(i + 2) - 0x80 + '`');
      i += 2;
    } else {
      folded += text[i];
    }
  }
  return folded;
}

}  // namespace dongxi
