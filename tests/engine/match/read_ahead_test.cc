// Offers that were read ahead are not read again for an answer, and the answer does not depend on it.
#include "engine/match/read_ahead.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/match/consortium_collector.h"
#include "engine/match/explain.h"
#include "engine/requirement/offer_clauses.h"
#include "engine/requirement/offer_readings.h"
#include "tests/engine/match/small_world.h"

namespace dongxi {
namespace {

using testing_world::SmallWorld;

// Ids are unlike those of other tests: readings are shared by the process.
std::vector<Record> World(const std::string& prefix) {
  Record owner{.kind = RecordKind::kInstitution, .id = prefix + "i", .title = "盐湖所", .text = "卤水提锂。"};
  owner.region = "12";
  std::vector<Record> world = {owner};
  for (int i = 0; i < 3; ++i) {
    Record result{.kind = RecordKind::kResult,
                  .id = prefix + std::to_string(i),
                  .title = "卤水吸附提锂",
                  .text = "卤水提锂，锂收率" + std::to_string(80 + i) + "%，已完成小试。"};
    result.owners = {{RecordKind::kInstitution, owner.id}};
    world.push_back(result);
  }
  Record need{.kind = RecordKind::kNeed, .id = prefix + "n", .title = "卤水提锂收率低", .text = "卤水提锂。"};
  need.indicators = {"锂收率≥81%"};
  world.push_back(need);
  return world;
}

MatchQuestion Question(const Record& need) {
  MatchQuestion question;
  question.need = need;
  question.settings.today = absl::CivilDay(2026, 11, 28);
  return question;
}

bool Always() { return true; }

TEST(ReadAheadTest, AnAnswerReadsNoOfferThatWasReadAhead) {
  const std::vector<Record> records = World("ahead-");
  const SmallWorld world(records);
  const auto read = ReadOffersAhead(*world.context().generation, *world.context().records, Always);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, 4u);
  const size_t known = SharedReadings().size(), clauses = SharedClauses().size();
  ASSERT_GE(known, 4u);
  ASSERT_TRUE(Match(world.context(), Question(records.back())).ok());
  EXPECT_EQ(SharedReadings().size(), known);
  EXPECT_EQ(SharedClauses().size(), clauses);
}

TEST(ReadAheadTest, WithoutItAnAnswerReadsThem) {
  const std::vector<Record> records = World("behind-");
  const SmallWorld world(records);
  const size_t known = SharedReadings().size();
  ASSERT_TRUE(Match(world.context(), Question(records.back())).ok());
  EXPECT_GT(SharedReadings().size(), known);
}

TEST(ReadAheadTest, VerdictsAreTheSameWithAndWithoutIt) {
  const auto verdicts = [](const std::string& prefix, bool ahead) {
    const std::vector<Record> records = World(prefix);
    const SmallWorld world(records);
    if (ahead) {
      EXPECT_TRUE(ReadOffersAhead(*world.context().generation, *world.context().records, Always).ok());
    }
    const auto answer = Match(world.context(), Question(records.back()));
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::multiset<std::string> said;
    for (const MatchEntry& entry : answer->results.entries) {
      for (const auto& verdict : entry.requirements) said.insert(verdict.reason);
    }
    return said;
  };
  const auto without = verdicts("same-a-", false);
  EXPECT_FALSE(without.empty());
  EXPECT_EQ(verdicts("same-b-", true), without);
}

TEST(ReadAheadTest, StopsBeforeTheOfferForWhichItIsToldTo) {
  const std::vector<Record> records = World("stopped-");
  const SmallWorld world(records);
  int left = 2;
  const auto read =
      ReadOffersAhead(*world.context().generation, *world.context().records, [&] { return left-- > 0; });
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, 2u);
}

}  // namespace
}  // namespace dongxi
