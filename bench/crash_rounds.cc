#include "bench/crash_rounds.h"

#include <atomic>
#include <iostream>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "bench/statistics.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr absl::Duration kStartTimeout = absl::Seconds(60);
constexpr absl::Duration kBuildTimeout = absl::Minutes(3);
constexpr size_t kViolationsShown = 20;

class Rounds {
 public:
  explicit Rounds(const CrashOptions& options)
      : options_(options), log_(options.data.parent_path() / "crash-server.log"), random_(options.seed) {}

  absl::Status Run() {
    DX_RETURN_IF_ERROR(Prepare());
    for (int round = 0; round < options_.rounds; ++round) {
      DX_RETURN_IF_ERROR(Round(round));
      if ((round + 1) % 20 == 0) std::cerr << "round " << round + 1 << ", violations " << violations_ << "\n";
    }
    return LastLook();
  }

  void Tell(Report& report) const {
    const Spread start = SpreadOf(start_ms_);
    report.Section("kill -9");
    report.Add({"rounds", static_cast<double>(options_.rounds), "", std::nullopt, ""});
    report.Add(
        {"of them killed while starting", static_cast<double>(killed_starting_), "", std::nullopt, ""});
    report.Add({"of them with a build running", static_cast<double>(builds_), "", std::nullopt,
                "by dongxi-indexer (half of them killed too) or by the server"});
    report.Add({"of them with a backup begun", static_cast<double>(backups_begun_), "", std::nullopt, ""});
    report.Add(
        {"backups listed, each checked whole", static_cast<double>(backups_whole_), "", std::nullopt, ""});
    report.Add({"generations served", static_cast<double>(generations_.size()), "", std::nullopt, ""});
    report.Add({"records acknowledged", static_cast<double>(records_.acknowledged()), "", std::nullopt, ""});
    report.Add(
        {"engagements acknowledged", static_cast<double>(engagements_.acknowledged()), "", std::nullopt, ""});
    report.Add({"answers checked while writing", static_cast<double>(answers_.load()), "", std::nullopt, ""});
    report.Add({"lost or half-written", static_cast<double>(violations_), "", AtMost(0), ""});
    report.Add({"start-up p50", start.p50, "ms", std::nullopt, "from exec to the first answered status"});
    report.Add({"start-up max", start.max, "ms", std::nullopt, ""});
  }

