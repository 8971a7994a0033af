// How much memory a message takes once it is decoded, judged by its bytes before that: a part that is empty
// has two bytes on the wire and hundreds in memory. Pure functions of untrusted bytes; any thread.
#pragma once

#include <cstddef>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/zero_copy_stream.h"

namespace dongxi {

// Of a request, at both doors. The largest that are of use are below: 8 MiB of texts take little more, an
// event with as many pairs as may be sent takes half as much.
inline constexpr size_t kDecodedBytesMax = size_t{96} << 20;

// Paths of one field mask, and numbers of one list of enumerated values (kinds, facets): no message has as
// many fields, no enumeration as many values, and each costs work for every entry of an answer.
inline constexpr size_t kMaskPathsMax = 100;
inline constexpr size_t kEnumsMax = 100;
// Of fields that the message does not have, which a newer client sends: nothing reads them.
inline constexpr size_t kUnknownBytesMax = size_t{64} << 10;

// Of a message of `type`: never less than what protobuf's decoder takes for its parts, at most a few times as
// much. Reads no further than up to the part that makes it more than `bytes_max`: InvalidArgument
// (REQUEST_TOO_LARGE), which names the field; so for a list that holds more than kMaskPathsMax or kEnumsMax,
// and for more than kUnknownBytesMax.
// InvalidArgument also if the bytes are no message at all.
absl::StatusOr<size_t> DecodedSize(const google::protobuf::Descriptor& type,
                                   google::protobuf::io::ZeroCopyInputStream& bytes, size_t bytes_max);

}  // namespace dongxi
