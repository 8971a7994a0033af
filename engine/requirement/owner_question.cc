#include "engine/requirement/owner_question.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/record/field_schema.h"
#include "engine/requirement/name_likeness.h"
#include "engine/requirement/scan_text.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr double kSameName = 0.6;
constexpr double kSpreadMax = 10;
constexpr size_t kStatedMin = 2;  // offers that must say something before a question is worth asking

// Of a distribution over what the offers say; offers that say nothing are a value of their own.
double Entropy(const std::map<std::string, size_t>& counts, size_t total) {
  double bits = 0;
  for (const auto& [value, count] : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(total);
    if (share > 0) bits -= share * std::log2(share);
  }
  return bits;
}

bool IsValidated(const OfferReading& offer, const std::string& code) {
  const auto found = offer.conditions.find(code);
  return found != offer.conditions.end() && found->second.claim == Claim::kStated;
}

class QuestionFinder {
 public:
  QuestionFinder(const NeedReading& need, std::span<const OfferReading* const> offers)
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
    for (const OfferReading* offer : offers_) {
      ++counts[offer->maturity ? std::to_string(offer->maturity->low) : ""];
      if (!offer->maturity) continue;
      ++said;
      low = std::min(low, offer->maturity->low);
      high = std::max(high, offer->maturity->low);
    }
    if (said >= kStatedMin && high > low)
      Offer(absl::StrCat("希望技术达到哪一级成熟度？候选从 TRL ", low, " 到 TRL ", high, "。"), counts);
  }

  void AskConditions() {
    for (const CodeWords& condition : ConditionWords()) {
      const std::string code(condition.code);
      if (need_.conditions.contains(code)) continue;
      std::map<std::string, size_t> counts;
      for (const OfferReading* offer : offers_) ++counts[IsValidated(*offer, code) ? "yes" : ""];
      const size_t said = counts["yes"];
      if (said >= kStatedMin && said < offers_.size())
        Offer(absl::StrCat("现场是不是有“", std::string(WordOf(ConditionWords(), code)), "”的条件？候选中有 ",
                           said, " 项验证过。"),
              counts);
    }
  }

  // 锂回收率, not 海拔选育早熟饲草: the name ends in the quantity's own word.
  static bool IsNamedByQuantity(const Indicator& indicator) {
    return !indicator.name.head.empty() && FoldAscii(indicator.name.text).ends_with(indicator.name.head);
  }

  // Each quantity that the need leaves open is asked for once, by the first name that an offer gives it.
  void AskIndicators() {
    std::set<std::string> asked;
    for (const Indicator& one : need_.indicators) asked.insert(one.name.quantity);
    for (const OfferReading* offer : offers_) {
      for (const Indicator& indicator : offer->indicators) {
        if (indicator.name.quantity.empty() || indicator.change || !IsNamedByQuantity(indicator)) continue;
        if (!asked.contains(indicator.name.quantity) && named_.insert(indicator.name.text).second)
          AskIndicator(indicator);
      }
    }
  }

  const Indicator* SameIn(const OfferReading& offer, const Indicator& asked) const {
    const auto found =
        std::find_if(offer.indicators.begin(), offer.indicators.end(), [&](const Indicator& one) {
          return !one.change && one.name.quantity == asked.name.quantity &&
                 one.dimension == asked.dimension && NameLikeness(asked.name, one.name) >= kSameName;
        });
    return found == offer.indicators.end() ? nullptr : &*found;
  }

  void AskIndicator(const Indicator& asked) {
    const auto value = [](const Indicator& one) { return std::isinf(one.low) ? one.high : one.low; };
    std::vector<const Indicator*> said;
    const Indicator* low = nullptr;
    const Indicator* high = nullptr;
    for (const OfferReading* offer : offers_) {
      const Indicator* found = SameIn(*offer, asked);
      if (found == nullptr) continue;
      said.push_back(found);
      if (low == nullptr || value(*found) < value(*low)) low = found;
      if (high == nullptr || value(*found) > value(*high)) high = found;
    }
    if (said.size() < kStatedMin || value(*low) == value(*high)) return;
    // Of one thing in two senses, or read wrongly: 31 kWh and 12 MWh a tonne are no choice.
    if (value(*low) <= 0 || value(*high) > kSpreadMax * value(*low)) return;
    std::map<std::string, size_t> counts;
    if (said.size() < offers_.size()) counts[""] = offers_.size() - said.size();
    for (const Indicator* one : said) ++counts[RangeText(*one)];
    Offer(absl::StrCat("对“", EncodeUtf8(asked.name.text), "”有没有要求？候选的数值从 ",
                       ValueText(*low, value(*low)), " 到 ", ValueText(*high, value(*high)), "。"),
          counts);
  }

  const NeedReading& need_;
  const std::span<const OfferReading* const> offers_;
  std::set<std::u32string> named_;
  std::optional<OwnerQuestion> best_;
};

}  // namespace

std::optional<OwnerQuestion> BestQuestion(const NeedReading& need,
                                          std::span<const OfferReading* const> offers) {
  return QuestionFinder(need, offers).Find();
}

}  // namespace dongxi::requirement
