// Flipped bits of dongxi-bench crash: one in one file of each kind, each must be found.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "bench/crash_rounds.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kTimeout = absl::Seconds(60);
constexpr int kBatchesInTheLog = 20;

constexpr char kBackups[] = "backups";

// Files of one kind are alike: "000123.sst" and "000124.sst", "MANIFEST-000005" and "MANIFEST-000009". A
// backup is checked by itself: its files are kinds of their own.
std::string KindOf(const fs::path& relative) {
  if (*relative.begin() == kBackups) {
    const fs::path inside = relative.lexically_relative(*relative.begin() / *std::next(relative.begin()));
    return "backup " + KindOf(inside);
  }
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

// Flips a bit in the middle of the file.
void Flip(const fs::path& file) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(fs::file_size(file) / 2);
  stream.seekg(middle);
  const char byte = static_cast<char>(stream.peek() ^ 0x10);
  stream.seekp(middle);
  stream.put(byte);
}

// What is there after a kill: the write-ahead log holds acknowledged writes, an audit log goes on behind
// HEAD.
absl::StatusOr<fs::path> KilledWhileWriting(const CrashOptions& options) {
  const fs::path data = CrashCopy(options, "crash-killed");
  DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(options.programs, data, CrashLog(options)));
  DX_RETURN_IF_ERROR(server->WaitUntilAnswering(kTimeout).status());
  DX_RETURN_IF_ERROR(server->CancelOperations());
  DX_RETURN_IF_ERROR(server->Backup().status());
  for (int batch = 0; batch < kBatchesInTheLog; ++batch)
    DX_RETURN_IF_ERROR(server->Import(CrashBatch(batch % kCrashGroups, 1'000'000 + batch)));
  DX_RETURN_IF_ERROR(server->Match().status());
  server->process().Kill();
  return data;
}

// How a flipped bit was found; empty: it was not. First without a server, as an operator does after a fault.
absl::StatusOr<std::string> FoundBy(const CrashOptions& options, const fs::path& data) {
  DX_ASSIGN_OR_RETURN(
      const int verify,
      RunToEnd({options.programs.indexer.string(), "verify", "--data", data.string()}, CrashLog(options)));
  if (verify != 0) return "dongxi-indexer verify";
  DX_ASSIGN_OR_RETURN(const int audit, VerifyAuditOf(options, data));
  if (audit != 0) return "dongxi-server audit verify";
  for (const fs::directory_entry& backup : fs::directory_iterator(data / kBackups)) {
    DX_ASSIGN_OR_RETURN(const int whole, RunToEnd({options.programs.indexer.string(), "verify-backup",
                                                   "--from", backup.path().string()},
                                                  CrashLog(options)));
    if (whole != 0) return "dongxi-indexer verify-backup";
  }
  DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(options.programs, data, CrashLog(options)));
  if (!server->WaitUntilAnswering(kTimeout).ok()) return "the server's start";
  const absl::StatusOr<std::vector<std::string>> problems = server->Problems();
  if (!problems.ok() || !problems->empty()) return "dongxi admin verify";
  return "";
}

}  // namespace

absl::Status RunFlippedBits(const CrashOptions& options, Report& report) {
  report.Section("One flipped bit, by kind of file");
  DX_ASSIGN_OR_RETURN(const fs::path killed, KilledWhileWriting(options));
  std::map<std::string, fs::path> kinds;  // the largest file of each
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(killed)) {
    if (!entry.is_regular_file() || !CarriesData(entry.path())) continue;
    const fs::path relative = entry.path().lexically_relative(killed);
    fs::path& largest = kinds[KindOf(relative)];
    if (largest.empty() || entry.file_size() > fs::file_size(killed / largest)) largest = relative;
  }
  const fs::path data = options.data.parent_path() / "crash-bits";
  int missed = 0;
  for (const auto& [kind, file] : kinds) {
    fs::remove_all(data);
    fs::copy(killed, data, fs::copy_options::recursive);
    Flip(data / file);
    DX_ASSIGN_OR_RETURN(const std::string by, FoundBy(options, data));
    report.Add(
        {kind, by.empty() ? 0.0 : 1.0, "found", std::nullopt, by.empty() ? file.string() : "by " + by});
    if (by.empty()) std::cerr << "NOT FOUND: a flipped bit in " << file.string() << "\n";
    missed += by.empty() ? 1 : 0;
  }
  // The yardstick itself: without a flipped bit nothing is found.
  DX_ASSIGN_OR_RETURN(const std::string whole, FoundBy(options, killed));
  if (!whole.empty()) std::cerr << "FALSE ALARM of " << whole << "\n";
  report.Add({"kinds of files", static_cast<double>(kinds.size()), "", std::nullopt, ""});
  report.Add({"not found", static_cast<double>(missed), "", AtMost(0), ""});
  report.Add({"false alarms without a flipped bit", whole.empty() ? 0.0 : 1.0, "", AtMost(0), whole});
  return absl::OkStatus();
}

}  // namespace dongxi::bench
