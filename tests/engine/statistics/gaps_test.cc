#include "engine/statistics/gaps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kThisYear = 2026;
const DayRange kPeriod{absl::CivilDay(kThisYear, 1, 1), absl::CivilDay(kThisYear + 1, 1, 1)};
const DayRange kEarlier{absl::CivilDay(kThisYear - 1, 1, 1), absl::CivilDay(kThisYear, 1, 1)};

AskedNeed Need(const std::string& id, const std::string& title, const std::string& field,
               const std::string& region, int year = kThisYear) {
  AskedNeed need;
  need.name = "needs/" + id;
  need.title = title;
  need.region = region;
  need.fields = {field};
  need.first_day = absl::CivilDay(year, 3, 1);
  need.budget_wan = 100;
  return need;
}

TEST(GapsTest, UnmetNeedsThatAskForTheSameMakeOneTopic) {
  std::vector<AskedNeed> needs = {
      Need("a", "光伏组件自动清洗与除尘装备", "光伏", "6401"),
      Need("b", "高盐碱地区枸杞根腐病防治", "农业", "6405"),
      Need("c", "荒漠光伏组件自动清洗机器人", "光伏", "6403"),
      Need("d", "光伏组件自动清洗节水技术", "光伏", "6401"),
  };
  needs.push_back(Need("met", "光伏组件自动清洗", "光伏", "6401"));
  needs.back().adequate = {"results/r1"};
  const Gaps gaps = FindGaps(needs, {}, kPeriod, std::nullopt);
  EXPECT_EQ(gaps.needs, 5);
  EXPECT_EQ(gaps.unmet, 4);
  ASSERT_EQ(gaps.topics.size(), 2u);
  EXPECT_EQ(gaps.topics[0].field, "光伏");
  EXPECT_EQ(gaps.topics[0].province, "64");
  EXPECT_EQ(gaps.topics[0].needs.size(), 3u);
  EXPECT_EQ(gaps.topics[0].budget_wan, 300);
  EXPECT_THAT(gaps.topics[0].phrases, ElementsAre("光伏组件自动清洗"));
  EXPECT_THAT(gaps.topics[1].needs, ElementsAre(1));
}

TEST(GapsTest, VeryManyNeedsOfOneFieldAndProvinceAreComparedPartByPart) {
  std::vector<AskedNeed> needs;
  for (size_t i = 0; i < 401; ++i)
    needs.push_back(Need(std::to_string(i), "光伏组件自动清洗与除尘装备", "光伏", "6401"));
  const Gaps gaps = FindGaps(needs, {}, kPeriod, std::nullopt);
  ASSERT_EQ(gaps.topics.size(), 2u);
  EXPECT_EQ(gaps.topics[0].needs.size(), 400u);
  EXPECT_THAT(gaps.topics[1].needs, ElementsAre(400));
  needs.pop_back();
  EXPECT_EQ(FindGaps(needs, {}, kPeriod, std::nullopt).topics.size(), 1u);
}

TEST(GapsTest, UnlikeWishesOfOneFieldStayApart) {
  const std::vector<AskedNeed> needs = {Need("a", "光伏组件自动清洗装备", "光伏", "64"),
                                        Need("b", "退役电池板拆解回收工艺", "光伏", "64")};
  EXPECT_EQ(FindGaps(needs, {}, kPeriod, std::nullopt).topics.size(), 2u);
}

TEST(GapsTest, TheSameWishInAnotherProvinceIsAnotherTopic) {
  const std::vector<AskedNeed> needs = {Need("a", "光伏组件自动清洗装备", "光伏", "64"),
                                        Need("b", "光伏组件自动清洗装备", "光伏", "63")};
  EXPECT_EQ(FindGaps(needs, {}, kPeriod, std::nullopt).topics.size(), 2u);
}

TEST(GapsTest, WhatAnotherRegionNeedsIsNotIdleInTheGapsOfThisOne) {
  std::vector<AskedNeed> needs = {Need("ningxia", "一", "光伏", "6401"),
                                  Need("qinghai", "二", "光伏", "6301")};
  needs[0].adequate = {"results/r1", "experts/e1"};
  const std::vector<OfferedRecord> offers = {{"results/r1", "甲", "12", {"光伏"}, false},
                                             {"experts/e1", "乙", "12", {"光伏"}, false},
                                             {"experts/e2", "丙", "12", {"光伏"}, false},
                                             {"institutions/i1", "丁", "12", {"光伏"}, false}};
  const Gaps gaps = FindGaps(needs, offers, kPeriod, kEarlier, "63");
  EXPECT_EQ(gaps.needs, 1);
  EXPECT_EQ(gaps.unmet, 1);
  ASSERT_EQ(gaps.topics.size(), 1u);
  EXPECT_THAT(gaps.topics[0].needs, ElementsAre(1));
  EXPECT_EQ(gaps.of(OfferedKind::kResult).idle, 0);
  EXPECT_EQ(gaps.of(OfferedKind::kExpert).offers, 2);
  EXPECT_EQ(gaps.of(OfferedKind::kExpert).idle, 1);
  EXPECT_EQ(gaps.of(OfferedKind::kInstitution).idle, 1);
  ASSERT_EQ(gaps.idle_groups.size(), 2u);
  EXPECT_EQ(gaps.idle_groups[0].kind, OfferedKind::kExpert);
  EXPECT_THAT(gaps.idle_groups[0].offers, ElementsAre(2));
  EXPECT_THAT(gaps.idle_groups[1].offers, ElementsAre(3));
}

