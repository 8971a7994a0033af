#include "server/admission.h"

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "server/access.h"
#include "server/grpc_status.h"
#include "server/own_fault.h"

namespace dongxi {
namespace {

constexpr std::string_view kBearer = "Bearer ";

absl::Status TokenRequired() {
  return WithReason(
      absl::UnauthenticatedError("this server asks for a token: send metadata 'authorization: Bearer TOKEN'"),
      "TOKEN_REQUIRED");
}

absl::Status ReadOnly(const std::string& method) {
  return WithReason(
      absl::FailedPreconditionError("this server is a copy that is read from (--read-only), and " + method +
                                    " changes something: nothing was done; send it to the primary server"),
      "SERVER_READ_ONLY");
}

// What the token alone says.
absl::Status CheckToken(const Token* token, const std::string& method) {
  if (token == nullptr) return absl::OkStatus();
  if (!token->AllowsMethod(method)) {
    return WithReason(absl::PermissionDeniedError("this token is not for " + method), "METHOD_NOT_ALLOWED");
  }
  const Permission needed = AccessOf(method).permission;
  // Generations, backups and settings are those of all tenants.
  if (needed == Permission::kAdmin && token->Has(needed) && !token->tenant.empty()) {
    return WithReason(absl::PermissionDeniedError(method + " concerns all tenants, and this token is one "
                                                           "tenant's; use a token with 'admin' and without "
                                                           "a tenant"),
                      "OPERATOR_ONLY");
  }
  if (token->Has(needed)) return absl::OkStatus();
  return WithReason(absl::PermissionDeniedError(method + " needs the permission '" +
                                                PermissionsText(static_cast<uint8_t>(needed)) +
                                                "', which this token lacks"),
                    "PERMISSION_MISSING");
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Token>> Admission::Authenticate(std::string_view authorization) const {
  const absl::Time now = absl::Now();
  parts_.tokens->Refresh(now);
  if (!parts_.tokens->HasTokens() && !parts_.require_token) return std::shared_ptr<const Token>();
  if (authorization.empty()) return TokenRequired();
  if (authorization.substr(0, kBearer.size()) != kBearer) {
    return WithReason(absl::UnauthenticatedError("expected 'authorization: Bearer TOKEN'"), "TOKEN_INVALID");
  }
  return parts_.tokens->Find(authorization.substr(kBearer.size()), now);
}

absl::Status Admission::CheckAccess(const Token* token, const std::string& method) const {
  DX_RETURN_IF_ERROR(CheckToken(token, method));
  return parts_.read_only && !IsForCopies(AccessOf(method)) ? ReadOnly(method) : absl::OkStatus();
}

bool Admission::Admits(std::string_view authorization, const std::string& method) const {
  const absl::StatusOr<std::shared_ptr<const Token>> token = Authenticate(authorization);
  return token.ok() && CheckAccess(token->get(), method).ok();
}

void Admission::Refused(const std::string& method, const std::string& request_id,
                        const absl::Status& status) const {
  const std::string code = absl::StatusCodeToString(status.code());
  const std::string error = IsOwnFault(status) ? std::string(status.message()) : "";
  parts_.log->Call({method, code, request_id, "", "", "", absl::ZeroDuration(), error});
  if (parts_.metrics != nullptr) parts_.metrics->RpcDone(method, code, 0);
}

}  // namespace dongxi
