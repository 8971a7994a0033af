#include "indexer/import/csv_reader.h"

#include <gtest/gtest.h>

namespace dongxi {
namespace {

// Rows as "number:cell|cell", empty cells as "", complaints as "!".
std::string Shown(std::string_view text, char delimiter = ',') {
  std::string shown;
  const absl::Status status = ReadCsv(text, delimiter, [&shown](GridRow& row) -> absl::StatusOr<bool> {
    shown += std::to_string(row.number) + ":";
    size_t column = 0;
    for (const GridCell& cell : row.cells) {
      for (; column < cell.column; ++column) shown += "|";
      shown += cell.complaint ? "!" : cell.text;
    }
    if (!row.complaints.empty()) shown += "!!";
    shown += "\n";
    return true;
  });
  EXPECT_TRUE(status.ok());
  return shown;
}

struct CsvCase {
  std::string_view name, text, want;
};
constexpr CsvCase kCsvCases[] = {
    {"Plain", "a,b\nc,d\n", "1:a|b\n2:c|d\n"},
    {"NoLineEndAtTheEnd", "a,b", "1:a|b\n"},
    {"CrLf", "a,b\r\nc,d\r\n", "1:a|b\n2:c|d\n"},
    {"OldMacLineEnds", "a,b\rc,d\r", "1:a|b\n2:c|d\n"},
    {"EmptyCellsKeepTheirPlace", ",b,,d,\n", "1:|b||d\n"},
    {"BlankRowsAreCounted", "a\n\n,,\nb\n", "1:a\n4:b\n"},
    {"Quotes", "\"a,b\",\"c\"\"d\"\n", "1:a,b|c\"d\n"},
    {"LineBreakInACellIsOneRow", "\"a\nb\",c\nd\n", "1:a\nb|c\n2:d\n"},
    {"EmptyQuotes", "\"\",b\n", "1:|b\n"},
    {"TextAfterAClosingQuote", "\"a\"b,c\n", "1:ab|c\n"},
    {"QuoteInsideACell", "5\" Rohr,c\n", "1:5\" Rohr|c\n"},
    {"QuoteWithoutEnd", "a,\"b\nc,d\n", "1:a|b\nc,d\n!!\n"},
    {"QuoteAtTheVeryEnd", "a,\"", "1:a!!\n"},
    {"Nothing", "", ""},
};

TEST(CsvReaderTest, Table) {
  for (const CsvCase& c : kCsvCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Shown(c.text), c.want);
  }
}

TEST(CsvReaderTest, OtherDelimiters) {
  EXPECT_EQ(Shown("a;b,c\n", ';'), "1:a|b,c\n");
  EXPECT_EQ(Shown("a\tb\n", '\t'), "1:a|b\n");
}

TEST(CsvReaderTest, CellOfTenMegabytesIsAComplaintAndTheNextRowIsRead) {
  const std::string big(size_t{10} << 20, 'x');
  EXPECT_EQ(Shown("a," + big + "\nb,c\n"), "1:a|!\n2:b|c\n");
  EXPECT_EQ(Shown("a,\"" + big + "\"\nb,c\n"), "1:a|!\n2:b|c\n");
}

TEST(CsvReaderTest, RowsOverTheLimitsAreComplaints) {
  EXPECT_EQ(Shown(std::string(kColumnsMax, ',') + "x\nb\n"), "1:!!\n2:b\n");
  std::string wide;
  for (int i = 0; i < 20; ++i) wide += std::string(kCellBytesMax, 'x') + ",";
  EXPECT_EQ(Shown(wide + "\nb\n"), "1:!!\n2:b\n");
}

TEST(CsvReaderTest, StopsWhenTheSinkHasEnough) {
  int rows = 0;
  EXPECT_TRUE(
      ReadCsv("a\nb\nc\n", ',', [&rows](GridRow&) -> absl::StatusOr<bool> { return ++rows < 2; }).ok());
  EXPECT_EQ(rows, 2);
}

TEST(CsvReaderTest, ReturnsTheErrorOfTheSink) {
  const auto fail = [](GridRow&) -> absl::StatusOr<bool> { return absl::UnavailableError("full"); };
  EXPECT_TRUE(absl::IsUnavailable(ReadCsv("a\nb\n", ',', fail)));
}

}  // namespace
}  // namespace dongxi
