#include "server/report_sweep.h"

#include <string>

#include "absl/time/time.h"

namespace dongxi {
namespace {

constexpr absl::Duration kInterval = absl::Minutes(10);

}  // namespace

void ReportSweep::Start() {
  thread_ = std::thread([this] { Run(); });
}

void ReportSweep::Run() {
  while (true) {
    store_->Sweep([this](const std::string& report) { return jobs_->Pending(report); });
    const absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kInterval)) return;
  }
}

void ReportSweep::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace dongxi
