// Searching all records by words and meaning.
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/match/admission.h"
#include "engine/match/candidates.h"
#include "engine/match/explain.h"
#include "engine/match/facets.h"
#include "engine/match/matched_terms.h"
#include "engine/match/matcher.h"
#include "engine/match/query.h"
#include "engine/match/snippet.h"
#include "engine/match/stage_timer.h"

namespace dongxi {
namespace {

// Documents taken by words, and as many by vectors, for the first layer (candidates.h).
constexpr size_t kSearchPool = 100;

struct Found {
  const Collection* collection;
  DocumentScore score;
  RecordName name;
};

// What is asked: a text, or a record that others are near to.
struct Asked {
  EmbedInput text;
  std::vector<NamedText> fields;  // that matched terms are found in
};

absl::StatusOr<Asked> AskedBy(const MatchContext& context, const SearchQuestion& question) {
  if (!question.like.has_value()) return Asked{{question.text, {}}, {{"query", question.text}}};
  DX_ASSIGN_OR_RETURN(const auto records, context.records->GetMany(std::span(&*question.like, 1)));
  if (!records.front().has_value()) {
    return absl::NotFoundError(ResourceName(question.like->kind, question.like->id) + ": no such record");
  }
  return Asked{TextOf(*records.front()), FieldsForMatching(*records.front())};
}

std::vector<RecordKind> KindsOf(const SearchQuestion& question) {
  if (question.like.has_value()) return {question.like->kind};
  if (!question.kinds.empty()) return question.kinds;
  return {std::begin(kAllRecordKinds), std::end(kAllRecordKinds)};
}

absl::StatusOr<DocSet> AllowedIn(const SearchQuestion& question, const DocumentTable& documents,
                                 const std::function<bool()>& stop) {
  Admission admission(documents, question.filter, question.today, question.viewer, {});
  if (question.like.has_value()) admission.Exclude(std::span(&*question.like, 1));
  DocSet allowed;
  for (const RecordKind kind : KindsOf(question)) {
    DX_ASSIGN_OR_RETURN(const DocSet of_kind, admission.AdmittedOf(kind, stop));
    allowed.docs.insert(allowed.docs.end(), of_kind.docs.begin(), of_kind.docs.end());
  }
  std::sort(allowed.docs.begin(), allowed.docs.end());
  allowed.docs.erase(std::unique(allowed.docs.begin(), allowed.docs.end()), allowed.docs.end());
  return allowed;
}

// One of the two collections, with what was not found of it yet.
struct Side {
  const Collection* collection;
  DocSet allowed;
  CandidateFinder finder;
  std::vector<bool> seen;
  bool exhausted = false;
};

// Without a collection that has nothing for the question.
absl::StatusOr<std::vector<Side>> SidesOf(const MatchContext& context, const SearchQuestion& question,
                                          const Query& query) {
  const std::function<bool()> stop = StopWhen(question.deadline, question.cancelled);
  std::vector<Side> sides;
  for (const Collection* collection : {&context.generation->offers, &context.generation->needs}) {
    DX_ASSIGN_OR_RETURN(DocSet allowed, AllowedIn(question, *collection->documents, stop));
    if (allowed.docs.empty()) continue;
    DX_ASSIGN_OR_RETURN(CandidateFinder finder,
                        CandidateFinder::Create(*collection, query, CandidateFinder::Purpose::kOwnScores,
                                                *context.ranking, stop));
    sides.push_back({collection, std::move(allowed), std::move(finder),
                     std::vector<bool>(collection->documents->size())});
  }
  return sides;
}

// What pools of `count` documents give beside what was found, best first.
absl::StatusOr<std::vector<Found>> NextLayer(std::vector<Side>& sides, size_t count) {
  std::vector<Found> layer;
  for (Side& side : sides) {
    if (side.exhausted) continue;
    const DocumentTable& documents = *side.collection->documents;
    DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> scores, side.finder.Best(&side.allowed, count));
    for (const DocumentScore& score : scores) {
      if (side.seen[score.doc]) continue;
      side.seen[score.doc] = true;
      layer.push_back(
          {side.collection, score, {documents.kind(score.doc), std::string(documents.id(score.doc))}});
    }
    side.exhausted = count >= side.allowed.docs.size();
  }
  std::sort(layer.begin(), layer.end(), [](const Found& a, const Found& b) {
    return a.score.fused != b.score.fused ? a.score.fused > b.score.fused : a.name < b.name;
  });
  return layer;
}

// The best of both collections: more than `end` if there are so many.
absl::StatusOr<std::vector<Found>> FindMoreThan(size_t end, std::vector<Side>& sides) {
  const auto exhausted = [](const Side& side) { return side.exhausted; };
  std::vector<Found> found;
  for (size_t count = kSearchPool;; count *= kPoolGrowth) {
    DX_ASSIGN_OR_RETURN(std::vector<Found> layer, NextLayer(sides, count));
    std::move(layer.begin(), layer.end(), std::back_inserter(found));
    if (found.size() > end || std::all_of(sides.begin(), sides.end(), exhausted)) return found;
  }
}

absl::Status CountFacets(const MatchContext& context, const SearchQuestion& question,
                         const std::vector<Side>& sides, SearchAnswer& answer) {
  if (question.facets.empty()) return absl::OkStatus();
  FacetCounter counter(question.facets);
  for (const Side& side : sides) {
    DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> each, side.finder.Each(&side.allowed));
    CountAdequate(each, *side.collection->documents, context.ranking->adequacy_threshold, counter);
  }
  answer.facets = counter.Facets();
  answer.adequate = counter.candidates();
  return absl::OkStatus();
}

