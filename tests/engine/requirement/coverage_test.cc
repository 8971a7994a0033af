// Set cover against brute force; consortium on small offers.
#include "engine/requirement/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <random>

namespace dongxi::requirement {
namespace {

// The oracle: every subset.
double CheapestByTrying(std::span<const CoverCandidate> candidates) {
  uint64_t goal = 0;
  for (const CoverCandidate& one : candidates) goal |= one.covers;
  double best = HUGE_VAL;
  for (uint32_t subset = 0; subset < (1u << candidates.size()); ++subset) {
    uint64_t covered = 0;
    double cost = 0;
    for (size_t i = 0; i < candidates.size(); ++i) {
      if ((subset >> i & 1) == 0) continue;
      covered |= candidates[i].covers;
      cost += candidates[i].cost;
    }
    if (covered == goal) best = std::min(best, cost);
  }
  return best;
}

std::vector<CoverCandidate> RandomCandidates(std::mt19937& random, size_t count, size_t elements) {
  std::vector<CoverCandidate> candidates(count);
  for (CoverCandidate& one : candidates) {
    for (size_t i = 0; i < elements; ++i) one.covers |= static_cast<uint64_t>(random() % 4 == 0) << i;
    one.cost = 1 + static_cast<double>(random() % 3);  // many ties
  }
  return candidates;
}

uint64_t Covered(const Cover& cover, std::span<const CoverCandidate> candidates) {
  uint64_t covered = 0;
  for (const size_t i : cover.chosen) covered |= candidates[i].covers;
  return covered;
}

TEST(SetCoverTest, IsAsCheapAsTryingAllSubsets) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(round);
    const size_t elements = 1 + random() % 10;
    const std::vector<CoverCandidate> candidates = RandomCandidates(random, random() % 12, elements);
    const Cover cover = FindCover(elements, candidates);
    ASSERT_TRUE(cover.exact);
    EXPECT_NEAR(cover.cost, CheapestByTrying(candidates), 1e-9);
    EXPECT_EQ(cover.lower_bound, cover.cost);
    EXPECT_EQ(Covered(cover, candidates) | cover.open, (uint64_t{1} << elements) - 1);
    EXPECT_EQ(Covered(cover, candidates) & cover.open, 0u);
  }
}

TEST(SetCoverTest, ManyCandidatesGetACoverBetweenBoundAndHarmonicFactor) {
  std::mt19937 random(12);
  for (int round = 0; round < 20; ++round) {
    const std::vector<CoverCandidate> candidates = RandomCandidates(random, 400, 30);
    const Cover cover = FindCover(30, candidates);
    EXPECT_EQ(std::popcount(Covered(cover, candidates)), 30);
    EXPECT_GT(cover.lower_bound, 0);
    EXPECT_LE(cover.lower_bound, cover.cost + 1e-9);
    EXPECT_LE(cover.cost, cover.lower_bound * 4);  // H(30) is 3.99
  }
}

TEST(SetCoverTest, NothingToCoverAndNobodyToCover) {
  EXPECT_TRUE(FindCover(0, {}).chosen.empty());
  const Cover open = FindCover(3, {});
  EXPECT_EQ(open.open, 7u);
  EXPECT_EQ(open.cost, 0);
}

RequirementVerdict Verdict(RequirementKind kind, Outcome outcome, std::string what) {
  return {.kind = kind, .outcome = outcome, .requirement = std::move(what)};
}

// Three elements, one offer a row.
std::vector<RequirementVerdict> Offer(Outcome indicator, Outcome party, Outcome condition) {
  return {Verdict(RequirementKind::kIndicator, indicator, "锂收率 ≥85%"),
          Verdict(RequirementKind::kParty, party, "平台共建方"),
          Verdict(RequirementKind::kCondition, condition, "高海拔")};
}

Consortium Propose(const std::vector<std::vector<RequirementVerdict>>& verdicts,
                   const std::vector<TextElement>& texts = {}, const std::vector<uint64_t>& covered = {}) {
  std::vector<OfferCover> offers;
  for (size_t i = 0; i < verdicts.size(); ++i)
    offers.push_back({.verdicts = &verdicts[i], .texts = i < covered.size() ? covered[i] : 0});
  return ProposeConsortium(texts, offers, BuiltInRequirementTables());
}

TEST(ConsortiumTest, TheFewestWhoTogetherMeetAllAndWhatStaysOpen) {
  using enum Outcome;
  const Consortium consortium =
      Propose({Offer(kMet, kUnknown, kShort), Offer(kUnknown, kMet, kUnknown), Offer(kMet, kMet, kUnknown)});
  ASSERT_EQ(consortium.elements.size(), 3u);
  EXPECT_THAT(consortium.cover.chosen, testing::ElementsAre(2));
  EXPECT_EQ(consortium.cover.open, 0b100u);
  EXPECT_EQ(consortium.elements[2].text, "环境条件：高海拔");
  EXPECT_EQ(consortium.elements[0].kind, ElementKind::kIndicator);
}

