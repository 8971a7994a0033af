// Makes the gRPC server: credentials, limits, services. REQUIRES the options as Server::Start has checked
// them.
#pragma once

#include <memory>
#include <span>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "grpcpp/server.h"
#include "server/admission.h"
#include "server/call_gate.h"
#include "server/load_control.h"
#include "server/server.h"

namespace dongxi {

struct RegisteredService {
  grpc::Service* service;
  const char* name;  // "dongxi.v1.MatchService": for grpc.health.v1 and for Server::service_names
  bool needs_generation = false;  // answers nothing before the first generation
};

// Parts of the threads that each kind of call may take, so that none starves the others.
LoadOptions LoadOptionsOf(const ServerOptions& options);

// Listens from now on; no request of ours is decoded before `admission` was asked, and no call of
// grpc.health.v1 is answered before `health_told`. What is given outlives the server; a service is given
// once. Unavailable if the address is taken.
absl::StatusOr<std::unique_ptr<grpc::Server>> Listen(const ServerOptions& options,
                                                     std::span<const RegisteredService> services,
                                                     const CallGate* gate, const Admission* admission,
                                                     const absl::Notification* health_told, int* port);

}  // namespace dongxi
