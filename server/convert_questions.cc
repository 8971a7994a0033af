// Similar records, explanations and batches.
#include <algorithm>
#include <set>

#include "engine/base/status_macros.h"
#include "server/catalogue_convert.h"
#include "server/convert_parts.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

pb::MatchVerdict VerdictToProto(Verdict verdict) {
  switch (verdict) {
    case Verdict::kListed:
      return pb::MATCH_VERDICT_LISTED;
    case Verdict::kBelowPage:
      return pb::MATCH_VERDICT_BELOW_PAGE;
    case Verdict::kInstitutionCap:
      return pb::MATCH_VERDICT_INSTITUTION_CAP;
    case Verdict::kNotAsked:
      return pb::MATCH_VERDICT_NOT_ASKED;
    case Verdict::kNotIndexed:
      return pb::MATCH_VERDICT_NOT_INDEXED;
    case Verdict::kExpired:
      return pb::MATCH_VERDICT_EXPIRED;
    case Verdict::kOwnInstitution:
      return pb::MATCH_VERDICT_OWN_INSTITUTION;
    case Verdict::kExcluded:
      return pb::MATCH_VERDICT_REFUSED;
    case Verdict::kFiltered:
      return pb::MATCH_VERDICT_FILTERED;
    case Verdict::kOutsidePool:
      return pb::MATCH_VERDICT_OUTSIDE_POOL;
    case Verdict::kHidden:
      break;
  }
  return pb::MATCH_VERDICT_UNSPECIFIED;
}

// `name` stands in the field `field`, which the two requests call differently; all else is the same.
template <typename Request>
absl::StatusOr<SearchCall> DecodeSimilar(const Request& request, RecordKind kind, const std::string& name,
                                         const std::string& field, const ImportVocabulary& vocabulary,
                                         absl::CivilDay today) {
  SearchCall call;
  DX_ASSIGN_OR_RETURN(call.question.like, DecodeName(name, kind, field));
  DX_ASSIGN_OR_RETURN(call.cursor.limit, DecodePageSize(request.page_size(), kMatchPageSize));
  Request rest = request;
  rest.clear_page_size();
  rest.clear_page_token();
  call.cursor.request_hash = RequestHash("Similar", rest);
  DX_RETURN_IF_ERROR(ContinueFrom(request.page_token(), pb::RECORD_KIND_UNSPECIFIED, &call.cursor));
  DX_ASSIGN_OR_RETURN(call.question.filter, DecodeFilter(request.filter(), vocabulary));
  DX_RETURN_IF_ERROR(CheckReadMask(request.read_mask(), *pb::SimilarRecord::descriptor()));
  call.read_mask = request.read_mask();
  call.question.offset = call.cursor.offset;
  call.question.limit = call.cursor.limit;
  call.question.today = today;
  return call;
}

template <typename Response>
void EncodeSimilar(const SearchAnswer& answer, const SearchCall& call, const Snapshot& snapshot,
                   absl::Time now, google::protobuf::RepeatedPtrField<pb::SimilarRecord>* hits,
                   Response* out) {
  EncodeProvenance(snapshot, now, out->mutable_provenance());
  out->set_degraded(answer.degraded);
  for (const SearchHit& hit : answer.hits) {
    pb::SimilarRecord* message = hits->Add();
    message->set_name(ResourceName(hit.name.kind, hit.name.id));
    message->set_title(hit.title);
    message->set_region_code(hit.region);
    message->set_region_name(hit.region_name);
    message->set_score(hit.score);
    message->set_similarity(hit.similarity);
    for (const std::string& term : hit.terms) message->add_matched_terms(term);
    message->set_illustrative(hit.illustrative);
    TrimTo(call.read_mask, message);
  }
  if (answer.more) {
    out->set_next_page_token(
        NextPageToken(call.cursor, pb::RECORD_KIND_UNSPECIFIED, snapshot.generation->manifest.generation));
  }
}

}  // namespace

absl::Status WithinMatch(const absl::Status& status) {
  const std::string field = FieldOf(status);
  if (field.empty() || !absl::IsInvalidArgument(status)) return status;
  const absl::Status within =
      FieldError("match." + field, std::string(status.message())
                                       .substr(status.message().find(": ") == absl::string_view::npos
                                                   ? 0
                                                   : status.message().find(": ") + 2));
  return WithReason(within, ReasonOf(status));
}

absl::StatusOr<SearchCall> DecodeSimilarRequest(const pb::SimilarNeedsRequest& request,
                                                const ImportVocabulary& vocabulary, absl::CivilDay today) {
  return DecodeSimilar(request, RecordKind::kNeed, request.need_name(), "need_name", vocabulary, today);
}

absl::StatusOr<SearchCall> DecodeSimilarRequest(const pb::SimilarResultsRequest& request,
                                                const ImportVocabulary& vocabulary, absl::CivilDay today) {
  return DecodeSimilar(request, RecordKind::kResult, request.result_name(), "result_name", vocabulary, today);
}

