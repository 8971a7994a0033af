// One secret in a file of its own, so that it is neither in the command line nor in the environment. Any
// thread.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace dongxi {

inline constexpr size_t kSecretBytesMin = 16;

// One line of at least kSecretBytesMin letters, digits and -._~+/=. InvalidArgument names `option` and the
// file.
absl::StatusOr<std::string> ReadSecretFile(const std::string& option, const std::string& file);

}  // namespace dongxi
