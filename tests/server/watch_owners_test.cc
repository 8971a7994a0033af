// Standing queries over gRPC: what owners touch, and what changes beside the records.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/watch_fixture.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

using WatchOwnersTest = WatchServiceTest;

TEST_F(WatchOwnersTest, AResultIsNewWhereItsInstitutionLendsItTheRegionThatIsAskedFor) {
  const pb::Watch watch = Create([](pb::Watch* w) {
    w->set_need("needs/n-lithium");
    w->set_filter("region = \"63\"");
    w->add_kinds(pb::RESULT);
  });
  ASSERT_THAT(Names(MustPoll(watch, "")), IsEmpty());
  Record institution = Known("tj");
  institution.region = "63";
  Import({institution});
  const pb::PollWatchResponse news = MustPoll(watch, watch.creation_cursor());
  EXPECT_THAT(Names(news), Contains("results/r-lithium"));
  EXPECT_THAT(Names(news), Not(Contains("results/r-goji"))) << "of another institution";

  institution.aliases = {"津盐所"};
  Import({institution});
  EXPECT_THAT(Names(MustPoll(watch, news.next_cursor())), IsEmpty())
      << "it decides over nothing that it owns";
}

TEST_F(WatchOwnersTest, AResultIsNewOnceItsInstitutionIsOpenAgain) {
  const pb::Watch watch = Create([](pb::Watch* w) {
    w->set_need("needs/n-lithium");
    w->add_kinds(pb::RESULT);
  });
  const Record open = Known("tj");
  Record closed = open;
  closed.text += "，已注销";
  Import({closed});
  const pb::PollWatchResponse barred = MustPoll(watch, watch.creation_cursor());
  ASSERT_THAT(Names(barred), IsEmpty());
  Import({open});
  EXPECT_THAT(Names(MustPoll(watch, barred.next_cursor())), Contains("results/r-lithium"));
}

TEST_F(WatchOwnersTest, AWatchedOfferHearsOfItsNeedsOnceItsInstitutionIsOpenAgain) {
  const pb::Watch watch = Create([](pb::Watch* w) {
    w->set_offer("results/r-goji");
    w->set_min_adequacy(0.05);
  });
  ASSERT_THAT(Names(MustPoll(watch, "")), Contains("needs/n-goji"));
  const Record open = Known("js");
  Record closed = open;
  closed.text += "，已注销";
  Import({closed});
  const pb::PollWatchResponse barred = MustPoll(watch, watch.creation_cursor());
  ASSERT_THAT(Names(barred), IsEmpty());
  Import({open});
  EXPECT_THAT(Names(MustPoll(watch, barred.next_cursor())), Contains("needs/n-goji"));
}

TEST_F(WatchOwnersTest, AWatchedTextIsToldWhereItMatchesInThatText) {
  const pb::Watch watch = Create([](pb::Watch* w) {
    w->set_min_adequacy(0.05);
    w->mutable_request()->set_text("高镁锂比盐湖卤水提锂收率低\n希望得到低溶损的提锂吸附剂和工艺");
    w->add_kinds(pb::RESULT);
  });
  pb::PollWatchRequest request;
  request.set_name(watch.name());
  request.set_view(pb::MATCH_VIEW_FULL);
  pb::PollWatchResponse response;
  ASSERT_TRUE(Poll(request, &response).ok());
  int spans = 0;
  for (const pb::WatchItem& item : response.items()) {
    for (const pb::MatchedTerm& term : item.entry().matched_terms()) {
      for (const pb::TextSpan& span : term.need_spans()) {
        EXPECT_EQ(span.field(), "text");
        ++spans;
      }
    }
  }
  EXPECT_GT(spans, 0) << response.ShortDebugString();
}

TEST_F(WatchOwnersTest, ARepeatIsAnsweredAgainAlsoOnceThePolicyKnowsTheModeNoMore) {
  pb::CreateWatchRequest request;
  request.mutable_watch()->set_need("needs/n-goji");
  request.mutable_watch()->set_filter("mode : transfer");
  request.set_request_id("0b8f1c7e-5d2a-4c3b-9e6f-112233445566");
  const auto create = [this, &request](pb::Watch* watch) {
    grpc::ClientContext context;
    return watches_->CreateWatch(&context, request, watch);
  };
  pb::Watch first, again;
  ASSERT_TRUE(create(&first).ok());
  Stop();
  const TemporaryFolder policy;
  StartWithoutMode("transfer", policy.path());
  ASSERT_TRUE(create(&again).ok());
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  request.clear_request_id();
  EXPECT_EQ(create(&again).error_code(), grpc::StatusCode::INVALID_ARGUMENT)
      << "the case needs an unknown mode";
  Stop();
}

TEST_F(WatchOwnersTest, AStreamEndsWithItsWatchThoughNoRecordIsWritten) {
  const pb::Watch watch = Create([](pb::Watch* w) { w->set_need("needs/n-lithium"); });
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  pb::StreamWatchRequest request;
  request.set_name(watch.name());
  request.set_cursor(watch.creation_cursor());
  const auto stream = watches_->StreamWatch(&context, request);
  pb::PollWatchResponse news;
  ASSERT_TRUE(stream->Read(&news));
  pb::DeleteWatchRequest remove;
  remove.set_name(watch.name());
  pb::DeleteWatchResponse removed;
  grpc::ClientContext remove_context;
  ASSERT_TRUE(watches_->DeleteWatch(&remove_context, remove, &removed).ok());
  EXPECT_FALSE(stream->Read(&news));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace dongxi
