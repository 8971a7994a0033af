// Why a party of a plan has no meeting. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

// By party, Chinese; empty for who meets somebody. Where no partner could be met at all it says how many are
// lost to what: refusals, cool-downs, maxima, tables, slots. Slots before `now` are past.
std::vector<std::string> WhyWithoutMeeting(const Event& event, const Plan& plan, int now = 0);

// A party below its 最少会谈, or below the floor of protected parties.
struct MissingMinimum {
  int party = 0;
  int minimum = 0, meetings = 0;
  int partners = 0;   // whom nobody refuses it and who does not cool down
  int slots = 0;      // that it is there in, past ones left out
  std::string since;  // 从 S3 起; empty: none is past

  std::string Text() const;  // 最少 3 场，排了 1 场，还差 2 场；可以会谈的对方 1 个，可用时段 4 个
};
// By party. Figures::min_shortfall is their sum.
std::vector<MissingMinimum> MissingMinima(const Event& event, const Plan& plan, int now = 0);

}  // namespace dongxi::plan
