// The HTTP door of a real server, tried without, with a wrong, an expired, a revoked, a read-only and another
// tenant's token: at methods that read, that write and that are the operator's, and at the vectors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "tests/server/security_fixture.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

// Requests that a token with the permission gets a 200 for, as often as it asks.
struct WebCase {
  const char* verb;
  const char* path;
  const char* body;
  Permission needed;
};
constexpr WebCase kCases[] = {
    {"GET", "/v1/institutions/tj", "", Permission::kRead},
    {"GET", "/v1/results", "", Permission::kRead},
    {"POST", "/v1/match", R"({"needName": "needs/n-lithium"})", Permission::kRead},
    {"POST", "/v1/embeddings", R"({"input": "盐湖提锂"})", Permission::kRead},
    {"GET", "/v1/models", "", Permission::kRead},
    {"POST", "/v1/needs?validateOnly=true",
     R"({"title": "盐湖提锂", "wanted": "吸附剂", "regionCode": "63"})", Permission::kWrite},
    {"DELETE", "/v1/needs/n-none?allowMissing=true", "", Permission::kWrite},
    {"GET", "/v1/generations", "", Permission::kAdmin},
    {"POST", "/v1/reloadRanking", "{}", Permission::kAdmin},
};

class HttpTokensTest : public SecurityTest {
 protected:
  void SetUp() override {
    SecurityTest::SetUp();
    ASSERT_FALSE(Build(data()).empty());
  }
  httplib::Result Send(const WebCase& c, const std::string& token) const {
    httplib::Request request;
    request.method = c.verb;
    request.path = c.path;
    request.body = c.body;
    if (!request.body.empty()) request.headers.emplace("Content-Type", "application/json");
    if (!token.empty()) request.headers.emplace("Authorization", "Bearer " + token);
    return httplib::Client("127.0.0.1", running_.server->http_port()).send(request);
  }
  // The reason in the error of an answer, which /v1/embeddings and /v1/models give in OpenAI's form and small
  // letters; empty if there is none.
  static std::string ReasonIn(const std::string& body) {
    const Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains("error")) return "";
    const Json& error = json["error"];
    if (!error.contains("details")) return absl::AsciiStrToUpper(error.value("code", std::string()));
    for (const Json& detail : error["details"]) {
      if (detail.contains("reason")) return detail["reason"].get<std::string>();
    }
    return "";
  }
  // `reason` empty: the answer is a 200.
  void ExpectAnswer(const WebCase& c, const std::string& token, int status, const std::string& reason) const {
    SCOPED_TRACE(std::string(c.verb) + " " + c.path);
    const httplib::Result result = Send(c, token);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, status) << result->body;
    EXPECT_EQ(ReasonIn(result->body), reason) << result->body;
    EXPECT_EQ(result->get_header_value("WWW-Authenticate"), status == 401 ? "Bearer" : "");
  }
};

TEST_F(HttpTokensTest, WithoutAValidTokenNoPathOpens) {
  struct {
    const char* name;
    std::string token;
    const char* reason;
  } const tries[] = {{"Without", "", "TOKEN_REQUIRED"},
                     {"NoToken", "nonsense", "TOKEN_INVALID"},
                     {"Unknown", NewToken({}).text, "TOKEN_INVALID"},
                     {"Expired", Expired("admin"), "TOKEN_EXPIRED"},
                     {"Revoked", Revoked("admin"), "TOKEN_REVOKED"}};
  Start();
  for (const auto& one : tries) {
    SCOPED_TRACE(one.name);
    for (const WebCase& c : kCases) ExpectAnswer(c, one.token, 401, one.reason);
  }
}

TEST_F(HttpTokensTest, AReadOnlyTokenReadsAndTheOperatorsDoesAll) {
  const std::string reader = Create("read");
  Start();
  for (const WebCase& c : kCases) {
    ExpectAnswer(c, operator_, 200, "");
    if (c.needed == Permission::kRead) {
      ExpectAnswer(c, reader, 200, "");
    } else {
      ExpectAnswer(c, reader, 403, "PERMISSION_MISSING");
    }
  }
}

TEST_F(HttpTokensTest, AnotherTenantsTokenDoesWhatConcernsItsTenantAlone) {
  const std::string writer = OfTenant("other", "write"), admin = OfTenant("other", "admin");
  Start();
  for (const WebCase& c : kCases) {
    if (c.needed == Permission::kAdmin) {
      ExpectAnswer(c, writer, 403, "PERMISSION_MISSING");
      ExpectAnswer(c, admin, 403, "OPERATOR_ONLY");
    } else {
      ExpectAnswer(c, writer, 200, "");
      ExpectAnswer(c, admin, 200, "");
    }
  }
}

TEST_F(HttpTokensTest, AnotherTenantsTokenNeitherSeesNorChangesARecord) {
  constexpr WebCase kGet = {"GET", "/v1/institutions/of-portal", "", Permission::kRead};
  constexpr WebCase kList = {"GET", "/v1/institutions", "", Permission::kRead};
  constexpr WebCase kMatch = {"POST", "/v1/reverseMatch", R"({"offerName": "institutions/of-portal"})",
                              Permission::kRead};
  constexpr WebCase kUpdate = {"PATCH", "/v1/institutions/of-portal?updateMask=displayName",
                               R"({"displayName": "改名"})", Permission::kWrite};
  constexpr WebCase kDelete = {"DELETE", "/v1/institutions/of-portal", "", Permission::kWrite};
  constexpr WebCase kDeleteCommon = {"DELETE", "/v1/institutions/tj", "", Permission::kWrite};
  const std::string owner = OfTenant("portal", "write");
  const std::string others[] = {OfTenant("other", "write"), OfTenant("other", "admin")};
  Start();
  const httplib::Result before = Send(kGet, owner);
  ASSERT_TRUE(before);
  ASSERT_EQ(before->status, 200) << before->body;
  for (const WebCase& c : {kList, kMatch}) ExpectAnswer(c, owner, 200, "");
  EXPECT_THAT(Send(kList, owner)->body, HasSubstr("of-portal"));
  for (const std::string& other : others) {
    for (const WebCase& c : {kGet, kMatch, kUpdate, kDelete}) ExpectAnswer(c, other, 404, "RECORD_NOT_FOUND");
    ExpectAnswer(kDeleteCommon, other, 403, "RECORD_OF_ANOTHER_TENANT");
    const httplib::Result list = Send(kList, other);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->status, 200);
    EXPECT_THAT(list->body, HasSubstr("institutions/tj"));
    EXPECT_THAT(list->body, Not(HasSubstr("of-portal")));
  }
  EXPECT_EQ(Send(kGet, owner)->body, before->body);
}

}  // namespace
}  // namespace dongxi
