#include "bench/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "absl/time/clock.h"
#include "bench/child_process.h"
#include "bench/match_client.h"
#include "engine/base/status_macros.h"

extern char** environ;

namespace dongxi::bench {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(5);
constexpr absl::Duration kStopTimeout = absl::Seconds(30);

absl::StatusOr<pid_t> Spawn(std::vector<std::string> words, const std::filesystem::path& log) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return pid;
  return absl::NotFoundError(words[0] + ": " + std::strerror(error) +
                             "; build dongxi-server or name it with --server-program");
}

// The number of a line "Key:   123 kB" as bytes.
std::optional<uint64_t> KilobytesOf(std::string_view text, std::string_view key) {
  size_t begin = text.starts_with(key) ? 0 : text.find("\n" + std::string(key));
  if (begin == std::string_view::npos) return std::nullopt;
  begin = text.find_first_of("0123456789", begin + key.size());
  if (begin == std::string_view::npos) return std::nullopt;
  uint64_t value = 0;
  std::from_chars(text.data() + begin, text.data() + text.size(), value);
  return value * 1024;
}

}  // namespace

absl::StatusOr<ProcessMemory> ParseSmapsRollup(std::string_view text) {
  const std::optional<uint64_t> resident = KilobytesOf(text, "Rss:");
  const std::optional<uint64_t> anonymous = KilobytesOf(text, "Anonymous:");
  if (!resident || !anonymous)
    return absl::DataLossError("smaps_rollup: expected the lines Rss and Anonymous");
  return ProcessMemory{.resident = *resident, .anonymous = *anonymous};
}

absl::StatusOr<uint64_t> ParsePeakMemory(std::string_view text) {
  const std::optional<uint64_t> peak = KilobytesOf(text, "VmHWM:");
  if (!peak) return absl::DataLossError("status of a process: expected the line VmHWM");
  return *peak;
}

absl::StatusOr<uint64_t> PeakMemoryOf(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/status");
  std::stringstream text;
  text << in.rdbuf();
  return ParsePeakMemory(text.str());
}

std::filesystem::path DefaultServerProgram() {
  std::error_code error;
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  const std::filesystem::path beside = here / "dongxi-server";
  return std::filesystem::exists(beside, error) ? beside : here.parent_path() / "server" / "dongxi-server";
}

ServerProcess::ServerProcess(pid_t pid, std::string address, std::filesystem::path log)
    : pid_(pid), address_(std::move(address)), log_(std::move(log)), start_(absl::Now()) {}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(const std::filesystem::path& program,
                                                                    const std::filesystem::path& data,
                                                                    const ProgramTables& tables,
                                                                    const std::filesystem::path& log) {
  DX_ASSIGN_OR_RETURN(const int port, FreePort());
  const std::string address = "127.0.0.1:" + std::to_string(port);
  DX_ASSIGN_OR_RETURN(const pid_t pid,
                      Spawn({program.string(), "--data", data.string(), "--listen", address, "--policy",
                             tables.policy, "--ranking", tables.ranking, "--lexicon", tables.lexicon,
                             "--model", tables.model, "--auto-build", "off"},
                            log));
  return std::unique_ptr<ServerProcess>(new ServerProcess(pid, address, log));
}

ServerProcess::~ServerProcess() {
  if (pid_ > 0) kill(pid_, SIGTERM);
  const absl::Time deadline = absl::Now() + kStopTimeout;
  while (!HasEnded() && absl::Now() < deadline) absl::SleepFor(kPoll);
  if (HasEnded()) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool ServerProcess::HasEnded() {
  if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = 0;
  return pid_ == 0;
}

absl::StatusOr<absl::Duration> ServerProcess::WaitUntilReady(absl::Duration timeout) {
  while (absl::Now() < start_ + timeout) {
    // A new connection each time: one that failed waits a second before it tries again.
    const absl::StatusOr<v1::ServerStatus> status = MatchClient(address_).Status();
    if (status.ok() && status->ready()) return absl::Now() - start_;
    if (HasEnded()) return absl::AbortedError("dongxi-server ended; see " + log_.string());
    absl::SleepFor(kPoll);
  }
  return absl::DeadlineExceededError("dongxi-server is not ready; see " + log_.string());
}

absl::StatusOr<ProcessMemory> ServerProcess::Memory() const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/smaps_rollup");
  std::stringstream text;
  text << in.rdbuf();
  return ParseSmapsRollup(text.str());
}

absl::StatusOr<ServerProcess::Handles> ServerProcess::OpenHandles() const {
  std::error_code error;
  const std::filesystem::directory_iterator open("/proc/" + std::to_string(pid_) + "/fd", error);
  if (error) return absl::NotFoundError("dongxi-server ended; see " + log_.string());
  Handles handles;
  for (const auto& entry : open) {
    // A handle that was closed since it was listed leads nowhere and counts as any other.
    const bool table = std::filesystem::read_symlink(entry, error).extension() == ".sst";
    ++(table ? handles.tables : handles.others);
  }
  return handles;
}

}  // namespace dongxi::bench
