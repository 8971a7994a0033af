// Who looks at records: what an answer may show him. Plain data; pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/record/record.h"

namespace dongxi {

struct Viewer {
  Disclosure disclosure_max = Disclosure::kPublic;  // records that are less open are left out
  std::string tenant;  // whose own records he sees beside the common and the shared ones; empty: of none
  bool all_tenants = false;  // the operator: sees the records of every tenant
  bool operator==(const Viewer&) const = default;
};

// A record without a tenant is common to all; one of a tenant is his alone unless he shares it. Its
// disclosure holds in any case, for its own tenant too.
inline bool MaySee(const Viewer& viewer, Disclosure disclosure, std::string_view tenant, bool shared) {
  if (disclosure > viewer.disclosure_max) return false;
  return tenant.empty() || shared || viewer.all_tenants || tenant == viewer.tenant;
}
inline bool MaySee(const Viewer& viewer, const Record& record) {
  return MaySee(viewer, record.disclosure, record.tenant, record.shared);
}

}  // namespace dongxi
