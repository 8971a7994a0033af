#include "cli/report_exposure.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void AddPartner(const std::string& name, double adequacy, bool adequate, v1::MatchResponse* answer) {
  v1::MatchEntry* entry = answer->mutable_partners()->add_entries();
  entry->set_kind(v1::INSTITUTION);
  entry->set_name(name);
  entry->set_region_code("120000");
  entry->set_adequacy(adequacy);
  entry->set_adequate(adequate);
}

std::vector<std::string> Partners(const report::NeedMatches& need) {
  std::vector<std::string> names;
  for (const v1::MatchEntry& entry : need.answer.partners().entries()) names.push_back(entry.name());
  return names;
}

// Two needs of two counties that both like "famous" best; the second has hardly anyone else.
report::MatchReport TwoNeeds() {
  report::MatchReport report;
  report.needs.resize(2);
  report.needs[0].need.set_region_code("632801");
  AddPartner("famous", 0.9, true, &report.needs[0].answer);
  AddPartner("other", 0.85, true, &report.needs[0].answer);
  AddPartner("near", 0.3, false, &report.needs[0].answer);
  report.needs[1].need.set_region_code("540102");
  AddPartner("famous", 0.9, true, &report.needs[1].answer);
  AddPartner("near", 0.2, false, &report.needs[1].answer);
  return report;
}

TEST(BalanceExposureTest, WithoutLimitsNothingChanges) {
  report::MatchReport report = TwoNeeds();
  ReportOptions options;
  options.top = 1;
  EXPECT_FALSE(BalancesExposure(options));
  BalanceExposure(options, &report);
  EXPECT_EQ(Partners(report.needs[0]).size(), 3u);
  EXPECT_THAT(report.options, IsEmpty());
}

TEST(BalanceExposureTest, AConsortiumWithAMemberThatALimitTookAwayIsDroppedAndSaid) {
  report::MatchReport report = TwoNeeds();
  for (report::NeedMatches& need : report.needs)
    need.answer.mutable_consortium()->add_members()->set_name("famous");
  ReportOptions options;
  options.top = 2;
  options.institution_max = 1;
  BalanceExposure(options, &report);
  EXPECT_TRUE(report.needs[0].answer.has_consortium());
  EXPECT_FALSE(report.needs[1].answer.has_consortium());
  EXPECT_THAT(report.options, testing::Contains(HasSubstr("1 条需求的创新联合体")));
}

// One need whose lists are longer than the report's two entries, as they are asked for with limits.
report::MatchReport LongList() {
  report::MatchReport report;
  report.needs.resize(1);
  report.needs[0].need.set_region_code("632801");
  v1::MatchResponse& answer = report.needs[0].answer;
  AddPartner("near", 0.4, false, &answer);
  AddPartner("first", 0.6, true, &answer);
  AddPartner("better", 0.9, true, &answer);
  AddPartner("best", 0.95, true, &answer);
  for (const char* name : {"near", "first"}) answer.mutable_consortium()->add_members()->set_name(name);
  return report;
}

TEST(BalanceExposureTest, LimitsThatBindNothingLeaveListsAndConsortiumAsWithoutOptions) {
  ReportOptions options;
  options.top = 2;
  options.institution_max = 1000;
  options.county_min = 1;
  report::MatchReport report = LongList();
  BalanceExposure(options, &report);
  EXPECT_THAT(Partners(report.needs[0]), ElementsAre("near", "first"));
  EXPECT_TRUE(report.needs[0].answer.has_consortium());
  EXPECT_THAT(report.options, testing::Each(testing::Not(HasSubstr("联合体"))));
  EXPECT_THAT(report.options, testing::Contains(HasSubstr("合适度之和少 0.0%")));
}

TEST(BalanceExposureTest, AFloorBringsUpWhatStoodBehindAndAMemberThatGivesWayEndsTheConsortium) {
  ReportOptions options;
  options.top = 2;
  options.county_min = 2;
  report::MatchReport report = LongList();
  BalanceExposure(options, &report);
  EXPECT_THAT(Partners(report.needs[0]), ElementsAre("first", "better"));
  EXPECT_FALSE(report.needs[0].answer.has_consortium());
}

