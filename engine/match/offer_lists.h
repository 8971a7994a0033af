// The lists of one match, from scored documents to their final order. Internal to engine/match. Not
// thread-safe; keeps references to its arguments.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/match/admission.h"
#include "engine/match/boosts.h"
#include "engine/match/candidates.h"
#include "engine/match/consortium_collector.h"
#include "engine/match/explain.h"
#include "engine/match/matcher.h"
#include "engine/match/query.h"
#include "engine/match/ranked_list.h"

namespace dongxi {

// All of a list, whatever the page.
struct OrderedList {
  std::vector<RankedCandidate> listed;  // as they are paged
  std::vector<RankedCandidate> capped;  // left out because their institution has its places
  std::vector<BroadeningStep> steps;    // that were taken
  std::vector<DocId> by_score;          // `listed` without diversity; empty where it is the same
};

class OfferLists {
 public:
  OfferLists(const MatchContext& context, const MatchQuestion& question, const Query& query,
             const PolicyReading& reading);
  OfferLists(const OfferLists&) = delete;
  OfferLists& operator=(const OfferLists&) = delete;

  // The page that the question asks for.
  absl::StatusOr<MatchList> List(RecordKind kind);
  absl::StatusOr<OrderedList> Order(RecordKind kind);

  const QueryShape& shape() const { return shape_; }
  const Admission& admission() const { return *admission_; }
  const ExplainInput& explain() const { return explain_; }
  // Tells of the entries of the pages that List makes; null where the question does not ask for it.
  const ConsortiumCollector* consortium() const { return consortium_ ? &*consortium_ : nullptr; }
  // By words and meaning, for results or (of votes) for partners and experts, as the lists are scored, but
  // without feedback.
  absl::StatusOr<std::vector<DocumentScore>> ScoresOf(const DocSet& documents, RecordKind kind);

 private:
  using Scored = absl::StatusOr<std::vector<RankedCandidate>>;
  // Candidates that one filter admits, without those in `seen`, best first.
  struct Layer {
    std::vector<RankedCandidate> kept, capped;
  };
  std::unique_ptr<Admission> Admit(std::shared_ptr<const Filter> filter) const;
  absl::StatusOr<Layer> MakeLayer(RecordKind kind, const Admission& admission, const std::vector<bool>& seen,
                                  InstitutionCap& cap);
  Scored Candidates(RecordKind kind, const Admission& admission, const DocSet* allowed, size_t count);
  absl::StatusOr<std::optional<DocSet>> AllowedFor(RecordKind kind, const Admission& admission) const;
  absl::Status Append(Layer layer, int step, OrderedList& list) const;
  absl::Status Broaden(RecordKind kind, InstitutionCap& cap, OrderedList& list);
  absl::Status CountFacets(RecordKind kind, MatchList& list);
  VoteRule RuleOf(RecordKind kind) const;
  size_t FirstCount() const;
  absl::StatusOr<const CandidateFinder*> Finder(CandidateFinder::Purpose purpose);
  absl::StatusOr<const std::vector<DocumentScore>*> Best(const DocSet* allowed, size_t count);

  const MatchContext& context_;
  const MatchQuestion& question_;
  const Collection& offers_;
  const Query& query_;
  const std::function<bool()> stop_;
  std::optional<CandidateFinder> own_finder_, vote_finder_;
  const QueryShape shape_;
  const std::unique_ptr<const Admission> admission_;
  OfferBoosts boosts_;
  TermMatcher terms_;
  requirement::Assessor assessor_;
  std::optional<ConsortiumCollector> consortium_;
  ExplainInput explain_;
  std::vector<DocumentScore> shared_;
  size_t shared_count_ = 0;
};

}  // namespace dongxi