TEST(ConsortiumTest, TextElementsStandBehindTheVerdictsAndAreCoveredByTheirBits) {
  using enum Outcome;
  const std::vector<TextElement> texts = {{TextElementKind::kMethod, "固沙植被技术", {}},
                                          {TextElementKind::kEffect, "降氮减磷", {}}};
  const Consortium consortium =
      Propose({Offer(kMet, kMet, kMet), Offer(kUnknown, kUnknown, kUnknown)}, texts, {0b01, 0b10});
  ASSERT_EQ(consortium.elements.size(), 5u);
  EXPECT_EQ(consortium.elements[3].text, "方法：固沙植被技术");
  EXPECT_EQ(consortium.elements[4].kind, ElementKind::kEffect);
  EXPECT_THAT(consortium.cover.chosen, testing::ElementsAre(0, 1));
  EXPECT_EQ(consortium.covers[1], 0b10000u);
}

TEST(ConsortiumTest, ABlockedOfferCoversNothing) {
  std::vector<RequirementVerdict> blocked = Offer(Outcome::kMet, Outcome::kMet, Outcome::kMet);
  blocked.push_back(Verdict(RequirementKind::kLiveness, Outcome::kContradictory, "现在可以合作"));
  EXPECT_TRUE(Propose({blocked}, {{TextElementKind::kMethod, "吸附", {}}}, {1}).cover.chosen.empty());
}

TEST(ConsortiumTest, APilotBaseBringsTheMaturityThatNobodyHas) {
  RequirementVerdict near = Verdict(RequirementKind::kMaturity, Outcome::kShort, "成熟度 TRL 7");
  near.routes = {"joint_rd", "pilot_platform"};
  const RequirementVerdict silent = Verdict(RequirementKind::kMaturity, Outcome::kUnknown, "成熟度 TRL 7");
  const RequirementVerdict met = Verdict(RequirementKind::kMaturity, Outcome::kMet, "成熟度 TRL 7");
  const std::vector<RequirementVerdict> result = {near}, base = {silent}, ready = {met};
  const auto propose = [&](const std::vector<RequirementVerdict>& first, const std::string& type) {
    const std::vector<OfferCover> offers = {{.verdicts = &first},
                                            {.verdicts = &base, .institution_type = type}};
    return ProposeConsortium({}, offers, BuiltInRequirementTables());
  };
  const Consortium brought = propose(result, "platform");
  EXPECT_THAT(brought.cover.chosen, testing::ElementsAre(1));
  EXPECT_EQ(brought.elements[0].text, "成熟度 TRL 7（经中试平台熟化）");
  EXPECT_TRUE(propose(result, "university").cover.chosen.empty()) << "no pilot base";
  EXPECT_TRUE(propose(base, "platform").cover.chosen.empty()) << "nothing to bring there";
  EXPECT_THAT(propose(ready, "platform").cover.chosen, testing::ElementsAre(0)) << "somebody has it";
}

// Law: what somebody covers a member covers, and no cheaper choice of offers does.
TEST(ConsortiumTest, CoversAllThatAnyoneCoversAtTheLeastCost) {
  std::mt19937 random(13);
  const auto outcome = [&] { return random() % 3 == 0 ? Outcome::kMet : Outcome::kUnknown; };
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE(round);
    std::vector<std::vector<RequirementVerdict>> verdicts(1 + random() % 9);
    std::vector<OfferCover> offers;
    for (auto& one : verdicts) {
      one = Offer(outcome(), outcome(), outcome());
      offers.push_back(
          {.verdicts = &one, .texts = random() % 8, .cost = 1 + 0.1 * static_cast<double>(random() % 6)});
    }
    const std::vector<TextElement> texts(3, {TextElementKind::kMethod, "法", {}});
    const Consortium made = ProposeConsortium(texts, offers, BuiltInRequirementTables());
    ASSERT_EQ(made.elements.size(), 6u);
    uint64_t anyone = 0, members = 0;
    std::vector<CoverCandidate> candidates;
    for (size_t i = 0; i < offers.size(); ++i) {
      anyone |= made.covers[i];
      candidates.push_back({made.covers[i], offers[i].cost});
    }
    for (const size_t chosen : made.cover.chosen) members |= made.covers[chosen];
    EXPECT_EQ(members, anyone);
    EXPECT_EQ(made.cover.open, ~anyone & 0b111111u);
    EXPECT_NEAR(made.cover.cost, CheapestByTrying(candidates), 1e-9);
  }
}

TEST(SetCoverTest, ASearchThatTakesTooLongEndsWithACoverAndABound) {
  // Pairs of 24 elements at one cost: no candidate dominates another, and many covers cost the same.
  std::mt19937 random(14);
  std::vector<CoverCandidate> candidates;
  for (int i = 0; i < 40; ++i) {
    const uint64_t first = random() % 24, second = (first + 1 + random() % 23) % 24;
    const uint64_t third = (second + 1 + random() % 22) % 24;
    candidates.push_back({uint64_t{1} << first | uint64_t{1} << second | uint64_t{1} << third, 1});
  }
  const Cover cover = FindCover(24, candidates);
  EXPECT_EQ(Covered(cover, candidates) | cover.open, (uint64_t{1} << 24) - 1);
  EXPECT_GT(cover.lower_bound, 0);
  EXPECT_LE(cover.lower_bound, cover.cost);
  EXPECT_FALSE(cover.exact);
}

}  // namespace
}  // namespace dongxi::requirement