TEST(GapsTest, AnOfferIsIdleIfNoOpenNeedFindsItAdequate) {
  std::vector<AskedNeed> needs = {Need("a", "一", "光伏", "64"),
                                  Need("b", "二", "光伏", "64", kThisYear - 1)};
  needs[0].adequate = {"results/r1"};
  needs[1].adequate = {"results/r2"};
  needs[1].last_day = absl::CivilDay(kThisYear - 1, 12, 1);
  const std::vector<OfferedRecord> offers = {{"results/r1", "甲", "12", {"光伏"}, false},
                                             {"results/r2", "乙", "12", {"光伏"}, false},
                                             {"results/r3", "丙", "32", {}, false}};
  const Gaps gaps = FindGaps(needs, offers, kPeriod, kEarlier);
  EXPECT_EQ(gaps.of(OfferedKind::kResult).offers, 3);
  EXPECT_EQ(gaps.of(OfferedKind::kResult).idle, 2);
  EXPECT_EQ(gaps.of(OfferedKind::kResult).idle_before, 2);
  ASSERT_EQ(gaps.idle_groups.size(), 2u);
  for (const IdleGroup& group : gaps.idle_groups) {
    EXPECT_EQ(group.idle_before, 1);
    EXPECT_THAT(group.offers, ElementsAre(group.province == "12" ? 1 : 2));
  }
}

TEST(GapsTest, AnOfferCountsOnlyInThePeriodsInWhichItWasThere) {
  std::vector<OfferedRecord> offers = {{"results/over", "甲", "12", {"光伏"}, false},
                                       {"results/new", "乙", "12", {"光伏"}, false},
                                       {"results/always", "丙", "12", {"光伏"}, false},
                                       {"results/ahead", "丁", "12", {"光伏"}, false}};
  offers[0].last_day = kPeriod.first - 1;
  offers[1].first_day = kPeriod.first;
  offers[3].first_day = kPeriod.end;
  const Gaps gaps = FindGaps({}, offers, kPeriod, kEarlier);
  EXPECT_EQ(gaps.of(OfferedKind::kResult).offers, 2);
  EXPECT_EQ(gaps.of(OfferedKind::kResult).idle, 2);
  EXPECT_EQ(gaps.of(OfferedKind::kResult).idle_before, 2);
  ASSERT_EQ(gaps.idle_groups.size(), 1u);
  EXPECT_THAT(gaps.idle_groups[0].offers, ElementsAre(1, 2));
  EXPECT_EQ(gaps.idle_groups[0].idle_before, 2);
}

TEST(GapsTest, AnInstitutionIsWantedByItsNameOrAsAnEntryCallsIt) {
  std::vector<AskedNeed> needs = {Need("a", "一", "光伏", "64")};
  needs[0].adequate = {"results/r1", "institutions/i1", "乙所"};
  const std::vector<OfferedRecord> offers = {{"institutions/i1", "甲所", "12", {}, false},
                                             {"institutions/i2", "乙所", "12", {}, false},
                                             {"experts/e1", "乙所", "12", {}, false}};
  const Gaps gaps = FindGaps(needs, offers, kPeriod, kEarlier);
  EXPECT_EQ(gaps.of(OfferedKind::kInstitution).idle, 0);
  EXPECT_EQ(gaps.of(OfferedKind::kExpert).idle, 1);
}

TEST(GapsTest, TheTrendComparesTheSameFieldAndProvince) {
  const std::vector<AskedNeed> needs = {Need("new", "光伏组件自动清洗装备", "光伏", "64"),
                                        Need("old", "光伏组件除尘", "光伏", "6401", kThisYear - 1),
                                        Need("other", "枸杞烘干", "农业", "64", kThisYear - 1)};
  const Gaps gaps = FindGaps(needs, {}, kPeriod, kEarlier);
  EXPECT_EQ(gaps.unmet_before, 2);  // the new one was not there yet
  for (const GuideTopic& topic : gaps.topics) EXPECT_EQ(topic.needs_before, 1);
}

TEST(GapsTest, NothingAskedIsNothingFound) {
  const Gaps gaps = FindGaps({}, {}, kPeriod, kEarlier);
  EXPECT_EQ(gaps.needs, 0);
  EXPECT_THAT(gaps.topics, IsEmpty());
}

}  // namespace
}  // namespace dongxi
