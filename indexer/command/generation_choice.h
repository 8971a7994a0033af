// Which generation a command means.
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"

namespace dongxi {

// The folder of `generation`, or of the current one if it is empty. NotFound names the generations that
// exist.
absl::StatusOr<std::filesystem::path> ChooseGeneration(const std::string& data,
                                                       const std::string& generation);

}  // namespace dongxi
