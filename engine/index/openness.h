// How open a record is, and to what an owner may lend its region. Plain data; pure functions; any thread.
#pragma once

#include <string_view>

#include "engine/index/document_row.h"
#include "engine/index/document_table.h"

namespace dongxi {

// What MaySee (engine/record/viewer.h) goes by.
struct Openness {
  Disclosure disclosure = Disclosure::kPublic;
  std::string_view tenant;  // empty: common to all
  bool shared = false;
};

inline Openness OpennessOf(const DocumentFields& fields) {
  return {fields.disclosure, fields.tenant, fields.shared};
}
inline Openness OpennessOf(const DocumentTable& documents, DocId doc) {
  return {documents.disclosure(doc), documents.tenant(doc), documents.shared(doc)};
}

// True if whoever may see a record as open as `owned` may see one as open as `owner` too. Only then does the
// owner lend its region: otherwise answers, filters and facets would tell of a record that is not shown.
inline bool IsSeenByAllWhoSee(const Openness& owner, const Openness& owned) {
  if (owner.disclosure > owned.disclosure) return false;
  return owner.tenant.empty() || owner.shared || (owner.tenant == owned.tenant && !owned.shared);
}

}  // namespace dongxi
