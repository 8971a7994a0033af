// Standing queries over gRPC: what is new, cursors, streams.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"
#include "indexer/backup/backup.h"
#include "server/watch_store.h"
#include "tests/server/watch_fixture.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

// Backs a stopped server's folder up and restores it into `target`.
void Restore(const std::filesystem::path& folder, const std::filesystem::path& target) {
  auto catalogue = Catalogue::Open(folder / "catalogue");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  BackupOptions options;
  options.data = folder;
  options.to = folder / "backups";
  options.time = absl::Now();
  const auto backup = MakeBackup(**catalogue, options);
  ASSERT_TRUE(backup.ok()) << backup.status();
  const auto restored = RestoreBackup(backup->directory, target, {});
  ASSERT_TRUE(restored.ok()) << restored.status();
}

TEST_F(WatchServiceTest, ANewResultIsReportedOnce) {
  const pb::Watch watch = Create([](pb::Watch* w) { w->set_need("needs/n-lithium"); });
  EXPECT_THAT(Names(MustPoll(watch, watch.creation_cursor())), IsEmpty());
  Import({NewResult("new"), NewResult("other", "枸杞热泵干燥装备")});
  const pb::PollWatchResponse news = MustPoll(watch, watch.creation_cursor());
  EXPECT_THAT(Names(news), Contains("results/new"));
  EXPECT_THAT(Names(news), Contains("institutions/tj")) << "the new result votes for its owner";
  EXPECT_THAT(Names(news), Not(Contains("results/r-lithium"))) << "nothing touched it";
  EXPECT_THAT(Names(news), Not(Contains("results/other"))) << "it is not adequate";
  EXPECT_FALSE(news.more());
  EXPECT_THAT(Names(MustPoll(watch, news.next_cursor())), IsEmpty());
  const pb::PollWatchResponse repeat = MustPoll(watch, watch.creation_cursor());
  ASSERT_EQ(repeat.items_size(), news.items_size());
  for (int i = 0; i < news.items_size(); ++i) EXPECT_EQ(repeat.items(i).id(), news.items(i).id());
}

TEST_F(WatchServiceTest, AnEmptyCursorGivesTheWholeListByPages) {
  const pb::Watch watch = Create([](pb::Watch* w) {
    w->set_need("needs/n-lithium");
    w->add_kinds(pb::RESULT);
    w->set_min_adequacy(0);
  });
  const std::vector<std::string> all = Names(MustPoll(watch, ""));
  EXPECT_THAT(all, Contains("results/r-lithium"));
  EXPECT_THAT(all, Contains("results/r-magnesium"));
  EXPECT_THAT(all, Not(Contains("results/secret")));
  std::vector<std::string> paged;
  std::string cursor;
  for (bool more = true; more;) {
    const pb::PollWatchResponse page = MustPoll(watch, cursor, 1);
    for (const std::string& name : Names(page)) paged.push_back(name);
    cursor = page.next_cursor();
    more = page.more();
  }
  EXPECT_EQ(paged, all);
  Import({NewResult("new")});
  EXPECT_THAT(Names(MustPoll(watch, cursor)), ElementsAre("results/new"))
      << "it goes on where the list ended";
}

TEST_F(WatchServiceTest, ACursorOfBeforeARestoreGetsTheWholeListAgain) {
  const pb::Watch watch = Create([](pb::Watch* w) { w->set_need("needs/n-lithium"); });
  const std::string ahead = EncodeWatchCursor(watch.name(), {.from = 1'000'000});
  const pb::PollWatchResponse response = MustPoll(watch, ahead);
  EXPECT_EQ(Names(response), Names(MustPoll(watch, "")));
  EXPECT_THAT(Names(response), Contains("results/r-lithium"));
  EXPECT_THAT(Names(MustPoll(watch, response.next_cursor())), IsEmpty());
}

