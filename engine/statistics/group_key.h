// By what figures are grouped, and what the groups are called. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/policy/policy.h"
#include "engine/statistics/ledger_row.h"
#include "engine/statistics/pairing_lines.h"

namespace dongxi {

// Numbers are those of dongxi.v1.StatisticsDimension.
enum class Dimension : uint8_t {
  kYear = 1,          // "2026", of the event, in China
  kChannel = 2,       // Channel::id; "none"
  kTask = 3,          // "3.2"; "none"
  kProvincePair = 4,  // "63-12": province of the need, province of the offer; "" for an unknown one
  kProvince = 5,      // "63": of the need
  kCity = 6,          // "6328": of the need; "63" if only the province is known
  kMode = 7,          // code of the mode; "none"
  kField = 8,         // the field's own words; "none"
  kPairing = 9,       // PairingLine::key; "none": outside the pairings of the plan
};
inline constexpr int kDimensions = 9;

inline constexpr char kNoGroup[] = "none";

// The group of an entry. `mode` is that of its pair.
std::string GroupKeyOf(Dimension dimension, const LedgerRow& row, const std::string& mode);
// The groups of a need: several modes count in each, and so do the years of the period in which it is open;
// of several fields only the first, which is the one that its entries have. None for the dimensions that a
// need alone does not have: pair of provinces, pairing.
std::vector<std::string> GroupKeysOf(Dimension dimension, const NeedRow& need, const DayRange& period);

// 青海 ↔ 天津, 3.2 盐湖产业, 科技援青 …
std::string GroupLabel(Dimension dimension, const std::string& key, const Policy& policy,
                       const PairingLines& pairings);

// Keys that are listed even without entries, in order: the channels, tasks and pairings of the plan that are
// valid on some day of the period and whose region lies in `region` or around it.
std::vector<std::string> ExpectedKeys(Dimension dimension, const Policy& policy, const PairingLines& pairings,
                                      const DayRange& period, const std::string& region,
                                      const std::string& channel, const std::string& task);

}  // namespace dongxi
