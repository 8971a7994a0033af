// Trees as XGBoost dumps them, written as the file that the engine reads (docs/learned_ranker.md). Pure
// functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {

// Every leaf is multiplied by `scale`. `target` is result, partner or expert; `training` is for people and
// may be null. Internal if a dump is none, or splits by something else than a number of the engine's
// features.
absl::StatusOr<std::string> RankerFile(const std::string& target, const std::vector<std::string>& dumps,
                                       double scale, const nlohmann::ordered_json& training);

}  // namespace dongxi::bench
