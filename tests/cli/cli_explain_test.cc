// dongxi explain, dongxi similar, and what dongxi match asks for beside its lists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/json.h"
#include "tests/cli/fake_server.h"
#include "tests/report/sample_report.h"

namespace dongxi::cli {
namespace {

using report::Json;
using testing::HasSubstr;

class CliExplainTest : public testing::Test {
 protected:
  CliRun Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--server", server_.address()});
    return Dongxi(arguments);
  }
  FakeServer server_;
};

TEST_F(CliExplainTest, PrintsTheSentencesAndThePartsOfTheScore) {
  v1::ExplainMatchResponse& answer = server_->explain_answer;
  answer.set_text("已列出：第 2 位（共 9 位）。");
  answer.mutable_entry()->set_title("吸附提锂工艺");
  v1::ScorePart* part = answer.mutable_entry()->add_score_parts();
  part->set_part("lexical");
  part->set_value(2);
  part->set_contribution(1.5);
  const CliRun run = Run({"explain", "--need", "n-1", "--candidate", "results/r-1", "--filter",
                          "maturity >= 6", "--profile", "policy_first", "--top", "5"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("第 2 位"));
  EXPECT_THAT(run.out, HasSubstr("1.500"));
  const v1::ExplainMatchRequest& request = server_->explain_request;
  EXPECT_EQ(request.match().need_name(), "needs/n-1");
  EXPECT_EQ(request.candidate(), "results/r-1");
  EXPECT_EQ(request.match().filter(), "maturity >= 6");
  EXPECT_EQ(request.match().ranking_profile(), "policy_first");
  EXPECT_EQ(request.match().page_size(), 5);
}

TEST_F(CliExplainTest, PrintsRequirementByRequirement) {
  v1::MatchEntry& entry = *server_->explain_answer.mutable_entry();
  entry.add_score_parts()->set_part("lexical");
  v1::RequirementVerdict* verdict = entry.add_requirements();
  verdict->set_outcome(v1::RequirementVerdict::SHORT);
  verdict->set_reason("锂收率：要求 ≥85%，供方 80%，差 低 5 个百分点");
  verdict = entry.add_requirements();
  verdict->set_outcome(v1::RequirementVerdict::UNKNOWN);
  verdict->set_reason("溶损率：要求 ≤3%，供方没有说明");
  const CliRun run = Run({"explain", "--need", "n-1", "--candidate", "results/r-1"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("△ 锂收率：要求 ≥85%"));
  EXPECT_THAT(run.out, HasSubstr("? 溶损率"));
}

TEST_F(CliExplainTest, JsonIsTheMessageInTheFormOfTheApi) {
  server_->explain_answer.set_verdict(v1::MATCH_VERDICT_FILTERED);
  server_->explain_answer.add_failed_conditions("region=32");
  const CliRun run = Run({"explain", "--text", "提锂", "--candidate", "results/r-1", "--json"});
  const Json json = Json::parse(run.out, nullptr, false);
  ASSERT_TRUE(json.is_object()) << run.out;
  EXPECT_EQ(json["verdict"], "MATCH_VERDICT_FILTERED");
  EXPECT_EQ(json["failed_conditions"][0], "region=32");
}

TEST_F(CliExplainTest, SimilarAsksForNeedsOrResults) {
  v1::SimilarRecord* record = server_->similar_needs_answer.add_needs();
  record->set_name("needs/n-2");
  record->set_title("盐湖镁资源");
  record->add_matched_terms("盐湖");
  const CliRun run = Run({"similar", "--need", "n-1", "--top", "7"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("盐湖镁资源"));
  EXPECT_EQ(server_->similar_needs_request.need_name(), "needs/n-1");
  EXPECT_EQ(server_->similar_needs_request.page_size(), 7);
  EXPECT_THAT(Run({"similar", "--result", "r-1"}).out, HasSubstr("没有相近的记录"));
  EXPECT_EQ(server_->similar_results_request.result_name(), "results/r-1");
}

TEST_F(CliExplainTest, MatchSendsProfileDiversityFacetsAndBroadening) {
  server_->on_match = [](const v1::MatchRequest&, v1::MatchResponse* response) {
    *response = report::MatchedNeed().answer;
    response->set_degraded("向量服务没有及时应答，本次只按用词匹配");
    v1::MatchList& results = *response->mutable_results();
    results.set_adequate_count(3);
    v1::Facet* facet = results.add_facets();
    facet->set_field(v1::FACET_FIELD_REGION);
    v1::FacetValue* value = facet->add_values();
    value->set_value("12");
    value->set_label("天津");
    value->set_count(3);
    results.add_broadening()->set_text("不限年份（原条件：year>=2022）");
    results.mutable_entries(0)->set_broadened(results.broadening(0).text());
    return grpc::Status::OK;
  };
  const std::vector<std::string> call = {"match",       "--text", "提锂",     "--profile",   "wide_choice",
                                         "--diversity", "0.3",    "--facets", "region,mode", "--broaden"};
  const CliRun run = Run(call);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  for (const char* words :
       {"向量服务没有及时应答", "天津 3", "已放宽：不限年份", "带 * 的是放宽条件后才列入的"})
    EXPECT_THAT(run.out, HasSubstr(words));
  const v1::MatchRequest& request = server_->match_request;
  EXPECT_EQ(request.ranking_profile(), "wide_choice");
  EXPECT_EQ(request.diversity().lambda(), 0.3);
  EXPECT_EQ(request.facets(1), v1::FACET_FIELD_MODE);
  EXPECT_TRUE(request.enable_broadening());
  std::vector<std::string> as_json = call;
  as_json.emplace_back("--json");
  const Json json = Json::parse(Run(as_json).out, nullptr, false);
  EXPECT_EQ(json["facets"]["results"]["地区"][0]["count"], 3);
  EXPECT_EQ(json["results"][0]["broadened"], "不限年份（原条件：year>=2022）");
}

TEST_F(CliExplainTest, WrongCallsEndWith2AndSayWhy) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"explain", "--candidate", "results/r-1"}, "--need 和 --text"},
      {{"explain", "--need", "n-1"}, "--candidate"},
      {{"similar"}, "--need 和 --result"},
      {{"match", "--text", "x", "--diversity", "2"}, "--diversity"},
      {{"match", "--text", "x", "--facets", "place"}, "--facets"},
      {{"match", "--offer", "results/r-1", "--broaden"}, "--offer"},
  };
  for (const auto& [arguments, words] : cases) {
    SCOPED_TRACE(words);
    const CliRun run = Run(arguments);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, HasSubstr(words));
  }
}

}  // namespace
}  // namespace dongxi::cli
