// Looks at the token of an RPC before its request is decoded: gRPC decodes it before it calls our handler,
// and a message of many small parts takes twenty times its bytes of memory, which nobody unknown shall have.
#pragma once

#include <memory>

#include "grpcpp/impl/service_type.h"
#include "grpcpp/support/server_interceptor.h"
#include "server/admission.h"

namespace dongxi {

// Judges every call when its metadata is there. `admission` outlives the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewDecodeGuard(
    const Admission* admission);

// From now on the requests of callers who are not admitted are dropped undecoded: the handler gets an empty
// one. Call once, before the service is registered with a server that has a NewDecodeGuard.
void GuardDecoding(grpc::Service* service);

// True for a call whose request was dropped, on the thread that its handler began on: it must be refused,
// whatever its token is now.
bool WasTurnedAway(const grpc::ServerContextBase& context);

}  // namespace dongxi
