// What a pair's ledger means for its next match: cool-down by reason, contracts, meetings, load.
#include "engine/engagement/pair_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "absl/time/time.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const absl::CivilDay kToday(2026, 11, 26);

int64_t NoonInChina(absl::CivilDay day) {
  return absl::ToUnixMicros(absl::FromCivil(day, absl::FixedTimeZone(8 * 3600)) + absl::Hours(12));
}

LedgerEntry On(absl::CivilDay day, Step step, const std::string& id,
               RefusalReason reason = RefusalReason::kNone) {
  LedgerEntry entry;
  entry.id = id;
  entry.step = step;
  entry.reason = step == Step::kRefused && reason == RefusalReason::kNone ? RefusalReason::kTooEarly : reason;
  entry.event_time_us = NoonInChina(day);
  return entry;
}
LedgerEntry Of(LedgerKind kind, const std::string& corrects, LedgerEntry entry) {
  entry.kind = kind;
  entry.corrects = corrects;
  return entry;
}
PairMemory Remember(const std::vector<LedgerEntry>& ledger, absl::CivilDay today = kToday) {
  return RememberPair(ledger, today, BuiltInCoolDowns());
}

struct MemoryCase {
  std::string_view name;
  std::vector<LedgerEntry> ledger;
  PairPast past = PairPast::kNone;
  absl::CivilDay until = {};
  std::vector<std::string> entries;
};

TEST(PairMemoryTest, Table) {
  const absl::CivilDay d(2026, 9, 1);  // 86 days ago
  const LedgerEntry met = On(d, Step::kMet, "m"),
                    clearance = Of(LedgerKind::kClearance, "", On(d + 20, Step::kRefused, "c"));
  const auto refused = [&](RefusalReason reason) { return On(d + 10, Step::kRefused, "r", reason); };
  const MemoryCase cases[] = {
      {"NothingHappened", {}, PairPast::kNone, {}, {}},
      {"ShownAndViewed", {On(d, Step::kShown, "a"), On(d, Step::kViewed, "b")}, PairPast::kNone, {}, {}},
      {"InterestAlone", {On(d, Step::kInterested, "a")}, PairPast::kNone, {}, {}},
      {"MetAndNothingSince", {met}, PairPast::kCoolDown, d + 180, {"m"}},
      {"ShowingAgainIsNoFollowUp", {met, On(d + 50, Step::kShown, "s")}, PairPast::kCoolDown, d + 180, {"m"}},
      {"AnInterestAfterTheMeetingCountsAsContact",
       {met, On(d + 40, Step::kInterested, "i")},
       PairPast::kCoolDown,
       d + 220,
       {"m", "i"}},
      {"TheLastOfTwoMeetings", {met, On(d + 5, Step::kMet, "n")}, PairPast::kCoolDown, d + 185, {"n"}},
      {"WithinTheDaysOfGrace", {On(kToday - 29, Step::kMet, "m")}, PairPast::kNone, {}, {}},
      {"GraceIsOver", {On(kToday - 30, Step::kMet, "m")}, PairPast::kCoolDown, kToday + 150, {"m"}},
      {"TheLastDay", {On(kToday - 179, Step::kMet, "m")}, PairPast::kCoolDown, kToday + 1, {"m"}},
      {"CooledDown", {On(kToday - 180, Step::kMet, "m")}, PairPast::kNone, {}, {}},
      {"AWithdrawnMeeting", {met, Of(LedgerKind::kWithdrawal, "m", On(d, Step::kMet, "w"))}, {}, {}, {}},
      {"AMeetingCorrectedToAnotherDay",
       {met, Of(LedgerKind::kCorrection, "m", On(d + 3, Step::kMet, "x"))},
       PairPast::kCoolDown,
       d + 183,
       {"x"}},
      {"Signed", {met, On(d + 9, Step::kSigned, "s")}, PairPast::kExtend, {}, {"s"}},
      {"SignedAndPaid",
       {met, On(d + 9, Step::kSigned, "s"), On(d + 19, Step::kPaid, "p")},
       PairPast::kExtend,
       {},
       {"s", "p"}},
      {"AMeetingAfterAContractIsNoFailure",
       {On(d, Step::kSigned, "s"), On(d + 2, Step::kMet, "m")},
       PairPast::kExtend,
       {},
       {"s"}},
      {"ClearedForEarliness",
       {met, refused(RefusalReason::kTooEarly), clearance},
       PairPast::kCoolDown,
       absl::CivilDay(2027, 9, 11),
       {"r", "c"}},
      {"ClearedForADescriptionLongAgo",
       {refused(RefusalReason::kDescriptionUnclear), clearance},
       PairPast::kNone,
       {},
       {}},
      {"AnotherTenantsRefusalThatHolds",
       {refused(RefusalReason::kAlreadySolved)},
       PairPast::kCoolDown,
       absl::CivilDay(2028, 9, 11),
       {"r"}},
      {"TheyTalkAgain",
       {refused(RefusalReason::kTooEarly), clearance, On(d + 30, Step::kInterested, "i")},
       PairPast::kNone,
       {},
       {}},
      {"TheyMeetAgain",
       {refused(RefusalReason::kTooEarly), clearance, On(d + 30, Step::kMet, "m")},
       PairPast::kCoolDown,
       d + 210,
       {"m"}},
      {"RefusedAfterAContract",
       {On(d, Step::kSigned, "s"), refused(RefusalReason::kOther), clearance},
       PairPast::kCoolDown,
       absl::CivilDay(2027, 3, 11),
       {"r", "c"}},
      {"TheContractIsLeftWhenARefusalAfterItHasCooledDown",
       {On(d, Step::kSigned, "s"), refused(RefusalReason::kDescriptionUnclear), clearance},
       PairPast::kExtend,
       {},
       {"s"}},
  };
  for (const MemoryCase& one : cases) {
    SCOPED_TRACE(one.name);
    const PairMemory memory = Remember(one.ledger);
    EXPECT_EQ(memory.past, one.past);
    EXPECT_EQ(memory.entries, one.entries);
    if (one.past == PairPast::kCoolDown) {
      EXPECT_EQ(memory.until, one.until);
      EXPECT_THAT(memory.text, HasSubstr(absl::FormatCivilTime(one.until)));
    }
    EXPECT_EQ(memory.text.empty(), one.past == PairPast::kNone);
  }
}

