// A program that can be killed at any moment, as a power cut of one process would. Not thread-safe.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dongxi::bench {

class ChildProcess {
 public:
  // Starts words[0] with the others as arguments; its output is appended to `log`. NotFound if it is not
  // there.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(std::vector<std::string> words,
                                                             const std::filesystem::path& log);
  // Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  bool HasEnded();
  pid_t pid() const { return pid_; }  // 0 once its end was seen
  // SIGKILL, and waits until it is gone.
  void Kill();
  // Waits for its end; the exit code, or 128 + signal. DeadlineExceeded after `timeout`: it is killed then.
  absl::StatusOr<int> Wait(absl::Duration timeout);
  void Terminate();  // SIGTERM

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_;
  int status_ = 0;
};

// A port of loopback that nobody listens on now.
absl::StatusOr<int> FreePort();

}  // namespace dongxi::bench
