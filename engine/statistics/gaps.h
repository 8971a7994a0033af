// What no offer answers and what nobody asks for: unmet needs gathered into topics for guides (指南方向建议),
// idle offers counted, both for a period and the one before. Pure functions; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "engine/policy/policy.h"
#include "engine/statistics/ledger_row.h"

namespace dongxi {

// A need with what matching found for it.
struct AskedNeed {
  std::string name, title, wanted;  // resource name; texts as the owner wrote them
  std::string region, task;
  std::vector<std::string> fields;
  std::optional<double> budget_wan;
  absl::CivilDay first_day, last_day = absl::CivilDay::max();  // open from, to
  // Resource names of the adequate offers, of any kind, and of the institutions behind them; display names of
  // institutions that have no record of their own there.
  std::set<std::string> adequate;
  bool illustrative = false;
};

// A result, an expert or an institution of the catalogue.
struct OfferedRecord {
  std::string name, title, region;
  std::vector<std::string> fields;
  bool illustrative = false;
  absl::CivilDay first_day = absl::CivilDay::min(), last_day = absl::CivilDay::max();  // there from, to
};

// Needs of one field and province that ask for much the same.
struct GuideTopic {
  std::string field;                 // 未注明领域 if the needs name none
  std::string province;              // code; empty if unknown
  std::string title;                 // that of the need nearest to all others
  std::vector<std::string> phrases;  // of four or more characters that most of them share; at most 3
  std::vector<size_t> needs;         // places in the needs given, the nearest to all others first
  double budget_wan = 0;             // sum of those known
  int64_t needs_before = 0;          // unmet needs of the earlier period with the field and province
};

enum class OfferedKind : uint8_t { kResult = 0, kExpert = 1, kInstitution = 2 };
inline constexpr int kOfferedKinds = 3;
std::string_view ChineseNameOf(OfferedKind kind);       // 成果, 专家, 机构
OfferedKind OfferedKindOf(const OfferedRecord& offer);  // by its name

// Idle offers of one kind, field and province.
struct IdleGroup {
  OfferedKind kind = OfferedKind::kResult;
  std::string field, province;
  std::vector<size_t> offers;  // places
  int64_t idle_before = 0;
};

struct Gaps {
  int64_t needs = 0, unmet = 0;  // of the region, open in the period
  int64_t needs_before = 0, unmet_before = 0;
  // Offers that were there in the period. One is idle if neither it nor, of an institution, what it stands
  // behind is adequate for any need of any region open in the period. By OfferedKind.
  struct IdleCount {
    int64_t offers = 0, idle = 0, idle_before = 0;
  };
  std::array<IdleCount, kOfferedKinds> kinds;
  std::vector<GuideTopic> topics;      // most needs first, then the largest budget, field, province
  std::vector<IdleGroup> idle_groups;  // by kind; most offers first, then field, province

  const IdleCount& of(OfferedKind kind) const { return kinds[static_cast<size_t>(kind)]; }
};

// Topics are made by average-link clustering of character pairs of title and wish (Dice), within one first
// field and province, 400 needs at a time in the order given: where there are more, one wish may make several
// topics. `region` is the beginning of the codes whose unmet needs are gathered; `needs` are those of all
// regions: what one region does not need another may. `earlier` may be none: then all that is said of before
// is 0.
Gaps FindGaps(std::span<const AskedNeed> needs, std::span<const OfferedRecord> offers, const DayRange& period,
              const std::optional<DayRange>& earlier, const std::string& region = "");

}  // namespace dongxi
