#include <gmock/gmock.h>
#include <xlsxwriter.h>

#include "tests/indexer/import/import_testing.h"

namespace dongxi {
namespace {

using testing::HasSubstr;

// A real workbook by libxlsxwriter; closed by the destructor.
class RealWorkbook {
 public:
  explicit RealWorkbook(const std::filesystem::path& file) : book_(workbook_new(file.c_str())) {}
  ~RealWorkbook() { workbook_close(book_); }
  RealWorkbook(const RealWorkbook&) = delete;
  RealWorkbook& operator=(const RealWorkbook&) = delete;

  lxw_worksheet* Sheet(const char* name) { return workbook_add_worksheet(book_, name); }
  lxw_format* DateFormat(const char* code) {
    lxw_format* format = workbook_add_format(book_);
    format_set_num_format(format, code);
    return format;
  }

 private:
  lxw_workbook* book_;
};

void WriteTexts(lxw_worksheet* sheet, lxw_row_t row, const std::vector<const char*>& cells) {
  for (size_t i = 0; i < cells.size(); ++i) {
    if (*cells[i] != '\0') worksheet_write_string(sheet, row, static_cast<lxw_col_t>(i), cells[i], nullptr);
  }
}

TEST(ImportXlsxTest, SheetsNamedByKindAreImportedAndOthersSkippedWithAReason) {
  const TestFolder folder;
  {
    RealWorkbook book(folder / "catalogue.xlsx");
    WriteTexts(book.Sheet("填写说明"), 0, {"说明"});
    lxw_worksheet* needs = book.Sheet("需求");
    worksheet_merge_range(needs, 0, 0, 0, 3, "2027 年需求征集表", nullptr);
    WriteTexts(needs, 1, {"需求编号", "需求名称", "现状与问题", "预算（万元）"});
    WriteTexts(needs, 2, {"n-1", "老卤提锂", "收率低"});
    worksheet_write_number(needs, 2, 3, 50, nullptr);
    lxw_worksheet* experts = book.Sheet("专家");
    WriteTexts(experts, 0, {"专家编号", "姓名", "联系电话"});
    WriteTexts(experts, 1, {"x-1", "示例专家", "13800000000"});
    book.Sheet("Sheet3");
    WriteTexts(book.Sheet("统计"), 0, {"合计", "12"});
  }
  const Imported in = Import({folder / "catalogue.xlsx"});
  EXPECT_TRUE(in.report.clean()) << TextReport(in.report);
  ASSERT_EQ(in.records.size(), 2u);
  EXPECT_EQ(in.records[0].kind, RecordKind::kNeed);
  EXPECT_EQ(in.records[0].budget_wan, 50);
  EXPECT_EQ(in.places[0].sheet, "需求");
  EXPECT_EQ(in.places[0].row, 3u);
  EXPECT_EQ(in.records[1].kind, RecordKind::kExpert);
  const std::string text = TextReport(in.report);
  EXPECT_THAT(text, HasSubstr("“Sheet3”已跳过：空表"));
  EXPECT_THAT(text, HasSubstr("“统计”已跳过：前 20 行里没有表头"));
  EXPECT_THAT(text, HasSubstr("联系方式不入库"));
  EXPECT_THAT(text, testing::Not(HasSubstr("填写说明")));
}

TEST(ImportXlsxTest, ValuesComeAsTheUserSeesThem) {
  const TestFolder folder;
  {
    RealWorkbook book(folder / "needs.xlsx");
    lxw_worksheet* sheet = book.Sheet("Sheet1");
    WriteTexts(
        sheet, 0,
        {"编号", "名称", "现状与问题", "截止日期", "成熟度", "预算", "示例数据", "有效期至", "所在地区"});
    worksheet_write_number(sheet, 1, 0, 20270001, nullptr);
    worksheet_write_string(sheet, 1, 1, "  前后有空格　", nullptr);
    worksheet_write_string(sheet, 1, 2, "一\n二", nullptr);
    lxw_datetime date = {2027, 6, 30, 0, 0, 0};
    worksheet_write_datetime(sheet, 1, 3, &date, book.DateFormat("yyyy\"年\"m\"月\"d\"日\""));
    worksheet_write_formula_num(sheet, 1, 4, "=3+3", nullptr, 6);
    worksheet_write_number(sheet, 1, 5, 12.5, nullptr);
    worksheet_write_boolean(sheet, 1, 6, 1, nullptr);
    lxw_datetime with_time = {2027, 12, 31, 12, 30, 0};
    worksheet_write_datetime(sheet, 1, 7, &with_time, book.DateFormat("yyyy/m/d h:mm"));
    worksheet_write_number(sheet, 1, 8, 632800, nullptr);
  }
  const Imported in = Import({folder / "needs.xlsx"});
  EXPECT_TRUE(in.report.clean()) << TextReport(in.report);
  ASSERT_EQ(in.records.size(), 1u);
  const Record& need = in.records[0];
  EXPECT_EQ(need.id, "20270001");
  EXPECT_EQ(need.title, "前后有空格");
  EXPECT_EQ(need.text, "一\n二");
  EXPECT_EQ(need.deadline, "2027-06-30");
  EXPECT_EQ(need.maturity, 6);
  EXPECT_EQ(need.budget_wan, 12.5);
  EXPECT_TRUE(need.illustrative);
  EXPECT_EQ(need.valid_until, "2027-12-31");
  EXPECT_EQ(need.region, "6328");
}

TEST(ImportXlsxTest, LongIdsAsNumbersAndDatesAsIdsAreProblemsOfTheirCell) {
  const TestFolder folder;
  {
    RealWorkbook book(folder / "needs.xlsx");
    lxw_worksheet* sheet = book.Sheet("需求");
    WriteTexts(sheet, 0, {"编号", "名称", "现状与问题", "手机"});
    for (lxw_row_t row = 1; row <= 3; ++row) WriteTexts(sheet, row, {"", "甲", "乙"});
    worksheet_write_number(sheet, 1, 0, 123456789012345678.0, nullptr);
    lxw_datetime date = {2027, 3, 2, 0, 0, 0};
    worksheet_write_datetime(sheet, 2, 0, &date, book.DateFormat("m\"月\"d\"日\""));
    worksheet_write_number(sheet, 3, 0, 123456789012345.0, nullptr);
    worksheet_write_number(sheet, 3, 3, 123456789012345678.0,
                           nullptr);  // of a column that is not imported anyway
  }
  const Imported in = Import({folder / "needs.xlsx"});
  ASSERT_EQ(in.records.size(), 1u);
  EXPECT_EQ(in.records[0].id, "123456789012345");
  ASSERT_EQ(in.report.problems.size(), 2u);
  EXPECT_EQ(in.report.problems[0].column, "编号");
  EXPECT_THAT(in.report.problems[0].found, HasSubstr("1234567890123456"));
  EXPECT_THAT(in.report.problems[0].remedy, HasSubstr("将该列设为文本"));
  EXPECT_THAT(in.report.problems[1].found, HasSubstr("2027-03-02"));
}

TEST(ImportXlsxTest, HiddenRowsAreImportedAndSaid) {
  const TestFolder folder;
  Workbook book;
  book.sheet_data = TextRow(1, {"编号", "名称", "现状与问题"}) +
                    TextRow(2, {"n-1", "甲", "乙"}, "hidden=\"1\"") + TextRow(3, {"n-2", "甲", "乙"});
  const Imported in = Import({book.Write(folder / "a.xlsx")});
  EXPECT_EQ(in.records.size(), 2u);
  EXPECT_THAT(TextReport(in.report), HasSubstr("隐藏行也会导入，其中有 1 个隐藏行"));
}

TEST(ImportXlsxTest, CellsMergedDownwardsGiveTheirValueToTheRowsBelow) {
  const TestFolder folder;
  Workbook book;
  book.sheet_data = TextRow(1, {"编号", "名称", "单位编号", "现状与问题"}) +
                    TextRow(2, {"n-1", "甲", "i-1", "乙"}) + TextRow(3, {"n-2", "丙", "", "丁"}) +
                    "<row r=\"4\"/>" + TextRow(5, {"n-3", "戊", "", "己"});
  book.after_data = "<mergeCells count=\"1\"><mergeCell ref=\"C2:C4\"/></mergeCells>";
  const Imported in = Import({book.Write(folder / "a.xlsx")});
  EXPECT_TRUE(in.report.clean()) << TextReport(in.report);
  ASSERT_EQ(in.records.size(), 3u);
  EXPECT_EQ(in.records[0].institution, "i-1");
  EXPECT_EQ(in.records[1].institution, "i-1");
  EXPECT_EQ(in.records[2].institution, "");
}

TEST(ImportXlsxTest, RichTextIsJoinedAndPhoneticHintsAreDropped) {
  const TestFolder folder;
  Workbook book;
  book.shared_strings =
      "<si><t>编号</t></si><si><t>名称</t></si><si><t>现状与问题</t></si><si><t>n-1</t></si>"
      "<si><r><t>老卤</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\"> 提锂</t></r>"
      "<rPh sb=\"0\" eb=\"1\"><t>ろうろ</t></rPh><phoneticPr fontId=\"1\"/></si>";
  book.sheet_data =
      "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" "
      "t=\"s\"><v>2</v></c></row>"
      "<row><c t=\"s\"><v>3</v></c><c t=\"s\"><v>4</v></c>"
      "<c t=\"inlineStr\"><is><r><t>一</t></r><r><t>二_x000D_</t></r></is></c></row>";
  const Imported in = Import({book.Write(folder / "a.xlsx")});
  EXPECT_TRUE(in.report.clean()) << TextReport(in.report);
  ASSERT_EQ(in.records.size(), 1u);
  EXPECT_EQ(in.records[0].title, "老卤 提锂");
  EXPECT_EQ(in.records[0].text, "一二");
}

TEST(ImportXlsxTest, DateSystemOf1904) {
  const TestFolder folder;
  Workbook book;
  book.workbook_properties = "<workbookPr date1904=\"1\"/>";
  book.styles =
      "<cellStyleXfs><xf numFmtId=\"0\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf "
      "numFmtId=\"31\"/></cellXfs>";
  book.sheet_data =
      TextRow(1, {"编号", "名称", "现状与问题", "截止日期"}) +
      "<row r=\"2\"><c r=\"A2\" t=\"str\"><f>\"n\"</f><v>n-1</v></c><c r=\"B2\" t=\"str\"><v>甲</v></c>"
      "<c r=\"C2\" t=\"str\"><v>乙</v></c><c r=\"D2\" s=\"1\"><v>45106</v></c></row>";
  const Imported in = Import({book.Write(folder / "a.xlsx")});
  EXPECT_TRUE(in.report.clean()) << TextReport(in.report);
  ASSERT_EQ(in.records.size(), 1u);
  EXPECT_EQ(in.records[0].deadline, "2027-06-30");
}

TEST(ImportXlsxTest, WpsPathsAndPrefixesAreUnderstood) {
  const TestFolder folder;
  Workbook book;
  book.sheet_target = "/xl/worksheets/Sheet1.xml";  // absolute, and in another case than the member
  std::vector<ZipMember> members = book.Members();
  for (ZipMember& member : members) {
    if (member.name == "_rels/.rels") {
      const size_t at = member.bytes.find("xl/workbook.xml");
      member.bytes.insert(at, "/");
    }
    if (member.name == book.sheet_member) {
      member.bytes =
          "<x:worksheet xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><x:sheetData><x:row "
          "r=\"1\">"
          "<x:c r=\"A1\" t=\"str\"><x:v>编号</x:v></x:c><x:c r=\"B1\" t=\"str\"><x:v>名称</x:v></x:c>"
          "<x:c r=\"C1\" t=\"str\"><x:v>现状与问题</x:v></x:c></x:row><x:row r=\"2\"><x:c r=\"A2\" "
          "t=\"str\"><x:v>n-1</x:v></x:c>"
          "<x:c r=\"B2\" t=\"str\"><x:v>甲</x:v></x:c><x:c r=\"C2\" t=\"str\"><x:v>乙</x:v></x:c></x:row>"
          "</x:sheetData></x:worksheet>";
    }
  }
  WriteZip(folder / "a.xlsx", members);
  const Imported in = Import({folder / "a.xlsx"});
  EXPECT_TRUE(in.report.clean()) << TextReport(in.report);
  EXPECT_EQ(in.records.size(), 1u);
}

TEST(ImportXlsxTest, SheetOfAnotherKindThanTheOptionIsSkipped) {
  const TestFolder folder;
  Workbook book;
  book.sheet_data = TextRow(1, {"编号", "名称"}) + TextRow(2, {"n-1", "甲"});
  ImportOptions options;
  options.kind = RecordKind::kExpert;
  const Imported in = Import({book.Write(folder / "a.xlsx")}, options);
  EXPECT_TRUE(in.records.empty());
  EXPECT_THAT(OnlyProblem(in.report), HasSubstr("与 --kind 不符"));
}

TEST(ImportXlsxTest, UnknownColumnInOneSheetKeepsAllSheetsOut) {
  const TestFolder folder;
  {
    RealWorkbook book(folder / "a.xlsx");
    lxw_worksheet* needs = book.Sheet("需求");
    WriteTexts(needs, 0, {"编号", "名称", "现状与问题"});
    WriteTexts(needs, 1, {"n-1", "甲", "乙"});
    WriteTexts(book.Sheet("专家"), 0, {"编号", "姓名", "职级"});
  }
  const Imported in = Import({folder / "a.xlsx"});
  EXPECT_TRUE(in.records.empty());
  EXPECT_THAT(OnlyProblem(in.report), HasSubstr("职级"));
  EXPECT_EQ(in.report.problems[0].sheet, "专家");
}

struct CellCase {
  std::string_view name, cell, found;
};
constexpr CellCase kBadCells[] = {
    {"ErrorValue", "<c r=\"B2\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>", "#DIV/0!"},
    {"NotAvailable", "<c r=\"B2\" t=\"e\"><v>#N/A</v></c>", "#N/A"},
    {"FormulaWithoutResult", "<c r=\"B2\"><f>A1</f></c>", "公式没有计算结果"},
    {"MissingSharedString", "<c r=\"B2\" t=\"s\"><v>99</v></c>", "共享字符串 99"},
    {"NoNumber", "<c r=\"B2\"><v>12a</v></c>", "12a"},
};

TEST(ImportXlsxTest, CellsThatCannotBeUsedAreProblemsOfTheirRow) {
  for (const CellCase& c : kBadCells) {
    SCOPED_TRACE(c.name);
    const TestFolder folder;
    Workbook book;
    book.sheet_data = TextRow(1, {"编号", "名称", "现状与问题"}) +
                      "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>n-1</v></c>" + std::string(c.cell) +
                      "<c r=\"C2\" t=\"str\"><v>乙</v></c></row>" + TextRow(3, {"n-2", "甲", "乙"});
    const Imported in = Import({book.Write(folder / "a.xlsx")});
    EXPECT_EQ(in.records.size(), 1u);
    EXPECT_THAT(OnlyProblem(in.report), HasSubstr(std::string(c.found)));
    EXPECT_EQ(in.report.problems[0].column, "名称");
    EXPECT_EQ(in.report.problems[0].row, 2u);
  }
}

TEST(ImportXlsxTest, TextLongerThanExcelAllowsIsARowError) {
  const TestFolder folder;
  Workbook book;
  book.sheet_data = TextRow(1, {"编号", "名称", "现状与问题"}) +
                    TextRow(2, {"n-1", "甲", std::string(size_t{10} << 20, 'x')}) +
                    TextRow(3, {"n-2", "甲", std::string(32'767, 'x')});
  // 10 MB of one letter is a bomb by its ratio: stored, not deflated.
  const auto file = folder / "a.xlsx";
  WriteZip(file, book.Members());
  int error = 0;
  zip_t* archive = zip_open(file.c_str(), 0, &error);
  ASSERT_NE(archive, nullptr);
  zip_set_file_compression(archive,
                           static_cast<zip_uint64_t>(zip_name_locate(archive, book.sheet_member.c_str(), 0)),
                           ZIP_CM_STORE, 0);
  ASSERT_EQ(zip_close(archive), 0);
  const Imported in = Import({file});
  EXPECT_EQ(in.records.size(), 1u);
  EXPECT_THAT(OnlyProblem(in.report), HasSubstr("超过 32,767 字"));
}

}  // namespace
}  // namespace dongxi
