#include "engine/requirement/compare_indicators.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/requirement/name_likeness.h"
#include "engine/requirement/pair_features.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

// How sure it must be that two indicators are of one quantity for a verdict, and for one without doubt
// (docs/requirements.md has what both are worth on new texts).
constexpr double kLikely = 0.4;
// Of names that are the same by their words, one of them silent on what it is of, a contradiction is said on
// less: an office must not miss it.
constexpr double kContradicts = 0.15;
constexpr float kSameWords = 0.6F;
constexpr double kSure = 0.8;

constexpr double kRelativeError = 1e-6;    // of unit conversions
constexpr double kColdBelow = 288.15;      // K; colder circumstances are harder when lower
constexpr double kDegreeTolerance = 1.01;  // K
constexpr double kSecondsInYear = 31536000;
constexpr double kCalendarSlack = 0.02;
constexpr double kDensityOfWater = 1000;  // kg/m³

double Slack(double value) { return std::max(std::abs(value) * kRelativeError, 1e-12); }
bool AtLeast(double value, double bound) { return value >= bound - Slack(bound); }
bool AtMost(double value, double bound) { return value <= bound + Slack(bound); }

struct Range {
  double low = 0, high = 0;
  bool open_low = false, open_high = false;  // the end itself is left out
};

// What a comparison of two ranges says.
struct Judgement {
  Outcome outcome = Outcome::kUnknown;
  double asked = 0, stated = 0;  // the two values whose difference is the shortfall; base units
  std::string why;               // for kUnknown
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
  if (apart && (two_sided || bound_away)) judgement.outcome = Outcome::kContradictory;
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

// 由280 s缩到260 s以内 beside 由280 s延长至310 s.
bool GoOppositeWays(const Indicator& need, const Indicator& offer) {
  if (!need.baseline.has_value() || !offer.baseline.has_value()) return false;
  const double wanted = (std::isinf(need.low) ? need.high : need.low) - *need.baseline;
  const double stated = (std::isinf(offer.low) ? offer.high : offer.low) - *offer.baseline;
  return wanted * stated < 0;
}

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
  // 地表最低温≥-8℃ asks for warmth, not for how far down it may go.
  const bool of_warmth = need.name.better == Better::kReachLow && need.explicit_low && std::isinf(need.high);
  const bool reach =
      !of_warmth && (need.name.better == Better::kReachHigh || need.name.better == Better::kReachLow);
  if (reach) {
    Judgement judgement = JudgeReach(need, *stated);
    const bool high = need.name.better == Better::kReachHigh;
    if (judgement.outcome == Outcome::kShort && (high ? offer.explicit_high : offer.explicit_low))
      judgement.outcome = Outcome::kContradictory;
    return judgement;
  }
  if (need.covers && !(std::isinf(need.low) && need.explicit_high)) return JudgeCover(need, *stated);
  Range asked{need.low - need.tolerance, need.high + need.tolerance};
  if (CountsCalendar(need) != CountsCalendar(offer)) {
    asked.low -= std::abs(asked.low) * kCalendarSlack;
    asked.high += std::abs(asked.high) * kCalendarSlack;
  }
  const bool two_sided = !std::isinf(asked.low) && !std::isinf(asked.high);
  Judgement judgement = JudgeRange(asked, *stated, two_sided, offer.explicit_low, offer.explicit_high);
  if (judgement.outcome == Outcome::kShort && GoOppositeWays(need, offer))
    judgement.outcome = Outcome::kContradictory;
  return judgement;
}

// The offer's value was found under circumstances as hard as those the need names.
bool SameCircumstances(const Indicator& need, const Indicator& offer, std::span<const Indicator> all) {
  return std::all_of(need.circumstances.begin(), need.circumstances.end(), [&](const Circumstance& asked) {
    const bool cold = asked.dimension.Has("temperature") && asked.value < kColdBelow;
    const auto as_hard = [&](double value) {
      if (cold) return value <= asked.value + kDegreeTolerance;
      if (asked.dimension.Has("temperature")) return std::abs(value - asked.value) <= 5 * kDegreeTolerance;
      return AtLeast(value, asked.value);
    };
    bool said = false;
    for (const Circumstance& given : offer.circumstances) {
      if (!(given.dimension == asked.dimension)) continue;
      if (as_hard(given.value)) return true;
      said = true;
    }
    if (said || (!cold && !asked.dimension.Has("length"))) return !said && !asked.dimension.Has("times");
    return std::any_of(all.begin(), all.end(), [&](const Indicator& other) {
      const bool environment =
          other.name.better == Better::kReachLow || other.name.better == Better::kReachHigh;
      const double reach = std::isinf(other.low) ? other.high : other.low;
      return environment && other.dimension == asked.dimension &&
             as_hard(cold                     ? reach
                     : std::isinf(other.high) ? other.low
                                              : other.high);
    });
  });
}

