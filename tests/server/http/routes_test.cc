// Every RPC has one path, and the paths are those of the AIPs.
#include "server/http/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "dongxi/v1/catalogue.pb.h"
#include "dongxi/v1/embedding.pb.h"
#include "dongxi/v1/engagement.pb.h"
#include "dongxi/v1/health.pb.h"
#include "dongxi/v1/replay.pb.h"
#include "dongxi/v1/search.pb.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/text_format.h"

namespace dongxi {
namespace {

std::vector<Route> ServedRoutes() {
  // Naming a message of each file keeps it in this program; the server names them all.
  (void)dongxi::v1::GetNeedRequest::descriptor();
  (void)dongxi::v1::SearchRequest::descriptor();
  (void)dongxi::v1::ReplayMatchRequest::descriptor();
  (void)dongxi::v1::Engagement::descriptor();
  (void)dongxi::v1::EmbedRequest::descriptor();
  (void)dongxi::v1::GetServerStatusRequest::descriptor();
  return RoutesOf(LinkedApiServices());
}

TEST(RoutesTest, EveryMethodHasExactlyOneRoute) {
  size_t methods = 0;
  for (const auto* service : LinkedApiServices()) methods += static_cast<size_t>(service->method_count());
  std::set<std::string> routed, requests;
  for (const Route& route : ServedRoutes()) {
    EXPECT_TRUE(routed.insert(route.method->full_name()).second) << route.method->full_name();
    EXPECT_TRUE(requests.insert(route.verb + " " + route.Template()).second)
        << route.verb << " " << route.Template() << " stands for two methods";
  }
  EXPECT_EQ(routed.size(), methods);
  EXPECT_GE(methods, 15u);
}

// "needs" of "`needs/{need}`", as the comments of the fields of names say it.
TEST(RoutesTest, PathsUseTheCollectionsOfTheNames) {
  std::set<std::string> collections;
  for (const Route& route : ServedRoutes()) {
    if (!route.variable.empty()) collections.insert(route.collection);
  }
  EXPECT_THAT(
      std::vector<std::string>(collections.begin(), collections.end()),
      testing::IsSubsetOf({"backups", "engagements", "evidence", "experts", "generations", "institutions",
                           "matches", "needs", "operations", "results", "watches", "plans", "reports"}));
}

TEST(RoutesTest, NoPathIsTakenByTheOpenAiForm) {
  for (const Route& route : ServedRoutes()) {
    EXPECT_NE(route.Template(), "/v1/embeddings");
    EXPECT_NE(route.Template(), "/v1/models");
  }
}

// An API with one method of each kind.
constexpr char kApi[] = R"(
  name: "t.proto" package: "dongxi.v1" syntax: "proto3"
  message_type { name: "Plan" field { name: "name" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL } }
  message_type { name: "Named" field { name: "name" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL } }
  message_type { name: "Free" field { name: "text" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL } }
  message_type { name: "Listed"
    field { name: "day_plans" number: 1 type: TYPE_MESSAGE type_name: ".dongxi.v1.Plan" label: LABEL_REPEATED } }
  message_type { name: "Written"
    field { name: "plan" number: 1 type: TYPE_MESSAGE type_name: ".dongxi.v1.Plan" label: LABEL_OPTIONAL } }
  service { name: "S"
    method { name: "GetPlan" input_type: ".dongxi.v1.Named" output_type: ".dongxi.v1.Plan" }
    method { name: "ListPlans" input_type: ".dongxi.v1.Free" output_type: ".dongxi.v1.Listed" }
    method { name: "CreatePlan" input_type: ".dongxi.v1.Written" output_type: ".dongxi.v1.Plan" }
    method { name: "UpdatePlan" input_type: ".dongxi.v1.Written" output_type: ".dongxi.v1.Plan" }
    method { name: "DeletePlan" input_type: ".dongxi.v1.Named" output_type: ".dongxi.v1.Plan" }
    method { name: "UndeletePlan" input_type: ".dongxi.v1.Named" output_type: ".dongxi.v1.Plan" }
    method { name: "BatchGetPlans" input_type: ".dongxi.v1.Free" output_type: ".dongxi.v1.Listed" }
    method { name: "RollBackPlan" input_type: ".dongxi.v1.Free" output_type: ".dongxi.v1.Plan" }
    method { name: "GetWeather" input_type: ".dongxi.v1.Free" output_type: ".dongxi.v1.Free" }
    method { name: "Match" input_type: ".dongxi.v1.Free" output_type: ".dongxi.v1.Free" }
    method { name: "ImportPlans" input_type: ".dongxi.v1.Free" output_type: ".dongxi.v1.Free" client_streaming: true }
  })";

class RulesTest : public testing::Test {
 protected:
  void SetUp() override {
    google::protobuf::FileDescriptorProto file;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(kApi, &file));
    ASSERT_NE(pool_.BuildFile(file), nullptr);
    const std::string files[] = {"t.proto"};
    routes_ = RoutesOf(ApiServicesOf(pool_, files));
  }

