// An event without a problem, and reading one from JSON.
#pragma once

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "engine/plan/event_tables.h"

namespace dongxi::plan {

inline constexpr char kSound[] = R"({
 "settings": [{"key": "活动名称", "value": "对接会"}, {"key": "公平让利上限", "value": "3%"}],
 "slots": [{"id": "S1", "date": "2026-11-26", "begin": "9:00", "end": "09:25"},
           {"id": "S2", "date": "2026/11/26", "begin": "09:30", "end": "09:55"},
           {"id": "B", "date": "2026-11-26", "begin": "10:00", "end": "10:20", "kind": "休息"},
           {"id": "S3", "date": "2026-11-26", "begin": "10:30", "end": "10:55"}],
 "tables": [{"id": "A1", "seats": 6, "online": true}],
 "parties": [{"id": "N1", "name": "某县合作社", "side": "需求方", "protected": true, "slots": "S1~S2", "members": ["甲", "乙"]},
             {"id": "O1", "name": "某研究院", "side": "供给方", "absent": "S2", "max": 2, "min": 1},
             {"id": "O2", "name": "某大学", "side": "offer"}],
 "pairs": [{"need": "N1", "offer": "O1", "score": 0.8, "reason": "同做\n盐湖"}, {"need": "N1", "offer": "某大学", "score": "60%", "history": "延续"}],
 "requests": [{"from": "O1", "to": "N1", "wish": "想见"}, {"from": "N1", "to": "O2", "wish": "必见", "by": "组织方"}],
 "locks": [{"need": "N1", "offer": "O2", "slot": "S2", "table": "A1"}],
 "sessions": [{"id": "R", "name": "路演", "participants": "O1", "slot": "S3"}]})";

inline Event Decoded(std::string_view json, std::vector<Problem>* problems) {
  const absl::StatusOr<EventTables> tables = TablesFromJson(json);
  EXPECT_TRUE(tables.ok()) << tables.status();
  return tables.ok() ? DecodeEvent(*tables, problems) : Event{};
}

}  // namespace dongxi::plan
