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

double Closeness(const NameForm& a, const NameForm& b) {
  return Cosine(a.modifier_vector, b.modifier_vector) + 0.5 * Cosine(a.name_vector, b.name_vector) +
         0.5 * SharedCharacters(a.modifier, b.modifier);
}

}  // namespace

double LikelyMargin(const Indicator& need, const Indicator& offer, const NameForm& need_form,
                    const NameForm& offer_form) {
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
  double closeness = Closeness(need_form, offer_form);
  if (closeness < least && (need_form.end != nullptr || offer_form.end != nullptr)) {
    const NameForm& need_end = need_form.end == nullptr ? need_form : *need_form.end;
    const NameForm& offer_end = offer_form.end == nullptr ? offer_form : *offer_form.end;
    closeness = std::max(closeness, Closeness(need_end, offer_end));
  }
  return closeness - least;
}

}  // namespace dongxi::requirement
