// What a path, a query and a body say, as the request of a method; what is wrong is named.
#include "server/http/transcode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dongxi/v1/catalogue.pb.h"
#include "dongxi/v1/match.pb.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
namespace pb = dongxi::v1;

const RouteTable& Table() {
  (void)pb::GetNeedRequest::descriptor();  // keeps the catalogue's file in this program
  static const RouteTable table(RoutesOf(LinkedApiServices()));
  return table;
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Request(const std::string& verb,
                                                                   const std::string& path,
                                                                   const QueryFields& query,
                                                                   const std::string& body) {
  const auto match = Table().Find(verb, path);
  if (!match.ok()) return match.status();
  return RequestOf(*match, query, body);
}

TEST(TranscodeTest, QueryFieldsGoByEitherName) {
  const auto request = Request("GET", "/v1/needs",
                               {{"pageSize", "20"},
                                {"page_token", "t"},
                                {"filter", "region = \"63\""},
                                {"readMask", "title,regionCode"}},
                               "");
  ASSERT_TRUE(request.ok()) << request.status();
  const auto& list = static_cast<const pb::ListNeedsRequest&>(**request);
  EXPECT_EQ(list.page_size(), 20);
  EXPECT_EQ(list.page_token(), "t");
  EXPECT_EQ(list.filter(), "region = \"63\"");
  ASSERT_EQ(list.read_mask().paths_size(), 2);
  EXPECT_EQ(list.read_mask().paths(1), "region_code");
}

TEST(TranscodeTest, ThePathNamesTheResource) {
  const auto request = Request("GET", "/v1/needs/n-1", {}, "");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(static_cast<const pb::GetNeedRequest&>(**request).name(), "needs/n-1");
}

TEST(TranscodeTest, ABodyIsTheRequest) {
  const auto request = Request("POST", "/v1/match", {},
                               R"({"need": {"title": "提锂"}, "pageSize": 3, "view": "MATCH_VIEW_BASIC",
                                   "kinds": ["RESULT"], "policyWeight": 0})");
  ASSERT_TRUE(request.ok()) << request.status();
  const auto& match = static_cast<const pb::MatchRequest&>(**request);
  EXPECT_EQ(match.need().title(), "提锂");
  EXPECT_EQ(match.view(), pb::MATCH_VIEW_BASIC);
  EXPECT_TRUE(match.has_policy_weight());
  EXPECT_EQ(match.kinds(0), pb::RESULT);
}

struct WrongCase {
  const char *name, *verb, *path;
  QueryFields query;
  const char *body, *field, *message;
};

TEST(TranscodeTest, WhatIsWrongIsNamed) {
  const WrongCase cases[] = {
      {"UnknownQueryField", "GET", "/v1/needs", {{"titel", "a"}}, "", "titel", "no such field"},
      {"TextForANumber", "GET", "/v1/needs", {{"pageSize", "many"}}, "", "pageSize", "many"},
      {"GivenTwice", "GET", "/v1/needs", {{"pageSize", "1"}, {"pageSize", "2"}}, "", "pageSize", "twice"},
      {"NoDeeperThanThere", "GET", "/v1/needs", {{"filter.a", "1"}}, "", "filter.a", "no such field"},
      {"OtherNameThanThePath", "GET", "/v1/needs/n-1", {{"name", "needs/n-2"}}, "", "name", "as in the path"},
      {"BodyWhereNoneGoes", "GET", "/v1/needs", {}, "{}", "", "no body"},
      {"QueryBesideABody", "POST", "/v1/match", {{"pageSize", "1"}}, "{}", "pageSize", "in the body"},
      {"UnknownBodyField", "POST", "/v1/match", {}, R"({"textt": "a"})", "", "textt"},
      {"UnknownInnerField", "POST", "/v1/match", {}, R"({"need": {"titel": "a"}})", "need", "titel"},
      {"UnknownEnum", "POST", "/v1/match", {}, R"({"kinds": ["NOTHING"]})", "kinds", "NOTHING"},
      {"NumberTooLarge", "POST", "/v1/match", {}, R"({"pageSize": 3000000000})", "", "3000000000"},
      {"PathIsNoText", "GET", "/v1/needs/n\xff", {}, "", "", "path is not in UTF-8"},
      {"QueryIsNoText", "GET", "/v1/needs", {{"filter", "\xb6"}}, "", "", "query is not in UTF-8"},
      {"MaskWithAQuote", "GET", "/v1/needs", {{"readMask", "title,region_cC\"}"}}, "", "read_mask", "commas"},
      {"MaskOfABody", "POST", "/v1/match", {}, R"({"readMask": "entries.na me"})", "read_mask", "commas"},
      {"NoJson", "POST", "/v1/match", {}, "{", "", "body"},
      {"NoObject", "POST", "/v1/match", {}, "[1]", "", "body"},
  };
  for (const WrongCase& c : cases) {
    SCOPED_TRACE(c.name);
    const auto request = Request(c.verb, c.path, c.query, c.body);
    ASSERT_TRUE(absl::IsInvalidArgument(request.status())) << request.status();
    EXPECT_THAT(std::string(request.status().message()), HasSubstr(c.message));
    EXPECT_THAT(FieldOf(request.status()), HasSubstr(c.field));
  }
}

TEST(TranscodeTest, AnswersFollowTheJsonMapping) {
  pb::MatchResponse response;
  response.mutable_provenance()->set_catalogue_sequence(1'234'567'890'123);
  response.mutable_partners()->add_entries()->set_kind(pb::INSTITUTION);
  const auto json = JsonOf(response);
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_EQ(
      *json,
      R"({"provenance":{"catalogueSequence":"1234567890123"},"partners":{"entries":[{"kind":"INSTITUTION"}]}})");
}

}  // namespace
}  // namespace dongxi