TEST(PairMemoryTest, TheTextNamesDayAndReason) {
  const absl::CivilDay d(2026, 9, 1);
  EXPECT_EQ(Remember({On(d, Step::kMet, "m")}).text,
            "2026-09-01 会谈后没有后续登记；冷却到 2027-02-28，此前排后");
  EXPECT_EQ(Remember({On(d, Step::kRefused, "r", RefusalReason::kNoBudget),
                      Of(LedgerKind::kClearance, "", On(d + 9, Step::kRefused, "c"))})
                .text,
            "2026-09-01 因“无经费”拒绝，已解除：经费一般到下一年度才有；冷却到 2027-09-01，此前排后");
  EXPECT_EQ(Remember({On(d, Step::kSigned, "s"), On(d + 1, Step::kRegistered, "g")}).text,
            "已有合同（2026-09-02 技术合同登记），可延续合作");
}

TEST(PairMemoryTest, AtMostTenEntriesAreNamedTheLastOnes) {
  std::vector<LedgerEntry> ledger;
  for (int i = 0; i < 14; ++i)
    ledger.push_back(On(absl::CivilDay(2026, 1, 1) + i, Step::kPaid, "p" + std::to_string(i)));
  const PairMemory memory = Remember(ledger);
  ASSERT_EQ(memory.entries.size(), kMemoryEntriesMax);
  EXPECT_EQ(memory.entries.back(), "p13");
}

