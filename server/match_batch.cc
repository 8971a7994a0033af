// Matches for many needs.
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/record/viewer.h"
#include "server/convert.h"
#include "server/convert_parts.h"
#include "server/grpc_status.h"
#include "server/match_runner.h"
#include "server/own_fault.h"
#include "server/record_filter_row.h"

namespace dongxi {
namespace {

// The needs that pass the filter and that the viewer may see, in order of id.
absl::StatusOr<std::vector<RecordName>> NeedsThatPass(const CatalogueReader& catalogue, const Filter& filter,
                                                      const Viewer& viewer, const RunLimits& limits) {
  std::vector<RecordName> needs;
  bool late = false, too_many = false;
  const auto visit = [&](const Record& record) {
    late = (limits.cancelled && limits.cancelled()) || absl::Now() >= limits.deadline;
    if (late) return false;
    if (!MaySee(viewer, record) || !filter.Matches(RecordFilterRow(record))) return true;
    too_many = needs.size() == kBatchNeedsMax;
    if (!too_many) needs.push_back({record.kind, record.id});
    return !too_many;
  };
  DX_RETURN_IF_ERROR(catalogue.Scan(RecordKind::kNeed, "", visit));
  if (late) return absl::CancelledError("the caller went away");
  if (too_many) {
    return FieldError("need_filter", "more than " + std::to_string(kBatchNeedsMax) +
                                         " needs pass; narrow it and send several batches");
  }
  return needs;
}

// An error of one need, which does not end the call.
void SetError(const absl::Status& status, const Caller& caller, google::rpc::Status* out) {
  if (IsOwnFault(status) && caller.log != nullptr)
    caller.log->Error("request " + caller.request_id +
                      ", one need of a batch: " + std::string(status.message()));
  const grpc::Status wire = ToGrpc(ForCallers(status, caller.request_id));
  if (!out->ParseFromString(wire.error_details())) {
    out->set_code(static_cast<int>(status.code()));
    out->set_message(wire.error_message());
  }
}

bool EndsTheBatch(const absl::Status& status) {
  return absl::IsCancelled(status) || absl::IsDeadlineExceeded(status);
}

}  // namespace

absl::Status MatchRunner::RunBatch(const pb::BatchMatchRequest& request, const Caller& caller,
                                   const RunLimits& limits,
                                   const std::function<bool(const pb::BatchMatchResponse&)>& done) {
  DX_ASSIGN_OR_RETURN(const Occasion occasion, Now(caller));
  DX_ASSIGN_OR_RETURN(BatchMatchCall call, DecodeBatchRequest(request, *occasion.snapshot->policy,
                                                              DayInChina(occasion.read_time)));
  MatchCall probe;  // a wrong profile or weight is an error of the request, not of each need
  DX_RETURN_IF_ERROR(WithinMatch(ChooseRanking(request.match(), occasion.snapshot->ranking, &probe)));
  if (call.filter != nullptr) {
    DX_ASSIGN_OR_RETURN(call.needs, NeedsThatPass(*catalogue_, *call.filter, caller.viewer, limits));
  }
  caller.Charge(static_cast<int>(call.needs.size()) - 1);
  pb::MatchRequest match = request.match();
  for (size_t i = 0; i < call.needs.size(); ++i) {
    DX_RETURN_IF_ERROR(caller.StillAdmitted());
    pb::BatchMatchResponse one;
    one.set_need_name(ResourceName(call.needs[i].kind, call.needs[i].id));
    one.set_done(static_cast<int32_t>(i + 1));
    one.set_total(static_cast<int32_t>(call.needs.size()));
    match.set_need_name(one.need_name());
    const absl::Status status = Run(match, caller, limits, one.mutable_match());
    if (EndsTheBatch(status)) return status;
    if (!status.ok()) SetError(status, caller, one.mutable_error());
    DX_RETURN_IF_ERROR(caller.Commit());  // in the audit log before the records leave
    if (!done(one)) return absl::CancelledError("the caller went away");
  }
  return absl::OkStatus();
}

}  // namespace dongxi
