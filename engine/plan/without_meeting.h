// Why a party of a plan has no meeting. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

// By party, Chinese; empty for who meets somebody. Where no partner could be met at all it says how many are
// lost to what: refusals, cool-downs, maxima, tables, slots.
std::vector<std::string> WhyWithoutMeeting(const Event& event, const Plan& plan);

// A party below its 最少会谈, or below the floor of protected parties.
struct MissingMinimum {
  int party = 0;
  int minimum = 0, meetings = 0;
  int partners = 0;  // whom nobody refuses it and who does not cool down
  int slots = 0;     // that it is there in

  std::string Text() const;  // 最少 3 场，排了 1 场，还差 2 场；可以会谈的对方 1 个，可用时段 4 个
};
// By party. Figures::min_shortfall is their sum, but for the floor of who has no slot or table with anybody.
std::vector<MissingMinimum> MissingMinima(const Event& event, const Plan& plan);

}  // namespace dongxi::plan
