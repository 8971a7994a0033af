// What fits and what does not, in words.
#include "report/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

v1::MatchEntry EntryWith(const std::string& parts) {
  return FromText<v1::MatchEntry>("score_parts { part: \"lexical\" value: 1 } " + parts);
}

class FitTest : public testing::Test {
 protected:
  FitTest() { answer_.set_policy_boost_max(0.25); }
  const v1::Need need_ = MatchedNeed().need;
  v1::MatchResponse answer_;
};

TEST_F(FitTest, SaysWhatFitsWhollyAndInPartAndWhatDoesNot) {
  const std::vector<Fit> fits = FitsOf(need_, answer_, EntryWith(R"(score_parts { part: "maturity" value: 1 }
                                                    score_parts { part: "mode" value: 0.5 })"));
  ASSERT_EQ(fits.size(), 3u);
  EXPECT_EQ(fits[0].verdict, FitVerdict::kFits);
  EXPECT_EQ(fits[1].verdict, FitVerdict::kPartly);
  EXPECT_EQ(fits[2].verdict, FitVerdict::kNot);
  EXPECT_THAT(FittingText(fits), AllOf(HasSubstr("成熟度达到 TRL 7"), HasSubstr("合作方式符合 50%")));
  EXPECT_THAT(NotFittingText(fits), AllOf(HasSubstr("使用条件没有写明或不符合"), HasSubstr("、")));
}

TEST_F(FitTest, ALevelBelowIsSaidAndTwoAreNotTakenForOne) {
  EXPECT_THAT(FitsOf(need_, answer_, EntryWith(R"(score_parts { part: "maturity" value: 0.5 })"))[0].text,
              HasSubstr("低一级"));
  EXPECT_THAT(FitsOf(need_, answer_, EntryWith(""))[0].text, HasSubstr("没有写明，或"));
}

TEST_F(FitTest, VerdictsOfTheAnswerGoBeforeScoreParts) {
  const std::vector<Fit> fits = FitsOf(need_, answer_, EntryWith(R"(
    score_parts { part: "maturity" value: 1 }
    requirements { kind: INDICATOR outcome: MET requirement: "钾回收率 ≥60%" }
    requirements { kind: INDICATOR outcome: SHORT requirement: "纯度 ≥95%" shortfall_text: "低 2 个百分点" }
    requirements { kind: MODE outcome: CONTRADICTORY requirement: "许可" reason: "只转让" }
    requirements { kind: CONDITION outcome: UNKNOWN requirement: "高海拔" })"));
  ASSERT_EQ(fits.size(), 4u);
  EXPECT_EQ(FittingText(fits), "钾回收率 ≥60%");
  EXPECT_EQ(NotFittingText(fits), "纯度 ≥95%（差：低 2 个百分点）；许可（不满足：只转让）");
  EXPECT_EQ(UnsaidText(fits), "高海拔") << "silence is not a refusal";
}

TEST_F(FitTest, AGapOfMaturityNamesWhoCouldCloseIt) {
  const std::vector<Fit> fits = FitsOf(need_, answer_, EntryWith(R"(
    requirements { kind: MATURITY outcome: SHORT requirement: "成熟度 TRL 8" shortfall_text: "低 3 级"
                   route_institutions { title: "某中试平台" } route_institutions { title: "某研究所" } })"));
  EXPECT_EQ(NotFittingText(fits), "成熟度 TRL 8（差：低 3 级，可以找 某中试平台、某研究所）");
}

TEST_F(FitTest, SaysNothingThatTheAnswerDoesNotTell) {
  EXPECT_THAT(FitsOf(need_, answer_, v1::MatchEntry()), IsEmpty());
  answer_.set_policy_boost_max(0);
  EXPECT_THAT(FitsOf(need_, answer_, EntryWith("")), IsEmpty()) << "boosts are off";
  answer_.set_policy_boost_max(1);
  EXPECT_THAT(FitsOf(v1::Need(), answer_, EntryWith("")), IsEmpty()) << "nothing is asked for";
}

}  // namespace
}  // namespace dongxi::report
