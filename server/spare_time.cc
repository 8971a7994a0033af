#include "server/spare_time.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dongxi {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(1);
constexpr absl::Duration kLookAgain = absl::Milliseconds(2);  // a part of what a heavy call takes

}  // namespace

void SpareTime::Await(const std::function<bool()>& cancelled) const {
  const absl::Time until = absl::Now() + kPatience;
  while (absl::Now() < until && !cancelled()) {
    const LoadControl::Load load = load_->load();
    if (load.waiting == 0 && load.running < slots_) return;
    absl::SleepFor(kLookAgain);
  }
}

}  // namespace dongxi
