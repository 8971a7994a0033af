// The checks among AdminJobs: one that reads every kind of file of the data folder, one for a generation, one
// for a backup.
#include "engine/base/status_macros.h"
#include "server/admin_job_parts.h"
#include "server/admin_jobs.h"
#include "server/audit_trail.h"
#include "server/report_store.h"
#include "server/settings_archive.h"
#include "server/table_check.h"
#include "server/token_file.h"
#include "store/catalogue_check.h"

namespace dongxi {
namespace {

using google::protobuf::Any;

constexpr int kProblemsMax = 100;
constexpr double kCatalogueShare = 0.5;  // of the whole check

void AddProblem(const std::string& what, pb::VerifyResponse* found) {
  if (found->problems_size() < kProblemsMax) found->add_problems(what);
}

absl::Status CheckWasCancelled() { return absl::CancelledError("the check was cancelled"); }

}  // namespace

absl::Status AdminJobs::VerifyCatalogue(OperationContext& context, pb::VerifyResponse* found) const {
  // What is in memory goes to data files first: its log is of no use then, whatever has happened to it.
  if (const absl::Status flushed = catalogue_->Flush(); !flushed.ok())
    AddProblem(std::string(flushed.message()), found);
  const std::unique_ptr<CatalogueReader> snapshot = catalogue_->Snapshot();
  CatalogueCheckWatch watch;
  watch.progress = [&](double fraction) { context.Progress(fraction * kCatalogueShare, "catalogue"); };
  watch.cancelled = [&] { return context.Cancelled(); };
  DX_ASSIGN_OR_RETURN(const CatalogueCheck check, CheckCatalogue(*snapshot, watch));
  found->set_records(static_cast<int64_t>(check.records));
  for (const std::string& problem : check.problems) AddProblem(problem, found);
  std::vector<std::string> problems;
  CheckTables(*snapshot, watch.cancelled, &problems);
  for (const std::string& problem : problems) AddProblem(problem, found);
  // The list of files, which a running database does not read again: a restart would.
  const auto view = OpenCatalogueView(options_.data / "catalogue");
  if (!view.ok() && !absl::IsUnavailable(view.status()))
    AddProblem("a restart would fail: " + std::string(view.status().message()), found);
  return context.Cancelled() ? CheckWasCancelled() : absl::OkStatus();
}

absl::Status AdminJobs::VerifyGenerations(OperationContext& context, pb::VerifyResponse* found) const {
  const std::vector<GenerationInfo> all = generations_.List();
  double done = 0;
  for (const GenerationInfo& info : all) {
    context.Progress(kCatalogueShare + done++ / static_cast<double>(all.size()) * (1 - kCatalogueShare),
                     "generations");
    if (context.Cancelled()) return CheckWasCancelled();
    const absl::Status status = generations_.Verify(info.name);
    if (!status.ok() && !absl::IsNotFound(status)) AddProblem(std::string(status.message()), found);
    if (!info.manifest.ok()) continue;
    found->set_files(found->files() + static_cast<int64_t>(info.manifest->files.size()) + 1);
    found->set_size_bytes(found->size_bytes() + static_cast<int64_t>(info.bytes));
  }
  const absl::StatusOr<std::string> current = ReadCurrent(generations_.directory());
  const bool leads_nowhere = current.ok() && !generations_.Get(*current).ok();
  if (leads_nowhere || (!current.ok() && !all.empty())) {
    AddProblem((generations_.directory() / kCurrentName).string() +
                   ": names no generation; run dongxi admin " + "publish with the newest one that is whole",
               found);
  }
  return absl::OkStatus();
}

// Settings kept for replay, reports, tokens, audit log.
void AdminJobs::VerifySmallFiles(OperationContext& context, pb::VerifyResponse* found) const {
  context.Progress(1, "files");
  const ListedFolders settings = SettingsArchive::Verify(options_.data / "settings");
  for (const std::string& problem : settings.problems) AddProblem(problem, found);
  const ReportCheck reports = CheckReports(options_.data / kReportsFolderName);
  for (const std::string& problem : reports.problems) AddProblem(problem, found);
  uint64_t files = settings.files + reports.files;
  if (const auto tokens = ReadTokens(options_.data / kTokenFileName); !tokens.ok())
    AddProblem(std::string(tokens.status().message()), found);
  std::error_code error;
  files += std::filesystem::exists(options_.data / kTokenFileName, error) ? 1 : 0;
  // Files that were taken to an archive on purpose are no damage.
  const absl::StatusOr<AuditReport> audit =
      VerifyAudit(options_.data / kAuditFolderName, options_.audit_key, /*archived=*/true);
  if (!audit.ok() && !absl::IsNotFound(audit.status()))
    AddProblem(std::string(audit.status().message()), found);
  if (audit.ok()) {
    files += audit->files;
    for (const std::string& finding : audit->findings)
      AddProblem("审计日志 " + finding + "；保留原文件作为证据，见 dongxi-server audit verify", found);
  }
  found->set_files(found->files() + static_cast<int64_t>(files));
  found->set_size_bytes(found->size_bytes() + static_cast<int64_t>(settings.bytes + reports.bytes));
}

absl::StatusOr<Any> AdminJobs::Verify(const Any&, OperationContext& context) {
  pb::VerifyResponse found;
  DX_RETURN_IF_ERROR(VerifyCatalogue(context, &found));
  DX_RETURN_IF_ERROR(VerifyGenerations(context, &found));
  VerifySmallFiles(context, &found);
  return PackJob(found);
}

absl::StatusOr<Any> AdminJobs::VerifyOneGeneration(const Any& any, OperationContext& context) {
  DX_ASSIGN_OR_RETURN(const auto request, UnpackJob<pb::VerifyGenerationRequest>(any));
  std::string name = request.name();
  if (name.empty()) {
    DX_ASSIGN_OR_RETURN(name, ReadCurrent(generations_.directory()));
  } else {
    name = name.substr(sizeof(kGenerationPrefix) - 1);
  }
  context.Progress(0, "generations");
  DX_ASSIGN_OR_RETURN(const GenerationInfo info, generations_.Get(name));
  pb::VerifyResponse found;
  const absl::Status status = generations_.Verify(name);
  if (!status.ok()) AddProblem(std::string(status.message()), &found);
  if (info.manifest.ok()) found.set_files(static_cast<int64_t>(info.manifest->files.size()) + 1);
  found.set_size_bytes(static_cast<int64_t>(info.bytes));
  return PackJob(found);
}

absl::StatusOr<Any> AdminJobs::VerifyOneBackup(const Any& any, OperationContext& context) {
  DX_ASSIGN_OR_RETURN(const auto request, UnpackJob<pb::VerifyBackupRequest>(any));
  const std::filesystem::path directory = options_.backups / std::filesystem::path(request.name()).filename();
  std::error_code error;
  if (!std::filesystem::exists(directory, error))
    return absl::NotFoundError(request.name() + ": there is none");
  pb::VerifyResponse found;
  const absl::StatusOr<BackupManifest> manifest = VerifyBackup(directory, BackupWatchOf(context));
  if (absl::IsCancelled(manifest.status())) return manifest.status();
  if (!manifest.ok()) {
    AddProblem(std::string(manifest.status().message()), &found);
  } else {
    found.set_files(static_cast<int64_t>(manifest->files.size()) + 1);
    found.set_size_bytes(static_cast<int64_t>(manifest->bytes()));
  }
  return PackJob(found);
}

}  // namespace dongxi
