// Asks calls of the reflection service for the server's token; gRPC's own services do not pass the gate by
// themselves.
#pragma once

#include <memory>

#include "grpcpp/support/server_interceptor.h"
#include "server/call_gate.h"

namespace dongxi {

// Cancels reflection calls that `gate` does not admit, all of them if reflection is switched off (gRPC's
// plugin is one of the process: another server of it may have switched it on); other calls are left alone.
// `gate` outlives the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewReflectionGuard(
    const CallGate* gate, bool reflection);

}  // namespace dongxi
