// Times of messages as microseconds and back. Pure functions; any thread.
#pragma once

#include <cstdint>

#include "google/protobuf/timestamp.pb.h"

namespace dongxi {

// Since 1970 UTC, rounded down to whole ones. What lies outside the type's years 0001 to 9999 counts as the
// nearest of them: whoever sends a message can write any number of seconds into it.
int64_t MicrosOf(const google::protobuf::Timestamp& time);
void EncodeMicros(int64_t time_us, google::protobuf::Timestamp* out);

}  // namespace dongxi
