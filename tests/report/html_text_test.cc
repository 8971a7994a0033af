#include "report/html_text.h"

#include <gtest/gtest.h>

#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

struct EscapeCase {
  const char* name;
  std::string input, want;
};

TEST(EscapeHtmlTest, Table) {
  const EscapeCase cases[] = {
      {"ChineseStays", "盐湖提锂", "盐湖提锂"},
      {"MarkupBecomesEntities", "<a href=\"x\">&'", "&lt;a href=&quot;x&quot;&gt;&amp;&#39;"},
      {"LineBreaksStay", "一\n二\t三", "一\n二\t三"},
      {"ControlsAreReplaced", std::string("a\x01\x7F") + std::string(1, '\0'), "a\uFFFD\uFFFD\uFFFD"},
      {"ReversedWritingIsReplaced", "\u202Eabc", "\uFFFDabc"},
      {"NoncharactersAreReplaced", "a\uFFFF\uFDD0\U0001FFFE", "a\uFFFD\uFFFD\uFFFD"},
      {"IllFormedUtf8IsReplaced", "a\xFFz", "a\uFFFDz"},
  };
  for (const EscapeCase& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(EscapeHtml(c.input), c.want);
  }
}

struct MarkCase {
  const char* name;
  std::string text;
  std::vector<Interval> intervals;
  std::string want;
};

TEST(MarkIntervalsTest, Table) {
  const MarkCase cases[] = {
      {"NoneMarksNothing", "盐湖", {}, "盐湖"},
      {"CountsCodePointsNotBytes", "盐湖提锂", {{2, 4}}, "盐湖<mark>提锂</mark>"},
      {"CountsSupplementaryCharactersAsOne", "𠮷盐湖", {{1, 3}}, "𠮷<mark>盐湖</mark>"},
      {"OverlapsAreJoined", "abcdef", {{1, 3}, {2, 5}}, "a<mark>bcde</mark>f"},
      {"TouchingAreJoined", "abcd", {{2, 3}, {1, 2}}, "a<mark>bc</mark>d"},
      {"NestedAreJoined", "abcd", {{0, 4}, {1, 2}}, "<mark>abcd</mark>"},
      {"OutOfRangeIsClipped", "ab", {{-5, 1}, {1, 99}}, "<mark>ab</mark>"},
      {"EmptyAndReversedAreIgnored", "ab", {{1, 1}, {2, 0}, {7, 9}}, "ab"},
      {"MarkedTextIsEscaped", "<b>", {{0, 1}}, "<mark>&lt;</mark>b&gt;"},
  };
  for (const MarkCase& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(MarkIntervals(c.text, c.intervals), c.want);
  }
}

struct TermsCase {
  const char* name;
  std::string text;
  std::vector<std::string> terms;
  std::string want;
};

TEST(MarkTermsTest, Table) {
  const TermsCase cases[] = {
      {"EveryOccurrence", "提锂与提锂", {"提锂"}, "<mark>提锂</mark>与<mark>提锂</mark>"},
      {"WidthAndCaseDoNotMatter", "用ＣＯ２和co2", {"CO2"}, "用<mark>ＣＯ２</mark>和<mark>co2</mark>"},
      {"OneCharacterIsPassedOver", "高镁", {"高"}, "高镁"},
      {"OverlappingTermsAreOne", "吸附剂", {"吸附", "附剂"}, "<mark>吸附剂</mark>"},
      {"EmptyTermEndsAndMarksNothing", "盐湖", {"", " "}, "盐湖"},
      {"TermWithMarkupIsEscaped", "a<b>c", {"<b>"}, "a<mark>&lt;b&gt;</mark>c"},
  };
  for (const TermsCase& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(MarkTerms(c.text, c.terms), c.want);
  }
}

TEST(MergedIntervalsTest, AreInOrderClippedAndApart) {
  const std::vector<Interval> want = {{0, 3}, {5, 7}};
  EXPECT_EQ(MergedIntervals({{5, 9}, {-1, 2}, {1, 3}, {4, 4}, {8, 99}}, 7), want);
}

TEST(NeedIntervalsTest, TakesTheFieldAskedForAndLeavesOutTermsOfOneCharacter) {
  const v1::MatchResponse answer = MatchedNeed().answer;
  EXPECT_EQ(NeedIntervals(answer, {"title"}), (std::vector<Interval>{{2, 4}}));
  EXPECT_EQ(NeedIntervals(answer, {"description", "text"}), (std::vector<Interval>{{9, 12}}));
  EXPECT_TRUE(NeedIntervals(answer, {"abstract"}).empty());
}

TEST(NeedIntervalsTest, NearMissesCountOnlyIfNothingIsAdequate) {
  v1::MatchResponse answer = MatchedNeed().answer;
  *answer.mutable_partners()->mutable_entries(1)->add_matched_terms() =
      FromText<v1::MatchedTerm>(R"(term: "收率" need_spans { field: "title" begin: 4 end: 6 })");
  EXPECT_EQ(NeedIntervals(answer, {"title"}), (std::vector<Interval>{{2, 4}}));
  answer.mutable_partners()->mutable_entries(0)->set_adequate(false);
  answer.mutable_results()->mutable_entries(0)->set_adequate(false);
  EXPECT_EQ(NeedIntervals(answer, {"title"}), (std::vector<Interval>{{2, 4}, {4, 6}}));
}

}  // namespace
}  // namespace dongxi::report
