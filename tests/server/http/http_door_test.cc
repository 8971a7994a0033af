// The HTTP door of a real server on loopback: what gRPC says, and what only HTTP has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>

#include "absl/time/clock.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "engine/base/files.h"
#include "google/protobuf/util/json_util.h"
#include "tests/server/http/leaving_reader.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;
namespace pb = dongxi::v1;

constexpr char kToken[] = "0123456789abcdef";
constexpr char kJson[] = "application/json";

ServerOptions WithDoor(const std::filesystem::path& data) {
  ServerOptions options = OptionsFor(data);
  options.http.listen = "127.0.0.1:0";
  options.http.threads = 4;
  return options;
}

Json Body(const httplib::Result& result) { return Json::parse(result->body, nullptr, false); }

class HttpDoorTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    WriteCatalogue(folder_->path(), SmallCatalogue());
    Build(folder_->path());
    running_ = new Running(StartServer(WithDoor(folder_->path())));
  }
  static void TearDownTestSuite() {
    delete running_;
    delete folder_;
  }

  httplib::Client Client() const { return httplib::Client("127.0.0.1", running_->server->http_port()); }

  static TemporaryFolder* folder_;
  static Running* running_;
};

TemporaryFolder* HttpDoorTest::folder_ = nullptr;
Running* HttpDoorTest::running_ = nullptr;

TEST_F(HttpDoorTest, GetsAndListsAsGrpcDoes) {
  httplib::Client client = Client();
  const auto need = client.Get("/v1/needs/n-goji");
  ASSERT_TRUE(need);
  EXPECT_EQ(need->status, 200);
  EXPECT_EQ(need->get_header_value("Content-Type"), kJson);
  EXPECT_EQ(Body(need)["title"], "枸杞干燥能耗高");

  const auto first = client.Get("/v1/results?pageSize=2&readMask=title");
  ASSERT_TRUE(first);
  ASSERT_EQ(first->status, 200) << first->body;
  EXPECT_EQ(Body(first)["results"].size(), 2u);
  EXPECT_FALSE(Body(first)["results"][0].contains("abstract"));
  const auto second = client.Get(
      "/v1/results",
      httplib::Params{{"pageSize", "2"}, {"readMask", "title"}, {"pageToken", Body(first)["nextPageToken"]}},
      httplib::Headers{});
  ASSERT_TRUE(second);
  ASSERT_EQ(second->status, 200) << second->body;
  EXPECT_NE(Body(second)["results"], Body(first)["results"]);
}

TEST_F(HttpDoorTest, MatchesWithTheListsThatGrpcGives) {
  const auto result = Client().Post("/v1/match", R"({"needName": "needs/n-lithium", "pageSize": 3})", kJson);
  ASSERT_TRUE(result);
  ASSERT_EQ(result->status, 200) << result->body;

  pb::MatchRequest request;
  request.set_need_name("needs/n-lithium");
  request.set_page_size(3);
  pb::MatchResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(pb::MatchService::NewStub(running_->channel)->Match(&context, request, &response).ok());
  pb::MatchResponse from_http;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(result->body, &from_http).ok());
  for (const auto& [http, rpc] : {std::pair(from_http.partners(), response.partners()),
                                  std::pair(from_http.results(), response.results())}) {
    ASSERT_GT(rpc.entries_size(), 0);
    ASSERT_EQ(http.entries_size(), rpc.entries_size());
    for (int i = 0; i < rpc.entries_size(); ++i)
      EXPECT_EQ(http.entries(i).SerializeAsString(), rpc.entries(i).SerializeAsString());
  }
}

TEST_F(HttpDoorTest, ErrorsAreAip193) {
  const auto absent = Client().Get("/v1/needs/n-none");
  ASSERT_TRUE(absent);
  EXPECT_EQ(absent->status, 404);
  const Json error = Body(absent)["error"];
  EXPECT_EQ(error["code"], 404);
  EXPECT_EQ(error["status"], "NOT_FOUND");
  EXPECT_EQ(error["details"][0]["@type"], "type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_EQ(error["details"][0]["domain"], "dongxi");

  const auto wrong = Client().Post("/v1/match", R"({"text": "锂", "pageSize": -1})", kJson);
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->status, 400);
  EXPECT_THAT(wrong->body, HasSubstr("page_size"));
}

