#include "server/report_jobs.h"

#include <memory>
#include <utility>

#include "engine/base/status_macros.h"
#include "report/journal.h"
#include "report/write_files.h"
#include "server/background_thread.h"
#include "server/report_assemble.h"

namespace dongxi {
namespace {

using google::protobuf::Any;

// Of the whole, until the files are written: drawing the PDF takes several times as long as all matches.
constexpr double kMatchedShare = 0.2;

double Share(size_t done, size_t all) {
  return all == 0 ? 0 : static_cast<double>(done) / static_cast<double>(all);
}

Any Packed(const pb::Report& report) {
  Any any;
  any.PackFrom(report);
  return any;
}

Caller Operator() {
  Caller caller;
  caller.viewer.all_tenants = true;
  return caller;
}

}  // namespace

void ReportJobs::RegisterWith(OperationRunner* runner) {
  runner_ = runner;
  runner->Register(
      kReportKind, [this](const Any& request, OperationContext& context) { return Make(request, context); },
      OperationAudience::kTenant, OperationLane::kReports);
}

bool ReportJobs::Pending(const std::string& report) const {
  const auto operation = runner_->Get(OperationOfReport(report), Operator());
  return operation.ok() && !operation->done();
}

// The end of the server, which nobody asked the operation for.
bool ReportJobs::StopsForRestart(const absl::Status& status, const OperationContext& context) const {
  if (!absl::IsCancelled(status)) return false;
  const auto operation = runner_->Get(context.name, Operator());
  v1::OperationMetadata metadata;
  return operation.ok() && operation->metadata().UnpackTo(&metadata) && !metadata.cancel_requested();
}

absl::StatusOr<Any> ReportJobs::Make(const Any& any, OperationContext& context) {
  storage::ReportJob job;
  if (!any.UnpackTo(&job))
    return absl::InternalError("the stored request is of another type: " + any.type_url());
  const std::string name = ReportNameOfOperation(context.name);
  if (const absl::StatusOr<pb::Report> made = store_->Published(name); made.ok()) {
    store_->Discard(name);
    return Packed(*made);
  }
  const absl::StatusOr<pb::Report> report = MakeReport(job, name, context);
  if (!StopsForRestart(report.status(), context)) store_->Discard(name);
  if (!report.ok()) return report.status();
  return Packed(*report);
}

absl::StatusOr<pb::Report> ReportJobs::MakeReport(const storage::ReportJob& job, const std::string& name,
                                                  OperationContext& context) {
  const auto cancelled = [&context] { return context.Cancelled(); };
  context.Progress(0, "match");
  DX_RETURN_IF_ERROR(store_->MakeRoot());
  DX_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                      ReportNeedNames(job, *catalogue_, *state_->policy(), cancelled));
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<report::Journal> journal,
                      report::Journal::Open(store_->JournalOf(name), job.SerializeAsString()));
  ReportMatcher matcher({matches_, catalogue_, spare_, options_.answer_bytes_max,
                         [&context](const absl::Status& status) { context.Fault(status); }},
                        &job, journal.get(), cancelled);
  DX_ASSIGN_OR_RETURN(const std::vector<ReportedNeed> needs,
                      matcher.Run(names, [&context](size_t done, size_t all) {
                        context.Progress(kMatchedShare * Share(done, all), "match");
                      }));
  context.Progress(kMatchedShare, "write");
  DX_ASSIGN_OR_RETURN(const report::MatchReport report,
                      AssembleReport(job, needs, matcher, journal.get(), *catalogue_, *store_));
  storage::ReportManifest manifest = ManifestOf(name, job, report);
  DX_RETURN_IF_ERROR(store_->BeginDraft(name));
  DX_ASSIGN_OR_RETURN(const auto disclosed, DisclosedIn(report, MakerOf(job), *catalogue_));
  if (!disclosed.empty()) DX_RETURN_IF_ERROR(WriteDisclosed(store_->DraftOf(name), disclosed));
  DX_ASSIGN_OR_RETURN(const std::vector<pb::ReportFile> files, WriteFiles(job, report, name, context));
  for (const pb::ReportFile& file : files) *manifest.mutable_report()->add_files() = file;
  return store_->Publish(std::move(manifest));
}

absl::StatusOr<std::vector<pb::ReportFile>> ReportJobs::WriteFiles(const storage::ReportJob& job,
                                                                   const report::MatchReport& report,
                                                                   const std::string& name,
                                                                   OperationContext& context) {
  const auto before = [&context](size_t done, size_t all) -> absl::Status {
    context.Progress(kMatchedShare + (1 - kMatchedShare) * Share(done, all), "write");
    return context.Cancelled() ? absl::CancelledError("cancelled") : absl::OkStatus();
  };
  absl::StatusOr<std::vector<report::WrittenFile>> written = absl::InternalError("nothing was written");
  // Its maker waits for it: at SCHED_IDLE a server that is never at rest kept him waiting without end.
  RunInBackground(options_.gives_way ? ProcessorShare::kSmall : ProcessorShare::kEqual, [&] {
    written = report::WriteFolder(report, store_->DraftOf(name), FormatsOf(job.request()), before,
                                  [&context] { return context.Cancelled(); });
  });
  if (!written.ok()) return written.status();
  std::vector<pb::ReportFile> files;
  for (const report::WrittenFile& file : *written) {
    pb::ReportFile& out = files.emplace_back();
    out.set_name(file.name);
    out.set_format(FormatToProto(file.format));
  }
  return files;
}

}  // namespace dongxi
