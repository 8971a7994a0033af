// Lists, batches and deletions of many records over gRPC: how long answers get, and what holds for all or
// none; a repeat on another day's policy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "tests/server/catalogue_fixture.h"

namespace dongxi {
namespace {

constexpr char kUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445566";

using CatalogueLimitsTest = CatalogueFixture;

TEST_F(CatalogueLimitsTest, APageAndABatchEndBeforeTheAnswerIsTooLong) {
  pb::Result result;
  pb::BatchGetResultsRequest get;
  for (int i = 0; i < 14; ++i) {
    pb::CreateResultRequest request = NewResult("long-" + std::to_string(10 + i), "长");
    for (int n = 0; n < 90'000; ++n) request.mutable_result()->mutable_abstract()->append("文");
    request.mutable_result()->mutable_abstract()->append(std::to_string(i));
    ASSERT_TRUE(Create(request, &result).ok());
    get.add_names(result.name());
  }
  pb::ListResultsRequest list;
  list.set_page_size(1'000);
  pb::ListResultsResponse page;
  std::vector<std::string> names;
  int pages = 0;
  do {
    ASSERT_TRUE(Call(&pb::CatalogueService::Stub::ListResults, list, &page).ok());
    EXPECT_LE(page.ByteSizeLong(), size_t{4} << 20);
    for (const pb::Result& one : page.results()) names.push_back(one.name());
    list.set_page_token(page.next_page_token());
    ++pages;
  } while (!page.next_page_token().empty());
  EXPECT_GE(pages, 2);
  for (const std::string& name : get.names()) EXPECT_THAT(names, testing::Contains(name));
  EXPECT_EQ(names, NamesOf(/*show_deleted=*/false)) << "no page leaves out or repeats";

  pb::BatchGetResultsResponse batch;
  const grpc::Status refused = Call(&pb::CatalogueService::Stub::BatchGetResults, get, &batch);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(refused).reason, "ANSWER_TOO_LONG");
  get.mutable_read_mask()->add_paths("name");
  EXPECT_TRUE(Call(&pb::CatalogueService::Stub::BatchGetResults, get, &batch).ok());
}

TEST_F(CatalogueLimitsTest, APageTokenHoldsForTheReadMaskOfItsFirstPage) {
  pb::ListResultsRequest list;
  list.set_page_size(1);
  list.mutable_read_mask()->add_paths("name");
  pb::ListResultsResponse page;
  ASSERT_TRUE(Call(&pb::CatalogueService::Stub::ListResults, list, &page).ok());
  list.set_page_token(page.next_page_token());
  EXPECT_TRUE(Call(&pb::CatalogueService::Stub::ListResults, list, &page).ok());
  list.mutable_read_mask()->add_paths("title");
  EXPECT_EQ(Call(&pb::CatalogueService::Stub::ListResults, list, &page).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(CatalogueLimitsTest, ABatchIsDeletedWholeOrNotAtAll) {
  pb::Result result;
  for (const char* id : {"one", "two"}) ASSERT_TRUE(Create(NewResult(id, "题"), &result).ok());
  pb::BatchDeleteRecordsRequest request;
  for (const char* name : {"results/one", "results/none", "results/two"}) request.add_names(name);
  pb::BatchDeleteRecordsResponse response;
  const auto remove = [&] {
    return Call(&pb::CatalogueService::Stub::BatchDeleteRecords, request, &response);
  };
  const grpc::Status absent = remove();
  EXPECT_EQ(absent.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailsOf(absent).field, "names[1]");
  EXPECT_TRUE(Get("results/one", &result).ok()) << "nothing was deleted";
  request.set_allow_missing(true);
  request.set_validate_only(true);
  ASSERT_TRUE(remove().ok());
  EXPECT_TRUE(Get("results/one", &result).ok()) << "only asked";
  request.set_validate_only(false);
  request.set_request_id(kUuid);
  ASSERT_TRUE(remove().ok());
  ASSERT_EQ(response.deleted_size(), 3);
  EXPECT_FALSE(response.deleted(0).etag().empty());
  EXPECT_TRUE(response.deleted(1).etag().empty());
  EXPECT_FALSE(Get("results/two", &result).ok());
  pb::UndeleteResultRequest undelete;
  undelete.set_name("results/one");
  undelete.set_etag(response.deleted(0).etag());
  ASSERT_TRUE(Call(&pb::CatalogueService::Stub::UndeleteResult, undelete, &result).ok());
  ASSERT_TRUE(remove().ok()) << "a repeat";
  EXPECT_TRUE(Get("results/one", &result).ok()) << "has no second effect";
  request.clear_request_id();
  request.add_names("results/one");
  EXPECT_EQ(DetailsOf(remove()).field, "names[3]");
}

TEST_F(CatalogueLimitsTest, WhatIsDeletedAndUndeletedMeanwhileIsReadOnceWithTheDeletedOnes) {
  std::atomic<bool> writing = true;
  std::thread writer([&] {
    pb::DeleteResultRequest request;
    request.set_name("results/r-goji");
    pb::Result unused;
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(Delete(request, &unused).ok());
      EXPECT_TRUE(Undelete("results/r-goji", &unused).ok());
    }
    writing = false;
  });
  pb::ListResultsRequest request;
  request.set_show_deleted(true);
  while (writing) {
    pb::ListResultsResponse page;
    EXPECT_TRUE(Call(&pb::CatalogueService::Stub::ListResults, request, &page).ok());
    const auto times =
        std::count_if(page.results().begin(), page.results().end(),
                      [](const pb::Result& result) { return result.name() == "results/r-goji"; });
    EXPECT_EQ(times, 1);
    pb::Result result;
    EXPECT_TRUE(Get("results/r-goji", &result, /*show_deleted=*/true).ok());
  }
  writer.join();
}

TEST_F(CatalogueLimitsTest, ARepeatIsAnsweredAgainAlsoOnceThePolicyKnowsTheModeNoMore) {
  pb::CreateResultRequest request = NewResult("r-mode", "锂云母焙烧提锂");
  request.mutable_result()->add_modes("transfer");
  request.set_request_id(kUuid);
  pb::Result first, again;
  ASSERT_TRUE(Create(request, &first).ok());
  Stop();
  const TemporaryFolder policy;
  StartWithoutMode("transfer", policy.path());
  ASSERT_TRUE(Create(request, &again).ok());
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  request.set_result_id("r-mode-2");
  request.clear_request_id();
  EXPECT_EQ(Create(request, &again).error_code(), grpc::StatusCode::INVALID_ARGUMENT)
      << "the case needs an unknown mode";
  Stop();
}

}  // namespace
}  // namespace dongxi
