#include "indexer/import/xlsx_values.h"

#include <charconv>
#include <cmath>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace dongxi {

bool IsDateFormatId(int id) {
  // 27-36, 50-58: dates of the Chinese, Japanese and Korean versions. 18-21 and 45-47 are times without a
  // day.
  return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

bool IsDateFormatCode(std::string_view code) {
  bool has_day = false;
  for (size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '"' || c == '[') {
      i = code.find(c == '"' ? '"' : ']', i + 1);
      if (i == std::string_view::npos) break;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == ';') {
      break;  // the first section is for positive numbers
    } else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') {
      has_day = true;
    }
  }
  return has_day;
}

std::optional<std::string> DateOfSerial(double serial, bool is_1904) {
  constexpr double kSerialMax = 2958466;  // 9999-12-31 and its hours
  if (!(serial >= (is_1904 ? 0 : 1)) || serial >= kSerialMax) return std::nullopt;
  const auto days = static_cast<int64_t>(serial);
  if (!is_1904 && days == 60) return std::nullopt;
  const absl::CivilDay epoch = is_1904     ? absl::CivilDay(1904, 1, 1)
                               : days < 60 ? absl::CivilDay(1899, 12, 31)
                                           : absl::CivilDay(1899, 12, 30);
  absl::CivilSecond moment(epoch + days);
  moment += std::llround((serial - static_cast<double>(days)) * 86400);
  std::string iso = absl::StrFormat("%04d-%02d-%02d", moment.year(), moment.month(), moment.day());
  if (moment != absl::CivilSecond(absl::CivilDay(moment))) {
    iso += absl::StrFormat("T%02d:%02d:%02d", moment.hour(), moment.minute(), moment.second());
  }
  return iso;
}

std::optional<NumberText> NumberOf(std::string_view xml) {
  double value = 0;
  const auto [end, error] = std::from_chars(xml.data(), xml.data() + xml.size(), value);
  if (error != std::errc() || end != xml.data() + xml.size() || !std::isfinite(value)) return std::nullopt;
  constexpr double kExact = 1e15;
  NumberText number;
  if (value == std::trunc(value) && std::abs(value) < 1e22) {
    number.text = absl::StrFormat("%.0f", value == 0 ? 0.0 : value);  // no "-0"
    number.imprecise = std::abs(value) >= kExact;
  } else {
    number.text = absl::StrFormat("%.15g", value);
    number.imprecise = std::abs(value) >= kExact;
  }
  return number;
}

std::string Unescape(std::string text) {
  size_t at = text.find("_x");
  while (at != std::string::npos) {
    unsigned code = 0;
    const bool fits = at + 7 <= text.size() && text[at + 6] == '_';
    const char* const digits = text.data() + at + 2;
    const bool is_hex = fits && std::from_chars(digits, digits + 4, code, 16).ptr == digits + 4;
    // Only what XML cannot hold, and the underscore that starts such an escape: ids like a_x1234_b stay.
    if (is_hex && (code < 0x20 || code == 0x5F)) text.replace(at, 7, 1, static_cast<char>(code));
    at = text.find("_x", at + 1);
  }
  return text;
}

std::optional<CellReference> ParseReference(std::string_view reference) {
  size_t i = 0;
  size_t column = 0;
  for (; i < reference.size() && i < 3; ++i) {
    const char c = reference[i] >= 'a' && reference[i] <= 'z' ? static_cast<char>(reference[i] - 'a' + 'A')
                                                              : reference[i];
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<size_t>(c - 'A' + 1);
  }
  uint64_t row = 0;
  const char* const end = reference.data() + reference.size();
  const auto parsed = std::from_chars(reference.data() + i, end, row);
  if (i == 0 || parsed.ec != std::errc() || parsed.ptr != end || row == 0) return std::nullopt;
  return CellReference{row, column - 1};
}

}  // namespace dongxi
