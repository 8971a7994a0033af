#include "engine/match/candidates.h"

#include <algorithm>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/top_k.h"

namespace dongxi {
namespace {

double Standard(double value, double mean, double deviation) {
  return deviation > 0 ? (value - mean) / deviation : 0.0;
}

double Share(double value, double ceiling) {
  return ceiling > 0 ? std::clamp(value / ceiling, 0.0, 1.0) : 0.0;
}

}  // namespace

absl::StatusOr<CandidateFinder> CandidateFinder::Create(const Collection& collection, const Query& query,
                                                        const RankingConfig& ranking,
                                                        std::function<bool()> stop) {
  CandidateFinder finder(collection, query, ranking);
  finder.stop_ = std::move(stop);
  DX_ASSIGN_OR_RETURN(finder.title_, collection.lexical->Score(query.title_terms, finder.stop_));
  DX_ASSIGN_OR_RETURN(finder.text_, collection.lexical->Score(query.text_terms, finder.stop_));
  if (collection.documents->size() == 0) return finder;
  DX_ASSIGN_OR_RETURN(finder.title_moments_, collection.vectors->Moments(query.title_vector));
  DX_ASSIGN_OR_RETURN(finder.text_moments_, collection.vectors->Moments(query.text_vector));
  return finder;
}

double CandidateFinder::Lexical(DocId doc) const {
  return ranking_->lexical_title * Standard(title_.scores[doc], title_.mean, title_.deviation) +
         ranking_->lexical_text * Standard(text_.scores[doc], text_.mean, text_.deviation);
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
    const DocId doc = allowed != nullptr ? allowed->docs[i] : static_cast<DocId>(i);
    top.Push({doc, static_cast<float>(Lexical(doc))});
  }
  for (const ScoredDoc& item : std::move(top).Sorted()) docs.push_back(item.doc);
  const int nearest = static_cast<int>(std::min<size_t>(count, kNeighborsMax));
  DX_ASSIGN_OR_RETURN(const std::vector<Neighbor> neighbors,
                      collection_->vectors->Search(query_->text_vector, nearest, allowed, {stop_}));
  for (const Neighbor& neighbor : neighbors) docs.push_back(neighbor.doc);
  std::sort(docs.begin(), docs.end());
  docs.erase(std::unique(docs.begin(), docs.end()), docs.end());
  return docs;
}

absl::StatusOr<std::vector<DocumentScore>> CandidateFinder::Best(const DocSet* allowed, size_t count) const {
  DX_ASSIGN_OR_RETURN(const std::vector<DocId> docs, Union(allowed, count));
  std::vector<DocumentScore> scores;
  if (docs.empty()) return scores;
  scores.reserve(docs.size());
  DX_ASSIGN_OR_RETURN(const std::vector<float> title,
                      collection_->vectors->Similarities(query_->title_vector, docs));
  DX_ASSIGN_OR_RETURN(const std::vector<float> text,
                      collection_->vectors->Similarities(query_->text_vector, docs));
  for (size_t i = 0; i < docs.size(); ++i) {
    const DocId doc = docs[i];
    DocumentScore score{.doc = doc};
    score.lexical_title = Standard(title_.scores[doc], title_.mean, title_.deviation);
    score.lexical_text = Standard(text_.scores[doc], text_.mean, text_.deviation);
    score.semantic_title =
        Standard(static_cast<double>(title[i]), title_moments_.mean, title_moments_.deviation);
    score.semantic_text = Standard(static_cast<double>(text[i]), text_moments_.mean, text_moments_.deviation);
    score.fused =
        ranking_->lexical_title * score.lexical_title + ranking_->lexical_text * score.lexical_text +
        ranking_->semantic_title * score.semantic_title + ranking_->semantic_text * score.semantic_text;
    const double weights = ranking_->adequacy_title + ranking_->adequacy_text + ranking_->adequacy_semantic;
    score.adequacy =
        Share(ranking_->adequacy_title * Share(title_.scores[doc], title_.ceiling) +
                  ranking_->adequacy_text * Share(text_.scores[doc], text_.ceiling) +
                  ranking_->adequacy_semantic * std::clamp(static_cast<double>(text[i]), 0.0, 1.0),
              weights);
    scores.push_back(score);
  }
  std::sort(scores.begin(), scores.end(), [](const DocumentScore& a, const DocumentScore& b) {
    return a.fused != b.fused ? a.fused > b.fused : a.doc < b.doc;
  });
  return scores;
}

}  // namespace dongxi
