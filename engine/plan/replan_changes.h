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

// 取消 / 新增 / 改动 …, for people. `event`: the new plan's, which tells what the organiser cancelled.
std::string ChangeText(const Event& event, const Change& change);

}  // namespace dongxi::plan
