// Who the HTTP door asks before it decodes the body of a request, and how it opens.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "server/http/door.h"

namespace dongxi {

// All from any thread; null: everybody is admitted, nobody is told.
struct Doorkeeper {
  // Whether a caller with this value of "authorization" (empty: none was sent) may use `method`, such as
  // "MatchService.Match". Of others the body is read to its end and dropped, and their call refused by the
  // gate.
  std::function<bool(const std::string& authorization, const std::string& method)> admits;
  // Hears of a request for `method` that the door refuses by itself, as one whose body is no message.
  std::function<void(const std::string& method, const std::string& request_id, const absl::Status& status)>
      refused;
  // Hears, once, that the door takes no more connections though nobody stopped it: the system refused it one
  // for want of handles or memory. Calls that run go on.
  std::function<void()> ended;
};

// Listens; calls of its callers go through `channel`. Errors: InvalidArgument (address, origin); Unavailable
// (the port is taken, the certificate does not load).
absl::StatusOr<std::unique_ptr<HttpDoor>> OpenHttpDoor(const HttpDoorOptions& options,
                                                       std::shared_ptr<grpc::Channel> channel,
                                                       Doorkeeper keeper);

}  // namespace dongxi
