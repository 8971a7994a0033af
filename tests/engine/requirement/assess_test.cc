// The requirements beside indicators, and all of them together.
#include "engine/requirement/assess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/policy/policy.h"
#include "engine/requirement/offer_readings.h"

namespace dongxi::requirement {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const RequirementTables& Tables() { return BuiltInRequirementTables(); }

AssessContext Context() {
  static const auto policy = LoadPolicy("data/policy");
  return {.today = absl::CivilDay(2026, 11, 26),
          .mode_name = [](std::string_view code) { return (*policy)->ModeName(code); }};
}

Record Need() {
  Record need{.kind = RecordKind::kNeed, .id = "n-1", .title = "老卤提锂收率低"};
  need.text = "目前收率只有六成。";
  need.wanted = "希望得到低溶损吸附剂，在海拔4500米地区使用。";
  need.indicators = {"锂收率≥85%", "年溶损≤3%"};
  return need;
}

Record Result() {
  Record result{.kind = RecordKind::kResult, .id = "r-1", .title = "颗粒吸附剂提锂"};
  result.text = "锂收率88%，年溶损4%，已完成小试。";
  return result;
}

std::vector<RequirementVerdict> Of(const std::vector<RequirementVerdict>& all, RequirementKind kind) {
  std::vector<RequirementVerdict> some;
  for (const RequirementVerdict& one : all) {
    if (one.kind == kind) some.push_back(one);
  }
  return some;
}

std::vector<RequirementVerdict> Assess(const Record& need, const Record& offer) {
  OfferReadings readings(Tables(), 10);
  return Assessor(Tables(), &readings, Context()).Assess(need, offer, offer);
}

TEST(AssessTest, IndicatorsHaveSpansInCharactersOfTheirFields) {
  const auto verdicts = Of(Assess(Need(), Result()), RequirementKind::kIndicator);
  ASSERT_GE(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kMet);
  EXPECT_EQ(verdicts[0].need_span, (FieldSpan{"indicators", 0, 7}));
  EXPECT_EQ(verdicts[0].offer_span, (FieldSpan{"text", 0, 6}));
  EXPECT_EQ(verdicts[1].outcome, Outcome::kShort);
  EXPECT_EQ(verdicts[1].need_span, (FieldSpan{"indicators", 8, 14}));
}

TEST(AssessTest, AGapOfTwoLevelsProposesRoutesWithWhoCouldTakeThem) {
  Record need = Need();
  need.maturity = 7;
  const auto verdicts = Of(Assess(need, Result()), RequirementKind::kMaturity);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kShort);
  EXPECT_EQ(verdicts[0].shortfall, 3);
  EXPECT_THAT(verdicts[0].routes, testing::Contains("pilot_platform"));
  EXPECT_THAT(verdicts[0].reason, HasSubstr("区外研发、区内转化"));

  Record platform{.kind = RecordKind::kInstitution, .id = "i-1", .type = "platform"};
  Record hospital{.kind = RecordKind::kInstitution, .id = "i-2", .type = "hospital"};
  const std::vector<Record> candidates = {hospital, platform};
  const std::vector<Route> routes = ProposeRoutes(7, 4, candidates, Tables());
  ASSERT_FALSE(routes.empty());
  EXPECT_THAT(routes[0].institutions, ElementsAre(RecordName{RecordKind::kInstitution, "i-1"}));
  EXPECT_TRUE(ProposeRoutes(7, 6, candidates, Tables()).empty());
}

TEST(AssessTest, MaturityThatIsOnlyPlannedDoesNotCount) {
  Record result = Result();
  result.text = "已完成小试，尚未中试，计划明年量产。";
  const auto read = ReadMaturity(result, ScanRecord(result), Tables());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->low, 4);
  result.text = "方法新颖。";
  EXPECT_FALSE(ReadMaturity(result, ScanRecord(result), Tables()).has_value());
}

