// gRPC's own health service says SERVING from the moment that the server listens, before anybody can tell it
// otherwise. This keeps its first answers back until it was told.
#pragma once

#include <memory>

#include "absl/synchronization/notification.h"
#include "grpcpp/support/server_interceptor.h"

namespace dongxi {

// Calls of grpc.health.v1 wait, before they are looked at, until `told`; other calls are left alone. Each
// holds a thread of gRPC meanwhile: notify right after the server was started. `told` outlives the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewHealthHold(
    const absl::Notification* told);

}  // namespace dongxi
