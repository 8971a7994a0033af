#include "store/timestamp.h"

#include <gtest/gtest.h>

#include <limits>

namespace dongxi {
namespace {

google::protobuf::Timestamp Timestamp(int64_t seconds, int32_t nanos) {
  google::protobuf::Timestamp time;
  time.set_seconds(seconds);
  time.set_nanos(nanos);
  return time;
}

TEST(TimestampTest, MicrosecondsSurviveTheRoundTripAlsoBefore1970) {
  for (const int64_t micros : {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{-1'000'000},
                               int64_t{1'764'284'400'123'456}, int64_t{-62'135'596'800'000'000}}) {
    google::protobuf::Timestamp time;
    EncodeMicros(micros, &time);
    EXPECT_GE(time.nanos(), 0);
    EXPECT_EQ(MicrosOf(time), micros);
  }
}

TEST(TimestampTest, TimesThatTheTypeDoesNotAllowCountAsTheNearestThatItDoes) {
  constexpr int64_t kFirst = -62'135'596'800'000'000, kLast = 253'402'300'799'000'000;
  EXPECT_EQ(MicrosOf(Timestamp(std::numeric_limits<int64_t>::min(), 0)), kFirst);
  EXPECT_EQ(MicrosOf(Timestamp(std::numeric_limits<int64_t>::max(), 0)), kLast);
  EXPECT_EQ(MicrosOf(Timestamp(0, std::numeric_limits<int32_t>::min())), 0);
  EXPECT_EQ(MicrosOf(Timestamp(0, std::numeric_limits<int32_t>::max())), 999'999);
}

}  // namespace
}  // namespace dongxi
