// 创新联合体 and the owner's question in the answer to a match. Plain values.
#pragma once

#include <string>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/coverage.h"
#include "engine/requirement/owner_question.h"

namespace dongxi {

inline constexpr size_t kCoveredByShown = 20;

// One part of what the need asks for.
struct ConsortiumElement {
  requirement::ElementKind kind = requirement::ElementKind::kIndicator;
  std::string text;  // as printed: 考核指标：锂收率 ≥85%
  std::vector<RecordName>
      covered_by;  // entries, chosen or not, at most kCoveredByShown; empty: it stays open
};

struct ConsortiumMember {
  RecordName name;
  std::string title;
  bool illustrative = false;
  std::vector<size_t> elements;  // places of what it covers that no member before it does
};

// The fewest entries of the answer that together cover the need (requirement/coverage.h).
struct MatchConsortium {
  std::vector<ConsortiumMember> members;  // in order of partners, experts, results, each by rank
  std::vector<ConsortiumElement> elements;
  size_t open = 0;  // elements that nobody covers
  double cost = 0, lower_bound = 0;
  bool exact = false;
};

// What an entry costs as a member: 1, up to kRankCostMax more the lower it stands in its list, and
// kReserveCost more if it is not adequate or came in by broadening only. So fewer members go before better
// ones, and of as many the better. `rank` from 1.
inline constexpr double kRankCostMax = 0.25;
inline constexpr double kReserveCost = 0.5;
double MemberCost(size_t rank, bool adequate, bool broadened);

}  // namespace dongxi
