// The real dongxi-server as a child process, so that its memory and start are measured as an operator sees
// them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/served_data.h"

namespace dongxi::bench {

// Resident memory in bytes. `resident` is all of it: the process's own pages and the pages of files it has
// mapped, shared or not.
struct ProcessMemory {
  uint64_t resident = 0;
  uint64_t anonymous = 0;
  uint64_t file_pages() const { return resident - anonymous; }
};
// Reads the text of /proc/PID/smaps_rollup. DataLoss if a line is missing.
absl::StatusOr<ProcessMemory> ParseSmapsRollup(std::string_view text);

// The most resident memory that a process has had so far, in bytes, file pages among them.
// Reads the text of /proc/PID/status. DataLoss if the line is missing, as with a program that has ended.
absl::StatusOr<uint64_t> ParsePeakMemory(std::string_view text);
absl::StatusOr<uint64_t> PeakMemoryOf(pid_t pid);

// dongxi-server as it lies beside this program: in the same folder, or in ../server of a build tree.
std::filesystem::path DefaultServerProgram();

// Not thread-safe.
class ServerProcess {
 public:
  // Starts `program` on a free port of the loopback address; its output goes to `log`. Errors: the program is
  // not there.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(const std::filesystem::path& program,
                                                              const std::filesystem::path& data,
                                                              const ProgramTables& tables,
                                                              const std::filesystem::path& log);
  // Asks it to stop (SIGTERM) and waits; kills it after half a minute.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  const std::string& address() const { return address_; }
  // Waits until matches are answered; returns the time since the start. DeadlineExceeded; Aborted if it ended
  // (the message names its log).
  absl::StatusOr<absl::Duration> WaitUntilReady(absl::Duration timeout);
  absl::StatusOr<ProcessMemory> Memory() const;
  absl::StatusOr<uint64_t> PeakMemory() const { return PeakMemoryOf(pid_); }
  // Open files, sockets among them. Tables of RocksDB stand apart: their number follows the data that is
  // written, up to Catalogue's limit of 512. NotFound if the process has ended.
  struct Handles {
    int tables = 0;
    int others = 0;
  };
  absl::StatusOr<Handles> OpenHandles() const;

 private:
  ServerProcess(pid_t pid, std::string address, std::filesystem::path log);
  bool HasEnded();

  pid_t pid_;
  const std::string address_;
  const std::filesystem::path log_;
  const absl::Time start_;
};

}  // namespace dongxi::bench
