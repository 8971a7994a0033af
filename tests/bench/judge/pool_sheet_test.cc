#include "bench/judge/pool_sheet.h"

#include "bench/judge/csv_text.h"
#include "bench/judge/grade_sheet.h"
#include "engine/text/normalize.h"
#include "gmock/gmock.h"
#include "indexer/import/zip_package.h"
#include "judge_testing.h"

namespace dongxi::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

PoolSheetRow Row(const std::string& number, const std::string& title, const std::string& text) {
  return {number, "N1", "需求", "正文", "R1", title, text};
}

struct TextCase {
  const char* name;
  std::string text, want;
};

TEST(CsvTextTest, CellsAreNeverFormulas) {
  const TextCase cases[] = {
      {"Plain", "盐湖", "盐湖"},   {"Equals", "=1+1", "'=1+1"},     {"Plus", "+86", "'+86"},
      {"Minus", "-5℃", "'-5℃"},    {"At", "@SUM(A1)", "'@SUM(A1)"}, {"FullWidth", "＝A1", "'＝A1"},
      {"Apostrophe", "'x", "''x"}, {"InTheMiddle", "a=b", "a=b"},   {"Empty", "", ""}};
  for (const TextCase& c : cases) EXPECT_EQ(Neutralised(c.text), c.want) << c.name;
}

TEST(CsvTextTest, QuotesWhereNeeded) {
  EXPECT_EQ(CsvLine({"a", "b,c", "say \"x\"", "=1,2", "1\n2"}),
            "a,\"b,c\",\"say \"\"x\"\"\",\"'=1,2\",\"1\n2\"\r\n");
}

TEST(CsvTextTest, CellsFitAndHoldNoControls) {
  EXPECT_EQ(CellText("a\r\nb\rc\x01"
                     "d\te"),
            "a\nb\nc d\te");
  const std::string exact(kCellUnitsMax, 'x');
  EXPECT_EQ(CellText(exact), exact);
  EXPECT_EQ(CellText(exact + "x"), std::string(kCellUnitsMax - 1, 'x') + "…");
  std::string rare;
  for (int i = 0; i < 20'000; ++i) rare += "𠮷";  // two UTF-16 units each
  EXPECT_EQ(CountCharacters(CellText(rare)), 16'384u);
  EXPECT_TRUE(CellText(rare).ends_with("𠮷…"));
}

TEST(PoolSheetTest, XlsxHasTextCellsOnlyAndAListOfGrades) {
  const TestFolder folder;
  const std::string file = (folder / "pool.xlsx").string();
  const std::vector<PoolSheetRow> rows = {Row("P00000000-0001", "=HYPERLINK(\"http\")", "+1"),
                                          Row("P00000000-0002", "@x", std::string(60'000, 'y'))};
  ASSERT_TRUE(WritePoolXlsx(rows, file).ok());
  const std::string bytes = ReadAll(file);
  const auto package = ZipPackage::Open(bytes);
  ASSERT_TRUE(package.ok());
  const std::string sheet = *(*package)->Read("xl/worksheets/sheet1.xml", 1 << 20);
  EXPECT_THAT(sheet, Not(HasSubstr("<f>")));
  EXPECT_THAT(sheet, HasSubstr("sqref=\"H2:H3\""));
  EXPECT_THAT(sheet, HasSubstr("\"0,1,2,3\""));
  const std::string strings = *(*package)->Read("xl/sharedStrings.xml", 1 << 20);
  EXPECT_THAT(strings, HasSubstr("=HYPERLINK"));
  EXPECT_THAT(strings, HasSubstr("<t>1 弱相关</t>"));
  EXPECT_THAT(strings, Not(HasSubstr(std::string(kCellUnitsMax, 'y'))));
}

TEST(PoolSheetTest, TheSameBytesEveryTime) {
  const TestFolder folder;
  ASSERT_TRUE(WritePoolXlsx({Row("P00000000-0001", "a", "b")}, folder / "one.xlsx").ok());
  ASSERT_TRUE(WritePoolXlsx({Row("P00000000-0001", "a", "b")}, folder / "two.xlsx").ok());
  EXPECT_EQ(ReadAll(folder / "one.xlsx"), ReadAll(folder / "two.xlsx"));
}

TEST(PoolSheetTest, BothFormsComeBack) {
  const TestFolder folder;
  const std::vector<PoolSheetRow> rows = {Row("P00000000-0001", "=a", "含,逗号\n和\"引号\"")};
  ASSERT_TRUE(WritePoolXlsx(rows, folder / "pool.xlsx").ok());
  const std::string csv = PoolCsv(rows);
  EXPECT_TRUE(csv.starts_with(
      "\xEF\xBB\xBF编号,需求编号,需求标题,需求正文,候选编号,候选标题,候选正文,等级,备注\r\n"));
  const struct {
    std::string file, title;
  } cases[] = {{(folder / "pool.xlsx").string(), "=a"}, {folder.Write("pool.csv", csv), "'=a"}};
  for (const auto& c : cases) {
    const auto sheet = ReadGradeSheet(c.file);
    ASSERT_TRUE(sheet.ok()) << sheet.status();
    ASSERT_EQ(sheet->rows.size(), 1u);
    EXPECT_EQ(sheet->rows[0].number.text, "P00000000-0001");
    EXPECT_EQ(sheet->rows[0].candidate.text, "R1");
    EXPECT_EQ(sheet->rows[0].candidate_title, c.title);
    EXPECT_EQ(sheet->rows[0].grade.text, "");
    EXPECT_EQ(sheet->rows[0].grade.letters, "H");
  }
}

}  // namespace
}  // namespace dongxi::bench
