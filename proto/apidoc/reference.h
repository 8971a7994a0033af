// The reference under docs/api/: a page a .proto file and an overview, in Markdown. Pure functions; any
// thread.
#pragma once

#include <map>
#include <string>

#include "proto/apidoc/api.h"

namespace dongxi {

// Text by file name: "README.md", "match.md" …
std::map<std::string, std::string> ReferenceOf(const Api& api);

}  // namespace dongxi
