// From a question and a generation to a ranked, explained answer. A pure function of its arguments: no clock,
// no network except a remote embedder. Any thread.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/index/generation.h"
#include "engine/match/learned_ranker.h"
#include "engine/match/match.h"
#include "engine/match/ranking_config.h"
#include "engine/match/stage_timer.h"
#include "engine/policy/policy.h"

namespace dongxi {

// Where the matcher reads records. One to be shown that is no longer there is left out of the answer.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  virtual absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const = 0;
};

// How busy experts are.
class ExpertLoads {
 public:
  virtual ~ExpertLoads() = default;
  // Needs that the expert is being engaged with.
  virtual absl::StatusOr<int> OpenMatches(const RecordName& expert) const = 0;
  // `need` is one of them.
  virtual absl::StatusOr<bool> IsOpen(const RecordName& expert, const RecordName& need) const = 0;
};

// What a question is answered from; all pointers live as long as the call.
struct MatchContext {
  std::shared_ptr<const Generation> generation;
  std::shared_ptr<const Policy> policy;
  std::shared_ptr<const RankingConfig> ranking;
  const RecordSource* records = nullptr;  // of what is shown
  StageObserver* stages = nullptr;        // hears how long the stages take; may be null
  const ExpertLoads* loads = nullptr;     // null: not known
  // Of what ranking reads and shows to nobody: if it stays as it was while `records` come to lack some, no
  // other entry moves. Null: `records`.
  const RecordSource* ranking_records = nullptr;

  const RecordSource& RecordsToRank() const {
    return ranking_records != nullptr ? *ranking_records : *records;
  }
};

// Errors: InvalidArgument (a need without text; a limit out of range), DeadlineExceeded, Cancelled, and those
// of a remote embedder.
absl::StatusOr<MatchAnswer> Match(const MatchContext& context, const MatchQuestion& question);
absl::StatusOr<ReverseAnswer> ReverseMatch(const MatchContext& context, const ReverseQuestion& question);
absl::StatusOr<SearchAnswer> Search(const MatchContext& context, const SearchQuestion& question);

// What becomes of `candidate` (an institution, an expert or a result) in Match's answer to the same question,
// and why. Errors: as Match; InvalidArgument for a candidate of another kind.
absl::StatusOr<MatchExplanation> ExplainMatch(const MatchContext& context, const MatchQuestion& question,
                                              const RecordName& candidate);

// A candidate as a learned ranker sees it: `base` is its score without boosts and without a learned one.
struct LearnedCandidate {
  RecordName name;
  double base = 0;
  LearnedFeatures features = {};
};

// The candidates that the list of `kind` (kResult, kInstitution or kExpert) is made of, highest base first,
// as many as Match finds with the same settings. Errors: as Match, but StopReason is not asked.
absl::StatusOr<std::vector<LearnedCandidate>> CandidatesForLearning(const MatchContext& context,
                                                                    const MatchQuestion& question,
                                                                    RecordKind kind);

}  // namespace dongxi
