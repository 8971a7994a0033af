#include "server/report_service.h"

#include <algorithm>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "server/convert.h"
#include "server/grpc_status.h"
#include "server/page_token.h"
#include "server/report_jobs.h"
#include "server/report_request.h"
#include "server/request_memory.h"

namespace dongxi {
namespace {

constexpr int64_t kPieceBytes = 256 << 10;

google::protobuf::Any JobOf(const pb::RunReportRequest& request, const Caller& caller) {
  storage::ReportJob job;
  job.mutable_scope()->set_tenant(caller.tenant());
  job.mutable_scope()->set_disclosure(static_cast<int32_t>(caller.viewer.disclosure_max));
  job.mutable_scope()->set_all_tenants(caller.viewer.all_tenants);
  job.set_token_id(caller.token_id);
  *job.mutable_request() = request;
  job.mutable_request()->clear_request_id();
  google::protobuf::Any any;
  any.PackFrom(job);
  return any;
}

absl::StatusOr<pb::ReportFile> FileIn(const pb::Report& report, const std::string& name) {
  std::string names;
  for (const pb::ReportFile& file : report.files()) {
    if (file.name() == name) return file;
    names += (names.empty() ? "" : ", ") + file.name();
  }
  return WithField(
      WithReason(absl::NotFoundError("file: " + report.name() + " has " + names), "NO_SUCH_FILE"), "file");
}

absl::Status CheckOffset(int64_t offset, const pb::ReportFile& file) {
  if (offset < 0) return FieldError("offset", "found " + std::to_string(offset) + ", expected 0 or more");
  if (offset <= file.size_bytes()) return absl::OkStatus();
  return WithField(
      absl::OutOfRangeError("offset: " + std::to_string(offset) + " is beyond the end of " + file.name() +
                            ", which has " + std::to_string(file.size_bytes()) + " bytes; begin at 0"),
      "offset");
}

}  // namespace

grpc::Status ReportService::RunReport(grpc::ServerContext* context, const pb::RunReportRequest* request,
                                      google::longrunning::Operation* response) {
  return gate_->Run(*context, "ReportService.RunReport", [&](const Caller& caller) -> absl::Status {
    // The form of the id alone: the runner keeps the ids of operations.
    DX_RETURN_IF_ERROR(MakeRequestKey(caller.tenant(), request->request_id(), "", "").status());
    const std::shared_ptr<const Policy> policy = state_->policy();
    DX_RETURN_IF_ERROR(CheckReportRequest(
        *request, caller, {*policy, state_->ranking(), DayInChina(absl::Now()), *catalogue_, *store_}));
    DX_RETURN_IF_ERROR(state_->Serving().status());
    DX_ASSIGN_OR_RETURN(*response,
                        runner_->Start(kReportKind, JobOf(*request, caller), caller, request->request_id()));
    caller.Touched(response->name());
    caller.Touched(ReportNameOfOperation(response->name()));
    return absl::OkStatus();
  });
}

grpc::Status ReportService::GetReport(grpc::ServerContext* context, const pb::GetReportRequest* request,
                                      pb::Report* response) {
  return gate_->Run(*context, "ReportService.GetReport", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(storage::ReportManifest manifest, store_->Find(request->name(), "name", caller));
    *response = std::move(*manifest.mutable_report());
    return absl::OkStatus();
  });
}

grpc::Status ReportService::ListReports(grpc::ServerContext* context, const pb::ListReportsRequest* request,
                                        pb::ListReportsResponse* response) {
  return gate_->Run(*context, "ReportService.ListReports", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const int limit, DecodePageSize(request->page_size(), kListPageSize));
    PageToken token;
    const uint64_t hash = HashBytes("ListReports");
    if (!request->page_token().empty()) {
      DX_ASSIGN_OR_RETURN(token, DecodePageToken(request->page_token(), hash));
    }
    std::vector<pb::Report> reports = store_->List(token.after, limit + 1, caller);
    const bool more = static_cast<int>(reports.size()) > limit;
    if (more) {
      reports.pop_back();
      response->set_next_page_token(EncodePageToken({.request_hash = hash, .after = reports.back().name()}));
    }
    for (pb::Report& report : reports) *response->add_reports() = std::move(report);
    return absl::OkStatus();
  });
}

grpc::Status ReportService::DeleteReport(grpc::ServerContext* context, const pb::DeleteReportRequest* request,
                                         google::protobuf::Empty*) {
  return gate_->Run(*context, "ReportService.DeleteReport", [&](const Caller& caller) -> absl::Status {
    DX_RETURN_IF_ERROR(store_->Remove(request->name(), caller));
    caller.Touched(request->name());
    return absl::OkStatus();
  });
}

absl::Status ReportService::Download(const pb::DownloadReportRequest& request, const Caller& caller,
                                     grpc::ServerWriter<pb::DownloadReportResponse>* writer) const {
  DX_ASSIGN_OR_RETURN(const storage::ReportManifest manifest, store_->Find(request.name(), "name", caller));
  DX_RETURN_IF_ERROR(ReportStore::CheckMayRead(manifest, caller));
  DX_ASSIGN_OR_RETURN(const pb::ReportFile file, FileIn(manifest.report(), request.file()));
  DX_RETURN_IF_ERROR(CheckOffset(request.offset(), file));
  const std::filesystem::path path = store_->PathOf(request.name(), file.name());
  std::ifstream bytes(path, std::ios::binary);
  bytes.seekg(request.offset());
  // In the audit log before the first byte leaves.
  DX_RETURN_IF_ERROR(store_->ReadDisclosed(manifest, [&caller](const std::string& name, Disclosure level) {
    if (caller.note != nullptr) caller.note->Disclosed(name, level);
  }));
  DX_RETURN_IF_ERROR(caller.Commit());
  int64_t left = file.size_bytes() - request.offset();
  while (left > 0) {
    pb::DownloadReportResponse piece;
    piece.mutable_data()->resize(static_cast<size_t>(std::min(left, kPieceBytes)));
    if (!bytes.read(piece.mutable_data()->data(), static_cast<std::streamsize>(piece.data().size()))) {
      return absl::DataLossError(path.string() +
                                 ": shorter than its manifest says; delete this report with "
                                 "dongxi reports delete and make it again");
    }
    left -= static_cast<int64_t>(piece.data().size());
    DX_RETURN_IF_ERROR(caller.StillAdmitted());
    if (!caller.AwaitPeer([&] { return writer->Write(piece); }))
      return absl::CancelledError("the caller went away");
  }
  return absl::OkStatus();
}

grpc::Status ReportService::DownloadReport(grpc::ServerContext* context,
                                           const pb::DownloadReportRequest* request,
                                           grpc::ServerWriter<pb::DownloadReportResponse>* writer) {
  return gate_->Run(*context, "ReportService.DownloadReport",
                    [&](const Caller& caller) { return Download(*request, caller, writer); });
}

}  // namespace dongxi
