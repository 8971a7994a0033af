#include "bench/trec.h"

#include <cmath>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

TEST(RunLinesTest, WritesOneLineADocumentWithRanksFromOne) {
  const auto lines = RunLines("N003", {{"R1", 2.5}, {"R2", -1}}, "dongxi");
  ASSERT_TRUE(lines.ok()) << lines.status();
  EXPECT_EQ(*lines, "N003 Q0 R1 1 2.5 dongxi\nN003 Q0 R2 2 -1 dongxi\n");
}

TEST(RunLinesTest, NoEntriesAreNoLines) { EXPECT_EQ(*RunLines("N003", {}, "dongxi"), ""); }

TEST(RunLinesTest, ScoresComeBackBitForBit) {
  const double higher = 0.1 + 0.2, lower = 0.3;  // differ in the last bit
  const auto lines = RunLines("q", {{"a", higher}, {"b", lower}}, "t");
  ASSERT_TRUE(lines.ok());
  std::istringstream in(*lines);
  std::string word;
  double first = 0, second = 0;
  int rank = 0;
  in >> word >> word >> word >> rank >> first >> word >> word >> word >> word >> rank >> second;
  EXPECT_EQ(first, higher);
  EXPECT_EQ(second, lower);
}

struct BadRun {
  const char* name;
  std::string query;
  std::vector<RunEntry> entries;
  const char* says;
};
const BadRun kBadRuns[] = {
    {"QueryWithSpace", "N 3", {}, "without spaces"},
    {"EmptyDocument", "N3", {{"", 1}}, "rank 1"},
    {"DocumentWithSpace", "N3", {{"R1", 2}, {"R 2", 1}}, "rank 2"},
    {"NotANumber", "N3", {{"R1", std::nan("")}}, "finite"},
    {"RisingScore", "N3", {{"R1", 1}, {"R2", 2}}, "rises"},
};
TEST(RunLinesTest, RefusesWhatAScorerWouldMisread) {
  for (const BadRun& c : kBadRuns) {
    SCOPED_TRACE(c.name);
    const auto lines = RunLines(c.query, c.entries, "dongxi");
    EXPECT_EQ(lines.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(lines.status().message()), testing::HasSubstr(c.says));
  }
}

TEST(TrecTest, AnEntryThatScoresNoLessThanTheOneBeforeItStillStandsBehindIt) {
  EXPECT_EQ(ScoreBehind(0.5, 0.25), 0.25);
  for (const double score : {0.5, 0.75}) {
    const double shown = ScoreBehind(0.5, score);
    EXPECT_LT(shown, 0.5);
    EXPECT_NEAR(shown, 0.5, 1e-12);
    EXPECT_TRUE(RunLines("q", {{"a", 0.5}, {"b", shown}}, "t").ok());
  }
}

}  // namespace
}  // namespace dongxi::bench
