// The reasons of an entry as Chinese sentences, ready to print. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/match/match.h"
#include "engine/match/ranked_list.h"

namespace dongxi {

// In order: policy, what matched, evidence, mode, maturity, condition, what the pair went through. `need` and
// `offer` are the two sides whatever the direction of the match; `evidence` is the first record that speaks
// for the offer (the offer itself for a result).
std::vector<std::string> ReasonsFor(const MatchEntry& entry, const Record& need, const Record& evidence,
                                    const Boosts& boosts, const Policy& policy);

}  // namespace dongxi
