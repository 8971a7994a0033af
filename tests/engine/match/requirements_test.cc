// Requirements in the answers of the matcher: of the page's entries, in view FULL, in both directions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/match/matcher.h"
#include "tests/engine/match/small_world.h"

namespace dongxi {
namespace {

using requirement::Outcome;
using requirement::RequirementKind;
using requirement::RequirementVerdict;
using testing_world::SmallWorld;

std::vector<Record> Salt() {
  Record owner{
      .kind = RecordKind::kInstitution, .id = "i-1", .title = "盐湖研究所", .text = "研究卤水提锂。"};
  owner.type = "research_institute";
  owner.region = "12";
  Record result{.kind = RecordKind::kResult,
                .id = "r-1",
                .title = "卤水吸附提锂",
                .text = "卤水提锂，锂收率80%，已完成小试。"};
  result.owners = {{RecordKind::kInstitution, "i-1"}};
  result.modes = {"license"};
  Record other = result;
  other.id = "r-2";
  other.title = "卤水萃取提锂";
  other.text = "卤水提锂，锂收率达到91%，已产业化。";
  Record need{
      .kind = RecordKind::kNeed, .id = "n-1", .title = "卤水提锂收率低", .text = "卤水提锂，目前收率60%。"};
  need.wanted = "卤水提锂新工艺";
  need.indicators = {"锂收率≥85%"};
  need.maturity = 7;
  need.modes = {"license"};
  need.region = "63";
  return {owner, result, other, need};
}

MatchQuestion Question(const SmallWorld& world) {
  MatchQuestion question;
  question.need =
      world.context().records->GetMany(std::vector<RecordName>{{RecordKind::kNeed, "n-1"}})->front().value();
  question.settings.today = absl::CivilDay(2026, 11, 26);
  return question;
}

const RequirementVerdict* First(const std::vector<RequirementVerdict>& verdicts, RequirementKind kind) {
  for (const RequirementVerdict& verdict : verdicts) {
    if (verdict.kind == kind) return &verdict;
  }
  return nullptr;
}

TEST(MatchRequirementsTest, EachEntryIsAssessedAgainstItsOwnEvidence) {
  const SmallWorld world(Salt());
  const auto answer = Match(world.context(), Question(world));
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->results.entries.size(), 2u);
  for (const MatchEntry& entry : answer->results.entries) {
    const RequirementVerdict* indicator = First(entry.requirements, RequirementKind::kIndicator);
    const RequirementVerdict* maturity = First(entry.requirements, RequirementKind::kMaturity);
    ASSERT_TRUE(indicator != nullptr && maturity != nullptr);
    const bool good = entry.name.id == "r-2";
    EXPECT_EQ(indicator->outcome, good ? Outcome::kMet : Outcome::kShort) << indicator->reason;
    EXPECT_EQ(maturity->outcome, good ? Outcome::kMet : Outcome::kShort) << maturity->reason;
    EXPECT_EQ(First(entry.requirements, RequirementKind::kMode)->outcome, Outcome::kMet);
  }
  ASSERT_FALSE(answer->partners.entries.empty());
  EXPECT_NE(First(answer->partners.entries[0].requirements, RequirementKind::kIndicator), nullptr);
}

TEST(MatchRequirementsTest, SmallerDetailHasNoneAndTheOrderIsTheSame) {
  const SmallWorld world(Salt());
  MatchQuestion question = Question(world);
  const auto full = Match(world.context(), question);
  question.settings.detail = Detail::kBasic;
  const auto basic = Match(world.context(), question);
  ASSERT_TRUE(full.ok() && basic.ok());
  ASSERT_EQ(full->results.entries.size(), basic->results.entries.size());
  for (size_t i = 0; i < full->results.entries.size(); ++i) {
    EXPECT_EQ(full->results.entries[i].name, basic->results.entries[i].name);
    EXPECT_EQ(full->results.entries[i].score, basic->results.entries[i].score);
    EXPECT_TRUE(basic->results.entries[i].requirements.empty());
  }
}

TEST(MatchRequirementsTest, AnExplanationAndAReverseMatchSayThemToo) {
  const SmallWorld world(Salt());
  const auto explained = ExplainMatch(world.context(), Question(world), {RecordKind::kResult, "r-1"});
  ASSERT_TRUE(explained.ok()) << explained.status();
  ASSERT_TRUE(explained->entry.has_value());
  EXPECT_NE(First(explained->entry->requirements, RequirementKind::kIndicator), nullptr);

  ReverseQuestion reverse;
  reverse.offer = world.context()
                      .records->GetMany(std::vector<RecordName>{{RecordKind::kResult, "r-2"}})
                      ->front()
                      .value();
  reverse.settings.today = absl::CivilDay(2026, 11, 26);
  const auto needs = ReverseMatch(world.context(), reverse);
  ASSERT_TRUE(needs.ok()) << needs.status();
  ASSERT_EQ(needs->needs.entries.size(), 1u);
  const RequirementVerdict* indicator =
      First(needs->needs.entries[0].requirements, RequirementKind::kIndicator);
  ASSERT_NE(indicator, nullptr);
  EXPECT_EQ(indicator->outcome, Outcome::kMet);
}

}  // namespace
}  // namespace dongxi
