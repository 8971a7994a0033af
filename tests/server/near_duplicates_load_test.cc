// A record created while every slot for computing is taken: it is written at once, and says that nobody
// looked for near duplicates. Then the same on the idle server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "absl/synchronization/notification.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "engine/embed/remote_embedder.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr char kSlowText[] = "一条很慢的需求";

// An embedding service that answers texts with kSlowText only once it is let go.
class SlowEmbeddingService {
 public:
  SlowEmbeddingService() {
    server_.Post("/v1/embeddings", [this](const httplib::Request& request, httplib::Response& response) {
      nlohmann::json answer = {{"data", nlohmann::json::array()}};
      const nlohmann::json asked = nlohmann::json::parse(request.body);
      for (const nlohmann::json& text : asked["input"]) {
        const auto words = text.get<std::string>();
        if (words.find(kSlowText) != std::string::npos) Hold();
        const auto size = static_cast<double>(words.size());
        answer["data"].push_back({{"index", answer["data"].size()}, {"embedding", {size, 1.0, 50.0}}});
      }
      response.set_content(answer.dump(), "application/json");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::jthread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~SlowEmbeddingService() {
    LetGo();
    server_.stop();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1/embeddings"; }
  // Until somebody waits for an answer.
  void AwaitHeld() { held_.WaitForNotification(); }
  void LetGo() {
    if (!let_go_.HasBeenNotified()) let_go_.Notify();
  }

 private:
  void Hold() {
    if (!held_.HasBeenNotified()) held_.Notify();
    let_go_.WaitForNotification();
  }

  absl::Notification held_, let_go_;
  httplib::Server server_;
  int port_ = 0;
  std::jthread thread_;
};

std::vector<std::string> WarningsOf(pb::Result* made, const std::string& id,
                                    pb::CatalogueService::Stub& stub) {
  pb::CreateResultRequest request;
  request.set_result_id(id);
  request.mutable_result()->set_title("高镁锂比卤水吸附提锂工艺");
  request.mutable_result()->set_abstract("颗粒吸附剂从盐湖卤水中提锂，溶损低，已中试");
  grpc::ClientContext context;
  made->Clear();
  const grpc::Status status = stub.CreateResult(&context, request, made);
  EXPECT_TRUE(status.ok()) << status.error_message();
  std::vector<std::string> reasons;
  for (const pb::RecordWarning& warning : made->warnings()) reasons.push_back(warning.reason());
  return reasons;
}

TEST(NearDuplicatesUnderLoadTest, ARecordIsWrittenAtOnceAndSaysThatNobodyLooked) {
  const TemporaryFolder folder;
  WriteCatalogue(folder.path(), SmallCatalogue());
  SlowEmbeddingService service;
  RemoteEmbedderOptions remote;
  remote.url = service.url();
  remote.model = "test";
  auto embedder = OpenRemoteEmbedder(remote);
  ASSERT_TRUE(embedder.ok()) << embedder.status();
  Build(folder.path(), *std::move(embedder));
  ServerOptions options = OptionsFor(folder.path());
  options.embedding_url = remote.url;
  options.embedding_model = remote.model;
  options.heavy_slots = 1;
  const Running running = StartServer(options);
  ASSERT_NE(running.server, nullptr);
  const auto catalogue = pb::CatalogueService::NewStub(running.channel);

  std::jthread busy([&running] {
    pb::MatchRequest request;
    request.set_text(kSlowText);
    pb::MatchResponse response;
    grpc::ClientContext context;
    (void)pb::MatchService::NewStub(running.channel)->Match(&context, request, &response);
  });
  service.AwaitHeld();
  pb::Result made;
  EXPECT_THAT(WarningsOf(&made, "under-load", *catalogue), ElementsAre("DUPLICATES_NOT_CHECKED"));
  EXPECT_EQ(made.name(), "results/under-load");
  service.LetGo();
  busy.join();
  const std::vector<std::string> idle = WarningsOf(&made, "idle", *catalogue);
  EXPECT_THAT(idle, Contains("NEAR_DUPLICATE"));
  EXPECT_THAT(idle, Not(Contains("DUPLICATES_NOT_CHECKED")));
}

}  // namespace
}  // namespace dongxi
