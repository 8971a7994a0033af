#include "cli/table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace dongxi::cli {
namespace {

struct WidthCase {
  const char* name;
  std::string text;
  int want;
};

TEST(DisplayWidthTest, Table) {
  const WidthCase cases[] = {
      {"Latin", "abc", 3},
      {"Chinese", "盐湖", 4},
      {"Mixed", "TRL 6 级", 8},
      {"FullWidth", "ＡＢ", 4},
      {"ChinesePunctuation", "，。", 4},
      {"CombiningAccent", "e\u0301", 1},
      {"ZeroWidthSpace", "a\u200Bb", 2},
      {"RareIdeograph", "𠮷", 2},
      {"Empty", "", 0},
  };
  for (const WidthCase& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(DisplayWidth(c.text), c.want);
  }
}

TEST(CutToWidthTest, NeverCutsAWideCharacterInHalf) {
  EXPECT_EQ(CutToWidth("盐湖提锂", 8), "盐湖提锂");
  EXPECT_EQ(CutToWidth("盐湖提锂", 7), "盐湖提…");
  EXPECT_EQ(CutToWidth("盐湖提锂", 6), "盐湖…");
  EXPECT_EQ(CutToWidth("盐湖提锂", 1), "…");
}

TEST(PrintableTest, TakesTheSteeringOutOfATerminal) {
  EXPECT_EQ(Printable("a\x1b[31mb"), "a [31mb");
  EXPECT_EQ(Printable("一\n二\t三"), "一 二 三");
  EXPECT_EQ(Printable("\u202Eabc\u2066"), "abc");
  EXPECT_EQ(Printable("\u009b31m"), " 31m");
}

std::string Print(const Table& table, int columns) {
  std::ostringstream out;
  table.Print(out, columns);
  return out.str();
}

TEST(TableTest, AlignsColumnsByWidthOnTheScreen) {
  Table table({{"#", 4, Align::kRight}, {"名称", 10}, {"理由", 0}});
  table.AddRow({"1", "天津大学", "甲"});
  table.AddRow({"10", "MIT", "乙"});
  EXPECT_EQ(Print(table, 0),
            " #  名称      理由\n"
            "──  ────────  ────\n"
            " 1  天津大学  甲\n"
            "10  MIT       乙\n");
}

TEST(TableTest, CutsTheLastColumnToTheScreenAndOthersToTheirLimit) {
  Table table({{"名称", 6}, {"理由", 0}});
  table.AddRow({"天津大学研究院", std::string(100, 'x')});
  const std::string cut = Print(table, 40);
  EXPECT_NE(cut.find("天津…   xxx"), std::string::npos) << cut;
  std::istringstream lines(cut);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(DisplayWidth(line), 40) << line;
  EXPECT_NE(Print(table, 0).find(std::string(100, 'x')), std::string::npos) << "a file is not cut";
}

}  // namespace
}  // namespace dongxi::cli