TEST(BalanceExposureTest, AMemberBehindTheListIsNoFaultOfTheLimits) {
  ReportOptions options;
  options.top = 2;
  options.institution_max = 1000;
  report::MatchReport report = LongList();
  report.needs[0].answer.mutable_consortium()->add_members()->set_name("best");
  BalanceExposure(options, &report);
  EXPECT_TRUE(report.needs[0].answer.has_consortium());
}

TEST(BalanceExposureTest, ACapSendsTheFamousInstitutionWhereItIsNeededMostAndSaysWhatItCost) {
  report::MatchReport report = TwoNeeds();
  ReportOptions options;
  options.top = 2;
  options.institution_max = 1;
  BalanceExposure(options, &report);
  EXPECT_THAT(Partners(report.needs[0]), ElementsAre("famous", "other"));
  EXPECT_THAT(Partners(report.needs[1]), ElementsAre("near"));
  options.county_min = 1;
  report = TwoNeeds();
  BalanceExposure(options, &report);
  EXPECT_THAT(Partners(report.needs[0]), ElementsAre("other", "near"));
  EXPECT_THAT(Partners(report.needs[1]), ElementsAre("famous", "near"));
  ASSERT_EQ(report.options.size(), 2u);
  EXPECT_THAT(report.options[0], HasSubstr("每家机构至多 1 次、每个需求地区至少 1 条"));
  EXPECT_THAT(report.options[1], HasSubstr("由 2 次变为 1 次"));
}

TEST(BalanceExposureTest, OffersOfNoKnownRegionShareNoProvince) {
  ReportOptions options;
  options.top = 5;
  options.province_max = 1;
  const auto shown = [&](report::MatchReport report) {
    BalanceExposure(options, &report);
    return Partners(report.needs[0]).size() + Partners(report.needs[1]).size();
  };
  constexpr size_t kNearMisses = 2;
  EXPECT_EQ(shown(TwoNeeds()), kNearMisses + 1) << "both institutions are of one province";
  report::MatchReport unknown = TwoNeeds();
  for (report::NeedMatches& need : unknown.needs) {
    for (v1::MatchEntry& entry : *need.answer.mutable_partners()->mutable_entries())
      entry.clear_region_code();
  }
  EXPECT_EQ(shown(unknown), kNearMisses + 2) << "each of the two once";
}

TEST(BalanceExposureTest, AListThatALimitEmptiesIsNotedWithItsNeedAndTheLimit) {
  report::MatchReport report = TwoNeeds();
  ReportOptions options;
  options.top = 2;
  options.institution_max = 1;
  options.province_max = 9;
  BalanceExposure(options, &report);
  EXPECT_THAT(report.needs[0].emptied, IsEmpty());
  ASSERT_EQ(report.needs[1].emptied.size(), 1u);
  EXPECT_EQ(report.needs[1].emptied[0].kind, v1::INSTITUTION);
  EXPECT_THAT(report.needs[1].emptied[0].limits, ElementsAre("每家机构至多 1 次"));
  EXPECT_THAT(report.options, testing::Contains(HasSubstr("1 份名单因上限不再有合适的候选")));
}

TEST(BalanceExposureTest, AListWithoutAnAdequateEntryIsEmptiedByNoLimit) {
  report::MatchReport report = TwoNeeds();
  report.needs[1].answer.mutable_partners()->mutable_entries(0)->set_adequate(false);
  ReportOptions options;
  options.top = 2;
  options.institution_max = 1;
  BalanceExposure(options, &report);
  EXPECT_THAT(report.needs[1].emptied, IsEmpty());
}

