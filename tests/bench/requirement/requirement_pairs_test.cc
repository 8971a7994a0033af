// The bars of the issue on the labelled pairs: precision 0.9, recall 0.75, no contradiction called unknown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "bench/requirement/pair_scores.h"

namespace dongxi::bench {
namespace {

constexpr char kPairs[] = "tests/requirement/pairs.jsonl";
constexpr char kModel[] = "models/dongxi-static.dxm";

TEST(RequirementPairsTest, EachPartIsWithinTheBars) {
  const auto pairs = ReadLabelledPairs(kPairs);
  ASSERT_TRUE(pairs.ok()) << pairs.status();
  const auto model = StaticModel::Open(kModel);
  ASSERT_TRUE(model.ok()) << model.status();
  for (int half = 1; half <= kPartsWithBars; ++half) {
    const PairScores scores = ScorePairs(*pairs, half, requirement::BuiltInRequirementTables(), *model);
    EXPECT_GE(scores.precision(), 0.9) << ScoresText(scores, true);
    EXPECT_GE(scores.recall(), 0.75) << ScoresText(scores, true);
    EXPECT_EQ(scores.contradictions_unknown, 0u) << ScoresText(scores, true);
  }
}

TEST(RequirementPairsTest, ThereAreAtLeast150PairsOfManyFieldsAndEveryLabel) {
  const auto pairs = ReadLabelledPairs(kPairs);
  ASSERT_TRUE(pairs.ok()) << pairs.status();
  EXPECT_GE(pairs->size(), 150u);
  std::set<std::string> fields, ids;
  std::map<std::string, size_t> labels;
  for (const LabelledPair& pair : *pairs) {
    fields.insert(pair.field);
    EXPECT_TRUE(ids.insert(pair.id).second) << pair.id;
    for (const LabelledIndicator& one : pair.indicators) ++labels[LabelOf(one.label)];
  }
  EXPECT_GE(fields.size(), 20u);
  for (const char* label : {"met", "short", "contradictory", "unknown"})
    EXPECT_GE(labels[label], 20u) << label;
}

TEST(RequirementPairsTest, AWrongVerdictAndAWrongPlaceCount) {
  using requirement::Outcome;
  LabelledPair pair{.id = "t", .field = "t", .need = "锂收率≥85%", .result = "锂收率80%，镁收率90%"};
  pair.indicators = {{.need = {0, 14}, .result = requirement::ByteSpan{0, 12}, .label = Outcome::kShort}};
  const auto& tables = requirement::BuiltInRequirementTables();
  EXPECT_EQ(ScorePairs(std::vector{pair}, 1, tables, nullptr).right, 1u);
  pair.indicators[0].label = Outcome::kMet;
  EXPECT_EQ(ScorePairs(std::vector{pair}, 1, tables, nullptr).right, 0u);
  pair.indicators[0] = {.need = {0, 14}, .result = requirement::ByteSpan{18, 27}, .label = Outcome::kShort};
  const PairScores elsewhere = ScorePairs(std::vector{pair}, 1, tables, nullptr);
  EXPECT_EQ(elsewhere.right, 0u);
  EXPECT_EQ(elsewhere.predicted, 1u);
  EXPECT_EQ(elsewhere.errors.size(), 1u);
}

TEST(RequirementPairsTest, ScoresOfTwoPartsTogetherAreThoseOfAllTheirPairs) {
  using requirement::Outcome;
  LabelledPair right{.id = "a", .field = "t", .need = "锂收率≥85%", .result = "锂收率80%，镁收率90%"};
  right.indicators = {{.need = {0, 14}, .result = requirement::ByteSpan{0, 12}, .label = Outcome::kShort}};
  LabelledPair missed{.id = "b", .field = "t", .need = "锂收率≥85%", .result = "运行平稳", .half = 2};
  missed.indicators = {
      {.need = {0, 14}, .result = requirement::ByteSpan{0, 12}, .label = Outcome::kContradictory}};
  const std::vector<LabelledPair> pairs = {right, missed};
  const auto& tables = requirement::BuiltInRequirementTables();
  PairScores pooled = ScorePairs(pairs, 1, tables, nullptr);
  EXPECT_EQ(pooled.contradictions(), 0u);
  pooled.Add(ScorePairs(pairs, 2, tables, nullptr));
  EXPECT_EQ(pooled.pairs, 2u);
  EXPECT_EQ(pooled.contradictions(), 1u);
  EXPECT_EQ(pooled.contradictions_unknown, 1u);
  EXPECT_DOUBLE_EQ(pooled.precision(), 1);
  EXPECT_DOUBLE_EQ(pooled.recall(), 0.5);
  EXPECT_EQ(ScoresText(pooled, true), ScoresText(ScorePairs(pairs, 0, tables, nullptr), true));
}

TEST(RequirementPairsTest, ThePooledPartsAreThereAndDoNotOverlap) {
  int before = kPartsWithBars;
  for (const UnseenParts parts : kUnseenParts) {
    EXPECT_GT(parts.first, before);
    EXPECT_GE(parts.last, parts.first);
    before = parts.last;
  }
  EXPECT_EQ(before, kPartsOfPairs);
}

TEST(RequirementPairsTest, ABadLineIsNamed) {
  const auto file = std::filesystem::temp_directory_path() / ("pairs-" + std::to_string(getpid()) + ".jsonl");
  for (const char* line :
       {R"({"id":"a","half":1,"need":"x","result":"y","indicators":[{"need_span":[0,9],"label":"met"}]})",
        R"({"id":"a","half":1,"need":"x","result":"y","indicators":[{"need_span":[0,1],"label":"maybe"}]})",
        R"({"id":"a","half":99,"need":"x","result":"y"})", R"({"id":"a","half":1,"need":"x"})"}) {
    std::ofstream(file) << line << "\n";
    const auto pairs = ReadLabelledPairs(file);
    ASSERT_FALSE(pairs.ok()) << line;
    EXPECT_THAT(std::string(pairs.status().message()), testing::HasSubstr(":1"));
  }
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace dongxi::bench
