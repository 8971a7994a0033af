// The guard around a remote embedder, against real HTTP servers on loopback: one that hangs, one that is
// closed.
#include "engine/embed/guarded_embedder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "engine/embed/remote_embedder.h"

namespace dongxi {
namespace {

using testing::HasSubstr;

// Answers with (1, 0), or not at all until the end of the test.
class Endpoint {
 public:
  Endpoint() {
    server_.Post("/v1/embeddings", [this](const httplib::Request&, httplib::Response& response) {
      ++requests;
      if (hangs) let_go_.WaitForNotification();
      response.set_content(R"({"data":[{"index":0,"embedding":[1,0]}]})", "application/json");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::jthread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~Endpoint() { Close(); }
  void Close() {
    if (!let_go_.HasBeenNotified()) let_go_.Notify();
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }
  std::shared_ptr<const Embedder> Open() const {
    RemoteEmbedderOptions options;
    options.url = "http://127.0.0.1:" + std::to_string(port_) + "/v1/embeddings";
    options.model = "test";
    options.expected_dim = 2;
    options.backoff_first = absl::Milliseconds(1);
    auto embedder = OpenRemoteEmbedder(options);
    EXPECT_TRUE(embedder.ok()) << embedder.status();
    return *std::move(embedder);
  }
  std::atomic<int> requests{0};
  std::atomic<bool> hangs{false};

 private:
  httplib::Server server_;
  absl::Notification let_go_;
  int port_ = 0;
  std::jthread thread_;
};

absl::Status Ask(const Embedder& embedder, absl::Time deadline = absl::InfiniteFuture()) {
  const EmbedInput input[] = {{"盐湖", ""}};
  return embedder.Embed(input, deadline).status();
}

// A clock that stands still until it is set, ahead of the real one by what it was moved.
struct Clock {
  absl::Duration ahead = absl::ZeroDuration();
  EmbedderGuard Guard() {
    EmbedderGuard guard;
    guard.call_max = absl::Milliseconds(200);
    guard.now = [this] { return absl::Now() + ahead; };
    return guard;
  }
};

TEST(GuardedEmbedderTest, TellsOfEachUseWhetherItAnsweredAndWhetherItRests) {
  Endpoint endpoint;
  Clock clock;
  EmbedderGuard guard = clock.Guard();
  std::vector<std::pair<bool, bool>> seen;
  guard.observe = [&](bool answered, bool healthy) { seen.emplace_back(answered, healthy); };
  const auto guarded = NewGuardedEmbedder(endpoint.Open(), guard);
  EXPECT_TRUE(Ask(*guarded).ok());
  endpoint.hangs = true;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(Ask(*guarded).ok());
  using Use = std::pair<bool, bool>;
  EXPECT_THAT(seen,
              testing::ElementsAre(Use(true, true), Use(false, true), Use(false, false), Use(false, false)));
}

TEST(GuardedEmbedderTest, PassesThroughWhatWorks) {
  const Endpoint endpoint;
  const auto guarded = NewGuardedEmbedder(endpoint.Open());
  EXPECT_TRUE(Ask(*guarded).ok());
  EXPECT_TRUE(guarded->optional());
  EXPECT_EQ(guarded->dim(), 2);
  EXPECT_EQ(guarded->model_id(), endpoint.Open()->model_id());
}

TEST(GuardedEmbedderTest, AHangingEndpointCostsTheBoundTwiceAndThenNothing) {
  Endpoint endpoint;
  endpoint.hangs = true;
  Clock clock;
  const auto guarded = NewGuardedEmbedder(endpoint.Open(), clock.Guard());
  for (int i = 0; i < 2; ++i) {
    const absl::Time start = absl::Now();
    EXPECT_FALSE(Ask(*guarded).ok());
    EXPECT_LT(absl::Now() - start, absl::Seconds(2));
  }
  const int asked = endpoint.requests;
  for (int i = 0; i < 100; ++i) {
    const absl::Status status = Ask(*guarded);
    ASSERT_TRUE(absl::IsUnavailable(status)) << status;
    ASSERT_THAT(std::string(status.message()), HasSubstr("not asked again yet"));
  }
  EXPECT_EQ(endpoint.requests, asked);
}

TEST(GuardedEmbedderTest, AClosedEndpointIsTriedAgainAfterItsRestAndNotBefore) {
  auto endpoint = std::make_unique<Endpoint>();
  Clock clock;
  const auto guarded = NewGuardedEmbedder(endpoint->Open(), clock.Guard());
  endpoint->Close();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(absl::IsUnavailable(Ask(*guarded)));
  EXPECT_THAT(std::string(Ask(*guarded).message()), HasSubstr("not asked again yet"));
  clock.ahead += absl::Seconds(6);
  EXPECT_THAT(std::string(Ask(*guarded).message()), testing::Not(HasSubstr("not asked again yet")));
  clock.ahead += absl::Seconds(6);  // the second rest is twice as long
  EXPECT_THAT(std::string(Ask(*guarded).message()), HasSubstr("not asked again yet"));
}

TEST(GuardedEmbedderTest, AnEndpointThatRecoversIsUsedAtOnceAfterItsRest) {
  Endpoint endpoint;
  const auto inner = endpoint.Open();
  Clock clock;
  EmbedderGuard guard = clock.Guard();
  guard.failures_max = 1;
  const auto guarded = NewGuardedEmbedder(inner, guard);
  const EmbedInput two[] = {{"a", ""}, {"b", ""}};  // the endpoint answers with one vector: an error
  EXPECT_FALSE(guarded->Embed(two, absl::InfiniteFuture()).ok());
  EXPECT_TRUE(absl::IsUnavailable(Ask(*guarded)));
  clock.ahead += absl::Seconds(6);
  EXPECT_TRUE(Ask(*guarded).ok());
  EXPECT_TRUE(Ask(*guarded).ok());
}

TEST(GuardedEmbedderTest, ACallerInAHurrySaysNothingOfTheEndpoint) {
  Endpoint endpoint;
  Clock clock;
  const auto guarded = NewGuardedEmbedder(endpoint.Open(), clock.Guard());
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(Ask(*guarded, absl::Now() - absl::Seconds(1)).ok());
  EXPECT_TRUE(Ask(*guarded).ok());
}

}  // namespace
}  // namespace dongxi
