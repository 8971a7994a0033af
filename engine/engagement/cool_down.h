// How long a pair that failed stands lower: the table data/engagement/cool_down.tsv. Immutable; any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "engine/engagement/engagement.h"

namespace dongxi {

inline constexpr int kCoolDownMonthsMax = 120;
inline constexpr int kCoolDownDaysMax = 3'650;

struct CoolDown {
  int months = 0, days = 0;  // both are added
  int grace_days = 0;        // so long after the last contact nothing has failed yet
  std::string text;          // Chinese, why
  // The first day on which what happened on `day` counts no more. Months as in the calendar: a day that the
  // month does not have is its last one.
  absl::CivilDay EndFrom(absl::CivilDay day) const;
  bool operator==(const CoolDown&) const = default;
};

struct CoolDownTable {
  std::array<CoolDown, kRefusalReasons + 1> reasons;  // by RefusalReason; that of kNone is empty
  CoolDown met;                                       // they met and nothing came of it

  const CoolDown& Of(RefusalReason reason) const { return reasons[static_cast<size_t>(reason)]; }
};

// The columns reason, months, days, grace_days, text; a row for every reason and for "met". Errors:
// InvalidArgument names line, what was found and what is expected.
absl::StatusOr<CoolDownTable> ParseCoolDowns(std::string_view content);

// The file as it was when this program was built: an answer depends on program, records and ledger alone, so
// that replays need no further file.
const CoolDownTable& BuiltInCoolDowns();

}  // namespace dongxi
