// What statistics look at: the effective entries of the ledger and the needs of the catalogue. Plain values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "engine/engagement/engagement.h"

namespace dongxi {

// An entry that counts today (EffectiveHistory). Regions, channel, task and field are those that the entry
// kept when it was recorded.
struct LedgerRow {
  std::string id;           // "engagements/e-…"
  std::string need, offer;  // resource names
  Step step = Step::kShown;
  RefusalReason reason = RefusalReason::kNone;
  int64_t event_time_us = 0;  // since 1970 UTC
  std::optional<double> amount_wan;
  std::string need_region, offer_region;  // GB/T 2260, empty if unknown
  std::string channel;                    // Channel::id or "none"
  std::string task;                       // Task::id, empty: none of the tasks
  std::string field, mode;                // empty: not said
  std::string institution;                // resource name of the offer's institution, or empty
  std::string pairing;     // PairingLine::key of the plan's pairing that it belongs to, or empty
  bool has_match = false;  // it names the match or watch that caused it, which recommended the pair
  std::optional<int64_t> match_time_us;  // of the answer that it names, while the match log keeps it
  bool has_evidence = false;
  bool illustrative = false, simulated = false;
  bool need_deleted = false;  // the need is no longer in the catalogue
};

// The day in China at that time.
absl::CivilDay ChinaDay(int64_t time_us);
// Its beginning, since 1970 UTC.
int64_t ChinaDayStartUs(absl::CivilDay day);

// A pair is recommended (得到推荐) by its first entry that is 推荐 or names a match that was answered on its
// day or before (ledgers of before took others): this one definition holds for every figure, share and
// sentence.
inline bool TellsOfRecommendation(const LedgerRow& row) {
  const bool came_of_match =
      row.has_match && ChinaDay(row.match_time_us.value_or(row.event_time_us)) <= ChinaDay(row.event_time_us);
  return row.step == Step::kShown || came_of_match;
}
// When the pair was recommended, as such an entry tells: at its own time, or when the match that it names was
// answered if that came before.
inline int64_t RecommendedAtUs(const LedgerRow& row) {
  return std::min(row.match_time_us.value_or(row.event_time_us), row.event_time_us);
}

// A need of the catalogue.
struct NeedRow {
  std::string name;
  std::string region, channel, task;  // task and channel as the plan is read today
  std::vector<std::string> fields, modes;
  absl::CivilDay first_day;                         // of its registration, in China
  absl::CivilDay last_day = absl::CivilDay::max();  // deadline or end of validity
  bool illustrative = false;
};

// Days [first, end) in China.
struct DayRange {
  absl::CivilDay first, end;
  bool Contains(absl::CivilDay day) const { return first <= day && day < end; }
  bool operator==(const DayRange&) const = default;
};

}  // namespace dongxi
