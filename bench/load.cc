#include "bench/load.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

#include "bench/match_client.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kWarmUpCallsMax = 100;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// What the callers of one run share. Thread-safe.
class SharedRun {
 public:
  SharedRun(int calls, const std::function<absl::Status(int, int)>& call) : calls_(calls), call_(call) {}

  void Caller(int caller) {
    std::vector<double> milliseconds;
    for (int number = next_++; number < calls_ && !failed_; number = next_++) {
      const Clock::time_point start = Clock::now();
      const absl::Status status = call_(caller, number);
      milliseconds.push_back(SecondsSince(start) * 1e3);
      if (!status.ok()) Fail(status);
    }
    const std::lock_guard lock(mutex_);
    milliseconds_.insert(milliseconds_.end(), milliseconds.begin(), milliseconds.end());
  }
  // After all callers have ended.
  const std::vector<double>& milliseconds() const { return milliseconds_; }
  const absl::Status& status() const { return status_; }

 private:
  void Fail(const absl::Status& status) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    status_.Update(status);
  }

  const int calls_;
  const std::function<absl::Status(int, int)>& call_;
  std::atomic<int> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::vector<double> milliseconds_;  // guarded by mutex_
  absl::Status status_;               // guarded by mutex_
};

void AddLoad(const std::string& name, const LoadResult& load, Report& report) {
  report.Add({name + " p50", load.milliseconds.p50, "ms", {}, ""});
  report.Add({name + " p99", load.milliseconds.p99, "ms", {}, ""});
  report.Add({name + " p99.9", load.milliseconds.p999, "ms", {}, ""});
  report.Add({name + " throughput", load.calls_per_second, "calls/s", {}, ""});
}

}  // namespace

absl::StatusOr<LoadResult> RunLoad(int callers, int calls,
                                   const std::function<absl::Status(int caller, int number)>& call) {
  SharedRun run(calls, call);
  const Clock::time_point start = Clock::now();
  std::vector<std::thread> threads;
  for (int caller = 0; caller < callers; ++caller)
    threads.emplace_back([&run, caller] { run.Caller(caller); });
  for (std::thread& thread : threads) thread.join();
  const double seconds = SecondsSince(start);
  DX_RETURN_IF_ERROR(run.status());
  return LoadResult{SpreadOf(run.milliseconds()), seconds > 0 ? calls / seconds : 0};
}

absl::Status MeasureGrpc(const GrpcLoadOptions& options, const std::vector<TextQuery>& queries,
                         Report& report) {
  std::vector<v1::MatchRequest> requests;
  for (const TextQuery& query : queries) requests.push_back(RequestOf(query));
  report.Section("Over gRPC: three lists of ten, beside a bare GetServerStatus of the same run");
  for (const int callers : options.callers) {
    std::vector<std::unique_ptr<MatchClient>> clients;
    for (int i = 0; i < callers; ++i) clients.push_back(std::make_unique<MatchClient>(options.server));
    const auto bare = [&](int caller, int) {
      return clients[static_cast<size_t>(caller)]->Status().status();
    };
    const auto match = [&](int caller, int number) {
      const v1::MatchRequest& request = requests[static_cast<size_t>(number) % requests.size()];
      return clients[static_cast<size_t>(caller)]->Match(request).status();
    };
    const int warm_up = std::min(options.calls, kWarmUpCallsMax);
    DX_RETURN_IF_ERROR(RunLoad(callers, warm_up, bare).status());
    DX_ASSIGN_OR_RETURN(const LoadResult bare_load, RunLoad(callers, options.calls, bare));
    DX_RETURN_IF_ERROR(RunLoad(callers, warm_up, match).status());
    DX_ASSIGN_OR_RETURN(const LoadResult match_load, RunLoad(callers, options.calls, match));
    const std::string who = std::to_string(callers) + (callers == 1 ? " caller, " : " callers, ");
    AddLoad(who + "bare call", bare_load, report);
    AddLoad(who + "match", match_load, report);
  }
  return absl::OkStatus();
}

}  // namespace dongxi::bench
