// Exposure of a report's lists: caps for institutions and provinces, floors for counties, the capacity
// of experts, over all its needs.
// Pure functions; any thread.
#pragma once

#include "report/model.h"

namespace dongxi::report {

// Over all lists of one kind; 0: no bound.
struct ExposureLimits {
  int institution_max = 0;
  int province_max = 0;
  int county_min = 0;
  // Needs that one expert may have, under way (MatchEntry.expert_load) or offered by the lists. Of an expert
  // who takes fewer (open_matches_max), so many. Where his load is not known, lists that he may stand in.
  int expert_max = 0;
  bool any() const { return institution_max > 0 || province_max > 0 || county_min > 0 || expert_max > 0; }
};

// Candidates that are asked for beyond the length of a list when the lists are balanced: they stand in for
// those that a cap takes away, or fill a floor.
inline constexpr int kExposureReserve = 3;  // times the length

// How the line of `report->options` begins that says the limits; those behind it say what they did.
inline constexpr char kLimitsLine[] = "各类名单的曝光限额：";

// Chooses, list by list (partners, experts, results), which adequate entries stay; then cuts every list to
// `top` entries, in order of rank. Limits that bind nothing leave the first `top` entries of every list, and
// the consortia; a consortium goes where a limit took a member out of the first `top`. The limits count
// adequate entries of one kind of list over the report; an institution counts as an owner where it is the
// candidate or the first institution behind it, one of no known region as a province of its own, a county by
// the need's region code, an expert by his resource name. What it did and what it cost is appended to
// `report->options`, in Chinese; a list that had adequate entries among its first `top` and has none any more
// is noted in NeedMatches.emptied. Does nothing unless the limits have any.
void BalanceExposure(const ExposureLimits& limits, int top, MatchReport* report);

}  // namespace dongxi::report
