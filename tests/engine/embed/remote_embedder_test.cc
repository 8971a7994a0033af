// The remote embedder against a real HTTP server on loopback that misbehaves on demand.
#include "engine/embed/remote_embedder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <cmath>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

namespace dongxi {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;
using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

constexpr const char* kKeyVariable = "DONGXI_TEST_EMBEDDING_KEY";

// Vectors that tell texts apart: (bytes of the text, 1, 0).
Json VectorOf(const std::string& text) { return {static_cast<double>(text.size()), 1.0, 0.0}; }

Json GoodAnswer(const httplib::Request& request) {
  Json answer = {{"object", "list"}, {"data", Json::array()}};
  const Json asked = Json::parse(request.body);
  for (const Json& text : asked["input"]) {
    const size_t index = answer["data"].size();
    answer["data"].push_back({{"object", "embedding"}, {"index", index}, {"embedding", VectorOf(text)}});
  }
  return answer;
}

void AnswerWell(const httplib::Request& request, httplib::Response& response) {
  response.set_content(GoodAnswer(request).dump(), "application/json");
}

Handler AnswerWith(int code, const std::string& body) {
  return [=](const httplib::Request&, httplib::Response& response) {
    response.status = code;
    response.set_content(body, "application/json");
  };
}

// Answers well, after `change` has spoiled the answer.
Handler AnswerChanged(const std::function<void(Json&)>& change) {
  return [=](const httplib::Request& request, httplib::Response& response) {
    Json answer = GoodAnswer(request);
    change(answer);
    response.set_content(answer.dump(), "application/json");
  };
}

class EmbeddingServer {
 public:
  EmbeddingServer() {
    server_.Post("/v1/embeddings", [this](const httplib::Request& request, httplib::Response& response) {
      Handler handler = AnswerWell;
      {
        const std::scoped_lock lock(mutex_);
        requests_.push_back(request);
        if (!next_.empty()) {
          handler = std::move(next_.front());
          next_.pop_front();
        }
      }
      handler(request, response);
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::jthread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();  // a stop() before that would be lost
  }
  ~EmbeddingServer() { server_.stop(); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1/embeddings"; }
  // The next requests are answered by these, those after them well.
  void Next(std::vector<Handler> handlers) {
    const std::scoped_lock lock(mutex_);
    next_.assign(handlers.begin(), handlers.end());
  }
  std::vector<httplib::Request> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

 private:
  httplib::Server server_;
  int port_ = 0;
  // Not absl::Mutex: ThreadSanitizer does not see into Debian's library.
  mutable std::mutex mutex_;  // guards next_ and requests_
  std::deque<Handler> next_;
  std::vector<httplib::Request> requests_;
  std::jthread thread_;
};

class RemoteEmbedderTest : public testing::Test {
 protected:
  void SetUp() override { ::unsetenv(kKeyVariable); }
  RemoteEmbedderOptions Options(int expected_dim = 3) const {
    RemoteEmbedderOptions options;
    options.url = server_.url();
    options.model = "bge-m3";
    options.api_key_env = kKeyVariable;
    options.retries_max = 2;
    options.backoff_first = absl::Microseconds(100);
    options.expected_dim = expected_dim;
    return options;
  }
  std::unique_ptr<Embedder> Open(const RemoteEmbedderOptions& options) const {
    absl::StatusOr<std::unique_ptr<Embedder>> opened = OpenRemoteEmbedder(options);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  static absl::StatusOr<Matrix> Embed(const Embedder& embedder, std::vector<EmbedInput> inputs,
                                      absl::Duration timeout = absl::Seconds(30)) {
    return embedder.Embed(inputs, absl::Now() + timeout);
  }
  EmbeddingServer server_;
};

void ExpectVectorOf(std::span<const float> row, const std::string& text) {
  const double bytes = static_cast<double>(text.size());
  const double norm = std::sqrt(bytes * bytes + 1);
  EXPECT_NEAR(row[0], bytes / norm, 1e-6);
  EXPECT_NEAR(row[1], 1 / norm, 1e-6);
  EXPECT_EQ(row[2], 0.0f);
}

TEST_F(RemoteEmbedderTest, LearnsTheDimensionByOneProbe) {
  const std::unique_ptr<Embedder> embedder = Open(Options(/*expected_dim=*/0));
  EXPECT_EQ(embedder->dim(), 3);
  EXPECT_EQ(embedder->model_id(), "remote-bge-m3-3");
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(RemoteEmbedderTest, AsksNothingAtOpeningWhenTheDimensionIsGiven) {
  EXPECT_EQ(Open(Options())->dim(), 3);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(RemoteEmbedderTest, SendsModelTitleAndTextInBatches) {
  RemoteEmbedderOptions options = Options();
  options.batch_size = 2;
  const absl::StatusOr<Matrix> matrix =
      Embed(*Open(options), {{"盐湖", "提锂"}, {"", "只有正文"}, {"只有标题", " \n"}});
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  ASSERT_EQ(matrix->rows(), 3u);
  ExpectVectorOf(matrix->row(0), "盐湖\n提锂");
  ExpectVectorOf(matrix->row(1), "只有正文");
  ExpectVectorOf(matrix->row(2), "只有标题");
  ASSERT_EQ(server_.requests().size(), 2u);
  const Json first = Json::parse(server_.requests()[0].body);
  EXPECT_EQ(first["model"], "bge-m3");
  EXPECT_EQ(first["input"], Json({"盐湖\n提锂", "只有正文"}));
  EXPECT_FALSE(server_.requests()[0].has_header("Authorization"));
}

TEST_F(RemoteEmbedderTest, BlankInputIsAZeroVectorAndIsNotSent) {
  const absl::StatusOr<Matrix> matrix = Embed(*Open(Options()), {{"", ""}, {"a", "b"}, {" ", "\n"}});
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_THAT(matrix->row(0), testing::Each(0.0f));
  ExpectVectorOf(matrix->row(1), "a\nb");
  EXPECT_THAT(matrix->row(2), testing::Each(0.0f));
  EXPECT_EQ(Json::parse(server_.requests()[0].body)["input"].size(), 1u);
}

TEST_F(RemoteEmbedderTest, NoInputsAreNoRequest) {
  const absl::StatusOr<Matrix> matrix = Embed(*Open(Options()), {});
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_EQ(matrix->rows(), 0u);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(RemoteEmbedderTest, InvalidUtf8IsReplaced) {
  EXPECT_TRUE(Embed(*Open(Options()), {{"", "a\xff"}}).ok());
  EXPECT_EQ(Json::parse(server_.requests()[0].body)["input"][0], "a\xef\xbf\xbd");
}

TEST_F(RemoteEmbedderTest, ReadsVectorsByTheirIndexNotTheirPlace) {
  server_.Next(
      {AnswerChanged([](Json& answer) { std::reverse(answer["data"].begin(), answer["data"].end()); })});
  const absl::StatusOr<Matrix> matrix = Embed(*Open(Options()), {{"", "a"}, {"", "bb"}, {"", "ccc"}});
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  ExpectVectorOf(matrix->row(0), "a");
  ExpectVectorOf(matrix->row(1), "bb");
  ExpectVectorOf(matrix->row(2), "ccc");
}

TEST_F(RemoteEmbedderTest, ReadsVectorsByTheirPlaceWhereNoIndexIsGiven) {
  server_.Next({AnswerChanged([](Json& answer) {
    for (Json& item : answer["data"]) item.erase("index");
  })});
  const absl::StatusOr<Matrix> matrix = Embed(*Open(Options()), {{"", "a"}, {"", "bb"}});
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  ExpectVectorOf(matrix->row(1), "bb");
}

TEST_F(RemoteEmbedderTest, ZeroVectorOfTheServiceStaysZero) {
  server_.Next({AnswerChanged([](Json& answer) { answer["data"][0]["embedding"] = {0, 0, 0}; })});
  const absl::StatusOr<Matrix> matrix = Embed(*Open(Options()), {{"", "a"}});
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_THAT(matrix->row(0), testing::Each(0.0f));
}

struct RetryCase {
  const char* name;
  std::vector<Handler> handlers;
};

Handler TooMany(const std::string& retry_after) {
  return [=](const httplib::Request&, httplib::Response& response) {
    response.status = 429;
    response.set_header("Retry-After", retry_after);
  };
}

TEST_F(RemoteEmbedderTest, TriesAgainAfterWhatMayPass) {
  const RetryCase cases[] = {
      {"TooManyRequests", {TooMany("0"), TooMany("0")}},
      {"ServerError", {AnswerWith(500, "oops")}},
      {"BadGatewayThenTimeoutCode", {AnswerWith(502, ""), AnswerWith(408, "")}},
      {"ConnectionBrokenOff", {[](const httplib::Request&, httplib::Response& response) {
         response.set_content_provider(100, "application/json",
                                       [](size_t, size_t, httplib::DataSink&) { return false; });
       }}},
  };
  for (const RetryCase& c : cases) {
    SCOPED_TRACE(c.name);
    server_.Next(c.handlers);
    const size_t before = server_.requests().size();
    const absl::StatusOr<Matrix> matrix = Embed(*Open(Options()), {{"", "a"}});
    EXPECT_TRUE(matrix.ok()) << matrix.status();
    EXPECT_EQ(server_.requests().size() - before, c.handlers.size() + 1);
  }
}

TEST_F(RemoteEmbedderTest, GivesUpAfterTheLastRetry) {
  server_.Next({AnswerWith(503, ""), AnswerWith(503, ""), AnswerWith(503, "")});
  const absl::Status status = Embed(*Open(Options()), {{"", "a"}}).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("HTTP 503; gave up after 3 attempts"));
  EXPECT_EQ(server_.requests().size(), 3u);
}

TEST_F(RemoteEmbedderTest, RetryAfterBeyondTheDeadlineIsNotWaitedFor) {
  server_.Next({TooMany("3600")});
  const absl::Status status = Embed(*Open(Options()), {{"", "a"}}, absl::Seconds(60)).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("HTTP 429"));
}

TEST_F(RemoteEmbedderTest, NobodyListeningIsUnavailable) {
  RemoteEmbedderOptions options = Options();
  {
    const EmbeddingServer gone;
    options.url = gone.url();
  }
  EXPECT_TRUE(absl::IsUnavailable(Embed(*Open(options), {{"", "a"}}).status()));
  options.expected_dim = 0;
  EXPECT_TRUE(absl::IsUnavailable(OpenRemoteEmbedder(options).status()));
}

TEST_F(RemoteEmbedderTest, AnswerThatNeverEndsIsStoppedAtTheDeadline) {
  const auto stopped =
      std::make_shared<absl::Notification>();  // the server may still wait when the test is over
  server_.Next({[stopped](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider("application/json", [stopped](size_t, httplib::DataSink& sink) {
      const bool written = sink.write(" ", 1);
      stopped->WaitForNotification();
      return written && false;
    });
  }});
  const absl::Status status = Embed(*Open(Options()), {{"", "a"}}, absl::Milliseconds(50)).status();
  stopped->Notify();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(RemoteEmbedderTest, DeadlineInThePastAsksNothing) {
  const absl::Status status = Embed(*Open(Options()), {{"", "a"}}, -absl::Seconds(1)).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(RemoteEmbedderTest, AnswerSlowerThanTheTimeoutOfOneRequestIsTriedAgain) {
  const auto stopped =
      std::make_shared<absl::Notification>();  // the server may still wait when the test is over
  server_.Next({[stopped](const httplib::Request&, httplib::Response&) { stopped->WaitForNotification(); }});
  RemoteEmbedderOptions options = Options();
  options.timeout = absl::Milliseconds(200);
  const absl::StatusOr<Matrix> matrix = Embed(*Open(options), {{"", "a"}});
  stopped->Notify();
  EXPECT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_EQ(server_.requests().size(), 2u);
}

struct WrongAnswerCase {
  const char* name;
  Handler handler;
  absl::StatusCode code;
  const char* message;
};

TEST_F(RemoteEmbedderTest, WrongAnswersAreFinalAndSayWhatIsWrong) {
  const auto internal = absl::StatusCode::kInternal;
  const auto spoil_first = [](const Json& embedding) {
    return AnswerChanged([=](Json& answer) { answer["data"][0]["embedding"] = embedding; });
  };
  const WrongAnswerCase cases[] = {
      {"NotJson", AnswerWith(200, "<html>proxy login</html>"), internal,
       "not JSON: '<html>proxy login</html>'"},
      {"NothingAtAll", AnswerWith(200, ""), internal, "not JSON"},
      {"NaN", AnswerWith(200, R"({"data":[{"embedding":[NaN,1,2]}]})"), internal, "not JSON"},
      {"NoData", AnswerWith(200, "{\"error\":\"busy\"}"), internal,
       "expected an object with the array 'data'"},
      {"ArrayOnTop", AnswerWith(200, "[[1,2,3]]"), internal, "expected an object with the array 'data'"},
      {"Null", spoil_first({1.0, nullptr, 2.0}), internal,
       "found null at position 1 of vector 0, expected a number"},
      {"Text", spoil_first({1.0, "2", 2.0}), internal, "found string at position 1"},
      {"TooLargeForAFloat", spoil_first({1.0, 1e300, 2.0}), internal,
       "out of range at position 1 of vector 0"},
      {"Base64", spoil_first("AACAPw=="), internal, "no array 'embedding' in data[0]"},
      {"WrongDimension", spoil_first({1.0, 2.0}), internal, "found a vector of dimension 2, expected 3"},
      {"TooMany", AnswerChanged([](Json& answer) { answer["data"].push_back(answer["data"][0]); }), internal,
       "found 3 vectors, expected 2"},
      {"TooFew", AnswerChanged([](Json& answer) { answer["data"].erase(0); }), internal,
       "found 1 vectors, expected 2"},
      {"IndexTwice", AnswerChanged([](Json& answer) { answer["data"][1]["index"] = 0; }), internal,
       "index 0 twice"},
      {"IndexTooLarge", AnswerChanged([](Json& answer) { answer["data"][1]["index"] = 2; }), internal,
       "found index 2, expected one below 2"},
      {"IndexInThousandsOfBrackets",
       AnswerWith(200, R"({"data": [{"embedding": [1, 2, 3], "index": )" + std::string(200'000, '[') +
                           std::string(200'000, ']') + R"(}, {"embedding": [1, 2, 3]}]})"),
       internal, "found index array"},
      {"NegativeIndex", AnswerChanged([](Json& answer) { answer["data"][1]["index"] = -1; }), internal,
       "found index -1"},
      {"BadRequest", AnswerWith(400, "input too long"), internal, "HTTP 400, expected 200: input too long"},
      {"Redirect", AnswerWith(302, ""), internal, "HTTP 302"},
      {"WrongKey", AnswerWith(401, ""), absl::StatusCode::kUnauthenticated, kKeyVariable},
      {"Forbidden", AnswerWith(403, ""), absl::StatusCode::kUnauthenticated, kKeyVariable},
      {"UnknownModel", AnswerWith(404, ""), absl::StatusCode::kNotFound, "the model 'bge-m3'"},
  };
  for (const WrongAnswerCase& c : cases) {
    SCOPED_TRACE(c.name);
    server_.Next({c.handler});
    const size_t before = server_.requests().size();
    const absl::Status status = Embed(*Open(Options()), {{"", "a"}, {"", "bb"}}).status();
    EXPECT_EQ(status.code(), c.code) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.message));
    EXPECT_THAT(std::string(status.message()), HasSubstr(server_.url()));
    EXPECT_EQ(server_.requests().size() - before, 1u);
  }
}

TEST_F(RemoteEmbedderTest, ProbeRefusesAnEmptyAndAHugeDimension) {
  for (const size_t dim : {size_t{0}, size_t{kEmbeddingDimMax} + 1}) {
    server_.Next({AnswerChanged(
        [dim](Json& answer) { answer["data"][0]["embedding"] = std::vector<double>(dim, 1.0); })});
    const absl::Status status = OpenRemoteEmbedder(Options(/*expected_dim=*/0)).status();
    EXPECT_TRUE(absl::IsInternal(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("expected 1 to 4096"));
  }
}

TEST_F(RemoteEmbedderTest, HugeAnswerIsCutOff) {
  server_.Next({[](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider("application/json", [](size_t, httplib::DataSink& sink) {
      static const std::string block(size_t{1} << 20, ' ');
      return sink.write(block.data(), block.size());
    });
  }});
  const absl::Status status = Embed(*Open(Options()), {{"", "a"}}).status();
  EXPECT_TRUE(absl::IsInternal(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("longer than 268435456 bytes"));
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(RemoteEmbedderTest, KeyIsSentAndNeverShown) {
  const std::string key = "sk-secret-0123456789";
  ::setenv(kKeyVariable, key.c_str(), 1);
  const std::unique_ptr<Embedder> embedder = Open(Options());
  EXPECT_TRUE(Embed(*embedder, {{"", "a"}}).ok());
  EXPECT_EQ(server_.requests()[0].get_header_value("Authorization"), "Bearer " + key);
  const std::string cut_in_the_key = std::string(190, 'x') + key;
  for (const int code : {200, 400, 401, 403, 404, 500}) {
    for (const std::string& body : {key, cut_in_the_key}) {
      SCOPED_TRACE(std::to_string(code) + " " + body);
      server_.Next({AnswerWith(code, body), AnswerWith(code, body), AnswerWith(code, body)});
      const absl::Status status = Embed(*embedder, {{"", "a"}}).status();
      EXPECT_FALSE(status.ok());
      EXPECT_THAT(std::string(status.message()), Not(HasSubstr("sk-")));
    }
  }
}

TEST_F(RemoteEmbedderTest, ManyThreadsShareOneEmbedder) {
  RemoteEmbedderOptions options = Options();
  options.batch_size = 1;
  const std::unique_ptr<Embedder> embedder = Open(options);
  std::vector<std::jthread> threads;
  for (size_t t = 1; t <= 4; ++t) {
    threads.emplace_back([&embedder, t] {
      const std::string text(t, 'x');
      const absl::StatusOr<Matrix> matrix = Embed(*embedder, {{"", text}, {"", text + text}});
      ASSERT_TRUE(matrix.ok()) << matrix.status();
      ExpectVectorOf(matrix->row(0), text);
      ExpectVectorOf(matrix->row(1), text + text);
    });
  }
}

struct BadOptionsCase {
  const char* name;
  std::function<void(RemoteEmbedderOptions&)> spoil;
  const char* message;
};

TEST_F(RemoteEmbedderTest, RefusesBadOptionsWithoutAnyConnection) {
  ::setenv(kKeyVariable, "sk-1", 1);
  const BadOptionsCase cases[] = {
      {"NoUrl", [](auto& o) { o.url = ""; }, "not a URL"},
      {"NoScheme", [](auto& o) { o.url = "127.0.0.1:80/v1"; }, "embedding url"},
      {"OtherScheme", [](auto& o) { o.url = "file:///etc/passwd"; }, "expected http or https"},
      {"PasswordInUrl", [](auto& o) { o.url = "http://me:sk-1@127.0.0.1/"; },
       "a user name or password in it"},
      {"KeyInTheClear", [](auto& o) { o.url = "http://10.0.0.9/v1/embeddings"; },
       "the key would travel unencrypted"},
      {"NoModel", [](auto& o) { o.model = ""; }, "embedding model"},
      {"BatchOfNothing", [](auto& o) { o.batch_size = 0; }, "embedding batch_size: expected 1 to 2048"},
      {"BatchTooLarge", [](auto& o) { o.batch_size = 2049; }, "embedding batch_size"},
      {"NegativeRetries", [](auto& o) { o.retries_max = -1; }, "embedding retries_max"},
      {"NoTime", [](auto& o) { o.timeout = absl::ZeroDuration(); }, "embedding timeout"},
      {"NegativeBackoff", [](auto& o) { o.backoff_first = -absl::Seconds(1); }, "embedding backoff_first"},
      {"DimensionTooLarge", [](auto& o) { o.expected_dim = 4097; }, "embedding expected_dim"},
  };
  for (const BadOptionsCase& c : cases) {
    SCOPED_TRACE(c.name);
    RemoteEmbedderOptions options = Options();
    c.spoil(options);
    const absl::Status status = OpenRemoteEmbedder(options).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.message));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("sk-1")));
  }
  ::setenv(kKeyVariable, "sk-1\r\nX-Evil: 1", 1);
  EXPECT_TRUE(absl::IsInvalidArgument(OpenRemoteEmbedder(Options()).status()));
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(RemoteEmbedderTest, QueryOfTheUrlIsSentAndNotShown) {
  RemoteEmbedderOptions options = Options();
  options.url += "?api-version=sk-2";
  const std::unique_ptr<Embedder> embedder = Open(options);
  EXPECT_TRUE(Embed(*embedder, {{"", "a"}}).ok());
  EXPECT_EQ(server_.requests()[0].get_param_value("api-version"), "sk-2");
  server_.Next({AnswerWith(404, "")});
  EXPECT_THAT(std::string(Embed(*embedder, {{"", "a"}}).status().message()), Not(HasSubstr("sk-2")));
}

}  // namespace
}  // namespace dongxi
