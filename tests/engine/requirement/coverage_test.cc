// Set cover against brute force; consortium and question on small offers.
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

TEST(ConsortiumTest, TheFewestWhoTogetherMeetAllAndWhatStaysOpen) {
  using enum Outcome;
  const auto offer = [](Outcome a, Outcome b, Outcome c) {
    return std::vector{Verdict(RequirementKind::kIndicator, a, "锂收率 ≥85%"),
                       Verdict(RequirementKind::kParty, b, "平台共建方"),
                       Verdict(RequirementKind::kCondition, c, "高海拔")};
  };
  const std::vector<std::vector<RequirementVerdict>> offers = {
      offer(kMet, kUnknown, kShort), offer(kUnknown, kMet, kUnknown), offer(kMet, kMet, kUnknown)};
  const std::vector<double> costs = {1, 1, 1};
  const Consortium consortium = ProposeConsortium(offers, costs);
  EXPECT_EQ(consortium.elements.size(), 3u);
  EXPECT_THAT(consortium.cover.chosen, testing::ElementsAre(2));
  EXPECT_THAT(consortium.open, testing::ElementsAre("环境条件：高海拔"));
}

TEST(ConsortiumTest, ABlockedOfferCoversNothing) {
  std::vector<RequirementVerdict> blocked = {
      Verdict(RequirementKind::kIndicator, Outcome::kMet, "锂收率 ≥85%"),
      Verdict(RequirementKind::kLiveness, Outcome::kContradictory, "现在可以合作")};
  const std::vector<std::vector<RequirementVerdict>> offers = {blocked};
  const std::vector<double> costs = {1};
  EXPECT_TRUE(ProposeConsortium(offers, costs).cover.chosen.empty());
}

TEST(QuestionTest, AsksForWhatPartsTheOffersMost) {
  const RequirementTables& tables = BuiltInRequirementTables();
  const auto offer = [&](const char* id, const char* text) {
    return ReadOffer(Record{.kind = RecordKind::kResult, .id = id, .title = "吸附剂", .text = text}, tables);
  };
  const std::vector<OfferReading> offers = {offer("1", "锂收率80%"), offer("2", "锂收率86%"),
                                            offer("3", "锂收率92%，完成中试")};
  const NeedReading need =
      ReadNeed(Record{.kind = RecordKind::kNeed, .id = "n", .title = "提锂吸附剂"}, tables);
  const auto question = BestQuestion(need, offers);
  ASSERT_TRUE(question.has_value());
  EXPECT_THAT(question->text, testing::HasSubstr("锂收率"));
  EXPECT_THAT(question->text, testing::HasSubstr("80%"));
  EXPECT_THAT(question->text, testing::HasSubstr("92%"));
  const NeedReading asked =
      ReadNeed(Record{.kind = RecordKind::kNeed, .id = "m", .title = "提锂", .wanted = "锂收率≥85%"}, tables);
  const auto other = BestQuestion(asked, offers);
  EXPECT_TRUE(!other || other->text.find("锂收率") == std::string::npos);
}

}  // namespace
}  // namespace dongxi::requirement