TEST(PairMemoryTest, ADayInChinaIsWhatCounts) {
  LedgerEntry entry = On(kToday, Step::kMet, "m");
  // Half an hour before midnight in China, still the afternoon in UTC; and half an hour after it.
  entry.event_time_us = NoonInChina(kToday - 30) + int64_t{23 * 60 + 30 - 12 * 60} * 60'000'000;
  EXPECT_EQ(Remember({entry}).until, kToday + 150);
  entry.event_time_us += int64_t{3'600} * 1'000'000;
  EXPECT_EQ(Remember({entry}).past, PairPast::kNone) << "a day later, within the days of grace";
}

TEST(PairMemoryTest, OfTwoTenantsTheContractCountsThenTheLongerCoolDown) {
  const PairMemory none, extend{.past = PairPast::kExtend, .text = "e"},
      soon{.past = PairPast::kCoolDown, .text = "s", .until = kToday + 1},
      late{.past = PairPast::kCoolDown, .text = "l", .until = kToday + 9};
  EXPECT_EQ(Stronger(none, soon), soon);
  EXPECT_EQ(Stronger(soon, none), soon);
  EXPECT_EQ(Stronger(late, extend), extend);
  EXPECT_EQ(Stronger(soon, late), late);
  EXPECT_EQ(Stronger(late, soon), late);
}

TEST(PairMemoryTest, ACoolDownAlwaysEndsAndNeverComesBackByWaiting) {
  constexpr unsigned kSeed = 20261126;
  std::mt19937 rng(kSeed);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    std::vector<LedgerEntry> ledger;
    const int size = static_cast<int>(rng() % 7);
    for (int i = 0; i < size; ++i) {
      const auto step = static_cast<Step>(1 + rng() % 9);
      const auto reason = step == Step::kRefused ? static_cast<RefusalReason>(1 + rng() % kRefusalReasons)
                                                 : RefusalReason::kNone;
      ledger.push_back(On(kToday - static_cast<int>(rng() % 900), step, "e" + std::to_string(i), reason));
    }
    bool cooled = false, over = false;
    for (int day = 0; day < 1'000; day += 3) {
      const PairMemory memory = Remember(ledger, kToday + day);
      const bool cools = memory.past == PairPast::kCoolDown;
      EXPECT_FALSE(over && cools) << "cools again on day " << day;
      EXPECT_EQ(cools, memory.until > kToday + day);
      over = over || (cooled && !cools);
      cooled = cooled || cools;
    }
    EXPECT_NE(Remember(ledger, kToday + 1'000).past, PairPast::kCoolDown);
  }
}

TEST(IsUnderWayTest, Table) {
  struct LoadCase {
    std::string_view name;
    std::vector<LedgerEntry> ledger;
    bool under_way;
  };
  const absl::CivilDay d = kToday - 100;
  const LoadCase cases[] = {
      {"Nothing", {}, false},
      {"Shown", {On(d, Step::kShown, "a")}, false},
      {"Interested", {On(d, Step::kInterested, "a")}, true},
      {"Met", {On(d, Step::kMet, "a")}, true},
      {"SignedAndPaid", {On(d, Step::kSigned, "a"), On(d + 1, Step::kPaid, "b")}, true},
      {"Delivered", {On(d, Step::kSigned, "a"), On(d + 1, Step::kDelivered, "b")}, false},
      {"TheNextContract",
       {On(d, Step::kSigned, "a"), On(d + 1, Step::kDelivered, "b"), On(d + 2, Step::kSigned, "c")},
       true},
      {"TheLastPaymentAfterTheDelivery",
       {On(d, Step::kSigned, "a"), On(d + 1, Step::kDelivered, "b"), On(d + 2, Step::kPaid, "c")},
       false},
      {"APaymentBeforeTheDelivery",
       {On(d, Step::kSigned, "a"), On(d + 1, Step::kPaid, "b"), On(d + 2, Step::kDelivered, "c")},
       false},
      {"OneOfTwoContractsDelivered",
       {On(d, Step::kSigned, "a"), On(d + 1, Step::kSigned, "b"), On(d + 2, Step::kDelivered, "c")},
       true},
      {"BothContractsDelivered",
       {On(d, Step::kSigned, "a"), On(d + 1, Step::kSigned, "b"), On(d + 2, Step::kDelivered, "c"),
        On(d + 3, Step::kDelivered, "e")},
       false},
      {"TwoAcceptancesThenTheNextContract",
       {On(d, Step::kSigned, "a"), On(d + 1, Step::kDelivered, "b"), On(d + 2, Step::kDelivered, "c"),
        On(d + 3, Step::kSigned, "e")},
       true},
      {"ADeliveryDoesNotRenewAnotherContractOfLongAgo",
       {On(d - 900, Step::kSigned, "a"), On(d - 800, Step::kSigned, "b"), On(d, Step::kDelivered, "c")},
       false},
      {"MetAgainAfterTheDelivery",
       {On(d, Step::kSigned, "a"), On(d + 1, Step::kDelivered, "b"), On(d + 2, Step::kMet, "c")},
       true},
      {"TheLastPaymentDoesNotRenewAMeetingOfLongAgo",
       {On(d - 900, Step::kSigned, "a"), On(d - 800, Step::kDelivered, "b"), On(d - 700, Step::kMet, "c"),
        On(d, Step::kPaid, "e")},
       false},
      {"AContractThatGoesOnAfterARefusal",
       {On(d, Step::kSigned, "a"), On(d + 1, Step::kRefused, "b"), On(d + 2, Step::kPaid, "c")},
       true},
      {"ANewContractInPlaceOfARefusedOneIsDelivered",
       {On(d, Step::kSigned, "a"), On(d + 1, Step::kRefused, "b"), On(d + 2, Step::kSigned, "c"),
        On(d + 3, Step::kDelivered, "e")},
       false},
      {"Refused", {On(d, Step::kMet, "a"), On(d + 1, Step::kRefused, "b")}, false},
      {"Withdrawn",
       {On(d, Step::kMet, "a"), Of(LedgerKind::kWithdrawal, "a", On(d, Step::kMet, "w"))},
       false},
      {"AYearAgo", {On(absl::CivilDay(2025, 11, 26), Step::kMet, "a")}, true},
      {"LongerAgo", {On(absl::CivilDay(2025, 11, 25), Step::kMet, "a")}, false},
  };
  for (const LoadCase& one : cases) {
    SCOPED_TRACE(one.name);
    EXPECT_EQ(IsUnderWay(one.ledger, kToday), one.under_way);
  }
}

std::string ShippedTable() {
  std::ifstream file("data/engagement/cool_down.tsv");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(CoolDownTest, TheShippedTableIsTheBuiltInOne) {
  const auto table = ParseCoolDowns(ShippedTable());
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->met, BuiltInCoolDowns().met);
  EXPECT_EQ(table->reasons, BuiltInCoolDowns().reasons);
  EXPECT_EQ(table->met.days, 180);
  EXPECT_EQ(table->met.grace_days, 30);
  for (int reason = 1; reason <= kRefusalReasons; ++reason)
    EXPECT_FALSE(table->Of(static_cast<RefusalReason>(reason)).text.empty()) << reason;
}

TEST(CoolDownTest, AMonthEndsWithItsLastDay) {
  const CoolDown month{.months = 1}, year{.months = 12}, mixed{.months = 1, .days = 2};
  EXPECT_EQ(month.EndFrom(absl::CivilDay(2026, 1, 31)), absl::CivilDay(2026, 2, 28));
  EXPECT_EQ(year.EndFrom(absl::CivilDay(2024, 2, 29)), absl::CivilDay(2025, 2, 28));
  EXPECT_EQ(mixed.EndFrom(absl::CivilDay(2026, 12, 5)), absl::CivilDay(2027, 1, 7));
}

TEST(CoolDownTest, AWrongTableIsRefusedWithItsPlace) {
  const std::string good = ShippedTable();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos);
    return std::string(ParseCoolDowns(text.replace(at, from.size(), to)).status().message());
  };
  EXPECT_THAT(with("no_budget\t12", "no_budget\t-1"), HasSubstr("cool_down.tsv:8: months is \"-1\""));
  EXPECT_THAT(with("no_budget\t12", "no_budget\t121"), HasSubstr("0 to 120"));
  EXPECT_THAT(with("no_budget\t", "no_money\t"), HasSubstr("no_money"));
  EXPECT_THAT(with("no_budget\t", "too_early\t"), HasSubstr("each once"));
  EXPECT_THAT(with("met\t0\t180\t30\t会谈后没有后续登记\n", ""), HasSubstr("no row for met"));
  EXPECT_THAT(with("other\t6\t0\t0\t原因见台账备注\n", ""), HasSubstr("no row for other"));
  EXPECT_THAT(with("\tgrace_days", "\tgrace"), StartsWith("cool_down.tsv"));
}

}  // namespace
}  // namespace dongxi
