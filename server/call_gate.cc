#include "server/call_gate.h"

#include <exception>
#include <string_view>

#include "absl/time/clock.h"
#include "server/deadline.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

constexpr char kAuthorization[] = "authorization";
constexpr std::string_view kBearer = "Bearer ";

// Takes as long for a wrong token as for a nearly right one, so that time tells nothing about it.
bool SameSecret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

absl::Status DeadlinePassed() {
  return absl::DeadlineExceededError("the caller's deadline passed; nothing is returned");
}

}  // namespace

bool CallGate::Admits(const grpc::ServerContextBase& context) const {
  if (token_.empty()) return true;
  const auto range = context.client_metadata().equal_range(kAuthorization);
  for (auto it = range.first; it != range.second; ++it) {
    const std::string_view value(it->second.data(), it->second.size());
    if (value.substr(0, kBearer.size()) == kBearer && SameSecret(value.substr(kBearer.size()), token_))
      return true;
  }
  return false;
}

absl::Status CallGate::Guarded(const grpc::ServerContext& context,
                               absl::FunctionRef<absl::Status(const Caller&)> handler) const {
  if (!Admits(context)) {
    return WithReason(absl::UnauthenticatedError(
                          "this server asks for its token: send metadata 'authorization: Bearer TOKEN'"),
                      "TOKEN_REQUIRED");
  }
  if (absl::Now() >= DeadlineOf(context)) return DeadlinePassed();
  absl::Status status;
  try {
    Caller caller;
    if (!token_.empty())
      caller.viewer = {.disclosure_max = Disclosure::kOrganiser, .tenant = "", .all_tenants = true};
    status = handler(caller);
  } catch (const std::exception& error) {  // Libraries below us can throw, std::bad_alloc for one.
    return absl::InternalError(std::string("unexpected: ") + error.what());
  }
  // gRPC cancels a call at its deadline, so the engine may see the one before the other.
  if (absl::IsCancelled(status) && absl::Now() >= DeadlineOf(context)) return DeadlinePassed();
  return status;
}

grpc::Status CallGate::Run(const grpc::ServerContext& context, const std::string& method,
                           absl::FunctionRef<absl::Status(const Caller&)> handler) const {
  const absl::Time start = absl::Now();
  const absl::Status status = Guarded(context, handler);
  log_->Call(method, absl::StatusCodeToString(status.code()), absl::Now() - start);
  return ToGrpc(status);
}

grpc::Status CallGate::RunQuietly(const grpc::ServerContext& context, const std::string& method,
                                  absl::FunctionRef<absl::Status(const Caller&)> handler) const {
  const absl::Time start = absl::Now();
  const absl::Status status = Guarded(context, handler);
  if (!status.ok()) log_->Call(method, absl::StatusCodeToString(status.code()), absl::Now() - start);
  return ToGrpc(status);
}

}  // namespace dongxi
