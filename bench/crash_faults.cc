// The faults of dongxi-bench crash that are no kills: a full disk, a folder without the right to write, bits
// that flip.
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>

#include "bench/crash_rounds.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kTimeout = absl::Seconds(60);
constexpr int kBatchesUntilFull = 5'000;

fs::path CopyOf(const CrashOptions& options, const std::string& name) {
  const fs::path copy = options.data.parent_path() / name;
  fs::remove_all(copy);
  fs::copy(options.data, copy, fs::copy_options::recursive);
  return copy;
}

fs::path LogOf(const CrashOptions& options) { return options.data.parent_path() / "crash-faults.log"; }

// No file may grow over 64 blocks of 1 KiB: the write-ahead log soon cannot, as on a full disk. The shell
// sets the limit for its successor; SIGXFSZ would kill it before it sees the error.
std::vector<std::string> WithSmallFiles() {
  return {"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\""};
}

struct FullDisk {
  bool told = false;       // the write that found no room got an error
  bool answering = false;  // reads went on
  uint64_t lost = 0;
};

absl::StatusOr<FullDisk> FillDisk(const CrashOptions& options) {
  const fs::path data = CopyOf(options, "crash-full");
  FullDisk found;
  RecordPromises promises;
  {
    DX_ASSIGN_OR_RETURN(const auto server,
                        CrashServer::Start(options.programs, data, LogOf(options), WithSmallFiles()));
    DX_RETURN_IF_ERROR(server->WaitUntilAnswering(kTimeout).status());
    for (int batch = 0; batch < kBatchesUntilFull && !found.told; ++batch) {
      const int group = batch % kCrashGroups;
      v1::ImportRecordsRequest request = CrashBatch(group, promises.Send(group));
      const absl::Status written = server->Import(request);
      if (written.ok()) promises.Acknowledge(group);
      found.told = !written.ok();
      if (found.told) std::cerr << "full disk: " << written << "\n";
    }
    found.answering = server->Results().ok() && server->Match().ok();
  }
  DX_ASSIGN_OR_RETURN(const auto again, CrashServer::Start(options.programs, data, LogOf(options)));
  DX_RETURN_IF_ERROR(again->WaitUntilAnswering(kTimeout).status());
  DX_ASSIGN_OR_RETURN(const auto results, again->Results());
  for (const std::string& violation : promises.Check(results)) {
    std::cerr << "VIOLATION after a full disk: " << violation << "\n";
    ++found.lost;
  }
  if (!again->Import(CrashBatch(0, promises.Send(0))).ok()) ++found.lost;
  return found;
}

// The server must say no, not die later: it ends with an error code. Root may write anywhere, so it gives up
// its rights first.
absl::StatusOr<bool> RefusesReadOnlyFolder(const CrashOptions& options) {
  const fs::path data = CopyOf(options, "crash-readonly");
  const auto none = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(data))
    fs::permissions(entry.path(), none, fs::perm_options::remove);
  fs::permissions(data, none, fs::perm_options::remove);
  std::vector<std::string> prefix;
  if (geteuid() == 0) {
    prefix = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"};
    for (fs::path at = data.parent_path(); at != at.root_path(); at = at.parent_path()) {
      if (at == fs::temp_directory_path()) break;
      fs::permissions(at, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
    }
  }
  DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(options.programs, data, LogOf(options), prefix));
  DX_ASSIGN_OR_RETURN(const int code, server->process().Wait(kTimeout));
  fs::permissions(data, fs::perms::owner_all, fs::perm_options::add);
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(data))
    fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
  return code == 1;
}

// Files of one kind are alike: "000123.sst" and "000124.sst", "MANIFEST-000005" and "MANIFEST-000009".
std::string KindOf(const fs::path& relative) {
  std::string kind = relative.parent_path().filename().string() + "/" + relative.filename().string();
  if (relative.string().rfind("generations", 0) == 0 && relative.parent_path() != "generations")
    kind = "generation " + relative.filename().string();
  std::replace_if(
      kind.begin(), kind.end(), [](char c) { return c >= '0' && c <= '9'; }, '#');
  return kind;
}

// RocksDB's message log, its lock and its own identity mark carry no data.
bool CarriesData(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.rfind("LOG", 0) != 0 && name != "LOCK" && name != "IDENTITY" &&
         name.rfind("OPTIONS-", 0) != 0 && fs::file_size(file) > 0;
}

// Flips the bit in the middle of the file.
void Flip(const fs::path& file) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(fs::file_size(file) / 2);
  stream.seekg(middle);
  const char byte = static_cast<char>(stream.peek() ^ 0x10);
  stream.seekp(middle);
  stream.put(byte);
}

// Found: the server does not start, says that the generation is damaged, or answers reads with an error; or
// dongxi-indexer verify says so.
absl::StatusOr<bool> IsFound(const CrashOptions& options, const fs::path& data) {
  {
    DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(options.programs, data, LogOf(options)));
    const absl::StatusOr<absl::Duration> started = server->WaitUntilAnswering(kTimeout);
    if (!started.ok()) return true;
    if (!server->Results().ok() || !server->Ledger().ok() || !server->Match().ok()) return true;
    DX_ASSIGN_OR_RETURN(const v1::ServerStatus status, server->Status());
    if (status.verification() == v1::ServerStatus::FAILED || !status.message().empty()) return true;
  }
  DX_ASSIGN_OR_RETURN(const auto verify, ChildProcess::Start({options.programs.indexer.string(), "verify",
                                                              "--data", data.string()},
                                                             LogOf(options)));
  DX_ASSIGN_OR_RETURN(const int code, verify->Wait(kTimeout));
  return code != 0;
}

}  // namespace

absl::Status RunCrashFaults(const CrashOptions& options, Report& report) {
  report.Section("Disk full (no file may grow beyond 64 KiB)");
  DX_ASSIGN_OR_RETURN(const FullDisk full, FillDisk(options));
  report.Add({"write refused with an error", full.told ? 1.0 : 0.0, "", AtLeast(1), ""});
  report.Add({"reads answered meanwhile", full.answering ? 1.0 : 0.0, "", AtLeast(1), ""});
  report.Add({"acknowledged writes lost", static_cast<double>(full.lost), "", AtMost(0), "after a restart"});
  report.Section("Folder without the right to write");
  DX_ASSIGN_OR_RETURN(const bool refused, RefusesReadOnlyFolder(options));
  report.Add({"start refused, exit code 1", refused ? 1.0 : 0.0, "", AtLeast(1), ""});
  report.Section("One flipped bit, by kind of file");
  std::map<std::string, fs::path> kinds;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(options.data)) {
    if (entry.is_regular_file() && CarriesData(entry.path()))
      kinds.try_emplace(KindOf(entry.path().lexically_relative(options.data)),
                        entry.path().lexically_relative(options.data));
  }
  int missed = 0;
  for (const auto& [kind, file] : kinds) {
    const fs::path data = CopyOf(options, "crash-bits");
    Flip(data / file);
    DX_ASSIGN_OR_RETURN(const bool found, IsFound(options, data));
    report.Add({kind, found ? 1.0 : 0.0, "found", std::nullopt, file.string()});
    missed += !found;
  }
  report.Add({"kinds of files", static_cast<double>(kinds.size()), "", std::nullopt, ""});
  report.Add({"not found", static_cast<double>(missed), "", AtMost(0), ""});
  return absl::OkStatus();
}

}  // namespace dongxi::bench
