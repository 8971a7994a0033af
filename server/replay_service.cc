#include "server/replay_service.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "server/convert.h"
#include "server/deadline.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

constexpr std::string_view kMatchesPrefix = "matches/";

// Whoever looks sees no more than he who asked.
bool MayReplay(const Viewer& viewer, const pb::MatchViewer& asked) {
  if (static_cast<int32_t>(viewer.disclosure_max) < asked.disclosure_max()) return false;
  return viewer.all_tenants || (!asked.all_tenants() && asked.tenant() == viewer.tenant);
}

// Whether the caller may be told of a refused record: as it is, for the operator also as it was when it was
// deleted; of one that is removed for good only the operator is told who sees every level.
bool MayHearOf(const Viewer& viewer, const std::optional<Record>& found) {
  if (found) return MaySee(viewer, *found);
  return viewer.all_tenants && viewer.disclosure_max == Disclosure::kOrganiser;
}

// Takes out of a record that leaves the refused names that the caller may not see: a refusal holds for
// everybody where need or offer is the refuser's own, also for those who may not see it. The audit log hears
// of the others.
absl::Status LeaveOutHiddenRefusals(const CatalogueReader& catalogue, const Caller& caller,
                                    pb::MatchRecord* record) {
  std::vector<RecordName> names;
  for (const std::string& text : record->excluded()) {
    if (std::optional<RecordName> name = ParseResourceName(text)) names.push_back(*std::move(name));
  }
  record->clear_excluded();
  DX_ASSIGN_OR_RETURN(const auto live, catalogue.GetMany(names));
  DX_ASSIGN_OR_RETURN(const auto deleted, catalogue.GetManyDeleted(names));
  for (size_t i = 0; i < names.size(); ++i) {
    const std::optional<Record>& found = live[i] || !caller.viewer.all_tenants ? live[i] : deleted[i];
    if (!MayHearOf(caller.viewer, found)) continue;
    if (found) caller.Showed(*found);
    record->add_excluded(ResourceName(names[i].kind, names[i].id));
  }
  return absl::OkStatus();
}

// Makes the answer and compares it with the one that was given.
template <typename Request, typename Response>
absl::Status Replay(const MatchRunner& runner, const Request& request, const Occasion& occasion,
                    const RunLimits& limits, const std::string& match_id, uint32_t checksum, bool* identical,
                    Response* answer) {
  DX_RETURN_IF_ERROR(runner.Answer(request, occasion, limits, answer));
  *identical = AnswerChecksum(*answer) == checksum;
  answer->set_match_id(match_id);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<NotedMatch> ReplayService::NotedFor(const std::string& name, const Caller& caller) const {
  if (name.substr(0, kMatchesPrefix.size()) != kMatchesPrefix || name.size() == kMatchesPrefix.size())
    return FieldError("name", "expected matches/{match_id}");
  const std::string match_id = name.substr(kMatchesPrefix.size());
  DX_ASSIGN_OR_RETURN(NotedMatch noted, history_->Read(match_id));
  if (MayReplay(caller.viewer, noted.record.viewer())) return noted;
  return WithReason(absl::NotFoundError(name + ": no such answer is in the match log"), "MATCH_NOT_FOUND");
}

grpc::Status ReplayService::GetMatchRecord(grpc::ServerContext* context,
                                           const pb::GetMatchRecordRequest* request,
                                           pb::MatchRecord* response) {
  return gate_->Run(*context, "ReplayService.GetMatchRecord", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(NotedMatch noted, NotedFor(request->name(), caller));
    DX_RETURN_IF_ERROR(LeaveOutHiddenRefusals(*catalogue_, caller, &noted.record));
    *response = std::move(noted.record);
    return absl::OkStatus();
  });
}

grpc::Status ReplayService::ReplayMatch(grpc::ServerContext* context, const pb::ReplayMatchRequest* request,
                                        pb::ReplayMatchResponse* response) {
  return gate_->Run(*context, "ReplayService.ReplayMatch", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(NotedMatch noted, NotedFor(request->name(), caller));
    DX_ASSIGN_OR_RETURN(Occasion occasion, history_->Reopen(noted, LimitsOf(*context)));
    // The operator, who answers for the service, sees what was shown; a tenant only what it may still see.
    if (!caller.may_admin)
      occasion.visible_at = std::max(catalogue_->sequence(), occasion.snapshot->sequence);
    // Of the copy that leaves: the answer is made again with all that were refused.
    DX_RETURN_IF_ERROR(LeaveOutHiddenRefusals(*catalogue_, caller, &noted.record));
    *response->mutable_record() = std::move(noted.record);
    const pb::MatchRecord& record = response->record();
    occasion.note = caller.note;
    const RunLimits limits = LimitsOf(*context);
    const std::string match_id = record.name().substr(kMatchesPrefix.size());
    bool identical = false;
    const auto replay = [&](const auto& asked, auto* answer) {
      return Replay(*runner_, asked, occasion, limits, match_id, record.answer_crc32c(), &identical, answer);
    };
    absl::Status status = WithReason(
        absl::NotFoundError(record.name() + ": was noted for its later pages alone and cannot be made again"),
        "MATCH_NOT_FOUND");
    if (record.has_match()) status = replay(record.match(), response->mutable_match());
    if (record.has_reverse_match())
      status = replay(record.reverse_match(), response->mutable_reverse_match());
    if (record.has_search()) status = replay(record.search(), response->mutable_search());
    response->set_identical(identical);
    return status;
  });
}

}  // namespace dongxi
