#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/engagement/rules.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kDayUs = 86'400LL * 1'000'000;
constexpr int64_t kNowUs = 1'760'000'000LL * 1'000'000;

// Happened `days_ago` and was recorded in the order of the ids.
LedgerEntry Entry(const std::string& id, Step step, int days_ago) {
  LedgerEntry entry;
  entry.id = id;
  entry.step = step;
  entry.event_time_us = kNowUs - days_ago * kDayUs;
  entry.record_time_us = kNowUs;
  if (step == Step::kRefused) entry.reason = RefusalReason::kTooEarly;
  if (step == Step::kRegistered) entry.registration_number = "2025630100000" + id;
  if (step == Step::kPaid) entry.amount_wan = 10;
  return entry;
}

LedgerEntry With(LedgerEntry entry, double amount) {
  entry.amount_wan = amount;
  return entry;
}
LedgerEntry At(LedgerEntry entry, int64_t time_us) {
  entry.event_time_us = time_us;
  return entry;
}
LedgerEntry Reason(LedgerEntry entry, RefusalReason reason) {
  entry.reason = reason;
  return entry;
}
LedgerEntry Number(LedgerEntry entry, const std::string& number) {
  entry.registration_number = number;
  return entry;
}
LedgerEntry Of(LedgerKind kind, const std::string& corrects, LedgerEntry entry) {
  entry.kind = kind;
  entry.corrects = corrects;
  return entry;
}

// "!CODE" is refused, "CODE" a warning.
std::vector<std::string> Codes(const std::vector<Finding>& findings) {
  std::vector<std::string> codes;
  for (const Finding& finding : findings) {
    EXPECT_FALSE(finding.message.empty());
    codes.push_back((finding.refused ? "!" : "") + std::string(finding.code));
  }
  return codes;
}

struct RuleCase {
  std::string_view name;
  std::vector<LedgerEntry> before;
  LedgerEntry entry;
  std::vector<std::string> want;
};

const LedgerEntry kMet = Entry("m", Step::kMet, 20);
const LedgerEntry kSignature = With(Entry("s", Step::kSigned, 10), 100);
const LedgerEntry kRefusal = Entry("r", Step::kRefused, 5);
const LedgerEntry kClearance = Of(LedgerKind::kClearance, "", Entry("c", Step::kRefused, 4));

