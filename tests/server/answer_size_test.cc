// Long answers fit a client that takes 4 MiB, as stock ones do, and nothing of them is lost: over gRPC on a
// channel with the default limits.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/client.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

constexpr size_t kClientBytesMax = size_t{4} << 20;
constexpr int kResults = 1'100;
constexpr int kInstitutions = 3;  // one alone has no more than 1,000 entries in a list

class AnswerSizeTest : public testing::Test {
 protected:
  // Every entry tells the institution behind it, whose title makes it long.
  void SetUp() override {
    std::vector<Record> records = SmallCatalogue();
    for (int i = 0; i < kInstitutions; ++i) {
      Record institution;
      institution.kind = RecordKind::kInstitution;
      institution.id = "long-" + std::to_string(i);
      institution.title = "示例研究所";
      for (int word = 0; word < 1'500; ++word) institution.title += " abc";
      institution.type = "research_institute";
      institution.region = "12";
      records.push_back(institution);
    }
    for (int i = 0; i < kResults; ++i) {
      Record result;
      result.kind = RecordKind::kResult;
      result.id = "many-" + std::to_string(i);
      result.title = "盐湖提锂吸附剂" + std::to_string(i);
      result.owners = {{RecordKind::kInstitution, "long-" + std::to_string(i % kInstitutions)}};
      records.push_back(result);
    }
    WriteCatalogue(folder_.path(), records);
    ASSERT_FALSE(Build(folder_.path()).empty());
    running_ = StartServer(OptionsFor(folder_.path()));
    ASSERT_NE(running_.server, nullptr);
  }
  static pb::MatchRequest Results(int page_size) {
    pb::MatchRequest request;
    request.set_need_name("needs/n-lithium");
    request.add_kinds(pb::RESULT);
    request.set_page_size(page_size);
    request.set_per_institution_max(1'000);
    request.set_view(pb::MATCH_VIEW_BASIC);
    return request;
  }
  static std::vector<std::string> Names(const pb::MatchList& list) {
    std::vector<std::string> names;
    for (const pb::MatchEntry& entry : list.entries()) names.push_back(entry.name());
    return names;
  }
  // Of all pages, and how many there are.
  std::pair<std::vector<std::string>, int> Pages(pb::MatchRequest request) {
    const auto stub = pb::MatchService::NewStub(running_.channel);
    std::vector<std::string> all;
    int pages = 0;
    do {
      grpc::ClientContext context;
      pb::MatchResponse page;
      const grpc::Status status = stub->Match(&context, request, &page);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_LT(page.ByteSizeLong(), kClientBytesMax);
      const std::vector<std::string> names = Names(page.results());
      all.insert(all.end(), names.begin(), names.end());
      request.set_page_token(page.results().next_page_token());
      ++pages;
    } while (!request.page_token().empty());
    return {all, pages};
  }
  // The same of the whole list of a watch.
  std::pair<std::vector<std::string>, int> Items(const std::string& watch, int page_size) {
    const auto stub = pb::WatchService::NewStub(running_.channel);
    pb::PollWatchRequest request;
    request.set_name(watch);
    request.set_page_size(page_size);
    std::vector<std::string> all;
    int pages = 0;
    for (bool more = true; more; ++pages) {
      grpc::ClientContext context;
      pb::PollWatchResponse page;
      const grpc::Status status = stub->PollWatch(&context, request, &page);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_LT(page.ByteSizeLong(), kClientBytesMax);
      for (const pb::WatchItem& item : page.items()) all.push_back(item.entry().name());
      request.set_cursor(page.next_cursor());
      more = page.more();
    }
    return {all, pages};
  }

  TemporaryFolder folder_;
  Running running_;
};

TEST_F(AnswerSizeTest, APageOfAThousandIsShortAndPagesGiveTheSameListAsPagesOfTen) {
  const auto [large, large_pages] = Pages(Results(1'000));
  const auto [small, small_pages] = Pages(Results(10));
  EXPECT_GE(large.size(), size_t{kResults});
  EXPECT_EQ(large, small);
  EXPECT_GT(large_pages, 2) << "else there was nothing to shorten";
  EXPECT_GT(small_pages, large_pages);
}

TEST_F(AnswerSizeTest, TheCommandLineGetsAsManyEntriesAsItAsksFor) {
  cli::ConnectionOptions options;
  options.server = "127.0.0.1:" + std::to_string(running_.server->port());
  const auto client = cli::Client::Open(options);
  ASSERT_TRUE(client.ok()) << client.status();
  const auto answer = (*client)->Match(Results(900));
  ASSERT_TRUE(answer.ok()) << answer.status();
  std::vector<std::string> want = Pages(Results(1'000)).first;
  ASSERT_GT(want.size(), 900u);
  want.resize(900);
  EXPECT_EQ(Names(answer->results()), want);
  EXPECT_FALSE(answer->results().next_page_token().empty());
  EXPECT_FALSE(answer->has_partners()) << "was not asked for";
}

TEST_F(AnswerSizeTest, APageOfAWatchIsShortAndNothingIsLeftOut) {
  const auto stub = pb::WatchService::NewStub(running_.channel);
  pb::CreateWatchRequest request;
  request.mutable_watch()->set_need("needs/n-lithium");
  request.mutable_watch()->add_kinds(pb::RESULT);
  request.mutable_watch()->set_min_adequacy(0);
  grpc::ClientContext context;
  pb::Watch watch;
  ASSERT_TRUE(stub->CreateWatch(&context, request, &watch).ok());
  const auto [large, large_pages] = Items(watch.name(), 1'000);
  const auto [small, small_pages] = Items(watch.name(), 300);
  EXPECT_GE(large.size(), size_t{kResults});
  EXPECT_EQ(large, small);
  EXPECT_GT(large_pages, 2) << "else there was nothing to shorten";
}

}  // namespace
}  // namespace dongxi