TEST(BalanceExposureTest, ARegionBelowItsFloorIsNamedInWords) {
  struct Case {
    const char *code, *said;
  };
  constexpr Case kCases[] = {{"5401", "：西藏拉萨（差 1 条）"}, {"540100", "：西藏拉萨（差 1 条）"},
                             {"54", "：西藏（差 1 条）"},       {"540102", "：西藏拉萨 540102（差 1 条）"},
                             {"", "：未注明地区（差 1 条）"},   {"99", "：99（差 1 条）"}};
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.code);
    report::MatchReport report = TwoNeeds();
    report.needs[1].need.set_region_code(c.code);
    ReportOptions options;
    options.top = 3;
    options.county_min = 2;
    BalanceExposure(options, &report);
    EXPECT_THAT(report.options.back(), HasSubstr(c.said));
  }
}

TEST(BalanceExposureTest, AResultCountsForItsFirstInstitutionAndNeedsWithoutAnswerAreLeftAlone) {
  report::MatchReport report;
  report.needs.resize(3);
  for (int i = 0; i < 2; ++i) {
    v1::MatchEntry* entry = report.needs[static_cast<size_t>(i)].answer.mutable_results()->add_entries();
    entry->set_kind(v1::RESULT);
    entry->set_name("results/r-" + std::to_string(i));
    entry->add_institutions("institutions/i");
    entry->add_institutions("institutions/" + std::to_string(i));
    entry->set_adequacy(0.8 + i * 0.1);
    entry->set_adequate(true);
  }
  report.needs[2].error = "读不了";
  ReportOptions options;
  options.institution_max = 1;
  BalanceExposure(options, &report);
  EXPECT_EQ(report.needs[0].answer.results().entries_size(), 0);
  EXPECT_EQ(report.needs[1].answer.results().entries_size(), 1);
  EXPECT_THAT(report.options[1], HasSubstr("1 份名单因上限不再有合适的候选"));
  ASSERT_EQ(report.needs[0].emptied.size(), 1u);
  EXPECT_EQ(report.needs[0].emptied[0].kind, v1::RESULT);
  EXPECT_THAT(report.needs[2].emptied, IsEmpty());
}

// As an expert of one institute stands in the lists of both needs, with a colleague in the first.
void AddExpert(const std::string& name, double adequacy, v1::MatchResponse* answer) {
  v1::MatchEntry* entry = answer->mutable_experts()->add_entries();
  entry->set_kind(v1::EXPERT);
  entry->set_name(name);
  entry->add_institutions("示例·盐化所");
  entry->set_region_code("120000");
  entry->set_adequacy(adequacy);
  entry->set_adequate(true);
}

TEST(BalanceExposureTest, AnExpertsCapacityHoldsOverTheWholeReportAndItsCostIsPrinted) {
  report::MatchReport report;
  report.needs.resize(2);
  AddExpert("experts/asked-by-all", 0.9, &report.needs[0].answer);
  AddExpert("experts/colleague", 0.8, &report.needs[0].answer);
  AddExpert("experts/asked-by-all", 0.8, &report.needs[1].answer);
  AddPartner("famous", 0.9, true, &report.needs[0].answer);
  AddPartner("famous", 0.9, true, &report.needs[1].answer);
  ReportOptions options;
  options.top = 1;
  options.expert_max = 1;
  EXPECT_TRUE(BalancesExposure(options));
  BalanceExposure(options, &report);
  ASSERT_EQ(report.needs[0].answer.experts().entries_size(), 1);
  EXPECT_EQ(report.needs[0].answer.experts().entries(0).name(), "experts/colleague");
  ASSERT_EQ(report.needs[1].answer.experts().entries_size(), 1);
  EXPECT_THAT(Partners(report.needs[1]), ElementsAre("famous")) << "institutions have no capacity";
  EXPECT_THAT(report.options[0], HasSubstr("每位专家至多 1 项"));
  EXPECT_THAT(report.options,
              testing::Contains(testing::AllOf(HasSubstr("最多的专家由 2 次变为 1 次，出现的专家 1→2 位"),
                                               HasSubstr("合适度之和少 5.9%"))));
}

