#include <gmock/gmock.h>

#include "tests/indexer/import/import_testing.h"

namespace dongxi {
namespace {

using testing::HasSubstr;

TEST(ImportCsvTest, OrdinarySheetOfAnOffice) {
  const TestFolder folder;
  const Imported in = Import({folder.Write(
      "需求.csv",
      "青海省需求征集表,,,\n"
      "序号,需求编号,需求名称（必填）,现状与问题,所在地区,预算（万元）,适用条件,联系人,联系电话\n"
      "1,n-1,老卤提锂,\"收率低，\n损耗大\",海西州,50万元,高海拔、干旱,张某,13800000000\n"
      ",,,,,,,,\n"
      "2,n-2,枸杞保鲜,易烂,青海,,,,\n")});
  EXPECT_TRUE(in.report.clean()) << TextReport(in.report);
  ASSERT_EQ(in.records.size(), 2u);
  const Record& need = in.records[0];
  EXPECT_EQ(need.kind, RecordKind::kNeed);
  EXPECT_EQ(need.id, "n-1");
  EXPECT_EQ(need.text, "收率低，\n损耗大");
  EXPECT_EQ(need.region, "6328");
  EXPECT_EQ(need.budget_wan, 50);
  EXPECT_EQ(need.conditions, (std::vector<std::string>{"high_altitude", "arid"}));
  EXPECT_EQ(in.places[0].row, 3u);
  EXPECT_EQ(in.places[1].row, 5u);  // the line break in a cell is no row; the blank row is
  ASSERT_EQ(in.report.notices.size(), 1u);
  EXPECT_THAT(in.report.notices[0], HasSubstr("联系方式不入库"));
  EXPECT_THAT(in.report.notices[0], HasSubstr("联系电话"));
}

TEST(ImportCsvTest, SemicolonAndTabAreDetectedByTheHeader) {
  const TestFolder folder;
  const Imported in =
      Import({folder.Write("experts.csv", "编号;姓名;领域\nx-1;示例甲;锂,镁\n"),
              folder.Write("needs.txt", "编号\t名称\t现状与问题\t关键词\nn-1\t甲\t一,二,三,四\ta;b;c\n")});
  EXPECT_TRUE(in.report.clean()) << TextReport(in.report);
  ASSERT_EQ(in.records.size(), 2u);
  EXPECT_EQ(in.records[0].fields, (std::vector<std::string>{"锂,镁"}));
  EXPECT_EQ(in.records[1].keywords, (std::vector<std::string>{"a", "b", "c"}));
}

TEST(ImportCsvTest, Gb18030) {
  const TestFolder folder;
  const Imported in =
      Import({folder.Write("institutions.csv", "\xB1\xE0\xBA\xC5,\xC3\xFB\xB3\xC6\ni-1,\xB1\xE0\xBA\xC5\n")});
  EXPECT_TRUE(in.report.clean());
  ASSERT_EQ(in.records.size(), 1u);
  EXPECT_EQ(in.records[0].title, "编号");
  EXPECT_EQ(in.report.files[0].format, "CSV GB18030");
}

TEST(ImportCsvTest, UnknownColumnRefusesTheFileAndNamesTheNearest) {
  const TestFolder folder;
  const auto file =
      folder.Write("needs.csv", "编号,名称,现状与问题,截至日期,备注\nn-1,甲,乙,2027-06-30,丙\n");
  const Imported in = Import({file});
  EXPECT_TRUE(in.records.empty());
  ASSERT_EQ(in.report.problems_total, 2u);
  EXPECT_EQ(in.report.problems[0].column, "截至日期");
  EXPECT_EQ(in.report.problems[0].row, 0u);
  EXPECT_THAT(in.report.problems[0].expected, HasSubstr("截止日期"));

  ImportOptions options;
  options.ignore_unknown_columns = true;
  const Imported lenient = Import({file}, options);
  EXPECT_TRUE(lenient.report.clean());
  ASSERT_EQ(lenient.records.size(), 1u);
  EXPECT_EQ(lenient.records[0].deadline, "");
  EXPECT_THAT(lenient.report.notices[0], HasSubstr("备注"));
}

TEST(ImportCsvTest, TwoColumnsOfOneFieldAreAProblem) {
  const TestFolder folder;
  const Imported in = Import({folder.Write("needs.csv", "编号,名称,标题,现状与问题\nn-1,甲,乙,丙\n")});
  EXPECT_THAT(OnlyProblem(in.report), HasSubstr("含义相同"));
  EXPECT_TRUE(in.records.empty());
}

TEST(ImportCsvTest, WrongRowsAreReportedAndRightOnesImported) {
  const TestFolder folder;
  const Imported in = Import({folder.Write("needs.csv",
                                           "编号,名称,现状与问题,成熟度,截止日期\n"
                                           "n-1,甲,乙,十,2027-02-30\n"
                                           "n-2,甲,乙,6,2027-06-30\n"
                                           ",甲,乙,,\n"
                                           "n-4,甲,,,\n")});
  EXPECT_EQ(in.records.size(), 1u);
  EXPECT_EQ(in.report.rejected, 3u);
  ASSERT_EQ(in.report.problems.size(), 4u);
  EXPECT_EQ(in.report.problems[0].column, "成熟度");
  EXPECT_EQ(in.report.problems[0].row, 2u);
  EXPECT_EQ(in.report.problems[1].column, "截止日期");
  EXPECT_THAT(in.report.problems[2].remedy, HasSubstr("--generate-ids"));
  EXPECT_THAT(in.report.problems[3].expected, HasSubstr("至少填一项"));
}

TEST(ImportCsvTest, DuplicateIdsNameBothRowsAlsoAcrossFiles) {
  const TestFolder folder;
  const Imported in = Import({folder.Write("needs-a.csv", "编号,名称,现状与问题\nn-1,甲,乙\nn-1,丙,丁\n"),
                              folder.Write("needs-b.csv", "编号,名称,现状与问题\nn-1,戊,己\n"),
                              folder.Write("results.csv", "编号,名称\nn-1,另一类的编号可以相同\n")});
  EXPECT_EQ(in.records.size(), 2u);
  ASSERT_EQ(in.report.problems.size(), 2u);
  EXPECT_THAT(in.report.problems[0].found, HasSubstr("第 2 行"));
  EXPECT_THAT(in.report.problems[0].found, HasSubstr("第 3 行"));
  EXPECT_THAT(in.report.problems[1].found, HasSubstr("needs-a.csv 第 2 行"));
}

TEST(ImportCsvTest, GeneratedIdsAreStableAndDependOnTheContent) {
  const TestFolder folder;
  ImportOptions options;
  options.generate_ids = true;
  const Imported in = Import(
      {folder.Write("needs.csv", "名称,单位编号,现状与问题\n甲,i-1,乙\n甲,i-2,乙\n甲,i-1,丙\n")}, options);
  ASSERT_EQ(in.records.size(), 2u);
  EXPECT_NE(in.records[0].id, in.records[1].id);
  EXPECT_EQ(in.records[0].id.size(), 18u);
  EXPECT_THAT(OnlyProblem(in.report), HasSubstr("第 2 行"));
  EXPECT_EQ(Import({folder / "needs.csv"}, options).records[0].id, in.records[0].id);
}

TEST(ImportCsvTest, KindColumnDecidesRowByRow) {
  const TestFolder folder;
  const Imported in = Import({folder.Write("all.csv",
                                           "记录种类,编号,名称,现状与问题,成果简介\n"
                                           "需求,n-1,甲,乙,\n"
                                           "result,r-1,丙,,丁\n"
                                           "火箭,r-2,丙,,丁\n"
                                           ",r-3,丙,,丁\n")});
  ASSERT_EQ(in.records.size(), 2u);
  EXPECT_EQ(in.records[0].kind, RecordKind::kNeed);
  EXPECT_EQ(in.records[1].kind, RecordKind::kResult);
  EXPECT_EQ(in.records[1].text, "丁");
  ASSERT_EQ(in.report.problems.size(), 2u);
  EXPECT_EQ(in.report.problems[0].found, "火箭");
}

TEST(ImportCsvTest, KindColumnAgainstTheOptionIsTheWrongKind) {
  const TestFolder folder;
  ImportOptions options;
  options.kind = RecordKind::kNeed;
  const Imported in =
      Import({folder.Write("a.csv", "kind,编号,名称,现状与问题\n成果,r-1,甲,乙\nneed,n-1,甲,乙\n")}, options);
  EXPECT_EQ(in.records.size(), 1u);
  EXPECT_EQ(OnlyProblem(in.report), "成果");
}

TEST(ImportCsvTest, ShiftedRowIsRefusedAndCellsWithoutHeaderAreSaid) {
  const TestFolder folder;
  const Imported in =
      Import({folder.Write("needs.csv", "编号,名称,,现状与问题\nn-1,甲,旁注,乙\nn-2,甲,,乙,丙\n")});
  EXPECT_EQ(in.records.size(), 1u);
  EXPECT_THAT(OnlyProblem(in.report), HasSubstr("5 个单元格"));
  ASSERT_EQ(in.report.notices.size(), 1u);
  EXPECT_THAT(in.report.notices[0], HasSubstr("C、E 列没有表头"));
}

TEST(ImportCsvTest, HugeCellIsARowError) {
  const TestFolder folder;
  const Imported in = Import({folder.Write(
      "needs.csv", "编号,名称,现状与问题\nn-1,甲," + std::string(size_t{10} << 20, 'x') + "\nn-2,甲,乙\n")});
  EXPECT_EQ(in.records.size(), 1u);
  EXPECT_THAT(OnlyProblem(in.report), HasSubstr("字节的单元格"));
}

TEST(ImportCsvTest, OptionForcesTheEncoding) {
  const TestFolder folder;
  ImportOptions options;
  options.encoding = TextEncoding::kUtf8;
  const Imported in =
      Import({folder.Write("institutions.csv", "\xB1\xE0\xBA\xC5,\xC3\xFB\xB3\xC6\ni-1,x\n")}, options);
  EXPECT_THAT(OnlyProblem(in.report), HasSubstr("第 1 行"));
}

struct BadFileCase {
  std::string_view name, file, bytes, found;
};
constexpr BadFileCase kBadFiles[] = {
    {"Empty", "needs.csv", "", "空文件"},
    {"OnlySpace", "needs.csv", " \r\n ", "空文件"},
    {"NoHeader", "needs.csv", "甲,乙\n丙,丁\n", "没有表头"},
    {"NoKind", "table.csv", "编号,名称\nx,y\n", "看不出是哪一类"},
    {"NoEncoding", "needs.csv", "a,b\n\xFF\xFF\xFF\n", "第 2 行"},
    {"UnknownExtension", "needs.doc", "编号,名称\n", "扩展名"},
    {"HtmlAsXls", "needs.xls", "<html><table></table></html>", "网页"},
    {"CsvAsXlsx", "needs.xlsx", "编号,名称\n", "内容不是"},
    {"JsonArray", "needs.json", "[\n{\"id\":1}]", "JSON 数组"},
};

TEST(ImportTest, BadFilesAreToldApart) {
  for (const BadFileCase& c : kBadFiles) {
    SCOPED_TRACE(c.name);
    const TestFolder folder;
    const Imported in = Import({folder.Write(c.file, c.bytes)});
    EXPECT_THAT(OnlyProblem(in.report), HasSubstr(std::string(c.found)));
    EXPECT_TRUE(in.records.empty());
  }
}

TEST(ImportTest, MissingFileIsAProblemAndTheNextFileIsRead) {
  const TestFolder folder;
  const Imported in =
      Import({folder / "nothing.csv", folder.Write("needs.csv", "编号,名称,现状与问题\nn-1,甲,乙\n")});
  EXPECT_EQ(in.records.size(), 1u);
  OnlyProblem(in.report);
  EXPECT_EQ(in.report.files.size(), 2u);
}

TEST(ImportTest, NoFilesIsTheCallersMistake) {
  const auto sink = [](Record, const SourcePlace&) { return absl::OkStatus(); };
  EXPECT_TRUE(absl::IsInvalidArgument(ReadRecords({}, {}, FakeVocabulary(), sink).status()));
}

TEST(ImportTest, SinkRefusesARowOrEndsTheImport) {
  const TestFolder folder;
  const auto file = folder.Write("needs.csv", "编号,名称,现状与问题\nn-1,甲,乙\nn-2,甲,乙\n");
  const auto refuse = [](const Record& record, const SourcePlace&) {
    return record.id == "n-1" ? absl::InvalidArgumentError("单位 i-9 不存在") : absl::OkStatus();
  };
  const auto report = ReadRecords({file}, {}, FakeVocabulary(), refuse);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->accepted, 1u);
  EXPECT_EQ(OnlyProblem(*report), "单位 i-9 不存在");

  const auto fail = [](const Record&, const SourcePlace&) {
    return absl::ResourceExhaustedError("disk full");
  };
  const auto failed = ReadRecords({file}, {}, FakeVocabulary(), fail);
  EXPECT_TRUE(absl::IsResourceExhausted(failed.status()));
  EXPECT_THAT(std::string(failed.status().message()), HasSubstr("needs.csv 第 2 行: disk full"));
}

}  // namespace
}  // namespace dongxi
