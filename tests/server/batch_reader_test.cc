// Readers of a batch of matches who stop reading or go away: the one slot of batches is given back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "absl/time/clock.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

// Their answers are more than what lies between a server and a reader who waits.
constexpr int kNeeds = 900;

class BatchReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<Record> records = SmallCatalogue();
    Record need = records[8];
    ASSERT_EQ(need.id, "n-lithium");
    for (int i = 0; i < kNeeds; ++i) {
      need.id = "n-" + std::to_string(1'000 + i);
      records.push_back(need);
    }
    WriteCatalogue(folder_.path(), records);
    ASSERT_FALSE(Build(folder_.path()).empty());
    log_ = std::fopen(LogFile().c_str(), "w");
    ServerOptions options = OptionsFor(folder_.path());
    options.log = log_;
    options.stall_max = absl::Seconds(1);
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
    match_ = pb::MatchService::NewStub(running_.channel);
  }
  ~BatchReaderTest() override {
    running_.server.reset();
    if (log_ != nullptr) std::fclose(log_);
  }
  std::filesystem::path LogFile() const { return folder_.path() / "log"; }
  std::string Log() const {
    std::ifstream stream(LogFile());
    return std::string((std::istreambuf_iterator<char>(stream)), {});
  }
  // Until the log says how a batch ended; false if it does not.
  bool LogSays(const std::string& code) const {
    const absl::Time patience = absl::Now() + absl::Minutes(1);
    while (absl::Now() < patience) {
      if (Log().find("call=MatchService.BatchMatch code=" + code + " ") != std::string::npos) return true;
    }
    return false;
  }
  static pb::BatchMatchRequest AllNeeds() {
    pb::BatchMatchRequest request;
    request.set_need_filter("kind = NEED");
    request.mutable_match()->set_page_size(50);
    request.mutable_match()->set_view(pb::MATCH_VIEW_FULL);
    return request;
  }
  // A small batch on a connection of its own, so that nothing unread on another one holds it up.
  grpc::Status SmallBatch() const {
    grpc::ChannelArguments own;
    own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto channel = grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(running_.server->port()),
                                                   grpc::InsecureChannelCredentials(), own);
    pb::BatchMatchRequest request;
    request.add_need_names("needs/n-goji");
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
    const auto reader = pb::MatchService::NewStub(channel)->BatchMatch(&context, request);
    for (pb::BatchMatchResponse one; reader->Read(&one);) {
    }
    return reader->Finish();
  }

  TemporaryFolder folder_;
  std::FILE* log_ = nullptr;
  Running running_;
  std::unique_ptr<pb::MatchService::Stub> match_;
};

TEST_F(BatchReaderTest, WhoStopsReadingIsCutOffAndTheNextBatchIsServed) {
  grpc::ClientContext context;
  const auto reader = match_->BatchMatch(&context, AllNeeds());
  pb::BatchMatchResponse one;
  ASSERT_TRUE(reader->Read(&one));
  ASSERT_TRUE(LogSays("DEADLINE_EXCEEDED")) << Log();
  const grpc::Status next = SmallBatch();
  EXPECT_TRUE(next.ok()) << next.error_message();
  int done = one.done();
  while (reader->Read(&one)) done = one.done();
  EXPECT_LT(done, one.total());
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(BatchReaderTest, WhoLeavesGivesTheSlotBackBeforeHisBatchIsDone) {
  grpc::ClientContext context;
  const auto reader = match_->BatchMatch(&context, AllNeeds());
  pb::BatchMatchResponse one;
  ASSERT_TRUE(reader->Read(&one));
  EXPECT_LT(one.done(), one.total());
  context.TryCancel();
  ASSERT_TRUE(LogSays("CANCELLED")) << Log();
  const grpc::Status next = SmallBatch();
  EXPECT_TRUE(next.ok()) << next.error_message();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

}  // namespace
}  // namespace dongxi
