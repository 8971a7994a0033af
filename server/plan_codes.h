// Codes of the plan in the filters of the ledger and of statistics. Pure functions; any thread.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "engine/policy/policy.h"

namespace dongxi {

// Ok for a code of the tables, "none" (kNoGroup) and an empty one. A code that they do not have would
// silently find nothing: InvalidArgument (TASK_UNKNOWN, CHANNEL_UNKNOWN) names `field`, what was found and
// all codes, of channels with their names.
absl::Status CheckTaskCode(const std::string& field, const std::string& code, const Policy& policy);
absl::Status CheckChannelCode(const std::string& field, const std::string& code, const Policy& policy);

}  // namespace dongxi
