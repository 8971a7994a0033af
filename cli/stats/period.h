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
  // As long, the years before: 2025; 2021—2023; the third quarter of 2025. It ends where the period begins at
  // the latest, so that it is shorter than one of whole years and a few days.
  DayRange earlier;
  std::string earlier_label;
  // As AsOf found it.
  bool running = false;  // it was cut, and so was the earlier one
  bool begun = true;     // otherwise it lies ahead, and nothing of it can be compared
};

// 2026, 2024-2026, 2026Q3, 2026-03, 2026-01-01..2026-06-30 (both days included). InvalidArgument otherwise,
// in Chinese.
absl::StatusOr<Period> ParsePeriod(const std::string& text);

// The period as far as it is over at the end of `day`: one that still runs ends with that day and the earlier
// one with the same day of its year, so that a part is not compared with a whole; the labels say the days.
// One that lies ahead stays whole.
Period AsOf(Period period, absl::CivilDay day);
// 本期未完，统计至11月28日，同比同期（2025年1月1日至11月28日）; that it lies ahead; empty if it is over.
std::string RunningWords(const Period& period, bool compared);

}  // namespace dongxi::cli
