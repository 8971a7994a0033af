// Questions to the engine and its answers. Plain values; the wire types are in proto/.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "engine/filter/filter.h"
#include "engine/policy/policy.h"
#include "engine/record/record.h"
#include "engine/record/viewer.h"

namespace dongxi {

inline constexpr int kMatchEntriesMax = 1'000;  // a list and page

enum class Detail { kNamesOnly, kBasic, kFull };

// What every question carries.
struct MatchSettings {
  std::shared_ptr<const Filter> filter;  // null: all candidates
  int offset = 0;                        // entries of each list to pass over
  int limit = 10;                        // entries of each list, 1..kMatchEntriesMax
  double policy_weight = 1.0;            // 0..1
  int per_institution_max = 3;  // entries of one institution in the lists of experts and results, at least 1
  Viewer viewer;                // records that he may not see are left out
  Detail detail = Detail::kFull;
  absl::CivilDay today;  // decides which offers have expired and which pairings hold
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled;  // the caller went away; may be null
};

struct MatchQuestion {
  Record need;  // kNeed; id empty if it is not in the catalogue. Free text stands in `title` or, if long, in
                // `text`
  bool partners = true;
  bool experts = true;
  bool results = true;
  MatchSettings settings;
};

struct ReverseQuestion {
  Record offer;  // an institution, an expert or a result
  MatchSettings settings;
};

// Unicode code points [begin, end) of a field: title, text, wanted.
struct TextSpan {
  std::string field;
  uint32_t begin = 0;
  uint32_t end = 0;
  bool operator==(const TextSpan&) const = default;
};

struct MatchedTerm {
  std::string term;   // as it stands in the need
  double weight = 0;  // share of the lexical evidence, 0..1
  std::vector<TextSpan> need_spans;
  std::vector<TextSpan> evidence_spans;  // in the first evidence record
};

struct EvidenceShare {
  RecordName name;
  std::string title;
  double share = 0;  // all shares of an entry add up to 1
  bool illustrative = false;
};

struct ScorePart {
  std::string part;  // lexical, semantic, feedback, learned, policy, mode, maturity, condition
  double value = 0;
  double contribution = 0;
};

struct MatchEntry {
  RecordName name;
  std::string title;
  std::string region;
  std::string region_name;
  double score = 0;     // sum of the contributions
  double adequacy = 0;  // 0..1
  bool adequate = false;
  std::vector<ScorePart> parts;
  std::vector<MatchedTerm> terms;       // at most 20, heaviest first
  std::vector<EvidenceShare> evidence;  // at most 5
  std::vector<std::string> reasons;     // Chinese sentences
  std::optional<PolicyBoost> policy;
  bool illustrative = false;
  std::vector<std::string> institutions;  // names of the institutions behind a result or expert
};

struct MatchList {
  std::vector<MatchEntry> entries;
  bool no_adequate_match = false;  // nothing passes the threshold; entries are near misses
  bool more = false;               // there are entries after these
};

struct MatchAnswer {
  PolicyReading policy;
  MatchList partners, experts, results;
  double policy_boost_max = 0;  // in units of score, at the question's policy_weight
};

struct ReverseAnswer {
  MatchList needs;
  double policy_boost_max = 0;
};

struct SearchQuestion {
  std::string text;
  std::vector<RecordKind> kinds;  // empty: all
  std::shared_ptr<const Filter> filter;
  int offset = 0;
  int limit = 10;
  Viewer viewer;
  absl::CivilDay today;
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled;
};

struct SearchHit {
  RecordName name;
  std::string title, region, region_name;
  double score = 0;
  std::string snippet;
  std::vector<TextSpan> spans;  // field "snippet"
  bool illustrative = false;
};

struct SearchAnswer {
  std::vector<SearchHit> hits;
  bool more = false;
};

}  // namespace dongxi
