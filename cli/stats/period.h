// Periods as an office writes them. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "engine/statistics/ledger_row.h"

namespace dongxi::cli {

struct Period {
  DayRange days;
  std::string label;  // 2026年, 2024—2026年, 2026年第3季度, 2026年3月, 2026年1月1日至6月30日
  DayRange earlier;   // as long, the years before: 2025; 2021—2023; the third quarter of 2025
  std::string earlier_label;
};

// 2026, 2024-2026, 2026Q3, 2026-03, 2026-01-01..2026-06-30 (both days included). InvalidArgument otherwise,
// in Chinese.
absl::StatusOr<Period> ParsePeriod(const std::string& text);

}  // namespace dongxi::cli
