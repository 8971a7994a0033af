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

// A list from its beginning to the end of the page at least, in layers (candidates.h).
struct OrderedList {
  std::vector<RankedCandidate> listed;  // as they are paged
  std::vector<RankedCandidate> barred;  // behind all that are listed, where there are more of those to come
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
  OfferGate& gate() { return boosts_.gate(); }
  // Tells of the entries of the pages that List makes; null where the question does not ask for it.
  const ConsortiumCollector* consortium() const { return consortium_ ? &*consortium_ : nullptr; }
  // By words and meaning, for results or (of votes) for partners and experts, as the lists are scored, but
  // without feedback.
  absl::StatusOr<std::vector<DocumentScore>> ScoresOf(const DocSet& documents, RecordKind kind);

 private:
  using Scored = absl::StatusOr<std::vector<RankedCandidate>>;
  using Documents = std::shared_ptr<const DocSet>;  // null: all
  // What one pool gives beside the candidates that were seen, best first.
  struct Layer {
    std::vector<RankedCandidate> kept, capped;
  };
  // A list while it is made.
  struct Making {
    RecordKind kind;
    InstitutionCap cap;
    std::vector<bool> seen;  // listed, capped, or admitted by a filter whose layers are behind
    OrderedList list;
    bool complete = true;  // no layer has more candidates than the list
    size_t placed = 0;     // of the list: whose places no later layer changes
    size_t adequate = 0;   // in the layers that a first page needs: the same for every page
  };
  std::unique_ptr<Admission> Admit(std::shared_ptr<const Filter> filter) const;
  absl::Status AddLayers(const Admission& admission, Making& making);
  absl::StatusOr<Layer> FirstLayer(const Admission& admission, const Documents& allowed, size_t* count,
                                   Making& making);
  absl::StatusOr<Layer> MakeLayer(const Admission& admission, const Documents& allowed, size_t count,
                                  const Making& making, InstitutionCap& cap);
  Scored Candidates(RecordKind kind, const Admission& admission, const Documents& allowed, size_t count);
  absl::StatusOr<Documents> AllowedFor(RecordKind kind, const Admission& admission);
  absl::StatusOr<Documents> ShownToAsker();
  absl::Status Append(Layer layer, Making& making) const;
  absl::Status Broaden(Making& making);
  absl::Status SeeAdmitted(const Admission& admission, Making& making) const;
  absl::Status CountFacets(RecordKind kind, MatchList& list);
  VoteRule RuleOf(RecordKind kind) const;
  absl::StatusOr<const CandidateFinder*> Finder(CandidateFinder::Purpose purpose);
  absl::StatusOr<const std::vector<DocumentScore>*> Best(const Documents& allowed, size_t count);

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
  std::optional<Documents> shown_;     // ShownToAsker, once it was asked for
  std::vector<DocumentScore> shared_;  // of the pool of `shared_count_` documents of `shared_allowed_`
  Documents shared_allowed_;
  size_t shared_count_ = 0;
};

}  // namespace dongxi
