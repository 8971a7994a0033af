// The plan of a small event, for tests of what is written of it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/plan/event_tables.h"
#include "engine/plan/plan_file.h"
#include "engine/plan/planner.h"

namespace dongxi::cli {

inline constexpr char kEvent[] = R"({
 "settings": [{"key": "活动名称", "value": "对接会"}],
 "slots": [{"id": "S1", "date": "2026-11-26", "begin": "09:00", "end": "09:25"},
           {"id": "S2", "date": "2026-11-26", "begin": "09:30", "end": "09:55"},
           {"id": "S3", "date": "2026-11-26", "begin": "10:00", "end": "10:25"}],
 "tables": [{"id": "A1"}],
 "parties": [{"id": "N1", "name": "需求甲", "side": "需求方"},
             {"id": "O1", "name": "供给甲", "side": "供给方"}],
 "pairs": [{"need": "N1", "offer": "O1", "score": "0.9"}],
 "sessions": [{"id": "R1", "name": "路演", "kind": "路演", "slot": "S2", "participants": "N1"},
              {"id": "R2", "name": "路演", "kind": "路演", "slot": "S3", "participants": "N1"}]})";

inline plan::PlanFile Planned(const std::string& event = kEvent) {
  std::vector<plan::Problem> problems;
  plan::PlanFile file{.event = DecodeEvent(*plan::TablesFromJson(event), &problems)};
  EXPECT_FALSE(plan::HasFatal(problems));
  file.plan = *plan::MakePlan(file.event);
  return file;
}

}  // namespace dongxi::cli
