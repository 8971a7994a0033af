// What the reason of an error (google.rpc.ErrorInfo, docs/errors.md) says to a person. Pure function; any
// thread.
#pragma once

#include <string>
#include <string_view>

namespace dongxi::cli {

// What happened and what to do, in Chinese; empty for a reason that says no more than the code of its error.
std::string HeadlineOfReason(std::string_view reason);

}  // namespace dongxi::cli
