#include "bench/judge/time_split.h"

#include <fstream>

#include "bench/judge/split_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Write(const std::string& name, const std::string& text) {
  const std::string file = testing::TempDir() + "/dongxi-split-" + name;
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

Engagement Step(const std::string& need, const std::string& candidate, const std::string& step,
                const std::string& date) {
  return {need, candidate, step, date, "eng.jsonl:" + need + candidate + step, "{}"};
}

TEST(EngagementsTest, GradesOfSteps) {
  for (const char* step : {"shown", "viewed", "refused"}) EXPECT_EQ(GradeOfStep(step), 0) << step;
  EXPECT_EQ(GradeOfStep("interested"), 1);
  EXPECT_EQ(GradeOfStep("met"), 2);
  for (const char* step : {"signed", "registered", "paid", "delivered"}) EXPECT_EQ(GradeOfStep(step), 3) << step;
  EXPECT_FALSE(GradeOfStep("Met"));
}

TEST(EngagementsTest, ReadsLines) {
  const auto read = ReadEngagements(Write(
      "good.jsonl",
      "{\"need\":\"N1\",\"candidate\":\"C1\",\"step\":\"met\",\"time\":\"2026-02-28T23:00:00+08:00\"}\r\n"
      "\n{\"need\":\"N1\",\"candidate\":\"C2\",\"step\":\"refused\",\"time\":\"2026-03-01\",\"reason\":"
      "\"price\"}\n"));
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].date, "2026-02-28");
  EXPECT_TRUE((*read)[1].place.ends_with("good.jsonl:3"));
  EXPECT_THAT((*read)[1].line, HasSubstr("price"));
}

TEST(EngagementsTest, ErrorsNameTheLine) {
  const std::string good =
      "{\"need\":\"N1\",\"candidate\":\"C1\",\"step\":\"met\",\"time\":\"2026-02-28\"}\n";
  const struct {
    const char* name;
    std::string line;
    const char* says;
  } cases[] = {
      {"NoNeed", "{\"candidate\":\"C1\",\"step\":\"met\",\"time\":\"2026-02-28\"}", "\"need\" is missing"},
      {"Space", "{\"need\":\"N1\",\"candidate\":\"C 1\",\"step\":\"met\",\"time\":\"2026-02-28\"}",
       "white space"},
      {"Step", "{\"need\":\"N1\",\"candidate\":\"C1\",\"step\":\"liked\",\"time\":\"2026-02-28\"}",
       "expected one of shown, viewed"},
      {"NoSuchDay", "{\"need\":\"N1\",\"candidate\":\"C1\",\"step\":\"met\",\"time\":\"2026-02-29\"}",
       "2026-02-29"},
      {"NoTime", "{\"need\":\"N1\",\"candidate\":\"C1\",\"step\":\"met\"}", "YYYY-MM-DD"},
      {"NoJson", "need N1", "not a JSON object"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto read = ReadEngagements(Write("bad.jsonl", good + c.line + "\n"));
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(read.status().message()), AllOf(HasSubstr("bad.jsonl:2: "), HasSubstr(c.says)));
  }
  EXPECT_FALSE(ReadEngagements(Write("empty.jsonl", "\n")).ok());
  EXPECT_FALSE(ReadEngagements("/nowhere/eng.jsonl").ok());
}

TEST(TimeSplitTest, TheHighestStepFromTheDayOnCounts) {
  const auto split =
      SplitByTime({Step("N1", "C1", "signed", "2025-12-31"), Step("N2", "C1", "shown", "2026-01-01"),
                   Step("N2", "C1", "met", "2026-03-01"), Step("N2", "C1", "viewed", "2026-04-01"),
                   Step("N2", "C2", "refused", "2026-02-01"), Step("N3", "C1", "delivered", "2026-02-01")},
                  "2026-01-01", {}, {});
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_EQ(split->history.size(), 1u);
  EXPECT_EQ(split->qrels, (Qrels{{"N2", {{"C1", 2}, {"C2", 0}}}, {"N3", {{"C1", 3}}}}));
  EXPECT_TRUE(split->leaks.empty());
}

TEST(TimeSplitTest, BothSidesAreNeeded) {
  for (const char* before : {"2020-01-01", "2030-01-01"}) {
    const auto split = SplitByTime({Step("N1", "C1", "met", "2025-12-31")}, before, {}, {});
    EXPECT_THAT(std::string(split.status().message()), HasSubstr("2025-12-31 to 2025-12-31"));
  }
}

NeedTexts Needs() {
  return {{"N1", {"盐湖卤水提锂", "从高镁锂比的盐湖卤水中提取锂，回收率不低于八成", "needs.jsonl:1"}},
          {"N2", {" 盐湖卤水 提锂", "另一段文字", "needs.jsonl:2"}},
          {"N3", {"卤水提锂技术", "从高镁锂比的盐湖卤水中提取锂，回收率不低于八成", "needs.jsonl:3"}},
          {"N4", {"牦牛育种", "高寒牧区牦牛良种选育", "needs.jsonl:4"}}};
}

