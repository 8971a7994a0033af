// Which steps a match may be said to have caused, and what counts as signed after a recommendation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "dongxi/v1/search.grpc.pb.h"
#include "dongxi/v1/statistics.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"
#include "tests/server/engagement_service_fixture.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::Not;

constexpr char kNeed[] = "needs/n-lithium";

class EngagementMatchTest : public EngagementServiceTest {
 protected:
  static pb::RecordEngagementRequest Today(const std::string& offer, pb::EngagementStep step,
                                           const std::string& match_id, const std::string& need = kNeed) {
    pb::RecordEngagementRequest request = Request(need, offer, step, 0);
    request.mutable_engagement()->mutable_event_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));
    request.mutable_engagement()->set_match_id(match_id);
    return request;
  }
  static bool IsNotListed(const pb::Engagement& entry) {
    for (const pb::EngagementWarning& warning : entry.warnings()) {
      if (warning.code() == "NOT_LISTED") return true;
    }
    return false;
  }
  template <typename Request, typename Response>
  Response Ask(grpc::Status (pb::MatchService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                              Response*),
               const Request& request) {
    grpc::ClientContext context;
    Response response;
    const grpc::Status status = (match_.get()->*method)(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  pb::MatchResponse Results(int page_size, const std::string& page_token = "") {
    pb::MatchRequest request;
    request.set_need_name(kNeed);
    request.add_kinds(pb::RESULT);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    return Ask(&pb::MatchService::Stub::Match, request);
  }
  // Signatures after a recommendation, and without.
  std::pair<int64_t, int64_t> Signed() {
    grpc::ClientContext context;
    pb::ComputeStatisticsRequest request;
    const absl::TimeZone china = absl::FixedTimeZone(8 * 3600);
    const absl::CivilDay today = absl::ToCivilDay(absl::Now(), china);
    request.mutable_start_time()->set_seconds(absl::ToUnixSeconds(absl::FromCivil(today - 1000, china)));
    request.mutable_end_time()->set_seconds(absl::ToUnixSeconds(absl::FromCivil(today + 2, china)));
    pb::Statistics statistics;
    const auto stub = pb::StatisticsService::NewStub(running_.channel);
    const grpc::Status status = stub->ComputeStatistics(&context, request, &statistics);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) return {-1, -1};
    const auto& figures = statistics.total().figures();
    return {figures[pb::FIGURE_KIND_SIGNED_RECOMMENDED - 1].entries(),
            figures[pb::FIGURE_KIND_SIGNED_UNRECOMMENDED - 1].entries()};
  }
};

TEST_F(EngagementMatchTest, AnOfferThatWasListedIsRecommendedAndAnotherIsNot) {
  const pb::MatchResponse answer = Results(1);
  const std::string listed = answer.results().entries(0).name();
  ASSERT_EQ(listed, "results/r-lithium");
  EXPECT_FALSE(IsNotListed(MustRecord(Today(listed, pb::ENGAGEMENT_STEP_SIGNED, answer.match_id()))));
  EXPECT_EQ(Signed(), std::pair(int64_t{1}, int64_t{0}));
  for (const char* other : {"results/r-blade", "institutions/js"})
    EXPECT_TRUE(IsNotListed(MustRecord(Today(other, pb::ENGAGEMENT_STEP_SIGNED, answer.match_id()))))
        << other;
  EXPECT_EQ(Signed(), std::pair(int64_t{1}, int64_t{2}));
}

TEST_F(EngagementMatchTest, EveryPageNamesWhatItListsItself) {
  const pb::MatchResponse first = Results(1);
  const pb::MatchResponse second = Results(1, first.results().next_page_token());
  ASSERT_EQ(second.results().entries_size(), 1);
  const std::string on_second = second.results().entries(0).name();
  EXPECT_TRUE(IsNotListed(MustRecord(Today(on_second, pb::ENGAGEMENT_STEP_MET, first.match_id()))));
  EXPECT_FALSE(IsNotListed(MustRecord(Today(on_second, pb::ENGAGEMENT_STEP_MET, second.match_id()))));
}

