// Bounded additions to a candidate's score: the plan's pairings, cooperation modes, maturity, conditions;
// what a pair that failed not long ago loses, and what an offer loses that has something to be cleared first;
// and whether it is barred.
#pragma once

#include <memory>
#include <unordered_map>

#include "absl/status/statusor.h"
#include "engine/index/document_table.h"
#include "engine/match/gate.h"
#include "engine/match/match.h"
#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"

namespace dongxi {

// Shares in [0, 1] and what they add to the score.
struct Boosts {
  std::shared_ptr<const PolicyBoost> policy;  // null: no pairing applies
  double mode = 0;                            // share of the wanted modes that are offered; -1: they exclude
                                              // one another
  double maturity = 0;   // 1 if at least the wanted level, falling by a half a level below it
  double condition = 0;  // share of the need's conditions that were validated
  double policy_points = 0, mode_points = 0, maturity_points = 0, condition_points = 0;
  const PairMemory* memory = nullptr;  // what the pair went through; null: nothing
  double history_points = 0;           // -cool_down_penalty while the pair cools down, else 0
  double standing_points = 0;          // -standing_penalty where its standing has to be cleared, else 0
  Bar bar = Bar::kNone;                // stands behind all that have none, whatever the total
  double total() const {
    return policy_points + mode_points + maturity_points + condition_points + history_points +
           standing_points;
  }
};

// Share of `wanted` that stands in `offered`; 0 if nothing is wanted.
double CoveredShare(const std::vector<std::string>& wanted, const std::vector<std::string_view>& offered);
double MaturityShare(int wanted, int offered);
// Sets the points from the shares.
void SetPoints(const RankingConfig& ranking, double policy_weight, Boosts& boosts);
// The documents that `memories` (may be null) tells of. Points into `memories`.
using DocMemories = std::unordered_map<DocId, const PairMemory*>;
DocMemories MemoriesIn(const DocumentTable& documents, const PairMemories* memories);
// Sets the pair's memory and what it costs; policy_weight does not matter here.
void Remember(const DocMemories& memories, DocId candidate, const RankingConfig& ranking, Boosts& boosts);
// Sets the bar and what the answer costs, but for the points of modes, which SetPoints sets.
void SetGate(const GateAnswer& answer, const RankingConfig& ranking, Boosts& boosts);
// The most that all boosts together can add.
double BoostBound(const RankingConfig& ranking, double policy_weight);

// Boosts of offers for one need. Remembers the policy's answer for each institution; not thread-safe. Keeps
// references.
class OfferBoosts {
 public:
  OfferBoosts(const Record& need, const PolicyReading& reading, const Policy& policy,
              const RankingConfig& ranking, const DocumentTable& documents, const MatchSettings& settings,
              const ExpertLoads* loads);
  // `candidate` is judged by the plan, `evidence` (the candidate itself for a result) by mode, maturity and
  // condition. Errors: those of the gate.
  absl::StatusOr<Boosts> For(DocId candidate, DocId evidence);
  OfferGate& gate() { return gate_; }

 private:
  // Null where the plan says nothing. Shared by all candidates of one institution.
  const std::shared_ptr<const PolicyBoost>& PolicyFor(DocId end);
  std::shared_ptr<const PolicyBoost> BestPolicy(DocId candidate);

  const Record& need_;
  const PolicyReading& reading_;
  const Policy& policy_;
  const RankingConfig& ranking_;
  const DocumentTable& documents_;
  const MatchSettings& settings_;
  const DocMemories memories_;
  OfferGate gate_;
  std::unordered_map<DocId, std::shared_ptr<const PolicyBoost>> cache_;
};

}  // namespace dongxi
