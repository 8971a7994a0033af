#include "server/known_loads.h"

#include <gtest/gtest.h>

namespace dongxi {
namespace {

const RecordName kExpert{RecordKind::kExpert, "x-1"};

LedgerSight Sight(uint64_t last, const std::string& tenant = "", bool all = true) {
  return {last,
          {.disclosure_max = Disclosure::kPublic, .tenant = tenant, .all_tenants = all},
          absl::CivilDay(2026, 11, 26)};
}

TEST(KnownLoadsTest, AnswersOnlyForTheSameSightOfTheLedger) {
  KnownLoads loads;
  EXPECT_EQ(loads.Find(Sight(5), kExpert), std::nullopt);
  loads.Keep(Sight(5), kExpert, 3);
  EXPECT_EQ(loads.Find(Sight(5), kExpert), 3);
  EXPECT_EQ(loads.Find(Sight(6), kExpert), std::nullopt) << "an entry may have changed it";
  EXPECT_EQ(loads.Find(Sight(4), kExpert), std::nullopt);
  EXPECT_EQ(loads.Find(Sight(5, "a", false), kExpert), std::nullopt) << "a tenant sees other entries";
  LedgerSight tomorrow = Sight(5);
  ++tomorrow.today;
  EXPECT_EQ(loads.Find(tomorrow, kExpert), std::nullopt) << "a pair may have gone cold";
}

TEST(KnownLoadsTest, ALaterEndForgetsTheEarlierAndAnEarlierChangesNothing) {
  KnownLoads loads;
  loads.Keep(Sight(5), kExpert, 3);
  loads.Keep(Sight(6), kExpert, 4);
  loads.Keep(Sight(5), kExpert, 3);  // a later page of an earlier answer
  EXPECT_EQ(loads.Find(Sight(6), kExpert), 4);
  EXPECT_EQ(loads.Find(Sight(5), kExpert), std::nullopt);
}

TEST(KnownLoadsTest, ManyViewersDoNotMakeItGrow) {
  KnownLoads loads;
  for (size_t i = 0; i <= KnownLoads::kSightsMax; ++i)
    loads.Keep(Sight(5, std::to_string(i), false), kExpert, 1);
  EXPECT_EQ(loads.Find(Sight(5, "0", false), kExpert), std::nullopt);
  EXPECT_EQ(loads.Find(Sight(5, std::to_string(KnownLoads::kSightsMax), false), kExpert), 1);
}

TEST(KnownLoadsTest, ManyExpertsOfManyViewersDoNotMakeItGrow) {
  KnownLoads loads;
  loads.Keep(Sight(5, "first", false), kExpert, 1);
  // The ledger goes on meanwhile: what is forgotten with its end is counted no more.
  for (uint64_t last = 5; last < 8; ++last) {
    for (size_t i = 0; i < KnownLoads::kExpertsMax / 2; ++i)
      loads.Keep(Sight(last, "second", false), {RecordKind::kExpert, std::to_string(i)}, 1);
  }
  EXPECT_EQ(loads.Find(Sight(5, "first", false), kExpert), 1);
  for (size_t i = 0; i < KnownLoads::kExpertsMax / 2; ++i)
    loads.Keep(Sight(5, "third", false), {RecordKind::kExpert, std::to_string(i)}, 1);
  EXPECT_EQ(loads.Find(Sight(5, "first", false), kExpert), std::nullopt);
  EXPECT_EQ(loads.Find(Sight(5, "third", false),
                       {RecordKind::kExpert, std::to_string(KnownLoads::kExpertsMax / 2 - 1)}),
            1);
}

}  // namespace
}  // namespace dongxi
