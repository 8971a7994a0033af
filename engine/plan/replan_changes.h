// What a new plan changes of the one before. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

enum class ChangeKind { kCancelled, kAdded, kMoved };

struct Change {
  ChangeKind kind = ChangeKind::kCancelled;
  int pair = 0;
  int old_slot = -1, new_slot = -1;
  int old_table = -1, new_table = -1;
};

// By pair, ascending: what has not the same slot and table in both plans. `pairs`: of the event.
std::vector<Change> ChangesBetween(const Plan& old, const Plan& now, size_t pairs);

// Of the cancelled pairs those without a meeting in the old plan, each once, ascending: no meeting changes,
// and the pairs are out all the same.
std::vector<int> CancelledWithoutMeeting(const Plan& old, const std::vector<int>& cancelled);

// The name, with the id where another party has that name too: 某公司（n-2）, of two needs of one owner.
std::string PartyText(const Event& event, int party);

// 取消 / 新增 / 改动 …, for people. `event`: the new plan's, which tells what the organiser cancelled.
std::string ChangeText(const Event& event, const Change& change);
// The same of a pair of CancelledWithoutMeeting.
std::string OutText(const Event& event, int pair);

}  // namespace dongxi::plan