int Rank(Outcome outcome) {
  switch (outcome) {
    case Outcome::kMet:
      return 3;
    case Outcome::kShort:
      return 2;
    case Outcome::kContradictory:
      return 1;
    case Outcome::kUnknown:
      return 0;
  }
  return 0;
}

std::string NameText(const Indicator& indicator) {
  // -40℃可用 has no name that could be printed.
  if (indicator.name.head.empty() && indicator.name.quantity == "环境温度") return "使用温度";
  return EncodeUtf8(indicator.name.text);
}

void Describe(const Indicator& need, const Indicator& offer, const Judgement& judgement,
              IndicatorVerdict& verdict) {
  const std::string name = NameText(need);
  const std::string asked = RangeText(need);
  std::string stated = RangeText(offer);
  if (verdict.likely || AreComplements(need.name, offer.name)) stated = NameText(offer) + " " + stated;
  if (judgement.outcome == Outcome::kMet) {
    verdict.reason = absl::StrCat(name, "：要求 ", asked, "，供方 ", stated, "，满足");
    return;
  }
  const double gap = judgement.stated - judgement.asked;
  verdict.shortfall = judgement.asked == 0 ? 0 : std::abs(gap / judgement.asked);
  if (need.dimension.Has("temperature") && !need.change)
    verdict.shortfall = 0;  // ℃ have no zero to divide by
  const char* direction = gap < 0 ? "低 " : "高 ";
  if (need.change) direction = std::abs(judgement.stated) < std::abs(judgement.asked) ? "少 " : "多 ";
  verdict.shortfall_text =
      gap == 0 ? "界限本身不含在内" : absl::StrCat(direction, ValueText(need, std::abs(gap), true));
  if (verdict.shortfall > 0)
    absl::StrAppend(&verdict.shortfall_text, absl::StrFormat("（%.3g%%）", 100 * verdict.shortfall));
  verdict.reason =
      absl::StrCat(name, "：要求 ", asked, "，供方 ", stated,
                   judgement.outcome == Outcome::kShort ? "，差 " : "，相反：", verdict.shortfall_text);
}

struct Best {
  double likeness = 0;
  std::optional<size_t> offer;
  Judgement judgement;
  bool likely = false;
  // `close_call`: as good as equally alike.
  bool Improves(double other_likeness, const Judgement& other, double close_call) const {
    const bool decided = judgement.outcome != Outcome::kUnknown,
               other_decided = other.outcome != Outcome::kUnknown;
    if (!offer.has_value() || decided != other_decided) return !offer.has_value() || other_decided;
    if (std::abs(likeness - other_likeness) > close_call) return other_likeness > likeness;
    return Rank(other.outcome) > Rank(judgement.outcome);
  }
};

// What the offer leaves of the whole: its 损失率 15 % as 保留率 85 %. Nothing where it is no share.
std::optional<Indicator> RestOf(const Indicator& offer) {
  const auto is_share = [](double value) { return std::isinf(value) || (value >= 0 && value <= 1); };
  if (!offer.dimension.is_ratio() || offer.change || !is_share(offer.low) || !is_share(offer.high))
    return std::nullopt;
  Indicator rest = offer;
  rest.low = 1 - offer.high;
  rest.high = 1 - offer.low;
  std::swap(rest.explicit_low, rest.explicit_high);
  std::swap(rest.open_low, rest.open_high);
  return rest;
}

class Comparer {
 public:
  Comparer(std::span<const Indicator> need, std::span<const Indicator> offer, NameForms* forms,
           const FormsOfNames* need_forms)
      : need_(need), offer_(offer), forms_(forms), need_forms_(need_forms) {}

  std::vector<IndicatorVerdict> Compare() {
    const std::vector<Best> best = forms_ == nullptr ? BestByName() : BestBySense();
    std::vector<IndicatorVerdict> verdicts;
    for (size_t i = 0; i < need_.size(); ++i) verdicts.push_back(VerdictOf(i, best[i]));
    return verdicts;
  }

