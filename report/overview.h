// The figures at the head of a report. Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "report/model.h"

namespace dongxi::report {

inline constexpr size_t kOverviewInstitutionsMax = 15;

// Needs of one channel or province. needs = matched + unmatched + failed.
struct NeedCounts {
  std::string name;
  int needs = 0;
  int matched = 0;    // at least one adequate entry in some list
  int unmatched = 0;  // answered, but nothing adequate in any list
  int failed = 0;     // not answered
};

// How often an institution stands behind an adequate entry, counted in needs.
struct InstitutionCounts {
  std::string name;
  std::string region;  // "" if no list says it
  int needs = 0;       // needs in which it is recommended in any way
  int as_partner = 0;
  int by_expert = 0;
  int by_result = 0;
  bool illustrative = false;  // as a list of partners says it
};

struct Overview {
  NeedCounts total;
  int with_partner = 0;  // needs with an adequate partner
  int with_expert = 0;
  int with_result = 0;
  std::vector<NeedCounts> channels;   // answered needs only; most needs first, ties by name
  std::vector<NeedCounts> provinces;  // likewise
  std::vector<InstitutionCounts>
      institutions;  // most needs first, ties by name; at most kOverviewInstitutionsMax
  std::vector<v1::Provenance> provenances;  // the different ones (read time apart), in order of need
  bool illustrative = false;                // some need or entry is sample data
};

Overview Summarise(const MatchReport& report);

// True if some list of the answer has an adequate entry.
bool HasAdequateMatch(const v1::MatchResponse& answer);
int CountAdequate(const v1::MatchList& list);

// The display name of an institution as a list names it: looked up if it is a resource name, else as it is.
std::string InstitutionName(const MatchReport& report, const std::string& name);

}  // namespace dongxi::report
