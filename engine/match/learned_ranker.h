// A correction of the first candidates' order, learnt from judgements: boosted regression trees over what the
// engine measures of a candidate. dongxi-bench train-ranker writes the file (docs/learned_ranker.md has its
// format). Immutable; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/record/record.h"

namespace dongxi {

// Only so many candidates of a list are corrected: those with the highest scores before any boost.
inline constexpr size_t kLearnedCandidates = 200;

// The features by name and in order; a file that was trained with others is refused. z, share and cosine are
// those of the candidate's best document.
inline constexpr const char* kLearnedFeatureNames[] = {
    "lexical",        // z of BM25
    "semantic",       // z of the cosine with the query
    "feedback",       // z of the cosine with the documents that stand first; 0 where a list has no feedback
    "fused",          // weighted sum of the three
    "lexical_share",  // BM25 as a share of the query's ceiling, 0..1
    "cosine",         // 0..1
    "votes",          // documents that speak for the candidate, as many as count
    "second",         // fused score of the second of them; 0 without one
    "third",          // of the third
    "query_terms",    // distinct terms of the query
    "query_titled",   // 1 if the query has a title
};
inline constexpr size_t kLearnedFeatures = std::size(kLearnedFeatureNames);
using LearnedFeatures = std::array<float, kLearnedFeatures>;

class LearnedRanker {
 public:
  // InvalidArgument names file and place (tree and node, from 0): no JSON object, another format, version,
  // target or list of features, an unknown key; a node that is no node, a feature or child that does not
  // exist, a child that does not stand after its parent or has two, a number that is not finite; more trees
  // or nodes than kTreesMax and kNodesMax.
  static absl::StatusOr<std::shared_ptr<const LearnedRanker>> Load(const std::filesystem::path& file);
  static absl::StatusOr<std::shared_ptr<const LearnedRanker>> Parse(const std::string& file_name,
                                                                    std::string_view content);

  static constexpr size_t kTreesMax = 2'000;
  static constexpr size_t kNodesMax = 1'023;  // of a tree

  // Whose list it was trained for: kResult, kInstitution or kExpert. Other lists stay as they are.
  RecordKind kind() const { return kind_; }
  size_t trees() const { return roots_.size(); }
  // The sum of the trees' leaves. REQUIRES: no feature is NaN.
  double Sum(const LearnedFeatures& features) const;
  // What a corrected candidate's score gains: Sum less its lowest possible value, so never below 0, and a
  // candidate that is not corrected cannot pass one that is.
  double Score(const LearnedFeatures& features) const { return Sum(features) - lowest_; }

 private:
  struct Node {
    int feature = -1;              // -1: a leaf
    float threshold = 0;           // below it: left
    uint32_t left = 0, right = 0;  // places in nodes_
    double value = 0;              // of a leaf
  };
  friend class LearnedRankerReader;
  LearnedRanker() = default;

  RecordKind kind_ = RecordKind::kResult;
  std::vector<Node> nodes_;  // of all trees
  std::vector<uint32_t> roots_;
  double lowest_ = 0;
};

}  // namespace dongxi
