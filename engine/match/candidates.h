// Candidate documents of one collection for a query: lexical and dense, fused.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/index/generation.h"
#include "engine/match/query.h"
#include "engine/match/ranking_config.h"

namespace dongxi {

// A document's features: standard scores over the whole collection, and shares for adequacy.
struct DocumentScore {
  DocId doc = 0;
  double lexical_title = 0;   // z of BM25 with the title's terms
  double lexical_text = 0;    // z of BM25 with all terms
  double semantic_title = 0;  // z of the cosine with the title's vector
  double semantic_text = 0;
  double fused = 0;     // weighted sum of the four
  double adequacy = 0;  // 0..1
};

// Scores a collection for one query once and answers several lists from it. Keeps references to all its
// arguments.
class CandidateFinder {
 public:
  static absl::StatusOr<CandidateFinder> Create(const Collection& collection, const Query& query,
                                                const RankingConfig& ranking, std::function<bool()> stop);

  // The best documents of `allowed` (null: of all), best first, ties by lower DocId: the `count` best by
  // words and the `count` nearest by vector, both fused; all of `allowed` if there are not more than that.
  absl::StatusOr<std::vector<DocumentScore>> Best(const DocSet* allowed, size_t count) const;

 private:
  CandidateFinder(const Collection& collection, const Query& query, const RankingConfig& ranking)
      : collection_(&collection), query_(&query), ranking_(&ranking) {}
  double Lexical(DocId doc) const;
  absl::StatusOr<std::vector<DocId>> Union(const DocSet* allowed, size_t count) const;

  const Collection* collection_;
  const Query* query_;
  const RankingConfig* ranking_;
  std::function<bool()> stop_;
  LexicalScores title_, text_;
  SimilarityMoments title_moments_, text_moments_;
};

}  // namespace dongxi
