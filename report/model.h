// What a match report says: needs with their answers, as the server gave them. Plain values, built by the
// caller (dongxi report does it over gRPC); html.h and json.h write it out.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/records.pb.h"

namespace dongxi::report {

// One need and its answer.
struct NeedMatches {
  v1::Need need;
  // Provenance, policy reading and the three lists with score parts, terms, spans, evidence and reasons. The
  // lists are written in full: the caller decides how many entries they have.
  v1::MatchResponse answer;
  // Why the need could not be matched, in Chinese; then `answer` is not read. Empty: it was matched.
  std::string error;
};

struct MatchReport {
  // Heading of the report; empty: 供需匹配报告.
  std::string title;
  std::vector<NeedMatches> needs;  // in the order of the report
  // Display names by resource name ("institutions/i-1"), where the lists name institutions so. May be empty.
  std::map<std::string, std::string> institution_names;
};

}  // namespace dongxi::report
