#include "server/token_audit.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "absl/time/clock.h"

namespace dongxi {
namespace {

void AppendLine(const char* method, std::span<const std::string> ids, AuditTrail* audit,
                const OperatorLog* log) {
  AuditEvent event;
  event.time = absl::Now();
  event.method = method;
  event.code = "OK";
  for (const std::string& id : ids) event.written.push_back("tokens/" + id);
  event.written_total = event.written.size();
  const absl::Status written = audit->Append(event);
  if (!written.ok())
    log->Error(std::string(method) + " is not in the audit log: " + std::string(written.message()));
}

void Append(const char* method, std::span<const std::string> ids, AuditTrail* audit, const OperatorLog* log) {
  for (size_t done = 0; done < ids.size(); done += kAuditNamesMax)
    AppendLine(method, ids.subspan(done, std::min<size_t>(kAuditNamesMax, ids.size() - done)), audit, log);
}

}  // namespace

void AuditTokens(TokenStore* tokens, AuditTrail* audit, const OperatorLog* log) {
  const std::vector<std::string> valid = tokens->ValidIds(absl::Now());
  Append(kTokensValid, valid, audit, log);
  if (valid.empty()) AppendLine(kTokensValid, {}, audit, log);  // that all were revoked is told too
  tokens->OnChange([audit, log](const TokenChanges& changes) {
    Append(kTokensAdded, changes.added, audit, log);
    Append(kTokensRevoked, changes.revoked, audit, log);
    Append(kTokensRemoved, changes.removed, audit, log);
    Append(kTokensAltered, changes.altered, audit, log);
  });
}

}  // namespace dongxi