TEST(AssessTest, ModesFollowTheMatrix) {
  Record need = Need(), result = Result();
  need.modes = {"joint_rd", "transfer", "conversion"};
  result.modes = {"license"};
  const auto verdicts = Of(Assess(need, result), RequirementKind::kMode);
  ASSERT_EQ(verdicts.size(), 3u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kContradictory);
  EXPECT_EQ(verdicts[1].outcome, Outcome::kShort);
  EXPECT_EQ(verdicts[2].outcome, Outcome::kMet);
  EXPECT_THAT(verdicts[0].reason, HasSubstr("联合攻关"));
}

TEST(AssessTest, AnOperatorIsNotAPatent) {
  Record need = Need();
  need.title = "科技园区引入专业化园区运营商";
  need.modes = {"park_operation"};
  EXPECT_EQ(Of(Assess(need, Result()), RequirementKind::kParty)[0].outcome, Outcome::kContradictory);
  Record operator_record{
      .kind = RecordKind::kInstitution, .id = "i-1", .title = "运营公司", .type = "park_operator"};
  EXPECT_EQ(Of(Assess(need, operator_record), RequirementKind::kParty)[0].outcome, Outcome::kMet);
  Record hospital = operator_record;
  hospital.id = "i-2";
  hospital.type = "hospital";
  EXPECT_EQ(Of(Assess(need, hospital), RequirementKind::kParty)[0].outcome, Outcome::kContradictory);
}

TEST(AssessTest, ConditionsAreValidatedNearOrExcluded) {
  Record need = Need(), result = Result();
  need.conditions = {"high_altitude", "sand"};
  result.text = "已在海拔3600米的高寒地区应用。";
  const auto verdicts = Of(Assess(need, result), RequirementKind::kCondition);
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kShort);  // 3600 m against 4500 m
  EXPECT_THAT(verdicts[0].reason, HasSubstr("3600 m"));
  EXPECT_EQ(verdicts[1].outcome, Outcome::kUnknown);
  EXPECT_NEAR(DistanceToSite(verdicts)->value, (0.45 + 1) / 2, 1e-9);  // 900 m of 2000 m; nothing on sand

  result.text = "不适用于高海拔地区。";
  EXPECT_EQ(Of(Assess(need, result), RequirementKind::kCondition)[0].outcome, Outcome::kContradictory);
}

TEST(AssessTest, LivenessBlocksOrLowersWithAReason) {
  Record result = Result();
  result.ip_status = "发明专利，已独占许可给某公司";
  auto verdicts = JudgeLiveness(result, {.today = absl::CivilDay(2026, 11, 26)}, Tables());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kContradictory);
  result.ip_status = "授权发明专利";
  result.year = 2001;
  verdicts = JudgeLiveness(result, {.today = absl::CivilDay(2026, 11, 26)}, Tables());
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kMet);
  EXPECT_EQ(verdicts[1].outcome, Outcome::kShort);
  Record expert{.kind = RecordKind::kExpert, .id = "x-1", .title = "示例专家"};
  verdicts = JudgeLiveness(
      expert, {.today = absl::CivilDay(2026, 11, 26), .open_matches = 5, .open_matches_max = 5}, Tables());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_THAT(verdicts[0].reason, HasSubstr("上限 5 项"));
  EXPECT_EQ(verdicts[0].outcome, Outcome::kShort) << "full";
  verdicts = JudgeLiveness(
      expert, {.today = absl::CivilDay(2026, 11, 26), .open_matches = 10, .open_matches_max = 5}, Tables());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kContradictory) << "twice as many as he takes";
  EXPECT_THAT(verdicts[0].reason, HasSubstr("正在进行 10 项"));
  EXPECT_TRUE(JudgeLiveness(expert,
                            {.today = absl::CivilDay(2026, 11, 26), .open_matches = 4, .open_matches_max = 5},
                            Tables())
                  .empty());
  expert.text = "2024年已退休。";
  verdicts = JudgeLiveness(expert, {.today = absl::CivilDay(2026, 11, 26)}, Tables());
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].outcome, Outcome::kContradictory);
}

TEST(AssessTest, ANeedThatAsksForNothingGetsNothing) {
  const Record need{.kind = RecordKind::kNeed, .id = "n-2", .title = "想了解新技术"};
  EXPECT_TRUE(Assess(need, Result()).empty());
}

}  // namespace
}  // namespace dongxi::requirement
