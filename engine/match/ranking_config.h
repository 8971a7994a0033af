// Weights and the threshold of the default ranking: data, not code (data/ranking/default.json;
// docs/ranking.md says which command chose each value). Immutable.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace dongxi {

struct RankingConfig {
  std::string name;  // of the file's content: "default-1"
  // Document score: weighted sum of standard scores (z over the whole collection).
  double lexical_title = 1.0;
  double lexical_text = 0.75;
  double semantic_title = 0.25;
  double semantic_text = 0.2;
  // Candidate from its documents' scores, best first: sum of score * decay^i over the best `votes_max`.
  double partner_decay = 0.9;
  double expert_decay = 0.4;
  int votes_max = 5;
  // Bounds of the boosts, in units of the document score; multiplied by policy_weight.
  double policy_boost_max = 1.5;
  double mode_boost_max = 0.3;
  double maturity_boost_max = 0.3;
  double condition_boost_max = 0.3;
  // Adequacy: weighted share, 0..1, and the threshold below which a match is not adequate.
  double adequacy_title = 0.4;
  double adequacy_text = 0.3;
  double adequacy_semantic = 0.3;
  double adequacy_threshold = 0.2;
};

// Every key must be known and in range; errors name file and key.
absl::StatusOr<std::shared_ptr<const RankingConfig>> LoadRankingConfig(const std::string& file);

}  // namespace dongxi
