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

// One verdict an indicator of the need, in order. An indicator is decided by the offer's that is most
// probably of the same quantity (same_quantity.h; docs/requirements.md has how often that is right); of
// equals, by the best for the offer. Where that is not sure, the verdict is `likely`. A number that decides
// one indicator of the need decides no other that it fits clearly less. A misfit (a unit that cannot be one
// of its quantity) of the need is kUnknown, and the reason asks to check it; one of the offer decides
// nothing.
//
// Of numbers taken for one quantity, ranges that exclude each other are kContradictory (a bound the other
// way, a range apart, a change the other way) or kShort. Under the same words that is said on less than any
// other verdict; it can be kUnknown still, where the two are hardly of one quantity.
//
// `forms` know which words mean much the same, and have the model's tables; null: an indicator is decided by
// the offer's of the same quantity whose name is most alike by its words. `need_forms`: FormsOf(need,
// *forms), from who compares one need with many offers; null: they are looked up.
std::vector<IndicatorVerdict> CompareIndicators(std::span<const Indicator> need,
                                                std::span<const Indicator> offer, NameForms* forms,
                                                const FormsOfNames* need_forms = nullptr);

// The forms of the indicators' names, in order.
FormsOfNames FormsOf(std::span<const Indicator> indicators, NameForms& forms);

}  // namespace dongxi::requirement
