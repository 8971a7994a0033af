// Looks at an RPC before its request is decoded: gRPC decodes it before it calls our handler, and a message
// of many small parts takes a hundred times its bytes of memory, which nobody unknown shall have, and nobody
// else beyond a bound.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_interceptor.h"
#include "server/admission.h"

namespace dongxi {

// Judges every call when its metadata is there. `admission` outlives the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewDecodeGuard(
    const Admission* admission);

// From now on the requests of callers who are not admitted, and those that would take more than
// kDecodedBytesMax once decoded, are dropped undecoded: the handler gets an empty one. Call once, before the
// service is registered with a server that has a NewDecodeGuard. The messages of a stream are not guarded.
void GuardDecoding(grpc::Service* service);

// True for a call whose request was dropped, on the thread that its handler began on, because its caller was
// not admitted: it must be refused, whatever its token is now.
bool WasTurnedAway(const grpc::ServerContextBase& context);
// Likewise, the error of DecodedSize for a call whose request was dropped as too large; ok for all others.
absl::Status SizeError(const grpc::ServerContextBase& context);

// Gives the method ("ImportRecords") of a service that is not registered yet another handler, such as one
// whose stream is of grpc::ByteBuffer: gRPC decodes the messages of a stream where no guard can stand.
// REQUIRES: the service has that method.
void ReplaceHandler(grpc::Service* service, const std::string& method,
                    std::unique_ptr<grpc::internal::MethodHandler> handler);
// Decodes what such a handler reads, as a guarded request. Errors: those of DecodedSize.
absl::Status DecodeWithinBounds(const grpc::ByteBuffer& bytes, google::protobuf::Message* message);

}  // namespace dongxi