  google::protobuf::DescriptorPool pool_;
  std::vector<Route> routes_;
};

TEST_F(RulesTest, PathsAreThoseOfTheAips) {
  std::map<std::string, std::string> found;
  for (const Route& route : routes_)
    found[route.method->name()] =
        route.verb + " " + route.Template() + (route.body.empty() ? "" : " " + route.body);
  EXPECT_EQ(found, (std::map<std::string, std::string>{
                       {"GetPlan", "GET /v1/{name=dayPlans/*}"},
                       {"ListPlans", "GET /v1/dayPlans"},
                       {"CreatePlan", "POST /v1/dayPlans plan"},
                       {"UpdatePlan", "PATCH /v1/{plan.name=dayPlans/*} plan"},
                       {"DeletePlan", "DELETE /v1/{name=dayPlans/*}"},
                       {"UndeletePlan", "POST /v1/{name=dayPlans/*}:undelete *"},
                       {"BatchGetPlans", "POST /v1/dayPlans:batchGet *"},
                       {"RollBackPlan", "POST /v1/dayPlans:rollBack *"},
                       {"GetWeather", "GET /v1/weather"},
                       {"Match", "POST /v1/match *"},
                       {"ImportPlans", "POST /v1/importPlans *"},
                   }));
}

TEST_F(RulesTest, FindTellsAWrongPathFromAWrongVerb) {
  const RouteTable table(routes_);
  const auto get = table.Find("GET", "/v1/dayPlans/a-1");
  ASSERT_TRUE(get.ok()) << get.status();
  EXPECT_EQ(get->route->method->name(), "GetPlan");
  EXPECT_EQ(get->resource, "dayPlans/a-1");
  const auto undelete = table.Find("POST", "/v1/dayPlans/a-1:undelete");
  ASSERT_TRUE(undelete.ok()) << undelete.status();
  EXPECT_EQ(undelete->resource, "dayPlans/a-1");
  EXPECT_TRUE(absl::IsUnimplemented(table.Find("PUT", "/v1/dayPlans/a-1").status()));
  EXPECT_EQ(table.VerbsOf("/v1/dayPlans/a-1"), "DELETE, GET, PATCH");
  for (const char* path :
       {"", "/", "/v1", "/v1/", "/v1/nothing", "/v1/dayPlans/", "/v1/dayPlans/a/b", "/v2/dayPlans",
        "/v1/dayPlans/a-1:nothing", "/v1//a", "v1/dayPlans", "/v1/dayPlans:"}) {
    SCOPED_TRACE(path);
    const auto found = table.Find("GET", path);
    if (std::string(path) == "/v1/dayPlans:") continue;  // an empty action is none
    EXPECT_TRUE(absl::IsNotFound(found.status())) << found.status();
  }
}

}  // namespace
}  // namespace dongxi
