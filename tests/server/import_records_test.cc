#include "server/import_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/grpc_status.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int64_t kNowUs = 1'760'000'000'000'000;

class ImportBatchTest : public testing::Test {
 protected:
  void SetUp() override {
    auto catalogue = Catalogue::Open(folder_.path());
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    catalogue_ = *std::move(catalogue);
  }

  static void Add(pb::ImportRecordsRequest* request, const std::string& id, const std::string& title) {
    pb::Result* result = request->add_records()->mutable_result();
    result->set_name("results/" + id);
    result->set_title(title);
  }

  std::vector<pb::ImportOutcome::State> StatesOf(const pb::ImportRecordsRequest& request) {
    const auto response = ImportBatch(request, kNowUs, Caller(), FewWords(), catalogue_.get());
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<pb::ImportOutcome::State> states;
    if (response.ok()) {
      for (const pb::ImportOutcome& outcome : response->outcomes()) states.push_back(outcome.state());
    }
    return states;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Catalogue> catalogue_;
};

TEST_F(ImportBatchTest, TellsCreatedUpdatedAndUnchanged) {
  pb::ImportRecordsRequest request;
  Add(&request, "a", "甲");
  Add(&request, "b", "乙");
  EXPECT_THAT(StatesOf(request), ElementsAre(pb::ImportOutcome::CREATED, pb::ImportOutcome::CREATED));
  request.mutable_records(1)->mutable_result()->set_title("乙二");
  EXPECT_THAT(StatesOf(request), ElementsAre(pb::ImportOutcome::UNCHANGED, pb::ImportOutcome::UPDATED));
  EXPECT_EQ(catalogue_->Get(RecordKind::kResult, "b")->title, "乙二");
}

TEST_F(ImportBatchTest, WrongRecordIsRefusedWithItsProblemsAndTheOthersAreWritten) {
  pb::ImportRecordsRequest request;
  Add(&request, "a", "");
  Add(&request, "b", "乙");
  request.mutable_records(1)->mutable_result()->set_maturity(12);
  Add(&request, "c d", "丙");
  Add(&request, "e", "戊");
  request.add_records();
  const auto response = ImportBatch(request, kNowUs, Caller(), FewWords(), catalogue_.get());
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->outcomes_size(), 5);
  EXPECT_EQ(response->outcomes(0).state(), pb::ImportOutcome::REFUSED);
  EXPECT_EQ(response->outcomes(0).name(), "results/a");
  EXPECT_EQ(response->outcomes(0).problems(0).field(), "title");
  EXPECT_EQ(response->outcomes(1).problems(0).field(), "maturity");
  EXPECT_EQ(response->outcomes(1).problems(0).found(), "12");
  EXPECT_EQ(response->outcomes(2).problems(0).field(), "id");
  EXPECT_EQ(response->outcomes(3).state(), pb::ImportOutcome::CREATED);
  EXPECT_EQ(response->outcomes(3).problems_size(), 0);
  EXPECT_EQ(response->outcomes(4).state(), pb::ImportOutcome::REFUSED);
  EXPECT_EQ(catalogue_->Counts()[static_cast<size_t>(RecordKind::kResult)], 1u);
}

TEST_F(ImportBatchTest, ValidateOnlySaysWhatWouldHappenAndWritesNothing) {
  pb::ImportRecordsRequest request;
  Add(&request, "a", "甲");
  EXPECT_THAT(StatesOf(request), ElementsAre(pb::ImportOutcome::CREATED));
  const uint64_t before = catalogue_->sequence();
  Add(&request, "a", "甲二");
  Add(&request, "b", "乙");
  Add(&request, "c", "");
  request.set_validate_only(true);
  const std::vector<pb::ImportOutcome::State> predicted = StatesOf(request);
  EXPECT_EQ(catalogue_->sequence(), before);
  request.set_validate_only(false);
  EXPECT_EQ(StatesOf(request), predicted);
  EXPECT_THAT(predicted, ElementsAre(pb::ImportOutcome::UNCHANGED, pb::ImportOutcome::UPDATED,
                                     pb::ImportOutcome::CREATED, pb::ImportOutcome::REFUSED));
}

TEST_F(ImportBatchTest, OutputOnlyFieldsAreIgnored) {
  pb::ImportRecordsRequest request;
  Add(&request, "a", "甲");
  EXPECT_THAT(StatesOf(request), ElementsAre(pb::ImportOutcome::CREATED));
  request.mutable_records(0)->mutable_result()->set_etag("not an etag");
  request.mutable_records(0)->mutable_result()->mutable_update_time()->set_seconds(5);
  EXPECT_THAT(StatesOf(request), ElementsAre(pb::ImportOutcome::UNCHANGED));
}

TEST_F(ImportBatchTest, AWordWhereAModeCodeBelongsIsRefusedWithTheCode) {
  pb::ImportRecordsRequest request;
  for (const char* mode : {"transfer", "转让", "barter"}) {
    Add(&request, "a", "甲");
    request.mutable_records(request.records_size() - 1)->mutable_result()->add_modes(mode);
  }
  const auto response = ImportBatch(request, kNowUs, Caller(), FewWords(), catalogue_.get());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->outcomes(0).state(), pb::ImportOutcome::CREATED);
  ASSERT_EQ(response->outcomes(1).problems_size(), 1);
  EXPECT_EQ(response->outcomes(1).problems(0).field(), "modes");
  EXPECT_THAT(response->outcomes(1).problems(0).remedy(), HasSubstr("transfer"));
  EXPECT_EQ(response->outcomes(2).problems(0).found(), "barter");
}

TEST_F(ImportBatchTest, NoRecordsNoOutcomes) { EXPECT_TRUE(StatesOf({}).empty()); }

TEST_F(ImportBatchTest, TooManyRecordsAreRefusedAsAWhole) {
  pb::ImportRecordsRequest request;
  for (int i = 0; i < 1'001; ++i) Add(&request, std::to_string(i), "甲");
  const auto response = ImportBatch(request, kNowUs, Caller(), FewWords(), catalogue_.get());
  EXPECT_EQ(FieldOf(response.status()), "records");
  EXPECT_EQ(catalogue_->sequence(), 0u);
}

}  // namespace
}  // namespace dongxi
