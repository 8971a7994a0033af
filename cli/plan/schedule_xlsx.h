// The schedule as a workbook: 总日程, 各方日程, 桌位表, 活动, 未排, 指标, 变动.
#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "engine/plan/plan_file.h"

namespace dongxi::cli {

absl::Status WriteScheduleXlsx(const plan::PlanFile& plan, const std::filesystem::path& file);

}  // namespace dongxi::cli
