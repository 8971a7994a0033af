#include "server/match_runner.h"

#include <cinttypes>
#include <cstdio>
#include <random>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/match/matcher.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/engine_question.h"
#include "server/grpc_status.h"
#include "server/page_token.h"
#include "server/refusals.h"

namespace dongxi {
namespace {

// Whose refused pairs are left out: the asking need or offer; a search has none.
std::string AskingName(const pb::MatchRequest& request) { return request.need_name(); }
std::string AskingName(const pb::ReverseMatchRequest& request) { return request.offer_name(); }
std::string AskingName(const pb::SearchRequest&) { return {}; }

void SetRequest(const pb::MatchRequest& request, pb::MatchRecord* record) {
  *record->mutable_match() = request;
}
void SetRequest(const pb::ReverseMatchRequest& request, pb::MatchRecord* record) {
  *record->mutable_reverse_match() = request;
}
void SetRequest(const pb::SearchRequest& request, pb::MatchRecord* record) {
  *record->mutable_search() = request;
}

}  // namespace

MatchIds::MatchIds() {
  std::random_device device;
  next_ = uint64_t{device()} << 32 | device();
}

std::string MatchIds::Next() {
  char text[24];
  std::snprintf(text, sizeof(text), "m-%016" PRIx64, next_.fetch_add(1, std::memory_order_relaxed));
  return text;
}

absl::StatusOr<MatchCall> MatchRunner::Prepare(MatchCall call, const pb::MatchRequest& request,
                                               const Occasion& occasion, const RunLimits& limits) const {
  DX_RETURN_IF_ERROR(ChooseRanking(request, occasion.snapshot->ranking, &call));
  if (call.need_name) {
    DX_ASSIGN_OR_RETURN(call.question.need, RecordsOf(*catalogue_, occasion).Get(*call.need_name));
    DX_ASSIGN_OR_RETURN(call.question.settings.memories, MemoriesOn(*catalogue_, occasion, *call.need_name));
  }
  if (!call.region.empty()) call.question.need.region = call.region;
  SetOccasion(occasion, limits, call.question.settings);
  call.question.settings.excluded = occasion.excluded;
  return call;
}

absl::Status MatchRunner::Answer(const pb::MatchRequest& request, const Occasion& occasion,
                                 const RunLimits& limits, pb::MatchResponse* response) const {
  const Snapshot& snapshot = *occasion.snapshot;
  DX_ASSIGN_OR_RETURN(MatchCall call,
                      DecodeMatchRequest(request, *snapshot.policy, DayInChina(occasion.read_time)));
  DX_RETURN_IF_ERROR(CheckGeneration(call.cursor, snapshot.generation->manifest.generation));
  call.cursor.first_page = occasion.first_page;
  DX_ASSIGN_OR_RETURN(call, Prepare(std::move(call), request, occasion, limits));
  const CatalogueRecords records = RecordsOf(*catalogue_, occasion);
  const std::optional<LedgerLoads> loads = LoadsOn(*catalogue_, occasion);
  DX_ASSIGN_OR_RETURN(
      const MatchAnswer answer,
      dongxi::Match(ContextOf(occasion, call.ranking.config, records, PointerTo(loads)), call.question));
  EncodeMatchAnswer(answer, call, snapshot, occasion.read_time, response);
  return absl::OkStatus();
}

absl::Status MatchRunner::Answer(const pb::ReverseMatchRequest& request, const Occasion& occasion,
                                 const RunLimits& limits, pb::ReverseMatchResponse* response) const {
  const Snapshot& snapshot = *occasion.snapshot;
  DX_ASSIGN_OR_RETURN(ReverseMatchCall call,
                      DecodeReverseMatchRequest(request, *snapshot.policy, DayInChina(occasion.read_time)));
  DX_RETURN_IF_ERROR(CheckGeneration(call.cursor, snapshot.generation->manifest.generation));
  call.cursor.first_page = occasion.first_page;
  DX_RETURN_IF_ERROR(ChooseRanking(request, snapshot.ranking, &call));
  const CatalogueRecords records = RecordsOf(*catalogue_, occasion);
  ReverseQuestion question;
  DX_ASSIGN_OR_RETURN(question.offer, records.Get(call.offer_name));
  question.settings = call.settings;
  SetOccasion(occasion, limits, question.settings);
  question.settings.excluded = occasion.excluded;
  DX_ASSIGN_OR_RETURN(question.settings.memories, MemoriesOn(*catalogue_, occasion, call.offer_name));
  const std::optional<LedgerLoads> loads = LoadsOn(*catalogue_, occasion);
  DX_ASSIGN_OR_RETURN(
      const ReverseAnswer answer,
      dongxi::ReverseMatch(ContextOf(occasion, call.ranking.config, records, PointerTo(loads)), question));
  EncodeReverseAnswer(answer, call, snapshot, occasion.read_time, response);
  return absl::OkStatus();
}

absl::Status MatchRunner::Answer(const pb::SearchRequest& request, const Occasion& occasion,
                                 const RunLimits& limits, pb::SearchResponse* response) const {
  const Snapshot& snapshot = *occasion.snapshot;
  DX_ASSIGN_OR_RETURN(SearchCall call,
                      DecodeSearchRequest(request, *snapshot.policy, DayInChina(occasion.read_time)));
  DX_RETURN_IF_ERROR(CheckGeneration(call.cursor, snapshot.generation->manifest.generation));
  call.cursor.first_page = occasion.first_page;
  SetOccasion(occasion, limits, call.question);
  const CatalogueRecords records = RecordsOf(*catalogue_, occasion);
  DX_ASSIGN_OR_RETURN(const SearchAnswer answer,
                      dongxi::Search(ContextOf(occasion, snapshot.ranking, records), call.question));
  EncodeSearchAnswer(answer, call, snapshot, occasion.read_time, response);
  return absl::OkStatus();
}

absl::StatusOr<Occasion> MatchRunner::OccasionFor(const std::string& page_token, const Caller& caller,
                                                  const std::string& match_id) const {
  const std::string first_page = MatchIdOfPageToken(page_token);
  if (first_page.empty()) {
    DX_ASSIGN_OR_RETURN(Occasion occasion, Now(caller));
    occasion.first_page = match_id;
    return occasion;
  }
  absl::StatusOr<Occasion> first = history_->OccasionOf(first_page);
  if (absl::IsFailedPrecondition(first.status()) || absl::IsNotFound(first.status())) {
    return WithReason(WithField(absl::AbortedError("page_token: " + std::string(first.status().message()) +
                                                   "; begin again without page_token"),
                                "page_token"),
                      "GENERATION_CHANGED");
  }
  if (first.ok()) first->viewer = caller.viewer;
  return first;
}

absl::StatusOr<Occasion> MatchRunner::Now(const Caller& caller) const {
  Occasion occasion;
  occasion.read_time = absl::Now();
  occasion.viewer = caller.viewer;
  occasion.note = caller.note;
  occasion.stages = caller.stages;
  DX_ASSIGN_OR_RETURN(occasion.snapshot, state_->Serving());
  return occasion;
}

absl::Status MatchRunner::ReadLedger(const std::string& asking, Occasion* occasion) const {
  DX_ASSIGN_OR_RETURN(occasion->excluded, RefusedForName(*catalogue_, asking, occasion->viewer));
  DX_ASSIGN_OR_RETURN(occasion->ledger, LastEngagement(*catalogue_));
  return absl::OkStatus();
}

template <typename Request, typename Response>
absl::Status MatchRunner::RunNow(const Request& request, const Caller& caller, const RunLimits& limits,
                                 Response* response) {
  const std::string match_id = ids_.Next();
  DX_ASSIGN_OR_RETURN(Occasion occasion, OccasionFor(request.page_token(), caller, match_id));
  occasion.note = caller.note;
  occasion.stages = caller.stages;
  if (occasion.first_page == match_id) {  // Later pages leave out what the first one did.
    DX_RETURN_IF_ERROR(ReadLedger(AskingName(request), &occasion));
  }
  DX_RETURN_IF_ERROR(Answer(request, occasion, limits, response));
  occasion.note = nullptr;  // The history keeps the occasion, not the call.
  occasion.stages = nullptr;
  occasion.degraded = response->degraded();
  pb::MatchRecord record;
  SetRequest(request, &record);
  record.set_answer_crc32c(AnswerChecksum(*response));
  history_->Note(match_id, occasion, std::move(record));
  if (occasion.first_page == match_id) history_->Pin(match_id, occasion);
  response->set_match_id(match_id);
  return absl::OkStatus();
}

absl::Status MatchRunner::Run(const pb::MatchRequest& request, const Caller& caller, const RunLimits& limits,
                              pb::MatchResponse* response) {
  return RunNow(request, caller, limits, response);
}

absl::Status MatchRunner::Run(const pb::ReverseMatchRequest& request, const Caller& caller,
                              const RunLimits& limits, pb::ReverseMatchResponse* response) {
  return RunNow(request, caller, limits, response);
}

absl::Status MatchRunner::Run(const pb::SearchRequest& request, const Caller& caller, const RunLimits& limits,
                              pb::SearchResponse* response) {
  return RunNow(request, caller, limits, response);
}

}  // namespace dongxi
