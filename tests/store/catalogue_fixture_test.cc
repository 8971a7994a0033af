// Opens the committed catalogue of every released format version.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/catalogue.h"
#include "tests/store/store_testing.h"

namespace dongxi {
namespace {

using testing::ElementsAre;

class CatalogueFixtureTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::filesystem::copy(std::filesystem::path("tests/fixtures") / GetParam(), folder(),
                          std::filesystem::copy_options::recursive);
  }
  std::filesystem::path folder() const { return temporary_.path() / "catalogue"; }
  TemporaryFolder temporary_;
};

void ExpectFixture(const CatalogueReader& reader) {
  EXPECT_EQ(reader.sequence(), 3u);
  EXPECT_THAT(reader.Counts(), ElementsAre(0, 1, 1, 1, 1, 1));
  std::vector<Record> want = FullRecords();
  for (Record& record : want) {
    record.revision = 1;
    record.create_time_us = record.update_time_us = kFixtureTimeUs;
    record.open_matches_max = 0;  // a field of after both fixtures
  }
  want[2].title = "老卤提锂（第二版）";
  want[2].revision = 2;
  want[2].update_time_us = kFixtureTimeUs + 1;
  for (const Record& record : want) {
    const absl::StatusOr<Record> found = reader.Get(record.kind, record.id);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(*found, record);
  }
  EXPECT_THAT(ChangesOf(reader, 1),
              ElementsAre(Change{2, ChangeOperation::kUpsert, {RecordKind::kResult, "r-1"}},
                          Change{3, ChangeOperation::kDelete, {RecordKind::kResult, "r-removed"}}));
}

TEST_P(CatalogueFixtureTest, OpensForWriting) {
  const absl::StatusOr<std::unique_ptr<Catalogue>> catalogue = Catalogue::Open(folder());
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  ExpectFixture(**catalogue);
  EXPECT_TRUE((*catalogue)->Upsert({Titled(RecordKind::kNeed, "n-2", "新需求")}, 1).ok());
}

TEST_P(CatalogueFixtureTest, OpensAsAView) {
  const absl::StatusOr<std::unique_ptr<CatalogueReader>> view = OpenCatalogueView(folder());
  ASSERT_TRUE(view.ok()) << view.status();
  ExpectFixture(**view);
}

// What version 2 added: the version before, deleted records, tables.
void ExpectHistory(const CatalogueReader& reader) {
  const RecordName names[] = {{RecordKind::kResult, "r-1"}, {RecordKind::kResult, "r-removed"}};
  const auto first = reader.GetManyAt(names, 1);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ((*first)[0]->title, "老卤提锂");
  EXPECT_EQ((*first)[1]->title, "已撤回的成果");
  const auto deleted = reader.GetManyDeleted(names);
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  EXPECT_FALSE((*deleted)[0].has_value());
  EXPECT_EQ((*deleted)[1]->delete_time_us, kFixtureTimeUs + 2);
  EXPECT_EQ(*reader.GetTable(Table::kSettings, "fixture"), "v2");
}

// A version 1 folder knows nothing of before, and says so.
void ExpectNoHistory(const CatalogueReader& reader) {
  EXPECT_EQ(reader.HistoryStart(), 3u);
  const RecordName names[] = {{RecordKind::kResult, "r-1"}, {RecordKind::kResult, "r-removed"}};
  EXPECT_TRUE(absl::IsOutOfRange(reader.GetManyAt(names, 2).status()));
  const auto now = reader.GetManyAt(names, 3);
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ((*now)[0]->revision, 2u);
  EXPECT_FALSE((*now)[1].has_value());
  EXPECT_EQ(*reader.GetTable(Table::kSettings, "fixture"), std::nullopt);
}

TEST_P(CatalogueFixtureTest, KnowsAsMuchOfBeforeAsItsFormatKept) {
  const auto expect = std::string(GetParam()) == "catalogue-v1" ? &ExpectNoHistory : &ExpectHistory;
  expect(**OpenCatalogueView(folder()));
  const absl::StatusOr<std::unique_ptr<Catalogue>> catalogue = Catalogue::Open(folder());
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  expect(**catalogue);
  expect(*(*catalogue)->Snapshot());
}

TEST_P(CatalogueFixtureTest, KeepsHistoryOnceAWriterHasOpenedIt) {
  { ASSERT_TRUE(Catalogue::Open(folder()).ok()); }
  const absl::StatusOr<std::unique_ptr<Catalogue>> catalogue = Catalogue::Open(folder());
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  ASSERT_TRUE((*catalogue)->Upsert({Titled(RecordKind::kResult, "r-1", "第三版")}, 1).ok());
  const RecordName names[] = {{RecordKind::kResult, "r-1"}};
  EXPECT_EQ((*(*catalogue)->GetManyAt(names, 3))[0]->title, "老卤提锂（第二版）");
  EXPECT_EQ((*(*(*OpenCatalogueView(folder())).get()).GetManyAt(names, 3))[0]->title, "老卤提锂（第二版）");
}

INSTANTIATE_TEST_SUITE_P(AllVersions, CatalogueFixtureTest, testing::Values("catalogue-v1", "catalogue-v2"),
                         [](const auto& version) { return std::string(version.index == 0 ? "V1" : "V2"); });

}  // namespace
}  // namespace dongxi
