// One unary call of any service through the client's connection, token and deadline.
#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "absl/status/statusor.h"
#include "cli/client.h"

namespace dongxi::cli {

// CallService<v1::PlanService>(client, &v1::PlanService::Stub::GetPlan, request). Errors are the server's,
// with their details and where the call went.
template <typename Service, typename Request, typename Response>
absl::StatusOr<Response> CallService(const Client& client,
                                     grpc::Status (Service::Stub::*method)(grpc::ClientContext*,
                                                                           const Request&, Response*),
                                     const Request& request) {
  const auto stub = Service::NewStub(client.channel());
  grpc::ClientContext context;
  client.Prepare(&context);
  Response response;
  const grpc::Status status = (stub.get()->*method)(&context, request, &response);
  if (!status.ok()) return FromGrpc(status, client.context());
  return response;
}

}  // namespace dongxi::cli
