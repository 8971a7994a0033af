// Cooperation modes by the matrix, and the parties that a free-text need asks for.
#include "engine/requirement/modes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi::requirement {
namespace {

using testing::HasSubstr;

const RequirementTables& Tables() { return BuiltInRequirementTables(); }

RequirementVerdict Judge(const std::string& wanted, const std::vector<std::string>& offered) {
  return JudgeModes(
             {wanted}, offered, [](std::string_view code) { return std::string(code); }, Tables())
      .front();
}

TEST(ModesTest, WhatCanBeAgreedOnIsNoContradiction) {
  const std::pair<std::string, std::string> pairs[] = {{"license", "joint_rd"},
                                                       {"commissioned_rd", "conversion"},
                                                       {"pilot_platform", "resource_sharing"},
                                                       {"technical_service", "talent_exchange"},
                                                       {"joint_platform", "technical_service"}};
  for (const auto& [wanted, offered] : pairs) {
    SCOPED_TRACE(wanted + " " + offered);
    EXPECT_EQ(Judge(wanted, {offered}).outcome, Outcome::kShort);
    EXPECT_FALSE(Judge(wanted, {offered}).shortfall_text.empty());
  }
  EXPECT_EQ(Judge("training", {"mutual_secondment"}).outcome, Outcome::kMet);
  EXPECT_EQ(Judge("training", {"flexible_hiring"}).outcome, Outcome::kMet);
}

TEST(ModesTest, APairThatTheTableDoesNotHaveIsOpen) {
  ASSERT_EQ(Tables().FitOf("apprenticeship", "transfer"), nullptr);
  const RequirementVerdict open = Judge("apprenticeship", {"transfer", "license"});
  EXPECT_EQ(open.outcome, Outcome::kUnknown);
  EXPECT_EQ(open.reason, "合作方式 apprenticeship：供方只说愿transfer、license，要商谈");
  EXPECT_EQ(Judge("apprenticeship", {}).outcome, Outcome::kUnknown);
  EXPECT_THAT(Judge("apprenticeship", {}).reason, HasSubstr("没有说明"));
}

TEST(ModesTest, OnlyTheTableContradictsAndAnOpenModeGoesBeforeIt) {
  EXPECT_EQ(Judge("joint_rd", {"license"}).outcome, Outcome::kContradictory);
  ASSERT_EQ(Tables().FitOf("joint_rd", "popularisation"), nullptr);
  EXPECT_EQ(Judge("joint_rd", {"license", "popularisation"}).outcome, Outcome::kUnknown);
  EXPECT_EQ(Judge("joint_rd", {"license", "popularisation", "demonstration"}).outcome, Outcome::kShort);
  EXPECT_EQ(Judge("joint_rd", {"license", "joint_rd"}).outcome, Outcome::kMet);
}

TEST(PartiesTest, AFreeTextNeedAsksForPartiesInTheSentencesThatDemand) {
  Record need{.kind = RecordKind::kNeed, .id = "n-1", .title = "县医院胸痛救治能力弱"};
  need.text = "县医院去年派驻过两名医生。希望有专家团队常年带我们做介入手术。";
  const PartiesAsked asked = ReadParties(need, ScanRecord(need), Tables());
  ASSERT_EQ(asked.parties.size(), 1u);
  EXPECT_EQ(Tables().parties()[asked.parties[0].row].code, "people");
  EXPECT_EQ(asked.parties[0].span->field, "text");
  EXPECT_EQ(asked.parties[0].span->begin, 16u) << "not the 派驻 of last year";
  need.wanted = "希望有设备。";
  EXPECT_TRUE(ReadParties(need, ScanRecord(need), Tables()).parties.empty());
}

}  // namespace
}  // namespace dongxi::requirement