 private:
  Judgement Judge(const Indicator& need, const Indicator& offer) const {
    if (!SameCircumstances(need, offer, offer_)) return Unknown("供方的数值不是在要求的条件下得到的");
    if (!AreComplements(need.name, offer.name)) return JudgePair(need, offer);
    const std::optional<Indicator> rest = RestOf(offer);
    return rest && !need.change ? JudgePair(need, *rest) : Unknown("供方说的是另一半");
  }

  // Of the offer's indicators that are most likely of the same quantity, by all that the two have in common.
  std::vector<Best> BestBySense() {
    constexpr double kCloseCall = 0.02;
    std::vector<Best> best = None();
    const SameQuantityModel& model = forms_->tables().same_quantity();
    const FormsOfNames own = need_forms_ == nullptr ? FormsOf(need_, *forms_) : FormsOfNames();
    const FormsOfNames& need_forms = need_forms_ == nullptr ? own : *need_forms_;
    for (const IndicatorPair& pair : ReadPairs(need_, offer_, need_forms, *forms_)) {
      const double probability = model.Probability(pair.features, kContradicts);
      if (probability < kContradicts) continue;
      Judgement judgement = Judge(need_[pair.need], offer_[pair.offer]);
      const bool same_words = pair.features[kLikenessFeature] >= kSameWords;
      if (probability < kLikely && !(same_words && judgement.outcome == Outcome::kContradictory)) continue;
      if (best[pair.need].Improves(probability, judgement, kCloseCall))
        best[pair.need] = {probability, pair.offer, std::move(judgement), probability < kSure};
    }
    return WithoutTaken(std::move(best));
  }

  // A number that answers for one indicator of the need is hardly meant for another that it fits less.
  std::vector<Best> WithoutTaken(std::vector<Best> best) const {
    constexpr double kClearly = 0.1;
    std::vector<Best> kept = best;
    for (size_t i = 0; i < best.size(); ++i) {
      const bool taken = std::any_of(best.begin(), best.end(), [&](const Best& other) {
        return best[i].offer.has_value() && other.offer == best[i].offer &&
               other.likeness > best[i].likeness + kClearly;
      });
      if (taken) kept[i] = Best();
    }
    return kept;
  }

  // Of the offer's indicators of the same quantity, by the words of their names.
  std::vector<Best> BestByName() const {
    // A level answers for a level, where the text has both: 提高了7个百分点，达到92.5%.
    constexpr double kSameForm = 0.1;
    constexpr double kCloseCall = 0.05;
    std::vector<Best> best = None();
    for (size_t i = 0; i < need_.size(); ++i) {
      for (size_t j = 0; j < offer_.size() && !need_[i].misfit; ++j) {
        const double likeness = offer_[j].misfit ? 0 : NameLikeness(need_[i].name, offer_[j].name);
        if (likeness <= 0) continue;
        Judgement judgement = Judge(need_[i], offer_[j]);
        const double fit = likeness + (need_[i].change == offer_[j].change ? kSameForm : 0);
        if (best[i].Improves(fit, judgement, kCloseCall)) best[i] = {fit, j, std::move(judgement)};
      }
    }
    return best;
  }

  std::vector<Best> None() const {
    std::vector<Best> best(need_.size());
    for (size_t i = 0; i < need_.size(); ++i) {
      if (need_[i].misfit) best[i].judgement = Unknown("单位与指标不符，请核对");
    }
    return best;
  }

  IndicatorVerdict VerdictOf(size_t i, const Best& best) const {
    IndicatorVerdict verdict{.need = i, .outcome = best.judgement.outcome};
    if (verdict.outcome == Outcome::kUnknown) {
      verdict.reason = absl::StrCat(NameText(need_[i]), "：要求 ", RangeText(need_[i]), "，",
                                    best.judgement.why.empty() ? "供方没有说明" : best.judgement.why);
    } else {
      verdict.offer = best.offer;
      verdict.likely = best.likely;
      Describe(need_[i], offer_[*best.offer], best.judgement, verdict);
    }
    return verdict;
  }

  const std::span<const Indicator> need_, offer_;
  NameForms* const forms_;
  const FormsOfNames* const need_forms_;
};

}  // namespace

std::vector<IndicatorVerdict> CompareIndicators(std::span<const Indicator> need,
                                                std::span<const Indicator> offer, NameForms* forms,
                                                const FormsOfNames* need_forms) {
  return Comparer(need, offer, forms, need_forms).Compare();
}

FormsOfNames FormsOf(std::span<const Indicator> indicators, NameForms& forms) {
  FormsOfNames all;
  for (const Indicator& one : indicators) all.push_back(forms.Of(one.name.text));
  return all;
}

}  // namespace dongxi::requirement
