// What the options of dongxi stats ask for, checked. Pure but for the file of counties and the current year.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/stats/period.h"
#include "cli/stats_command.h"
#include "dongxi/v1/statistics.pb.h"

namespace dongxi::cli {

// What all subcommands ask for. Codes have no zeros that only fill up (63 for 630000), as those of records.
struct StatsQuestion {
  absl::CivilDay date;   // --date, the day printed below the report; today in China if it is not given
  absl::CivilDay as_of;  // the last day that is looked at: `date`, or today where that lies ahead
  Period period;         // AsOf that day
  v1::StatisticsFilter filter;
  std::vector<v1::StatisticsDimension> dimensions;
  std::vector<std::string> expected_regions;
  std::vector<std::string> notices;  // what of a file was passed over, in Chinese
};

// Errors name the option and what it may be; those of --counties the file.
absl::StatusOr<StatsQuestion> QuestionOf(const StatsOptions& options);

// "--by 的值“x”不对：expected" as InvalidArgument.
absl::Status WrongOption(const std::string& option, const std::string& found, const std::string& expected);

}  // namespace dongxi::cli
