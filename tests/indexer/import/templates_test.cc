// The committed templates and tables are what the schema says, and import takes them without a problem.
// To renew them: dongxi-make-templates docs
#include "indexer/import/templates.h"

#include <gmock/gmock.h>

#include "tests/indexer/import/import_testing.h"

namespace dongxi {
namespace {

std::string Stem(RecordKind kind) { return "docs/templates/" + std::string(CollectionOf(kind)); }

TEST(TemplatesTest, CommittedCsvIsWhatTheSchemaSays) {
  for (const RecordKind kind : kAllRecordKinds)
    EXPECT_EQ(ReadAll(Stem(kind) + ".csv"), TemplateCsv(kind)) << Stem(kind);
}

TEST(TemplatesTest, CommittedTablesOfThePageAreWhatTheSchemaSays) {
  const std::string page = ReadAll("docs/import.md");
  const auto renewed = WithFieldTables(page);
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_EQ(page, *renewed);
  EXPECT_FALSE(WithFieldTables("no markers").ok());
}

TEST(TemplatesTest, EveryCommittedTemplateIsImportedWithoutAProblem) {
  for (const RecordKind kind : kAllRecordKinds) {
    for (const std::string extension : {".csv", ".xlsx"}) {
      SCOPED_TRACE(Stem(kind) + extension);
      const Imported in = Import({Stem(kind) + extension});
      EXPECT_TRUE(in.report.clean()) << TextReport(in.report);
      ASSERT_EQ(in.records.size(), 1u);
      EXPECT_EQ(in.records[0].kind, kind);
      EXPECT_TRUE(in.records[0].illustrative);
      EXPECT_THAT(in.records[0].title, testing::StartsWith("示例"));
      EXPECT_THAT(in.records[0].id, testing::StartsWith("示例"));
    }
  }
}

TEST(TemplatesTest, CsvAndXlsxOfAKindHoldTheSameRecord) {
  for (const RecordKind kind : kAllRecordKinds) {
    EXPECT_EQ(Import({Stem(kind) + ".csv"}).records, Import({Stem(kind) + ".xlsx"}).records);
  }
}

TEST(TemplatesTest, WorkbooksAreTheSameBytesEveryTime) {
  const TestFolder folder;
  for (const RecordKind kind : kAllRecordKinds) {
    ASSERT_TRUE(WriteTemplateXlsx(kind, folder / "a.xlsx").ok());
    EXPECT_EQ(ReadAll(folder / "a.xlsx"), ReadAll(Stem(kind) + ".xlsx")) << Stem(kind);
  }
}

}  // namespace
}  // namespace dongxi
