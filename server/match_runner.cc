#include "server/match_runner.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <random>
#include <span>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/match/matcher.h"
#include "engine/match/route_institutions.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/engine_question.h"
#include "server/grpc_status.h"
#include "server/page_token.h"
#include "server/refusals.h"

namespace dongxi {
namespace {

// Whose refused pairs are left out: the asking need or offer; a search has none.
absl::StatusOr<std::string> AskingName(const pb::MatchRequest& request, const CatalogueReader& catalogue,
                                       const Occasion& occasion) {
  return NeedAskedAbout(request, catalogue, occasion);
}
absl::StatusOr<std::string> AskingName(const pb::ReverseMatchRequest& request, const CatalogueReader&,
                                       const Occasion&) {
  return request.offer_name();
}
absl::StatusOr<std::string> AskingName(const pb::SearchRequest&, const CatalogueReader&, const Occasion&) {
  return std::string();
}

// What the request holds of fields that this server does not know is no part of what was asked.
void SetRequest(const pb::MatchRequest& request, pb::MatchRecord* record) {
  *record->mutable_match() = request;
  record->mutable_match()->DiscardUnknownFields();
}
void SetRequest(const pb::ReverseMatchRequest& request, pb::MatchRecord* record) {
  *record->mutable_reverse_match() = request;
  record->mutable_reverse_match()->DiscardUnknownFields();
}
void SetRequest(const pb::SearchRequest& request, pb::MatchRecord* record) {
  *record->mutable_search() = request;
  record->mutable_search()->DiscardUnknownFields();
}

// The names of the first `encoded` entries that are recommended: a list ends where its answer is long enough,
// and what is barred is listed, but with a warning against it. Of what the engine answered, not of the
// response, which a read_mask has made smaller.
void AddListed(const MatchList& list, int encoded, std::vector<std::string>* names) {
  for (const MatchEntry& entry : std::span(list.entries).first(static_cast<size_t>(encoded))) {
    if (entry.adequacy > 0) names->push_back(ResourceName(entry.name.kind, entry.name.id));  // 0 if barred
  }
}
std::vector<std::string> ListedIn(const MatchAnswer& answer, const pb::MatchResponse& response) {
  std::vector<std::string> names;
  AddListed(answer.partners, response.partners().entries_size(), &names);
  AddListed(answer.experts, response.experts().entries_size(), &names);
  AddListed(answer.results, response.results().entries_size(), &names);
  return names;
}
std::vector<std::string> ListedIn(const ReverseAnswer& answer, const pb::ReverseMatchResponse& response) {
  std::vector<std::string> names;
  AddListed(answer.needs, response.needs().entries_size(), &names);
  return names;
}
std::vector<std::string> ListedIn(const SearchAnswer& answer) {
  std::vector<std::string> names;
  for (const SearchHit& hit : answer.hits) names.push_back(ResourceName(hit.name.kind, hit.name.id));
  return names;
}

absl::Status BeginAgain(const std::string& why, const std::string& reason) {
  return WithReason(
      WithField(absl::AbortedError("page_token: " + why + "; begin again without page_token"), "page_token"),
      reason);
}

absl::Status MayContinue(const Viewer& caller, const Viewer& asked, absl::Time read_time) {
  if (absl::Now() - read_time > kPageTokenAgeMax) {
    return BeginAgain("its first page is older than " + absl::FormatDuration(kPageTokenAgeMax),
                      "PAGE_TOKEN_EXPIRED");
  }
  if (asked.tenant == caller.tenant && asked.all_tenants == caller.all_tenants) return absl::OkStatus();
  return WithReason(FieldError("page_token", "belongs to another tenant's answer"),
                    "PAGE_TOKEN_OF_OTHER_TENANT");
}

bool IsAmong(const std::vector<RecordName>& names, const RecordName& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// For a later page: who was refused since the first one was made.
absl::Status ReadRefusedSince(const CatalogueReader& catalogue, const std::string& asking,
                              Occasion* occasion) {
  DX_ASSIGN_OR_RETURN(occasion->refused_since, RefusedForName(catalogue, asking, occasion->viewer));
  std::erase_if(occasion->refused_since,
                [&](const RecordName& name) { return IsAmong(occasion->excluded, name); });
  return absl::OkStatus();
}

// After the page was cut, so that all else stays in its place.
void LeaveOutRefused(const Occasion& occasion, MatchList& list) {
  std::erase_if(list.entries,
                [&](const MatchEntry& entry) { return IsAmong(occasion.refused_since, entry.name); });
}
void LeaveOutRefused(const Occasion& occasion, MatchAnswer& answer) {
  if (occasion.refused_since.empty()) return;
  for (MatchList* list : {&answer.partners, &answer.experts, &answer.results})
    LeaveOutRefused(occasion, *list);
  NameRouteInstitutions(*occasion.snapshot->generation->offers.documents, answer);  // of those that are left
}

// Facets and counts are those of the first page; a reader who sees less than who asked for it is told none.
template <typename Counted>
void LeaveOutCounts(const Occasion& occasion, Counted& answer) {
  if (occasion.Reader() == occasion.viewer) return;
  answer.facets.clear();
  answer.adequate = 0;
}

bool IsOfHiddenInstitution(const DocumentTable& offers, const RecordName& name, const Viewer& reader) {
  const std::optional<DocId> doc = offers.Find(name.kind, name.id);
  if (!doc) return false;
  const std::span<const DocId> owners = offers.owners(*doc);
  return std::any_of(owners.begin(), owners.end(), [&](DocId owner) {
    return offers.kind(owner) == RecordKind::kInstitution &&
           !MaySee(reader, offers.disclosure(owner), offers.tenant(owner), offers.shared(owner));
  });
}

// For such a reader too: pairings are those of who asked for the first page, and one with an institution that
// is not the reader's to see would name it.
void LeaveOutPairings(const Occasion& occasion, MatchList& list) {
  const Viewer reader = occasion.Reader();
  if (reader == occasion.viewer) return;
  const DocumentTable& offers = *occasion.snapshot->generation->offers.documents;
  for (MatchEntry& entry : list.entries) {
    if (!entry.policy || !IsOfHiddenInstitution(offers, entry.name, reader)) continue;
    std::erase(entry.reasons, entry.policy->reason);
    entry.policy.reset();
  }
}

bool HasNextPage(const pb::MatchResponse& response) {
  return !response.partners().next_page_token().empty() || !response.experts().next_page_token().empty() ||
         !response.results().next_page_token().empty();
}
bool HasNextPage(const pb::ReverseMatchResponse& response) {
  return !response.needs().next_page_token().empty();
}
bool HasNextPage(const pb::SearchResponse& response) { return !response.next_page_token().empty(); }

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
  }
  DX_ASSIGN_OR_RETURN(const std::string asking, NeedAskedAbout(request, *catalogue_, occasion));
  if (const std::optional<RecordName> need = ParseResourceName(asking)) {
    DX_ASSIGN_OR_RETURN(call.question.settings.memories, MemoriesOn(*catalogue_, occasion, *need));
  }
  if (!call.region.empty()) call.question.need.region = call.region;
  SetOccasion(occasion, limits, call.question.settings);
  call.question.settings.excluded = occasion.excluded;
  return call;
}

absl::Status MatchRunner::Answer(const pb::MatchRequest& request, const Occasion& occasion,
                                 const RunLimits& limits, pb::MatchResponse* response,
                                 std::vector<std::string>* listed) const {
  const Snapshot& snapshot = *occasion.snapshot;
  DX_ASSIGN_OR_RETURN(MatchCall call,
                      DecodeMatchRequest(request, *snapshot.policy, DayInChina(occasion.read_time)));
  DX_RETURN_IF_ERROR(CheckGeneration(call.cursor, snapshot.generation->manifest.generation));
  SetTokens(occasion, &call.cursor);
  DX_ASSIGN_OR_RETURN(call, Prepare(std::move(call), request, occasion, limits));
  const CatalogueRecords records = RecordsOf(*catalogue_, occasion);
  const std::optional<LedgerLoads> loads = LoadsOn(*catalogue_, occasion, &loads_);
  DX_ASSIGN_OR_RETURN(
      MatchAnswer answer,
      AboutRecord(
          dongxi::Match(ContextOf(occasion, call.ranking.config, records, PointerTo(loads)), call.question),
          TextFieldOf(request)));
  LeaveOutRefused(occasion, answer);
  for (MatchList* list : {&answer.partners, &answer.experts, &answer.results}) {
    DX_RETURN_IF_ERROR(LeaveOutHidden(*catalogue_, occasion, call.question.settings.detail, *list));
    LeaveOutCounts(occasion, *list);
    LeaveOutPairings(occasion, *list);
    TellNames(*snapshot.generation->offers.documents, call.question.settings.detail, *list, occasion.note);
  }
  EncodeMatchAnswer(answer, call, snapshot, occasion.read_time, response);
  if (listed != nullptr) *listed = ListedIn(answer, *response);
  return absl::OkStatus();
}

absl::Status MatchRunner::Answer(const pb::ReverseMatchRequest& request, const Occasion& occasion,
                                 const RunLimits& limits, pb::ReverseMatchResponse* response,
                                 std::vector<std::string>* listed) const {
  const Snapshot& snapshot = *occasion.snapshot;
  DX_ASSIGN_OR_RETURN(ReverseMatchCall call,
                      DecodeReverseMatchRequest(request, *snapshot.policy, DayInChina(occasion.read_time)));
  DX_RETURN_IF_ERROR(CheckGeneration(call.cursor, snapshot.generation->manifest.generation));
  SetTokens(occasion, &call.cursor);
  DX_RETURN_IF_ERROR(ChooseRanking(request, snapshot.ranking, &call));
  const CatalogueRecords records = RecordsOf(*catalogue_, occasion);
  ReverseQuestion question;
  DX_ASSIGN_OR_RETURN(question.offer, records.Get(call.offer_name));
  question.settings = call.settings;
  SetOccasion(occasion, limits, question.settings);
  question.settings.excluded = occasion.excluded;
  DX_ASSIGN_OR_RETURN(question.settings.memories, MemoriesOn(*catalogue_, occasion, call.offer_name));
  const std::optional<LedgerLoads> loads = LoadsOn(*catalogue_, occasion, &loads_);
  const CatalogueRecords ranked_by = RankingRecordsOf(*catalogue_, occasion);
  MatchContext context = ContextOf(occasion, call.ranking.config, records, PointerTo(loads));
  context.ranking_records = &ranked_by;
  DX_ASSIGN_OR_RETURN(ReverseAnswer answer,
                      AboutRecord(dongxi::ReverseMatch(context, question), "offer_name"));
  LeaveOutRefused(occasion, answer.needs);
  DX_RETURN_IF_ERROR(LeaveOutHidden(*catalogue_, occasion, question.settings.detail, answer.needs));
  LeaveOutCounts(occasion, answer.needs);
  TellNames(*snapshot.generation->needs.documents, question.settings.detail, answer.needs, occasion.note);
  EncodeReverseAnswer(answer, call, snapshot, occasion.read_time, response);
  if (listed != nullptr) *listed = ListedIn(answer, *response);
  return absl::OkStatus();
}

absl::Status MatchRunner::Answer(const pb::SearchRequest& request, const Occasion& occasion,
                                 const RunLimits& limits, pb::SearchResponse* response,
                                 std::vector<std::string>* listed) const {
  const Snapshot& snapshot = *occasion.snapshot;
  DX_ASSIGN_OR_RETURN(SearchCall call,
                      DecodeSearchRequest(request, *snapshot.policy, DayInChina(occasion.read_time)));
  DX_RETURN_IF_ERROR(CheckGeneration(call.cursor, snapshot.generation->manifest.generation));
  SetTokens(occasion, &call.cursor);
  SetOccasion(occasion, limits, call.question);
  const CatalogueRecords records = RecordsOf(*catalogue_, occasion);
  DX_ASSIGN_OR_RETURN(
      SearchAnswer answer,
      AboutText(dongxi::Search(ContextOf(occasion, snapshot.ranking, records), call.question), "query"));
  LeaveOutCounts(occasion, answer);
  EncodeSearchAnswer(answer, call, snapshot, occasion.read_time, response);
  if (listed != nullptr) *listed = ListedIn(answer);
  return absl::OkStatus();
}

void MatchRunner::SetTokens(const Occasion& occasion, Cursor* cursor) const {
  cursor->first_page = occasion.first_page;
  cursor->token_key = history_->token_key();
}

absl::StatusOr<Occasion> MatchRunner::OccasionFor(const std::string& page_token, const Caller& caller,
                                                  const RunLimits& limits,
                                                  const std::string& match_id) const {
  if (!MatchIdOfPageToken(page_token).empty()) return LaterPage(page_token, caller, limits);
  DX_ASSIGN_OR_RETURN(Occasion occasion, Now(caller));
  occasion.first_page = match_id;
  return occasion;
}

absl::StatusOr<Occasion> MatchRunner::LaterPage(const std::string& page_token, const Caller& caller,
                                                const RunLimits& limits) const {
  if (!IsSignedPageToken(page_token, history_->token_key())) {
    return WithReason(
        FieldError("page_token", "is not signed by this server; begin again without page_token"),
        "PAGE_TOKEN_INVALID");
  }
  absl::StatusOr<Occasion> first = history_->OccasionOf(MatchIdOfPageToken(page_token), limits,
                                                        [&caller](const Viewer& asked, absl::Time read_time) {
                                                          return MayContinue(caller.viewer, asked, read_time);
                                                        });
  if (absl::IsFailedPrecondition(first.status()) || absl::IsNotFound(first.status()))
    return BeginAgain(std::string(first.status().message()), "GENERATION_CHANGED");
  if (!first.ok()) return first;
  // A token that sees more continues the answer as it was asked for; one that sees less gets less.
  if (caller.viewer.disclosure_max < first->viewer.disclosure_max)
    first->shown_max = caller.viewer.disclosure_max;
  first->visible_at = std::max(catalogue_->sequence(), first->snapshot->sequence);
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
  DX_ASSIGN_OR_RETURN(Occasion occasion, OccasionFor(request.page_token(), caller, limits, match_id));
  occasion.note = caller.note;
  occasion.stages = caller.stages;
  DX_ASSIGN_OR_RETURN(const std::string asking, AskingName(request, *catalogue_, occasion));
  if (occasion.first_page == match_id) {
    DX_RETURN_IF_ERROR(ReadLedger(asking, &occasion));
  } else {  // Later pages leave out what the first one did, and who was refused meanwhile.
    DX_RETURN_IF_ERROR(ReadRefusedSince(*catalogue_, asking, &occasion));
  }
  std::vector<std::string> listed;
  DX_RETURN_IF_ERROR(Answer(request, occasion, limits, response, &listed));
  occasion.note = nullptr;  // The history keeps the occasion, not the call.
  occasion.stages = nullptr;
  occasion.degraded = response->degraded();
  pb::MatchRecord record;
  SetRequest(request, &record);
  record.set_answer_crc32c(AnswerChecksum(*response));
  history_->Note(match_id, occasion, std::move(record), listed);
  if (occasion.first_page == match_id && HasNextPage(*response)) history_->Pin(match_id, occasion);
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