TEST_F(EngagementMatchTest, AnswersToATextAndTheOtherWayRoundSayWhatTheyListToo) {
  pb::MatchRequest text;
  text.set_text("盐湖卤水提锂吸附剂");
  text.set_page_size(1);
  const pb::MatchResponse of_text = Ask(&pb::MatchService::Stub::Match, text);
  ASSERT_THAT(Names(of_text.results()), Contains("results/r-lithium"));
  ASSERT_THAT(Names(of_text.results()), Not(Contains("results/r-blade")));
  EXPECT_FALSE(
      IsNotListed(MustRecord(Today("results/r-lithium", pb::ENGAGEMENT_STEP_VIEWED, of_text.match_id()))));
  EXPECT_TRUE(
      IsNotListed(MustRecord(Today("results/r-blade", pb::ENGAGEMENT_STEP_VIEWED, of_text.match_id()))));
  pb::ReverseMatchRequest reverse;
  reverse.set_offer_name("results/r-lithium");
  reverse.set_page_size(1);
  const pb::ReverseMatchResponse needs = Ask(&pb::MatchService::Stub::ReverseMatch, reverse);
  ASSERT_THAT(Names(needs.needs()), Contains(kNeed));
  ASSERT_THAT(Names(needs.needs()), Not(Contains("needs/n-goji")));
  EXPECT_FALSE(
      IsNotListed(MustRecord(Today("results/r-lithium", pb::ENGAGEMENT_STEP_MET, needs.match_id()))));
  EXPECT_TRUE(IsNotListed(
      MustRecord(Today("results/r-lithium", pb::ENGAGEMENT_STEP_MET, needs.match_id(), "needs/n-goji"))));
}

template <typename Request>
Request WithMask(Request request, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) request.mutable_read_mask()->add_paths(path);
  return request;
}

TEST_F(EngagementMatchTest, AReadMaskLeavesOutFieldsNotRecommendations) {
  pb::MatchRequest match;
  match.set_need_name(kNeed);
  match.add_kinds(pb::RESULT);
  match.set_page_size(1);
  pb::ReverseMatchRequest reverse;
  reverse.set_offer_name("results/r-lithium");
  // The last is the one of docs/matching_api.md.
  const std::vector<std::vector<std::string>> masks = {
      {"name"}, {"title"}, {"name", "title", "score", "adequate", "reasons"}};
  int contracts = 0;
  for (const std::vector<std::string>& paths : masks) {
    SCOPED_TRACE(testing::PrintToString(paths));
    const std::string of_need = Ask(&pb::MatchService::Stub::Match, WithMask(match, paths)).match_id();
    const std::string of_offer =
        Ask(&pb::MatchService::Stub::ReverseMatch, WithMask(reverse, paths)).match_id();
    for (const std::string& match_id : {of_need, of_offer}) {
      pb::RecordEngagementRequest contract = Today("results/r-lithium", pb::ENGAGEMENT_STEP_SIGNED, match_id);
      contract.mutable_engagement()->set_amount_wan(++contracts);  // otherwise it repeats the one before
      EXPECT_FALSE(IsNotListed(MustRecord(contract))) << match_id;
    }
  }
  EXPECT_GT(Signed().first, 0);
  EXPECT_EQ(Signed().second, 0);
  const std::string page_of_one = Ask(&pb::MatchService::Stub::Match, WithMask(match, {"name"})).match_id();
  EXPECT_TRUE(IsNotListed(MustRecord(Today("results/r-blade", pb::ENGAGEMENT_STEP_MET, page_of_one))));
}

TEST_F(EngagementMatchTest, AReadMaskOfASearchDoesNotEither) {
  const auto stub = pb::SearchService::NewStub(running_.channel);
  pb::SearchRequest search;
  search.set_query("盐湖卤水提锂吸附剂");
  int contracts = 0;
  for (const char* path : {"name", "title"}) {
    SCOPED_TRACE(path);
    grpc::ClientContext context;
    pb::SearchResponse answer;
    const grpc::Status status = stub->Search(&context, WithMask(search, {path}), &answer);
    ASSERT_TRUE(status.ok()) << status.error_message();
    pb::RecordEngagementRequest contract =
        Today("results/r-lithium", pb::ENGAGEMENT_STEP_SIGNED, answer.match_id());
    contract.mutable_engagement()->set_amount_wan(++contracts);
    EXPECT_FALSE(IsNotListed(MustRecord(contract)));
  }
}

