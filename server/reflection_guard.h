// Asks calls of the reflection service for the server's token, and bounds them as streams of our own are;
// gRPC's own services do not pass the gate by themselves.
#pragma once

#include <memory>

#include "absl/time/time.h"
#include "grpcpp/support/server_interceptor.h"
#include "server/call_gate.h"

namespace dongxi {

// Cancels reflection calls that `gate` does not let in to ServerReflection.ServerReflectionInfo, all of them
// if reflection is switched off (gRPC's plugin is one of the process: another server of it may have switched
// it on); other calls are left alone. Each holds a thread of gRPC as long as it is open: it takes one of the
// streams and one of its token's rate, and is cancelled when no question has come for `stall_max` or when it
// asks one after its token was revoked. `gate` outlives the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewReflectionGuard(
    const CallGate* gate, bool reflection, absl::Duration stall_max);

}  // namespace dongxi
