#include "indexer/command/progress_bar.h"

#include <algorithm>
#include <sstream>

#include "gmock/gmock.h"

namespace dongxi {
namespace {

struct LineCase {
  std::string name;
  std::string unit;
  uint64_t done, total;
  double rate;
  int width;
  std::string want;
};

TEST(ProgressLineTest, Table) {
  const LineCase cases[] = {
      {"Half", "条", 4500, 9000, 450, 0, "读取  50%  4,500/9,000 条  450 条/秒  剩余 10 秒"},
      {"WithBar", "条", 1, 4, 1, 8, "读取  [##......]  25%  1/4 条  1 条/秒  剩余 3 秒"},
      {"Minutes", "", 1, 101, 1, 0, "读取  0%  剩余 1 分 40 秒"},
      {"Complete", "条", 4, 4, 2, 0, "读取  100%  4/4 条  2 条/秒"},
      {"UnknownTotal", "条", 1234567, 0, 100, 0, "读取  1,234,567 条  100 条/秒"},
      {"MoreThanTotal", "", 7, 4, 0, 4, "读取  [####]  100%"},
      {"NoRateYet", "条", 0, 4, 0, 0, "读取  0%  0/4 条"},
  };
  for (const LineCase& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(ProgressLine("读取", c.unit, c.done, c.total, c.rate, c.width), c.want);
  }
}

TEST(ProgressBarTest, WithoutATerminalItPrintsOneLineAtTheEndOfAStage) {
  std::ostringstream out;
  {
    ProgressBar bar(out, /*terminal=*/false);
    for (uint64_t i = 0; i <= 100; ++i) bar.Show("读取", "条", i, 100);
    bar.Show("读取", "条", 100, 100);
  }
  const std::string text = out.str();
  EXPECT_THAT(text, ::testing::StartsWith("读取  100%"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(ProgressBarTest, OnATerminalItDrawsOverOneLineAndLeavesNothingBehind) {
  std::ostringstream out;
  {
    ProgressBar bar(out, /*terminal=*/true);
    bar.Show("读取", "条", 1, 100);
  }
  EXPECT_THAT(out.str(), ::testing::StartsWith("\r\x1b[K读取  ["));
  EXPECT_THAT(out.str(), ::testing::EndsWith("\r\x1b[K"));
}

}  // namespace
}  // namespace dongxi
