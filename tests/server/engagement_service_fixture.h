// A server over the small catalogue, and calls of its ledger of engagements.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "tests/server/served_catalogue.h"

namespace dongxi {

inline constexpr int64_t kDay = 86'400;
inline constexpr int64_t kSpring2025 = 1'743'465'600;  // 2025-04-01
inline constexpr char kUuid[] = "123e4567-e89b-42d3-a456-426614174000";

class EngagementServiceTest : public ServedCatalogueTest {
 protected:
  void Connect() override {
    engagements_ = pb::EngagementService::NewStub(running_.channel);
    match_ = pb::MatchService::NewStub(running_.channel);
  }

  static pb::RecordEngagementRequest Request(const std::string& need, const std::string& offer,
                                             pb::EngagementStep step, int64_t day) {
    pb::RecordEngagementRequest request;
    pb::Engagement& engagement = *request.mutable_engagement();
    engagement.set_need(need);
    engagement.set_offer(offer);
    engagement.set_step(step);
    engagement.mutable_event_time()->set_seconds(kSpring2025 + day * kDay);
    if (step == pb::ENGAGEMENT_STEP_REFUSED) engagement.set_refusal_reason(pb::REFUSAL_REASON_NO_BUDGET);
    return request;
  }
  static pb::RecordEngagementRequest OfLithium(pb::EngagementStep step, int64_t day) {
    return Request("needs/n-lithium", "results/r-lithium", step, day);
  }

  grpc::Status Record(const pb::RecordEngagementRequest& request,
                      pb::RecordEngagementResponse* response = nullptr) {
    grpc::ClientContext context;
    pb::RecordEngagementResponse unused;
    return engagements_->RecordEngagement(&context, request, response != nullptr ? response : &unused);
  }
  pb::Engagement MustRecord(const pb::RecordEngagementRequest& request) {
    pb::RecordEngagementResponse response;
    const grpc::Status status = Record(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.state(), pb::RecordEngagementResponse::CREATED);
    return response.engagement();
  }
  grpc::Status Correct(const pb::CorrectEngagementRequest& request,
                       pb::RecordEngagementResponse* response = nullptr) {
    grpc::ClientContext context;
    pb::RecordEngagementResponse unused;
    return engagements_->CorrectEngagement(&context, request, response != nullptr ? response : &unused);
  }
  grpc::Status Clear(const std::string& why) {
    grpc::ClientContext context;
    pb::ClearRefusalRequest request;
    request.set_need("needs/n-lithium");
    request.set_offer("results/r-lithium");
    request.set_why(why);
    request.set_actor("青海省科技厅");
    pb::RecordEngagementResponse response;
    return engagements_->ClearRefusal(&context, request, &response);
  }
  pb::Pair Pair() {
    grpc::ClientContext context;
    pb::GetPairRequest request;
    request.set_need("needs/n-lithium");
    request.set_offer("results/r-lithium");
    pb::Pair pair;
    const grpc::Status status = engagements_->GetPair(&context, request, &pair);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return pair;
  }
  // "n-lithium r-lithium 4" for each entry of all pages.
  std::vector<std::string> List(const pb::EngagementFilter& filter, int page_size = 0) {
    std::vector<std::string> all;
    pb::ListEngagementsRequest request;
    *request.mutable_filter() = filter;
    request.set_page_size(page_size);
    do {
      grpc::ClientContext context;
      pb::ListEngagementsResponse response;
      const grpc::Status status = engagements_->ListEngagements(&context, request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_LE(response.engagements_size(), page_size > 0 ? page_size : 50);
      for (const pb::Engagement& entry : response.engagements()) {
        all.push_back(entry.need().substr(6) + " " + entry.offer().substr(entry.offer().find('/') + 1) + " " +
                      std::to_string(entry.step()));
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }
  pb::MatchResponse Match(const std::string& need) {
    grpc::ClientContext context;
    pb::MatchRequest request;
    request.set_need_name(need);
    pb::MatchResponse response;
    const grpc::Status status = match_->Match(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  pb::MatchVerdict Verdict() {
    grpc::ClientContext context;
    pb::ExplainMatchRequest request;
    request.mutable_match()->set_need_name("needs/n-lithium");
    request.set_candidate("results/r-lithium");
    pb::ExplainMatchResponse response;
    const grpc::Status status = match_->ExplainMatch(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.verdict();
  }
  static std::vector<std::string> Names(const pb::MatchList& list) {
    std::vector<std::string> names;
    for (const pb::MatchEntry& entry : list.entries()) names.push_back(entry.name());
    return names;
  }
  std::vector<std::string> NeedsFor(const std::string& offer) {
    grpc::ClientContext context;
    pb::ReverseMatchRequest request;
    request.set_offer_name(offer);
    pb::ReverseMatchResponse response;
    const grpc::Status status = match_->ReverseMatch(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return Names(response.needs());
  }

  std::unique_ptr<pb::EngagementService::Stub> engagements_;
  std::unique_ptr<pb::MatchService::Stub> match_;
};

}  // namespace dongxi
