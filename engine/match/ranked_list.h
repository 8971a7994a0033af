// From scored documents to the order of one list: own scores for results, votes for partners and experts.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "engine/match/admission.h"
#include "engine/match/boosts.h"
#include "engine/match/candidates.h"
#include "engine/match/learned_ranker.h"

namespace dongxi {

// A document that speaks for a candidate.
struct Vote {
  DocumentScore score;
  double weight = 1;  // what its score is multiplied by in the candidate's score
};

struct RankedCandidate {
  DocId doc = 0;
  absl::InlinedVector<Vote, 1> votes;  // best first; of a result: itself
  double base = 0;                     // weighted sum of the votes' scores
  double adequacy = 0;                 // of the best vote; 0 of a barred candidate
  double learned = 0;                  // what the learned ranker adds; 0 without one
  Boosts boosts;
  int step = 0;  // of broadening in which it came; 0: by the strict filter
  double total() const { return base + learned + boosts.total(); }
  bool barred() const { return boosts.bar != Bar::kNone; }
};

// Every document stands for itself.
std::vector<RankedCandidate> OwnScores(const std::vector<DocumentScore>& scores);

struct VoteRule {
  double decay = 1;  // the i-th best vote (from 0) counts decay^i
  int votes_max = 1;
};

// Document-based expert finding: the documents that a candidate of `kind` owns vote for it, best first. A
// document that scores below the collection's mean adds nothing unless it is the only one. `scores` must be
// in order, best first. Asks `stop` (may be null) at least every 4,096 documents; Cancelled once it says
// true.
absl::StatusOr<std::vector<RankedCandidate>> VotedScores(const std::vector<DocumentScore>& scores,
                                                         RecordKind kind, const VoteRule& rule,
                                                         const DocumentTable& documents,
                                                         const Admission& admission,
                                                         const std::function<bool()>& stop);

// What a learned ranker sees of the query.
struct QueryShape {
  size_t terms = 0;
  bool titled = false;
};
LearnedFeatures FeaturesOf(const RankedCandidate& candidate, const QueryShape& query);
// Sets `learned` of the kLearnedCandidates candidates with the highest base (ties by lower DocId), if
// `ranking` has a learned ranker for the list of `kind`. The order of `candidates` afterwards is unspecified
// then.
void AddLearnedScores(const RankingConfig& ranking, RecordKind kind, const QueryShape& query,
                      std::vector<RankedCandidate>& candidates);

// Barred candidates last; highest total first, ties by DocId, that is by id.
void SortByTotal(std::vector<RankedCandidate>& candidates);
// Adds the boosts and sorts as SortByTotal; a barred candidate is never adequate, so its adequacy becomes 0.
// Stops as VotedScores; errors of the gate besides.
absl::Status BoostAndSort(std::vector<RankedCandidate>& candidates, OfferBoosts& boosts,
                          const std::function<bool()>& stop);

// The institution that a candidate counts for: the first that stands behind it.
std::optional<DocId> InstitutionOf(const DocumentTable& documents, DocId candidate);

// Counts the candidates of each institution.
class InstitutionCap {
 public:
  InstitutionCap(const DocumentTable& documents, int per_institution_max)
      : documents_(&documents), most_(per_institution_max) {}
  // Moves those that exceed the cap, in order, from `candidates` to `dropped`. Barred candidates stand behind
  // all others: they are counted among themselves and take no place from these.
  void Apply(std::vector<RankedCandidate>& candidates, std::vector<RankedCandidate>& dropped);

 private:
  const DocumentTable* documents_;
  int most_;
  std::unordered_map<DocId, int> counts_, barred_counts_;
};

}  // namespace dongxi
