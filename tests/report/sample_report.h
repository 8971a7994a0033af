// A small report with every case: a matched need, one without an adequate match, one that could not be
// matched, and texts that try to break out of the page.
#pragma once

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "report/model.h"

namespace dongxi::report {

template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

inline constexpr char kSampleProvenance[] = R"(
  provenance { generation: "generations/00007" catalogue_sequence: 419 model: "lsa-256" policy: "14-5-2022+1a2b"
               read_time { seconds: 1763883600 } }
)";

inline NeedMatches MatchedNeed() {
  NeedMatches need;
  need.need = FromText<v1::Need>(R"(
    name: "needs/n-1" title: "老卤提锂收率低" description: "老卤镁锂比高，现有吸附剂溶损大。" wanted: "低溶损吸附剂和配套工艺"
    institution: "institutions/i-9" region_code: "6328" modes: "joint_rd" modes: "conversion" maturity: 7
    conditions: "high_altitude" conditions: "arid" indicators: "锂收率≥80%" indicators: "年溶损≤5%" budget_wan: 600
    deadline: "2027-10-31" fields: "盐湖化工" illustrative: true)");
  need.answer = FromText<v1::MatchResponse>(std::string(kSampleProvenance) + R"(
    match_id: "m-1"
    policy { channel: "keji-yuanqing" channel_name: "科技援青"
             tasks { task: "3.2" title: "盐湖产业" probability: 0.86 } tasks { probability: 0.14 } }
    partners { entries {
      name: "institutions/i-1" kind: INSTITUTION title: "示例·天津某盐湖化工研究院" region_code: "12" region_name: "天津"
      score: 1.42 adequacy: 0.64 adequate: true illustrative: true
      score_parts { part: "lexical" value: 8.1 contribution: 0.52 }
      score_parts { part: "semantic" value: 0.7 contribution: 0.71 }
      score_parts { part: "policy" value: 0.86 contribution: 0.25 }
      score_parts { part: "maturity" value: -1 contribution: -0.06 }
      matched_terms { term: "吸附剂" weight: 0.5 need_spans { field: "wanted" begin: 3 end: 6 }
                      need_spans { field: "description" begin: 9 end: 12 } evidence_spans { field: "title" begin: 4 end: 7 } }
      matched_terms { term: "提锂" weight: 0.4 need_spans { field: "title" begin: 2 end: 4 } }
      matched_terms { term: "高" weight: 0.01 need_spans { field: "description" begin: 5 end: 6 } }
      evidence { name: "results/r-1" title: "高镁锂比卤水吸附提锂工艺" share: 0.7 illustrative: true }
      evidence { name: "evidence/e-1" title: "盐湖提锂中试项目" share: 0.3 }
      reasons: "共有词语：吸附剂、提锂" reasons: "通过科技援青: 青海 ↔ 天津, 盐湖产业"
      policy_reason { task: "3.2" text: "通过科技援青: 青海 ↔ 天津, 盐湖产业" quote: "深化青海与天津、山东、安徽、重庆等省市合作" strength: NAMED } }
      entries { name: "institutions/i-2" kind: INSTITUTION title: "某膜分离研究所" region_code: "32" region_name: "江苏"
                score: 0.4 adequacy: 0.2 } }
    experts { no_adequate_match: true }
    consortium {
      members { name: "institutions/i-1" kind: INSTITUTION title: "示例·天津某盐湖化工研究院" elements: 0 elements: 2 illustrative: true }
      members { name: "results/r-2" kind: RESULT title: "某膜 <b>浓缩</b> 工艺" elements: 1 }
      elements { kind: INDICATOR text: "考核指标：锂收率 ≥80%" covered_by: "institutions/i-1" covered_by: "results/r-1" }
      elements { kind: METHOD text: "方法：配套工艺" covered_by: "results/r-2" }
      elements { kind: PRODUCT text: "产品：低溶损吸附剂" covered_by: "institutions/i-1" }
      elements { kind: CONDITION text: "环境条件：高海拔" }
      open_count: 1 cost: 2.125 lower_bound: 2.125 exact: true }
    owner_question { text: "对“年溶损”有没有要求？候选的数值从 2% 到 9%。" bits: 1.5 }
    results { entries {
      name: "results/r-1" kind: RESULT title: "高镁锂比卤水吸附提锂工艺" region_code: "12" region_name: "天津" score: 1.1
      adequacy: 0.7 adequate: true institutions: "institutions/i-1" score_parts { part: "semantic" contribution: 1.1 } } }
  )");
  return need;
}

inline NeedMatches UnmatchedNeed() {
  NeedMatches need;
  need.need =
      FromText<v1::Need>(R"(name: "needs/n-2" title: "<script>alert('需求')</script>" region_code: "6101"
    description: "a < b && \"c\"")");
  need.answer = FromText<v1::MatchResponse>(std::string(kSampleProvenance) + R"(
    match_id: "m-2" policy { channel: "none" channel_name: "无对应通道" tasks { probability: 1 } }
    partners { no_adequate_match: true entries {
      name: "institutions/i-3" kind: INSTITUTION title: "\"><img src=x onerror=alert(1)>" region_name: "</style><b>北京"
      adequacy: 0.1 reasons: "</li><script>1</script>" score_parts { part: "\"/><x>" contribution: 0.2 }
      matched_terms { term: "script" need_spans { field: "title" begin: 1 end: 7 } }
      evidence { name: "evidence/e-9" title: "<!-- x" share: 1 } policy_reason { text: "<p>" quote: "]]>" } } }
    experts { no_adequate_match: true } results { no_adequate_match: true })");
  return need;
}

inline NeedMatches FailedNeed() {
  NeedMatches need;
  need.need = FromText<v1::Need>(R"(name: "needs/n-3" wanted: "只有一句话的需求")");
  need.error = "目录里没有这条记录";
  return need;
}

inline MatchReport SampleReport() {
  MatchReport report;
  report.title = "供需匹配报告 <2025>";
  report.needs = {MatchedNeed(), UnmatchedNeed(), FailedNeed()};
  report.institution_names = {{"institutions/i-1", "示例·天津某盐湖化工研究院"},
                              {"institutions/i-9", "某盐湖企业"}};
  return report;
}

}  // namespace dongxi::report