// The restored catalogue gives the sequence that the cursor stands for to another write, and passes it.
TEST_F(WatchServiceTest, ACursorOfAfterTheBackupMissesNothingOnceTheRestoredCatalogueHasPassedIt) {
  const pb::Watch watch = Create([](pb::Watch* w) {
    w->set_need("needs/n-lithium");
    w->add_kinds(pb::RESULT);
  });
  Stop();
  const TemporaryFolder machine;
  Restore(folder_.path(), machine.path() / "data");
  Start();
  Import({NewResult("lost")});
  const pb::PollWatchResponse late = MustPoll(watch, watch.creation_cursor());
  ASSERT_THAT(Names(late), ElementsAre("results/lost"));
  Stop();

  running_ = StartServer(OptionsFor(machine.path() / "data"));
  ASSERT_NE(running_.server, nullptr);
  Connect();
  Import({NewResult("new")});
  Import({NewResult("newer")});
  EXPECT_THAT(Names(MustPoll(watch, watch.creation_cursor())), ElementsAre("results/new", "results/newer"))
      << "of before the backup: it goes on";
  const pb::PollWatchResponse told = MustPoll(watch, late.next_cursor());
  EXPECT_THAT(Names(told), Contains("results/new"));
  EXPECT_EQ(Names(told), Names(MustPoll(watch, ""))) << "the whole list";
  EXPECT_THAT(Names(MustPoll(watch, told.next_cursor())), IsEmpty());
  Stop();
}

