#include "indexer/import/xlsx_values.h"

#include <gtest/gtest.h>

namespace dongxi {
namespace {

TEST(XlsxValuesTest, DateFormats) {
  for (const std::string_view code :
       {"yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]yyyy/m/d;@", "m/d/yy h:mm", "YYYY/M/D"}) {
    EXPECT_TRUE(IsDateFormatCode(code)) << code;
  }
  for (const std::string_view code :
       {"General", "0.00", "\"day\"0", "[Red]0", "h:mm", "[h]:mm:ss", "0;yyyy", "\\d0", "@", "\"open"}) {
    EXPECT_FALSE(IsDateFormatCode(code)) << code;
  }
  for (const int id : {14, 17, 22, 31, 57}) EXPECT_TRUE(IsDateFormatId(id)) << id;
  for (const int id : {0, 1, 13, 20, 37, 46, 49, 164}) EXPECT_FALSE(IsDateFormatId(id)) << id;
}

TEST(XlsxValuesTest, DateSerials) {
  EXPECT_EQ(DateOfSerial(1, false), "1900-01-01");
  EXPECT_EQ(DateOfSerial(59, false), "1900-02-28");
  EXPECT_EQ(DateOfSerial(60, false), std::nullopt);  // 29 February 1900 never was
  EXPECT_EQ(DateOfSerial(61, false), "1900-03-01");
  EXPECT_EQ(DateOfSerial(46568, false), "2027-06-30");
  EXPECT_EQ(DateOfSerial(46568.5, false), "2027-06-30T12:00:00");
  EXPECT_EQ(DateOfSerial(46568 - 1462, true), "2027-06-30");
  EXPECT_EQ(DateOfSerial(0, true), "1904-01-01");
  EXPECT_EQ(DateOfSerial(0.5, false), std::nullopt);
  EXPECT_EQ(DateOfSerial(-1, false), std::nullopt);
  EXPECT_EQ(DateOfSerial(1e12, false), std::nullopt);
}

TEST(XlsxValuesTest, NumbersAreWrittenInFull) {
  EXPECT_EQ(NumberOf("6")->text, "6");
  EXPECT_EQ(NumberOf("-0")->text, "0");
  EXPECT_EQ(NumberOf("1.2E+14")->text, "120000000000000");
  EXPECT_EQ(NumberOf("0.30000000000000004")->text, "0.3");
  EXPECT_EQ(NumberOf("123456789012345")->text, "123456789012345");
  EXPECT_FALSE(NumberOf("123456789012345")->imprecise);
  EXPECT_EQ(NumberOf("1.23456789012345E+17")->text, "123456789012344992");
  EXPECT_TRUE(NumberOf("1.23456789012345E+17")->imprecise);
  EXPECT_TRUE(NumberOf("1E+300")->imprecise);
  for (const std::string_view bad : {"", "x", "1 2", "1E+999", "nan", "inf"})
    EXPECT_FALSE(NumberOf(bad)) << bad;
}

TEST(XlsxValuesTest, EscapesOfWhatXmlCannotHold) {
  EXPECT_EQ(Unescape("a_x000D_b"), "a\rb");
  EXPECT_EQ(Unescape("_x005F_x000D_"), "_x000D_");
  EXPECT_EQ(Unescape("id_x4E00_1"), "id_x4E00_1");
  EXPECT_EQ(Unescape("_x00"), "_x00");
  EXPECT_EQ(Unescape("_x000g_"), "_x000g_");
}

TEST(XlsxValuesTest, CellReferences) {
  EXPECT_EQ(ParseReference("C5")->column, 2u);
  EXPECT_EQ(ParseReference("C5")->row, 5u);
  EXPECT_EQ(ParseReference("XFD1048576")->column, 16'383u);
  for (const std::string_view bad : {"", "5", "C", "C0", "ABCD1", "C-1", "C5x", "$C$5"})
    EXPECT_FALSE(ParseReference(bad)) << bad;
}

}  // namespace
}  // namespace dongxi
