#include "engine/requirement/name_likeness.h"

#include <algorithm>
#include <vector>

namespace dongxi::requirement {
namespace {

// Likeness of names whose quantity agrees. Ordered: a shared word tells more than silence on one side.
constexpr double kSameQuantity = 0.6;       // one side does not say of what
constexpr double kOtherWords = 0.4;         // both say of what, in other words; only for plain quantities
constexpr double kSharedQualifier = 0.8;    // 锂 and 碳酸锂
constexpr double kSharedCharacters = 0.65;  // 毒杂草 and 毒害草
constexpr double kSharedMin = 0.6;          // of the characters of the longer
constexpr double kUnknownContained = 0.55;
constexpr double kEndAlike = 0.5;
constexpr double kBroader = 0.55;       // at most, of a quantity and a kind of it or its complement
constexpr double kContainedMin = 0.75;  // share of the shorter name's pairs of characters found in the longer

using Grams = std::vector<uint64_t>;  // ascending, each once

// Of two ascending sequences.
template <typename Sequence>
size_t Common(const Sequence& a, const Sequence& b) {
  size_t common = 0;
  for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
    if (*left == *right) ++common;
    const bool advance_left = *left <= *right, advance_right = *right <= *left;
    left += advance_left;
    right += advance_right;
  }
  return common;
}

double Containment(const Grams& a, const Grams& b) {
  const size_t smaller = std::min(a.size(), b.size());
  return smaller == 0 ? 0 : static_cast<double>(Common(a, b)) / static_cast<double>(smaller);
}

// 语音识别字错误率, 方言字错误率: the word for what is measured is the same, and of what it is stands before.
// A shorter one says too little: 灌溉均匀度 and 播种均匀度 are two things.
bool EndAlike(std::u32string_view a, std::u32string_view b) {
  constexpr size_t kCharactersMin = 4;
  constexpr std::u32string_view kMeasures = U"率度比量值数性";
  if (a.empty() || kMeasures.find(a.back()) == std::u32string_view::npos) return false;
  size_t same = 0;
  while (same < a.size() && same < b.size() && a[a.size() - 1 - same] == b[b.size() - 1 - same]) ++same;
  return same >= kCharactersMin;
}

// Names without a known quantity: by their words alone.
double UnknownLikeness(const QuantityName& need, const QuantityName& offer) {
  if (need.text_grams.empty() || offer.text_grams.empty())
    return need.text == offer.text && !need.text.empty() ? 1 : 0;
  if (need.text_grams == offer.text_grams) return 1;
  if (NamesAreOpposite(need, offer)) return 0;
  const double contained = Containment(need.text_grams, offer.text_grams);
  if (contained >= kContainedMin) return kUnknownContained + 0.3 * contained;
  return EndAlike(need.text, offer.text) ? kEndAlike : 0;
}

// 强度 and 强度/抗压, not 强度/抗压 and 强度/抗拉.
bool IsKindOf(const std::string& kind, const std::string& quantity) {
  return kind.size() > quantity.size() && kind[quantity.size()] == '/' && kind.starts_with(quantity);
}

double KnownLikeness(const QuantityName& need, const QuantityName& offer) {
  // 识别准确率 says of what by itself.
  constexpr size_t kTellingCharacters = 4;
  const bool telling = need.head == offer.head && need.head.size() >= kTellingCharacters;
  const bool generic = (need.generic || offer.generic) && !telling;
  if (generic && !ShareQualifier(need, offer) && !need.object.empty() && !offer.object.empty() &&
      Common(need.object_grams, offer.object_grams) == 0 && need.object != offer.object)
    return 0;
  if (need.rest.empty() && offer.rest.empty()) return 1;
  if (need.rest.empty() || offer.rest.empty())
    return generic && !ShareQualifier(need, offer) ? 0 : kSameQuantity;
  const Grams &a = need.rest_grams, &b = offer.rest_grams;
  const size_t common = Common(a, b);
  if (common > 0 || need.rest == offer.rest) {
    const double share =
        static_cast<double>(common) / static_cast<double>(std::max<size_t>(1, std::min(a.size(), b.size())));
    return 0.7 + 0.3 * std::min(1.0, std::max(share, need.rest == offer.rest ? 1.0 : 0.0));
  }
  if (ShareQualifier(need, offer)) return kSharedQualifier;
  if (SharedCharacters(need.rest, offer.rest) >= kSharedMin) return kSharedCharacters;
  return generic ? 0 : kOtherWords;
}

// D90 and D50, WLTC and NEDC; 草酸二甲酯 and DMO may be one thing.
bool CodesDiffer(const std::vector<std::u32string>& a, const std::vector<std::u32string>& b) {
  return !a.empty() && !b.empty() && std::none_of(a.begin(), a.end(), [&](const std::u32string& code) {
    return std::find(b.begin(), b.end(), code) != b.end();
  });
}

double UnlessConflicting(double likeness, const QuantityName& need, const QuantityName& offer) {
  return likeness > 0 && NamesConflict(need, offer) ? 0 : likeness;
}

}  // namespace

