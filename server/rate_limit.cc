#include "server/rate_limit.h"

#include <algorithm>

namespace dongxi {

absl::Duration RateLimits::Take(const std::string& token_id, const Rate& rate, absl::Time now) {
  if (rate.per_second <= 0) return absl::ZeroDuration();
  const double burst = std::max(1.0, rate.burst);
  const absl::MutexLock lock(&mutex_);
  const auto [found, is_new] = buckets_.try_emplace(token_id, Bucket{burst, now});
  Bucket& bucket = found->second;
  if (now > bucket.filled) {
    const double came = absl::ToDoubleSeconds(now - bucket.filled) * rate.per_second;
    bucket.allowances = std::min(burst, bucket.allowances + came);
    bucket.filled = now;
  }
  if (bucket.allowances >= 1) {
    bucket.allowances -= 1;
    return absl::ZeroDuration();
  }
  return absl::Seconds((1 - bucket.allowances) / rate.per_second);
}

}  // namespace dongxi
