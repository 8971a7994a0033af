#include "engine/requirement/pair_features.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string_view>

#include "engine/requirement/compare_indicators.h"
#include "engine/requirement/likely_names.h"
#include "engine/requirement/name_likeness.h"

namespace dongxi::requirement {
namespace {

constexpr double kMarginMin = -3;
constexpr double kDistanceMax = 9;
// What a pair leads by where it has no rival.
constexpr double kNoCosine = -0.2, kNoCommon = -0.2, kNoLikeness = 0, kNoNearness = -kDistanceMax;

// What is compared with rivals.
struct Likeness {
  bool counts = false;          // the pair is read at all
  bool same_dimension = false;  // only these are rivals
  double by_words = 0, common = 0, distance = 0;
  FormLikeness names;
  size_t common_characters = 0;
};

// The best of a row or a column, and the best of all others.
class Best {
 public:
  void Add(double value, size_t at) {
    if (value > best_) {
      second_ = best_;
      best_ = value;
      at_ = at;
    } else {
      second_ = std::max(second_, value);
    }
  }
  double WithoutOf(size_t at, double none) const {
    const double value = at == at_ ? second_ : best_;
    return value == kNothing ? none : value;
  }

 private:
  static constexpr double kNothing = -std::numeric_limits<double>::infinity();
  double best_ = kNothing, second_ = kNothing;
  size_t at_ = std::numeric_limits<size_t>::max();
};

struct Rivals {
  Best cosine, by_words, common, nearness;
  size_t count = 0;
  void Add(const Likeness& one, size_t at) {
    if (!one.same_dimension) return;
    cosine.Add(one.names.name_cosine, at);
    by_words.Add(one.by_words, at);
    common.Add(one.common, at);
    nearness.Add(-one.distance, at);
    ++count;
  }
};

// Characters of the longest common subsequence.
size_t CommonSubsequence(std::u32string_view a, std::u32string_view b) {
  std::vector<size_t> row(b.size() + 1, 0);
  for (const char32_t c : a) {
    size_t diagonal = 0;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t above = row[j + 1];
      row[j + 1] = c == b[j] ? diagonal + 1 : std::max(above, row[j]);
      diagonal = above;
    }
  }
  return row.back();
}

size_t CommonBegin(std::u32string_view a, std::u32string_view b) {
  return static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}
size_t CommonEnd(std::u32string_view a, std::u32string_view b) {
  return static_cast<size_t>(std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first - a.rbegin());
}

double Middle(const Indicator& one) {
  if (std::isinf(one.low)) return one.high;
  return std::isinf(one.high) ? one.low : (one.low + one.high) / 2;
}

// Of complements the offer's rest: 成活率≥95% beside 死亡率3%.
double ValueDistance(const Indicator& a, const Indicator& b) {
  const bool rest = b.dimension.is_ratio() && AreComplements(a.name, b.name);
  const double x = std::abs(Middle(a)), y = std::abs(rest ? 1 - Middle(b) : Middle(b));
  if (x > 0 && y > 0) return std::min(kDistanceMax, std::abs(std::log(x / y)));
  return x == y ? 0 : kDistanceMax;
}

double SharedPairs(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  const size_t fewer = std::min(a.size(), b.size());
  if (fewer == 0) return -1;
  const auto shared = std::count_if(
      a.begin(), a.end(), [&](uint64_t one) { return std::binary_search(b.begin(), b.end(), one); });
  return static_cast<double>(shared) / static_cast<double>(fewer);
}

// 1: at least, -1: at most, 0: neither alone.
int AskedSide(const Indicator& need) { return std::isinf(need.high) ? 1 : std::isinf(need.low) ? -1 : 0; }
int StatedSide(const Indicator& offer) { return int{offer.explicit_low} - int{offer.explicit_high}; }
int Direction(const Indicator& need, const Indicator& offer) {
  const int direction = AskedSide(need) * StatedSide(offer);
  return AreComplements(need.name, offer.name) ? -direction : direction;
}

// An increase and a level, a repeated and a single position.
bool HaveOtherForms(const QuantityName& a, const QuantityName& b) {
  const auto lacks = [](const QuantityName& one, const QuantityName& other) {
    return std::any_of(one.qualifiers.begin(), one.qualifiers.end(), [&](const auto& set) {
      const auto found = other.qualifiers.find(set.first);
      return set.first[0] == '=' && (found == other.qualifiers.end() || found->second != set.second);
    });
  };
  return lacks(a, b) || lacks(b, a);
}

// 锂溶出比率 and 镁溶出比率.
bool AreOfOtherSubstances(const QuantityName& a, const QuantityName& b) {
  const auto of_a = a.qualifiers.find("substance"), of_b = b.qualifiers.find("substance");
  return of_a != a.qualifiers.end() && of_b != b.qualifiers.end() &&
         std::none_of(of_a->second.begin(), of_a->second.end(),
                      [&](const std::string& one) { return of_b->second.contains(one); });
}

bool ReachesOut(const QuantityName& name) {
  return name.better == Better::kReachLow || name.better == Better::kReachHigh;
}

// 低于-10℃须保暖 names nothing that it is the temperature of: the world outside, not 用户室温.
bool IsOfTheWorld(const QuantityName& name) { return name.head.empty() && ReachesOut(name); }
bool IsWarmthOfAThing(const QuantityName& name) {
  return !ReachesOut(name) && name.head.find(U'温') != std::u32string::npos;
}

// 进风 and 出风; 强度/抗压 and 强度/抗拉: the tables have them as two, and knew of both.
bool TableTellsApart(const QuantityName& a, const QuantityName& b) {
  if (AreComplements(a, b)) return false;
  if ((IsOfTheWorld(a) && IsWarmthOfAThing(b)) || (IsOfTheWorld(b) && IsWarmthOfAThing(a))) return true;
  if (NamesAreOpposite(a, b) || HaveOtherForms(a, b) || AreOfOtherSubstances(a, b)) return true;
  const size_t parent = a.quantity.find('/');
  return a.quantity != b.quantity && parent != std::string::npos && parent == b.quantity.find('/') &&
         a.quantity.compare(0, parent, b.quantity, 0, parent) == 0;
}

class Reader {
 public:
  Reader(std::span<const Indicator> need, std::span<const Indicator> offer, const FormsOfNames& need_forms,
         NameForms& forms)
      : need_(need),
        offer_(offer),
        need_forms_(need_forms),
        offer_forms_(FormsOf(offer, forms)),
        rows_(need.size()),
        columns_(offer.size()) {}

