#include "bench/quality/run_file.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Names(const RankedDocuments& ranked) {
  std::vector<std::string> names;
  for (const RankedDocument& entry : ranked) names.push_back(entry.document);
  return names;
}

TEST(ParseRunTest, OrdersByScoreAndEqualScoresByNameWhateverTheRankSays) {
  const auto run = ParseRun("r.trec",
                            "N1 Q0 b 1 2.5 ours\n"
                            "N1 Q0 c 2 7 ours\n"
                            "N2 Q0 z 1 -1e-3 ours\n"
                            "N1 Q0 a 3 2.5 ours\n");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->tag, "ours");
  EXPECT_THAT(Names(run->queries.at("N1")), ElementsAre("c", "a", "b"));
  EXPECT_EQ(run->queries.at("N2")[0].score, -1e-3);
}

TEST(ParseRunTest, ThreeFieldsAreEnough) {
  const auto run = ParseRun("r.trec", "N1 a 1\nN1 b +2\n");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->tag, "");
  EXPECT_THAT(Names(run->queries.at("N1")), ElementsAre("b", "a"));
}

TEST(ParseRunTest, TheLastBitOfAScoreCounts) {
  const auto run = ParseRun("r.trec", "N1 a 0.29999999999999999\nN1 b 0.30000000000000004\n");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_THAT(Names(run->queries.at("N1")), ElementsAre("b", "a"));
}

struct BadRun {
  const char* name;
  const char* content;
  std::vector<const char*> says;
};
const BadRun kBadRuns[] = {
    {"Empty", "", {"r.trec:1: ", "no answer"}},
    {"FourFields", "N1 Q0 a 1\n", {"r.trec:1: ", "4 fields", "expected 6"}},
    {"SevenFields", "N1 Q0 a 1 2 tag more\n", {"7 fields"}},
    {"NotANumber", "N1 Q0 a 1 1 t\nN1 Q0 b 2 nan t\n", {"r.trec:2: ", "\"nan\" is not finite"}},
    {"Infinite", "N1 Q0 a 1 -inf t\n", {"not finite"}},
    {"TooLarge", "N1 Q0 a 1 1e999 t\n", {"not finite"}},
    {"ScoreIsAWord", "N1 Q0 a 1 high t\n", {"\"high\" is no number"}},
    {"DocumentTwice", "N1 Q0 a 1 3 t\nN2 Q0 a 1 3 t\nN1 Q0 a 2 2 t\n", {"r.trec:3: ", "first in line 1"}},
    {"NotUtf8", "N1 Q0 \xC3\x28 1 3 t\n", {"r.trec:1: ", "UTF-8"}},
};
TEST(ParseRunTest, BadInputNamesFileLineAndReason) {
  for (const BadRun& c : kBadRuns) {
    SCOPED_TRACE(c.name);
    const auto run = ParseRun("r.trec", c.content);
    EXPECT_EQ(run.status().code(), absl::StatusCode::kInvalidArgument);
    for (const char* part : c.says) EXPECT_THAT(std::string(run.status().message()), HasSubstr(part));
  }
}

TEST(ReadRunTest, AnAbsentFileIsNotFound) {
  EXPECT_EQ(ReadRun("/nowhere/run.trec").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace dongxi::bench
