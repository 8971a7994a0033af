// What became of the quotas in a plan: how many meetings, what is missing and why, what they cost. Internal
// to engine/plan.
#pragma once

#include <vector>

#include "engine/plan/choose.h"
#include "engine/plan/instance.h"

namespace dongxi::plan {

// By quota; no prices. Why a minimum is not reached is worked out for kQuotasExplained of them at most:
// first the smallest set of conditions of which the circulation proves that they leave the group no more
// meetings, else whether musts take its places.
inline constexpr int kQuotasExplained = 20;
std::vector<QuotaResult> QuotaResultsOf(const Instance& instance, const std::vector<Meeting>& meetings);

// Sets what all quotas cost together, and each that stands in the way by itself (at most kQuotasPriced of
// them): the circulation without it against `now`, the one with all.
inline constexpr int kQuotasPriced = 20;
void PriceQuotas(const Instance& instance, const Objective& objective, const Choice& now, Plan& plan);

}  // namespace dongxi::plan
