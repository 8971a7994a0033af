// Searching all records by words and meaning.
#include <algorithm>
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

// What the two collections give together.
struct Findings {
  std::vector<Found> found;
  FacetCounter facets;
};

absl::Status SearchCollection(const MatchContext& context, const SearchQuestion& question, const Query& query,
                              const Collection& collection, size_t wanted, Findings& findings) {
  const DocumentTable& documents = *collection.documents;
  const std::function<bool()> stop = StopWhen(question.deadline, question.cancelled);
  DX_ASSIGN_OR_RETURN(const DocSet allowed, AllowedIn(question, documents, stop));
  if (allowed.docs.empty()) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(const CandidateFinder finder,
                      CandidateFinder::Create(collection, query, CandidateFinder::Purpose::kOwnScores,
                                              *context.ranking, stop));
  DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> scores, finder.Best(&allowed, wanted));
  for (const DocumentScore& score : scores) {
    findings.found.push_back(
        {&collection, score, {documents.kind(score.doc), std::string(documents.id(score.doc))}});
  }
  if (question.facets.empty()) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> each, finder.Each(&allowed));
  CountAdequate(each, documents, context.ranking->adequacy_threshold, findings.facets);
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
  DX_ASSIGN_OR_RETURN(const Query query, MakeQuery(asked.text, *context.generation, *context.ranking,
                                                   question.deadline, question.degraded));
  const size_t begin = static_cast<size_t>(question.offset);
  const size_t end = begin + static_cast<size_t>(question.limit);
  stage.emplace(context.stages, MatchStage::kCandidates);
  Findings findings{{}, FacetCounter(question.facets)};
  for (const Collection* collection : {&context.generation->offers, &context.generation->needs}) {
    DX_RETURN_IF_ERROR(SearchCollection(context, question, query, *collection, end + 1, findings));
  }
  stage.emplace(context.stages, MatchStage::kRank);
  std::vector<Found>& found = findings.found;
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return a.score.fused != b.score.fused ? a.score.fused > b.score.fused : a.name < b.name;
  });
  SearchAnswer answer;
  answer.degraded = query.degraded;
  if (!question.facets.empty()) answer.facets = findings.facets.Facets();
  answer.adequate = findings.facets.candidates();
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
