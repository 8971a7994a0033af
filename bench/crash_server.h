// The server of dongxi-bench crash, and its callers: writes until it dies, reads all that it has. Not
// thread-safe.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/child_process.h"
#include "bench/crash_changes.h"
#include "bench/crash_promises.h"
#include "bench/served_data.h"
#include "dongxi/v1/admin.grpc.pb.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/health.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/replay.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"
#include "google/longrunning/operations.grpc.pb.h"

namespace dongxi::bench {

struct CrashPrograms {
  std::filesystem::path server, indexer;  // beside this program unless named
  ProgramTables tables;
};

// One life of the server.
class CrashServer {
 public:
  // `prefix`: words before the program's own, for limits; may be empty. Its output is appended to `log`.
  static absl::StatusOr<std::unique_ptr<CrashServer>> Start(const CrashPrograms& programs,
                                                            const std::filesystem::path& data,
                                                            const std::filesystem::path& log,
                                                            std::vector<std::string> prefix = {});

  ChildProcess& process() { return *process_; }
  // Until it is ready to match, or, with `ready` false, until it answers at all; the time since the start.
  // Aborted if it ended instead.
  absl::StatusOr<absl::Duration> WaitUntilAnswering(absl::Duration timeout, bool ready = true);
  absl::StatusOr<v1::ServerStatus> Status();

  // OK once every record is answered as written.
  absl::Status Import(const v1::ImportRecordsRequest& request);
  absl::StatusOr<v1::Engagement> Record(const v1::RecordEngagementRequest& request);
  // The record as it is from then on.
  absl::StatusOr<v1::Result> Change(const SingleChange& change);
  absl::StatusOr<v1::Watch> CreateWatch(const v1::CreateWatchRequest& request);
  // Begin in the background; the server goes on with them after a restart.
  absl::Status BeginBuild();
  absl::Status BeginBackup();
  // The generation before the current one becomes the current one: "generations/…".
  absl::StatusOr<std::string> RollBack();
  // Removes all generations but the current and the served one, and what history none needs: what it removed.
  absl::StatusOr<std::vector<std::string>> Prune();
  absl::StatusOr<std::set<std::string>> Generations();
  // Waits for the end of one; DeadlineExceeded after five minutes.
  absl::StatusOr<v1::Backup> Backup();
  // Ends what is queued or runs: the server goes on with what a killed one left, builds take their time.
  absl::Status CancelOperations();
  // What dongxi admin verify finds.
  absl::StatusOr<std::vector<std::string>> Problems();
  absl::StatusOr<std::vector<v1::Backup>> Backups();
  absl::Status DeleteBackup(const std::string& name);
  absl::StatusOr<v1::MatchResponse> Match();
  // The answer of an earlier match, made again.
  absl::StatusOr<v1::MatchResponse> Replay(const std::string& match_id);
  absl::StatusOr<v1::Pair> Pair(const std::string& offer);
  // NotFound of a deleted one.
  absl::StatusOr<v1::Result> GetResult(const std::string& name);
  // By name; with `show_deleted` the deleted ones too.
  absl::StatusOr<std::map<std::string, v1::Result>> Results(bool show_deleted = false);
  absl::StatusOr<std::vector<v1::Watch>> Watches();
  absl::StatusOr<std::vector<v1::Engagement>> Ledger();

 private:
  CrashServer(std::unique_ptr<ChildProcess> process, const std::string& address);

  // The response of an operation that a call has started.
  template <typename Response>
  absl::StatusOr<Response> Finish(google::longrunning::Operation operation);

  std::unique_ptr<ChildProcess> process_;
  const std::string address_;
  const absl::Time start_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
  std::unique_ptr<v1::CatalogueService::Stub> catalogue_;
  std::unique_ptr<v1::EngagementService::Stub> engagements_;
  std::unique_ptr<v1::MatchService::Stub> match_;
  std::unique_ptr<v1::HealthService::Stub> health_;
  std::unique_ptr<v1::ReplayService::Stub> replay_;
  std::unique_ptr<v1::WatchService::Stub> watches_;
  std::unique_ptr<google::longrunning::Operations::Stub> operations_;
};

// All records of a group in its next version, ready to send.
v1::ImportRecordsRequest CrashBatch(int group, uint64_t version);
// The records that are changed one by one, in version 0.
v1::ImportRecordsRequest CrashSingles();
// What everything else refers to: the owner and the need.
v1::ImportRecordsRequest CrashGround();

}  // namespace dongxi::bench
