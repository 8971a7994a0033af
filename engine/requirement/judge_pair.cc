#include "engine/requirement/judge_pair.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace dongxi::requirement {
namespace {

constexpr double kRelativeError = 1e-6;  // of unit conversions
constexpr double kSecondsInYear = 31536000;
constexpr double kCalendarSlack = 0.02;
constexpr double kDensityOfWater = 1000;  // kg/m³

double Slack(double value) { return std::max(std::abs(value) * kRelativeError, 1e-12); }
bool AtMost(double value, double bound) { return value <= bound + Slack(bound); }

struct Range {
  double low = 0, high = 0;
  bool open_low = false, open_high = false;  // the end itself is left out
};

Judgement Met() { return {.outcome = Outcome::kMet}; }
Judgement Unknown(std::string why) { return {.why = std::move(why)}; }

bool IsYearly(const std::string& quantity) {
  return quantity == "产能" || quantity == "发电量" || quantity == "产值" || quantity == "利润";
}

// In months or years, which have no fixed number of days: 3个月 is 90 or 92 of them.
bool CountsCalendar(const Indicator& indicator) {
  constexpr double kDay = 86400;
  return indicator.dimension == TimeDimension() && indicator.factor > 7 * kDay;
}

// 单价≤260元 beside 238元/只, 台时产量 beside 每台每小时: of two the one does not say what is counted.
bool LeavesCountUnsaid(const Indicator& silent, const Indicator& other) {
  constexpr std::u32string_view kOfEach = U"单每均台价株头";
  const bool same = !silent.name.quantity.empty() && silent.name.quantity == other.name.quantity;
  return (same || silent.name.text.find_first_of(kOfEach) != std::u32string::npos) &&
         silent.dimension == other.dimension.WithoutCounts();
}

// The offer's range, its tolerance included, in the need's base units; nothing where the two cannot be
// compared.
std::optional<Range> Convert(const Indicator& need, const Indicator& offer) {
  Range range{offer.low - offer.tolerance, offer.high + offer.tolerance};
  // 25±0.5℃ is no 控温精度±0.1℃: of two in ℃ one has the scale's zero in it, the other is a difference.
  if (need.unit == offer.unit && need.offset != offer.offset) return std::nullopt;
  if (need.dimension == offer.dimension) {
    // 白度≥94 against 96%, 94% against 0.96: a plain number beyond 1 is a percentage.
    if (need.dimension.is_ratio() && need.unit.empty() != offer.unit.empty()) {
      const double factor = need.unit.empty() ? 1 / offer.factor : need.factor;
      const Indicator& plain = need.unit.empty() ? need : offer;
      const double size = std::isinf(plain.low) ? plain.high : plain.low;
      if (std::abs(size) > 1.5) return Range{range.low * factor, range.high * factor};
    }
    return range;
  }
  const Dimension& year = TimeDimension();
  const bool over_years = std::any_of(need.circumstances.begin(), need.circumstances.end(),
                                      [&](const Circumstance& one) { return one.dimension == year; });
  if (IsYearly(need.name.quantity) && !over_years) {
    if (need.dimension.Times(year) == offer.dimension)
      return Range{range.low / kSecondsInYear, range.high / kSecondsInYear};
    if (need.dimension == offer.dimension.Times(year))
      return Range{range.low * kSecondsInYear, range.high * kSecondsInYear};
  }
  // 1.1 s of 单件检测时间 is 1.1 s a piece.
  const Dimension* whole = need.dimension.Has("item") ? &offer.dimension : &need.dimension;
  const Dimension* each = need.dimension.Has("item") ? &need.dimension : &offer.dimension;
  if (*whole == TimeDimension() && each->bases() == 2 && each->power("time") == 1 &&
      each->power("item") == -1)
    return range;
  // 硬度≥58 beside HRC60: of two the one does not say the scale.
  if (need.name.quantity.starts_with("硬度") && need.dimension.is_ratio() != offer.dimension.is_ratio())
    return range;
  if (LeavesCountUnsaid(need, offer) || LeavesCountUnsaid(offer, need)) return range;
  // A tonne of water is a cubic metre.
  const Dimension& density = DensityDimension();
  const bool water = need.name.text.find(U'水') != std::u32string::npos &&
                     need.dimension.Has("mass") != offer.dimension.Has("mass");
  if (water && need.dimension == offer.dimension.Times(density))
    return Range{range.low * kDensityOfWater, range.high * kDensityOfWater};
  if (water && need.dimension.Times(density) == offer.dimension)
    return Range{range.low / kDensityOfWater, range.high / kDensityOfWater};
  // ppm of a solution is mg/L.
  if (need.dimension == density && offer.dimension.is_ratio() && offer.factor <= 1e-6)
    return Range{range.low * kDensityOfWater, range.high * kDensityOfWater};
  if (need.dimension.is_ratio() && need.factor <= 1e-6 && offer.dimension == density)
    return Range{range.low / kDensityOfWater, range.high / kDensityOfWater};
  return std::nullopt;
}

// Altitude, cold: how far each side reaches is what counts.
Judgement JudgeReach(const Indicator& need, Range offer) {
  const bool high =
      need.name.better == Better::kReachHigh || (need.low > kColdBelow + 10 && !std::isinf(need.low));
  const bool both = !std::isinf(need.low) && !std::isinf(need.high) && !std::isinf(offer.low) &&
                    !std::isinf(offer.high) && need.low < need.high && offer.low < offer.high;
  if (both && need.dimension.Has("temperature")) {
    if (offer.low > need.low + 0.01) return {Outcome::kShort, need.low, offer.low, ""};
    return offer.high < need.high - 0.01 ? Judgement{Outcome::kShort, need.high, offer.high, ""} : Met();
  }
  const auto reach = [&](double low, double top) {
    if (high) return std::isinf(top) ? low : top;
    return std::isinf(low) ? top : low;
  };
  const double asked = reach(need.low, need.high), stated = reach(offer.low, offer.high);
  if (std::isinf(asked) || std::isinf(stated)) return Unknown("范围没有界限");
  const bool degrees = need.dimension.Has("temperature");
  const double slack = degrees ? 0.01 : Slack(asked);
  // -30℃即出现开裂: the offer stops short of -30 ℃.
  const bool left_out =
      high ? offer.open_high && !std::isinf(offer.high) : offer.open_low && !std::isinf(offer.low);
  const double beyond = high ? stated - asked : asked - stated;
  if (left_out ? beyond > slack : beyond >= -slack) return Met();
  return {Outcome::kShort, asked, stated, ""};
}

// 量程 0–10 MPa: the offer's range must hold all of the need's; a single number is how far it goes.
Judgement JudgeCover(const Indicator& need, Range offer) {
  const bool both = !std::isinf(need.low) && !std::isinf(need.high) && need.low < need.high;
  const double asked = std::isinf(need.high) ? need.low : need.high;
  const double stated = std::isinf(offer.high) ? offer.low : offer.high;
  if (both && offer.low < offer.high && !std::isinf(offer.low) && !AtMost(offer.low, need.low))
    return {offer.low > need.high ? Outcome::kContradictory : Outcome::kShort, need.low, offer.low, ""};
  if (AtLeast(stated, asked)) return Met();
  const bool apart = both && stated < need.low;
  return {apart || std::isinf(offer.low) ? Outcome::kContradictory : Outcome::kShort, asked, stated, ""};
}

// Ranges of one quantity on one scale.
Judgement JudgeRange(Range need, Range offer, bool two_sided, bool bound_low, bool bound_high) {
  if (AtLeast(offer.low, need.low) && AtMost(offer.high, need.high)) return Met();
  const bool below = !AtLeast(offer.low, need.low), above = !AtMost(offer.high, need.high);
  const bool apart = offer.high < need.low - Slack(need.low) || offer.low > need.high + Slack(need.high) ||
                     (offer.open_high && AtMost(offer.high, need.low)) ||
                     (offer.open_low && AtLeast(offer.low, need.high));
  Judgement judgement{Outcome::kShort, 0, 0, ""};
  // The end that lies farthest out, an open end by its other end.
  if (below) {
    judgement.asked = need.low;
    judgement.stated = std::isinf(offer.low) ? offer.high : offer.low;
  } else if (above) {
    judgement.asked = need.high;
    judgement.stated = std::isinf(offer.high) ? offer.low : offer.high;
  }
  // Open towards what is not asked for: "at most 80" for "at least 90", "at least 8" for "at most 5".
  // 耐温上限150℃ is one number and a bound.
  const bool one = offer.low == offer.high;
  const bool bound_away = (below && bound_high && (one || std::isinf(offer.low))) ||
                          (above && bound_low && (one || std::isinf(offer.high)));
  const bool beyond = (below && bound_high) || (above && bound_low);
  if (apart && (two_sided || beyond)) judgement.outcome = Outcome::kContradictory;
  // Part of what is stated may lie inside: then nothing is promised, and nothing is excluded.
  if (!apart && bound_away) return Unknown("只说了另一侧的界限");
  return judgement;
}

// `bound_low`, `bound_high`: the offer says that it is at least, at most that much.
Judgement JudgeChange(const Indicator& need, Range offer, bool bound_low = false, bool bound_high = false) {
  const double wanted = std::isinf(need.low) ? need.high : need.low;
  const double middle = std::isinf(offer.low)    ? offer.high
                        : std::isinf(offer.high) ? offer.low
                                                 : (offer.low + offer.high) / 2;
  const bool must_move = (std::isinf(need.low) && need.high < 0) || (std::isinf(need.high) && need.low > 0);
  if (must_move && wanted * middle < 0) return {Outcome::kContradictory, wanted, middle, ""};
  const bool limited = (std::isinf(need.high) && need.low <= 0) || (std::isinf(need.low) && need.high >= 0);
  if (AtLeast(offer.low, need.low) && AtMost(offer.high, need.high)) return Met();
  // Improving without limit is within 下降不超过0.3.
  if (limited && ((std::isinf(need.high) && AtLeast(offer.low, need.low)) ||
                  (std::isinf(need.low) && AtMost(offer.high, need.high))))
    return Met();
  const bool too_low = !AtLeast(offer.low, need.low);
  const double asked = too_low ? need.low : need.high;
  double stated = too_low ? offer.low : offer.high;
  if (std::isinf(stated)) stated = too_low ? offer.high : offer.low;
  // 增加0.12以上 where at most 0.05 more are borne.
  const bool apart = offer.high < need.low - Slack(need.low) || offer.low > need.high + Slack(need.high);
  const bool away = apart && (too_low ? bound_high : bound_low);
  return {away ? Outcome::kContradictory : Outcome::kShort, asked, stated, ""};
}

// A change of the offer from its own before and after.
std::optional<Range> ChangeOf(const Indicator& indicator, bool points, const Dimension& dimension) {
  if (!indicator.baseline.has_value()) return std::nullopt;
  const double from = *indicator.baseline;
  if (points && indicator.dimension.is_ratio()) return Range{indicator.low - from, indicator.high - from};
  if (dimension.is_ratio() && from != 0)
    return Range{(indicator.low - from) / from, (indicator.high - from) / from};
  if (dimension == indicator.dimension) return Range{indicator.low - from, indicator.high - from};
  return std::nullopt;
}

// 由280 s缩到260 s以内 beside 由280 s延长至310 s, 不大于8吨 beside 由9 t增为12 t.
bool MovesAway(const Indicator& need, const Indicator& offer) {
  if (!offer.baseline.has_value()) return false;
  const double stated = (std::isinf(offer.low) ? offer.high : offer.low) - *offer.baseline;
  const bool at_most = std::isinf(need.low), at_least = std::isinf(need.high);
  if (need.baseline.has_value()) return ((at_most ? need.high : need.low) - *need.baseline) * stated < 0;
  return at_most != at_least && (at_most ? stated > 0 : stated < 0);
}

bool IsRange(double low, double high) { return !std::isinf(low) && !std::isinf(high) && low < high; }

// -40~150℃: from below zero on, where things have to work.
bool IsServiceRange(const Indicator& indicator) {
  constexpr double kFreezing = 273.15, kSpan = 60;  // K
  return indicator.dimension == TemperatureDimension() && indicator.offset != 0 &&
         IsRange(indicator.low, indicator.high) && indicator.low < kFreezing &&
         indicator.high - indicator.low >= kSpan;
}

// Both on one scale: `stated` is the offer's in the need's base units.
Judgement JudgeStated(const Indicator& need, const Indicator& offer, const Range& stated) {
  // 地表最低温≥-8℃ asks for warmth, not for how far down it may go.
  const bool of_warmth = need.name.better == Better::kReachLow && need.explicit_low && std::isinf(need.high);
  const bool high = need.name.better == Better::kReachHigh, low = need.name.better == Better::kReachLow;
  if (high || (low && !of_warmth) || (IsServiceRange(need) && IsServiceRange(offer))) {
    Judgement judgement = JudgeReach(need, stated);
    if (judgement.outcome == Outcome::kShort && (high ? offer.explicit_high : offer.explicit_low))
      judgement.outcome = Outcome::kContradictory;
    return judgement;
  }
  const bool covers = need.covers || (offer.covers && IsRange(need.low, need.high));
  if (covers && !(std::isinf(need.low) && need.explicit_high)) return JudgeCover(need, stated);
  Range asked{need.low - need.tolerance, need.high + need.tolerance};
  if (CountsCalendar(need) != CountsCalendar(offer)) {
    asked.low -= std::abs(asked.low) * kCalendarSlack;
    asked.high += std::abs(asked.high) * kCalendarSlack;
  }
  const bool two_sided = !std::isinf(asked.low) && !std::isinf(asked.high);
  return JudgeRange(asked, stated, two_sided, offer.explicit_low, offer.explicit_high);
}

}  // namespace

