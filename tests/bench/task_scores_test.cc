#include "bench/task_scores.h"

#include <vector>

#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

TEST(ScoreTasksTest, IsPerfectWhenEveryAnswerIsRight) {
  const TaskScores scores = ScoreTasks({{"n-1", "3.2", "3.2", 0.9}, {"n-2", "", "", 0.5}});
  EXPECT_EQ(scores.accuracy, 1);
  EXPECT_EQ(scores.macro_f1, 1);
}

TEST(ScoreTasksTest, MeansF1OverTheTasksThatOccur) {
  // 3.2: 1 right of 2, 1 found -> F1 2/3. 1.1: 1 right of 1, 2 found -> F1 2/3. 4.1 is only said, never true:
  // no class.
  const TaskScores scores = ScoreTasks(
      {{"n-1", "3.2", "3.2", 1}, {"n-2", "3.2", "1.1", 1}, {"n-3", "1.1", "1.1", 1}, {"n-4", "", "4.1", 1}});
  EXPECT_DOUBLE_EQ(scores.accuracy, 0.5);
  EXPECT_DOUBLE_EQ(scores.macro_f1, (2.0 / 3 + 2.0 / 3 + 0) / 3);
  EXPECT_EQ(scores.tasks.at("1.1").found, 2u);
}

TEST(ScoreTasksTest, NothingIsZero) {
  EXPECT_EQ(ScoreTasks({}).accuracy, 0);
  EXPECT_EQ(ScoreTasks({}).macro_f1, 0);
}

TEST(TaskCountsTest, PrecisionRecallAndF1) {
  const TaskCounts counts = {.right = 3, .expected = 4, .found = 6};
  EXPECT_DOUBLE_EQ(counts.precision(), 0.5);
  EXPECT_DOUBLE_EQ(counts.recall(), 0.75);
  EXPECT_DOUBLE_EQ(counts.f1(), 0.6);  // 2 * 0.5 * 0.75 / 1.25
  EXPECT_EQ(TaskCounts{}.precision(), 0);
  EXPECT_EQ(TaskCounts{}.recall(), 0);
  EXPECT_EQ(TaskCounts{}.f1(), 0);
}

// F1: 1.1 2*2/(3+2) = 4/5, 1.2 2*1/(1+3) = 1/2, none 2*1/(2+1) = 2/3.
const std::vector<TaskAnswer> kSixNeeds = {
    {"n-1", "1.1", "1.1", 1, {}, "储能"},    {"n-2", "1.1", "1.1", 1, {}, ""},
    {"n-3", "1.1", "1.2", 1, "1.2", "储能"}, {"n-4", "1.2", "1.2", 1, "1.1", ""},
    {"n-5", "", "1.2", 1, {}, "园区"},       {"n-6", "", "", 1, "1.1", "园区"},
};

TEST(MacroF1OverTest, LeavesNoneOutAndCountsEveryTaskNamed) {
  const TaskScores scores = ScoreTasks(kSixNeeds);
  EXPECT_DOUBLE_EQ(MacroF1Over(scores, {"1.1", "1.2"}), (0.8 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(MacroF1Over(scores, {"1.1", "1.2", "7.2"}), (0.8 + 0.5) / 3);
  EXPECT_DOUBLE_EQ(MacroF1Over(scores, {"1.1", "1.2", ""}), (0.8 + 0.5 + 2.0 / 3) / 3);
  EXPECT_EQ(MacroF1Over(scores, {}), 0);
}

TEST(NoneRightTest, IsTheRecallOfNone) {
  EXPECT_DOUBLE_EQ(NoneRight(ScoreTasks(kSixNeeds)), 0.5);
  EXPECT_EQ(NoneRight(ScoreTasks({{"n-1", "1.1", "1.1", 1}})), 0);
}

TEST(InProgrammeTest, LeavesOutNeedsThatCouldNotBeReadWrongly) {
  const std::vector<TaskAnswer> left = InProgramme({{"n-1", "", "", 1, {}, "", false},
                                                    {"n-2", "", "1.1", 1, {}, "", true},
                                                    {"n-3", "", "", 1, {}, "", true}});
  ASSERT_EQ(left.size(), 2u);
  EXPECT_DOUBLE_EQ(NoneRight(ScoreTasks(left)), 0.5);
}

TEST(AcceptingAlsoTest, TheSecondAnswerIsRightOnlyWhereItWasGiven) {
  const std::vector<TaskAnswer> accepted = AcceptingAlso(kSixNeeds);
  EXPECT_EQ(accepted[2].expected, "1.2");  // found 1.2, also 1.2
  EXPECT_EQ(accepted[3].expected, "1.2");  // right already; also counts for nothing
  EXPECT_EQ(accepted[4].expected, "");     // no second answer
  EXPECT_DOUBLE_EQ(ScoreTasks(accepted).accuracy, 5.0 / 6);
}

TEST(AcceptingAlsoTest, NoneCanBeTheSecondAnswer) {
  EXPECT_EQ(ScoreTasks(AcceptingAlso({{"n-1", "1.1", "", 1, "", ""}})).accuracy, 1);
  EXPECT_EQ(ScoreTasks(AcceptingAlso({{"n-1", "1.1", "", 1, {}, ""}})).accuracy, 0);
}

TEST(RightByConfusionTest, CountsEachConfusionByItself) {
  const auto right = RightByConfusion(kSixNeeds);
  ASSERT_EQ(right.size(), 3u);
  EXPECT_EQ(right.at("储能").right, 1u);
  EXPECT_EQ(right.at("储能").of, 2u);
  EXPECT_EQ(right.at("园区").right, 1u);
  EXPECT_EQ(right.at("").right, 2u);
  EXPECT_EQ(right.at("").of, 2u);
}

TEST(BootstrapTasksTest, HoldsTheScoreAndRepeatsWithTheSeed) {
  const auto accuracy = [](const TaskScores& scores) { return scores.accuracy; };
  const ScoreInterval interval = BootstrapTasks(kSixNeeds, accuracy, 400, 1);
  EXPECT_LT(interval.low, 4.0 / 6);
  EXPECT_GT(interval.high, 4.0 / 6);
  EXPECT_GE(interval.low, 1.0 / 6);  // 1.2 is right in every draw
  const ScoreInterval again = BootstrapTasks(kSixNeeds, accuracy, 400, 1);
  EXPECT_EQ(again.low, interval.low);
  EXPECT_EQ(again.high, interval.high);
}

TEST(BootstrapTasksTest, APerfectReaderHasNoSpread) {
  const auto macro_f1 = [](const TaskScores& scores) { return MacroF1Over(scores, {"1.1", "1.2"}); };
  const ScoreInterval interval = BootstrapTasks(
      {{"n-1", "1.1", "1.1", 1}, {"n-2", "1.2", "1.2", 1}, {"n-3", "", "", 1}}, macro_f1, 40, 7);
  EXPECT_EQ(interval.low, 1);
  EXPECT_EQ(interval.high, 1);
  EXPECT_EQ(BootstrapTasks({}, macro_f1, 40, 7).high, 0);
}

}  // namespace
}  // namespace dongxi::bench
