// What an offer's number says of a need's, both taken for one quantity: within what is asked, short of it,
// or apart from it. Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <string>

#include "engine/requirement/compare_indicators.h"
#include "engine/requirement/indicator.h"

namespace dongxi::requirement {

// Colder circumstances and environments are harder when lower; K.
inline constexpr double kColdBelow = 288.15;

// `value` reaches `bound`, but for the errors of unit conversions.
bool AtLeast(double value, double bound);

// What a comparison of two ranges says.
struct Judgement {
  Outcome outcome = Outcome::kUnknown;
  double asked = 0, stated = 0;  // the two values whose difference is the shortfall; base units
  std::string why;               // for kUnknown, Chinese
};

// kUnknown where units, or a change and a value, cannot be compared.
Judgement JudgePair(const Indicator& need, const Indicator& offer);

}  // namespace dongxi::requirement
