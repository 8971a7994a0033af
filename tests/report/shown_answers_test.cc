// Which answer a report names for what it shows.
#include "report/shown_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi::report {
namespace {

NeedMatches Need(const std::string& match_id, const std::vector<std::string>& experts) {
  NeedMatches need;
  need.answer.set_match_id(match_id);
  for (const std::string& name : experts) need.answer.mutable_experts()->add_entries()->set_name(name);
  return need;
}

// Two needs with one expert a list and two in reserve; the limits changed the second list.
MatchReport ChangedReport(ShownNames* before) {
  MatchReport report;
  report.needs = {Need("m-1", {"experts/a", "experts/b"}), Need("m-2", {"experts/a", "experts/c"})};
  *before = ShownIn(report, 1);
  report.needs[0] = Need("m-1", {"experts/a"});
  report.needs[1] = Need("m-2", {"experts/c"});
  return report;
}

TEST(ShownAnswersTest, WhereALimitChangedAListTheReportNamesAnAnswerOfWhatItShows) {
  ShownNames before;
  MatchReport report = ChangedReport(&before);
  v1::MatchRequest question;
  question.set_filter("maturity >= 6");
  std::vector<size_t> asked;
  const auto ask = [&](size_t need, const v1::MatchRequest& sent, v1::MatchResponse* answer) {
    asked.push_back(need);
    EXPECT_EQ(sent.filter(), "(maturity >= 6) AND (name = \"experts/c\")");
    answer->set_match_id("m-3");
    return absl::OkStatus();
  };
  ASSERT_TRUE(NameWhatIsShown(question, 1, before, ask, &report).ok());
  EXPECT_EQ(asked, std::vector<size_t>{1}) << "what a list begins with is listed by its own answer";
  EXPECT_EQ(report.needs[0].answer.match_id(), "m-1");
  EXPECT_EQ(report.needs[1].answer.match_id(), "m-3");
}

TEST(ShownAnswersTest, WhatCannotBeAskedForHasNoAnswerAndOtherErrorsAreTold) {
  for (const absl::Status& error : {absl::NotFoundError("deleted"), absl::InvalidArgumentError("filter")}) {
    ShownNames before;
    MatchReport report = ChangedReport(&before);
    const auto ask = [&](size_t, const v1::MatchRequest&, v1::MatchResponse*) { return error; };
    ASSERT_TRUE(NameWhatIsShown({}, 1, before, ask, &report).ok());
    EXPECT_EQ(report.needs[1].answer.match_id(), "");
  }
  ShownNames before;
  MatchReport report = ChangedReport(&before);
  const auto ask = [&](size_t, const v1::MatchRequest&, v1::MatchResponse*) {
    return absl::UnavailableError("stopped");
  };
  EXPECT_TRUE(absl::IsUnavailable(NameWhatIsShown({}, 1, before, ask, &report)));
}

TEST(ShownAnswersTest, AnEmptiedListNamesNoAnswerAndAReportWithoutIdsAsksNothing) {
  ShownNames before;
  MatchReport report = ChangedReport(&before);
  report.needs[1].answer.clear_experts();
  const auto ask = [&](size_t, const v1::MatchRequest&, v1::MatchResponse*) {
    ADD_FAILURE() << "there is nothing to ask for";
    return absl::OkStatus();
  };
  ASSERT_TRUE(NameWhatIsShown({}, 1, before, ask, &report).ok());
  EXPECT_EQ(report.needs[1].answer.match_id(), "");
  MatchReport reproducible = ChangedReport(&before);
  for (NeedMatches& need : reproducible.needs) need.answer.clear_match_id();
  EXPECT_TRUE(NameWhatIsShown({}, 1, before, ask, &reproducible).ok());
}

TEST(ShownAnswersTest, MoreNamesThanAFilterTakesAreAskedForWithoutOne) {
  MatchReport report;
  report.needs = {Need("m-1", {})};
  const ShownNames before = ShownIn(report, 500);
  for (int i = 0; i < 300; ++i)
    report.needs[0].answer.mutable_experts()->add_entries()->set_name("experts/e-" + std::to_string(i));
  const auto ask = [&](size_t, const v1::MatchRequest& sent, v1::MatchResponse* answer) {
    EXPECT_EQ(sent.filter(), "");
    answer->set_match_id("m-2");
    return absl::OkStatus();
  };
  ASSERT_TRUE(NameWhatIsShown({}, 500, before, ask, &report).ok());
  EXPECT_EQ(report.needs[0].answer.match_id(), "m-2");
}

}  // namespace
}  // namespace dongxi::report
