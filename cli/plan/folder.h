// The folder of a plan: plan.json, schedule.xlsx, agendas.pdf, tables.pdf, calendars/*.ics.
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/plan/plan_file.h"

namespace dongxi::cli {

// The folder, of itself or of its plan.json.
std::filesystem::path PlanFolderOf(const std::filesystem::path& path);

// engagements.json, which only a folder has whose outcomes somebody recorded.
std::filesystem::path EngagementsFileOf(const std::filesystem::path& folder);

// `path` is the folder or its plan.json.
absl::StatusOr<plan::PlanFile> ReadPlanFolder(const std::filesystem::path& path);

// Each checks the plan with the independent checker and writes plan.json last. Errors: Internal if the plan
// breaks a rule (nothing is written) or a file cannot be written; InvalidArgument if `folder` is a file, or
// if nobody could read the plan back (above plan::kEventBytesMax; nothing is written). What is read before to
// be changed is read and written under a FolderLock.

// All files, engagements.json if it is there; calendars cancel what was in `before`, the revision that this
// one comes after (may be null), and still cancel what those beside it did, in `folder_before` (empty:
// `folder`).
absl::Status WritePlanFolder(const plan::PlanFile& plan, const std::filesystem::path& folder,
                             const plan::PlanFile* before = nullptr,
                             const std::filesystem::path& folder_before = {});
// What shows the plan's state: everything but the calendars, which stay as the last revision made them.
absl::Status WritePlanState(const plan::PlanFile& plan, const std::filesystem::path& folder);
// plan.json alone: enough for what came of a meeting, which the sheets take up with the next change of state.
absl::Status WritePlanFile(const plan::PlanFile& plan, const std::filesystem::path& folder);

}  // namespace dongxi::cli