SearchHit HitOf(const MatchContext& context, const SearchQuestion& question, const Asked& asked,
                const Found& found, const Record& record) {
  SearchHit hit{.name = found.name,
                .title = record.title,
                .region = std::string(found.collection->documents->region(found.score.doc)),
                .score = found.score.fused,
                .illustrative = record.illustrative};
  hit.region_name = context.policy->RegionName(hit.region);
  hit.similarity = found.score.cosine;
  const std::string body = record.text.empty() ? record.wanted : record.text;
  const TermMatcher terms(asked.fields, *context.generation->lexicon, *found.collection->lexical);
  Snippet snippet = MakeSnippet(body, terms.Find({{"text", body}}));
  hit.snippet = std::move(snippet.text);
  hit.spans = std::move(snippet.spans);
  if (question.like.has_value()) {
    for (MatchedTerm& term : terms.Find(FieldsForMatching(record))) hit.terms.push_back(std::move(term.term));
  }
  return hit;
}

absl::StatusOr<SearchAnswer> SearchOnce(const MatchContext& context, const SearchQuestion& question) {
  std::optional<StageTimer> stage(std::in_place, context.stages, MatchStage::kQuery);
  DX_ASSIGN_OR_RETURN(const Asked asked, AskedBy(context, question));
  if (question.like.has_value()) DX_RETURN_IF_ERROR(CheckTopic(asked.text));
  DX_ASSIGN_OR_RETURN(const Query query, MakeQuery(asked.text, *context.generation, *context.ranking,
                                                   question.deadline, question.degraded));
  const size_t begin = static_cast<size_t>(question.offset);
  const size_t end = begin + static_cast<size_t>(question.limit);
  stage.emplace(context.stages, MatchStage::kCandidates);
  DX_ASSIGN_OR_RETURN(std::vector<Side> sides, SidesOf(context, question, query));
  DX_ASSIGN_OR_RETURN(std::vector<Found> found, FindMoreThan(end, sides));
  SearchAnswer answer;
  answer.degraded = query.degraded;
  DX_RETURN_IF_ERROR(CountFacets(context, question, sides, answer));
  stage.emplace(context.stages, MatchStage::kRank);
  answer.more = found.size() > end;
  found.resize(std::min(found.size(), end));
  found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(std::min(found.size(), begin)));
  stage.emplace(context.stages, MatchStage::kExplain);
  std::vector<RecordName> names;
  for (const Found& one : found) names.push_back(one.name);
  DX_ASSIGN_OR_RETURN(const auto records, context.records->GetMany(names));
  for (size_t i = 0; i < found.size(); ++i) {
    if (records[i].has_value()) answer.hits.push_back(HitOf(context, question, asked, found[i], *records[i]));
  }
  return answer;
}

}  // namespace

absl::StatusOr<SearchAnswer> Search(const MatchContext& context, const SearchQuestion& question) {
  if (question.limit < 1 || question.limit > kMatchEntriesMax || question.offset < 0) {
    return absl::InvalidArgumentError("limit or offset out of range");
  }
  absl::StatusOr<SearchAnswer> answer = SearchOnce(context, question);
  if (!answer.ok()) return StopReason(answer.status(), question.deadline);
  return answer;
}

}  // namespace dongxi
