// Who may call what: the part of the gate that both doors ask before anything of a call's body is decoded.
// Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/call_gate.h"

namespace dongxi {

class Admission {
 public:
  // What `parts` points to outlives it.
  explicit Admission(const GateParts& parts) : parts_(parts) {}

  // The token of a value of "authorization" (empty: none was sent). Null for an anonymous caller of a server
  // without tokens. Errors: UNAUTHENTICATED, as CallGate::Run tells them.
  absl::StatusOr<std::shared_ptr<const Token>> Authenticate(std::string_view authorization) const;
  // PERMISSION_DENIED unless the token is for `method` ("MatchService.Match"); null may all.
  // FAILED_PRECONDITION (SERVER_READ_ONLY) if this server is a copy and `method` is not for copies.
  absl::Status CheckAccess(const Token* token, const std::string& method) const;
  // Both are OK. Takes nothing of the token's rate.
  bool Admits(std::string_view authorization, const std::string& method) const;
  // Tells log and metrics of a call that its door answered without asking the gate.
  void Refused(const std::string& method, const std::string& request_id, const absl::Status& status) const;

 private:
  const GateParts parts_;
};

// Metadata of a call whose body its door did not decode, because its caller is not admitted: the gate refuses
// it, even if the token has come into force since. Who sends it by himself is refused too.
inline constexpr char kTurnedAwayKey[] = "x-dongxi-turned-away";

}  // namespace dongxi
