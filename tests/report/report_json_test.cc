#include <gtest/gtest.h>

#include "report/json.h"
#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

TEST(MatchToJsonTest, HasTheKeysThatStayForGood) {
  const Json json = MatchToJson(MatchedNeed().answer);
  for (const char* key :
       {"partners", "experts", "results", "generation", "model", "policy", "policy_version", "match_id",
        "catalogue_sequence", "read_time", "no_adequate_match", "policy_reading"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json["policy"], "14-5-2022+1a2b");
  EXPECT_EQ(json["policy_version"], json["policy"]);
  EXPECT_EQ(json["generation"], "generations/00007");
  EXPECT_EQ(json["model"], "lsa-256");
  EXPECT_EQ(json["catalogue_sequence"], 419);
  EXPECT_EQ(json["read_time"], "2025-11-23T07:40:00Z");
  EXPECT_EQ(json["no_adequate_match"], Json({{"partners", false}, {"experts", true}, {"results", false}}));
  EXPECT_EQ(json["policy_reading"]["tasks"][0]["task"], "3.2");
}

TEST(EntryToJsonTest, SaysAllThatTheServerSaid) {
  const Json json = EntryToJson(MatchedNeed().answer.partners().entries(0));
  EXPECT_EQ(json["id"], "i-1");
  EXPECT_EQ(json["name"], "示例·天津某盐湖化工研究院");
  EXPECT_FALSE(json.contains("title"));
  EXPECT_EQ(json["region"], "12");
  EXPECT_EQ(json["region_name"], "天津");
  EXPECT_EQ(json["score"], 1.42);
  EXPECT_EQ(json["adequate"], true);
  EXPECT_EQ(json["illustrative"], true);
  EXPECT_EQ(json["reasons"].size(), 2u);
  EXPECT_EQ(json["score_parts"][0], Json({{"part", "lexical"}, {"value", 8.1}, {"contribution", 0.52}}));
  EXPECT_EQ(json["matched_terms"][0]["need_spans"][0], Json({{"field", "wanted"}, {"begin", 3}, {"end", 6}}));
  EXPECT_EQ(json["evidence"][1]["share"], 0.3);
  EXPECT_EQ(json["policy_reason"]["strength"], "named");
}

TEST(EntryToJsonTest, BarAndAdaptationAreThereWhereTheAnswerHasThem) {
  v1::MatchEntry entry;
  EXPECT_FALSE(EntryToJson(entry).contains("barred"));
  EXPECT_FALSE(EntryToJson(entry).contains("adaptation"));
  entry.set_barred("知识产权已失效");
  entry.mutable_adaptation()->set_value(0.5);
  entry.mutable_adaptation()->set_reason("缺高寒");
  EXPECT_EQ(EntryToJson(entry)["barred"], "知识产权已失效");
  EXPECT_EQ(EntryToJson(entry)["adaptation"], (Json{{"value", 0.5}, {"reason", "缺高寒"}}));
}

TEST(EntryToJsonTest, InAReportToItSaysWhatFitsAndWhatDoesNot) {
  MatchReport report = SampleReport();
  v1::MatchEntry& entry = *report.needs[0].answer.mutable_results()->mutable_entries(0);
  EXPECT_FALSE(EntryToJson(entry).contains("requirements"));
  v1::RequirementVerdict& verdict = *entry.add_requirements();
  verdict.set_kind(v1::RequirementVerdict::INDICATOR);
  verdict.set_outcome(v1::RequirementVerdict::SHORT);
  verdict.set_requirement("锂收率 ≥85%");
  verdict.set_shortfall_text("低 5 个百分点");
  EXPECT_FALSE(EntryToJson(entry)["requirements"][0].contains("routes"));
  verdict.add_routes("中试熟化");
  v1::RouteInstitution& helper = *verdict.add_route_institutions();
  helper.set_name("institutions/i-4");
  helper.set_title("某中试基地");
  const Json json = ReportToJson(report);
  const Json& told = json["needs"][0]["results"][0]["requirements"][0];
  EXPECT_EQ(told["kind"], "INDICATOR");
  EXPECT_EQ(told["outcome"], "SHORT");
  EXPECT_EQ(told["requirement"], "锂收率 ≥85%");
  EXPECT_EQ(told["shortfall_text"], "低 5 个百分点");
  EXPECT_EQ(told["routes"][0], "中试熟化");
  EXPECT_EQ(told["route_institutions"][0]["name"], "institutions/i-4");
  EXPECT_EQ(told["route_institutions"][0]["title"], "某中试基地");
}

TEST(EntryToJsonTest, WhatThePairWentThroughIsThereWhereItWentThroughSomething) {
  v1::MatchEntry entry;
  entry.set_name("results/r-1");
  EXPECT_FALSE(EntryToJson(entry).contains("pair_history"));
  v1::PairHistory& history = *entry.mutable_pair_history();
  history.set_state(v1::PairHistory::COOL_DOWN);
  history.set_text("会谈后没有后续登记");
  history.mutable_until()->set_seconds(1'803'744'000);
  history.add_engagements("engagements/e-1");
  Json json = EntryToJson(entry)["pair_history"];
  EXPECT_EQ(json["state"], "cool_down");
  EXPECT_EQ(json["text"], "会谈后没有后续登记");
  EXPECT_EQ(json["until"], "2027-02-27T16:00:00Z");
  EXPECT_EQ(json["engagements"][0], "engagements/e-1");
  history.set_state(v1::PairHistory::EXTEND);
  history.clear_until();
  json = EntryToJson(entry)["pair_history"];
  EXPECT_EQ(json["state"], "extend");
  EXPECT_TRUE(json["until"].is_null());
}

TEST(EntryToJsonTest, AResultHasATitleAndNoPolicyReasonIsNull) {
  const Json json = EntryToJson(MatchedNeed().answer.results().entries(0));
  EXPECT_EQ(json["title"], "高镁锂比卤水吸附提锂工艺");
  EXPECT_FALSE(json.contains("name"));
  EXPECT_TRUE(json["policy_reason"].is_null());
}

TEST(MatchToJsonTest, HasTheConsortiumAndTheQuestionOrNull) {
  const Json json = MatchToJson(MatchedNeed().answer);
  EXPECT_EQ(json["consortium"]["members"][0]["id"], "i-1");
  EXPECT_EQ(json["consortium"]["members"][0]["elements"], Json({0, 2}));
  EXPECT_EQ(json["consortium"]["members"][1]["title"], "某膜 <b>浓缩</b> 工艺");
  EXPECT_EQ(json["consortium"]["elements"][3]["kind"], "condition");
  EXPECT_EQ(json["consortium"]["elements"][3]["covered_by"], Json::array());
  EXPECT_EQ(json["consortium"]["open_count"], 1);
  EXPECT_EQ(json["consortium"]["exact"], true);
  EXPECT_EQ(json["owner_question"]["bits"], 1.5);
  const Json none = MatchToJson(UnmatchedNeed().answer);
  EXPECT_TRUE(none["consortium"].is_null());
  EXPECT_TRUE(none["owner_question"].is_null());
}

TEST(MatchToJsonTest, AnEmptyAnswerHasAllListsAndNoTime) {
  const Json json = MatchToJson(v1::MatchResponse());
  EXPECT_EQ(json["partners"], Json::array());
  EXPECT_EQ(json["experts"], Json::array());
  EXPECT_EQ(json["results"], Json::array());
  EXPECT_TRUE(json["read_time"].is_null());
}

TEST(MatchToJsonTest, ATimeOutOfRangeIsNullAndNotACrash) {
  v1::MatchResponse answer;
  answer.mutable_provenance()->mutable_read_time()->set_seconds(INT64_MAX);
  EXPECT_TRUE(MatchToJson(answer)["read_time"].is_null());
  answer.mutable_provenance()->mutable_read_time()->set_seconds(1);
  answer.mutable_provenance()->mutable_read_time()->set_nanos(INT32_MAX);
  EXPECT_TRUE(MatchToJson(answer)["read_time"].is_null());
}

TEST(ReportToJsonTest, CountsAndListsTheNeeds) {
  const Json json = ReportToJson(SampleReport());
  EXPECT_EQ(json["summary"]["needs"], 3);
  EXPECT_EQ(json["summary"]["matched"], 1);
  EXPECT_EQ(json["summary"]["no_adequate_match"], 1);
  EXPECT_EQ(json["summary"]["failed"], 1);
  ASSERT_EQ(json["needs"].size(), 3u);
  EXPECT_EQ(json["needs"][0]["need"]["id"], "n-1");
  EXPECT_EQ(json["needs"][0]["need"]["budget_wan"], 600.0);
  EXPECT_EQ(json["needs"][0]["partners"].size(), 2u);
  EXPECT_EQ(json["needs"][2]["error"], "目录里没有这条记录");
  EXPECT_FALSE(json["needs"][2].contains("partners"));
}

TEST(ReportToJsonTest, HasWhatThePagesSayBesideTheNeeds) {
  MatchReport report = SampleReport();
  report.options = {"每个列表至多 5 条"};
  const Json without = ReportToJson(report);
  EXPECT_TRUE(without["idle_offers"].is_null()) << "not looked for";
  EXPECT_TRUE(without["comparison"].is_null());
  report.idle_offers = {{"results/r-9", "闲置的吸附塔", "63", true}};
  report.comparison = Comparison{"去年.json", 2, 1, {{"needs/n-1", "题", "新需求", {"甲"}, {}}}, 4};
  const Json json = ReportToJson(report);
  EXPECT_EQ(json["options"], Json({"每个列表至多 5 条"}));
  const Json& summary = json["summary"];
  EXPECT_EQ(summary["tasks"][0]["needs"], 1);
  EXPECT_EQ(summary["fields"][0]["name"], "盐湖化工");
  EXPECT_EQ(summary["province_pairs"]["need_provinces"], Json({"青海"}));
  EXPECT_EQ(summary["province_pairs"]["offer_provinces"], Json({"天津"}));
  EXPECT_EQ(summary["province_pairs"]["needs"][0][0], 1);
  EXPECT_EQ(summary["exposure"]["institutions"], 1);
  EXPECT_EQ(summary["exposure"]["gini"], 0.0);
  EXPECT_EQ(summary["illustrative"], true);
  EXPECT_EQ(json["unmatched"], Json({"n-2", "n-3"}));
  EXPECT_EQ(json["idle_offers"][0]["id"], "r-9");
  EXPECT_EQ(json["idle_offers"][0]["region_name"], "青海");
  EXPECT_EQ(json["comparison"]["changes"][0]["gained"], Json({"甲"}));
  EXPECT_EQ(json["comparison"]["unchanged"], 4);
}

TEST(WriteReportJsonTest, TheTextInPiecesIsTheTextOfTheWhole) {
  MatchReport none = SampleReport(), failed = SampleReport();
  none.needs.clear();
  failed.needs[0].error = "一行\n又一行 \"{[";
  for (const MatchReport& report : {SampleReport(), none, failed}) {
    std::string text;
    int pieces = 0;
    ASSERT_TRUE(WriteReportJson(report, nullptr, [&](std::string_view piece) {
                  text += piece;
                  ++pieces;
                  return absl::OkStatus();
                }).ok());
    EXPECT_EQ(text, JsonText(ReportToJson(report)));
    EXPECT_EQ(pieces, static_cast<int>(report.needs.size()) + 2);
  }
}

TEST(WriteReportJsonTest, EndsWhereItIsStoppedOrCannotWrite) {
  const auto full = [](std::string_view) { return absl::ResourceExhaustedError("full"); };
  EXPECT_TRUE(absl::IsResourceExhausted(WriteReportJson(SampleReport(), nullptr, full)));
  const auto taken = [](std::string_view) { return absl::OkStatus(); };
  EXPECT_TRUE(absl::IsCancelled(WriteReportJson(
      SampleReport(), [] { return true; }, taken)));
}

TEST(JsonTextTest, KeepsChineseAndReplacesIllFormedBytes) {
  EXPECT_EQ(JsonText(Json({{"a", "盐湖"}})), "{\n  \"a\": \"盐湖\"\n}\n");
  EXPECT_EQ(JsonText(Json({{"a", "x\xFF"}})), "{\n  \"a\": \"x\uFFFD\"\n}\n");
}

}  // namespace
}  // namespace dongxi::report
