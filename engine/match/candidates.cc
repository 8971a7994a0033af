#include "engine/match/candidates.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/top_k.h"
#include "engine/match/stop.h"

namespace dongxi {
namespace {

constexpr size_t kFeedbackDocumentsMin = 10;  // of a collection

double Standard(double value, double mean, double deviation) {
  return deviation > 0 ? (value - mean) / deviation : 0.0;
}

double Share(double value, double ceiling) {
  return ceiling > 0 ? std::clamp(value / ceiling, 0.0, 1.0) : 0.0;
}

void SortByFused(std::vector<DocumentScore>& scores) {
  std::sort(scores.begin(), scores.end(), [](const DocumentScore& a, const DocumentScore& b) {
    return a.fused != b.fused ? a.fused > b.fused : a.doc < b.doc;
  });
}

// A vector's length becomes 1; false if it is zero.
bool ScaleToUnit(std::span<float> vector) {
  double squares = 0;
  for (const float x : vector) squares += double{x} * x;
  if (!(squares > 0)) return false;
  const double scale = 1 / std::sqrt(squares);
  for (float& x : vector) x = static_cast<float>(x * scale);
  return true;
}

}  // namespace

absl::StatusOr<CandidateFinder> CandidateFinder::Create(const Collection& collection, const Query& query,
                                                        Purpose purpose, const RankingConfig& ranking,
                                                        std::function<bool()> stop) {
  CandidateFinder finder(collection, query, ranking);
  finder.purpose_ = purpose;
  finder.stop_ = std::move(stop);
  DX_ASSIGN_OR_RETURN(finder.lexical_,
                      collection.lexical->Score(purpose == Purpose::kVotes ? query.vote_terms : query.terms,
                                                finder.stop_, ranking.idf_power_quarters));
  if (collection.documents->size() == 0) return finder;
  DX_ASSIGN_OR_RETURN(finder.semantic_moments_, collection.vectors->Moments(query.vector));
  return finder;
}

double CandidateFinder::Lexical(DocId doc) const {
  return Standard(lexical_.scores[doc], lexical_.mean, lexical_.deviation);
}

double CandidateFinder::Adequacy(double lexical_share, double cosine) const {
  const double logit = ranking_->adequacy_bias + ranking_->adequacy_lexical * lexical_share +
                       ranking_->adequacy_semantic * cosine;
  return 1 / (1 + std::exp(-logit));
}

absl::StatusOr<std::vector<DocId>> CandidateFinder::Union(const DocSet* allowed, size_t count) const {
  const size_t size = allowed != nullptr ? allowed->docs.size() : collection_->documents->size();
  std::vector<DocId> docs;
  if (size <= count) {
    for (size_t i = 0; i < size; ++i)
      docs.push_back(allowed != nullptr ? allowed->docs[i] : static_cast<DocId>(i));
    return docs;
  }
  TopK top(count);
  for (size_t i = 0; i < size; ++i) {
    if (i % kDocumentsAStop == 0) DX_RETURN_IF_ERROR(CheckStop(stop_));
    const DocId doc = allowed != nullptr ? allowed->docs[i] : static_cast<DocId>(i);
    top.Push({doc, lexical_.scores[doc]});
  }
  for (const ScoredDoc& item : std::move(top).Sorted()) docs.push_back(item.doc);
  if (query_->words_only()) {  // every document would be as near as any other
    std::sort(docs.begin(), docs.end());
    return docs;
  }
  const int nearest = static_cast<int>(std::min<size_t>(count, kNeighborsMax));
  DX_ASSIGN_OR_RETURN(const std::vector<Neighbor> neighbors,
                      collection_->vectors->Search(query_->vector, nearest, allowed, {stop_}));
  for (const Neighbor& neighbor : neighbors) docs.push_back(neighbor.doc);
  std::sort(docs.begin(), docs.end());
  docs.erase(std::unique(docs.begin(), docs.end()), docs.end());
  return docs;
}

absl::StatusOr<std::vector<float>> CandidateFinder::Cosines(std::span<const float> vector,
                                                            std::span<const DocId> docs) const {
  std::vector<float> all;
  all.reserve(docs.size());
  for (size_t begin = 0; begin < docs.size(); begin += kDocumentsAStop) {
    DX_RETURN_IF_ERROR(CheckStop(stop_));
    const std::span<const DocId> some = docs.subspan(begin, std::min(kDocumentsAStop, docs.size() - begin));
    DX_ASSIGN_OR_RETURN(const std::vector<float> cosines, collection_->vectors->Similarities(vector, some));
    all.insert(all.end(), cosines.begin(), cosines.end());
  }
  return all;
}

absl::StatusOr<std::vector<DocumentScore>> CandidateFinder::ScoreBoth(const std::vector<DocId>& docs) const {
  DX_ASSIGN_OR_RETURN(const std::vector<float> cosines, Cosines(query_->vector, docs));
  std::vector<DocumentScore> scores;
  scores.reserve(docs.size());
  for (size_t i = 0; i < docs.size(); ++i) {
    DocumentScore score{.doc = docs[i], .lexical = Lexical(docs[i])};
    score.semantic =
        Standard(static_cast<double>(cosines[i]), semantic_moments_.mean, semantic_moments_.deviation);
    score.fused = ranking_->lexical * score.lexical + ranking_->semantic * score.semantic;
    score.lexical_share = Share(lexical_.scores[docs[i]], lexical_.ceiling);
    score.cosine = std::max(static_cast<double>(cosines[i]), 0.0);
    score.adequacy = Adequacy(score.lexical_share, score.cosine);
    scores.push_back(score);
  }
  SortByFused(scores);
  return scores;
}

// `scores` are in order.
absl::Status CandidateFinder::AddFeedback(std::vector<DocumentScore>& scores) const {
  if (ranking_->feedback <= 0 || scores.size() < kFeedbackDocumentsMin) return absl::OkStatus();
  const auto dim = query_->vector.size();
  std::vector<float> sum(dim, 0.0F), vector(dim);
  const size_t count = std::min(static_cast<size_t>(ranking_->feedback_documents), scores.size());
  for (size_t i = 0; i < count && scores[i].fused > 0; ++i) {
    DX_RETURN_IF_ERROR(collection_->vectors->CopyVector(scores[i].doc, vector));
    for (size_t j = 0; j < dim; ++j) sum[j] += static_cast<float>(scores[i].fused) * vector[j];
  }
  if (!ScaleToUnit(sum)) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(const SimilarityMoments moments, collection_->vectors->Moments(sum));
  std::vector<DocId> docs;
  docs.reserve(scores.size());
  for (const DocumentScore& score : scores) docs.push_back(score.doc);
  DX_ASSIGN_OR_RETURN(const std::vector<float> cosines, Cosines(sum, docs));
  for (size_t i = 0; i < scores.size(); ++i) {
    scores[i].feedback = Standard(static_cast<double>(cosines[i]), moments.mean, moments.deviation);
    scores[i].fused += ranking_->feedback * scores[i].feedback;
  }
  SortByFused(scores);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<DocumentScore>> CandidateFinder::Each(const DocSet* allowed) const {
  DX_ASSIGN_OR_RETURN(const std::vector<DocId> docs, Union(allowed, collection_->documents->size()));
  return ScoreBoth(docs);
}

absl::StatusOr<std::vector<DocumentScore>> CandidateFinder::Best(const DocSet* allowed, size_t count) const {
  DX_ASSIGN_OR_RETURN(const std::vector<DocId> docs, Union(allowed, count));
  if (docs.empty()) return std::vector<DocumentScore>();
  DX_ASSIGN_OR_RETURN(std::vector<DocumentScore> scores, ScoreBoth(docs));
  if (purpose_ == Purpose::kOwnScores) DX_RETURN_IF_ERROR(AddFeedback(scores));
  return scores;
}

}  // namespace dongxi