  std::vector<IndicatorPair> Read() {
    for (size_t i = 0; i < need_.size(); ++i) {
      for (size_t j = 0; j < offer_.size(); ++j) {
        all_.push_back(LikenessOf(i, j));
        rows_[i].Add(all_.back(), j);
        columns_[j].Add(all_.back(), i);
      }
    }
    std::vector<IndicatorPair> pairs;
    for (size_t i = 0; i < need_.size(); ++i) {
      for (size_t j = 0; j < offer_.size(); ++j) {
        if (all_[i * offer_.size() + j].counts) pairs.push_back({i, j, FeaturesOf(i, j)});
      }
    }
    return pairs;
  }

 private:
  Likeness LikenessOf(size_t i, size_t j) const {
    const Indicator &need = need_[i], &offer = offer_[j];
    Likeness likeness;
    if (need.misfit || offer.misfit) return likeness;
    likeness.same_dimension = need.dimension == offer.dimension;
    likeness.by_words = NameLikeness(need.name, offer.name);
    likeness.counts =
        (likeness.same_dimension || likeness.by_words > 0) && !TableTellsApart(need.name, offer.name);
    if (!likeness.counts) return likeness;
    const std::u32string &a = need_forms_[i]->name, &b = offer_forms_[j]->name;
    likeness.names = LikenessOfForms(*need_forms_[i], *offer_forms_[j]);
    likeness.common_characters = CommonSubsequence(a, b);
    const size_t shorter = std::min(a.size(), b.size());
    if (shorter > 0)
      likeness.common = static_cast<double>(likeness.common_characters) / static_cast<double>(shorter);
    likeness.distance = ValueDistance(need, offer);
    return likeness;
  }

