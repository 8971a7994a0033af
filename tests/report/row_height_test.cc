// Rows of spreadsheets are as high as their texts need.
#include "report/row_height.h"

#include <gtest/gtest.h>

#include <string>

namespace dongxi::report {
namespace {

TEST(LinesOfTest, Table) {
  struct Case {
    const char* name;
    std::string text;
    double width;
    int want;
  };
  const Case cases[] = {{"Empty", "", 10, 1},
                        {"Fits", "盐湖提锂", 10, 1},
                        {"ChineseIsTwiceAsWide", "高镁锂比盐湖卤水提锂", 11, 2},
                        {"LatinIsNot", "lithium 10", 11, 1},
                        {"LinesOfItsOwn", "一\n二\n", 10, 3},
                        {"LongAndOfItsOwn", "高镁锂比盐湖卤水提锂\n二", 11, 3},
                        {"ColumnOfNoWidth", "盐", 0, 2}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(LinesOf(c.text, c.width), c.want);
  }
}

TEST(RowHeightTest, GrowsByTheLineUpToWhatASpreadsheetAllows) {
  EXPECT_EQ(RowHeight(0), kLineHeight);
  EXPECT_EQ(RowHeight(3), 3 * kLineHeight);
  EXPECT_EQ(RowHeight(1'000), kRowHeightMax);
  EXPECT_LE(kRowHeightMax, 409);
}

}  // namespace
}  // namespace dongxi::report