void EncodeSimilarAnswer(const SearchAnswer& answer, const SearchCall& call, const Snapshot& snapshot,
                         absl::Time now, pb::SimilarNeedsResponse* out) {
  EncodeSimilar(answer, call, snapshot, now, out->mutable_needs(), out);
}

void EncodeSimilarAnswer(const SearchAnswer& answer, const SearchCall& call, const Snapshot& snapshot,
                         absl::Time now, pb::SimilarResultsResponse* out) {
  EncodeSimilar(answer, call, snapshot, now, out->mutable_results(), out);
}

absl::StatusOr<std::pair<MatchCall, RecordName>> DecodeExplainRequest(const pb::ExplainMatchRequest& request,
                                                                      const ImportVocabulary& vocabulary,
                                                                      absl::CivilDay today) {
  std::optional<RecordName> candidate = ParseResourceName(request.candidate());
  if (!candidate || candidate->kind == RecordKind::kNeed || candidate->kind == RecordKind::kEvidence) {
    return FieldError("candidate", "found " + Shown(request.candidate()) +
                                       ", expected institutions/{id}, experts/{id} or results/{id}");
  }
  if (!request.match().page_token().empty())
    return FieldError("match.page_token", "must be empty; the first page is explained");
  absl::StatusOr<MatchCall> call = DecodeMatchRequest(request.match(), vocabulary, today);
  if (!call.ok()) return WithinMatch(call.status());
  return std::pair(*std::move(call), *std::move(candidate));
}

void EncodeExplanation(const MatchExplanation& explanation, const MatchCall& call, const Snapshot& snapshot,
                       absl::Time now, pb::ExplainMatchResponse* out) {
  EncodeProvenance(snapshot, now, out->mutable_provenance());
  EncodeRanking(call.ranking, out->mutable_ranking());
  out->set_verdict(VerdictToProto(explanation.verdict));
  out->set_rank(static_cast<int32_t>(explanation.rank));
  out->set_rank_by_score(static_cast<int32_t>(explanation.rank_by_score));
  out->set_ranked_count(static_cast<int32_t>(explanation.ranked));
  out->set_adequacy_threshold(explanation.threshold);
  if (explanation.entry.has_value()) {
    EncodeMatchEntry(*explanation.entry, pb::MATCH_VIEW_FULL, RecordKind::kNeed, out->mutable_entry());
    TellInFreeText(call, out->mutable_entry());
    out->mutable_entry()->set_broadened(explanation.broadened);
  }
  for (const std::string& condition : explanation.failed_conditions) out->add_failed_conditions(condition);
  for (const RecordName& name : explanation.ahead) out->add_ahead(ResourceName(name.kind, name.id));
  if (explanation.better.has_value())
    out->set_next_better(ResourceName(explanation.better->kind, explanation.better->id));
  out->set_next_better_score(explanation.better_score);
  for (const PartGap& gap : explanation.gaps) {
    pb::PartGap* message = out->add_gaps();
    message->set_part(gap.part);
    message->set_own(gap.mine);
    message->set_next_better(gap.theirs);
  }
  out->set_text(explanation.text);
  out->set_degraded(explanation.degraded);
}

absl::StatusOr<BatchMatchCall> DecodeBatchRequest(const pb::BatchMatchRequest& request,
                                                  const ImportVocabulary& vocabulary, absl::CivilDay today) {
  BatchMatchCall call;
  const bool filtered = !request.need_filter().empty();
  if (filtered == (request.need_names_size() > 0))
    return FieldError("need_names", "give either need_names or need_filter");
  if (request.match().query_case() != pb::MatchRequest::QUERY_NOT_SET ||
      !request.match().page_token().empty())
    return FieldError("match", "must have no need_name, need, text or page_token; the needs stand beside it");
  if (static_cast<size_t>(request.need_names_size()) > kBatchNeedsMax) {
    return FieldError("need_names", "has " + std::to_string(request.need_names_size()) + " names, at most " +
                                        std::to_string(kBatchNeedsMax));
  }
  std::set<RecordName> seen;
  for (const std::string& name : request.need_names()) {
    DX_ASSIGN_OR_RETURN(RecordName need, DecodeName(name, RecordKind::kNeed, "need_names"));
    if (!seen.insert(need).second) return FieldError("need_names", "names " + Shown(name) + " twice");
    call.needs.push_back(std::move(need));
  }
  if (filtered) {
    absl::StatusOr<std::shared_ptr<const Filter>> filter = DecodeFilter(request.need_filter(), vocabulary);
    if (!filter.ok())
      return WithReason(
          WithField(absl::InvalidArgumentError("need_" + std::string(filter.status().message())),
                    "need_filter"),
          "FILTER_INVALID");
    call.filter = *std::move(filter);
  }
  pb::MatchRequest probe = request.match();
  probe.set_need_name("needs/any");
  const absl::StatusOr<MatchCall> match = DecodeMatchRequest(probe, vocabulary, today);
  if (!match.ok()) return WithinMatch(match.status());
  return call;
}

}  // namespace dongxi
