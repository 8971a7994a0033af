// /v1/embeddings of a real server, and the remote embedder in front of it: it must give the vectors of the
// built-in one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "engine/embed/remote_embedder.h"
#include "engine/index/generation.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr char kToken[] = "0123456789abcdef";
constexpr char kKeyVariable[] = "DONGXI_TEST_EMBEDDING_KEY";
constexpr char kJson[] = "application/json";

class EmbeddingsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    WriteCatalogue(folder_->path(), SmallCatalogue());
    const std::string generation = Build(folder_->path());
    auto opened = OpenGeneration(folder_->path() / "generations" / generation, nullptr);
    ASSERT_TRUE(opened.ok()) << opened.status();
    generation_ = new std::shared_ptr<const Generation>(*opened);
    ServerOptions options = OptionsFor(folder_->path());
    options.http.listen = "127.0.0.1:0";
    options.token = kToken;
    running_ = new Running(StartServer(options));
  }
  static void TearDownTestSuite() {
    delete running_;
    delete generation_;
    delete folder_;
  }

  static const Embedder& built_in() { return *(*generation_)->embedder; }
  static std::string Url() {
    return "http://127.0.0.1:" + std::to_string(running_->server->http_port()) + "/v1/embeddings";
  }
  static httplib::Client Client() {
    httplib::Client client("127.0.0.1", running_->server->http_port());
    client.set_default_headers({{"Authorization", "Bearer " + std::string(kToken)}});
    return client;
  }
  static Json Post(const Json& request, int expected_status) {
    const auto result = Client().Post("/v1/embeddings", request.dump(), kJson);
    if (!result) return nullptr;
    EXPECT_EQ(result->status, expected_status) << result->body;
    return Json::parse(result->body, nullptr, false);
  }

  static TemporaryFolder* folder_;
  static std::shared_ptr<const Generation>* generation_;
  static Running* running_;
};

TemporaryFolder* EmbeddingsTest::folder_ = nullptr;
std::shared_ptr<const Generation>* EmbeddingsTest::generation_ = nullptr;
Running* EmbeddingsTest::running_ = nullptr;

std::vector<float> VectorOf(const std::string& text, const Embedder& embedder) {
  const EmbedInput inputs[] = {{.title = "", .text = text}};
  const auto matrix = embedder.Embed(inputs, absl::InfiniteFuture());
  EXPECT_TRUE(matrix.ok()) << matrix.status();
  return matrix.ok() ? matrix->values : std::vector<float>();
}

TEST_F(EmbeddingsTest, TheRemoteEmbedderGivesTheVectorsOfTheBuiltInOne) {
  ::setenv(kKeyVariable, kToken, 1);
  RemoteEmbedderOptions options;
  options.url = Url();
  options.model = built_in().model_id();
  options.api_key_env = kKeyVariable;
  options.batch_size = 7;
  const auto remote = OpenRemoteEmbedder(options);
  ASSERT_TRUE(remote.ok()) << remote.status();
  EXPECT_EQ((*remote)->dim(), built_in().dim());

  std::vector<EmbedInput> inputs;
  for (const Record& record : SmallCatalogue()) {
    inputs.push_back({.title = "", .text = record.title + "\n" + record.text});
    inputs.push_back({.title = "", .text = record.title});
  }
  inputs.push_back({.title = "", .text = "membrane adsorption of lithium"});
  inputs.push_back({.title = "", .text = "\"引号\" \\ 😀 \t 换行\n"});
  inputs.push_back({.title = "", .text = ""});  // never sent; its vector is zero
  const auto there = (*remote)->Embed(inputs, absl::Now() + absl::Seconds(30));
  const auto here = built_in().Embed(inputs, absl::InfiniteFuture());
  ASSERT_TRUE(there.ok()) << there.status();
  ASSERT_TRUE(here.ok()) << here.status();
  ASSERT_EQ(there->values.size(), here->values.size());
  // The remote embedder brings each vector to unit length once more.
  float largest = 0, sum = 0;
  for (size_t i = 0; i < here->values.size(); ++i) {
    largest = std::max(largest, std::abs(there->values[i] - here->values[i]));
    sum += std::abs(here->values[i]);
  }
  EXPECT_LE(largest, 1e-6f);
  EXPECT_GT(sum, 1);
}