double SharedCharactersOfSorted(std::u32string_view a, std::u32string_view b) {
  if (a.empty() || b.empty()) return 0;
  return static_cast<double>(Common(a, b)) / static_cast<double>(std::max(a.size(), b.size()));
}

double SharedCharacters(std::u32string a, std::u32string b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return SharedCharactersOfSorted(a, b);
}

bool NamesConflict(const QuantityName& a, const QuantityName& b) {
  for (const auto& [set, values] : a.qualifiers) {
    const auto other = b.qualifiers.find(set);
    // "!season": the need says winter and the offer nothing; "=form": an increase is not the level.
    if (other == b.qualifiers.end() && (set[0] == '!' || set[0] == '=')) return true;
    if (other == b.qualifiers.end()) continue;
    const bool common = std::any_of(values.begin(), values.end(),
                                    [&](const std::string& value) { return other->second.contains(value); });
    if (!common) return true;
  }
  const bool other_form = std::any_of(b.qualifiers.begin(), b.qualifiers.end(), [&](const auto& one) {
    return one.first[0] == '=' && !a.qualifiers.contains(one.first);
  });
  return other_form || CodesDiffer(a.codes, b.codes);
}

bool ShareQualifier(const QuantityName& a, const QuantityName& b) {
  for (const auto& [set, values] : a.qualifiers) {
    const auto other = b.qualifiers.find(set);
    if (other == b.qualifiers.end()) continue;
    for (const std::string& value : values) {
      if (other->second.contains(value)) return true;
    }
  }
  return false;
}

bool NamesAreOpposite(const QuantityName& need, const QuantityName& offer) {
  return std::any_of(need.opposites.begin(), need.opposites.end(), [&](const OppositeWord& one) {
    const auto of_class = [&](const OppositeWord& other) { return other.word_class == one.word_class; };
    // 供暖能耗 has 供 and 耗, and is no opposite of 能耗.
    const auto shared = [&](const OppositeWord& other) {
      return of_class(other) &&
             std::find(need.opposites.begin(), need.opposites.end(), other) != need.opposites.end();
    };
    return std::any_of(offer.opposites.begin(), offer.opposites.end(), of_class) &&
           std::none_of(offer.opposites.begin(), offer.opposites.end(), shared);
  });
}

bool AreComplements(const QuantityName& need, const QuantityName& offer) {
  if (need.complement.whole == 0 || need.complement.whole != offer.complement.whole ||
      need.complement.rest == offer.complement.rest)
    return false;
  // 容量保持率 80 % is said of a life, 年衰减率 2 % of a year.
  const auto yearly = [](const QuantityName& name) { return name.text.find(U'年') != std::u32string::npos; };
  return yearly(need) == yearly(offer);
}

double NameLikeness(const QuantityName& need, const QuantityName& offer) {
  if (need.quantity.empty() != offer.quantity.empty() || need.quantity.empty())
    return UnlessConflicting(UnknownLikeness(need, offer), need, offer);
  const bool same = need.quantity == offer.quantity;
  const bool near = same || IsKindOf(need.quantity, offer.quantity) ||
                    IsKindOf(offer.quantity, need.quantity) || AreComplements(need, offer);
  if (!near) return 0;
  const double likeness = KnownLikeness(need, offer);
  return UnlessConflicting(same ? likeness : std::min(kBroader, likeness), need, offer);
}

}  // namespace dongxi::requirement