bool AtLeast(double value, double bound) { return value >= bound - Slack(bound); }

Judgement JudgePair(const Indicator& need, const Indicator& offer) {
  if (need.change && offer.change) {
    if (!(need.dimension == offer.dimension)) {
      // What goes the other way contradicts in any unit.
      const double wanted = std::isinf(need.low) ? need.high : need.low;
      const double stated = std::isinf(offer.low) ? offer.high : offer.low;
      const bool must_move =
          (std::isinf(need.low) && need.high < 0) || (std::isinf(need.high) && need.low > 0);
      if (must_move && wanted * stated < 0) return {Outcome::kContradictory, wanted, stated, ""};
      return Unknown("变化幅度的单位不同");
    }
    return JudgeChange(need, {offer.low, offer.high}, offer.explicit_low, offer.explicit_high);
  }
  if (need.change) {
    const std::optional<Range> change = ChangeOf(offer, need.points, need.dimension);
    return change ? JudgeChange(need, *change) : Unknown("供方只给出数值，没有说变化幅度");
  }
  if (offer.change) {
    const std::optional<Range> change = ChangeOf(need, offer.points, offer.dimension);
    if (!change) return Unknown("供方只说变化幅度，没有给出数值");
    Indicator asked = need;
    asked.low = change->low;
    asked.high = change->high;
    return JudgeChange(asked, {offer.low, offer.high});
  }
  std::optional<Range> stated = Convert(need, offer);
  if (!stated) return Unknown("单位不能换算");
  stated->open_low = offer.open_low;
  stated->open_high = offer.open_high;
  Judgement judgement = JudgeStated(need, offer, *stated);
  if (judgement.outcome != Outcome::kShort) return judgement;
  // 养分释放期90~120天 beside 55~65天: written as a range it asks for no other one, whichever end serves.
  const bool apart = need.range && IsRange(stated->low, stated->high) &&
                     (need.name.better == Better::kLow ? stated->low > need.high + Slack(need.high)
                                                       : stated->high < need.low - Slack(need.low));
  if (apart || MovesAway(need, offer)) judgement.outcome = Outcome::kContradictory;
  return judgement;
}

}  // namespace dongxi::requirement
