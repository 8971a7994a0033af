// What the options of dongxi stats ask for, checked. Pure but for the file of counties and the current year.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/stats/period.h"
#include "cli/stats_command.h"
#include "dongxi/v1/statistics.pb.h"

namespace dongxi::cli {

// What all subcommands ask for.
struct StatsQuestion {
  Period period;
  v1::StatisticsFilter filter;
  std::vector<v1::StatisticsDimension> dimensions;
  std::vector<std::string> expected_regions;
};

// Errors name the option and what it may be; those of --counties the file.
absl::StatusOr<StatsQuestion> QuestionOf(const StatsOptions& options);

// "--by 的值“x”不对：expected" as InvalidArgument.
absl::Status WrongOption(const std::string& option, const std::string& found, const std::string& expected);

}  // namespace dongxi::cli