TEST(LeakTest, PairsAndNeedsWithHistoryAndNeedsLikeThem) {
  const auto split =
      SplitByTime({Step("N1", "C1", "shown", "2025-01-01"), Step("N1", "C1", "met", "2026-02-01"),
                   Step("N2", "C2", "met", "2026-02-01"), Step("N3", "C3", "met", "2026-02-01"),
                   Step("N4", "C4", "met", "2026-02-01")},
                  "2026-01-01", Needs(), {});
  ASSERT_TRUE(split.ok());
  ASSERT_EQ(split->leaks.size(), 4u);
  EXPECT_EQ(split->leaks[0].kind, LeakKind::kPair);
  EXPECT_THAT(split->leaks[0].text, AllOf(HasSubstr("eng.jsonl:N1C1met"), HasSubstr("eng.jsonl:N1C1shown")));
  EXPECT_THAT(split->leaks[1].text,
              AllOf(HasSubstr("eng.jsonl:N1C1met"), HasSubstr("has history itself at eng.jsonl:N1C1shown")));
  EXPECT_THAT(split->leaks[2].text,
              AllOf(HasSubstr("needs.jsonl:2"), HasSubstr("needs.jsonl:1"), HasSubstr("same title")));
  EXPECT_THAT(split->leaks[3].text, AllOf(HasSubstr("needs.jsonl:3"), HasSubstr("bigrams in common")));
  TimeSplit dropped = *split;
  EXPECT_EQ(*DropLeakingQueries(dropped), (std::set<std::string>{"N1", "N2", "N3"}));
  EXPECT_EQ(dropped.qrels, (Qrels{{"N4", {{"C4", 2}}}}));
  EXPECT_EQ(dropped.after.size(), 1u);
}

TEST(LeakTest, NothingLeftIsAnError) {
  auto split = SplitByTime({Step("N1", "C1", "shown", "2025-01-01"), Step("N1", "C2", "met", "2026-02-01")},
                           "2026-01-01", {}, {});
  EXPECT_FALSE(DropLeakingQueries(*split).ok());
}

TEST(LeakTest, LateDocuments) {
  const auto documents = ReadSplitDocuments(
      {Write("docs.jsonl",
             "{\"id\":\"C1\",\"date\":\"2025-12-31\"}\n{\"id\":\"C2\",\"published\":\"2026-01-01T00:00\"}\n"
             "{\"id\":\"C3\",\"year\":2026}\n{\"id\":\"C4\",\"year\":2025,\"owners\":[\"I1\"]}\n{\"id\":"
             "\"C5\"}\n"
             "{\"id\":\"C6\",\"year\":\"2027\",\"date\":null}\n")},
      "2026-01-01");
  ASSERT_TRUE(documents.ok()) << documents.status();
  EXPECT_EQ(documents->count, 6u);
  EXPECT_EQ(documents->undated, 1u);
  EXPECT_TRUE(documents->names.contains("I1"));
  ASSERT_EQ(documents->late.size(), 3u);
  EXPECT_THAT(documents->early_lines, AllOf(HasSubstr("C5"), testing::Not(HasSubstr("C6"))));
  const auto split =
      SplitByTime({Step("N1", "C1", "met", "2025-01-01"), Step("N2", "C2", "met", "2026-02-01"),
                   Step("N3", "C1", "met", "2026-02-01")},
                  "2026-01-01", {}, documents->late);
  ASSERT_EQ(split->leaks.size(), 3u);
  EXPECT_EQ(split->leaks[0].need, "N2");
  EXPECT_THAT(split->leaks[0].text, AllOf(HasSubstr("docs.jsonl:2"), HasSubstr("judged for need N2")));
  EXPECT_EQ(split->leaks[2].need, "");
}

TEST(LeakTest, AYearAroundTheDayIsNotTold) {
  const auto documents = ReadSplitDocuments(
      {Write("rough.jsonl", "{\"id\":\"C1\",\"year\":2026}\n{\"id\":\"C2\",\"date\":\"2026-07\"}\n")},
      "2026-06-01");
  ASSERT_TRUE(documents.ok());
  EXPECT_EQ(documents->unclear, 1u);
  EXPECT_EQ(documents->late.size(), 1u);
}

TEST(LeakTest, BadDocumentsAndNeedsNameTheLine) {
  const auto date =
      ReadSplitDocuments({Write("date.jsonl", "{\"id\":\"C1\",\"date\":\"spring\"}\n")}, "2026-01-01");
  EXPECT_THAT(std::string(date.status().message()), AllOf(HasSubstr("date.jsonl:1"), HasSubstr("spring")));
  const auto twice =
      ReadSplitDocuments({Write("twice.jsonl", "{\"id\":\"C1\"}\n{\"id\":\"C1\"}\n")}, "2026-01-01");
  EXPECT_THAT(std::string(twice.status().message()), HasSubstr("twice.jsonl:2"));
  const auto needs =
      ReadNeedTexts(Write("needs.jsonl", "{\"id\":\"N1\",\"title\":\"a\"}\n{\"id\":\"N2\"}\n"));
  EXPECT_THAT(std::string(needs.status().message()), HasSubstr("needs.jsonl:2"));
}

TEST(LeakLinesTest, ShowsTheFirstTwenty) {
  const std::string lines = LeakLines(std::vector<Leak>(23, Leak{LeakKind::kNeed, "N", "leak"}));
  EXPECT_THAT(lines, HasSubstr("and 3 more"));
}

}  // namespace
}  // namespace dongxi::bench
