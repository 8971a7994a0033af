// Texts and how what they are of stands by its words, for tests of liveness.
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "engine/requirement/standing.h"

namespace dongxi::requirement {

inline constexpr Standing kUnsaid = Standing::kUnsaid, kFine = Standing::kFine, kLowered = Standing::kLowered,
                          kBlocked = Standing::kBlocked;

struct Case {
  const char* text;
  Standing standing;
};

// `text` is a result's IP status, or what an expert or an institution says.
inline Standing StandingOf(RecordKind kind, const std::string& text) {
  Record record{.kind = kind, .id = "r", .title = "甲所"};
  (kind == RecordKind::kResult ? record.ip_status : record.text) = text;
  return ReadStanding(record, BuiltInRequirementTables()).words;
}

inline void ExpectEach(RecordKind kind, std::span<const Case> cases) {
  for (const Case& one : cases) EXPECT_EQ(StandingOf(kind, one.text), one.standing) << one.text;
}

}  // namespace dongxi::requirement
