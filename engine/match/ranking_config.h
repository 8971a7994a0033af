// Weights and the threshold of the default ranking: data, not code (data/ranking/default.json;
// docs/ranking.md says which command chose each value). Immutable.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace dongxi {

class LearnedRanker;
class RankingProfiles;

inline constexpr char kProfilesFile[] = "profiles.json";  // beside the file of the ranking

struct RankingConfig {
  std::string name;  // of the file's content: "default-2"
  // Document score: weighted sum of standard scores (z over the whole collection).
  double lexical = 1.0;
  double semantic = 0.5;
  double feedback = 0.75;  // cosine with the mean of the documents that stand first by the other two
  int feedback_documents = 5;
  // Terms of the query: a term counts with idf^(quarters/4); one of the text alone with min(1, slope * its
  // vector's cosine with the query), so that what the need is about outweighs the phrases around it.
  int idf_power_quarters = 7;
  double centrality_slope = 4;  // 0: every term of the text counts fully
  double concept_weight = 0.5;  // of a lexicon concept: its characters and bigrams count already
  // Candidate from its documents' scores, best first: sum of score * decay^i over the best `votes`.
  double partner_decay = 0.95;
  int partner_votes = 8;
  double expert_decay = 0.5;
  int expert_votes = 3;
  // Bounds of the boosts, in units of the document score; multiplied by policy_weight.
  double policy_boost_max = 1.5;
  double mode_boost_max = 0.3;
  double maturity_boost_max = 0.3;
  double condition_boost_max = 0.3;
  // What a pair that failed not long ago loses, in the same units; policy_weight does not matter. The key may
  // be absent.
  double cool_down_penalty = 1.5;
  // What an offer loses whose standing has to be cleared first (a patent not granted yet, an institution
  // renamed, a full expert); as above. The key may be absent.
  double standing_penalty = 0.3;
  // An expert with so many pairs under way is said to be full, unless he says how many he takes. The key may
  // be absent.
  int expert_open_matches_max = 5;
  // Probability that a match is adequate: logistic in the share of the query's words and the cosine,
  // 1 / (1 + exp(-(bias + lexical * share + semantic * cosine))); below the threshold it is not.
  double adequacy_bias = -4;
  double adequacy_lexical = 8;
  double adequacy_semantic = 4;
  double adequacy_threshold = 0.5;
  // From the optional key "learned_ranker", a file's path relative to the folder of this one; null if the key
  // is absent or empty.
  std::shared_ptr<const LearnedRanker> learned;
  // From profiles.json beside the file; null if there is none.
  std::shared_ptr<const RankingProfiles> profiles;
  std::string learned_file;  // that path; empty without a learned ranker
  std::string digest;        // CRC-32C of the file, the learned ranker's and the profiles', eight hex digits

  // Of an expert who says `own` (Record::open_matches_max).
  int OpenMatchesMax(int own) const { return own > 0 ? own : expert_open_matches_max; }
};

// Every key must be known and in range, and there unless it is said to be optional; errors name file and key,
// or are those of the learned ranker or of the profiles.
absl::StatusOr<std::shared_ptr<const RankingConfig>> LoadRankingConfig(const std::string& file);

}  // namespace dongxi
