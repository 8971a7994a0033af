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
#include "engine/engagement/pair_memory.h"
#include "engine/filter/filter.h"
#include "engine/match/consortium.h"
#include "engine/policy/policy.h"
#include "engine/record/record.h"
#include "engine/record/viewer.h"
#include "engine/requirement/conditions.h"
#include "engine/requirement/liveness.h"
#include "engine/requirement/requirement.h"

namespace dongxi {

inline constexpr int kMatchEntriesMax = 1'000;  // a list and page

enum class Detail { kNamesOnly, kBasic, kFull };

// Variety among the first kDiverseCandidates entries of a list, by maximal marginal relevance (Carbonell and
// Goldstein 1998): the next entry is the one with the highest (1 - lambda) * relevance - lambda * likeness.
// Relevance is the score, scaled to 0..1 over those entries; likeness is the greatest to an entry before it:
// (1 - region_share) * cosine of their vectors + region_share * (1 if both are of one province). Ties by
// score.
struct Diversity {
  double lambda = 0;        // 0: off, the order is that of the score. 0..kDiversityMax
  double region_share = 0;  // 0..1
  bool operator==(const Diversity&) const = default;
};
inline constexpr double kDiversityMax = 0.8;
inline constexpr size_t kDiverseCandidates = 200;

enum class FacetKind { kKind, kType, kRegion, kField, kMaturity, kMode };
inline constexpr size_t kFacetValuesMax = 100;

struct FacetValue {
  std::string value;  // code, normalised field, level; empty: the candidates that have none
  uint64_t count = 0;
  bool operator==(const FacetValue&) const = default;
};

// How many of a list's candidates have each value: of all that are admitted by the strict filter and
// adequate, whether or not a page, the cap of an institution or the pool shows them. Regions are provinces.
// A candidate with several fields or modes counts once for each. Maturity and modes of partners and experts
// are those of their best piece of evidence, as in their score.
struct Facet {
  FacetKind kind = FacetKind::kRegion;
  std::vector<FacetValue> values;  // highest count first, ties by value; at most kFacetValuesMax
  uint64_t distinct = 0;           // values there are, those not shown included
};

// What every question carries.
struct MatchSettings {
  std::shared_ptr<const Filter> filter;  // null: all candidates
  int offset = 0;                        // entries of each list to pass over
  int limit = 10;                        // entries of each list, 1..kMatchEntriesMax
  double policy_weight = 1.0;            // 0..1
  int per_institution_max = 3;  // entries of one institution in the lists of experts and results, at least 1
  Viewer viewer;                // records that he may not see are left out
  std::vector<RecordName> excluded;  // refused pairs: these candidates are not listed
  // What the asking record went through with candidates: those that cool down stand lower by
  // RankingConfig::cool_down_penalty. Null: nothing is known.
  std::shared_ptr<const PairMemories> memories;
  Diversity diversity;
  std::vector<FacetKind> facets;  // counted for every list, in this order
  // Where fewer than `limit` candidates that pass the filter are adequate, its conditions are given up one by
  // one (Filter::Relaxations) until there are; what passes the strict filter stands first.
  bool broaden = false;
  std::string degraded;  // not empty: the embedder is not asked and this is why; repeats a degraded answer
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
  // lexical, semantic, feedback, learned, policy, mode, maturity, condition, history, standing
  std::string part;
  double value = 0;
  double contribution = 0;
};

struct MatchEntry {
  RecordName name;
  std::string title;
  std::string region;
  std::string region_name;
  double score = 0;     // sum of the contributions
  double adequacy = 0;  // 0..1; 0 where `barred` is not empty
  bool adequate = false;
  // Why it stands behind all others and is not adequate whatever its score, in Chinese; empty: it is not
  // barred. Not with kNamesOnly, where such an entry shows no more than its adequacy of 0.
  std::string barred;
  std::vector<ScorePart> parts;
  std::vector<MatchedTerm> terms;       // at most 20, heaviest first
  std::vector<EvidenceShare> evidence;  // at most 5
  std::vector<std::string> reasons;     // Chinese sentences
  std::optional<PolicyBoost> policy;
  bool illustrative = false;
  std::vector<std::string> institutions;  // names of the institutions behind a result or expert
  // Requirement by requirement; empty unless the detail is kFull.
  std::vector<requirement::RequirementVerdict> requirements;
  // How far it is from the site's conditions; none where the need asks for none. Only with kFull.
  std::optional<requirement::AdaptationDistance> adaptation;
  std::optional<PairMemory> memory;  // of the pair, if it has a past; not with kNamesOnly
  // Of an expert, where the ledger is known; not with kNamesOnly.
  std::optional<requirement::ExpertLoad> load;
  int broadened = 0;  // 0: passes the strict filter; otherwise the step of MatchList::broadening, from 1
  size_t place = 0;   // on its page, from 0; those that were left out of the page keep theirs
};

// A condition of the filter that was given up.
struct BroadeningStep {
  std::string condition;  // canonical text
  std::string words;      // Chinese
};

struct MatchList {
  std::vector<MatchEntry> entries;
  bool no_adequate_match = false;          // nothing passes the threshold; entries are near misses
  bool more = false;                       // there are entries after these
  std::vector<BroadeningStep> broadening;  // in their order; empty: the strict filter alone
  std::vector<Facet> facets;
  uint64_t adequate = 0;  // candidates that the facets count; 0 where none were asked for
};

struct MatchAnswer {
  PolicyReading policy;
  MatchList partners, experts, results;
  double policy_boost_max = 0;  // in units of score, at the question's policy_weight
  std::string degraded;         // why the answer was made by words alone, in Chinese; empty: it was not
  // Of the entries of all lists; with Detail::kFull on the first page (offset 0) only.
  std::optional<MatchConsortium> consortium;                 // none for a need of fewer than two elements
  std::optional<requirement::OwnerQuestion> owner_question;  // none where no answer would part the entries
};

struct ReverseAnswer {
  MatchList needs;
  double policy_boost_max = 0;
  std::string degraded;
};

// What became of one candidate in the answer to a question, the first of these that holds.
enum class Verdict {
  kListed,          // it stands on the page
  kBelowPage,       // it is ranked, after the page
  kInstitutionCap,  // others of its institution fill the institution's places
  kNotAsked,        // the list of its kind was not asked for
  kNotIndexed,      // the generation does not have it
  kHidden,          // the viewer may not see it
  kExpired,
  kOwnInstitution,  // it is the need's own
  kExcluded,        // the pair was refused
  kFiltered,        // it fails the filter
  kOutsidePool,     // too far by words and by meaning to be scored for this page; on a later one, if at all
};

// How one part of the score differs from that of the entry before.
struct PartGap {
  std::string part;
  double mine = 0, theirs = 0;  // contributions
};

struct MatchExplanation {
  Verdict verdict = Verdict::kListed;
  size_t rank = 0;           // in its list, from 1; 0 if it has none
  size_t rank_by_score = 0;  // the same without diversity
  size_t ranked = 0;         // candidates of the list as far as this page made it: later ones make more
  double threshold = 0;      // of adequacy
  // With everything that FULL says; of a candidate that was not ranked, if it was scored: by its best
  // evidence alone, without feedback and boosts. Absent for those that are not scored.
  std::optional<MatchEntry> entry;
  std::string broadened;                       // what was given up for it to be listed; empty: nothing
  std::vector<std::string> failed_conditions;  // kFiltered: of the filter, canonical
  std::vector<RecordName> ahead;               // kInstitutionCap: who fills the places
  std::optional<RecordName> better;            // the entry that stands before it
  double better_score = 0;
  std::vector<PartGap> gaps;  // to `better`, where it has most more first
  std::string text;           // all of it in Chinese sentences
  std::string degraded;       // as in MatchAnswer
};

struct SearchQuestion {
  std::string text;
  std::optional<RecordName> like;  // finds what is near this record instead; then it is left out
  std::vector<RecordKind> kinds;   // empty: all
  std::shared_ptr<const Filter> filter;
  int offset = 0;
  int limit = 10;
  std::vector<FacetKind> facets;  // counted over all records that the filter admits and that are adequate
  std::string degraded;           // as in MatchSettings
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
  double similarity = 0;           // cosine of the vectors, 0 if negative
  std::vector<std::string> terms;  // common passages, heaviest first; only with `like`
};

struct SearchAnswer {
  std::vector<SearchHit> hits;
  bool more = false;
  std::vector<Facet> facets;
  uint64_t adequate = 0;  // as in MatchList
  std::string degraded;
};

}  // namespace dongxi