TEST_F(WatchServiceTest, LongWatchesMakeAPageShortAndNoneIsLeftOut) {
  constexpr int kWatches = 24;
  std::string text = "盐湖卤水提锂";
  while (text.size() < 290'000) text += "盐湖卤水提锂";
  for (int i = 0; i < kWatches; ++i) Create([&](pb::Watch* w) { w->mutable_request()->set_text(text); });
  int found = 0, pages = 0;
  pb::ListWatchesRequest request;
  do {
    pb::ListWatchesResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(watches_->ListWatches(&context, request, &response).ok());
    EXPECT_LT(response.ByteSizeLong(), size_t{4} << 20);
    found += response.watches_size();
    ++pages;
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(found, kWatches);
  EXPECT_GT(pages, 1);
}

TEST_F(WatchServiceTest, AWatchedOfferHearsOfNewNeeds) {
  const pb::Watch watch = Create([](pb::Watch* w) { w->set_offer("results/r-goji"); });
  Record need;
  need.kind = RecordKind::kNeed;
  need.id = "n-new";
  need.title = "枸杞干燥要节能装备";
  need.region = "64";
  need.wanted = "枸杞热泵干燥装备";
  Import({need, NewResult("new")});
  EXPECT_THAT(Names(MustPoll(watch, watch.creation_cursor())), ElementsAre("needs/n-new"));
}

TEST_F(WatchServiceTest, AChangedNeedBringsEverythingAgain) {
  const pb::Watch watch = Create([](pb::Watch* w) {
    w->set_need("needs/n-goji");
    w->add_kinds(pb::RESULT);
  });
  Record need;
  need.kind = RecordKind::kNeed;
  need.id = "n-goji";
  need.title = "高镁锂比盐湖卤水提锂收率低";
  need.region = "63";
  need.wanted = "低溶损的提锂吸附剂和工艺";
  Import({need});
  EXPECT_THAT(Names(MustPoll(watch, watch.creation_cursor())), Contains("results/r-lithium"));
}

TEST_F(WatchServiceTest, AFilterAndARefusalHold) {
  const pb::Watch filtered = Create([](pb::Watch* w) {
    w->set_need("needs/n-lithium");
    w->set_filter("region = \"44\"");
  });
  const pb::Watch open = Create([](pb::Watch* w) {
    w->set_need("needs/n-lithium");
    w->add_kinds(pb::RESULT);
  });
  const pb::Watch copy = Create([](pb::Watch* w) {
    w->mutable_request()->mutable_need()->set_name("needs/n-lithium");
    w->mutable_request()->mutable_need()->set_title("高镁锂比盐湖卤水提锂收率低");
    w->mutable_request()->mutable_need()->set_wanted("希望得到低溶损的提锂吸附剂和工艺");
    w->add_kinds(pb::RESULT);
  });
  Import({NewResult("new"), NewResult("refused")});
  EXPECT_THAT(Names(MustPoll(filtered, filtered.creation_cursor())), IsEmpty());
  grpc::ClientContext context;
  pb::RecordEngagementRequest refusal;
  refusal.mutable_engagement()->set_need("needs/n-lithium");
  refusal.mutable_engagement()->set_offer("results/refused");
  refusal.mutable_engagement()->set_step(pb::ENGAGEMENT_STEP_REFUSED);
  refusal.mutable_engagement()->set_refusal_reason(pb::REFUSAL_REASON_TOO_EARLY);
  refusal.mutable_engagement()->set_match_id(open.name());
  pb::RecordEngagementResponse recorded;
  const grpc::Status status =
      pb::EngagementService::NewStub(running_.channel)->RecordEngagement(&context, refusal, &recorded);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(Names(MustPoll(open, open.creation_cursor())), ElementsAre("results/new"));
  EXPECT_THAT(Names(MustPoll(copy, copy.creation_cursor())), ElementsAre("results/new"));
}

TEST_F(WatchServiceTest, CursorsOutliveARestartAndAGeneration) {
  const pb::Watch watch = Create([](pb::Watch* w) {
    w->set_need("needs/n-lithium");
    w->add_kinds(pb::RESULT);
  });
  Import({NewResult("new")});
  ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
  ASSERT_FALSE(Build(folder_.path()).empty());
  Start();
  EXPECT_THAT(Names(MustPoll(watch, watch.creation_cursor())), ElementsAre("results/new"));
}

TEST_F(WatchServiceTest, WatchesAreKeptListedChangedAndDeleted) {
  pb::CreateWatchRequest request;
  request.mutable_watch()->set_need("needs/n-goji");
  request.set_request_id("123e4567-e89b-42d3-a456-426614174000");
  pb::Watch first, again;
  grpc::ClientContext c1, c2, c3, c4, c5, c6, c7;
  ASSERT_TRUE(watches_->CreateWatch(&c1, request, &first).ok());
  ASSERT_TRUE(watches_->CreateWatch(&c2, request, &again).ok());
  EXPECT_EQ(first.name(), again.name());
  const pb::Watch second = Create([](pb::Watch* w) { w->mutable_request()->set_text("盐湖提锂"); });
  pb::ListWatchesRequest list;
  list.set_page_size(1);
  pb::ListWatchesResponse page;
  ASSERT_TRUE(watches_->ListWatches(&c3, list, &page).ok());
  ASSERT_EQ(page.watches_size(), 1);
  EXPECT_EQ(page.watches(0).name(), first.name());
  list.set_page_token(page.next_page_token());
  ASSERT_TRUE(watches_->ListWatches(&c4, list, &page).ok());
  EXPECT_EQ(page.watches(0).name(), second.name());

  pb::UpdateWatchRequest update;
  *update.mutable_watch() = first;
  update.mutable_watch()->set_title("枸杞");
  update.mutable_watch()->set_filter("maturity >= 6");
  pb::Watch changed;
  ASSERT_TRUE(watches_->UpdateWatch(&c5, update, &changed).ok());
  EXPECT_EQ(changed.title(), "枸杞");
  EXPECT_EQ(changed.need(), "needs/n-goji");
  pb::DeleteWatchRequest remove;
  remove.set_name(first.name());
  pb::DeleteWatchResponse removed;
  ASSERT_TRUE(watches_->DeleteWatch(&c6, remove, &removed).ok());
  pb::GetWatchRequest get;
  get.set_name(first.name());
  EXPECT_EQ(watches_->GetWatch(&c7, get, &again).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(WatchServiceTest, AnUpdateChangesWhatItsMaskNamesAndChecksItsEtag) {
  const pb::Watch made = Create([](pb::Watch* w) {
    w->set_need("needs/n-goji");
    w->set_filter("maturity >= 6");
  });
  const auto update = [this](const pb::UpdateWatchRequest& request, pb::Watch* watch) {
    grpc::ClientContext context;
    return watches_->UpdateWatch(&context, request, watch);
  };
  pb::UpdateWatchRequest request;
  request.mutable_watch()->set_name(made.name());
  request.mutable_watch()->set_title("枸杞");
  request.mutable_watch()->set_etag(made.etag());
  request.mutable_update_mask()->add_paths("title");
  pb::Watch changed;
  ASSERT_TRUE(update(request, &changed).ok());
  EXPECT_EQ(changed.title(), "枸杞");
  EXPECT_EQ(changed.filter(), "maturity >= 6") << "not in the mask";
  EXPECT_NE(changed.etag(), made.etag());
  EXPECT_EQ(DetailsOf(update(request, &changed)).reason, "ETAG_MISMATCH");
  request.mutable_watch()->clear_etag();
  request.mutable_update_mask()->add_paths("need");
  EXPECT_EQ(DetailsOf(update(request, &changed)).field, "update_mask");

  pb::DeleteWatchRequest remove;
  remove.set_name(made.name());
  remove.set_etag(made.etag());
  pb::DeleteWatchResponse removed;
  grpc::ClientContext c1, c2, c3;
  EXPECT_EQ(watches_->DeleteWatch(&c1, remove, &removed).error_code(), grpc::StatusCode::ABORTED);
  pb::GetWatchRequest get;
  get.set_name(made.name());
  ASSERT_TRUE(watches_->GetWatch(&c2, get, &changed).ok());
  remove.set_etag(changed.etag());
  EXPECT_TRUE(watches_->DeleteWatch(&c3, remove, &removed).ok());
}

TEST_F(WatchServiceTest, ARequestIdIsOfOneRequest) {
  pb::CreateWatchRequest request;
  request.mutable_watch()->set_need("needs/n-goji");
  request.set_request_id("0b8f1c7e-5d2a-4c3b-9e6f-112233445566");
  const auto create = [this](const pb::CreateWatchRequest& sent, pb::Watch* watch) {
    grpc::ClientContext context;
    return watches_->CreateWatch(&context, sent, watch);
  };
  pb::Watch first, again;
  ASSERT_TRUE(create(request, &first).ok());
  request.set_request_id("0B8F1C7E-5D2A-4C3B-9E6F-112233445566");
  ASSERT_TRUE(create(request, &again).ok());
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString()) << "the first answer";
  request.mutable_watch()->set_need("needs/n-lithium");
  EXPECT_EQ(DetailsOf(create(request, &again)).reason, "REQUEST_ID_REUSED");
  request.set_request_id("0b8f1c7e-5d2a-1c3b-9e6f-112233445566");
  EXPECT_EQ(DetailsOf(create(request, &again)).reason, "REQUEST_ID_INVALID") << "no version 4";
}

TEST_F(WatchServiceTest, ASavedRequestIsRankedAsItSays) {
  pb::CreateWatchRequest request;
  request.mutable_watch()->mutable_request()->set_text("盐湖提锂");
  request.mutable_watch()->mutable_request()->set_ranking_profile("no such profile");
  pb::Watch watch;
  grpc::ClientContext context;
  const grpc::Status status = watches_->CreateWatch(&context, request, &watch);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).field, "ranking_profile");
}

TEST_F(WatchServiceTest, WrongRequestsAreToldWithTheirField) {
  const auto field_of = [&](const std::function<void(pb::Watch*)>& set) {
    pb::CreateWatchRequest request;
    set(request.mutable_watch());
    grpc::ClientContext context;
    pb::Watch watch;
    return DetailsOf(watches_->CreateWatch(&context, request, &watch)).field;
  };
  EXPECT_EQ(field_of([](pb::Watch*) {}), "watch");
  EXPECT_EQ(field_of([](pb::Watch* w) { w->set_need("n-goji"); }), "watch.need");
  EXPECT_EQ(field_of([](pb::Watch* w) { w->set_offer("needs/n-goji"); }), "watch.offer");
  EXPECT_EQ(field_of([](pb::Watch* w) { w->set_filter("region ="); }), "filter");
  EXPECT_EQ(field_of([](pb::Watch* w) { w->set_min_adequacy(1.5); }), "watch.min_adequacy");
  EXPECT_EQ(field_of([](pb::Watch* w) { w->mutable_request()->set_page_size(5); }), "watch.request");

  const pb::Watch one = Create([](pb::Watch* w) { w->set_need("needs/n-goji"); });
  const pb::Watch two = Create([](pb::Watch* w) { w->set_need("needs/n-lithium"); });
  pb::PollWatchRequest poll;
  pb::PollWatchResponse response;
  poll.set_name(two.name());
  for (const std::string& cursor : {one.creation_cursor(), std::string("garbage")}) {
    poll.set_cursor(cursor);
    const grpc::Status status = Poll(poll, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(DetailsOf(status).reason, "CURSOR_INVALID");
  }
}

TEST_F(WatchServiceTest, WhatIsNoNameOfAWatchIsToldSo) {
  for (const char* name : {"", "needs/n-goji"}) {
    pb::PollWatchRequest poll;
    poll.set_name(name);
    pb::PollWatchResponse response;
    const grpc::Status polled = Poll(poll, &response);
    EXPECT_EQ(polled.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(DetailsOf(polled).field, "name");
    pb::UpdateWatchRequest update;
    update.mutable_watch()->set_name(name);
    pb::Watch watch;
    grpc::ClientContext context;
    EXPECT_EQ(DetailsOf(watches_->UpdateWatch(&context, update, &watch)).field, "watch.name");
  }
}

TEST_F(WatchServiceTest, AWatchedNeedWithoutAWordIsRefusedByItsPoll) {
  Stop();
  WriteCatalogue(folder_.path(), {{.kind = RecordKind::kNeed, .id = "n-signs", .title = "？！"}});
  Start();
  const pb::Watch watch = Create([](pb::Watch* w) { w->set_need("needs/n-signs"); });
  pb::PollWatchRequest poll;
  poll.set_name(watch.name());
  pb::PollWatchResponse response;
  const grpc::Status polled = Poll(poll, &response);
  EXPECT_EQ(DetailsOf(polled).field, "name");
  EXPECT_EQ(DetailsOf(polled).reason, "RECORD_WITHOUT_TEXT");
}

TEST_F(WatchServiceTest, AStreamWakesUpWhenSomethingNewComes) {
  const pb::Watch watch = Create([](pb::Watch* w) {
    w->set_need("needs/n-lithium");
    w->add_kinds(pb::RESULT);
  });
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  pb::StreamWatchRequest request;
  request.set_name(watch.name());
  request.set_cursor(watch.creation_cursor());
  const auto stream = watches_->StreamWatch(&context, request);
  pb::PollWatchResponse news;
  ASSERT_TRUE(stream->Read(&news)) << "the first message comes at once";
  EXPECT_THAT(Names(news), IsEmpty());
  Import({NewResult("other", "枸杞热泵干燥装备")});
  Import({NewResult("new")});
  ASSERT_TRUE(stream->Read(&news));
  EXPECT_THAT(Names(news), ElementsAre("results/new"));
  context.TryCancel();
  EXPECT_FALSE(stream->Read(&news));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(WatchServiceTest, StreamsAreBoundedAndEndWithTheServer) {
  ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
  ServerOptions options = OptionsFor(folder_.path());
  options.threads = 64;  // one in sixteen: four streams; the gate's budget would allow seven
  running_ = StartServer(options);
  ASSERT_NE(running_.server, nullptr);
  watches_ = pb::WatchService::NewStub(running_.channel);
  const pb::Watch watch = Create([](pb::Watch* w) { w->set_need("needs/n-lithium"); });
  pb::StreamWatchRequest request;
  request.set_name(watch.name());
  grpc::ClientContext contexts[5];
  std::vector<std::unique_ptr<grpc::ClientReader<pb::PollWatchResponse>>> streams;
  pb::PollWatchResponse news;
  grpc::Status refused;
  for (grpc::ClientContext& one : contexts) {
    auto stream = watches_->StreamWatch(&one, request);
    if (!stream->Read(&news)) {
      refused = stream->Finish();
      break;
    }
    streams.push_back(std::move(stream));
  }
  EXPECT_EQ(streams.size(), 4u);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(DetailsOf(refused).reason, "TOO_MANY_STREAMS");
  EXPECT_GT(DetailsOf(refused).retry_seconds, 0);
  EXPECT_EQ(MustPoll(watch, watch.creation_cursor()).items_size(), 0) << "who polls is served meanwhile";
  ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(30)).ok());
  for (const auto& stream : streams) {
    EXPECT_FALSE(stream->Read(&news));
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  }
}

}  // namespace
}  // namespace dongxi
