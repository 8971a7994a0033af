// What each indicator of a need has in common with each of an offer, as numbers: by them the model of
// same_quantity.h tells which of the two are of one quantity. Private to engine/requirement and to the
// command that trains the model. Pure functions; any thread.
#pragma once

#include <span>
#include <vector>

#include "engine/requirement/indicator.h"
#include "engine/requirement/name_forms.h"
#include "engine/requirement/same_quantity.h"

namespace dongxi::requirement {

struct IndicatorPair {
  size_t need = 0, offer = 0;  // places in the two lists
  PairFeatures features = {};
};

// Of all pairs whose dimension agrees or whose names are alike by their words, in the order of the need's and
// then of the offer's indicators. What the tables know to be two things is in none (opposite words, other
// substances, two kinds of one quantity, a form of a quantity and the quantity); indicators whose unit does
// not fit are in none and are no rivals.
// `need_forms` are FormsOf(need, forms).
std::vector<IndicatorPair> ReadPairs(std::span<const Indicator> need, std::span<const Indicator> offer,
                                     const FormsOfNames& need_forms, NameForms& forms);

}  // namespace dongxi::requirement