TEST_F(HttpDoorTest, RefusesWhatIsNoRequestOfTheApi) {
  httplib::Client client = Client();
  EXPECT_EQ(client.Get("/")->status, 404);
  const auto verb = client.Put("/v1/needs/n-goji", "{}", kJson);
  ASSERT_TRUE(verb);
  EXPECT_EQ(verb->status, 405);
  EXPECT_THAT(verb->get_header_value("Allow"), HasSubstr("GET"));
  EXPECT_EQ(client.Post("/v1/match", R"({"text": "锂"})", "text/plain")->status, 415);
  EXPECT_EQ(client.Post("/v1/match", "{", kJson)->status, 400);
  const auto unknown = client.Post("/v1/match", R"({"txt": "锂"})", kJson);
  EXPECT_EQ(unknown->status, 400);
  EXPECT_THAT(unknown->body, HasSubstr("txt"));
  EXPECT_EQ(client.Get("/v1/" + std::string(2'000, 'a'))->status, 414);
  EXPECT_EQ(client.Get("/v1/needs", httplib::Headers{{"traceparent", "\x01"}})->status, 400);
  // The client is as good as new after each.
  EXPECT_EQ(client.Get("/v1/needs")->status, 200);
}

TEST_F(HttpDoorTest, ABodyOverTheLimitIs413) {
  const std::string body = R"({"text": ")" + std::string(9 << 20, 'a') + "\"}";
  const auto sized = Client().Post("/v1/match", body, kJson);
  ASSERT_TRUE(sized);
  EXPECT_EQ(sized->status, 413);
  const auto chunked = Client().Post(
      "/v1/match",
      [&](size_t offset, httplib::DataSink& sink) {
        if (offset >= body.size()) {
          sink.done();
          return true;
        }
        return sink.write(body.data() + offset, std::min<size_t>(body.size() - offset, 1 << 20));
      },
      kJson);
  ASSERT_TRUE(chunked);
  EXPECT_EQ(chunked->status, 413);
}

TEST_F(HttpDoorTest, DeadlinesAreHonouredAndChecked) {
  httplib::Client client = Client();
  const auto late = client.Post("/v1/match", httplib::Headers{{"grpc-timeout", "1n"}},
                                R"({"needName": "needs/n-lithium"})", kJson);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->status, 504) << late->body;
  for (const char* text : {"0", "-1", "nan", "inf", "soon", "1e9"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(client.Get("/v1/needs", httplib::Headers{{"X-Request-Timeout", text}})->status, 400);
  }
  EXPECT_EQ(client.Get("/v1/needs", httplib::Headers{{"X-Request-Timeout", "30"}})->status, 200);
  EXPECT_EQ(client.Get("/v1/needs", httplib::Headers{{"grpc-timeout", "5x"}})->status, 400);
}

TEST_F(HttpDoorTest, PagesOfOtherOriginsAndOtherHostsAreRefused) {
  httplib::Client client = Client();
  EXPECT_EQ(client.Get("/v1/needs", httplib::Headers{{"Origin", "https://elsewhere.example"}})->status, 403);
  EXPECT_EQ(client.Options("/v1/match", httplib::Headers{{"Origin", "https://elsewhere.example"}})->status,
            403);
  EXPECT_EQ(client.Get("/v1/needs", httplib::Headers{{"Host", "elsewhere.example"}})->status, 421);
  EXPECT_EQ(client.Get("/v1/needs", httplib::Headers{{"Host", "localhost"}})->status, 200);
}

TEST_F(HttpDoorTest, ImportsLinesAndAnswersLines) {
  TemporaryFolder empty;
  const Running running = StartServer(WithDoor(empty.path()));
  httplib::Client client("127.0.0.1", running.server->http_port());
  const std::string lines =
      R"({"records": [{"result": {"name": "results/a", "title": "甲", "type": "technology"}}], "validateOnly": true})"
      "\n\n"
      R"({"records": [{"result": {"name": "results/b", "title": "乙", "type": "technology"}}, {"result": {"name": "results/c"}}]})"
      "\n";
  const auto result = client.Post("/v1/importRecords", lines, "application/x-ndjson");
  ASSERT_TRUE(result);
  ASSERT_EQ(result->status, 200) << result->body;
  EXPECT_EQ(result->get_header_value("Content-Type"), "application/x-ndjson");
  std::istringstream answers(result->body);
  std::vector<Json> found;
  for (std::string line; std::getline(answers, line);) found.push_back(Json::parse(line, nullptr, false));
  ASSERT_EQ(found.size(), 2u) << result->body;
  EXPECT_EQ(found[0]["result"]["outcomes"][0]["state"], "CREATED") << result->body;
  EXPECT_EQ(found[1]["result"]["outcomes"][1]["state"], "REFUSED");
  EXPECT_EQ(client.Get("/v1/results/a")->status, 404);
  EXPECT_EQ(client.Get("/v1/results/b")->status, 200);
  const auto wrong = client.Post("/v1/importRecords", "{}\n{\"recordz\": 1}\n", "application/x-ndjson");
  EXPECT_EQ(wrong->status, 400);
  EXPECT_THAT(wrong->body, HasSubstr("line 2"));
}

TEST_F(HttpDoorTest, TooManyHeadersAre431) {
  httplib::Headers many;
  for (int i = 0; i < 101; ++i) many.emplace("X-" + std::to_string(i), "1");
  const auto refused = Client().Get("/v1/needs", many);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 431);
  EXPECT_THAT(refused->body, HasSubstr("headers"));
  httplib::Headers large;
  for (int i = 0; i < 3; ++i) large.emplace("X-" + std::to_string(i), std::string(6'000, 'a'));
  EXPECT_EQ(Client().Get("/v1/needs", large)->status, 431);
  many.erase(std::next(many.begin(), 50), many.end());
  EXPECT_EQ(Client().Get("/v1/needs", many)->status, 200);
}

// With 16 threads one watch may be streamed: a second reader is let in only once the server noticed that the
// first went away, though nothing was written meanwhile that it could have failed to send.
TEST(HttpStreamTest, AReaderWhoLeavesGivesHisStreamBack) {
  TemporaryFolder folder;
  WriteCatalogue(folder.path(), SmallCatalogue());
  Build(folder.path());
  ServerOptions options = WithDoor(folder.path());
  options.threads = 16;
  const Running running = StartServer(options);
  const int port = running.server->http_port();
  const auto made =
      httplib::Client("127.0.0.1", port).Post("/v1/watches", R"({"need": "needs/n-goji"})", kJson);
  ASSERT_TRUE(made);
  ASSERT_EQ(made->status, 200) << made->body;
  const std::string path = "/v1/" + Body(made)["name"].get<std::string>() + ":stream";
  const auto read_and_leave = [&] {
    httplib::Client client("127.0.0.1", port);
    return ReadAndLeave(client, path);
  };
  const Piece first = read_and_leave();
  ASSERT_EQ(first.status, 200) << first.text;
  EXPECT_THAT(first.text, HasSubstr("nextCursor"));
  const Piece next = ReadOnceLetIn(read_and_leave);
  EXPECT_EQ(next.status, 200) << next.text;
}

// The audit log tells where a write came from; what a caller says of himself is not believed.
TEST_F(HttpDoorTest, TheAuditLogHasTheAddressOfTheConnection) {
  const auto created =
      Client().Post("/v1/needs?needId=n-peer", httplib::Headers{{"X-Forwarded-For", "198.51.100.7"}},
                    R"({"title": "盐湖提锂", "wanted": "吸附剂", "regionCode": "63"})", kJson);
  ASSERT_TRUE(created);
  ASSERT_EQ(created->status, 200) << created->body;
  grpc::ClientContext context;
  context.AddMetadata("x-dongxi-peer", "dx-0-0 http:198.51.100.7:1");
  pb::DeleteNeedRequest remove;
  remove.set_name("needs/n-peer");
  pb::Need none;
  const grpc::Status status =
      pb::CatalogueService::NewStub(running_->channel)->DeleteNeed(&context, remove, &none);
  ASSERT_TRUE(status.ok()) << status.error_message();
  std::string log;
  for (const auto& file : std::filesystem::directory_iterator(folder_->path() / "audit"))
    log += *ReadFile(file.path(), 1 << 20);
  EXPECT_THAT(log, HasSubstr("\"peer\":\"http:127.0.0.1:"));
  EXPECT_THAT(log, HasSubstr("\"peer\":\"ipv4:127.0.0.1:"));
  EXPECT_THAT(log, testing::Not(HasSubstr("198.51.100.7")));
}

TEST(HttpDoorOptionsTest, TheTokenOfGrpcIsThatOfHttp) {
  TemporaryFolder folder;
  ServerOptions options = WithDoor(folder.path());
  options.token = kToken;
  const Running running = StartServer(options);
  httplib::Client client("127.0.0.1", running.server->http_port());
  const auto without = client.Get("/v1/needs");
  ASSERT_TRUE(without);
  EXPECT_EQ(without->status, 401);
  EXPECT_EQ(without->get_header_value("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(client.Get("/v1/models")->status, 401);
  EXPECT_EQ(client.Get("/v1/needs", httplib::Headers{{"Authorization", "Bearer 0000000000000000"}})->status,
            401);
  EXPECT_EQ(
      client.Get("/v1/needs", httplib::Headers{{"Authorization", "Bearer " + std::string(kToken)}})->status,
      200);
}

TEST(HttpDoorOptionsTest, TheLimitOfAMessageIsThatOfABody) {
  TemporaryFolder folder;
  ServerOptions options = WithDoor(folder.path());
  options.limits.message_bytes_max = 1 << 20;
  const Running running = StartServer(options);
  httplib::Client client("127.0.0.1", running.server->http_port());
  const std::string body = R"({"text": ")" + std::string(2 << 20, 'a') + "\"}";
  const auto refused = client.Post("/v1/match", body, kJson);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 413);
  EXPECT_EQ(client.Get("/v1/needs")->status, 200);
}

TEST(HttpDoorOptionsTest, ListedOriginsMayCallAndAsk) {
  TemporaryFolder folder;
  ServerOptions options = WithDoor(folder.path());
  options.http.cors_origins = {"https://portal.example"};
  const Running running = StartServer(options);
  httplib::Client client("127.0.0.1", running.server->http_port());
  const httplib::Headers portal = {{"Origin", "https://portal.example"}};
  const auto asked = client.Options("/v1/match", portal);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->status, 204);
  EXPECT_EQ(asked->get_header_value("Access-Control-Allow-Origin"), "https://portal.example");
  EXPECT_THAT(asked->get_header_value("Access-Control-Allow-Headers"), HasSubstr("Authorization"));
  const auto needs = client.Get("/v1/needs", portal);
  EXPECT_EQ(needs->status, 200);
  EXPECT_EQ(needs->get_header_value("Access-Control-Allow-Origin"), "https://portal.example");
  EXPECT_EQ(needs->get_header_value("Vary"), "Origin");
  EXPECT_EQ(
      client.Get("/v1/needs", httplib::Headers{{"Origin", "https://portal.example.evil.example"}})->status,
      403);
}

TEST(HttpDoorOptionsTest, WrongOptionsAreRefused) {
  TemporaryFolder folder;
  for (const char* origin : {"*", "portal.example", "https://portal.example/", "https://*.example"}) {
    SCOPED_TRACE(origin);
    ServerOptions options = WithDoor(folder.path());
    options.http.cors_origins = {origin};
    EXPECT_TRUE(absl::IsInvalidArgument(Server::Start(options).status()));
  }
  ServerOptions open = WithDoor(folder.path());
  open.http.listen = "0.0.0.0:0";
  EXPECT_TRUE(absl::IsFailedPrecondition(Server::Start(open).status()));
}

TEST(HttpDoorOptionsTest, APortThatIsTakenIsAnError) {
  TemporaryFolder first_folder, second_folder;
  const Running first = StartServer(WithDoor(first_folder.path()));
  ServerOptions options = WithDoor(second_folder.path());
  options.http.listen = "127.0.0.1:" + std::to_string(first.server->http_port());
  EXPECT_TRUE(absl::IsUnavailable(Server::Start(options).status()));
}

}  // namespace
}  // namespace dongxi
