// The long work of the administration as jobs of the operation runner: builds within a budget, backups,
// checks. Also what is kept of old generations. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "dongxi/v1/admin.pb.h"
#include "indexer/backup/backup.h"
#include "indexer/build/generation_builder.h"
#include "server/generation_folder.h"
#include "server/operations.h"
#include "server/operator_log.h"
#include "server/serving_state.h"
#include "store/catalogue.h"
#include "store/record_codec.h"

namespace dongxi {

// How the server builds generations.
struct BuildBudget {
  std::string lexicon_directory;
  std::filesystem::path static_model;  // empty: none
  int dim = 128;
  int threads = 0;                // 0: half of the cores
  uint64_t memory_max_bytes = 0;  // builds that are estimated to take more are refused; 0: no limit
  bool idle_priority = true;  // build threads run only where nothing else wants the processor (SCHED_IDLE)
  int keep = 2;               // generations kept, the current one among them
};

struct AdminJobsOptions {
  std::filesystem::path data;
  std::filesystem::path backups;
  std::string policy_directory;
  std::string ranking_file;
  std::string embedding_url;  // of the remote embedder that builds with; empty: the built-in one
  std::string embedding_model;
  std::string audit_key;  // of the audit log's HMAC, for its check; empty: none
  BuildBudget build;
  std::function<void()> published = [] {};  // called after CURRENT may have changed
  std::function<void(uint64_t oldest_sequence)> pruned = [](uint64_t) {};  // history before it is forgotten
};

// Kinds of operations.
inline constexpr char kBuildKind[] = "build";
inline constexpr char kBackupKind[] = "backup";
inline constexpr char kVerifyKind[] = "verify";
inline constexpr char kVerifyGenerationKind[] = "verify-generation";
inline constexpr char kVerifyBackupKind[] = "verify-backup";

class AdminJobs {
 public:
  // All outlive the object.
  AdminJobs(AdminJobsOptions options, Catalogue* catalogue, const ServingState* state,
            const OperatorLog* log);

  // Makes its jobs known to the runner.
  void RegisterWith(OperationRunner* runner);

  const GenerationFolder& generations() const { return generations_; }
  const AdminJobsOptions& options() const { return options_; }
  std::string served() const;  // name of the generation that answers; empty: none

  // After a roll-back no build may become CURRENT and none starts by itself. Durable.
  bool BuildsHeld() const;
  // Takes that back, when it is written: together with the operation of a build that is asked for, so that
  // neither is there without the other, and that build finds the hold gone however soon it is done.
  static TablePut EndOfHold();
  // OK if this server could serve the generation: FailedPrecondition (GENERATION_NOT_SERVABLE) says why not,
  // as for one that was built by a remote model which this server is not told of. What is CURRENT is all that
  // a restart serves.
  absl::Status CheckServable(const std::string& generation) const;
  // Holds builds or takes that back, then makes the generation CURRENT, in one step for builds that are just
  // publishing. Aborted, as CheckCurrent, unless `from` is CURRENT in that step.
  absl::Status Publish(const std::string& generation, bool hold, const std::string& from = "")
      ABSL_LOCKS_EXCLUDED(publishing_);
  // Aborted (GENERATION_CHANGED) names what is CURRENT if `from` is not; an empty one is whichever it is.
  absl::Status CheckCurrent(const std::string& from) const;
  // As GenerationFolder, but never one that is just being published.
  absl::Status Delete(const std::string& generation) ABSL_LOCKS_EXCLUDED(publishing_);

  // Removes generations beyond `keep` (0: as configured), never one that is just being published, and the
  // history that none of the rest needs.
  absl::StatusOr<pb::PruneResponse> Prune(int keep) ABSL_LOCKS_EXCLUDED(publishing_);
  // What Prune does of history alone.
  absl::StatusOr<uint64_t> PruneHistory();

  pb::Generation Describe(const GenerationInfo& info) const;
  static pb::Backup DescribeBackup(const std::string& name, const absl::StatusOr<BackupManifest>& manifest);

  // True if the last build of this server failed for another reason than cancellation.
  bool last_build_failed() const { return last_build_failed_; }

 private:
  using Any = google::protobuf::Any;
  absl::StatusOr<Any> Build(const Any& request, OperationContext& context);
  absl::StatusOr<Any> Backup(const Any& request, OperationContext& context);
  absl::StatusOr<Any> Verify(const Any& request, OperationContext& context);
  absl::StatusOr<Any> VerifyOneGeneration(const Any& request, OperationContext& context);
  absl::StatusOr<Any> VerifyOneBackup(const Any& request, OperationContext& context);

  absl::Status SetHold(bool hold) ABSL_EXCLUSIVE_LOCKS_REQUIRED(publishing_);
  absl::StatusOr<BuildOptions> MakeBuildOptions(const pb::BuildGenerationRequest& request,
                                                OperationContext& context);
  absl::StatusOr<BuildSummary> BuildWithinBudget(const CatalogueReader& catalogue,
                                                 const BuildOptions& options) const;
  // The parts of Verify; only cancellation is an error.
  absl::Status VerifyCatalogue(OperationContext& context, pb::VerifyResponse* found) const;
  absl::Status VerifyGenerations(OperationContext& context, pb::VerifyResponse* found) const;
  void VerifySmallFiles(OperationContext& context, pb::VerifyResponse* found) const;

  const AdminJobsOptions options_;
  const GenerationFolder generations_;
  Catalogue* const catalogue_;
  const ServingState* const state_;
  const OperatorLog* const log_;
  absl::Mutex publishing_;  // of CURRENT, after it was asked whether builds are held; and removal
  std::atomic<bool> last_build_failed_{false};
};

}  // namespace dongxi
