// The consortium and the owner's question in the answers of the matcher.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "engine/match/matcher.h"
#include "tests/engine/match/small_world.h"

namespace dongxi {
namespace {

using requirement::ElementKind;
using testing_world::SmallWorld;

Record NeedOfTwoCrafts() {
  Record need{.kind = RecordKind::kNeed, .id = "n-1", .title = "老卤和枸杞", .text = "目前收率60%。"};
  need.wanted = "寻求卤水吸附提锂工艺；需要枸杞低温干燥装备；提高种子发芽率";
  need.indicators = {"锂收率≥85%"};
  need.region = "63";
  return need;
}

std::vector<Record> TwoCrafts() {
  std::vector<Record> all = testing_world::SaltLakesAndGoji();
  for (Record& record : all) {
    if (record.id == "r-li") record.text += "，锂收率91%";
    if (record.id == "r-li2") record.text += "，锂收率80%";
  }
  all.push_back(NeedOfTwoCrafts());
  return all;
}

MatchQuestion Question() {
  MatchQuestion question;
  question.need = NeedOfTwoCrafts();
  question.settings.today = absl::CivilDay(2026, 11, 26);
  return question;
}

std::set<RecordName> NamesIn(const MatchAnswer& answer) {
  std::set<RecordName> names;
  for (const MatchList* list : {&answer.partners, &answer.experts, &answer.results}) {
    for (const MatchEntry& entry : list->entries) names.insert(entry.name);
  }
  return names;
}

TEST(ConsortiumTest, MembersTogetherCoverWhatNoOneCoversAlone) {
  const SmallWorld world(TwoCrafts());
  const auto answer = Match(world.context(), Question());
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_TRUE(answer->consortium.has_value());
  const MatchConsortium& made = *answer->consortium;
  ASSERT_EQ(made.elements.size(), 4u);
  EXPECT_EQ(made.elements[0].kind, ElementKind::kIndicator);
  EXPECT_EQ(made.elements[1].text, "方法：卤水吸附提锂工艺");
  EXPECT_EQ(made.elements[2].text, "方法：枸杞低温干燥装备");
  EXPECT_EQ(made.elements[3].text, "效果：提高种子发芽率");
  EXPECT_EQ(made.members.size(), 2u) << "salt and goji";
  EXPECT_EQ(made.open, 1u);
  EXPECT_TRUE(made.elements[3].covered_by.empty());
  EXPECT_TRUE(made.exact);
  EXPECT_EQ(made.cost, made.lower_bound);
}

TEST(ConsortiumTest, OnlyTheFirstFullPageHasOneAndTheListsAskedForFillIt) {
  const SmallWorld world(TwoCrafts());
  MatchQuestion question = Question();
  question.settings.detail = Detail::kBasic;
  auto answer = Match(world.context(), question);
  EXPECT_FALSE(answer->consortium || answer->owner_question);
  question.settings.detail = Detail::kFull;
  question.settings.offset = 1;
  answer = Match(world.context(), question);
  EXPECT_FALSE(answer->consortium || answer->owner_question);
  question.settings.offset = 0;
  question.partners = question.experts = false;
  answer = Match(world.context(), question);
  ASSERT_TRUE(answer->consortium.has_value());
  for (const ConsortiumMember& member : answer->consortium->members)
    EXPECT_EQ(member.name.kind, RecordKind::kResult);
}

TEST(ConsortiumTest, ANeedOfOneElementHasNone) {
  const SmallWorld world(TwoCrafts());
  MatchQuestion question = Question();
  question.need.indicators.clear();
  question.need.wanted = "寻求卤水吸附提锂工艺";
  EXPECT_FALSE(Match(world.context(), question)->consortium.has_value());
}

TEST(ConsortiumTest, TheQuestionAsksForWhatTheNeedLeavesOpen) {
  const SmallWorld world(TwoCrafts());
  MatchQuestion question = Question();
  question.need.indicators.clear();
  const auto answer = Match(world.context(), question);
  ASSERT_TRUE(answer->owner_question.has_value());
  EXPECT_THAT(answer->owner_question->text, testing::HasSubstr("锂收率"));
  EXPECT_GT(answer->owner_question->bits, 0);
}

// Laws, whatever the question: members are entries; every element that has a holder is given to exactly one
// member; the others are counted as open; and a second run says the same.
TEST(ConsortiumTest, MembersAreEntriesAndShareTheElementsAmongThem) {
  const SmallWorld world(TwoCrafts());
  std::mt19937 random(9);
  for (int round = 0; round < 40; ++round) {
    MatchQuestion question = Question();
    question.settings.limit = 1 + static_cast<int>(random() % 6);
    question.partners = random() % 2 == 0;
    if (random() % 2 == 0) question.need.conditions = {"high_altitude"};
    if (random() % 2 == 0) question.need.maturity = 7;
    const auto answer = Match(world.context(), question);
    ASSERT_TRUE(answer.ok() && answer->consortium) << answer.status();
    const std::set<RecordName> entries = NamesIn(*answer);
    std::multiset<size_t> given;
    for (const ConsortiumMember& member : answer->consortium->members) {
      EXPECT_TRUE(entries.contains(member.name)) << member.title;
      EXPECT_FALSE(member.elements.empty()) << "nobody sits there for nothing";
      given.insert(member.elements.begin(), member.elements.end());
    }
    size_t open = 0;
    for (size_t i = 0; i < answer->consortium->elements.size(); ++i) {
      const ConsortiumElement& element = answer->consortium->elements[i];
      open += element.covered_by.empty();
      EXPECT_EQ(given.count(i), element.covered_by.empty() ? 0u : 1u) << element.text;
      for (const RecordName& name : element.covered_by) EXPECT_TRUE(entries.contains(name));
    }
    EXPECT_EQ(open, answer->consortium->open);
    const auto again = Match(world.context(), question);
    EXPECT_EQ(again->consortium->cost, answer->consortium->cost);
    EXPECT_EQ(again->owner_question, answer->owner_question);
  }
}

TEST(MemberCostTest, PrefersFewerThenAdequateThenHigher) {
  EXPECT_EQ(MemberCost(1, true, false), 1);
  for (size_t rank = 1; rank < 1'000; rank = rank * 3 + 1) {
    EXPECT_LT(MemberCost(rank, true, false), MemberCost(rank + 1, true, false));
    EXPECT_LT(MemberCost(rank, true, false), MemberCost(1, false, false)) << "adequate goes before rank";
    EXPECT_LT(MemberCost(rank, false, false), 2 * MemberCost(1, true, false)) << "one goes before two";
    EXPECT_EQ(MemberCost(rank, false, true), MemberCost(rank, true, true));
  }
}

}  // namespace
}  // namespace dongxi
