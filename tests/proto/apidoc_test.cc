// docs/api/ is what ./run api-docs would write now, and says of every method what it must.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "engine/base/files.h"
#include "proto/apidoc/api.h"
#include "proto/apidoc/openapi.h"
#include "proto/apidoc/reference.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr size_t kPageBytesMax = 16 << 20;
constexpr char kStale[] = " is not what the .proto files say: run ./run api-docs and commit docs/api";

class ApiDocTest : public testing::Test {
 protected:
  void SetUp() override {
    auto api = ReadApi(DONGXI_API_DESCRIPTORS);
    ASSERT_TRUE(api.ok()) << api.status();
    api_ = *std::move(api);
  }

  Api api_;
};

void ExpectCommitted(const std::string& name, const std::string& text) {
  const auto committed = ReadFile("docs/api/" + name, kPageBytesMax);
  ASSERT_TRUE(committed.ok()) << committed.status();
  EXPECT_TRUE(*committed == text) << "docs/api/" << name << kStale;
}

TEST_F(ApiDocTest, TheReferenceIsNotStale) {
  for (const auto& [name, text] : ReferenceOf(api_)) ExpectCommitted(name, text);
}

TEST_F(ApiDocTest, TheOpenApiFileIsNotStale) { ExpectCommitted("openapi.json", OpenApiOf(api_)); }

TEST_F(ApiDocTest, EveryMethodIsInTheOpenApiFileOnce) {
  const Json document = Json::parse(OpenApiOf(api_));
  std::set<std::string> operations;
  for (const auto& [path, verbs] : document["paths"].items()) {
    for (const auto& [verb, operation] : verbs.items()) {
      EXPECT_TRUE(operations.insert(operation["operationId"]).second) << path;
      EXPECT_TRUE(operation["responses"].contains("200")) << path;
    }
  }
  EXPECT_EQ(operations.size(), api_.routes.size() + 2);  // and the two of OpenAI's form
  EXPECT_TRUE(operations.contains("MatchService_Match"));
}

TEST_F(ApiDocTest, FieldsOfAMessageInTheQueryAreParameters) {
  const Json document = Json::parse(OpenApiOf(api_));
  std::set<std::string> names;
  for (const Json& parameter : document["paths"]["/v1/engagements"]["get"]["parameters"])
    names.insert(parameter["name"].get<std::string>());
  for (const char* name : {"filter.need", "filter.startTime", "filter.steps", "pageSize"})
    EXPECT_TRUE(names.contains(name)) << name;
}

// Every "$ref" of a document.
void CollectReferences(const Json& json, std::set<std::string>* references) {
  if (json.is_object() && json.contains("$ref")) references->insert(json["$ref"].get<std::string>());
  if (!json.is_structured()) return;
  for (const Json& part : json) CollectReferences(part, references);
}

TEST_F(ApiDocTest, EverySchemaThatIsReferredToIsThere) {
  const Json document = Json::parse(OpenApiOf(api_));
  std::set<std::string> references;
  CollectReferences(document, &references);
  EXPECT_GT(references.size(), 20u);
  for (const std::string& reference : references) {
    const std::string name = reference.substr(std::string("#/components/schemas/").size());
    EXPECT_TRUE(document["components"]["schemas"].contains(name)) << reference;
  }
}

TEST_F(ApiDocTest, CommentsReachTheReader) {
  const std::string page = ReferenceOf(api_)["match.md"];
  EXPECT_THAT(page, HasSubstr("Partners, experts and results for one need."));
  EXPECT_THAT(page, HasSubstr("HTTP: `POST /v1/match`, body: the request."));
  EXPECT_THAT(page, HasSubstr("  ```\n  region = \"44\""));
  const Json document = Json::parse(OpenApiOf(api_));
  EXPECT_THAT(
      document["components"]["schemas"]["dongxi.v1.MatchEntry"]["properties"]["adequacy"]["description"],
      HasSubstr("compared with the threshold"));
}

}  // namespace
}  // namespace dongxi
