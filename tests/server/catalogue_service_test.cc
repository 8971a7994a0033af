// The catalogue service over gRPC on loopback, without a generation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CatalogueServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    running_ = StartServer(OptionsFor(folder_.path()));
    ASSERT_NE(running_.server, nullptr);
    stub_ = pb::CatalogueService::NewStub(running_.channel);
  }

  grpc::Status GetResult(const pb::GetResultRequest& request, pb::Result* result) {
    grpc::ClientContext context;
    return stub_->GetResult(&context, request, result);
  }

  grpc::Status ListResults(const pb::ListResultsRequest& request, pb::ListResultsResponse* response) {
    grpc::ClientContext context;
    response->Clear();
    return stub_->ListResults(&context, request, response);
  }

  TemporaryFolder folder_;
  Running running_;
  std::unique_ptr<pb::CatalogueService::Stub> stub_;
};

TEST_F(CatalogueServiceTest, GetReturnsTheRecordWithItsEtag) {
  pb::GetResultRequest request;
  request.set_name("results/r-lithium");
  pb::Result result;
  const grpc::Status status = GetResult(request, &result);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(result.title(), "高镁锂比卤水吸附提锂工艺");
  EXPECT_THAT(result.owners(), ElementsAre("institutions/tj"));
  EXPECT_FALSE(result.etag().empty());
  EXPECT_TRUE(result.illustrative());
}

TEST_F(CatalogueServiceTest, ReadMaskKeepsWhatItNames) {
  pb::GetResultRequest request;
  request.set_name("results/r-lithium");
  request.mutable_read_mask()->add_paths("title");
  pb::Result result;
  ASSERT_TRUE(GetResult(request, &result).ok());
  EXPECT_EQ(result.title(), "高镁锂比卤水吸附提锂工艺");
  EXPECT_EQ(result.name(), "");
  EXPECT_EQ(result.etag(), "");
}

TEST_F(CatalogueServiceTest, ErrorsNameTheirField) {
  pb::Result result;
  pb::GetResultRequest get;
  get.set_name("needs/n-lithium");
  grpc::Status status = GetResult(get, &result);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).field, "name");

  get.set_name("results/r-lithium");
  get.mutable_read_mask()->add_paths("display_name");
  status = GetResult(get, &result);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).field, "read_mask");
  EXPECT_THAT(status.error_message(), HasSubstr("display_name"));

  pb::ListResultsRequest list;
  pb::ListResultsResponse page;
  list.set_page_size(-1);
  EXPECT_EQ(DetailsOf(ListResults(list, &page)).field, "page_size");
  list.set_page_size(0);
  list.set_page_token("foreign");
  EXPECT_EQ(DetailsOf(ListResults(list, &page)).field, "page_token");
  list.clear_page_token();
  list.set_filter("year >");
  EXPECT_EQ(DetailsOf(ListResults(list, &page)).field, "filter");
}

TEST_F(CatalogueServiceTest, AbsentAndHiddenRecordsGetTheSameAnswer) {
  pb::Result result;
  pb::GetResultRequest request;
  request.set_name("results/absent");
  const grpc::Status absent = GetResult(request, &result);
  request.set_name("results/secret");
  const grpc::Status hidden = GetResult(request, &result);
  EXPECT_EQ(absent.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(hidden.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(hidden.error_message(), "results/secret: no such record in the catalogue");
  EXPECT_EQ(absent.error_message(), "results/absent: no such record in the catalogue");
}

TEST_F(CatalogueServiceTest, PagesGoThroughAllVisibleRecordsInOrder) {
  pb::ListResultsRequest request;
  request.set_page_size(3);
  pb::ListResultsResponse page;
  std::vector<std::string> names;
  do {
    ASSERT_TRUE(ListResults(request, &page).ok());
    for (const pb::Result& result : page.results()) names.push_back(result.name());
    request.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty());
  EXPECT_THAT(names,
              ElementsAre("results/r-blade", "results/r-goji", "results/r-lithium", "results/r-magnesium"));
}

TEST_F(CatalogueServiceTest, ExactlyFullLastPageHasNoToken) {
  pb::ListResultsRequest request;
  request.set_page_size(5);  // four visible ones and the hidden one
  pb::ListResultsResponse page;
  ASSERT_TRUE(ListResults(request, &page).ok());
  EXPECT_EQ(page.results_size(), 4);
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(CatalogueServiceTest, EveryKindIsListedWithAFilterOnTheRecord) {
  grpc::ClientContext institutions_context, experts_context, needs_context, evidence_context;
  pb::ListInstitutionsRequest institutions;
  institutions.set_filter("region = \"12\"");
  pb::ListInstitutionsResponse found_institutions;
  ASSERT_TRUE(stub_->ListInstitutions(&institutions_context, institutions, &found_institutions).ok());
  ASSERT_EQ(found_institutions.institutions_size(), 1);
  EXPECT_EQ(found_institutions.institutions(0).name(), "institutions/tj");

  pb::ListExpertsResponse experts;
  ASSERT_TRUE(stub_->ListExperts(&experts_context, {}, &experts).ok());
  EXPECT_EQ(experts.experts(0).institution(), "institutions/tj");

  pb::ListNeedsRequest needs;
  needs.set_filter("region = \"64\"");
  pb::ListNeedsResponse found_needs;
  ASSERT_TRUE(stub_->ListNeeds(&needs_context, needs, &found_needs).ok());
  ASSERT_EQ(found_needs.needs_size(), 1);
  EXPECT_EQ(found_needs.needs(0).name(), "needs/n-goji");

  pb::ListEvidenceRequest evidence;
  evidence.set_filter("year >= 2024");
  pb::ListEvidenceResponse found_evidence;
  ASSERT_TRUE(stub_->ListEvidence(&evidence_context, evidence, &found_evidence).ok());
  EXPECT_EQ(found_evidence.evidence_size(), 0);
}

TEST_F(CatalogueServiceTest, ImportAnswersEveryMessageAndWrites) {
  grpc::ClientContext context;
  const auto stream = stub_->ImportRecords(&context);
  for (int batch = 0; batch < 3; ++batch) {
    pb::ImportRecordsRequest request;
    pb::Need* need = request.add_records()->mutable_need();
    need->set_name("needs/new-" + std::to_string(batch));
    need->set_title("新需求");
    need->set_wanted("想要");
    request.add_records()->mutable_need()->set_name("needs/empty");
    ASSERT_TRUE(stream->Write(request));
    pb::ImportRecordsResponse response;
    ASSERT_TRUE(stream->Read(&response));
    ASSERT_EQ(response.outcomes_size(), 2);
    EXPECT_EQ(response.outcomes(0).state(), pb::ImportOutcome::CREATED);
    EXPECT_EQ(response.outcomes(1).state(), pb::ImportOutcome::REFUSED);
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  grpc::ClientContext get_context;
  pb::GetNeedRequest get;
  get.set_name("needs/new-2");
  pb::Need need;
  EXPECT_TRUE(stub_->GetNeed(&get_context, get, &need).ok());
}

TEST_F(CatalogueServiceTest, ImportOfTooManyRecordsEndsTheStreamWithTheField) {
  grpc::ClientContext context;
  const auto stream = stub_->ImportRecords(&context);
  pb::ImportRecordsRequest request;
  for (int i = 0; i < 1'001; ++i) request.add_records();
  ASSERT_TRUE(stream->Write(request));
  pb::ImportRecordsResponse response;
  EXPECT_FALSE(stream->Read(&response));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).field, "records");
}

}  // namespace
}  // namespace dongxi
