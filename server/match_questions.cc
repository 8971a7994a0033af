// What is asked around a match: explanations and similar records.
#include <optional>

#include "engine/base/status_macros.h"
#include "server/convert.h"
#include "server/convert_parts.h"
#include "server/engine_question.h"
#include "server/match_runner.h"

namespace dongxi {
namespace {

std::string NameFieldOf(const pb::SimilarNeedsRequest&) { return "need_name"; }
std::string NameFieldOf(const pb::SimilarResultsRequest&) { return "result_name"; }

}  // namespace

absl::Status MatchRunner::Run(const pb::ExplainMatchRequest& request, const Caller& caller,
                              const RunLimits& limits, pb::ExplainMatchResponse* response) const {
  DX_ASSIGN_OR_RETURN(Occasion occasion, Now(caller));
  DX_ASSIGN_OR_RETURN(const std::string need, NeedAskedAbout(request.match(), *catalogue_, occasion));
  DX_RETURN_IF_ERROR(ReadLedger(need, &occasion));
  const Snapshot& snapshot = *occasion.snapshot;
  DX_ASSIGN_OR_RETURN(auto asked,
                      DecodeExplainRequest(request, *snapshot.policy, DayInChina(occasion.read_time)));
  const CatalogueRecords records = RecordsOf(*catalogue_, occasion);
  // Absent and invisible are one answer: that a record exists is not told to those who may not see it.
  DX_RETURN_IF_ERROR(records.Get(asked.second).status());
  absl::StatusOr<MatchCall> prepared = Prepare(std::move(asked.first), request.match(), occasion, limits);
  if (!prepared.ok()) return WithinMatch(prepared.status());
  const MatchCall& call = *prepared;
  const std::optional<LedgerLoads> loads = LoadsOn(*catalogue_, occasion, &loads_);
  DX_ASSIGN_OR_RETURN(
      const MatchExplanation explanation,
      AboutRecord(dongxi::ExplainMatch(ContextOf(occasion, call.ranking.config, records, PointerTo(loads)),
                                       call.question, asked.second),
                  "match." + TextFieldOf(request.match())));
  if (explanation.verdict == Verdict::kHidden) return NoSuchRecord(asked.second);
  const DocumentTable& offers = *snapshot.generation->offers.documents;
  for (const RecordName& name : explanation.ahead) TellName(offers, name, occasion.note);
  if (explanation.better) TellName(offers, *explanation.better, occasion.note);
  EncodeExplanation(explanation, call, snapshot, occasion.read_time, response);
  return absl::OkStatus();
}

template <typename Request, typename Response>
absl::Status MatchRunner::RunSimilar(const Request& request, const Caller& caller, const RunLimits& limits,
                                     Response* response) {
  const std::string match_id = ids_.Next();
  DX_ASSIGN_OR_RETURN(Occasion occasion, OccasionFor(request.page_token(), caller, limits, match_id));
  occasion.note = caller.note;
  occasion.stages = caller.stages;
  const Snapshot& snapshot = *occasion.snapshot;
  DX_ASSIGN_OR_RETURN(SearchCall call,
                      DecodeSimilarRequest(request, *snapshot.policy, DayInChina(occasion.read_time)));
  DX_RETURN_IF_ERROR(CheckGeneration(call.cursor, snapshot.generation->manifest.generation));
  SetTokens(occasion, &call.cursor);
  SetOccasion(occasion, limits, call.question);
  const CatalogueRecords records = RecordsOf(*catalogue_, occasion);
  DX_RETURN_IF_ERROR(records.Get(*call.question.like).status());
  DX_ASSIGN_OR_RETURN(
      const SearchAnswer answer,
      AboutRecord(dongxi::Search(ContextOf(occasion, snapshot.ranking, records), call.question),
                  NameFieldOf(request)));
  EncodeSimilarAnswer(answer, call, snapshot, occasion.read_time, response);
  if (occasion.first_page != match_id || !answer.more) return absl::OkStatus();
  // For its later pages alone: without its request nobody can ask for it again.
  occasion.note = nullptr;
  occasion.stages = nullptr;
  occasion.degraded = answer.degraded;
  history_->Note(match_id, occasion, pb::MatchRecord(), /*listed=*/{});
  history_->Pin(match_id, occasion);
  return absl::OkStatus();
}

absl::Status MatchRunner::Run(const pb::SimilarNeedsRequest& request, const Caller& caller,
                              const RunLimits& limits, pb::SimilarNeedsResponse* response) {
  return RunSimilar(request, caller, limits, response);
}

absl::Status MatchRunner::Run(const pb::SimilarResultsRequest& request, const Caller& caller,
                              const RunLimits& limits, pb::SimilarResultsResponse* response) {
  return RunSimilar(request, caller, limits, response);
}

}  // namespace dongxi
