#include "engine/requirement/compare_indicators.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/requirement/judge_pair.h"
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

constexpr double kDegreeTolerance = 1.01;  // K

Judgement Unknown(std::string why) { return {.why = std::move(why)}; }

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