v1::MatchEntry& ExpertIn(report::MatchReport* report, size_t need, int place) {
  return *report->needs[need].answer.mutable_experts()->mutable_entries(place);
}
void SetLoad(int open, int max, v1::MatchEntry* entry) {
  entry->mutable_expert_load()->set_open_matches(open);
  entry->mutable_expert_load()->set_open_matches_max(max);
}

TEST(BalanceExposureTest, WhatIsUnderWayInTheLedgerAndWhatAnExpertTakesLimitWhatIsLeft) {
  struct Case {
    const char* name;
    int open, own, expert_max;
    int lists;  // of three that the expert then stands in
  };
  constexpr Case kCases[] = {
      {"nothing under way", 0, 5, 3, 3},
      {"one under way", 1, 5, 3, 2},
      {"takes fewer", 0, 2, 3, 2},
      {"takes more", 0, 9, 1, 1},
      {"both", 1, 2, 3, 1},
      {"full", 3, 5, 3, 0},
      {"more than full", 7, 5, 3, 0},
      {"more than he takes", 2, 1, 3, 0},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    report::MatchReport report;
    report.needs.resize(3);
    for (size_t i = 0; i < 3; ++i) {
      AddExpert("experts/busy", 0.9, &report.needs[i].answer);
      SetLoad(c.open, c.own, &ExpertIn(&report, i, 0));
    }
    ReportOptions options;
    options.top = 1;
    options.expert_max = c.expert_max;
    BalanceExposure(options, &report);
    int lists = 0;
    for (const report::NeedMatches& need : report.needs) lists += need.answer.experts().entries_size();
    EXPECT_EQ(lists, c.lists);
    for (const report::NeedMatches& need : report.needs) {
      ASSERT_EQ(need.emptied.size(), need.answer.experts().entries().empty() ? 1u : 0u);
      if (need.emptied.empty()) continue;
      EXPECT_THAT(need.emptied[0].limits,
                  ElementsAre("每位专家至多 " + std::to_string(c.expert_max) + " 项"));
    }
    const auto said = testing::Contains(HasSubstr("专家余量：候选专家 1 位，其中 1 位余量不足"));
    if (std::min(c.own, c.expert_max) - c.open < c.expert_max) {
      EXPECT_THAT(report.options, said);
    } else {
      EXPECT_THAT(report.options, testing::Not(said));
    }
  }
}

TEST(BalanceExposureTest, ANeedThatIsUnderWayWithAnExpertCountsOnce) {
  report::MatchReport report;
  report.needs.resize(3);
  for (size_t i = 0; i < 3; ++i) {
    AddExpert("experts/busy", 0.5 + 0.1 * static_cast<double>(i), &report.needs[i].answer);
    SetLoad(1, 5, &ExpertIn(&report, i, 0));
  }
  ExpertIn(&report, 0, 0).mutable_expert_load()->set_with_this_need(true);
  ReportOptions options;
  options.top = 1;
  options.expert_max = 2;
  BalanceExposure(options, &report);
  EXPECT_EQ(report.needs[0].answer.experts().entries_size(), 1) << "he is with it already";
  EXPECT_EQ(report.needs[1].answer.experts().entries_size(), 0);
  EXPECT_EQ(report.needs[2].answer.experts().entries_size(), 1) << "one more, the best";
}

TEST(BalanceExposureTest, OfTwoAnswersTheOneThatLeavesAnExpertLessRoomCounts) {
  report::MatchReport report;
  report.needs.resize(2);
  for (size_t i = 0; i < 2; ++i) {
    AddExpert("experts/busy", 0.9, &report.needs[i].answer);
    SetLoad(i == 0 ? 0 : 1, 5, &ExpertIn(&report, i, 0));  // a meeting was recorded between the two
  }
  ReportOptions options;
  options.top = 1;
  options.expert_max = 2;
  BalanceExposure(options, &report);
  EXPECT_EQ(report.needs[0].answer.experts().entries_size() + report.needs[1].answer.experts().entries_size(),
            1);
}

}  // namespace
}  // namespace dongxi::cli
