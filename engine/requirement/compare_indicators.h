// A need's indicators against an offer's: which are met, which fall short and by how much, which are
// contradicted, of which nothing is said. Pure functions; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/requirement/indicator.h"
#include "engine/requirement/name_forms.h"

namespace dongxi::requirement {

enum class Outcome {
  kUnknown,        // the offer says nothing of this quantity, or under other circumstances
  kMet,            // all that the offer states is within what is asked
  kShort,          // it points the right way and does not reach (or not with all of its range)
  kContradictory,  // what it states excludes what is asked, or goes the other way
};

struct IndicatorVerdict {
  size_t need = 0;              // index of the need's indicator
  std::optional<size_t> offer;  // index of the offer's that decides; none for kUnknown
  Outcome outcome = Outcome::kUnknown;
  bool likely =
      false;  // the two names only very likely mean the same: the reason says what the offer calls it
  // kShort and kContradictory: how far it is off, as a share of what is asked (0.06: 6 %); 0 if what is asked
  // is 0.
  double shortfall = 0;
  std::string shortfall_text;  // 低 5 个百分点（6%)
  std::string reason;          // Chinese, for print
};

// One verdict an indicator of the need, in order. An indicator is decided by the offer's indicator of the
// same quantity whose name is most alike; of equals, the best for the offer. Where no name of the offer is of
// the same quantity, and no indicator of the need of the one of the offer, the offer's number of the same
// dimension whose name very likely means the same decides (`likely`). An indicator of the need whose unit
// cannot be one of its quantity (misfit) is kUnknown, and the reason asks to check it; such an indicator of
// the offer decides nothing.
//
// A contradiction is never kUnknown: wherever quantity and dimension agree, ranges that exclude each other
// are kContradictory (a bound the other way, a range apart, a change the other way) or kShort.
//
// `forms` know which words mean much the same; null: names are compared by their words alone.
std::vector<IndicatorVerdict> CompareIndicators(std::span<const Indicator> need,
                                                std::span<const Indicator> offer, NameForms* forms);

}  // namespace dongxi::requirement
