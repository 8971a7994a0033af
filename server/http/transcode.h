// HTTP requests to messages and messages to JSON, by descriptors and protobuf's JSON mapping: unknown fields
// are errors, enums are names, int64 are strings, bytes base64, times RFC 3339. Pure functions; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "server/http/routes.h"

namespace dongxi {

// Fields of the query, decoded, in order of appearance.
using QueryFields = std::vector<std::pair<std::string, std::string>>;

// The request of the route's method. `body` is JSON, or empty. InvalidArgument names the field that is
// unknown or does not fit, one that is given twice, a mask that names no fields, and a body where the route
// has none.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> RequestOf(const RouteMatch& match,
                                                                     const QueryFields& query,
                                                                     std::string_view body);

// A message of that type from a JSON object; empty text is an empty message. InvalidArgument also if it would
// take more than kDecodedBytesMax.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> MessageOf(const google::protobuf::Descriptor& type,
                                                                     std::string_view json);

// One line of JSON. Internal: the message holds an Any of a type that is not linked in.
absl::StatusOr<std::string> JsonOf(const google::protobuf::Message& message);

}  // namespace dongxi
