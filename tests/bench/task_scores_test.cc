#include "bench/task_scores.h"

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

}  // namespace
}  // namespace dongxi::bench