const RuleCase kRules[] = {
    {"AnOrdinaryLife", {kMet, kSignature}, Entry("x", Step::kRegistered, 1), {}},
    {"ShownAlone", {}, Entry("x", Step::kShown, 0), {}},
    {"NoTime", {}, At(Entry("x", Step::kShown, 0), 0), {"!EVENT_TIME_MISSING"}},
    {"NegativeTime", {}, At(Entry("x", Step::kShown, 0), -1), {"!EVENT_TIME_MISSING"}},
    {"ClocksDiffer", {}, At(Entry("x", Step::kShown, 0), kNowUs + kFutureToleranceUs), {}},
    {"Future",
     {},
     At(Entry("x", Step::kShown, 0), kNowUs + kFutureToleranceUs + 1),
     {"!EVENT_TIME_IN_FUTURE"}},
    {"NegativeAmount", {kMet}, With(Entry("x", Step::kSigned, 1), -0.01), {"!AMOUNT_INVALID"}},
    {"NoNumber", {kMet}, With(Entry("x", Step::kSigned, 1), std::nan("")), {"!AMOUNT_INVALID"}},
    {"EndlessAmount",
     {kMet},
     With(Entry("x", Step::kSigned, 1), std::numeric_limits<double>::infinity()),
     {"!AMOUNT_INVALID"}},
    {"YuanForWan", {kMet}, With(Entry("x", Step::kSigned, 1), 1.1e8), {"!AMOUNT_INVALID"}},
    {"AContractWithoutMoney", {kMet}, With(Entry("x", Step::kSigned, 1), 0), {}},
    {"AmountOfAMeeting", {}, With(Entry("x", Step::kMet, 1), 5), {"!AMOUNT_NOT_EXPECTED"}},
    {"PaymentWithoutAmount",
     {kMet, kSignature},
     [] {
       auto entry = Entry("x", Step::kPaid, 1);
       entry.amount_wan.reset();
       return entry;
     }(),
     {"!AMOUNT_MISSING"}},
    {"RegistrationWithoutNumber",
     {kMet, kSignature},
     Number(Entry("x", Step::kRegistered, 1), ""),
     {"!REGISTRATION_NUMBER_MISSING"}},
    {"NumberOfASignature",
     {kMet},
     Number(Entry("x", Step::kSigned, 1), "1"),
     {"!REGISTRATION_NUMBER_NOT_EXPECTED"}},
    {"RefusalWithoutReason",
     {},
     Reason(Entry("x", Step::kRefused, 1), RefusalReason::kNone),
     {"!REFUSAL_REASON_MISSING"}},
    {"ReasonWithoutRefusal",
     {},
     Reason(Entry("x", Step::kMet, 1), RefusalReason::kOther),
     {"!REFUSAL_REASON_NOT_EXPECTED"}},
    {"SignedWithoutMeeting", {}, Entry("x", Step::kSigned, 1), {"NO_MEETING"}},
    {"SignedOnTheDayOfTheMeeting",
     {kMet},
     At(Entry("x", Step::kSigned, 20), kMet.event_time_us - 1'000'000),
     {}},
    {"SignedBeforeTheMeeting", {kMet}, Entry("x", Step::kSigned, 21), {"!SIGNED_BEFORE_MET"}},
    {"AMeetingRecordedAfterAContractOfBefore",
     {kSignature},
     Entry("x", Step::kMet, 3),
     {"MET_AFTER_CONTRACT"}},
    {"PartnersOfBeforeSignAgainBeforeTheirFirstMeetingOnRecord",
     {With(Entry("s", Step::kSigned, 90), 100), Entry("m", Step::kMet, 3)},
     Entry("x", Step::kSigned, 40),
     {"NO_MEETING", "SIGNED_AGAIN"}},
    {"CorrectingTheOldContractOfPartners",
     {kSignature, Entry("m", Step::kMet, 3)},
     Of(LedgerKind::kCorrection, "s", With(Entry("x", Step::kSigned, 11), 90)),
     {"NO_MEETING"}},
    {"CorrectingTheMeetingToAfterTheSignature",
     {kMet, kSignature},
     Of(LedgerKind::kCorrection, "m", Entry("x", Step::kMet, 3)),
     {"!SIGNED_BEFORE_MET"}},
    {"AnEarlierMeetingIsFoundOfPartners",
     {kSignature, Entry("m", Step::kMet, 3)},
     Entry("x", Step::kMet, 20),
     {}},
    {"ASecondMeetingMayComeAfterTheSignature", {kMet, kSignature}, Entry("x", Step::kMet, 3), {}},
    {"ASecondContract",
     {Entry("m", Step::kMet, 60), With(Entry("s", Step::kSigned, 32), 100)},
     Entry("x", Step::kSigned, 1),
     {"SIGNED_AGAIN"}},
    {"SignedTwiceWithinThirtyDays",
     {Entry("m", Step::kMet, 60), With(Entry("s", Step::kSigned, 31), 100)},
     Entry("x", Step::kSigned, 1),
     {"SIGNED_AGAIN", "SIGNED_TWICE_CLOSE"}},
    {"EachContractIsComparedWithTheOneBefore",
     {Entry("m", Step::kMet, 90), Entry("s", Step::kSigned, 80), Entry("t", Step::kSigned, 40)},
     Entry("x", Step::kSigned, 5),
     {"SIGNED_AGAIN"}},
    {"RegisteredWithoutSignature", {kMet}, Entry("x", Step::kRegistered, 1), {"!SIGNATURE_MISSING"}},
    {"PaidWithoutSignature", {kMet}, Entry("x", Step::kPaid, 1), {"!SIGNATURE_MISSING"}},
    {"DeliveredWithoutSignature", {kMet}, Entry("x", Step::kDelivered, 1), {"!SIGNATURE_MISSING"}},
    {"RegisteredBeforeTheSignature",
     {kMet, kSignature},
     Entry("x", Step::kRegistered, 11),
     {"!SIGNATURE_MISSING"}},
    {"WithdrawingASignatureThatIsNeeded",
     {kMet, kSignature, Entry("t", Step::kRegistered, 5)},
     Of(LedgerKind::kWithdrawal, "s", Entry("x", Step::kSigned, 0)),
     {"!SIGNATURE_MISSING"}},
    {"WithdrawingASignatureThatIsNot",
     {kMet, kSignature},
     Of(LedgerKind::kWithdrawal, "s", Entry("x", Step::kSigned, 0)),
     {}},
    {"CorrectingASignatureToBeforeTheMeeting",
     {kMet, kSignature},
     Of(LedgerKind::kCorrection, "s", Entry("x", Step::kSigned, 30)),
     {"!SIGNED_BEFORE_MET"}},
    {"CorrectingTheAmountOfASignature",
     {kMet, kSignature},
     Of(LedgerKind::kCorrection, "s", With(Entry("x", Step::kSigned, 10), 90)),
     {}},
    {"PaidMoreThanSigned",
     {kMet, kSignature},
     With(Entry("x", Step::kPaid, 1), 100.01),
     {"PAID_MORE_THAN_SIGNED"}},
    {"PaidInFull", {kMet, kSignature}, With(Entry("x", Step::kPaid, 1), 100), {}},
    {"RegisteredWithAnotherAmount",
     {kMet, kSignature},
     With(Entry("x", Step::kRegistered, 1), 80),
     {"REGISTERED_AMOUNT_DIFFERS"}},
    {"ShownAfterARefusal", {kRefusal}, Entry("x", Step::kShown, 1), {"AFTER_REFUSAL"}},
    {"ShownBeforeARefusalButRecordedLater", {kRefusal}, Entry("x", Step::kShown, 8), {}},
    {"SignedAfterARefusal", {kMet, kRefusal}, Entry("x", Step::kSigned, 1), {"!REFUSAL_NOT_CLEARED"}},
    {"SignedAfterAClearedRefusal", {kMet, kRefusal, kClearance}, Entry("x", Step::kSigned, 1), {}},
    {"RefusedAfterTheSignature", {kMet, kSignature}, Entry("x", Step::kRefused, 1), {"REFUSED_AFTER_SIGNED"}},
    {"RefusedOnTheDayOfTheSignature",
     {kMet, kSignature},
     Entry("x", Step::kRefused, 10),
     {"REFUSED_AFTER_SIGNED"}},
    {"ARefusalOfBeforeTheContractRecordedLate", {kMet, kSignature}, Entry("x", Step::kRefused, 15), {}},
    {"CorrectingASignatureBehindARefusalThatCameOnRecordLate",
     {kMet, kSignature, Entry("r", Step::kRefused, 15)},
     Of(LedgerKind::kCorrection, "s", With(Entry("x", Step::kSigned, 10), 90)),
     {}},
    {"CorrectingASignatureOfTheDayOfARefusal",
     {kMet, kSignature, Entry("r", Step::kRefused, 10)},
     Of(LedgerKind::kCorrection, "s", With(Entry("x", Step::kSigned, 10), 90)),
     {}},
    {"CorrectingThatCorrection",
     {kMet, kSignature, Entry("r", Step::kRefused, 15),
      Of(LedgerKind::kCorrection, "s", With(Entry("t", Step::kSigned, 10), 90))},
     Of(LedgerKind::kCorrection, "t", With(Entry("x", Step::kSigned, 9), 80)),
     {}},
    {"ACorrectionThatMovesTheSignatureBehindARefusal",
     {kMet, kSignature, kRefusal},
     Of(LedgerKind::kCorrection, "s", With(Entry("x", Step::kSigned, 3), 90)),
     {"!REFUSAL_NOT_CLEARED"}},
    {"ACorrectionThatMovesTheSignatureBehindTheSecondRefusal",
     {kMet, kSignature, Entry("q", Step::kRefused, 15), kRefusal},
     Of(LedgerKind::kCorrection, "s", With(Entry("x", Step::kSigned, 3), 90)),
     {"!REFUSAL_NOT_CLEARED"}},
    {"ACorrectionThatMakesASignatureOfAMeetingBehindARefusal",
     {kMet, Entry("n", Step::kMet, 10), Entry("r", Step::kRefused, 15)},
     Of(LedgerKind::kCorrection, "n", With(Entry("x", Step::kSigned, 10), 90)),
     {"!REFUSAL_NOT_CLEARED"}},
    {"CorrectingAMeetingBehindARefusalThatCameOnRecordLate",
     {kMet, Entry("r", Step::kRefused, 25)},
     Of(LedgerKind::kCorrection, "m", Entry("x", Step::kMet, 19)),
     {}},
    {"RefusedBetweenTwoContracts",
     {kMet, With(Entry("s", Step::kSigned, 12), 100), With(Entry("t", Step::kSigned, 2), 50)},
     Entry("x", Step::kRefused, 7),
     {"REFUSED_AFTER_SIGNED"}},
};

TEST(EngagementRulesTest, Table) {
  for (const RuleCase& rule : kRules) {
    SCOPED_TRACE(rule.name);
    EXPECT_EQ(Codes(CheckAppend(rule.before, rule.entry, kNowUs)), rule.want);
  }
}

TEST(EngagementRulesTest, OldFindingsAreNotToldAgain) {
  const std::vector<LedgerEntry> ledger = {Entry("a", Step::kSigned, 9)};
  EXPECT_THAT(Codes(CheckPair(ledger)), ElementsAre("NO_MEETING"));
  EXPECT_THAT(Codes(CheckAppend(ledger, Entry("b", Step::kDelivered, 1), kNowUs)), IsEmpty());
}

TEST(EngagementRulesTest, SeveralFaultsAreToldAtOnce) {
  LedgerEntry entry = Entry("a", Step::kRegistered, -3);
  entry.amount_wan = -5;
  entry.registration_number.clear();
  EXPECT_THAT(Codes(CheckAppend({}, entry, kNowUs)),
              ElementsAre("!EVENT_TIME_IN_FUTURE", "!AMOUNT_INVALID", "!REGISTRATION_NUMBER_MISSING",
                          "!SIGNATURE_MISSING"));
}

}  // namespace
}  // namespace dongxi
