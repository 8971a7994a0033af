#include "bench/quality/scores.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SystemRun RunOf(std::string_view lines) {
  auto run = ParseRun("run", lines);
  EXPECT_TRUE(run.ok()) << run.status();
  return *std::move(run);
}

const Qrels kQrels = {{"q1", {{"a", 2}, {"b", 0}}},
                      {"q2", {{"a", 1}, {"c", 1}, {"d", 1}}},
                      {"q3", {{"a", 0}}},  // nothing relevant
                      {"q4", {{"b", 1}}}};

TEST(ScoreRunTest, MeansAreOverAllQueriesThatCanBeScored) {
  const auto scores = ScoreRun(kQrels, RunOf("q1 b 2\nq1 a 1\nq2 c 1\nq4 b 1\nq9 a 1\n"), {});
  ASSERT_TRUE(scores.ok()) << scores.status();
  EXPECT_THAT(scores->queries, ElementsAre("q1", "q2", "q4"));
  EXPECT_EQ(scores->queries_judged, 4u);
  EXPECT_EQ(scores->queries_unjudged, 1u);
  EXPECT_EQ(scores->queries_missing, 0u);
  EXPECT_DOUBLE_EQ(scores->MeanOf("MRR@10"), (0.5 + 1 + 1) / 3);
  EXPECT_DOUBLE_EQ(scores->MeanOf("R@10"), (1 + 1.0 / 3 + 1) / 3);
  EXPECT_DOUBLE_EQ(scores->MeanOf("P@5"), (0.2 + 0.2 + 0.2) / 3);
}

TEST(ScoreRunTest, AQueryThatTheRunLacksCountsZeroInEveryMeasure) {
  const auto scores = ScoreRun(kQrels, RunOf("q1 a 1\n"), {});
  ASSERT_TRUE(scores.ok()) << scores.status();
  EXPECT_EQ(scores->queries_missing, 2u);
  for (size_t i = 0; i < scores->measures.size(); ++i) {
    SCOPED_TRACE(scores->measures[i]);
    EXPECT_EQ(scores->values[i][1], 0);
    EXPECT_EQ(scores->values[i][2], 0);
    EXPECT_DOUBLE_EQ(scores->means[i], scores->values[i][0] / 3);
  }
}

TEST(ScoreRunTest, MinJudgedAndRelLeaveQueriesOut) {
  const SystemRun run = RunOf("q1 a 1\n");
  EXPECT_THAT(ScoreRun(kQrels, run, {.min_judged = 2})->queries, ElementsAre("q1", "q2"));
  EXPECT_THAT(ScoreRun(kQrels, run, {.rel = 2})->queries, ElementsAre("q1"));
}

TEST(ScoreRunTest, EqualScoresDoNotDependOnTheOrderOfTheFile) {
  for (const char* lines : {"q1 b 1\nq1 a 1\n", "q1 a 1\nq1 b 1\n"}) {
    const auto scores = ScoreRun(kQrels, RunOf(lines), {.rel = 2});
    EXPECT_EQ(scores->MeanOf("MRR@10"), 1) << "by name: a before b";
    const auto trec_eval = ScoreRun(kQrels, RunOf(lines), {.rel = 2, .ties = TieOrder::kTrecEval});
    EXPECT_EQ(trec_eval->MeanOf("MRR@10"), 0.5) << "trec_eval: b before a";
  }
}

TEST(ScoreRunTest, TrecEvalSeesScoresInSinglePrecision) {
  const SystemRun run = RunOf("q1 a 1.00000000001\nq1 b 1\n");
  EXPECT_EQ(ScoreRun(kQrels, run, {.rel = 2})->MeanOf("MRR@10"), 1);
  EXPECT_EQ(ScoreRun(kQrels, run, {.rel = 2, .ties = TieOrder::kTrecEval})->MeanOf("MRR@10"), 0.5);
}

// What trec_eval 9 prints for these files (-l 1 -m map -m recip_rank -m P.5 -m recall.10 -m ndcg_cut.10).
TEST(ScoreRunTest, EqualsTrecEvalWithTies) {
  const Qrels qrels = {{"1", {{"a", 2}, {"b", 0}, {"c", 1}, {"d", 3}}}};
  const SystemRun run = RunOf("1 a 5\n1 c 5\n1 x 5\n1 b 3\n1 d 3\n");  // its order: x c a d b
  const auto scores = ScoreRun(qrels, run,
                               {.gain = Gain::kLinear,
                                .ties = TieOrder::kTrecEval,
                                .measures = {{MeasureKind::kAveragePrecision, 0},
                                             {MeasureKind::kReciprocalRank, 0},
                                             {MeasureKind::kPrecision, 5},
                                             {MeasureKind::kRecall, 10},
                                             {MeasureKind::kNdcgFull, 10}}});
  ASSERT_TRUE(scores.ok()) << scores.status();
  EXPECT_THAT(scores->measures, ElementsAre("MAP", "MRR", "P@5", "R@10", "nDCG@10 full"));
  EXPECT_NEAR(scores->means[0], (1.0 / 2 + 2.0 / 3 + 3.0 / 4) / 3, 1e-12);
  EXPECT_EQ(scores->means[1], 0.5);
  EXPECT_EQ(scores->means[2], 0.6);
  EXPECT_EQ(scores->means[3], 1);
  const double log3 = std::log2(3.0), log5 = std::log2(5.0);
  EXPECT_NEAR(scores->means[4], (1 / log3 + 2.0 / 2 + 3 / log5) / (3 + 2 / log3 + 1.0 / 2), 1e-12);
}

TEST(ScoreRunTest, NothingToScoreSaysWhy) {
  const SystemRun run = RunOf("q1 a 1\n");
  const auto message = [](const absl::StatusOr<Scores>& scores) {
    return std::string(scores.status().message());
  };
  EXPECT_THAT(message(ScoreRun(kQrels, run, {.rel = 3})), HasSubstr("grade >= 3 (highest grade: 2)"));
  EXPECT_THAT(message(ScoreRun(kQrels, run, {.min_judged = 9})),
              HasSubstr("has 9 judged documents (most of any query: 3)"));
}

TEST(ScoreRunTest, OptionsOutOfRange) {
  const SystemRun run = RunOf("q1 a 1\n");
  for (const ScoreOptions& options :
       {ScoreOptions{.rel = 0}, ScoreOptions{.rel = 21}, ScoreOptions{.min_judged = 0},
        ScoreOptions{.measures = {{MeasureKind::kPrecision, 0}}}}) {
    EXPECT_EQ(ScoreRun(kQrels, run, options).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(AddMeasureTest, QueriesWithoutAValueCountZero) {
  auto scores = ScoreRun(kQrels, RunOf("q1 a 1\n"), {});
  ASSERT_TRUE(scores.ok());
  AddMeasure("ordered rightly", {{"q1", 0.9}, {"q4", 0.6}, {"q3", 1}}, &*scores);
  EXPECT_THAT(scores->values.back(), ElementsAre(0.9, 0, 0.6));
  EXPECT_DOUBLE_EQ(scores->MeanOf("ordered rightly"), 0.5);
}

}  // namespace
}  // namespace dongxi::bench
