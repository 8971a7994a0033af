#include "engine/requirement/coverage.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/strings/str_cat.h"
#include "engine/record/field_schema.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr double kSameName = 0.6;
constexpr size_t kStatedMin = 2;  // offers that must say something before a question is worth asking

bool IsElement(RequirementKind kind) {
  return kind == RequirementKind::kIndicator || kind == RequirementKind::kMaturity ||
         kind == RequirementKind::kParty || kind == RequirementKind::kCondition;
}

bool IsBlocked(const std::vector<RequirementVerdict>& verdicts) {
  return std::any_of(verdicts.begin(), verdicts.end(), [](const RequirementVerdict& one) {
    return one.kind == RequirementKind::kLiveness && one.outcome == Outcome::kContradictory;
  });
}

// Of a distribution over what the offers say; offers that say nothing are a value of their own.
double Entropy(const std::map<std::string, size_t>& counts, size_t total) {
  double bits = 0;
  for (const auto& [value, count] : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(total);
    if (share > 0) bits -= share * std::log2(share);
  }
  return bits;
}

class QuestionFinder {
 public:
  QuestionFinder(const NeedReading& need, std::span<const OfferReading> offers)
      : need_(need), offers_(offers) {}

  std::optional<OwnerQuestion> Find() {
    if (!need_.maturity) AskMaturity();
    AskConditions();
    AskIndicators();
    return best_;
  }

 private:
  void Offer(std::string text, const std::map<std::string, size_t>& counts) {
    const double bits = Entropy(counts, offers_.size());
    if (bits > 0 && (!best_ || bits > best_->bits)) best_ = OwnerQuestion{std::move(text), bits};
  }

  void AskMaturity() {
    std::map<std::string, size_t> counts;
    int low = 9, high = 1;
    size_t said = 0;
    for (const OfferReading& offer : offers_) {
      ++counts[offer.maturity ? std::to_string(offer.maturity->low) : ""];
      if (!offer.maturity) continue;
      ++said;
      low = std::min(low, offer.maturity->low);
      high = std::max(high, offer.maturity->low);
    }
    if (said >= kStatedMin && high > low)
      Offer(absl::StrCat("希望技术达到哪一级成熟度？候选从 TRL ", low, " 到 TRL ", high, "。"), counts);
  }

  void AskConditions() {
    for (const CodeWords& condition : ConditionWords()) {
      const std::string code(condition.code);
      if (need_.conditions.contains(code)) continue;
      std::map<std::string, size_t> counts;
      for (const OfferReading& offer : offers_) ++counts[offer.conditions.contains(code) ? "yes" : ""];
      const size_t said = counts["yes"];
      if (said >= kStatedMin && said < offers_.size())
        Offer(absl::StrCat("现场是不是有“", std::string(WordOf(ConditionWords(), code)), "”的条件？候选中有 ",
                           said, " 项验证过。"),
              counts);
    }
  }

  void AskIndicators() {
    for (const OfferReading& offer : offers_) {
      for (const Indicator& indicator : offer.indicators) {
        if (indicator.name.quantity.empty() || indicator.change) continue;
        const bool asked =
            std::any_of(need_.indicators.begin(), need_.indicators.end(),
                        [&](const Indicator& one) { return one.name.quantity == indicator.name.quantity; });
        if (!asked) AskIndicator(indicator);
      }
    }
  }

  void AskIndicator(const Indicator& asked) {
    std::map<std::string, size_t> counts;
    const Indicator* low = nullptr;
    const Indicator* high = nullptr;
    size_t said = 0;
    const auto value = [](const Indicator& one) { return std::isinf(one.low) ? one.high : one.low; };
    for (const OfferReading& offer : offers_) {
      const auto found =
          std::find_if(offer.indicators.begin(), offer.indicators.end(), [&](const Indicator& one) {
            return !one.change && one.dimension == asked.dimension &&
                   NameLikeness(asked.name, one.name) >= kSameName;
          });
      if (found == offer.indicators.end()) {
        ++counts[""];
        continue;
      }
      ++said;
      ++counts[RangeText(*found)];
      if (low == nullptr || value(*found) < value(*low)) low = &*found;
      if (high == nullptr || value(*found) > value(*high)) high = &*found;
    }
    if (said < kStatedMin || value(*low) == value(*high)) return;
    Offer(absl::StrCat("对“", EncodeUtf8(asked.name.text), "”有没有要求？候选的数值从 ",
                       ValueText(*low, value(*low)), " 到 ", ValueText(*high, value(*high)), "。"),
          counts);
  }

  const NeedReading& need_;
  const std::span<const OfferReading> offers_;
  std::optional<OwnerQuestion> best_;
};

}  // namespace

Consortium ProposeConsortium(std::span<const std::vector<RequirementVerdict>> offers,
                             std::span<const double> costs) {
  Consortium consortium;
  if (offers.empty()) return consortium;
  for (size_t i = 0; i < offers[0].size() && consortium.elements.size() < kElementsMax; ++i) {
    const RequirementVerdict& verdict = offers[0][i];
    if (IsElement(verdict.kind))
      consortium.elements.push_back(
          {absl::StrCat(WordOf(verdict.kind), "：", verdict.requirement), verdict.kind, i});
  }
  std::vector<CoverCandidate> candidates(offers.size());
  for (size_t offer = 0; offer < offers.size(); ++offer) {
    candidates[offer].cost = costs[offer];
    if (IsBlocked(offers[offer])) continue;
    for (size_t i = 0; i < consortium.elements.size(); ++i) {
      const size_t place = consortium.elements[i].verdict;
      if (place < offers[offer].size() && offers[offer][place].outcome == Outcome::kMet)
        candidates[offer].covers |= uint64_t{1} << i;
    }
  }
  consortium.cover = FindCover(consortium.elements.size(), candidates);
  for (size_t i = 0; i < consortium.elements.size(); ++i) {
    if (consortium.cover.open >> i & 1) consortium.open.push_back(consortium.elements[i].name);
  }
  return consortium;
}

std::optional<OwnerQuestion> BestQuestion(const NeedReading& need, std::span<const OfferReading> offers) {
  return QuestionFinder(need, offers).Find();
}

}  // namespace dongxi::requirement
