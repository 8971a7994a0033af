#include "store/catalogue_epoch.h"

#include <gtest/gtest.h>

#include "tests/store/store_testing.h"

namespace dongxi {
namespace {

constexpr int64_t kNowUs = 1'760'000'000'000'000;

class CatalogueEpochTest : public testing::Test {
 protected:
  CatalogueEpochTest() {
    auto opened = Catalogue::Open(folder_.path() / "catalogue");
    EXPECT_TRUE(opened.ok()) << opened.status();
    if (opened.ok()) catalogue_ = *std::move(opened);
  }
  void SetUp() override { ASSERT_NE(catalogue_, nullptr); }

  void Add(const std::string& id) {
    ASSERT_TRUE(catalogue_->Upsert({Titled(RecordKind::kResult, id, "成果")}, kNowUs).ok());
  }
  // The name of the epoch that begins.
  std::string Begin() {
    const auto plan = [](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
      WriteBatch batch;
      absl::StatusOr<std::vector<TablePut>> puts = BeginEpoch(newest);
      if (!puts.ok()) return puts.status();
      batch.puts = *std::move(puts);
      return batch;
    };
    const auto written = catalogue_->Write(plan, kNowUs);
    EXPECT_TRUE(written.ok()) << written.status();
    return EpochOf(*catalogue_).value_or("");
  }
  uint64_t Shared(const std::string& epoch) {
    const absl::StatusOr<uint64_t> shared = SharedWithEpoch(*catalogue_, epoch);
    EXPECT_TRUE(shared.ok()) << shared.status();
    return shared.value_or(~uint64_t{0});
  }

  TemporaryFolder folder_;
  std::unique_ptr<Catalogue> catalogue_;
};

TEST_F(CatalogueEpochTest, ACatalogueThatWasNeverRestoredHasNoNameAndSharesAllWithItself) {
  Add("r-1");
  EXPECT_EQ(EpochOf(*catalogue_).value_or("?"), "");
  EXPECT_EQ(Shared(""), 1u);
  EXPECT_EQ(Shared("0123456789abcdef"), 0u) << "it knows nothing of that one";
}

TEST_F(CatalogueEpochTest, EachEpochOfBeforeIsSharedUpToItsEndAndTheOwnUpToNow) {
  Add("r-1");
  Add("r-2");
  const std::string second = Begin();
  EXPECT_EQ(catalogue_->sequence(), 2u) << "to begin an epoch is no write of records";
  Add("r-3");
  const std::string third = Begin();
  Add("r-4");
  EXPECT_FALSE(second.empty());
  EXPECT_NE(second, third);
  EXPECT_EQ(Shared(""), 2u);
  EXPECT_EQ(Shared(second), 3u);
  EXPECT_EQ(Shared(third), 4u);
}

}  // namespace
}  // namespace dongxi
