// The words of a plan's figures and prices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_format.h"
#include "cli/plan/words.h"
#include "tests/cli/small_plan.h"

namespace dongxi::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(PriceWordsTest, HaveOneSignAndSayWhyMoreRoomCanCostValue) {
  EXPECT_EQ(PriceWords({"一张桌", 7.239, 24}), "价值 +7.24");
  EXPECT_EQ(PriceWords({"一张桌", -0.001, 0}), "价值 +0.00");
  EXPECT_THAT(PriceWords({"一个时段", -0.55, 0}), AllOf(HasSubstr("价值 -0.55"), HasSubstr("必见")));
}

TEST(FigureWordsTest, WhoCannotMeetAtAllIsSaidBesideWhoDidNot) {
  const auto without = [](const plan::PlanFile& file) {
    for (const FigureWord& figure : FigureWords(file)) {
      if (figure.name == "一场也没有的参会方") return figure.value;
    }
    return std::string();
  };
  EXPECT_EQ(without(Planned()), "0 方");
  std::string more = kEvent;
  const std::string parties = "\"parties\": [";
  more.insert(more.find(parties) + parties.size(), R"({"id": "N0", "name": "没有对方", "side": "需求方"},)");
  EXPECT_EQ(without(Planned(more)), "0 方（另有 1 方没有能会谈的对方或时段）");
}

// What a 未到 took counted as a meeting in every figure, and no figure said what had come of the plan.
TEST(FigureWordsTest, WhatCameOfThePlanStandsBesideWhatWasPlannedOnceAnOutcomeIsNoted) {
  const auto value = [](const plan::PlanFile& file, const char* name) {
    for (const FigureWord& figure : FigureWords(file)) {
      if (figure.name == name) return figure.value;
    }
    return std::string();
  };
  plan::PlanFile file = Planned();
  EXPECT_EQ(value(file, "实际：会谈"), "") << "nothing is noted";
  file.plan.meetings[0].outcome = "未到";
  EXPECT_EQ(value(file, "实际：会谈"), "0 / 1 场（未到 1 场，没有记结果 0 场）");
  EXPECT_EQ(value(file, "实际：总价值"), "0.00 / 0.90");
  EXPECT_EQ(value(file, "实际：一场也没有的参会方"), "2 方");
  EXPECT_EQ(value(file, "会谈"), "1 场") << "that is what was planned";
  file.plan.meetings[0].outcome = "意向";
  EXPECT_EQ(value(file, "实际：会谈"), "1 / 1 场（未到 0 场，没有记结果 0 场）");
}

// Six needs that ask for one offer, with that 最受欢迎方上限.
std::string Star(int cap) {
  std::string slots, needs, pairs;
  for (int i = 0; i < 6; ++i) {
    const char* const comma = i == 0 ? "" : ",";
    absl::StrAppendFormat(&slots,
                          R"(%s{"id": "S%d", "date": "2026-11-26", "begin": "%02d:00", "end": "%02d:25"})",
                          comma, i, 9 + i, 9 + i);
    absl::StrAppendFormat(&needs, R"({"id": "N%d", "name": "需求%d", "side": "需求方"},)", i, i);
    absl::StrAppendFormat(&pairs, R"(%s{"need": "N%d", "offer": "O", "score": "0.9"})", comma, i);
  }
  return absl::StrFormat(R"({"settings": [{"key": "最受欢迎方上限", "value": "%d"}], "slots": [%s],
                             "parties": [%s{"id": "O", "name": "供给甲", "side": "供给方"}], "pairs": [%s]})",
                         cap, slots, needs, pairs);
}

TEST(FigureWordsTest, BlockingPairsStandBesideThoseOfBeforeTheReplan) {
  plan::PlanFile file;
  file.plan.figures.blocking_pairs = 402;
  plan::Figures before;
  before.blocking_pairs = 386;
  const auto blocking = [&file](const plan::Figures* old) {
    for (const FigureWord& figure : FigureWords(file, old)) {
      if (figure.name == "阻塞对") return figure.value;
    }
    return std::string();
  };
  EXPECT_EQ(blocking(&before), "386 → 402 对");
  EXPECT_EQ(blocking(nullptr), "402 对");
}

TEST(FigureWordsTest, ACapOfTheMostWantedThatThePlanGaveUpIsSaid) {
  const auto cap = [](const plan::PlanFile& file) {
    for (const FigureWord& figure : FigureWords(file)) {
      if (figure.name == "最受欢迎方上限") return figure.value;
    }
    return std::string();
  };
  EXPECT_EQ(cap(Planned(Star(2))), "上限 2 没有守住：“供给甲”6 场")
      << "it would cost two thirds of the value";
  EXPECT_EQ(cap(Planned(Star(6))), "上限 6 守住了");
  EXPECT_EQ(cap(Planned()), "") << "none is set";
}

}  // namespace
}  // namespace dongxi::cli
