#include "store/timestamp.h"

#include <algorithm>

#include "google/protobuf/util/time_util.h"

namespace dongxi {
namespace {

using google::protobuf::util::TimeUtil;

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int32_t kNanosPerMicro = 1'000, kNanosPerSecond = 1'000'000'000;

}  // namespace

int64_t MicrosOf(const google::protobuf::Timestamp& time) {
  const int64_t seconds =
      std::clamp<int64_t>(time.seconds(), TimeUtil::kTimestampMinSeconds, TimeUtil::kTimestampMaxSeconds);
  const int32_t nanos = std::clamp<int32_t>(time.nanos(), 0, kNanosPerSecond - 1);
  return seconds * kMicrosPerSecond + nanos / kNanosPerMicro;
}

void EncodeMicros(int64_t time_us, google::protobuf::Timestamp* out) {
  // Timestamp counts nanos forward, also before 1970.
  const int64_t micros = ((time_us % kMicrosPerSecond) + kMicrosPerSecond) % kMicrosPerSecond;
  out->set_seconds((time_us - micros) / kMicrosPerSecond);
  out->set_nanos(static_cast<int32_t>(micros) * kNanosPerMicro);
}

}  // namespace dongxi
