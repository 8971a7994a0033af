#include "engine/requirement/likely_names.h"

#include <algorithm>
#include <limits>

#include "engine/requirement/name_likeness.h"

namespace dongxi::requirement {
namespace {

constexpr double kNotAlike = -std::numeric_limits<double>::infinity();

// Closeness that the dimension demands (docs/requirements.md says how they were chosen): the more quantities
// share a dimension, the more the names must say.
constexpr double kShareMin = 0.75;     // percentages, counts and plain numbers: almost anything may be one
constexpr double kSingleMin = 0.65;    // seconds, metres, kilograms, degrees, mg/L
constexpr double kComposedMin = 0.35;  // Wh/kg, W/(m·K)

double LeastCloseness(const Dimension& dimension) {
  for (const char* counted : {"item", "point", "times", "person"}) {
    if (dimension.bases() == 1 && dimension.Has(counted)) return kShareMin;
  }
  if (dimension.is_ratio()) return kShareMin;
  return dimension.bases() == 1 || dimension == DensityDimension() ? kSingleMin : kComposedMin;
}

double Closeness(const FormLikeness& forms) {
  return forms.modifier_cosine + 0.5 * forms.name_cosine + 0.5 * forms.modifier_shared;
}

}  // namespace

FormLikeness LikenessOfForms(const NameForm& a, const NameForm& b) {
  return {.name_cosine = Cosine(a.name_vector, b.name_vector),
          .modifier_cosine = Cosine(a.modifier_vector, b.modifier_vector),
          .modifier_shared = SharedCharactersOfSorted(a.sorted_modifier, b.sorted_modifier)};
}

double LikelyMargin(const Indicator& need, const Indicator& offer, const FormLikeness& names,
                    const FormLikeness& ends) {
  if (need.change != offer.change || need.unit.empty() != offer.unit.empty()) return kNotAlike;
  const QuantityName &asked = need.name, &stated = offer.name;
  const bool told = !asked.quantity.empty() && !stated.quantity.empty() && !asked.generic && !stated.generic;
  constexpr size_t kTellingCharacters = 2;
  if (told || asked.text.size() < kTellingCharacters || stated.text.size() < kTellingCharacters ||
      !(need.dimension == offer.dimension) || NamesConflict(asked, stated) || NamesAreOpposite(asked, stated))
    return kNotAlike;
  // 灌溉均匀度, 播种均匀度: NameLikeness knows the quantity, and that it is of other things.
  if (asked.quantity == stated.quantity && !asked.quantity.empty() && !asked.object.empty() &&
      !stated.object.empty())
    return kNotAlike;
  const double least = LeastCloseness(need.dimension);
  double closeness = Closeness(names);
  if (closeness < least) closeness = std::max(closeness, Closeness(ends));
  return closeness - least;
}

}  // namespace dongxi::requirement
