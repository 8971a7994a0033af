// Flipped bits of dongxi-bench crash: in the first, the middle and the last byte of one file of each kind.
// Each must be found; in files that hold no data of ours it may also change nothing.
#include "bench/crash_bits.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "absl/strings/str_join.h"
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

using Kinds = std::map<std::string, fs::path>;  // the largest file of each

struct Found {
  Kinds data, rocksdbs_own;
  uint64_t empty = 0;
};

Found ListKinds(const fs::path& folder) {
  Found found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    if (entry.file_size() == 0) {
      ++found.empty;
      continue;
    }
    const fs::path relative = entry.path().lexically_relative(folder);
    Kinds& kinds = IsRocksDbsOwn(relative.filename().string()) ? found.rocksdbs_own : found.data;
    fs::path& largest = kinds[KindOf(relative)];
    if (largest.empty() || entry.file_size() > fs::file_size(folder / largest)) largest = relative;
  }
  return found;
}

void Flip(const fs::path& file, uintmax_t place) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(place));
  const char byte = static_cast<char>(stream.peek() ^ 0x10);
  stream.seekp(static_cast<std::streamoff>(place));
  stream.put(byte);
}

// What the killed server left, once more, to do harm to.
fs::path FreshCopy(const CrashOptions& options, const fs::path& killed) {
  const fs::path data = options.data.parent_path() / "crash-bits";
  fs::remove_all(data);
  fs::copy(killed, data, fs::copy_options::recursive);
  return data;
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

// What a server answers that starts on the folder: the records as bytes, by name.
absl::StatusOr<std::map<std::string, std::string>> RecordsOf(const CrashOptions& options,
                                                             const fs::path& data) {
  DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(options.programs, data, CrashLog(options)));
  DX_RETURN_IF_ERROR(server->WaitUntilAnswering(kTimeout).status());
  DX_ASSIGN_OR_RETURN(const auto results, server->Results(/*show_deleted=*/true));
  std::map<std::string, std::string> records;
  for (const auto& [name, result] : results) records[name] = result.SerializeAsString();
  return records;
}

std::string OfPlaces(size_t count, const std::string& what) {
  return "of " + std::to_string(count) + " " + what;
}

// Flipped bits that nothing found.
absl::StatusOr<size_t> FlipData(const CrashOptions& options, const fs::path& killed, const Kinds& kinds,
                                Report& report) {
  size_t missed = 0;
  for (const auto& [kind, file] : kinds) {
    const std::vector<uintmax_t> places = FlipPlaces(fs::file_size(killed / file));
    size_t found = 0;
    std::set<std::string> finders;
    for (const uintmax_t place : places) {
      const fs::path data = FreshCopy(options, killed);
      Flip(data / file, place);
      DX_ASSIGN_OR_RETURN(const std::string by, FoundBy(options, data));
      if (!by.empty()) ++found;
      finders.insert(by.empty() ? "NOT FOUND in byte " + std::to_string(place) + " of " + file.string()
                                : "by " + by);
      if (by.empty()) std::cerr << "NOT FOUND: a flipped bit in byte " << place << " of " << file << "\n";
    }
    report.Add({kind, static_cast<double>(found), OfPlaces(places.size(), "found"), std::nullopt,
                absl::StrJoin(finders, ", ")});
    missed += places.size() - found;
  }
  return missed;
}

// Flipped bits in RocksDB's own files that nothing found and that changed a record or prevented a start.
absl::StatusOr<size_t> FlipRocksDbsOwn(const CrashOptions& options, const fs::path& killed,
                                       const Kinds& kinds, Report& report) {
  DX_ASSIGN_OR_RETURN(const auto expected, RecordsOf(options, FreshCopy(options, killed)));
  size_t harmful = 0;
  for (const auto& [kind, file] : kinds) {
    const std::vector<uintmax_t> places = FlipPlaces(fs::file_size(killed / file));
    size_t harmless = 0;
    std::set<std::string> outcomes;
    for (const uintmax_t place : places) {
      const fs::path data = FreshCopy(options, killed);
      Flip(data / file, place);
      DX_ASSIGN_OR_RETURN(const std::string by, FoundBy(options, data));
      bool same = !by.empty();
      if (by.empty()) {
        const auto records = RecordsOf(options, data);
        same = records.ok() && *records == expected;
      }
      if (same) ++harmless;
      outcomes.insert(!by.empty() ? "found by " + by : same ? "changes nothing" : "DOES HARM");
    }
    report.Add({kind, static_cast<double>(harmless), OfPlaces(places.size(), "found or harmless"),
                std::nullopt, "no data of ours in it: " + absl::StrJoin(outcomes, ", ")});
    harmful += places.size() - harmless;
  }
  return harmful;
}

}  // namespace

std::vector<uintmax_t> FlipPlaces(uintmax_t bytes) {
  if (bytes == 0) return {};
  const std::set<uintmax_t> places = {0, bytes / 2, bytes - 1};
  return std::vector<uintmax_t>(places.begin(), places.end());
}

bool IsRocksDbsOwn(const std::string& file_name) {
  return file_name == "IDENTITY" || file_name == "LOCK" || file_name == "LOG" ||
         file_name.rfind("LOG.old.", 0) == 0 || file_name.rfind("OPTIONS-", 0) == 0;
}

absl::Status RunFlippedBits(const CrashOptions& options, Report& report) {
  report.Section("One flipped bit in the first, the middle or the last byte, by kind of file");
  DX_ASSIGN_OR_RETURN(const fs::path killed, KilledWhileWriting(options));
  const Found kinds = ListKinds(killed);
  DX_ASSIGN_OR_RETURN(const size_t missed, FlipData(options, killed, kinds.data, report));
  DX_ASSIGN_OR_RETURN(const size_t harmful, FlipRocksDbsOwn(options, killed, kinds.rocksdbs_own, report));
  // The yardstick itself: without a flipped bit nothing is found.
  DX_ASSIGN_OR_RETURN(const std::string whole, FoundBy(options, killed));
  if (!whole.empty()) std::cerr << "FALSE ALARM of " << whole << "\n";
  report.Add({"kinds of files", static_cast<double>(kinds.data.size()), "", std::nullopt, ""});
  report.Add({"flipped bits not found", static_cast<double>(missed), "", AtMost(0), ""});
  report.Add({"kinds of RocksDB's own files", static_cast<double>(kinds.rocksdbs_own.size()), "",
              std::nullopt, "OPTIONS-*, IDENTITY: no data of ours, written anew where they are missing"});
  report.Add({"flipped bits in them that do harm", static_cast<double>(harmful), "", AtMost(0), ""});
  report.Add({"empty files, not tried", static_cast<double>(kinds.empty), "", std::nullopt,
              "no bit to flip: locks, a log not yet written to"});
  report.Add({"false alarms without a flipped bit", whole.empty() ? 0.0 : 1.0, "", AtMost(0), whole});
  return absl::OkStatus();
}

}  // namespace dongxi::bench
