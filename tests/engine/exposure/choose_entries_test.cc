#include <algorithm>
#include <functional>
#include <numeric>
#include <random>

#include "engine/exposure/exposure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::exposure {
namespace {

using testing::ElementsAre;

constexpr uint32_t kSeed = 20'261;

// One region and one group unless said otherwise.
Batch BatchOf(std::vector<std::vector<Candidate>> lists, int owners) {
  Batch batch;
  batch.group_of_list.assign(lists.size(), 0);
  batch.lists = std::move(lists);
  batch.groups = 1;
  batch.region_of_owner.assign(static_cast<size_t>(owners), 0);
  batch.regions = 1;
  return batch;
}

bool Allowed(const Batch& batch, const Limits& limits, const std::vector<std::vector<int>>& kept) {
  std::vector<int> owners(static_cast<size_t>(batch.owners()), 0),
      regions(static_cast<size_t>(batch.regions), 0), persons(static_cast<size_t>(batch.persons()), 0);
  for (size_t list = 0; list < kept.size(); ++list) {
    if (static_cast<int>(kept[list].size()) > limits.length) return false;
    for (const int place : kept[list]) {
      const Candidate& candidate = batch.lists[list][static_cast<size_t>(place)];
      const auto owner = static_cast<size_t>(candidate.owner);
      ++owners[owner];
      if (candidate.person != kNobody && candidate.is_new) ++persons[static_cast<size_t>(candidate.person)];
      ++regions[static_cast<size_t>(batch.region_of_owner[owner])];
    }
  }
  const auto within = [](const std::vector<int>& counts, int limit_of_all,
                         const std::vector<int>& of_single) {
    for (size_t i = 0; i < counts.size(); ++i) {
      int limit = limit_of_all;
      if (!of_single.empty() && of_single[i] != kNoLimit) limit = of_single[i];
      if (limit != kNoLimit && counts[i] > limit) return false;
    }
    return true;
  };
  if (!within(owners, limits.owner_max, limits.owner_max_of)) return false;
  if (!within(persons, limits.person_max, limits.person_max_of)) return false;
  return limits.region_max == kNoLimit ||
         std::all_of(regions.begin(), regions.end(), [&](int count) { return count <= limits.region_max; });
}

int Missing(const Batch& batch, const Limits& limits, const std::vector<std::vector<int>>& kept) {
  std::vector<int> served(static_cast<size_t>(batch.groups), 0);
  for (size_t list = 0; list < kept.size(); ++list)
    served[static_cast<size_t>(batch.group_of_list[list])] += static_cast<int>(kept[list].size());
  int missing = 0;
  for (const int count : served) missing += std::max(0, limits.group_min - count);
  return missing;
}

// The least missing of the floors, then the greatest value, of every allowed subset of all entries.
struct Best {
  int missing = 0;
  double value = -1;
};
Best BestOfAll(const Batch& batch, const Limits& limits) {
  std::vector<std::pair<size_t, int>> entries;
  for (size_t list = 0; list < batch.lists.size(); ++list) {
    for (size_t place = 0; place < batch.lists[list].size(); ++place)
      entries.emplace_back(list, static_cast<int>(place));
  }
  Best best;
  for (uint32_t subset = 0; subset < (1U << entries.size()); ++subset) {
    std::vector<std::vector<int>> kept(batch.lists.size());
    for (size_t i = 0; i < entries.size(); ++i) {
      if (subset >> i & 1U) kept[entries[i].first].push_back(entries[i].second);
    }
    if (!Allowed(batch, limits, kept)) continue;
    const int missing = Missing(batch, limits, kept);
    const double value = BalanceOf(batch, kept).value;
    if (best.value < 0 || missing < best.missing || (missing == best.missing && value > best.value))
      best = {missing, value};
  }
  return best;
}

TEST(ChooseEntriesTest, WithoutLimitsEachListIsCutToItsLength) {
  const Batch batch = BatchOf({{{0, 0.9}, {1, 0.8}, {0, 0.7}}, {{0, 0.5}}}, 2);
  const Choice choice = ChooseEntries(batch, {.length = 2});
  EXPECT_THAT(choice.kept, ElementsAre(ElementsAre(0, 1), ElementsAre(0)));
  EXPECT_DOUBLE_EQ(choice.before.value, choice.after.value);
}

TEST(ChooseEntriesTest, ACapMovesTheFamousOwnerToWhereItMattersMost) {
  const Batch batch = BatchOf({{{0, 0.9}, {1, 0.8}}, {{0, 0.9}, {2, 0.1}}}, 3);
  const Choice choice = ChooseEntries(batch, {.length = 1, .owner_max = 1});
  EXPECT_THAT(choice.kept, ElementsAre(ElementsAre(1), ElementsAre(0)));
  EXPECT_EQ(choice.before.owner_most, 2);
  EXPECT_EQ(choice.after.owner_most, 1);
  EXPECT_DOUBLE_EQ(choice.after.value, 1.7);
}

TEST(ChooseEntriesTest, WhatStandsBehindTheUsualLengthOnlyStandsInOrFillsAFloor) {
  Batch batch = BatchOf({{{0, 0.9}, {1, 0.8}}, {{0, 0.7}, {2, 0.5}}}, 3);
  batch.usual_length = {1, 1};
  EXPECT_THAT(ChooseEntries(batch, {.length = 2}).kept, ElementsAre(ElementsAre(0), ElementsAre(0)));
  EXPECT_THAT(ChooseEntries(batch, {.length = 2, .owner_max = 1}).kept,
              ElementsAre(ElementsAre(1), ElementsAre(0)))
      << "0.8 + 0.7 is more than 0.9 + 0.5";
  const Choice floor = ChooseEntries(batch, {.length = 2, .group_min = 3});
  EXPECT_THAT(floor.kept, ElementsAre(ElementsAre(0, 1), ElementsAre(0))) << "one more, not two";
  EXPECT_DOUBLE_EQ(floor.before.value, 1.6);
  EXPECT_TRUE(floor.shortfalls.empty());
  batch.usual_length = {1, 0};
  EXPECT_THAT(ChooseEntries(batch, {.length = 2}).kept, ElementsAre(ElementsAre(0), ElementsAre()));
}

TEST(ChooseEntriesTest, AnOwnersOwnCapacityGoesBeforeTheCommonCap) {
  const Batch batch = BatchOf({{{0, 0.9}}, {{0, 0.8}}, {{1, 0.7}}, {{1, 0.6}}}, 2);
  const Choice choice = ChooseEntries(batch, {.length = 1, .owner_max = 1, .owner_max_of = {kNoLimit, 2}});
  EXPECT_THAT(choice.kept, ElementsAre(ElementsAre(0), ElementsAre(), ElementsAre(0), ElementsAre(0)));
}

// Two experts of one institute, which itself has no cap.
Batch TwoExperts() {
  Batch batch = BatchOf({{{0, 0.9, 0}, {0, 0.8, 1}}, {{0, 0.9, 0}, {0, 0.3, 1}}, {{0, 0.7, 0}}}, 1);
  batch.owner_of_person = {0, 0};
  return batch;
}

TEST(ChooseEntriesTest, AnExpertsCapacityGoesWhereItCostsLeastAndItsCostIsToldInValue) {
  const Choice choice = ChooseEntries(TwoExperts(), {.length = 1, .person_max = 1});
  EXPECT_THAT(choice.kept, ElementsAre(ElementsAre(1), ElementsAre(0), ElementsAre()))
      << "0.8 + 0.9 is more than any other choice";
  EXPECT_EQ(choice.before.person_most, 3);
  EXPECT_EQ(choice.before.persons_shown, 1);
  EXPECT_EQ(choice.after.person_most, 1);
  EXPECT_EQ(choice.after.persons_shown, 2);
  EXPECT_DOUBLE_EQ(choice.before.value, 2.5);
  EXPECT_DOUBLE_EQ(choice.after.value, 1.7);
}

TEST(ChooseEntriesTest, WhatIsLeftOfAnExpertsCapacityGoesBeforeTheCommonOne) {
  const Choice choice =
      ChooseEntries(TwoExperts(), {.length = 1, .person_max = 2, .person_max_of = {0, kNoLimit}});
  EXPECT_THAT(choice.kept, ElementsAre(ElementsAre(1), ElementsAre(1), ElementsAre())) << "the first is full";
}

TEST(ChooseEntriesTest, CapacityAndTheCapOfTheInstitutionHoldTogether) {
  const Choice choice = ChooseEntries(TwoExperts(), {.length = 2, .owner_max = 3, .person_max = 2});
  EXPECT_THAT(choice.kept, ElementsAre(ElementsAre(0, 1), ElementsAre(0), ElementsAre()));
}

TEST(ChooseEntriesTest, AFloorServesAForgottenCountyAtTheCostOfValue) {
  Batch batch = BatchOf({{{0, 0.9}}, {{0, 0.2}}}, 1);
  batch.group_of_list = {0, 1};
  batch.groups = 2;
  EXPECT_THAT(ChooseEntries(batch, {.owner_max = 1}).kept, ElementsAre(ElementsAre(0), ElementsAre()));
  Limits limits = {.owner_max = kNoLimit, .group_min = 1};
  EXPECT_THAT(ChooseEntries(batch, limits).kept, ElementsAre(ElementsAre(0), ElementsAre(0)));
  limits.owner_max = 1;
  const Choice scarce = ChooseEntries(batch, limits);
  ASSERT_EQ(scarce.shortfalls.size(), 1u);
  EXPECT_EQ(scarce.shortfalls[0].group, 1);
  EXPECT_EQ(scarce.shortfalls[0].missing, 1);
}

TEST(ChooseEntriesTest, AListThatACapEmptiesIsNamedWithTheCap) {
  const Batch one_owner = BatchOf({{{0, 0.9}}, {{0, 0.8}}, {}}, 1);
  EXPECT_TRUE(ChooseEntries(one_owner, {.length = 1, .owner_max = 2}).emptied.empty()) << "nothing to show";
  const Choice by_owner = ChooseEntries(one_owner, {.length = 1, .owner_max = 1, .region_max = 2});
  ASSERT_EQ(by_owner.emptied.size(), 1u);
  EXPECT_EQ(by_owner.emptied[0].list, 1);
  EXPECT_TRUE(by_owner.emptied[0].by_owner_max);
  EXPECT_FALSE(by_owner.emptied[0].by_region_max);
  EXPECT_FALSE(by_owner.emptied[0].by_person_max);
  const Choice by_region = ChooseEntries(one_owner, {.length = 1, .region_max = 1});
  ASSERT_EQ(by_region.emptied.size(), 1u);
  EXPECT_FALSE(by_region.emptied[0].by_owner_max);
  EXPECT_TRUE(by_region.emptied[0].by_region_max);
  const Choice by_person = ChooseEntries(TwoExperts(), {.length = 1, .person_max = 1});
  ASSERT_EQ(by_person.emptied.size(), 1u);
  EXPECT_EQ(by_person.emptied[0].list, 2);
  EXPECT_TRUE(by_person.emptied[0].by_person_max);
  EXPECT_FALSE(by_person.emptied[0].by_owner_max);
}

TEST(ChooseEntriesTest, AListThatUsuallyShowsNothingIsNotEmptied) {
  Batch batch = BatchOf({{{0, 0.9}}, {{0, 0.8}}}, 1);
  batch.usual_length = {1, 0};
  EXPECT_TRUE(ChooseEntries(batch, {.length = 1, .owner_max = 1}).emptied.empty());
}

// The named caps alone keep every candidate of an emptied list out.
void ExpectNamedCapsEmptyTheLists(const Batch& batch, const Limits& limits, const Choice& choice) {
  size_t empty = 0;
  for (size_t list = 0; list < choice.kept.size(); ++list)
    empty += choice.kept[list].empty() && !batch.lists[list].empty();
  EXPECT_EQ(choice.emptied.size(), empty);
  for (const Emptied& one : choice.emptied) {
    Limits named = limits;
    if (!one.by_owner_max) named.owner_max = kNoLimit, named.owner_max_of.clear();
    if (!one.by_region_max) named.region_max = kNoLimit;
    if (!one.by_person_max) named.person_max = kNoLimit, named.person_max_of.clear();
    const auto list = static_cast<size_t>(one.list);
    for (size_t place = 0; place < batch.lists[list].size(); ++place) {
      std::vector<std::vector<int>> more = choice.kept;
      more[list] = {static_cast<int>(place)};
      EXPECT_FALSE(Allowed(batch, named, more)) << "list " << list << " place " << place;
    }
  }
}

TEST(ChooseEntriesTest, AnEmptyBatchIsNoError) {
  const Choice choice = ChooseEntries({}, {});
  EXPECT_TRUE(choice.kept.empty());
  EXPECT_EQ(choice.after.value, 0);
}

TEST(ChooseEntriesTest, EqualsTheBestOfAllChoicesOnRandomSmallBatches) {
  std::mt19937 random(kSeed);
  const auto below = [&](uint32_t limit) { return static_cast<int>(random() % limit); };
  for (int round = 0; round < 120; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    Batch batch;
    batch.groups = 1 + below(3);
    batch.regions = 1 + below(2);
    batch.region_of_owner.resize(static_cast<size_t>(1 + below(4)));
    for (int& region : batch.region_of_owner) region = below(static_cast<uint32_t>(batch.regions));
    batch.owner_of_person.resize(static_cast<size_t>(below(4)));
    for (int& owner : batch.owner_of_person) owner = below(static_cast<uint32_t>(batch.owners()));
    batch.lists.resize(static_cast<size_t>(1 + below(4)));
    for (auto& list : batch.lists) {
      list.resize(static_cast<size_t>(below(4)));
      for (Candidate& candidate : list) {
        candidate = {below(static_cast<uint32_t>(batch.owners())), below(100) / 100.0};
        if (batch.persons() == 0 || round % 2 == 0) continue;
        candidate.person = below(static_cast<uint32_t>(batch.persons()) + 1) - 1;  // some are nobody
        candidate.is_new = below(3) != 0;
        if (candidate.person != kNobody)
          candidate.owner = batch.owner_of_person[static_cast<size_t>(candidate.person)];
      }
      batch.group_of_list.push_back(below(static_cast<uint32_t>(batch.groups)));
    }
    Limits limits = {
        .length = 1 + below(3), .owner_max = below(4) - 1, .region_max = below(5) - 1, .group_min = below(3)};
    limits.person_max = below(4) - 1;
    if (round % 3 == 0) {
      for (int owner = 0; owner < batch.owners(); ++owner) limits.owner_max_of.push_back(below(4) - 1);
    }
    if (round % 4 < 2) {
      for (int person = 0; person < batch.persons(); ++person) limits.person_max_of.push_back(below(4) - 1);
    }
    const Choice choice = ChooseEntries(batch, limits);
    EXPECT_TRUE(Allowed(batch, limits, choice.kept));
    const Best best = BestOfAll(batch, limits);
    EXPECT_EQ(Missing(batch, limits, choice.kept), best.missing);
    EXPECT_NEAR(choice.after.value, best.value, 1e-6);
    ExpectNamedCapsEmptyTheLists(batch, limits, choice);
  }
}

TEST(BalanceOfTest, GiniIsNoneWhenAllOwnersAreShownAlike) {
  const Batch batch = BatchOf({{{0, 1}, {1, 1}}, {{2, 1}, {3, 1}}}, 4);
  EXPECT_NEAR(BalanceOf(batch, {{0, 1}, {0, 1}}).gini, 0, 1e-12);
}

}  // namespace
}  // namespace dongxi::exposure
