#include "bench/crash_rounds.h"

#include <algorithm>
#include <atomic>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "bench/crash_changes.h"
#include "bench/statistics.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr absl::Duration kStartTimeout = absl::Seconds(60);
constexpr absl::Duration kBuildTimeout = absl::Minutes(3);
constexpr size_t kViolationsShown = 20;
// A roll-back and a removal take some milliseconds: they begin so long before the kill, at most.
constexpr int kOperatorLeadMsMax = 80;
constexpr absl::Duration kRetry = absl::Milliseconds(2);
constexpr uint64_t kChangesAWatch = 10;
constexpr int kRoundsThatTryAll = 50;  // of so many something of every kind is acknowledged

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
    TellOperator(report);
    report.Add({"generations served", static_cast<double>(generations_.size()), "", std::nullopt, ""});
    report.Add({"records acknowledged", static_cast<double>(records_.acknowledged()), "", std::nullopt, ""});
    report.Add(
        {"engagements acknowledged", static_cast<double>(engagements_.acknowledged()), "", std::nullopt, ""});
    TellChanges(report);
    report.Add({"answers checked while writing", static_cast<double>(answers_.load()), "", std::nullopt, ""});
    report.Add({"lost or half-written", static_cast<double>(violations_), "", AtMost(0), ""});
    report.Add({"start-up p50", start.p50, "ms", std::nullopt, "from exec to the first answered status"});
    report.Add({"start-up max", start.max, "ms", std::nullopt, ""});
  }

 private:
  // A run of some length that has acknowledged none of a kind says nothing of it.
  std::optional<Bar> Some() const {
    return options_.rounds >= kRoundsThatTryAll ? std::optional<Bar>(AtLeast(1)) : std::nullopt;
  }
  void TellOperator(Report& report) const {
    report.Add({"roll-backs acknowledged", static_cast<double>(roll_backs_), "", Some(),
                "sent up to " + std::to_string(kOperatorLeadMsMax) +
                    " ms before the kill, beside a build; it is served after the restart"});
    report.Add({"prunes acknowledged", static_cast<double>(prunes_), "", Some(),
                "sent so too; what they removed stays away"});
  }
  void TellChanges(Report& report) const {
    const auto add = [&](const char* what, uint64_t count, const char* remark) {
      report.Add({what, static_cast<double>(count), "", Some(), remark});
    };
    add("updates with etag acknowledged", changes_.acknowledged(ChangeStep::kUpdate),
        "the last one is there, with the etag of its answer");
    add("deletions acknowledged", changes_.acknowledged(ChangeStep::kDelete),
        "not matched, not listed, NOT_FOUND, kept with delete_time");
    add("undeletions acknowledged", changes_.acknowledged(ChangeStep::kUndelete), "listed and read again");
    add("watches acknowledged", watches_.acknowledged(), "there as answered, none twice");
  }

  absl::Status Prepare() {
    DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(options_.programs, options_.data, log_));
    // Nothing is served yet: answers come once there is a generation, writes at once.
    DX_RETURN_IF_ERROR(server->WaitUntilAnswering(kStartTimeout, /*ready=*/false).status());
    DX_RETURN_IF_ERROR(server->Import(CrashGround()));
    DX_RETURN_IF_ERROR(server->Import(CrashSingles()));
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
    DX_RETURN_IF_ERROR(BeginWork(*server, round, &build));
    LiveAndDie(*server, round);
    if (build == nullptr) return absl::OkStatus();
    if (round % 4 == 0) {
      build->Kill();
    } else {
      DX_RETURN_IF_ERROR(build->Wait(kBuildTimeout).status());
    }
    return absl::OkStatus();
  }

  absl::Status BeginWork(CrashServer& server, int round, std::unique_ptr<ChildProcess>* build) {
    if (round % 2 == 0) {
      DX_ASSIGN_OR_RETURN(*build, StartBuild(options_));
      ++builds_;
    } else if (round % 4 == 1) {
      if (server.BeginBackup().ok()) ++backups_begun_;
    } else if (RollsBack(round)) {
      if (server.BeginBuild().ok()) ++builds_;
    } else {
      // Nothing is pruned while a build or backup runs: what killed servers left to do is cancelled.
      server.CancelOperations().IgnoreError();
    }
    return absl::OkStatus();
  }

  // Callers of every kind, until the kill at a random moment.
  void LiveAndDie(CrashServer& server, int round) {
    const int life_ms = Upto(options_.life_ms_max);
    const int until_operator_ms = std::max(0, life_ms - Upto(kOperatorLeadMsMax));
    gone_ = false;
    std::thread records([&] { WriteRecords(server); });
    std::thread engagements([&] { WriteEngagements(server); });
    std::thread changes([&] { WriteChanges(server); });
    std::thread matches([&] { AskMatches(server); });
    std::thread operating([&] { Operate(server, round, absl::Milliseconds(until_operator_ms)); });
    absl::SleepFor(absl::Milliseconds(life_ms));
    server.process().Kill();
    gone_ = true;
    records.join();
    engagements.join();
    changes.join();
    matches.join();
    operating.join();
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
  void WriteChanges(CrashServer& server) {
    for (uint64_t count = 0;; ++count) {
      if (count % kChangesAWatch == 0) {
        const absl::StatusOr<v1::Watch> watch = server.CreateWatch(watches_.Send());
        if (!watch.ok()) return;
        watches_.Acknowledge(*watch);
      }
      const SingleChange change = changes_.Send();
      const absl::StatusOr<v1::Result> answer = server.Change(change);
      if (!answer.ok()) return changes_.Fail(answer.status());
      changes_.Acknowledge(*answer);
    }
  }
  static bool RollsBack(int round) { return round % 8 == 3; }
  static bool Prunes(int round) { return round % 8 == 7; }
  // What an operator does at the moment of the kill; again until it is acknowledged, a build may hold it up.
  void Operate(CrashServer& server, int round, absl::Duration until) {
    if (!RollsBack(round) && !Prunes(round)) return;
    absl::SleepFor(until);
    while (!(RollsBack(round) ? RollBack(server) : Prune(server)).ok() && !gone_) absl::SleepFor(kRetry);
  }
  absl::Status RollBack(CrashServer& server) {
    DX_ASSIGN_OR_RETURN(rolled_back_to_, server.RollBack());
    ++roll_backs_;
    return absl::OkStatus();
  }
  absl::Status Prune(CrashServer& server) {
    DX_ASSIGN_OR_RETURN(removed_, server.Prune());
    ++prunes_;
    return absl::OkStatus();
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
    DX_RETURN_IF_ERROR(CheckGenerations(server));
    DX_RETURN_IF_ERROR(CheckChanges(server, results));
    DX_ASSIGN_OR_RETURN(const v1::MatchResponse answer, server.Match());
    for (const v1::MatchEntry& entry : answer.results().entries()) {
      if (!results.contains(entry.name())) Tell({entry.name() + ": matched, but not in the catalogue"});
      if (engagements_.refused().contains(entry.name())) Tell({entry.name() + ": refused, but shown"});
    }
    if (answer.results().entries().empty()) Tell({"a match finds nothing"});
    return CheckBackups(server);
  }

  // A roll-back holds until somebody asks for a build: one that an earlier server began does not undo it.
  absl::Status CheckGenerations(CrashServer& server) {
    DX_ASSIGN_OR_RETURN(const v1::ServerStatus status, server.Status());
    generations_.insert(status.generation());
    if (status.verification() == v1::ServerStatus::FAILED)
      Tell({"a damaged generation is served: " + status.message()});
    if (!rolled_back_to_.empty() && status.generation() != rolled_back_to_)
      Tell({status.generation() + " is served after an acknowledged roll-back to " + rolled_back_to_});
    DX_ASSIGN_OR_RETURN(const std::set<std::string> listed, server.Generations());
    for (const std::string& name : removed_) {
      if (listed.contains(name)) Tell({name + ": is listed after an acknowledged prune removed it"});
    }
    rolled_back_to_.clear();
    removed_.clear();
    return absl::OkStatus();
  }

  // `live`: the results as they are listed. That nothing deleted is matched is seen with the matches.
  absl::Status CheckChanges(CrashServer& server, const std::map<std::string, v1::Result>& live) {
    DX_ASSIGN_OR_RETURN(auto deleted, server.Results(/*show_deleted=*/true));
    std::erase_if(deleted, [](const auto& entry) { return !entry.second.has_delete_time(); });
    Tell(changes_.Check(live, deleted));
    for (const auto& [name, is_live] : changes_.Live()) {
      const absl::Status read = server.GetResult(name).status();
      const bool as_promised = is_live ? read.ok() : absl::IsNotFound(read);
      if (!as_promised)
        Tell({name + (is_live ? ": is there" : ": is deleted") + ", read: " + read.ToString()});
    }
    DX_ASSIGN_OR_RETURN(const std::vector<v1::Watch> watches, server.Watches());
    Tell(watches_.Check(watches));
    return absl::OkStatus();
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
  ChangePromises changes_;
  WatchPromises watches_;
  std::optional<v1::RecordEngagementRequest> unanswered_;
  std::atomic<bool> gone_ = false;
  // Acknowledged in the life before.
  std::string rolled_back_to_;
  std::vector<std::string> removed_;
  int first_group_ = 0;
  std::atomic<uint64_t> answers_ = 0, empty_answers_ = 0;
  std::vector<double> start_ms_;
  std::set<std::string> generations_;
  uint64_t violations_ = 0;
  int killed_starting_ = 0, builds_ = 0, backups_begun_ = 0, backups_whole_ = 0, roll_backs_ = 0, prunes_ = 0;
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
