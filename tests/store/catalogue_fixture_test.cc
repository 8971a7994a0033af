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

INSTANTIATE_TEST_SUITE_P(AllVersions, CatalogueFixtureTest, testing::Values("catalogue-v1"),
                         [](const auto&) { return std::string("V1"); });

}  // namespace
}  // namespace dongxi
