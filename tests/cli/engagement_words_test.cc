#include "cli/engagement_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

v1::Engagement Signed() {
  v1::Engagement entry;
  entry.set_name("engagements/e-1");
  entry.set_need("needs/n-1");
  entry.set_need_title("盐湖提锂");
  entry.set_offer("results/r-1");
  entry.set_step(v1::ENGAGEMENT_STEP_SIGNED);
  entry.set_amount_wan(120.5);
  entry.mutable_event_time()->set_seconds(1'743'436'800);  // 2025-04-01 00:00 in China, the day before in UTC
  return entry;
}

size_t CellsOf(const std::string& line) {
  size_t cells = 1;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) ++cells;
  }
  return cells;
}

TEST(EngagementWordsTest, ChannelsAreReadByNameAndCode) {
  EXPECT_EQ(ChannelOfWord("科技入滇"), "keji-rudian");
  EXPECT_EQ(ChannelOfWord("keji-rudian"), "keji-rudian");
  EXPECT_EQ(ChannelOfWord("无对应通道"), "none");
  EXPECT_EQ(ChannelOfWord("none"), "none");
  EXPECT_EQ(ChannelOfWord("科技"), "科技") << "for the server to judge";
  EXPECT_EQ(ChannelOfWord(""), "");
}

TEST(EngagementWordsTest, DaysAreThoseOfChina) { EXPECT_EQ(DayOf(Signed()), "2025-04-01"); }

TEST(EngagementWordsTest, StepsAndReasonsAreReadInBothLanguages) {
  EXPECT_EQ(StepOfWord("技术合同登记"), v1::ENGAGEMENT_STEP_REGISTERED);
  EXPECT_EQ(StepOfWord("registered"), v1::ENGAGEMENT_STEP_REGISTERED);
  EXPECT_FALSE(StepOfWord("卖了").has_value());
  EXPECT_EQ(RefusalReasonOfWord("无经费"), v1::REFUSAL_REASON_NO_BUDGET);
  EXPECT_THAT(RefusalReasonWords(), StartsWith("成熟度不足、"));
}

TEST(EngagementWordsTest, OtherKindsOfEntriesSayWhatTheyAre) {
  v1::Engagement entry = Signed();
  entry.set_kind(v1::Engagement::KIND_WITHDRAWAL);
  EXPECT_EQ(ChineseStep(entry), "撤回：签约");
  entry.set_kind(v1::Engagement::KIND_CLEARANCE);
  EXPECT_EQ(ChineseStep(entry), "解除拒绝");
}

TEST(EngagementCsvTest, RowsFitTheHeader) {
  v1::Engagement entry = Signed();
  entry.set_note("甲,乙\n\"丙\"");
  EXPECT_EQ(CellsOf(CsvRow(entry)), CellsOf(CsvHeader()));
  EXPECT_THAT(CsvRow(entry), HasSubstr("\"甲,乙\n\"\"丙\"\"\""));
  EXPECT_THAT(CsvRow(entry), HasSubstr(",120.5,"));
  EXPECT_THAT(CsvRow(entry), EndsWith("\r\n"));
  EXPECT_THAT(CsvHeader(), StartsWith("\xEF\xBB\xBF"));
}

TEST(EngagementCsvTest, NothingIsAFormula) {
  for (const char* text : {"=1+1", "+1", "-1", "@x"}) {
    v1::Engagement entry = Signed();
    entry.set_note(text);
    EXPECT_THAT(CsvRow(entry), HasSubstr(std::string(",'") + text)) << text;
  }
}

TEST(EngagementJsonTest, LinesAreWhatTheBenchReads) {
  v1::Engagement entry = Signed();
  EXPECT_EQ(JsonLine(entry),
            R"({"need":"n-1","candidate":"r-1","step":"signed","time":"2025-04-01T00:00:00+08:00"})"
            "\n");
  entry.set_step(v1::ENGAGEMENT_STEP_REFUSED);
  entry.set_refusal_reason(v1::REFUSAL_REASON_NO_BUDGET);
  EXPECT_THAT(JsonLine(entry), HasSubstr(R"("step":"refused")"));
  EXPECT_THAT(JsonLine(entry), HasSubstr(R"("reason":"no_budget")"));
}

TEST(EngagementTableTest, SaysSoWhenThereIsNothing) {
  std::ostringstream out, err;
  PrintEngagements({}, Io{out, err});
  EXPECT_EQ(out.str(), "没有登记的进展。\n");
  PrintEngagements({Signed()}, Io{out, err});
  EXPECT_THAT(out.str(), HasSubstr("盐湖提锂"));
  EXPECT_THAT(out.str(), Not(HasSubstr("示例数据")));
}

}  // namespace
}  // namespace dongxi::cli
