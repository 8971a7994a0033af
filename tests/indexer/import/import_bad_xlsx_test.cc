// Files that pretend to be workbooks, are damaged, or are made to exhaust memory.
#include <gmock/gmock.h>

#include "tests/indexer/import/import_testing.h"

namespace dongxi {
namespace {

using testing::HasSubstr;

constexpr uint64_t kTooLarge = (uint64_t{200} << 20) + (uint64_t{1} << 20);

std::string FoundIn(const std::filesystem::path& file) {
  const Imported in = Import({file});
  EXPECT_TRUE(in.records.empty());
  return OnlyProblem(in.report);
}

Workbook GoodWorkbook() {
  Workbook book;
  book.sheet_data = TextRow(1, {"编号", "名称", "现状与问题"}) + TextRow(2, {"n-1", "甲", "乙"});
  return book;
}

std::string Utf16(std::string_view ascii) {
  std::string wide;
  for (const char c : ascii) {
    wide += c;
    wide += '\0';
  }
  return wide;
}

TEST(BadXlsxTest, OldXlsAsksForXlsx) {
  const TestFolder folder;
  const std::string ole2 = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(1024, '\0');
  const auto file = folder.Write("需求.xls", ole2 + Utf16("Workbook"));
  EXPECT_THAT(FoundIn(file), HasSubstr(".xls"));
  EXPECT_THAT(Import({file}).report.problems[0].remedy, HasSubstr("另存为 .xlsx"));
}

TEST(BadXlsxTest, EncryptedXlsxIsSaidSo) {
  const TestFolder folder;
  const std::string ole2 = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(1024, '\0');
  EXPECT_THAT(FoundIn(folder.Write("需求.xlsx", ole2 + Utf16("EncryptedPackage"))), HasSubstr("密码"));
}

TEST(BadXlsxTest, ZipWithAPasswordIsSaidSo) {
  const TestFolder folder;
  WriteZip(folder / "a.xlsx", GoodWorkbook().Members(), "secret");
  EXPECT_THAT(FoundIn(folder / "a.xlsx"), HasSubstr("密码"));
}

TEST(BadXlsxTest, ZipThatIsNoWorkbook) {
  const TestFolder folder;
  WriteZip(folder / "a.xlsx", {{"readme.txt", "hello"}});
  EXPECT_THAT(FoundIn(folder / "a.xlsx"), HasSubstr("不是 XLSX"));
}

TEST(BadXlsxTest, BinaryWorkbook) {
  const TestFolder folder;
  WriteZip(folder / "a.xlsx", {{"_rels/.rels",
                                "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" "
                                "Target=\"xl/workbook.bin\"/></Relationships>"},
                               {"xl/workbook.bin", "x"}});
  EXPECT_THAT(FoundIn(folder / "a.xlsx"), HasSubstr(".xlsb"));
}

TEST(BadXlsxTest, TruncatedAndBitFlippedFiles) {
  const TestFolder folder;
  const std::string good = ReadAll(GoodWorkbook().Write(folder / "good.xlsx"));
  EXPECT_THAT(FoundIn(folder.Write("cut.xlsx", good.substr(0, good.size() / 2))), HasSubstr("下载完整"));
  EXPECT_THAT(FoundIn(folder.Write("head.xlsx", "PK\x03\x04")), HasSubstr("下载完整"));
  int accepted = 0;
  for (size_t at = 0; at < good.size(); at += 7) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    accepted += Import({folder.Write("需求.xlsx", bad)}).report.clean() ? 1 : 0;  // must only not crash
  }
  EXPECT_LT(accepted, static_cast<int>(good.size() / 7));
}

TEST(BadXlsxTest, MissingPartsAreNamed) {
  for (const std::string part : {"xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"}) {
    SCOPED_TRACE(part);
    const TestFolder folder;
    std::vector<ZipMember> members = GoodWorkbook().Members();
    std::erase_if(members, [&part](const ZipMember& member) { return member.name == part; });
    WriteZip(folder / "a.xlsx", members);
    EXPECT_THAT(FoundIn(folder / "a.xlsx"), HasSubstr(part));
  }
}

TEST(BadXlsxTest, NoSheets) {
  const TestFolder folder;
  std::vector<ZipMember> members = GoodWorkbook().Members();
  for (ZipMember& member : members) {
    if (member.name == "xl/workbook.xml") member.bytes = "<workbook><sheets/></workbook>";
  }
  WriteZip(folder / "a.xlsx", members);
  EXPECT_THAT(FoundIn(folder / "a.xlsx"), HasSubstr("没有工作表"));
}

struct SheetCase {
  std::string_view name, data, found;
};
constexpr SheetCase kBadSheets[] = {
    {"UnclosedXml", "<row r=\"1\"><c>", "XML"},
    {"RowBeyondExcel", "<row r=\"1048577\"><c t=\"str\"><v>x</v></c></row>", "1,048,576 行"},
    {"RowsBackwards", "<row r=\"5\"/><row r=\"4\"/>", "行号 4"},
    {"RowNumberOverflow", "<row r=\"99999999999999999999\"/>", "行号"},
    {"ColumnBeyondExcel", "<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>", "16,384 列"},
    {"BadReference", "<row r=\"1\"><c r=\"!1\"><v>1</v></c></row>", "单元格位置"},
    {"CellOutsideARow", "<erow><c t=\"str\"><v>x</v></c></erow>", "空表"},
    {"CellsBackwards", "<row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row>", "单元格位置"},
};

TEST(BadXlsxTest, SheetsThatBreakTheFormat) {
  for (const SheetCase& c : kBadSheets) {
    SCOPED_TRACE(c.name);
    const TestFolder folder;
    Workbook book;
    book.sheet_data = std::string(c.data);
    EXPECT_THAT(FoundIn(book.Write(folder / "a.xlsx")), HasSubstr(std::string(c.found)));
  }
}

TEST(BadXlsxTest, EntityBombIsRefusedBeforeItGrows) {
  const TestFolder folder;
  std::vector<ZipMember> members = GoodWorkbook().Members();
  for (ZipMember& member : members) {
    if (member.name == "xl/sharedStrings.xml") {
      member.bytes =
          "<!DOCTYPE x [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
    }
  }
  WriteZip(folder / "a.xlsx", members);
  EXPECT_THAT(FoundIn(folder / "a.xlsx"), HasSubstr("DTD"));
}

TEST(BadXlsxTest, CompressionBombIsRefusedByItsRatio) {
  const TestFolder folder;
  std::vector<ZipMember> members = GoodWorkbook().Members();
  members.push_back({"xl/media/zeros.bin", std::string(size_t{8} << 20, '\0')});
  WriteZip(folder / "a.xlsx", members);
  EXPECT_THAT(FoundIn(folder / "a.xlsx"), HasSubstr("压缩比"));
}

TEST(BadXlsxTest, TooManyMembers) {
  const TestFolder folder;
  std::vector<ZipMember> members = GoodWorkbook().Members();
  for (int i = 0; i < 2'000; ++i) members.push_back({"m" + std::to_string(i), "x"});
  WriteZip(folder / "a.xlsx", members);
  EXPECT_THAT(FoundIn(folder / "a.xlsx"), HasSubstr("个文件"));
}

// Little-endian number of `bytes` bytes.
void Put(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i, value >>= 8) out += static_cast<char>(value & 0xFF);
}

// A zip directory that claims `size` bytes for each of `count` members; the data is not there.
std::string ClaimingZip(uint64_t count, uint64_t size, uint64_t packed) {
  std::string directory;
  for (uint64_t i = 0; i < count; ++i) {
    const std::string name = "m" + std::to_string(i);
    directory += "PK\x01\x02";
    Put(directory, 20, 2);
    Put(directory, 20, 2);
    Put(directory, 0, 2);
    Put(directory, 8, 2);  // deflated
    Put(directory, 0, 8);  // time, date, checksum
    Put(directory, packed, 4);
    Put(directory, size, 4);
    Put(directory, name.size(), 2);
    Put(directory, 0, 12);
    Put(directory, 0, 4);
    directory += name;
  }
  std::string bytes = "PK\x03\x04";
  bytes.resize(64);
  std::string end = "PK\x05\x06";
  Put(end, 0, 4);
  Put(end, count, 2);
  Put(end, count, 2);
  Put(end, directory.size(), 4);
  Put(end, bytes.size(), 4);
  Put(end, 0, 2);
  return bytes + directory + end;
}

TEST(BadXlsxTest, TotalSizeIsLimitedByTheDirectory) {
  const TestFolder folder;
  const std::string bytes = ClaimingZip(20, uint64_t{100} << 20, uint64_t{50} << 20);
  EXPECT_THAT(FoundIn(folder.Write("a.xlsx", bytes)), HasSubstr("1 GB"));
}

TEST(BadXlsxTest, FileOverTwoHundredMegabytes) {
  const TestFolder folder;
  const auto file = folder.Write("a.xlsx", "PK\x03\x04");
  std::filesystem::resize_file(file, kTooLarge);
  EXPECT_THAT(FoundIn(file), HasSubstr("MB 的文件"));
}

TEST(BadXlsxTest, OneLongSharedStringInManyCellsIsARowError) {
  const TestFolder folder;
  Workbook book = GoodWorkbook();
  book.shared_strings = "<si><t>" + std::string(30'000, 'x') + "</t></si>";
  std::string cells;
  for (int i = 0; i < 16'000; ++i) cells += "<c t=\"s\"><v>0</v></c>";
  book.sheet_data += "<row r=\"3\">" + cells + "</row>";
  const Imported in = Import({book.Write(folder / "a.xlsx")});
  EXPECT_EQ(in.records.size(), 1u);
  EXPECT_THAT(OnlyProblem(in.report), HasSubstr("16 MB"));
}

}  // namespace
}  // namespace dongxi
