#include "engine/requirement/dimension.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace dongxi::requirement {
namespace {

constexpr int kPowerMax = 9;
constexpr std::string_view kUnknownPrefix = "unit ";

bool IsCounted(const std::string& base) {
  for (const char* counted : {"item", "piece", "animal", "fish", "plant", "grain", "person", "household",
                              "case", "issue", "times"}) {
    if (base == counted) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<Dimension> Dimension::Parse(std::string_view text) {
  Dimension dimension;
  int sign = 1;
  while (!text.empty()) {
    const size_t end = text.find_first_of("*/");
    std::string_view factor = text.substr(0, end);
    int power = 1;
    const size_t caret = factor.find('^');
    if (caret != std::string_view::npos) {
      const std::string_view digits = factor.substr(caret + 1);
      if (digits.size() != 1 || digits[0] < '1' || digits[0] > '9') {
        return absl::InvalidArgumentError("power \"" + std::string(digits) + "\"; expected 1 to 9");
      }
      power = digits[0] - '0';
      factor = factor.substr(0, caret);
    }
    if (factor.empty()) return absl::InvalidArgumentError("a base quantity is missing");
    if (factor != "ratio" && factor != "1") {
      Dimension base;
      base.Set({{std::string(factor), power}});
      dimension = dimension.Times(base, sign);
    }
    if (end == std::string_view::npos) break;
    sign = text[end] == '/' ? -1 : 1;
    text.remove_prefix(end + 1);
    if (text.empty()) return absl::InvalidArgumentError("a base quantity is missing at the end");
  }
  return dimension;
}

Dimension Dimension::Unknown(const std::string& unit) {
  Dimension dimension;
  dimension.Set({{std::string(kUnknownPrefix) + unit, 1}});
  return dimension;
}

const Dimension& TimeDimension() {
  static const Dimension& dimension = *new Dimension(*Dimension::Parse("time"));
  return dimension;
}
const Dimension& TemperatureDimension() {
  static const Dimension& dimension = *new Dimension(*Dimension::Parse("temperature"));
  return dimension;
}
const Dimension& AngleDimension() {
  static const Dimension& dimension = *new Dimension(*Dimension::Parse("degree"));
  return dimension;
}
const Dimension& SpeedDimension() {
  static const Dimension& dimension = *new Dimension(*Dimension::Parse("length/time"));
  return dimension;
}
const Dimension& DensityDimension() {
  static const Dimension& dimension = *new Dimension(*Dimension::Parse("mass/length^3"));
  return dimension;
}

const Dimension& ItemDimension() {
  static const Dimension& dimension = *new Dimension(*Dimension::Parse("item"));
  return dimension;
}

const Dimension& TeslaDimension() {
  static const Dimension& dimension = *new Dimension(*Dimension::Parse("tesla"));
  return dimension;
}

Dimension Dimension::Times(const Dimension& other, int power) const {
  std::map<std::string, int> powers = powers_;
  for (const auto& [base, one] : other.powers_) {
    int& sum = powers[base];
    sum += one * power;
    if (sum == 0 || sum > kPowerMax || sum < -kPowerMax) powers.erase(base);
  }
  Dimension product;
  product.Set(std::move(powers));
  return product;
}

void Dimension::Set(std::map<std::string, int> powers) {
  powers_ = std::move(powers);
  hash_ = 0;
  for (const auto& [base, power] : powers_)
    hash_ += std::hash<std::string>()(base) * static_cast<size_t>(power);
}

int Dimension::power(const std::string& base) const {
  const auto found = powers_.find(base);
  return found == powers_.end() ? 0 : found->second;
}

bool Dimension::IsMadeOf(const std::vector<std::string>& bases) const {
  return std::all_of(powers_.begin(), powers_.end(), [&](const auto& power) {
    return power.first.starts_with(kUnknownPrefix) ||
           std::find(bases.begin(), bases.end(), power.first) != bases.end();
  });
}

bool Dimension::IsCount() const {
  return !powers_.empty() && std::all_of(powers_.begin(), powers_.end(),
                                         [](const auto& power) { return IsCounted(power.first); });
}

Dimension Dimension::WithoutCounts() const {
  std::map<std::string, int> powers = powers_;
  std::erase_if(powers, [](const auto& power) { return power.second < 0 && IsCounted(power.first); });
  Dimension rest;
  rest.Set(std::move(powers));
  return rest;
}

std::string Dimension::ToString() const {
  std::string text;
  for (const auto& [base, power] : powers_) {
    if (!text.empty()) text += '*';
    text += base;
    if (power != 1) text += '^' + std::to_string(power);
  }
  return text.empty() ? "ratio" : text;
}

}  // namespace dongxi::requirement
