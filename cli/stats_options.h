// Which options a subcommand of dongxi stats applies, and what those given ask for, in words. Pure functions.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "cli/stats_command.h"

namespace dongxi::cli {

// InvalidArgument that names each option given that the subcommand would not apply, and what to do instead:
// no paper may name a choice that its figures do not follow.
absl::Status CheckApplied(const StatsOptions& options);

// What narrows the entries beside the region of the need: 供给方 天津，任务 3.2，只看模拟数据. Empty:
// nothing.
std::string ConditionsOf(const StatsOptions& options);
// 青海的需求，任务 3.2; 全部需求地区.
std::string ScopeOf(const StatsOptions& options);

}  // namespace dongxi::cli
