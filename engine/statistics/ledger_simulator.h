// Years of a ledger that never happened, for tests and demonstrations: every row is marked simulated. The
// truth behind it is known, so that what is learnt from it can be checked. The same arguments give the same
// rows on every machine. Pure function; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/policy.h"
#include "engine/statistics/ledger_row.h"

namespace dongxi {

struct SimulatedNeed {
  std::string name;  // "needs/n-1"
  std::string region, channel, task, field;
};
struct SimulatedOffer {
  std::string name;         // "results/r-1"
  std::string region;       // of the offer or the institution behind it
  std::string institution;  // resource name, may be empty
  std::string institution_name;
};

struct SimulationOptions {
  int first_year = 2016;
  int years = 10;
  int pairs = 3'000;  // that enter the ledger, spread evenly over the years
  uint64_t seed = 1;
};

struct SimulatedPair {
  std::string need, offer;
  double probability = 0;  // with which it was drawn to be signed
};

struct SimulatedLedger {
  // In order of event time; ids are "engagements/s-1" …. They keep the rules of engine/engagement. No entry
  // names a match: recommendations are entries of the step kShown.
  std::vector<LedgerRow> rows;
  std::vector<SimulatedPair> pairs;
};

// Fewer pairs than asked for if there are not so many of needs and offers. REQUIRES: needs and offers not
// empty, years in 1..50.
SimulatedLedger SimulateLedger(const std::vector<SimulatedNeed>& needs,
                               const std::vector<SimulatedOffer>& offers, const Policy& policy,
                               const SimulationOptions& options);

}  // namespace dongxi
