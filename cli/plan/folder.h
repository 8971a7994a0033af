// The folder of a plan: plan.json, schedule.xlsx, agendas.pdf, tables.pdf, calendars/*.ics.
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/plan/plan_file.h"

namespace dongxi::cli {

// `path` is the folder or its plan.json.
absl::StatusOr<plan::PlanFile> ReadPlanFolder(const std::filesystem::path& path);

// Checks the plan with the independent checker and writes all files, plan.json last. Errors: Internal if the
// plan breaks a rule (nothing is written) or a file cannot be written.
absl::Status WritePlanFolder(const plan::PlanFile& plan, const std::filesystem::path& folder);

}  // namespace dongxi::cli
