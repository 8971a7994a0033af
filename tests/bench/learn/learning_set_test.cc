#include "bench/learn/learning_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi::bench {
namespace {

using testing::ElementsAre;

LearnedCandidate Candidate(const std::string& id, double base) {
  return {.name = {RecordKind::kResult, id}, .base = base, .features = {static_cast<float>(base)}};
}

bool All(const LearningQuery&) { return true; }

TEST(LearningSetTest, UnjudgedCandidatesAreUnknownWhereBothAnswersWereNoted) {
  LearningQuery query{.id = "q",
                      .candidates = {Candidate("a", 3), Candidate("b", 2), Candidate("c", 1)},
                      .grades = {{"a", 0}, {"c", 2}, {"not found", 3}}};
  EXPECT_TRUE(JudgedBothWays({query}));
  const TreeRows rows = RowsOf({query}, true, All);
  EXPECT_THAT(rows.labels, ElementsAre(0, 2));
  EXPECT_THAT(rows.margins, ElementsAre(3, 1));
  EXPECT_THAT(rows.group_sizes, ElementsAre(2));
  query.grades = {{"c", 1}};
  EXPECT_FALSE(JudgedBothWays({query}));
  EXPECT_THAT(RowsOf({query}, false, All).labels, ElementsAre(0, 0, 1));
}

TEST(LearningSetTest, GroupsOfOneGradeAndUnwantedQueriesGiveNoRows) {
  const LearningQuery same{
      .id = "q", .candidates = {Candidate("a", 3), Candidate("b", 2)}, .grades = {{"a", 1}, {"b", 1}}};
  EXPECT_EQ(RowsOf({same}, true, All).size(), 0u);
  const LearningQuery good{
      .id = "q", .candidates = {Candidate("a", 3), Candidate("b", 2)}, .grades = {{"a", 1}, {"b", 0}}};
  EXPECT_EQ(RowsOf({good}, true, All).size(), 2u);
  EXPECT_EQ(RowsOf({good}, true, [](const LearningQuery&) { return false; }).size(), 0u);
}

TEST(LearningSetTest, AnEngagedCandidateIsAGroupWithTheLowerOnesAndItsWeight) {
  const LearningQuery query{.id = "q",
                            .candidates = {Candidate("shown", 4), Candidate("met", 3), Candidate("signed", 2),
                                           Candidate("never shown", 1)},
                            .engaged = {{"shown", {0, 1}}, {"met", {2, 2}}, {"signed", {3, 5}}}};
  const TreeRows rows = RowsOf({query}, true, All);
  EXPECT_THAT(rows.group_sizes, ElementsAre(2, 3));
  EXPECT_THAT(rows.group_weights, ElementsAre(2, 5));
  EXPECT_THAT(rows.labels, ElementsAre(2, 0, 3, 0, 2));
  EXPECT_THAT(rows.margins, ElementsAre(3, 4, 2, 4, 3));
}

TEST(LearningSetTest, ScaleIsLargeWhereTheBaseSaysLittle) {
  LearningQuery right{.id = "q"}, mixed{.id = "q"};
  for (int i = 0; i < 20; ++i) {
    const std::string id = std::to_string(i);
    right.candidates.push_back(Candidate(id, i));
    right.grades[id] = i >= 10 ? 1 : 0;
    mixed.candidates.push_back(Candidate(id, i));
    mixed.grades[id] = i % 3 == 0 ? 1 : 0;
  }
  EXPECT_LT(ScaleOf(RowsOf({right}, true, All)), 1);
  EXPECT_GT(ScaleOf(RowsOf({mixed}, true, All)), 10);
  EXPECT_EQ(ScaleOf({}), 1);
}

TEST(LearningSetTest, OnlyTheQuerysOwnFeaturesMayGoEitherWay) {
  EXPECT_THAT(MonotoneSigns(), ElementsAre(1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0));
}

}  // namespace
}  // namespace dongxi::bench
