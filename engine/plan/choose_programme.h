// Who meets whom as an integer programme (COIN-OR CBC), for quotas that no circulation counts. Internal to
// engine/plan.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/plan/instance.h"

namespace dongxi::plan {

struct ProgrammeChoice {
  std::vector<int> candidates;  // ascending
  int64_t gain_bound = 0;       // of any choice
  int musts = 0;                // proven: none has more
};

// As ChoosePairs. `body_limits`: meetings of each body, -1: not bounded. Deterministic: it ends after a
// number of nodes. None: it has found nothing, or not proven the number of musts, by then.
std::optional<ProgrammeChoice> ChooseByProgramme(const Instance& instance, const Objective& objective,
                                                 const std::vector<int64_t>& body_limits,
                                                 int64_t table_slots);

}  // namespace dongxi::plan