TEST_F(EngagementMatchTest, WhatHappenedBeforeTheMatchDidNotComeOfIt) {
  const std::string match_id = Results(10).match_id();
  pb::RecordEngagementRequest before = OfLithium(pb::ENGAGEMENT_STEP_SIGNED, 1);
  before.mutable_engagement()->set_match_id(match_id);
  const grpc::Status status = Record(before);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).reason, "MATCH_AFTER_EVENT");
  EXPECT_EQ(DetailsOf(status).field, "engagement.match_id");
  // Nor through an entry of the pair that names it rightly, nor by a correction of its day.
  const pb::Engagement met = MustRecord(Today("results/r-lithium", pb::ENGAGEMENT_STEP_MET, match_id));
  pb::RecordEngagementRequest viewed = OfLithium(pb::ENGAGEMENT_STEP_VIEWED, 1);
  viewed.mutable_engagement()->set_match_id(match_id);
  EXPECT_EQ(DetailsOf(Record(viewed)).reason, "MATCH_AFTER_EVENT");
  pb::CorrectEngagementRequest correction;
  correction.set_name(met.name());
  *correction.mutable_engagement() = met;
  *correction.mutable_engagement()->mutable_event_time() = before.engagement().event_time();
  correction.set_why("日期有误");
  EXPECT_EQ(DetailsOf(Correct(correction)).reason, "MATCH_AFTER_EVENT");
}

TEST_F(EngagementMatchTest, WhatWasNotListedStaysSoInCorrectionsAndWithoutTheMatchLog) {
  const std::string match_id = Results(1).match_id();
  const pb::Engagement met = MustRecord(Today("results/r-blade", pb::ENGAGEMENT_STEP_MET, match_id));
  ASSERT_TRUE(IsNotListed(met));
  Stop();
  {
    const auto catalogue = Catalogue::Open(folder_.path() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    const auto plan = [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
      WriteBatch batch;
      batch.puts.push_back({Table::kMatches, match_id, std::nullopt});
      return batch;
    };
    ASSERT_TRUE((*catalogue)->Write(plan, kSpring2025 * 1'000'000).ok());
  }
  Start();
  pb::CorrectEngagementRequest correction;
  correction.set_name(met.name());
  *correction.mutable_engagement() = met;
  correction.mutable_engagement()->set_note("在西宁");
  correction.set_why("补记地点");
  pb::RecordEngagementResponse corrected;
  ASSERT_TRUE(Correct(correction, &corrected).ok());
  EXPECT_TRUE(IsNotListed(corrected.engagement()));
  EXPECT_TRUE(IsNotListed(MustRecord(Today("results/r-blade", pb::ENGAGEMENT_STEP_SIGNED, match_id))));
  EXPECT_EQ(Signed(), std::pair(int64_t{0}, int64_t{1}));
}

TEST_F(EngagementMatchTest, AWatchOfTheNeedIsBelievedAndOneOfATextIsNot) {
  const auto watches = pb::WatchService::NewStub(running_.channel);
  pb::CreateWatchRequest of_need, of_text;
  of_need.mutable_watch()->set_need(kNeed);
  of_text.mutable_watch()->mutable_request()->set_text("风机叶片涂层");
  std::vector<std::string> names;
  for (const pb::CreateWatchRequest* request : {&of_need, &of_text}) {
    grpc::ClientContext context;
    pb::Watch watch;
    ASSERT_TRUE(watches->CreateWatch(&context, *request, &watch).ok());
    names.push_back(watch.name());
  }
  EXPECT_FALSE(IsNotListed(MustRecord(Today("results/r-lithium", pb::ENGAGEMENT_STEP_MET, names[0]))));
  EXPECT_TRUE(IsNotListed(MustRecord(Today("results/r-lithium", pb::ENGAGEMENT_STEP_MET, names[1]))));
  pb::RecordEngagementRequest before = OfLithium(pb::ENGAGEMENT_STEP_VIEWED, 1);
  before.mutable_engagement()->set_match_id(names[0]);
  EXPECT_EQ(DetailsOf(Record(before)).reason, "MATCH_AFTER_EVENT");
}

}  // namespace
}  // namespace dongxi
