// The flat tables of a report, and the files made of them.
#include "report/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "indexer/import/zip_package.h"
#include "report/csv.h"
#include "report/xlsx.h"
#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Table& TableOf(const std::vector<Table>& tables, const std::string& file) {
  const auto found =
      std::find_if(tables.begin(), tables.end(), [&](const Table& table) { return table.file == file; });
  EXPECT_NE(found, tables.end()) << file;
  return *found;
}

std::string At(const Table& table, size_t row, const std::string& column) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == column) return table.rows.at(row).at(i).text;
  }
  ADD_FAILURE() << "no column " << column;
  return "";
}

std::string ReadAll(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(TablesTest, HaveASheetEachAndRowsAsLongAsTheirColumns) {
  MatchReport report = SampleReport();
  report.idle_offers = {{"results/r-9", "没人要的成果", "44", true}};
  report.comparison =
      Comparison{"去年.json", 2, 1, {{"needs/n-1", "老卤提锂收率低", "由未找到变为合适", {"甲"}, {}}}, 1};
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  EXPECT_EQ(tables.size(), 13u);
  for (const Table& table : tables) {
    EXPECT_LE(table.name.size() / 3, 31u) << table.name;
    for (const std::vector<Cell>& row : table.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.name;
  }
  EXPECT_EQ(TableOf(tables, "idle_offers").rows.size(), 1u);
  EXPECT_EQ(At(TableOf(tables, "changes"), 0, "变化"), "由未找到变为合适");
}

TEST(TablesTest, SayOfEachEntryWhatThePageSays) {
  const MatchReport report = SampleReport();
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  const Table& partners = TableOf(tables, "partners");
  ASSERT_EQ(partners.rows.size(), 3u) << "two entries of n-1, one near miss of n-2";
  EXPECT_EQ(At(partners, 0, "名称"), "示例·天津某盐湖化工研究院");
  EXPECT_EQ(At(partners, 0, "结论"), "合适");
  EXPECT_EQ(At(partners, 0, "示例数据"), "是");
  EXPECT_EQ(At(partners, 0, "可能任务"), "3.2 盐湖产业");
  EXPECT_EQ(At(partners, 1, "结论"), "接近");
  EXPECT_EQ(At(TableOf(tables, "results"), 0, "所属机构"), "示例·天津某盐湖化工研究院");
  EXPECT_EQ(At(TableOf(tables, "evidence"), 0, "佐证"), "高镁锂比卤水吸附提锂工艺");
}

// 可合作状态 had no column: a reader who adds the parts up was off by it.
TEST(TablesTest, ThePartsOfAnEntryAddUpToItsScore) {
  MatchReport report = SampleReport();
  v1::MatchEntry& entry = *report.needs[0].answer.mutable_partners()->mutable_entries(0);
  entry.clear_score_parts();
  double score = 0;
  for (const char* part : {"lexical", "semantic", "feedback", "learned", "policy", "mode", "maturity",
                           "condition", "history", "standing"}) {
    v1::ScorePart& one = *entry.add_score_parts();
    one.set_part(part);
    one.set_contribution(1 + 0.1 * entry.score_parts_size());
    score += one.contribution();
  }
  entry.set_score(score);
  const Table partners = TableOf(TablesOf(report, Summarise(report)), "partners");
  double sum = 0;
  for (size_t c = 0; c < partners.columns.size(); ++c) {
    const std::string& name = partners.columns[c].name;
    if (name != "得分" && name.ends_with("分")) sum += partners.rows[0][c].number;
  }
  EXPECT_NEAR(sum, score, 1e-9);
}

TEST(TablesTest, TheConsortiumHasARowAMemberAndOneForWhatStaysOpenAndTheQuestion) {
  const MatchReport report = SampleReport();
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  const Table& consortium = TableOf(tables, "consortium");
  EXPECT_EQ(consortium.name, "创新联合体");
  ASSERT_EQ(consortium.rows.size(), 4u) << "two members, what is open, the question; n-2 has none";
  EXPECT_EQ(At(consortium, 0, "需求编号"), "n-1");
  EXPECT_EQ(At(consortium, 0, "角色"), "机构");
  EXPECT_EQ(At(consortium, 0, "覆盖的要素"), "考核指标：锂收率 ≥80%；产品：低溶损吸附剂");
  EXPECT_EQ(At(consortium, 1, "编号"), "results/r-2");
  EXPECT_EQ(At(consortium, 2, "覆盖的要素"), "环境条件：高海拔");
  EXPECT_THAT(At(consortium, 3, "说明"), HasSubstr("年溶损"));
  EXPECT_THAT(CsvText(consortium), HasSubstr("未覆盖"));
}

TEST(TablesTest, TheNeedsHaveWhatIsAsked) {
  const MatchReport report = SampleReport();
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  const Table& needs = TableOf(tables, "needs");
  ASSERT_EQ(needs.rows.size(), 3u);
  EXPECT_EQ(At(needs, 0, "希望得到"), "低溶损吸附剂和配套工艺");
  EXPECT_EQ(At(needs, 0, "需求方"), "某盐湖企业");
  EXPECT_EQ(At(needs, 0, "考核指标"), "锂收率≥80%；年溶损≤5%");
  EXPECT_EQ(At(needs, 0, "期限"), "2027-10-31");
  EXPECT_EQ(At(needs, 0, "匹配时间"), "2025-11-23 15:40");
  EXPECT_EQ(At(needs, 2, "期限"), "");
}

TEST(TablesTest, UnmatchedNeedsComeWithTheirReasonAndNearestCandidates) {
  const MatchReport report = SampleReport();
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  const Table& unmatched = TableOf(tables, "unmatched");
  ASSERT_EQ(unmatched.rows.size(), 2u);
  EXPECT_EQ(At(unmatched, 0, "最接近的合作机构"), "\"><img src=x onerror=alert(1)>");
  EXPECT_THAT(At(unmatched, 1, "原因"), HasSubstr("目录里没有这条记录"));
}

TEST(TablesTest, ANearestCandidateThatIsNotAdvisedIsSaidToBeSo) {
  MatchReport report = SampleReport();
  for (NeedMatches& need : report.needs) {
    for (v1::MatchEntry& entry : *need.answer.mutable_partners()->mutable_entries())
      if (!entry.adequate()) entry.set_barred("专利权已终止");
  }
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  const Table& unmatched = TableOf(tables, "unmatched");
  EXPECT_EQ(At(unmatched, 0, "最接近的合作机构"), "\"><img src=x onerror=alert(1)>［不宜推荐］");
  for (size_t i = 1; i < unmatched.columns.size(); ++i) {
    if (unmatched.columns[i - 1].name != "最接近的合作机构") continue;
    EXPECT_FALSE(unmatched.rows[0][i].filled) << "no coverage makes it adequate";
  }
}

TEST(CsvTextTest, QuotesDisarmsFormulasAndKeepsNumbers) {
  struct Case {
    const char* name;
    Cell cell;
    const char* want;
  };
  const Case cases[] = {{"Plain", Cell("盐湖"), "盐湖"},
                        {"Comma", Cell("a,b"), "\"a,b\""},
                        {"Quote", Cell("说\"好\""), "\"说\"\"好\"\"\""},
                        {"LineBreak", Cell("a\nb"), "\"a\nb\""},
                        {"Formula", Cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\""},
                        {"Plus", Cell("+1"), "\"'+1\""},
                        {"At", Cell("@x"), "\"'@x\""},
                        {"Number", Cell(0.25), "0.25"},
                        {"Negative", Cell(-1.5), "-1.5"},
                        {"Empty", Cell(), ""}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Table table{"t", "t", {{"列"}}, {{c.cell}}};
    EXPECT_EQ(CsvText(table), std::string("\xEF\xBB\xBF列\r\n") + c.want + "\r\n");
  }
}

class XlsxTest : public testing::Test {
 protected:
  XlsxTest() { std::filesystem::create_directories(folder_); }
  ~XlsxTest() override { std::filesystem::remove_all(folder_); }
  const std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / "report_tables_test";
};

TEST_F(XlsxTest, TheSameTablesAndTimeGiveTheSameBytes) {
  const MatchReport report = SampleReport();
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  ASSERT_TRUE(WriteXlsx(tables, 1763883600, folder_ / "a.xlsx").ok());
  ASSERT_TRUE(WriteXlsx(tables, 1763883600, folder_ / "b.xlsx").ok());
  const std::string a = ReadAll(folder_ / "a.xlsx");
  EXPECT_THAT(a, StartsWith("PK"));
  EXPECT_EQ(a, ReadAll(folder_ / "b.xlsx"));
}

TEST_F(XlsxTest, AFolderThatIsNotThereIsAnError) {
  EXPECT_FALSE(WriteXlsx({{"总览", "overview", {{"列"}}, {}}}, 0, folder_ / "none" / "a.xlsx").ok());
}

TEST_F(XlsxTest, ALongTextHasTheHeightOfItsLines) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "盐湖提锂";
  const Table table{"总览", "overview", {{"列", CellKind::kText, 41}}, {{Cell("短")}, {Cell(text)}}};
  ASSERT_TRUE(WriteXlsx({table}, 0, folder_ / "h.xlsx").ok());
  const std::string bytes = ReadAll(folder_ / "h.xlsx");
  const auto package = ZipPackage::Open(bytes);
  ASSERT_TRUE(package.ok()) << package.status();
  EXPECT_THAT((*package)->Read("xl/worksheets/sheet1.xml", 1 << 20).value(), HasSubstr("ht=\"60\""))
      << "160 columns of text in 40";
}

TEST_F(XlsxTest, DatesAreDatesAndWhatIsNoneStaysText) {
  const Table table{
      "总览",
      "overview",
      {{"列", CellKind::kDate}},
      {{Cell("2027-10-31")}, {Cell("2025-11-23 15:40")}, {Cell("年底前")}, {Cell("0001-01-01")}}};
  ASSERT_TRUE(WriteXlsx({table}, 0, folder_ / "d.xlsx").ok());
  const std::string bytes = ReadAll(folder_ / "d.xlsx");
  const auto package = ZipPackage::Open(bytes);
  ASSERT_TRUE(package.ok()) << package.status();
  const std::string sheet = (*package)->Read("xl/worksheets/sheet1.xml", 1 << 20).value();
  EXPECT_THAT(sheet, HasSubstr("<v>46691</v>"));
  EXPECT_THAT(sheet, HasSubstr("<v>45984.65")) << "with its time of day";
  const std::string texts = (*package)->Read("xl/sharedStrings.xml", 1 << 20).value();
  EXPECT_THAT(texts, HasSubstr("年底前"));
  EXPECT_THAT(texts, HasSubstr("0001-01-01")) << "before a spreadsheet's time";
}

TEST_F(XlsxTest, AShareHasADecimalSoThatASmallOneIsNotNothing) {
  const Table table{"总览", "overview", {{"概率", CellKind::kShare}}, {{Cell(0.004)}}};
  ASSERT_TRUE(WriteXlsx({table}, 0, folder_ / "s.xlsx").ok());
  const std::string bytes = ReadAll(folder_ / "s.xlsx");
  const auto package = ZipPackage::Open(bytes);
  ASSERT_TRUE(package.ok()) << package.status();
  EXPECT_THAT((*package)->Read("xl/styles.xml", 1 << 20).value(), HasSubstr("formatCode=\"0.0%\""));
}

TEST_F(XlsxTest, AFormulaStaysAText) {
  ASSERT_TRUE(WriteXlsx({{"总览", "overview", {{"列"}}, {{Cell("=1+1")}}}}, 0, folder_ / "f.xlsx").ok());
  const std::string bytes = ReadAll(folder_ / "f.xlsx");
  const auto package = ZipPackage::Open(bytes);
  ASSERT_TRUE(package.ok()) << package.status();
  EXPECT_THAT((*package)->Read("xl/worksheets/sheet1.xml", 1 << 20).value(), Not(HasSubstr("<f>")));
  EXPECT_THAT((*package)->Read("xl/sharedStrings.xml", 1 << 20).value(), HasSubstr("=1+1"));
}

}  // namespace
}  // namespace dongxi::report
