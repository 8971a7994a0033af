// The faults of dongxi-bench crash that are no kills: a full disk, a folder without the right to write, a
// machine that is lost and restored from a backup. The disk that turns read-only is in crash_disk.cc.
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "bench/crash_rounds.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kTimeout = absl::Seconds(60);
constexpr absl::Duration kProgramTimeout = absl::Minutes(3);
constexpr int kBatchesUntilFull = 20'000;
constexpr uintmax_t kRoomBytes = uintmax_t{2} << 20;  // beyond the largest file that is there
constexpr uintmax_t kShellBlockBytes = 512;           // of ulimit -f, by POSIX

// No file may grow further: the write-ahead log soon cannot, as on a full disk. The shell sets the limit for
// its successor; SIGXFSZ would kill it before it sees the error.
std::vector<std::string> WithSmallFiles(const fs::path& data) {
  uintmax_t largest = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(data)) {
    if (entry.is_regular_file()) largest = std::max(largest, entry.file_size());
  }
  const std::string blocks = std::to_string((largest + kRoomBytes) / kShellBlockBytes);
  return {"/bin/sh", "-c", "trap '' XFSZ; ulimit -f " + blocks + "; exec \"$0\" \"$@\""};
}

struct FullDisk {
  uint64_t written = 0;    // batches until it was full
  bool told = false;       // the write that found no room got an error
  bool answering = false;  // reads went on
  uint64_t lost = 0;
};

absl::StatusOr<FullDisk> FillDisk(const CrashOptions& options) {
  const fs::path data = CrashCopy(options, "crash-full");
  FullDisk found;
  RecordPromises promises;
  {
    DX_ASSIGN_OR_RETURN(const auto server,
                        CrashServer::Start(options.programs, data, CrashLog(options), WithSmallFiles(data)));
    DX_RETURN_IF_ERROR(server->WaitUntilAnswering(kTimeout).status());
    DX_ASSIGN_OR_RETURN(const auto before, server->Results());
    promises.StartFrom(before);
    for (int batch = 0; batch < kBatchesUntilFull && !found.told; ++batch) {
      const int group = batch % kCrashGroups;
      const absl::Status written = server->Import(CrashBatch(group, promises.Send(group)));
      if (written.ok()) promises.Acknowledge(group);
      if (written.ok()) ++found.written;
      found.told = !written.ok();
      if (found.told) std::cerr << "full disk: " << written << "\n";
    }
    found.answering = server->Results().ok() && server->Match().ok();
  }
  DX_ASSIGN_OR_RETURN(const auto again, CrashServer::Start(options.programs, data, CrashLog(options)));
  DX_RETURN_IF_ERROR(again->WaitUntilAnswering(kTimeout).status());
  DX_ASSIGN_OR_RETURN(const auto results, again->Results());
  for (const std::string& violation : promises.Check(results)) {
    std::cerr << "VIOLATION after a full disk: " << violation << "\n";
    ++found.lost;
  }
  if (!again->Import(CrashBatch(0, promises.Send(0))).ok()) ++found.lost;
  return found;
}

void SetWritable(const fs::path& data, bool writable) {
  const auto rights = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  const fs::perms change = writable ? fs::perms::owner_write : rights;
  const auto how = writable ? fs::perm_options::add : fs::perm_options::remove;
  fs::permissions(data, change, how);
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(data))
    fs::permissions(entry.path(), change, how);
}

// The server must say no, not die later: it ends with an error code. Root may write anywhere, so it gives up
// its rights first, and others get the right to read.
absl::StatusOr<bool> RefusesReadOnlyFolder(const CrashOptions& options) {
  const fs::path data = CrashCopy(options, "crash-readonly");
  std::vector<std::string> prefix;
  if (geteuid() == 0) {
    prefix = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"};
    const auto reading = fs::perms::others_read | fs::perms::others_exec;
    fs::permissions(data.parent_path(), reading, fs::perm_options::add);
    fs::permissions(data, reading, fs::perm_options::add);
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(data))
      fs::permissions(entry.path(), reading, fs::perm_options::add);
  }
  SetWritable(data, false);
  DX_ASSIGN_OR_RETURN(const auto server,
                      CrashServer::Start(options.programs, data, CrashLog(options), prefix));
  const absl::StatusOr<int> code = server->process().Wait(kTimeout);
  SetWritable(data, true);
  if (!code.ok()) return code.status();
  return *code == 1;
}

// All that a caller sees, but for what differs between two calls of the same question.
struct Seen {
  std::string match;
  std::map<std::string, v1::Result> results;
  std::vector<v1::Engagement> ledger;
};

std::string WithoutOccasion(v1::MatchResponse answer) {
  answer.clear_match_id();
  answer.mutable_provenance()->clear_read_time();
  return answer.SerializeAsString();
}

bool SameRecords(const Seen& a, const Seen& b) {
  const auto same = [](const auto& x, const auto& y) {
    return x.SerializeAsString() == y.SerializeAsString();
  };
  return std::equal(a.results.begin(), a.results.end(), b.results.begin(), b.results.end(),
                    [&](const auto& x, const auto& y) { return same(x.second, y.second); }) &&
         std::equal(a.ledger.begin(), a.ledger.end(), b.ledger.begin(), b.ledger.end(), same);
}