  // In the order of kPairFeatureNames.
  PairFeatures FeaturesOf(size_t i, size_t j) const {
    const Indicator &need = need_[i], &offer = offer_[j];
    const QuantityName &a = need.name, &b = offer.name;
    const NameForm &asked = *need_forms_[i], &stated = *offer_forms_[j];
    const Likeness& own = all_[i * offer_.size() + j];
    const FormLikeness ends = asked.end == nullptr && stated.end == nullptr
                                  ? own.names
                                  : LikenessOfForms(EndOf(asked), EndOf(stated));
    const Rivals &row = rows_[i], &column = columns_[j];
    const size_t need_rest = asked.name.size() - own.common_characters;
    const size_t offer_rest = stated.name.size() - own.common_characters;
    const size_t self = own.same_dimension ? 1 : 0;
    const auto number = [](auto value) { return static_cast<float>(value); };
    const float features[] = {
        number(own.by_words),
        number(std::max(kMarginMin, LikelyMargin(need, offer, own.names, ends))),
        number(NamesConflict(a, b)),
        number(AreComplements(a, b)),
        number(ShareQualifier(a, b)),
        number(!a.quantity.empty() && a.quantity == b.quantity),
        number(!a.quantity.empty() && !b.quantity.empty()),
        number(int{a.generic} + int{b.generic}),
        number(own.names.modifier_cosine),
        number(own.names.modifier_shared),
        number(SharedCharactersOfSorted(asked.sorted_name, stated.sorted_name)),
        number(ends.name_cosine),
        number(SharedPairs(a.rest_grams, b.rest_grams)),
        number(need.unit == offer.unit),
        number(own.same_dimension),
        number(need.change == offer.change),
        number(own.distance),
        number(need_.size()),
        number(offer_.size()),
        number(own.common),
        number(need_rest),
        number(offer_rest),
        number(std::min(need_rest, offer_rest)),
        number(CommonBegin(asked.name, stated.name)),
        number(CommonEnd(asked.name, stated.name)),
        number(std::min(a.text.size(), b.text.size())),
        number(offer.circumstances.size()),
        number(Direction(need, offer)),
        number(own.names.name_cosine - row.cosine.WithoutOf(j, kNoCosine)),
        number(own.by_words - row.by_words.WithoutOf(j, kNoLikeness)),
        number(own.common - row.common.WithoutOf(j, kNoCommon)),
        number(own.distance + row.nearness.WithoutOf(j, kNoNearness)),
        number(row.count - self),
        number(own.by_words - column.by_words.WithoutOf(i, kNoLikeness)),
        number(own.common - column.common.WithoutOf(i, kNoCommon)),
        number(own.distance + column.nearness.WithoutOf(i, kNoNearness)),
        number(column.count - self),
    };
    static_assert(std::size(features) == kPairFeatures);
    PairFeatures result;
    std::copy(std::begin(features), std::end(features), result.begin());
    return result;
  }

  const std::span<const Indicator> need_, offer_;
  const FormsOfNames& need_forms_;
  const FormsOfNames offer_forms_;
  std::vector<Likeness> all_;  // row by row
  std::vector<Rivals> rows_, columns_;
};

}  // namespace

std::vector<IndicatorPair> ReadPairs(std::span<const Indicator> need, std::span<const Indicator> offer,
                                     const FormsOfNames& need_forms, NameForms& forms) {
  return Reader(need, offer, need_forms, forms).Read();
}

}  // namespace dongxi::requirement
