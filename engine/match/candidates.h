// Candidate documents of one collection for a query: lexical and dense, fused.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/index/generation.h"
#include "engine/match/query.h"
#include "engine/match/ranking_config.h"

namespace dongxi {

// A document's features: standard scores over the whole collection, and the probability that it is adequate.
struct DocumentScore {
  DocId doc = 0;
  double lexical = 0;   // z of BM25 with the query's weighted terms
  double semantic = 0;  // z of the cosine with the query's vector
  double feedback =
      0;  // z of the cosine with the documents that stand first (Rocchio 1971, pseudo relevance feedback)
  double fused = 0;     // weighted sum of the three
  double adequacy = 0;  // 0..1
  // What adequacy is made of: BM25 as a share of the query's ceiling, 0..1, and the cosine, negative ones as
  // 0.
  double lexical_share = 0;
  double cosine = 0;
};

// A ranked list is made in layers, so that its pages fit together whatever their size (AIP-158): layer 0 is
// what the list's first pool of documents gives, each further layer what a pool kPoolGrowth times as large
// gives beside it, in its own order; the last is of all documents. What a pool holds, and how feedback and
// votes score in it, depends on its size: the sizes are fixed, and only how many layers are made depends on
// the page.
inline constexpr size_t kPoolGrowth = 4;

// Scores a collection for one query once and answers several lists from it. Keeps references to all its
// arguments.
class CandidateFinder {
 public:
  // Documents that are ranked themselves are scored by the query's terms, and with feedback; documents that
  // vote for their owners by its vote terms, without.
  enum class Purpose { kOwnScores, kVotes };
  static absl::StatusOr<CandidateFinder> Create(const Collection& collection, const Query& query,
                                                Purpose purpose, const RankingConfig& ranking,
                                                std::function<bool()> stop);

  // The best documents of `allowed` (null: of all), best first, ties by lower DocId: the `count` best by
  // words and the `count` nearest by vector, all fused; all of `allowed` if there are not more than that.
  // Feedback comes from the best `feedback_documents` of `allowed` by words and meaning, each weighted by its
  // score; there is none among fewer than ten documents, where the first few are no evidence.
  absl::StatusOr<std::vector<DocumentScore>> Best(const DocSet* allowed, size_t count) const;
  // Every document of `allowed` (null: all), best first by words and meaning; without feedback.
  absl::StatusOr<std::vector<DocumentScore>> Each(const DocSet* allowed) const;

 private:
  CandidateFinder(const Collection& collection, const Query& query, const RankingConfig& ranking)
      : collection_(&collection), query_(&query), ranking_(&ranking) {}
  double Lexical(DocId doc) const;
  double Adequacy(double lexical_share, double cosine) const;
  absl::StatusOr<std::vector<DocId>> Union(const DocSet* allowed, size_t count) const;
  absl::StatusOr<std::vector<float>> Cosines(std::span<const float> vector,
                                             std::span<const DocId> docs) const;
  absl::StatusOr<std::vector<DocumentScore>> ScoreBoth(const std::vector<DocId>& docs) const;
  absl::Status AddFeedback(std::vector<DocumentScore>& scores) const;

  const Collection* collection_;
  const Query* query_;
  const RankingConfig* ranking_;
  Purpose purpose_ = Purpose::kOwnScores;
  std::function<bool()> stop_;
  LexicalScores lexical_;
  SimilarityMoments semantic_moments_;
};

}  // namespace dongxi