struct Restored {
  bool same_match = false, same_records = false, same_replay = false;
  size_t problems = 0;
};

absl::StatusOr<Seen> Look(CrashServer& server, v1::MatchResponse* answer) {
  Seen seen;
  DX_ASSIGN_OR_RETURN(*answer, server.Match());
  seen.match = WithoutOccasion(*answer);
  DX_ASSIGN_OR_RETURN(seen.results, server.Results());
  DX_ASSIGN_OR_RETURN(seen.ledger, server.Ledger());
  return seen;
}

absl::StatusOr<Restored> RestoreBackup(const CrashOptions& options) {
  const fs::path data = CrashCopy(options, "crash-backup");
  const fs::path machine = options.data.parent_path() / "crash-restored";
  fs::remove_all(machine);
  v1::MatchResponse answered;
  Seen before;
  std::string backup;
  {
    DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(options.programs, data, CrashLog(options)));
    DX_RETURN_IF_ERROR(server->WaitUntilAnswering(kTimeout).status());
    DX_ASSIGN_OR_RETURN(before, Look(*server, &answered));
    DX_ASSIGN_OR_RETURN(const v1::Backup made, server->Backup());
    backup = (data / made.name()).string();
  }
  DX_ASSIGN_OR_RETURN(const int code, RunToEnd({options.programs.indexer.string(), "restore", "--data",
                                                machine.string(), "--from", backup},
                                               CrashLog(options)));
  if (code != 0) return absl::InternalError("dongxi-indexer restore ended with " + std::to_string(code));
  CrashPrograms programs = options.programs;
  programs.tables.policy = (machine / "policy").string();
  programs.tables.ranking =
      (machine / "ranking" / fs::path(options.programs.tables.ranking).filename()).string();
  DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(programs, machine, CrashLog(options)));
  DX_RETURN_IF_ERROR(server->WaitUntilAnswering(kTimeout).status());
  v1::MatchResponse again;
  DX_ASSIGN_OR_RETURN(const Seen after, Look(*server, &again));
  DX_ASSIGN_OR_RETURN(const v1::MatchResponse replayed, server->Replay(answered.match_id()));
  DX_ASSIGN_OR_RETURN(const std::vector<std::string> problems, server->Problems());
  for (const std::string& problem : problems) std::cerr << "restored: " << problem << "\n";
  return Restored{.same_match = before.match == after.match,
                  .same_records = SameRecords(before, after),
                  .same_replay = replayed.SerializeAsString() == answered.SerializeAsString(),
                  .problems = problems.size()};
}

double Yes(bool value) { return value ? 1.0 : 0.0; }

}  // namespace

fs::path CrashCopy(const CrashOptions& options, const std::string& name) {
  const fs::path copy = options.data.parent_path() / name;
  fs::remove_all(copy);
  fs::copy(options.data, copy, fs::copy_options::recursive);
  return copy;
}

fs::path CrashLog(const CrashOptions& options) { return options.data.parent_path() / "crash-faults.log"; }

absl::StatusOr<int> RunToEnd(std::vector<std::string> words, const fs::path& log) {
  DX_ASSIGN_OR_RETURN(const auto process, ChildProcess::Start(std::move(words), log));
  return process->Wait(kProgramTimeout);
}

absl::StatusOr<int> VerifyAuditOf(const CrashOptions& options, const fs::path& data) {
  return RunToEnd({options.programs.server.string(), "audit", "verify", "--data", data.string()},
                  CrashLog(options));
}

absl::Status RunCrashFaults(const CrashOptions& options, Report& report) {
  report.Section("Disk full (no file may grow beyond 2 MiB more than the largest)");
  DX_ASSIGN_OR_RETURN(const FullDisk full, FillDisk(options));
  report.Add({"batches until it is full", static_cast<double>(full.written), "", AtLeast(1), ""});
  report.Add({"write refused with an error", Yes(full.told), "", AtLeast(1), ""});
  report.Add({"reads answered meanwhile", Yes(full.answering), "", AtLeast(1), ""});
  report.Add({"acknowledged writes lost", static_cast<double>(full.lost), "", AtMost(0), "after a restart"});
  report.Section("Folder without the right to write");
  DX_ASSIGN_OR_RETURN(const bool refused, RefusesReadOnlyFolder(options));
  report.Add({"start refused, exit code 1", Yes(refused), "", AtLeast(1), ""});
  DX_RETURN_IF_ERROR(RunReadOnlyDisk(options, report));
  report.Section("Backup restored into an empty folder");
  DX_ASSIGN_OR_RETURN(const Restored restored, RestoreBackup(options));
  report.Add({"same match, byte for byte", Yes(restored.same_match), "", AtLeast(1), ""});
  report.Add({"same records and ledger", Yes(restored.same_records), "", AtLeast(1), ""});
  report.Add({"earlier match replayed, byte for byte", Yes(restored.same_replay), "", AtLeast(1), ""});
  report.Add({"problems found by admin verify", static_cast<double>(restored.problems), "", AtMost(0), ""});
  return RunFlippedBits(options, report);
}

}  // namespace dongxi::bench