TEST_F(EmbeddingsTest, AWrongKeyIsToldByTheRemoteEmbedder) {
  ::setenv(kKeyVariable, "fedcba9876543210", 1);
  RemoteEmbedderOptions options;
  options.url = Url();
  options.model = built_in().model_id();
  options.api_key_env = kKeyVariable;
  EXPECT_TRUE(absl::IsUnauthenticated(OpenRemoteEmbedder(options).status()));
  ::setenv(kKeyVariable, kToken, 1);
  options.model = "other";
  EXPECT_TRUE(absl::IsNotFound(OpenRemoteEmbedder(options).status()));
}

TEST_F(EmbeddingsTest, NumbersReadBackAsTheSameFloats) {
  const Json answer = Post({{"input", "盐湖提锂"}, {"model", "dongxi"}}, 200);
  EXPECT_EQ(answer["object"], "list");
  EXPECT_EQ(answer["model"], built_in().model_id());
  EXPECT_EQ(answer["usage"]["prompt_tokens"], 4);
  EXPECT_EQ(answer["data"][0]["index"], 0);
  EXPECT_EQ(answer["data"][0]["embedding"].get<std::vector<float>>(), VectorOf("盐湖提锂", built_in()));
}

TEST_F(EmbeddingsTest, Base64IsLittleEndianFloats) {
  const Json answer = Post({{"input", {"枸杞", "风机叶片"}},
                            {"encoding_format", "base64"},
                            {"user", "u"},
                            {"dimensions", built_in().dim()}},
                           200);
  ASSERT_EQ(answer["data"].size(), 2u);
  std::string bytes;
  ASSERT_TRUE(absl::Base64Unescape(answer["data"][1]["embedding"].get<std::string>(), &bytes));
  const std::vector<float> expected = VectorOf("风机叶片", built_in());
  ASSERT_EQ(bytes.size(), expected.size() * sizeof(float));
  EXPECT_EQ(std::memcmp(bytes.data(), expected.data(), bytes.size()), 0);
}

TEST_F(EmbeddingsTest, ErrorsHaveTheOpenAiForm) {
  struct {
    const char* name;
    Json request;
    int status;
    Json param;
  } cases[] = {
      {"NoInput", {{"model", "dongxi"}}, 400, "input"},
      {"EmptyText", {{"input", ""}}, 400, "input[0]"},
      {"NoTexts", {{"input", Json::array()}}, 400, "input"},
      {"Tokens", {{"input", {1, 2}}}, 400, "input"},
      {"UnknownFormat", {{"input", "a"}, {"encoding_format", "hex"}}, 400, "encoding_format"},
      {"OtherDimensions", {{"input", "a"}, {"dimensions", 3}}, 400, "dimensions"},
      {"UnknownField", {{"input", "a"}, {"inputs", 3}}, 400, "inputs"},
      {"OtherModel", {{"input", "a"}, {"model", "gpt"}}, 404, "model"},
      {"NoObject", Json::array(), 400, nullptr},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Json error = Post(c.request, c.status)["error"];
    EXPECT_EQ(error["type"], "invalid_request_error");
    EXPECT_EQ(error["param"], c.param);
    EXPECT_FALSE(error["message"].get<std::string>().empty());
  }
  EXPECT_EQ(Post({{"input", "a"}, {"model", "gpt"}}, 404)["error"]["code"], "model_not_found");
  EXPECT_EQ(Client().Post("/v1/embeddings", R"({"input": "a"})", "text/plain")->status, 415);
}

TEST_F(EmbeddingsTest, TheModelIsListed) {
  const auto result = Client().Get("/v1/models");
  ASSERT_TRUE(result);
  ASSERT_EQ(result->status, 200) << result->body;
  const Json models = Json::parse(result->body, nullptr, false);
  EXPECT_EQ(models["object"], "list");
  EXPECT_EQ(models["data"][0]["id"], built_in().model_id());
}

}  // namespace
}  // namespace dongxi
