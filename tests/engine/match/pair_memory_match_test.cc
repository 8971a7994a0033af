// What a pair went through, in the answers of the matcher: a cool-down costs what the ranking says, a
// contract moves nothing, both are said; in both directions and whatever the weights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/match/matcher.h"
#include "tests/engine/match/small_world.h"

namespace dongxi {
namespace {

using testing::Contains;
using testing_world::SaltLakesAndGoji;
using testing_world::SmallWorld;

const absl::CivilDay kToday(2026, 11, 23);

MatchQuestion QuestionFor(const SmallWorld& world, const std::string& need) {
  MatchQuestion question;
  question.need =
      world.context().records->GetMany(std::vector<RecordName>{{RecordKind::kNeed, need}})->front().value();
  question.settings.today = kToday;
  question.settings.limit = 100;
  question.settings.per_institution_max = 100;
  return question;
}

std::shared_ptr<const PairMemories> One(const RecordName& name, PairPast past) {
  PairMemories memories;
  memories[name] = {.past = past, .text = "以往", .until = kToday + 9, .entries = {"engagements/e-1"}};
  return std::make_shared<const PairMemories>(std::move(memories));
}

double Points(const MatchEntry& entry, std::string_view part) {
  for (const ScorePart& one : entry.parts) {
    if (one.part == part) return one.contribution;
  }
  return 0;
}

std::map<RecordName, MatchEntry> ByName(std::initializer_list<const MatchList*> lists) {
  std::map<RecordName, MatchEntry> entries;
  for (const MatchList* list : lists) {
    for (const MatchEntry& entry : list->entries) entries[entry.name] = entry;
  }
  return entries;
}

void ExpectInOrder(const MatchList& list) {
  for (size_t i = 1; i < list.entries.size(); ++i)
    EXPECT_LE(list.entries[i].score, list.entries[i - 1].score) << list.entries[i].name.id;
}

TEST(PairMemoryMatchTest, EveryCandidateLosesThePenaltyAndNothingElseChanges) {
  SmallWorld world(SaltLakesAndGoji());
  for (const double weight : {1.0, 0.0}) {
    MatchQuestion question = QuestionFor(world, "n-li");
    question.settings.policy_weight = weight;
    const auto plain = Match(world.context(), question);
    ASSERT_TRUE(plain.ok()) << plain.status();
    const auto before = ByName({&plain->partners, &plain->experts, &plain->results});
    ASSERT_GE(before.size(), 5u);
    for (const auto& [name, entry] : before) {
      SCOPED_TRACE(name.id);
      question.settings.memories = One(name, PairPast::kCoolDown);
      const auto cooled = Match(world.context(), question);
      ASSERT_TRUE(cooled.ok()) << cooled.status();
      for (const MatchList* list : {&cooled->partners, &cooled->experts, &cooled->results})
        ExpectInOrder(*list);
      for (const auto& [other, after] : ByName({&cooled->partners, &cooled->experts, &cooled->results})) {
        const double penalty = other == name ? world.ranking().cool_down_penalty : 0;
        EXPECT_NEAR(after.score, before.at(other).score - penalty, 1e-9) << other.id;
        EXPECT_EQ(Points(after, "history"), -penalty);
        EXPECT_EQ(after.adequacy, before.at(other).adequacy) << "whether it fits is another question";
        EXPECT_EQ(after.memory.has_value(), other == name);
        double sum = 0;
        for (const ScorePart& part : after.parts) sum += part.contribution;
        EXPECT_NEAR(sum, after.score, 1e-9);
        EXPECT_EQ(after.reasons.back() == "以往", other == name);
      }
    }
  }
}

TEST(PairMemoryMatchTest, AContractMovesNothingAndIsSaid) {
  SmallWorld world(SaltLakesAndGoji());
  MatchQuestion question = QuestionFor(world, "n-li");
  const auto plain = Match(world.context(), question);
  ASSERT_TRUE(plain.ok());
  const MatchEntry& last = plain->results.entries.back();
  question.settings.memories = One(last.name, PairPast::kExtend);
  const auto after = Match(world.context(), question);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->results.entries.back().name, last.name);
  EXPECT_EQ(after->results.entries.back().score, last.score);
  EXPECT_THAT(after->results.entries.back().reasons, Contains("以往"));
  EXPECT_EQ(after->results.entries.back().memory->past, PairPast::kExtend);
}

TEST(PairMemoryMatchTest, TheReverseDirectionKnowsTheSamePair) {
  SmallWorld world(SaltLakesAndGoji());
  ReverseQuestion question;
  question.offer = world.context()
                       .records->GetMany(std::vector<RecordName>{{RecordKind::kResult, "r-li"}})
                       ->front()
                       .value();
  question.settings.today = kToday;
  for (const double weight : {1.0, 0.0}) {
    question.settings.policy_weight = weight;
    question.settings.memories = nullptr;
    const auto plain = ReverseMatch(world.context(), question);
    ASSERT_TRUE(plain.ok()) << plain.status();
    const RecordName first = plain->needs.entries.front().name;
    question.settings.memories = One(first, PairPast::kCoolDown);
    const auto cooled = ReverseMatch(world.context(), question);
    ASSERT_TRUE(cooled.ok());
    ExpectInOrder(cooled->needs);
    const auto before = ByName({&plain->needs}), after = ByName({&cooled->needs});
    EXPECT_NEAR(after.at(first).score, before.at(first).score - world.ranking().cool_down_penalty, 1e-9);
    EXPECT_EQ(after.at(first).memory->entries.front(), "engagements/e-1");
  }
}

TEST(PairMemoryMatchTest, AnExplanationCountsItAmongTheParts) {
  SmallWorld world(SaltLakesAndGoji());
  MatchQuestion question = QuestionFor(world, "n-li");
  const auto plain = Match(world.context(), question);
  ASSERT_TRUE(plain.ok());
  const RecordName first = plain->results.entries.front().name;
  world.ranking().cool_down_penalty = 100;
  question.settings.memories = One(first, PairPast::kCoolDown);
  const auto explained = ExplainMatch(world.context(), question, first);
  ASSERT_TRUE(explained.ok()) << explained.status();
  EXPECT_EQ(explained->rank, explained->ranked) << "now the last";
  ASSERT_TRUE(explained->entry.has_value());
  EXPECT_EQ(Points(*explained->entry, "history"), -100);
  EXPECT_EQ(explained->gaps.front().part, "history");
  EXPECT_THAT(explained->text, testing::HasSubstr("以往对接（高 100.000）"));
}

}  // namespace
}  // namespace dongxi
