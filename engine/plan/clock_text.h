// Times of day and dates of cells, as people and spreadsheets write them. Pure; any thread. Internal to
// engine/plan.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dongxi::plan {

// Minutes since midnight of 9:30, 09:30:00, 下午2:30, 2:30 PM, 24:00, a spreadsheet's share of a day (0.375)
// or moment (2026-11-26T09:30:00). Seconds do not count. None for everything else: 下午25:30, 上午13:00,
// 24:30, 9:30左右. `text` is narrow.
std::optional<int> MinuteOfDay(std::string_view text);

// 2026-11-26 of that, 2026/11/26, 2026年11月26日 or a spreadsheet's moment. None for everything else.
// `text` is narrow.
std::optional<std::string> DateOf(std::string_view text);

}  // namespace dongxi::plan
