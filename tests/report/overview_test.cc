#include "report/overview.h"

#include <gtest/gtest.h>

#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

TEST(InstitutionNameTest, AnOwnerInWordsHasNoCollectionBeforeIt) {
  MatchReport report;
  report.institution_names["institutions/i-1"] = "某院";
  EXPECT_EQ(InstitutionName(report, "institutions/i-1"), "某院");
  EXPECT_EQ(InstitutionName(report, "institutions/某县厂"), "某县厂") << "a need of a spreadsheet";
  EXPECT_EQ(InstitutionName(report, "某县厂"), "某县厂");
}

TEST(SummariseTest, CountsNeedsByWhatWasFound) {
  const Overview overview = Summarise(SampleReport());
  EXPECT_EQ(overview.total.needs, 3);
  EXPECT_EQ(overview.total.matched, 1);
  EXPECT_EQ(overview.total.unmatched, 1);
  EXPECT_EQ(overview.total.failed, 1);
  EXPECT_EQ(overview.with_partner, 1);
  EXPECT_EQ(overview.with_expert, 0);
  EXPECT_EQ(overview.with_result, 1);
  EXPECT_TRUE(overview.illustrative);
}

TEST(SummariseTest, GroupsByChannelAndByProvinceMostNeedsFirst) {
  MatchReport report = SampleReport();
  report.needs.push_back(MatchedNeed());
  report.needs.back().need.set_region_code("63");
  const Overview overview = Summarise(report);
  ASSERT_EQ(overview.provinces.size(), 3u);
  EXPECT_EQ(overview.provinces[0].name, "青海");
  EXPECT_EQ(overview.provinces[0].needs, 2);
  ASSERT_EQ(overview.channels.size(), 2u) << "a need without an answer has no channel";
  EXPECT_EQ(overview.channels[0].name, "科技援青");
  EXPECT_EQ(overview.channels[0].matched, 2);
}

TEST(SummariseTest, CountsAnInstitutionOnceANeedInWhateverWaysItAppears) {
  const Overview overview = Summarise(SampleReport());
  ASSERT_EQ(overview.institutions.size(), 1u) << "near misses recommend nobody";
  EXPECT_EQ(overview.institutions[0].name, "示例·天津某盐湖化工研究院");
  EXPECT_EQ(overview.institutions[0].region, "天津");
  EXPECT_EQ(overview.institutions[0].needs, 1);
  EXPECT_EQ(overview.institutions[0].as_partner, 1);
  EXPECT_EQ(overview.institutions[0].by_result, 1);
  EXPECT_EQ(overview.institutions[0].by_expert, 0);
}

TEST(SummariseTest, InstitutionsOfOneNameAreCountedApart) {
  MatchReport report;
  report.needs = {MatchedNeed(), MatchedNeed()};
  report.needs[1].answer.mutable_partners()->mutable_entries(0)->set_name("institutions/i-8");
  const Overview overview = Summarise(report);
  ASSERT_EQ(overview.institutions.size(), 2u);
  EXPECT_EQ(overview.exposure.institutions, 2);
  EXPECT_EQ(overview.institutions[0].name, overview.institutions[1].name);
  EXPECT_EQ(overview.institutions[0].needs, 2) << "i-1: a partner of one need, and its result of both";
  EXPECT_EQ(overview.institutions[1].needs, 1);
}

TEST(SummariseTest, TheInstitutionBehindAResultIsThePartnerOfThatName) {
  MatchReport report;
  report.needs = {MatchedNeed()};
  v1::MatchEntry& result = *report.needs[0].answer.mutable_results()->mutable_entries(0);
  result.set_institutions(0, report.needs[0].answer.partners().entries(0).title());
  result.add_institutions("某大学");
  const Overview overview = Summarise(report);
  ASSERT_EQ(overview.institutions.size(), 2u);
  EXPECT_EQ(overview.institutions[0].name, "示例·天津某盐湖化工研究院");
  EXPECT_EQ(overview.institutions[0].needs, 1);
  EXPECT_EQ(overview.institutions[0].as_partner, 1);
  EXPECT_EQ(overview.institutions[0].by_result, 1);
  EXPECT_EQ(overview.institutions[1].name, "某大学");
}

TEST(SummariseTest, KeepsSourcesApartButNotReadTimes) {
  MatchReport report = SampleReport();
  report.needs[1].answer.mutable_provenance()->mutable_read_time()->set_seconds(1);
  EXPECT_EQ(Summarise(report).provenances.size(), 1u);
  report.needs[1].answer.mutable_provenance()->set_model("other");
  EXPECT_EQ(Summarise(report).provenances.size(), 2u);
}

}  // namespace
}  // namespace dongxi::report