 private:
  absl::Status Prepare() {
    DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(options_.programs, options_.data, log_));
    // Nothing is served yet: answers come once there is a generation, writes at once.
    DX_RETURN_IF_ERROR(server->WaitUntilAnswering(kStartTimeout, /*ready=*/false).status());
    DX_RETURN_IF_ERROR(server->Import(CrashGround()));
    for (int group = 0; group < kCrashGroups; ++group) {
      DX_RETURN_IF_ERROR(server->Import(CrashBatch(group, records_.Send(group))));
      records_.Acknowledge(group);
    }
    DX_ASSIGN_OR_RETURN(const auto build, StartBuild(options_));
    DX_ASSIGN_OR_RETURN(const int code, build->Wait(kBuildTimeout));
    if (code != 0) return absl::InternalError("dongxi-indexer build failed; see " + log_.string());
    server->process().Kill();
    return absl::OkStatus();
  }

  int Upto(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }

  absl::Status Round(int round) {
    DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(options_.programs, options_.data, log_));
    if (round % 10 == 9) {  // While it starts.
      absl::SleepFor(absl::Milliseconds(Upto(60)));
      server->process().Kill();
      ++killed_starting_;
      return absl::OkStatus();
    }
    DX_ASSIGN_OR_RETURN(const absl::Duration start, server->WaitUntilAnswering(kStartTimeout));
    start_ms_.push_back(absl::ToDoubleMilliseconds(start));
    DX_RETURN_IF_ERROR(Check(*server));
    std::unique_ptr<ChildProcess> build;
    if (round % 2 == 0) {
      DX_ASSIGN_OR_RETURN(build, StartBuild(options_));
      ++builds_;
    } else if (round % 4 == 1) {
      if (server->BeginBackup().ok()) ++backups_begun_;
    } else if (server->BeginBuild().ok()) {
      ++builds_;
    }
    std::thread records([&] { WriteRecords(*server); });
    std::thread engagements([&] { WriteEngagements(*server); });
    std::thread matches([&] { AskMatches(*server); });
    absl::SleepFor(absl::Milliseconds(Upto(options_.life_ms_max)));
    server->process().Kill();
    records.join();
    engagements.join();
    matches.join();
    if (build == nullptr) return absl::OkStatus();
    if (round % 4 == 0) {
      build->Kill();
    } else {
      DX_RETURN_IF_ERROR(build->Wait(kBuildTimeout).status());
    }
    return absl::OkStatus();
  }

  // Each writes one after the other until the server is gone.
  void WriteRecords(CrashServer& server) {
    for (int group = first_group_;; group = (group + 1) % kCrashGroups) {
      first_group_ = (group + 1) % kCrashGroups;
      if (!server.Import(CrashBatch(group, records_.Send(group))).ok()) return;
      records_.Acknowledge(group);
    }
  }
  void WriteEngagements(CrashServer& server) {
    for (;;) {
      if (!unanswered_) unanswered_ = engagements_.Send();
      // A caller that got no answer sends the same request again.
      const absl::StatusOr<v1::Engagement> entry = server.Record(*unanswered_);
      if (!entry.ok()) return;
      v1::Engagement stored = *entry;
      engagements_.Acknowledge(stored);
      unanswered_.reset();
    }
  }
  void AskMatches(CrashServer& server) {
    for (;;) {
      const absl::StatusOr<v1::MatchResponse> answer = server.Match();
      if (!answer.ok()) return;
      if (answer->results().entries().empty()) ++empty_answers_;
      ++answers_;
    }
  }

  absl::Status Check(CrashServer& server) {
    DX_ASSIGN_OR_RETURN(const auto results, server.Results());
    Tell(records_.Check(results));
    DX_ASSIGN_OR_RETURN(const auto ledger, server.Ledger());
    Tell(engagements_.Check(ledger));
    DX_ASSIGN_OR_RETURN(const v1::ServerStatus status, server.Status());
    generations_.insert(status.generation());
    if (status.verification() == v1::ServerStatus::FAILED)
      Tell({"a damaged generation is served: " + status.message()});
    DX_ASSIGN_OR_RETURN(const v1::MatchResponse answer, server.Match());
    for (const v1::MatchEntry& entry : answer.results().entries()) {
      if (!results.contains(entry.name())) Tell({entry.name() + ": matched, but not in the catalogue"});
      if (engagements_.refused().contains(entry.name())) Tell({entry.name() + ": refused, but shown"});
    }
    if (answer.results().entries().empty()) Tell({"a match finds nothing"});
    return CheckBackups(server);
  }

  // Whatever is listed as whole is whole: file by file, by the program that restores it.
  absl::Status CheckBackups(CrashServer& server) {
    DX_ASSIGN_OR_RETURN(const std::vector<v1::Backup> backups, server.Backups());
    for (const v1::Backup& backup : backups) {
      const std::string id = backup.name().substr(backup.name().find('/') + 1);
      DX_ASSIGN_OR_RETURN(const auto verify,
                          ChildProcess::Start({options_.programs.indexer.string(), "verify-backup", "--from",
                                               (options_.data / "backups" / id).string()},
                                              log_));
      DX_ASSIGN_OR_RETURN(const int code, verify->Wait(kBuildTimeout));
      if (code != 0) Tell({backup.name() + ": listed, but damaged: " + backup.damage()});
      ++backups_whole_;
      const absl::Status deleted = server.DeleteBackup(backup.name());
      if (!deleted.ok()) Tell({backup.name() + ": " + std::string(deleted.message())});
    }
    return absl::OkStatus();
  }

  absl::Status LastLook() {
    DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(options_.programs, options_.data, log_));
    DX_RETURN_IF_ERROR(server->WaitUntilAnswering(kStartTimeout).status());
    DX_RETURN_IF_ERROR(Check(*server));
    for (const std::string& offer : engagements_.refused()) {
      DX_ASSIGN_OR_RETURN(const v1::Pair pair, server->Pair(offer));
      if (!pair.refused()) Tell({offer + ": an acknowledged refusal does not hold"});
    }
    DX_RETURN_IF_ERROR(server->CancelOperations());
    DX_ASSIGN_OR_RETURN(const std::vector<std::string> problems, server->Problems());
    Tell(problems);
    if (empty_answers_ > 0) Tell({std::to_string(empty_answers_) + " matches found nothing"});
    server->process().Terminate();
    DX_ASSIGN_OR_RETURN(const int code, server->process().Wait(kStartTimeout));
    if (code != 0) Tell({"a clean stop ended with code " + std::to_string(code)});
    DX_ASSIGN_OR_RETURN(const int audit, VerifyAuditOf(options_, options_.data));
    if (audit != 0) Tell({"dongxi-server audit verify finds changes; see " + CrashLog(options_).string()});
    return absl::OkStatus();
  }

  void Tell(const Violations& violations) {
    for (const std::string& violation : violations) {
      if (violations_++ < kViolationsShown) std::cerr << "VIOLATION " << violation << "\n";
    }
  }

  const CrashOptions& options_;
  const std::filesystem::path log_;
  std::mt19937_64 random_;
  RecordPromises records_;
  EngagementPromises engagements_;
  std::optional<v1::RecordEngagementRequest> unanswered_;
  int first_group_ = 0;
  std::atomic<uint64_t> answers_ = 0, empty_answers_ = 0;
  std::vector<double> start_ms_;
  std::set<std::string> generations_;
  uint64_t violations_ = 0;
  int killed_starting_ = 0, builds_ = 0, backups_begun_ = 0, backups_whole_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> StartBuild(const CrashOptions& options) {
  return ChildProcess::Start(
      {options.programs.indexer.string(), "build", "--data", options.data.string(), "--policy",
       options.programs.tables.policy, "--lexicon", options.programs.tables.lexicon, "--model", "", "--dim",
       "8", "--threads", "1", "--force"},
      options.data.parent_path() / "crash-build.log");
}

absl::Status RunCrashRounds(const CrashOptions& options, Report& report) {
  Rounds rounds(options);
  DX_RETURN_IF_ERROR(rounds.Run());
  rounds.Tell(report);
  return absl::OkStatus();
}

}  // namespace dongxi::bench
