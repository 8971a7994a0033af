#include "indexer/import/report.h"

#include <gmock/gmock.h>

namespace dongxi {
namespace {

using testing::HasSubstr;

ImportReport SmallReport() {
  ImportReport report;
  report.files = {{"需求.xlsx", "XLSX", 3, 2, 1}, {"b.csv", "", 0, 0, 0}};
  report.rows_read = 3;
  report.accepted = 2;
  report.rejected = 1;
  report.notices = {"联系方式不入库"};
  report.Add({"需求.xlsx", "需求", 5}, "成熟度", {"十", "1 至 9 的整数", "填一个级别"});
  return report;
}

TEST(ReportTest, TextIsAlignedForATerminal) {
  const std::string text = TextReport(SmallReport());
  EXPECT_THAT(text, HasSubstr("文件       格式"));
  EXPECT_THAT(text, HasSubstr("需求.xlsx  XLSX         3         2         1\n"));
  EXPECT_THAT(text, HasSubstr("b.csv      未读取       0         0         0\n"));
  EXPECT_THAT(text, HasSubstr("合计：读取 3 行，接受 2 行，拒绝 1 行"));
  EXPECT_THAT(text, HasSubstr("提示：联系方式不入库"));
  EXPECT_THAT(text, HasSubstr("- 需求.xlsx［需求］ 第 5 行\n    列  ：成熟度\n    发现：十\n    应为：1 至 9 "
                              "的整数\n    办法：填一个级别\n"));
}

TEST(ReportTest, CleanReportSaysSo) { EXPECT_THAT(TextReport(ImportReport()), HasSubstr("没有问题")); }

TEST(ReportTest, CsvQuotesAndDefusesFormulas) {
  ImportReport report;
  report.Add({"a.csv", "", 2}, "名称", {"=cmd|\"x\"", "甲,乙", "两\n行"});
  EXPECT_EQ(CsvReport(report),
            "\xEF\xBB\xBF文件,工作表,行,列,发现,应为,办法\r\n"
            "\"a.csv\",\"\",\"2\",\"名称\",\"'=cmd|\"\"x\"\"\",\"甲,乙\",\"两\n行\"\r\n");
}

TEST(ReportTest, KeepsTheFirstProblemsAndCountsAll) {
  ImportReport report;
  for (uint64_t row = 1; row <= kProblemsKept + 5; ++row) report.Add({"a", "", row}, "", {"x", "y", "z"});
  EXPECT_EQ(report.problems.size(), kProblemsKept);
  EXPECT_EQ(report.problems_total, kProblemsKept + 5);
  EXPECT_THAT(TextReport(report, 3), HasSubstr("还有 10002 处没有列出"));
  EXPECT_THAT(TextReport(report, 3), HasSubstr("保留前 10000 处"));
}

TEST(ReportTest, TerminalGetsNoControlSequences) {
  ImportReport report;
  report.Add({"a", "", 1}, "", {"\x1b[31m红", "y", "z"});
  EXPECT_EQ(TextReport(report).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace dongxi
