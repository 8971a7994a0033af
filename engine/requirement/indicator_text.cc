// Indicators as printed.
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/requirement/indicator.h"

namespace dongxi::requirement {
namespace {

std::string NumberText(double value) {
  if (value == 0) return "0";
  constexpr double kWan = 1e4, kYi = 1e8;
  if (std::abs(value) >= kYi) return absl::StrFormat("%.6g 亿", value / kYi);
  if (std::abs(value) >= kWan) return absl::StrFormat("%.6g 万", value / kWan);
  // Six digits are more than any indicator states, and hide the rounding of unit conversions.
  return absl::StrFormat("%.6g", value);
}

std::string WithUnit(const std::string& number, const std::string& unit) {
  if (unit.empty()) return number;
  if (number.ends_with("万") || number.ends_with("亿")) return number + unit;
  return unit == "%" || unit == "‰" || unit == "℃" || unit == "°c" ? number + (unit == "°c" ? "℃" : unit)
                                                                   : absl::StrCat(number, " ", unit);
}

}  // namespace

std::string ValueText(const Indicator& indicator, double base_value, bool difference) {
  const double offset = difference ? 0 : indicator.offset;
  double value = (base_value - offset) / indicator.factor;
  // A difference of percentages is in points.
  std::string unit = indicator.unit;
  if (difference && unit == "%") unit = "个百分点";
  return WithUnit(NumberText(value), unit);
}

std::string RangeText(const Indicator& indicator) {
  double low = indicator.low, high = indicator.high;
  bool open_low = indicator.open_low, open_high = indicator.open_high;
  std::string verb;
  if (indicator.change) {
    const bool down = (std::isinf(low) ? high : low) < 0 || (std::isinf(high) && low < 0);
    verb = down ? "降低" : "提高";
    if (down) {
      std::swap(low, high);
      std::swap(open_low, open_high);
      low = -low;
      high = -high;
    }
  }
  const auto text = [&](double value) { return ValueText(indicator, value, false); };
  if (std::isinf(low) && std::isinf(high)) return verb;
  if (std::isinf(high)) return absl::StrCat(verb, open_low ? "＞" : "≥", text(low));
  if (std::isinf(low)) return absl::StrCat(verb, open_high ? "＜" : "≤", text(high));
  std::string range =
      std::abs(high - low) <= std::abs(high) * 1e-9
          ? text(low)
          : absl::StrCat(NumberText((low - indicator.offset) / indicator.factor), "–", text(high));
  if (indicator.tolerance > 0) absl::StrAppend(&range, "±", ValueText(indicator, indicator.tolerance, true));
  return verb + range;
}

}  // namespace dongxi::requirement
