// Which tokens there are, in the audit log: who may call is as much a matter of record as what was called.
#pragma once

#include "server/audit_trail.h"
#include "server/operator_log.h"
#include "server/token_store.h"

namespace dongxi {

// Methods of these lines. The names in "written" are "tokens/{id}"; secrets are not known here.
// Tokens.Valid comes at every start, so that what changed while no server ran shows.
inline constexpr char kTokensValid[] = "Tokens.Valid";
inline constexpr char kTokensAdded[] = "Tokens.Added";
inline constexpr char kTokensRevoked[] = "Tokens.Revoked";
inline constexpr char kTokensRemoved[] = "Tokens.Removed";
inline constexpr char kTokensAltered[] = "Tokens.Altered";

// Writes down the valid tokens of `tokens`, and from now on what its file changes. All outlive `tokens`. A
// line that cannot be written is told in `log`; the audit log then refuses writes by itself, and the line is
// tried again, with its own time, whenever `tokens` looks at its file. The end of the server forgets it.
void AuditTokens(TokenStore* tokens, AuditTrail* audit, const OperatorLog* log);

}  // namespace dongxi
