// Lists and exports of the ledger over gRPC.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/server/engagement_service_fixture.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ManyEngagementsTest : public EngagementServiceTest {
 protected:
  void SetUp() override {
    EngagementServiceTest::SetUp();
    MustRecord(OfLithium(pb::ENGAGEMENT_STEP_MET, 20));
    MustRecord(Request("needs/n-goji", "institutions/js", pb::ENGAGEMENT_STEP_SHOWN, 5));
    MustRecord(OfLithium(pb::ENGAGEMENT_STEP_SHOWN, 1));
    MustRecord(Request("needs/n-goji", "institutions/js", pb::ENGAGEMENT_STEP_MET, 40));
    MustRecord(Request("needs/n-lithium", "experts/e-lithium", pb::ENGAGEMENT_STEP_SHOWN, 30));
  }
};

TEST_F(ManyEngagementsTest, AreListedInOrderOfTimeByPages) {
  const std::vector<std::string> all = {"n-lithium r-lithium 1", "n-goji js 1", "n-lithium r-lithium 4",
                                        "n-lithium e-lithium 1", "n-goji js 4"};
  EXPECT_EQ(List({}), all);
  for (const int page_size : {1, 2, 3, 5}) EXPECT_EQ(List({}, page_size), all) << page_size;
}

// A client takes messages of 4 MiB unless it was told otherwise; these entries have more together.
TEST_F(ManyEngagementsTest, OfLongTextsComeInMessagesThatClientsTake) {
  constexpr int kBatches = 2, kOfABatch = 75, kFew = 5;
  const auto text = [](size_t characters) {
    std::string all;
    for (size_t i = 0; i < characters; ++i) all += "约";
    return all;
  };
  for (int batch = 0; batch < kBatches; ++batch) {
    pb::BatchRecordEngagementsRequest request;
    for (int i = 0; i < kOfABatch; ++i) {
      *request.add_requests() = OfLithium(pb::ENGAGEMENT_STEP_MET, 100 + batch * kOfABatch + i);
      pb::Engagement& engagement = *request.mutable_requests(i)->mutable_engagement();
      engagement.set_note(text(2'000));
      for (int j = 0; j < 20; ++j) engagement.add_evidence(text(500));
    }
    grpc::ClientContext context;
    pb::BatchRecordEngagementsResponse response;
    const grpc::Status status = engagements_->BatchRecordEngagements(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  EXPECT_EQ(List({}, 1'000).size(), static_cast<size_t>(kBatches * kOfABatch + kFew));
  pb::EngagementFilter of_need;
  of_need.set_need("needs/n-lithium");
  EXPECT_EQ(List(of_need, 1'000).size(), static_cast<size_t>(kBatches * kOfABatch + 3));
  const pb::Pair part = Pair();
  EXPECT_EQ(part.total_size(), kBatches * kOfABatch + 2);
  EXPECT_LT(part.history_size(), part.total_size());
  EXPECT_FALSE(part.next_page_token().empty()) << "the whole history is longer than a client takes";
  grpc::ClientContext context;
  const auto reader = engagements_->ExportEngagements(&context, {});
  pb::ExportEngagementsResponse response;
  int exported = 0;
  while (reader->Read(&response)) exported += response.engagements_size();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(exported, kBatches * kOfABatch + kFew);
}

TEST_F(ManyEngagementsTest, AreFoundByEveryCondition) {
  const auto filter = [](const std::function<void(pb::EngagementFilter*)>& set) {
    pb::EngagementFilter filter;
    set(&filter);
    return filter;
  };
  EXPECT_THAT(List(filter([](auto* f) {
                f->mutable_start_time()->set_seconds(kSpring2025 + 5 * kDay);
                f->mutable_end_time()->set_seconds(kSpring2025 + 30 * kDay);
              })),
              ElementsAre("n-goji js 1", "n-lithium r-lithium 4"));
  EXPECT_THAT(List(filter([](auto* f) { f->set_need_region_code("64"); }), 1),
              ElementsAre("n-goji js 1", "n-goji js 4"));
  EXPECT_THAT(List(filter([](auto* f) { f->set_need_region_code("640000"); }), 1),
              ElementsAre("n-goji js 1", "n-goji js 4"))
      << "a code with all its digits, also over pages";
  EXPECT_THAT(List(filter([](auto* f) { f->set_offer_region_code("1200"); })),
              List(filter([](auto* f) { f->set_offer_region_code("12"); })));
  EXPECT_THAT(List(filter([](auto* f) { f->set_offer_region_code("12"); })),
              ElementsAre("n-lithium r-lithium 1", "n-lithium r-lithium 4", "n-lithium e-lithium 1"));
  EXPECT_THAT(List(filter([](auto* f) { f->set_channel("keji-zhining"); })).size(),
              List(filter([](auto* f) { f->set_need_region_code("64"); })).size());
  EXPECT_THAT(List(filter([](auto* f) { f->set_task("3.2"); })).size(), 3u);
  EXPECT_THAT(List(filter([](auto* f) { f->add_steps(pb::ENGAGEMENT_STEP_MET); })),
              ElementsAre("n-lithium r-lithium 4", "n-goji js 4"));
  EXPECT_THAT(List(filter([](auto* f) { f->set_need("needs/n-lithium"); }), 2),
              ElementsAre("n-lithium r-lithium 1", "n-lithium r-lithium 4", "n-lithium e-lithium 1"));
  EXPECT_THAT(List(filter([](auto* f) {
                f->set_need("needs/n-lithium");
                f->set_offer("experts/e-lithium");
              })),
              ElementsAre("n-lithium e-lithium 1"));
  EXPECT_THAT(List(filter([](auto* f) { f->set_offer("institutions/js"); })),
              ElementsAre("n-goji js 1", "n-goji js 4"));
}

// Else a slip of the pen is an empty list that looks like an answer.
TEST_F(ManyEngagementsTest, AChannelOrTaskThatThePlanDoesNotHaveIsRefusedWithThoseThatItHas) {
  struct Case {
    const char *channel, *task, *field, *reason;
    std::vector<const char*> said;
  };
  const Case cases[] = {
      {"科技援青",
       "",
       "filter.channel",
       "CHANNEL_UNKNOWN",
       {"“科技援青”", "keji-yuanqing（科技援青）", "none"}},
      {"keji", "", "filter.channel", "CHANNEL_UNKNOWN", {"“keji”", "lanbai-zhangjiang"}},
      {"", "9.9", "filter.task", "TASK_UNKNOWN", {"“9.9”", "1.1、", "3.2、", "none"}},
      {"", "盐湖产业", "filter.task", "TASK_UNKNOWN", {"“盐湖产业”"}},
  };
  for (const Case& c : cases) {
    pb::EngagementFilter filter;
    filter.set_channel(c.channel);
    filter.set_task(c.task);
    grpc::ClientContext of_list, of_export;
    pb::ListEngagementsRequest list;
    *list.mutable_filter() = filter;
    pb::ListEngagementsResponse response;
    pb::ExportEngagementsRequest request;
    *request.mutable_filter() = filter;
    const auto reader = engagements_->ExportEngagements(&of_export, request);
    pb::ExportEngagementsResponse part;
    EXPECT_FALSE(reader->Read(&part));
    for (const grpc::Status& status :
         {engagements_->ListEngagements(&of_list, list, &response), reader->Finish()}) {
      EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << c.channel << c.task;
      EXPECT_EQ(DetailsOf(status).field, c.field);
      EXPECT_EQ(DetailsOf(status).reason, c.reason);
      for (const char* words : c.said) EXPECT_THAT(status.error_message(), HasSubstr(words));
    }
  }
}

TEST_F(ManyEngagementsTest, NoneIsWhatHasNoTaskOrNoChannel) {
  grpc::ClientContext context;
  pb::CreateNeedRequest request;  // of a province that no channel serves
  request.set_need_id("n-none");
  request.mutable_need()->set_title("海水养殖尾水处理");
  request.mutable_need()->set_wanted("尾水处理装备");
  request.mutable_need()->set_region_code("44");
  pb::Need created;
  const grpc::Status status =
      pb::CatalogueService::NewStub(running_.channel)->CreateNeed(&context, request, &created);
  ASSERT_TRUE(status.ok()) << status.error_message();
  MustRecord(Request("needs/n-none", "institutions/js", pb::ENGAGEMENT_STEP_SHOWN, 50));
  pb::EngagementFilter no_task, no_channel;
  no_task.set_task("none");
  no_channel.set_channel("none");
  EXPECT_THAT(List(no_task), Contains("n-none js 1"));
  EXPECT_THAT(List(no_task), Not(Contains("n-lithium r-lithium 1"))) << "of 3.2";
  EXPECT_THAT(List(no_channel), ElementsAre("n-none js 1"));
}

TEST_F(ManyEngagementsTest, ATokenOfAnotherFilterIsRefused) {
  pb::ListEngagementsRequest request;
  request.set_page_size(1);
  grpc::ClientContext first, second;
  pb::ListEngagementsResponse response;
  ASSERT_TRUE(engagements_->ListEngagements(&first, request, &response).ok());
  request.set_page_token(response.next_page_token());
  request.mutable_filter()->set_task("3.2");
  const grpc::Status status = engagements_->ListEngagements(&second, request, &response);
  EXPECT_EQ(DetailsOf(status).reason, "PAGE_TOKEN_OF_OTHER_REQUEST");
}

TEST_F(ManyEngagementsTest, AreExportedWhole) {
  grpc::ClientContext context;
  const auto reader = engagements_->ExportEngagements(&context, {});
  std::set<std::string> names;
  pb::ExportEngagementsResponse response;
  while (reader->Read(&response)) {
    for (const pb::Engagement& entry : response.engagements()) names.insert(entry.name());
  }
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_EQ(names.size(), 5u);
}

}  // namespace
}  // namespace dongxi
