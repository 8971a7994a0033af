// What `dongxi report` and the server's jobs do alike: which offers nobody needs.
#include "report/assemble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

using testing::Contains;
using testing::Not;

IdleOffer Offer(const char* name, const char* title = "题") { return {name, title, "63", false}; }

TEST(WantedNamesTest, AnInstitutionBehindAnAdequateExpertOrResultIsWanted) {
  MatchReport report;
  report.needs = {MatchedNeed()};
  v1::MatchResponse& answer = report.needs[0].answer;
  answer.clear_partners();
  v1::MatchEntry& expert = *answer.mutable_experts()->add_entries();
  expert.set_name("experts/e-1");
  expert.set_adequate(true);
  expert.add_institutions("某大学");
  v1::MatchEntry& near = *answer.mutable_experts()->add_entries();
  near.set_name("experts/e-2");
  near.add_institutions("institutions/i-7");
  const std::set<std::string> wanted = WantedNames(report, kTopDefault);
  EXPECT_THAT(wanted, Contains("institutions/i-1")) << "it owns the result";
  EXPECT_THAT(wanted, Not(Contains("institutions/i-7"))) << "its expert is a near miss";
  EXPECT_FALSE(IsIdle(wanted, "2026-11-26", Offer("institutions/i-1"), ""));
  EXPECT_FALSE(IsIdle(wanted, "2026-11-26", Offer("institutions/i-5", "某大学"), "")) << "named as people do";
  EXPECT_TRUE(IsIdle(wanted, "2026-11-26", Offer("results/r-8", "某大学"), "")) << "no institution";
  EXPECT_TRUE(IsIdle(wanted, "2026-11-26", Offer("institutions/i-7"), ""));
}

TEST(WantedNamesTest, WhatWasOnlyAskedForAsAReserveIsNotWanted) {
  MatchReport report;
  report.needs.resize(1);
  for (const char* name : {"experts/e-1", "experts/e-2"}) {
    v1::MatchEntry& entry = *report.needs[0].answer.mutable_experts()->add_entries();
    entry.set_name(name);
    entry.set_adequate(true);
  }
  EXPECT_THAT(WantedNames(report, 2), Contains("experts/e-2"));
  EXPECT_THAT(WantedNames(report, 1), Not(Contains("experts/e-2")));
}

// Answers with as many experts as are asked for, all of them members, and a question that tells the number.
absl::Status AnswerInFull(const v1::MatchRequest& question, v1::MatchResponse* answer) {
  for (int i = 0; i < question.page_size(); ++i) {
    const std::string name = "experts/e-" + std::to_string(i);
    answer->mutable_experts()->add_entries()->set_name(name);
    answer->mutable_consortium()->add_members()->set_name(name);
  }
  answer->mutable_owner_question()->set_text(std::to_string(question.page_size()));
  answer->set_match_id("m-" + std::to_string(question.page_size()));
  return absl::OkStatus();
}

TEST(AskForReportTest, ConsortiumAndQuestionAreOfTheEntriesThatAReportLists) {
  v1::MatchResponse answer;
  const v1::MatchRequest limited = QuestionOf({}, 2, {.institution_max = 9});
  ASSERT_TRUE(AskForReport(limited, 2, AnswerInFull, &answer).ok());
  EXPECT_EQ(answer.experts().entries_size(), 2 * kExposureReserve);
  EXPECT_EQ(answer.consortium().members_size(), 2);
  EXPECT_EQ(answer.owner_question().text(), "2");
  EXPECT_EQ(answer.match_id(), "m-2") << "that of the answer which lists no more than the report";
}

TEST(AskForReportTest, WithoutLimitsItAsksOnceAndErrorsOfEitherAnswerAreTold) {
  int asked = 0;
  const auto ask = [&](const v1::MatchRequest& question, v1::MatchResponse* answer) {
    return ++asked == 2 ? absl::UnavailableError("busy") : AnswerInFull(question, answer);
  };
  v1::MatchResponse answer;
  EXPECT_TRUE(AskForReport(QuestionOf({}, 2, {}), 2, ask, &answer).ok());
  EXPECT_EQ(asked, 1);
  asked = 0;
  EXPECT_FALSE(AskForReport(QuestionOf({}, 2, {.county_min = 1}), 2, ask, &answer).ok());
}

TEST(TellQuestionTest, SaysInChineseWhichListsAreAskedForAndHowLongTheyMayBe) {
  v1::MatchRequest choice;
  choice.add_kinds(v1::RESULT);
  choice.add_kinds(v1::INSTITUTION);
  MatchReport report;
  TellQuestion(choice, 7, "region = \"63\"", &report);
  EXPECT_THAT(report.kinds, testing::ElementsAre(v1::RESULT, v1::INSTITUTION));
  EXPECT_EQ(report.top, 7);
  EXPECT_THAT(report.options,
              testing::ElementsAre("每个列表至多 7 条", "列表：成果、合作机构", "需求条件：region = \"63\""));
  TellQuestion({}, 5, "", &report);
  EXPECT_TRUE(report.kinds.empty()) << "all lists";
}

TEST(IsIdleTest, WhatIsOverIsOfferedToNobody) {
  EXPECT_FALSE(IsIdle({}, "2026-11-26", Offer("results/r-1"), "2026-11-25"));
  EXPECT_TRUE(IsIdle({}, "2026-11-26", Offer("results/r-1"), "2026-11-26")) << "its last day";
  EXPECT_TRUE(IsIdle({}, "2026-11-26", Offer("results/r-1"), ""));
}

TEST(FillRegionsTest, AnOfferWithoutARegionHasThatOfItsOwner) {
  std::vector<IdleOffer> offers = {Offer("results/r-1"), Offer("results/r-2"), Offer("experts/e-1")};
  for (IdleOffer& offer : offers) offer.owner = "institutions/i-1";
  offers[1].region_code.clear();
  offers[2].region_code.clear();
  offers[2].owner = "institutions/i-9";
  FillRegions({{"institutions/i-1", "12"}}, &offers);
  EXPECT_EQ(offers[0].region_code, "63") << "its own";
  EXPECT_EQ(offers[1].region_code, "12");
  EXPECT_EQ(offers[2].region_code, "") << "nobody says it";
}

TEST(CanTellIdleOffersTest, NotOfCandidatesThatWereLeftOut) {
  v1::MatchRequest choice;
  EXPECT_TRUE(CanTellIdleOffers(choice));
  choice.add_kinds(v1::RESULT);
  choice.set_policy_weight(0.5);
  EXPECT_TRUE(CanTellIdleOffers(choice));
  choice.set_filter("region = \"12\"");
  EXPECT_FALSE(CanTellIdleOffers(choice));
  choice.clear_filter();
  choice.set_per_institution_max(1);
  EXPECT_FALSE(CanTellIdleOffers(choice));
}

TEST(DayOfTest, IsTheDayOfTheLastAnswerInChina) {
  MatchReport report = SampleReport();
  report.needs[0].answer.mutable_provenance()->mutable_read_time()->set_seconds(1763913600);
  EXPECT_EQ(DayOf(report), "2025-11-24") << "2025-11-23 16:00 UTC";
}

}  // namespace
}  // namespace dongxi::report
