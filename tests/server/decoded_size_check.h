// The law of server/decoded_size.h, for its test and its fuzzer: what protobuf's decoder takes is measured,
// and takes no more than that.
#pragma once

#include <memory>
#include <string>

#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"
#include "server/decoded_size.h"
#include "server/grpc_status.h"

namespace dongxi {

// What is wrong with the measure of `bytes` as a message of the type of `prototype`; "" if nothing is.
inline std::string FaultOfMeasure(const google::protobuf::Message& prototype, const std::string& bytes) {
  constexpr size_t kNoBound = size_t{1} << 40;
  constexpr int kSmallBlock = 7;  // numbers and lengths lie across the ends of blocks
  const auto measure = [&](int block) {
    google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()), block);
    return DecodedSize(*prototype.GetDescriptor(), stream, kNoBound);
  };
  const absl::StatusOr<size_t> whole = measure(-1), pieces = measure(kSmallBlock);
  if (whole.ok() != pieces.ok() || (whole.ok() && *whole != *pieces)) return "it depends on where blocks end";
  const std::unique_ptr<google::protobuf::Message> message(prototype.New());
  const size_t empty = message->SpaceUsedLong();
  if (!message->ParseFromString(bytes)) return "";
  // Lists beyond bounds of their own are refused whatever they take.
  if (!whole.ok() && ReasonOf(whole.status()) == "REQUEST_TOO_LARGE") return "";
  if (!whole.ok()) return "a message is refused: " + std::string(whole.status().message());
  const size_t taken = message->SpaceUsedLong() - empty;
  if (taken <= *whole) return "";
  return "decoded it takes " + std::to_string(taken) + ", measured were " + std::to_string(*whole);
}

}  // namespace dongxi
