#include "server/rate_limit.h"

#include <algorithm>

namespace dongxi {

RateLimits::Bucket& RateLimits::Filled(const std::string& token_id, const Rate& rate, absl::Time now) {
  const double burst = std::max(1.0, rate.burst);
  const auto [found, is_new] = buckets_.try_emplace(token_id, Bucket{burst, now});
  Bucket& bucket = found->second;
  if (now > bucket.filled) {
    const double came = absl::ToDoubleSeconds(now - bucket.filled) * rate.per_second;
    bucket.allowances = std::min(burst, bucket.allowances + came);
    bucket.filled = now;
  }
  return bucket;
}

absl::Duration RateLimits::Take(const std::string& token_id, const Rate& rate, absl::Time now) {
  if (rate.per_second <= 0) return absl::ZeroDuration();
  const absl::MutexLock lock(&mutex_);
  Bucket& bucket = Filled(token_id, rate, now);
  if (bucket.allowances >= 1) {
    bucket.allowances -= 1;
    return absl::ZeroDuration();
  }
  return absl::Seconds((1 - bucket.allowances) / rate.per_second);
}

absl::Duration RateLimits::Charge(const std::string& token_id, const Rate& rate, int count, absl::Time now) {
  if (rate.per_second <= 0) return absl::ZeroDuration();
  const absl::MutexLock lock(&mutex_);
  Bucket& bucket = Filled(token_id, rate, now);
  bucket.allowances -= count;
  return absl::Seconds(std::max(0.0, -bucket.allowances) / rate.per_second);
}

}  // namespace dongxi
