// 创新联合体 and the owner's question over gRPC, with a real catalogue and a real generation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/replay.grpc.pb.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ConsortiumServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<Record> records = SmallCatalogue();
    for (Record& record : records) {
      if (record.id == "r-lithium") record.indicators = {"锂收率88%"};
      if (record.id == "r-magnesium") record.indicators = {"锂收率70%"};
    }
    Record need;
    need.kind = RecordKind::kNeed;
    need.id = "n-union";
    need.title = "盐湖与枸杞";
    need.region = "63";
    need.wanted = "寻求盐湖卤水吸附提锂工艺；需要枸杞热泵干燥装备；提高雪莲种子发芽率";
    need.conditions = {"high_altitude"};
    records.push_back(need);
    WriteCatalogue(folder_.path(), records);
    Build(folder_.path());
    running_ = StartServer(OptionsFor(folder_.path()));
    ASSERT_NE(running_.server, nullptr);
    match_ = pb::MatchService::NewStub(running_.channel);
  }

  pb::MatchResponse Match(const pb::MatchRequest& request) {
    grpc::ClientContext context;
    pb::MatchResponse response;
    const grpc::Status status = match_->Match(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  static pb::MatchRequest Request() {
    pb::MatchRequest request;
    request.set_need_name("needs/n-union");
    request.set_view(pb::MATCH_VIEW_FULL);
    return request;
  }

  TemporaryFolder folder_;
  Running running_;
  std::unique_ptr<pb::MatchService::Stub> match_;
};

TEST_F(ConsortiumServiceTest, FullSaysWhoTogetherCoversTheNeedAndWhatStaysOpen) {
  const pb::MatchResponse response = Match(Request());
  ASSERT_TRUE(response.has_consortium());
  const pb::Consortium& consortium = response.consortium();
  ASSERT_EQ(consortium.elements_size(), 4) << consortium.ShortDebugString();
  EXPECT_EQ(consortium.elements(0).kind(), pb::ConsortiumElement::CONDITION);
  EXPECT_EQ(consortium.elements(1).kind(), pb::ConsortiumElement::METHOD);
  EXPECT_EQ(consortium.elements(1).text(), "方法：盐湖卤水吸附提锂工艺");
  EXPECT_EQ(consortium.elements(3).kind(), pb::ConsortiumElement::EFFECT);
  EXPECT_EQ(consortium.elements(3).covered_by_size(), 0);
  EXPECT_EQ(consortium.open_count(), 2) << "high altitude and snow lotus";
  EXPECT_TRUE(consortium.exact());
  EXPECT_EQ(consortium.cost(), consortium.lower_bound());
  ASSERT_EQ(consortium.members_size(), 2);
  std::set<int> given;
  for (const pb::ConsortiumMember& member : consortium.members()) {
    EXPECT_NE(member.kind(), pb::RECORD_KIND_UNSPECIFIED);
    EXPECT_FALSE(member.title().empty());
    EXPECT_TRUE(member.illustrative());
    given.insert(member.elements().begin(), member.elements().end());
  }
  EXPECT_EQ(given, (std::set<int>{1, 2}));
}

TEST_F(ConsortiumServiceTest, FullAsksTheOwner) {
  const pb::MatchResponse response = Match(Request());
  ASSERT_TRUE(response.has_owner_question());
  EXPECT_THAT(response.owner_question().text(), HasSubstr("？"));
  EXPECT_GT(response.owner_question().bits(), 0);
}

TEST_F(ConsortiumServiceTest, SmallerViewsAndLaterPagesHaveNeither) {
  for (const pb::MatchView view : {pb::MATCH_VIEW_BASIC, pb::MATCH_VIEW_ID_ONLY}) {
    pb::MatchRequest request = Request();
    request.set_view(view);
    const pb::MatchResponse response = Match(request);
    EXPECT_FALSE(response.has_consortium() || response.has_owner_question());
  }
  pb::MatchRequest request = Request();
  request.set_page_size(1);
  const pb::MatchResponse first = Match(request);
  EXPECT_TRUE(first.has_consortium());
  ASSERT_FALSE(first.results().next_page_token().empty());
  request.add_kinds(pb::RESULT);
  request.set_page_token(first.results().next_page_token());
  const pb::MatchResponse second = Match(request);
  ASSERT_EQ(second.results().entries_size(), 1);
  EXPECT_FALSE(second.has_consortium() || second.has_owner_question());
}

TEST_F(ConsortiumServiceTest, WhatTheCallerMayNotSeeIsNobody) {
  pb::MatchRequest request = Request();
  request.clear_need_name();
  request.mutable_need()->set_wanted("寻求盐湖卤水提锂用电渗析膜；需要枸杞热泵干燥装备");
  const pb::MatchResponse response = Match(request);
  ASSERT_TRUE(response.has_consortium());
  EXPECT_THAT(response.consortium().ShortDebugString(), Not(HasSubstr("results/secret")));
}

TEST_F(ConsortiumServiceTest, AReplayIsTheSameBitForBit) {
  const pb::MatchResponse given = Match(Request());
  ASSERT_TRUE(given.has_consortium() && given.has_owner_question());
  grpc::ClientContext context;
  pb::ReplayMatchRequest request;
  request.set_name("matches/" + given.match_id());
  pb::ReplayMatchResponse again;
  const grpc::Status status =
      pb::ReplayService::NewStub(running_.channel)->ReplayMatch(&context, request, &again);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(again.identical());
  EXPECT_EQ(again.match().SerializeAsString(), given.SerializeAsString());
}

}  // namespace
}  // namespace dongxi
