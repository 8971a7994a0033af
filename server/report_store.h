// The reports that the server keeps: DATA/reports/r-…/, a folder each with its files and its manifest
// (docs/format/report.md). A report is there whole or not at all. Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "dongxi/storage/report.pb.h"
#include "server/caller.h"

namespace dongxi {

inline constexpr char kReportsFolderName[] = "reports";

struct ReportStoreOptions {
  std::filesystem::path root;  // made with the first report, mode 0700
  int keep = 20;               // newest of a tenant
  absl::Duration keep_for = absl::Hours(30 * 24);
  std::function<absl::Time()> now = &absl::Now;
};

// The report that the operation "operations/{id}" makes: "reports/r-{id}".
std::string ReportNameOfOperation(const std::string& operation);
std::string OperationOfReport(const std::string& report);

class ReportStore {
 public:
  explicit ReportStore(ReportStoreOptions options) : options_(std::move(options)) {}
  ReportStore(const ReportStore&) = delete;
  ReportStore& operator=(const ReportStore&) = delete;

  // Errors: InvalidArgument about `field` if it is no report's name; NotFound (REPORT_NOT_FOUND) if there is
  // none that the caller may see, or its time is over; DataLoss.
  absl::StatusOr<storage::ReportManifest> Find(const std::string& name, const std::string& field,
                                               const Caller& caller) const;
  // PermissionDenied (REPORT_DISCLOSURE) unless the caller's token sees at least what the maker's saw. What
  // the report tells of records is for him then.
  static absl::Status CheckMayRead(const storage::ReportManifest& manifest, const Caller& caller);
  // Those that the caller may see, newest first, of those older than the one named `after` (empty: from the
  // newest), at most `limit`. Damaged ones are passed over (Verify tells them).
  std::vector<dongxi::v1::Report> List(const std::string& after, int limit, const Caller& caller) const;
  // Errors: those of Find, and of the file system.
  absl::Status Remove(const std::string& name, const Caller& caller) ABSL_LOCKS_EXCLUDED(mutex_);

  // Where a file of a report is. `file` is one of its manifest's.
  std::filesystem::path PathOf(const std::string& name, const std::string& file) const;
  // The names and levels of the records in it that are not public, as WriteDisclosed wrote them.
  absl::Status ReadDisclosed(const storage::ReportManifest& manifest,
                             absl::FunctionRef<void(const std::string& name, Disclosure level)> visit) const;

  // For the job that makes a report: where its journal is, and the folder where its files are written first.
  std::filesystem::path JournalOf(const std::string& name) const;
  std::filesystem::path DraftOf(const std::string& name) const;
  // The root is there.
  absl::Status MakeRoot() const;
  // An empty draft, whatever an interrupted job left there.
  absl::Status BeginDraft(const std::string& name) const;
  // Makes the draft the report of `manifest`, whose files have name and format: adds sizes, checksums and
  // times, and puts it in place in one step, durably. Then removes what its tenant has too many of.
  absl::StatusOr<dongxi::v1::Report> Publish(storage::ReportManifest manifest) ABSL_LOCKS_EXCLUDED(mutex_);
  // Removes draft and journal.
  void Discard(const std::string& name) const;
  // What Publish made of the operation, if it did; for jobs that run again. NotFound.
  absl::StatusOr<dongxi::v1::Report> Published(const std::string& name) const;

  // Removes reports whose time is over, and drafts and journals of reports for which `pending` is false.
  void Sweep(absl::FunctionRef<bool(const std::string& name)> pending) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::StatusOr<storage::ReportManifest> Read(const std::string& id) const;
  absl::Status Erase(const std::string& id) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Trim(const std::string& tenant) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const ReportStoreOptions options_;
  absl::Mutex mutex_;  // of what changes the folder
};

// Writes "level name" lines into a draft's list of what is disclosed. Names ascend.
absl::Status WriteDisclosed(const std::filesystem::path& draft,
                            const std::vector<std::pair<std::string, Disclosure>>& disclosed);
inline constexpr char kDisclosedFileName[] = "DISCLOSED";

struct ReportCheck {
  uint64_t files = 0, bytes = 0;
  std::vector<std::string> problems;  // each names file and remedy
};
// Reads every file of every report and compares sizes and checksums. None if there is no `root`.
ReportCheck CheckReports(const std::filesystem::path& root);

}  // namespace dongxi
