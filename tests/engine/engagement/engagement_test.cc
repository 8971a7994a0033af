#include "engine/engagement/engagement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace dongxi {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kDayUs = 86'400LL * 1'000'000;
constexpr int64_t kStartUs = 1'760'000'000LL * 1'000'000;

LedgerEntry Entry(const std::string& id, Step step, int day) {
  LedgerEntry entry;
  entry.id = id;
  entry.step = step;
  entry.event_time_us = entry.record_time_us = kStartUs + day * kDayUs;
  return entry;
}

LedgerEntry Refusal(const std::string& id, int day) {
  LedgerEntry entry = Entry(id, Step::kRefused, day);
  entry.reason = RefusalReason::kNoBudget;
  return entry;
}

LedgerEntry Of(LedgerKind kind, const std::string& id, const std::string& corrects, LedgerEntry entry) {
  entry.kind = kind;
  entry.id = id;
  entry.corrects = corrects;
  return entry;
}

std::vector<std::string> Ids(const std::vector<LedgerEntry>& entries) {
  std::vector<std::string> ids;
  for (const LedgerEntry& entry : entries) ids.push_back(entry.id);
  return ids;
}

TEST(EngagementWordsTest, EveryStepAndReasonHasItsOwnCodeAndName) {
  std::set<std::string_view> words;
  for (const Step step : kAllSteps) {
    EXPECT_EQ(StepOf(CodeOf(step)), step);
    EXPECT_EQ(StepOf(ChineseNameOf(step)), step);
    words.insert(CodeOf(step));
    words.insert(ChineseNameOf(step));
  }
  for (int code = 1; code <= kRefusalReasons; ++code) {
    const auto reason = static_cast<RefusalReason>(code);
    EXPECT_EQ(RefusalReasonOf(CodeOf(reason)), reason);
    EXPECT_EQ(RefusalReasonOf(ChineseNameOf(reason)), reason);
    words.insert(CodeOf(reason));
    words.insert(ChineseNameOf(reason));
  }
  EXPECT_EQ(words.size(), 2 * (std::size(kAllSteps) + kRefusalReasons));
  EXPECT_EQ(StepOf("sold"), std::nullopt);
  EXPECT_EQ(RefusalReasonOf(""), std::nullopt);
}

TEST(EffectiveHistoryTest, IsInOrderOfTheEventsNotOfTheirRecording) {
  const std::vector<LedgerEntry> ledger = {Entry("a", Step::kSigned, 9), Entry("b", Step::kMet, 2),
                                           Entry("c", Step::kInterested, 2)};
  EXPECT_THAT(Ids(EffectiveHistory(ledger)), ElementsAre("b", "c", "a"));
}

TEST(EffectiveHistoryTest, ACorrectionTakesThePlaceOfItsEntryAndCanBeCorrectedItself) {
  std::vector<LedgerEntry> ledger = {Entry("a", Step::kMet, 1)};
  ledger.push_back(Of(LedgerKind::kCorrection, "b", "a", Entry("", Step::kMet, 3)));
  EXPECT_THAT(Ids(EffectiveHistory(ledger)), ElementsAre("b"));
  ledger.push_back(Of(LedgerKind::kCorrection, "c", "b", Entry("", Step::kInterested, 3)));
  EXPECT_THAT(Ids(EffectiveHistory(ledger)), ElementsAre("c"));
  EXPECT_EQ(StateOf(ledger).furthest, Step::kInterested);
}

TEST(EffectiveHistoryTest, AWithdrawnEntryNeverHappened) {
  const std::vector<LedgerEntry> ledger = {Entry("a", Step::kShown, 1), Entry("b", Step::kMet, 2),
                                           Of(LedgerKind::kWithdrawal, "c", "b", Entry("", Step::kMet, 5))};
  EXPECT_THAT(Ids(EffectiveHistory(ledger)), ElementsAre("a"));
  EXPECT_EQ(StateOf(ledger).furthest, Step::kShown);
}

TEST(PairStateTest, OfNothingIsEmpty) {
  const PairState state = StateOf({});
  EXPECT_FALSE(state.furthest.has_value());
  EXPECT_FALSE(state.refusal.has_value());
}

TEST(PairStateTest, AmountsAddUpByStep) {
  LedgerEntry first = Entry("a", Step::kSigned, 1), second = Entry("b", Step::kSigned, 2);
  LedgerEntry registered = Entry("c", Step::kRegistered, 3), paid = Entry("d", Step::kPaid, 4);
  first.amount_wan = 100;
  second.amount_wan = 50;
  registered.amount_wan = 100;
  paid.amount_wan = 30;
  const PairState state = StateOf(std::vector<LedgerEntry>{first, second, registered, paid});
  EXPECT_EQ(state.signed_wan, 150);
  EXPECT_EQ(state.registered_wan, 100);
  EXPECT_EQ(state.paid_wan, 30);
  EXPECT_EQ(state.furthest, Step::kPaid);
}

TEST(PairStateTest, ARefusalHoldsUntilItIsClearedAndCanComeAgain) {
  std::vector<LedgerEntry> ledger = {Entry("a", Step::kMet, 1), Refusal("b", 2)};
  ASSERT_TRUE(StateOf(ledger).refusal.has_value());
  EXPECT_EQ(StateOf(ledger).refusal->id, "b");
  EXPECT_EQ(StateOf(ledger).furthest, Step::kMet);
  ledger.push_back(Of(LedgerKind::kClearance, "c", "", Entry("", Step::kRefused, 3)));
  EXPECT_FALSE(StateOf(ledger).refusal.has_value());
  EXPECT_THAT(Ids(EffectiveHistory(ledger)), ElementsAre("a", "b")) << "it happened, cleared or not";
  ledger.push_back(Refusal("d", 4));
  EXPECT_EQ(StateOf(ledger).refusal->id, "d");
}

TEST(PairStateTest, CorrectingAClearedRefusalDoesNotBringItBack) {
  const std::vector<LedgerEntry> ledger = {Refusal("a", 1),
                                           Of(LedgerKind::kClearance, "b", "", Entry("", Step::kRefused, 2)),
                                           Of(LedgerKind::kCorrection, "c", "a", Refusal("", 1))};
  EXPECT_FALSE(StateOf(ledger).refusal.has_value());
}

TEST(PairStateTest, AWithdrawnRefusalDoesNotHold) {
  const std::vector<LedgerEntry> ledger = {Refusal("a", 1),
                                           Of(LedgerKind::kWithdrawal, "b", "a", Refusal("", 2))};
  EXPECT_FALSE(StateOf(ledger).refusal.has_value());
}

}  // namespace
}  // namespace dongxi
