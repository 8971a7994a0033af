#include "engine/requirement/likely_names.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <string>

#include "engine/requirement/name_likeness.h"

namespace dongxi::requirement {
namespace {

constexpr double kNotAlike = -std::numeric_limits<double>::infinity();

// Closeness that the dimension demands (docs/requirements.md says how they were chosen): the more quantities
// share a dimension, the more the names must say.
constexpr double kShareMin = 0.75;     // percentages, counts and plain numbers: almost anything may be one
constexpr double kSingleMin = 0.65;    // seconds, metres, kilograms, degrees, mg/L
constexpr double kComposedMin = 0.35;  // Wh/kg, W/(m·K)

// The object before a name and its cause say less than its end.
constexpr size_t kNameEnd = 6;

double LeastCloseness(const Dimension& dimension) {
  for (const char* counted : {"item", "point", "times", "person"}) {
    if (dimension.bases() == 1 && dimension.Has(counted)) return kShareMin;
  }
  if (dimension.is_ratio()) return kShareMin;
  return dimension.bases() == 1 || dimension == DensityDimension() ? kSingleMin : kComposedMin;
}

std::u32string_view EndOf(std::u32string_view text, size_t characters) {
  return text.size() > characters ? text.substr(text.size() - characters) : text;
}

double Closeness(const NameForm& a, const NameForm& b) {
  return Cosine(a.modifier_vector, b.modifier_vector) + 0.5 * Cosine(a.name_vector, b.name_vector) +
         0.5 * SharedCharacters(a.modifier, b.modifier);
}

}  // namespace

double LikelyMargin(const Indicator& need, const Indicator& offer, NameForms& forms) {
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
  const std::shared_ptr<const NameForm> a = forms.Of(asked.text), b = forms.Of(stated.text);
  const double least = LeastCloseness(need.dimension);
  double closeness = Closeness(*a, *b);
  const bool is_long = a->name.size() > kNameEnd || b->name.size() > kNameEnd;
  if (closeness < least && is_long) {
    const std::shared_ptr<const NameForm> a_end = forms.Of(std::u32string(EndOf(a->name, kNameEnd)));
    const std::shared_ptr<const NameForm> b_end = forms.Of(std::u32string(EndOf(b->name, kNameEnd)));
    closeness = std::max(closeness, Closeness(*a_end, *b_end));
  }
  return closeness - least;
}

}  // namespace dongxi::requirement
