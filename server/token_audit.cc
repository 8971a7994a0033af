#include "server/token_audit.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/time/clock.h"

namespace dongxi {
namespace {

void Append(const char* method, const std::vector<std::string>& ids, AuditTrail* audit,
            const OperatorLog* log) {
  for (size_t done = 0; done < ids.size(); done += kAuditNamesMax) {
    AuditEvent event;
    event.time = absl::Now();
    event.method = method;
    event.code = "OK";
    const size_t end = std::min(ids.size(), done + kAuditNamesMax);
    for (size_t i = done; i < end; ++i) event.written.push_back("tokens/" + ids[i]);
    event.written_total = event.written.size();
    const absl::Status written = audit->Append(event);
    if (!written.ok())
      log->Error(std::string(method) + " is not in the audit log: " + std::string(written.message()));
  }
}

}  // namespace

void AuditTokens(TokenStore* tokens, AuditTrail* audit, const OperatorLog* log) {
  Append(kTokensValid, tokens->ValidIds(absl::Now()), audit, log);
  tokens->OnChange([audit, log](const TokenChanges& changes) {
    Append(kTokensAdded, changes.added, audit, log);
    Append(kTokensRevoked, changes.revoked, audit, log);
    Append(kTokensRemoved, changes.removed, audit, log);
    Append(kTokensAltered, changes.altered, audit, log);
  });
}

}  // namespace dongxi
