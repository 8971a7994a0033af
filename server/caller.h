// Who calls: what the gate learnt from his token. Plain data.
#pragma once

#include <string>

#include "engine/record/viewer.h"

namespace dongxi {

struct Caller {
  Viewer viewer;           // what his answers may show
  std::string token_id;    // public id of the token, never the token itself; empty without one
  std::string request_id;  // names this call in logs, in the audit log and in error details
  bool may_write = true;   // the methods that change something
  bool may_admin = true;   // the methods of the operator

  const std::string& tenant() const { return viewer.tenant; }
};

}  // namespace dongxi
