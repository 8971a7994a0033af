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

TEST(ModesTest, ALicenceSaysNothingOfDemonstrationTrainingAndPilots) {
  for (const char* wanted : {"demonstration", "training", "pilot_platform"})
    EXPECT_EQ(Judge(wanted, {"license"}).outcome, Outcome::kUnknown) << wanted;
}

TEST(ModesTest, WhatTheTextRefusesIsContradictoryWhateverTheTableSays) {
  struct Case {
    std::string wanted, text;
    bool refused;
  };
  const Case cases[] = {
      {"transfer", "权利人保留专利权，只作普通许可，不转让。", true},
      {"transfer", "品种权永不转让，仅发放普通许可", true},
      {"transfer", "未经质权人同意不得转让", false},
      {"transfer", "技术已公开，不收取转让费", false},
      {"transfer", "不转让给境外企业", false},
      {"transfer", "该线不对外转让设备", false},
      {"transfer", "不仅转让，还可入股", false},
      {"license", "仅以作价入股方式合作，不单独许可、不转让", true},
      {"license", "可核验运输许可证，未经许可不得使用", false},
      {"equity", "一次性买断，不以技术入股", true},
      {"dual_appointment", "在编人员不得在外单位双聘，可来讲课", true},
      {"dual_appointment", "本人不接受双聘", true},
      {"joint_rd", "现不再承接任何研发课题", true},
      {"joint_rd", "也不参加联合攻关，只作科普报告", true},
      {"mutual_secondment", "可接收人员来台挂职，不能派人外出挂职", false},
  };
  for (const Case& one : cases) {
    const Record offer{.kind = RecordKind::kResult, .id = "r", .title = "t", .text = one.text};
    const std::vector<std::string> refused = ModesRefused({one.wanted}, offer);
    EXPECT_EQ(!refused.empty(), one.refused) << one.text;
    const auto name = [](std::string_view code) { return std::string(code); };
    const RequirementVerdict verdict = JudgeModes({one.wanted}, {}, name, Tables(), refused).front();
    EXPECT_EQ(verdict.outcome, one.refused ? Outcome::kContradictory : Outcome::kUnknown) << one.text;
    EXPECT_EQ(JudgeModes({one.wanted}, {one.wanted}, name, Tables(), refused).front().outcome, Outcome::kMet);
  }
}

TEST(PartiesTest, ANeedSaysInWordsWhetherItWantsPartiesAlone) {
  struct Case {
    const char *title, *wanted;
    std::vector<std::string> modes;
    bool only;
  };
  const Case cases[] = {
      {"急聘水文地质工程师", "只招人，不要技术成果。", {}, true},
      {"地热供暖项目寻求投资", "只寻找投资方。", {}, true},
      {"光热电站扩建融资", "仅寻求投资方，技术路线已定，不再引进技术。", {}, true},
      {"寻找投资方", "寻找投资方入股。", {}, false},
      {"寻找投资方", "不仅寻求投资方，也要提锂技术。", {}, false},
      {"寻找投资方", "寻求投资方，引进无需催化剂的工艺。", {}, false},
      {"检测平台共享及提纯技术", "既要共享检测平台，也要高纯氧化镧提纯技术。", {"resource_sharing"}, false},
      {"仪器共享", "寻找可共享大型仪器的平台。", {"resource_sharing"}, true},
      {"兽医培训", "每年办两期防疫技术培训班，讲授防疫技术。", {"training"}, true},
      {"托管空置园区", "仅寻求园区运营方，不引进技术。", {"park_operation"}, true},
  };
  for (const Case& one : cases) {
    Record need{.kind = RecordKind::kNeed, .id = "n", .title = one.title};
    need.wanted = one.wanted;
    need.modes = one.modes;
    EXPECT_EQ(ReadParties(need, ScanRecord(need), Tables()).only, one.only) << one.wanted;
  }
}

TEST(PartiesTest, RunningAnEnclaveParkAsksForItsOperatorAlone) {
  Record need{.kind = RecordKind::kNeed, .id = "n", .title = "飞地园区运营"};
  need.wanted = "找一家园区运营方整体托管。";
  need.modes = {"park_operation"};
  const PartiesAsked asked = ReadParties(need, ScanRecord(need), Tables());
  ASSERT_EQ(asked.parties.size(), 1u);
  EXPECT_EQ(Tables().parties()[asked.parties[0].row].code, "park_operator");
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
