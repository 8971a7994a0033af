// P(signed) against a simulation whose truth is known.
#include "engine/statistics/signing_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>

#include "engine/engagement/rules.h"
#include "engine/statistics/ledger_simulator.h"

namespace dongxi {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Not;

const Policy& ThePolicy() {
  static const auto policy = LoadPolicy("data/policy");
  return **policy;
}

SimulatedLedger Simulate(int pairs, uint64_t seed = 3, int first_year = 2016, int years = 10) {
  std::vector<SimulatedNeed> needs;
  std::vector<SimulatedOffer> offers;
  for (int i = 0; i < 150; ++i) {
    const bool salt = i % 2 == 0;
    needs.push_back({"needs/n" + std::to_string(i), salt ? "6328" : "6401",
                     salt ? "keji-yuanqing" : "keji-zhining", salt ? "3.2" : "5.1", "化工"});
    offers.push_back({"results/r" + std::to_string(i), i % 3 == 0 ? "12" : "61",
                      "institutions/i" + std::to_string(i % 15), "某研究院"});
  }
  return SimulateLedger(needs, offers, ThePolicy(),
                        {.first_year = first_year, .years = years, .pairs = pairs, .seed = seed});
}

std::vector<SigningCase> CasesOf(const SimulatedLedger& ledger) {
  return SigningCases(ledger.rows, PairingLines(ThePolicy()), ChinaDayStartUs(absl::CivilDay(2026, 1, 1)));
}

TEST(LedgerSimulatorTest, TheSameSeedGivesTheSameLedger) {
  const SimulatedLedger a = Simulate(300), b = Simulate(300), other = Simulate(300, 4);
  ASSERT_EQ(a.rows.size(), b.rows.size());
  for (size_t i = 0; i < a.rows.size(); ++i) {
    EXPECT_EQ(a.rows[i].event_time_us, b.rows[i].event_time_us);
    EXPECT_EQ(a.rows[i].need, b.rows[i].need);
  }
  EXPECT_NE(a.rows.size(), other.rows.size());
}

TEST(LedgerSimulatorTest, EveryRowIsMarkedAndKeepsTheRulesOfTheLedger) {
  const SimulatedLedger ledger = Simulate(1'000);
  std::map<std::string, std::vector<LedgerEntry>> pairs;
  for (const LedgerRow& row : ledger.rows) {
    EXPECT_TRUE(row.simulated);
    LedgerEntry entry;
    entry.id = row.id;
    entry.step = row.step;
    entry.reason = row.reason;
    entry.event_time_us = row.event_time_us;
    entry.amount_wan = row.amount_wan;
    if (row.step == Step::kRegistered) entry.registration_number = row.id;
    for (const Finding& finding : CheckEntry(entry, ChinaDayStartUs(absl::CivilDay(2026, 1, 1))))
      ADD_FAILURE() << finding.code;
    pairs[row.need + row.offer].push_back(entry);
  }
  for (const auto& [name, entries] : pairs) {
    for (const Finding& finding : CheckPair(entries)) EXPECT_FALSE(finding.refused) << finding.code;
  }
}

TEST(SigningCasesTest, OnlyWhatWasRipeBeforeCounts) {
  std::vector<LedgerRow> rows;
  const auto add = [&](const std::string& offer, Step step, absl::CivilDay day) {
    LedgerRow row;
    row.id = "engagements/e-" + std::to_string(rows.size());
    row.need = "needs/n";
    row.offer = offer;
    row.institution = "institutions/i";
    row.need_region = "6328";
    row.offer_region = "12";
    row.step = step;
    row.event_time_us = ChinaDayStartUs(day);
    rows.push_back(row);
  };
  add("results/first", Step::kShown, absl::CivilDay(2020, 1, 1));
  add("results/during", Step::kShown, absl::CivilDay(2020, 2, 1));
  add("results/first", Step::kSigned, absl::CivilDay(2020, 3, 1));
  add("results/early", Step::kShown, absl::CivilDay(2020, 6, 1));  // signed already, but not ripe
  add("results/after", Step::kShown, absl::CivilDay(2022, 1, 15));
  const auto cases =
      SigningCases(rows, PairingLines(ThePolicy()), ChinaDayStartUs(absl::CivilDay(2022, 2, 15)));
  ASSERT_EQ(cases.size(), 4u);
  EXPECT_EQ(cases[0].outcome, SigningOutcome::kSigned);
  EXPECT_EQ(cases[1].outcome, SigningOutcome::kFailed);
  EXPECT_EQ(cases[2].outcome, SigningOutcome::kOpen);
  EXPECT_EQ(cases[1].features, cases[0].features);        // nothing was decided yet
  EXPECT_EQ(cases[2].features, cases[0].features);        // nor anything ripe
  EXPECT_GT(cases[3].features[6], cases[2].features[6]);  // signed between the provinces
  EXPECT_GT(cases[3].features[7], cases[2].features[7]);  // of the institution
}

TEST(SigningCasesTest, APairWithoutSignatureIsGivenUpInTheEnd) {
  LedgerRow row;
  row.id = "engagements/e-1";
  row.need = "needs/n";
  row.offer = "results/r";
  row.event_time_us = ChinaDayStartUs(absl::CivilDay(2024, 1, 1));
  const PairingLines pairings(ThePolicy());
  const auto outcome = [&](absl::CivilDay day) {
    return SigningCases({&row, 1}, pairings, ChinaDayStartUs(day)).front().outcome;
  };
  EXPECT_EQ(outcome(absl::CivilDay(2024, 1, 1) + kSigningPatienceDays - 1), SigningOutcome::kOpen);
  EXPECT_EQ(outcome(absl::CivilDay(2024, 1, 1) + kSigningPatienceDays), SigningOutcome::kFailed);
}

TEST(SigningCasesTest, ASignatureAfterThePatienceCountsAsNone) {
  std::vector<LedgerRow> rows(2);
  for (LedgerRow& row : rows) {
    row.need = "needs/n";
    row.offer = "results/r";
    row.event_time_us = ChinaDayStartUs(absl::CivilDay(2022, 1, 1));
  }
  rows[0].id = "engagements/e-1";
  rows[1].id = "engagements/e-2";
  rows[1].step = Step::kSigned;
  const auto outcome = [&](absl::CivilDay day) {
    rows[1].event_time_us = ChinaDayStartUs(day);
    const auto cases =
        SigningCases(rows, PairingLines(ThePolicy()), ChinaDayStartUs(absl::CivilDay(2025, 1, 1)));
    EXPECT_TRUE(cases.front().ripe);
    return cases.front().outcome;
  };
  EXPECT_EQ(outcome(absl::CivilDay(2022, 1, 1) + kSigningPatienceDays - 1), SigningOutcome::kSigned);
  EXPECT_EQ(outcome(absl::CivilDay(2022, 1, 1) + kSigningPatienceDays), SigningOutcome::kFailed);
}

LedgerRow RowOf(const std::string& pair, Step step, absl::CivilDay day) {
  LedgerRow row;
  row.id = "engagements/e-" + pair + "-" + std::to_string(static_cast<int>(step));
  row.need = "needs/" + pair;
  row.offer = "results/" + pair;
  row.step = step;
  row.event_time_us = ChinaDayStartUs(day);
  return row;
}

TEST(SigningModelTest, ContractsThatEnterTheLedgerSignedTeachNothing) {
  const absl::CivilDay day(2022, 3, 1);
  const PairingLines pairings(ThePolicy());
  std::vector<LedgerRow> rows;
  const auto estimate = [&] {
    return EstimateSigning(SigningCases(rows, pairings, ChinaDayStartUs(absl::CivilDay(2026, 1, 1))));
  };
  for (int i = 0; i < 160; ++i) rows.push_back(RowOf("shown" + std::to_string(i), Step::kShown, day));
  for (int i = 0; i < 40; ++i) rows.push_back(RowOf("old" + std::to_string(i), Step::kSigned, day));
  EXPECT_EQ(estimate().decided, 160);
  EXPECT_EQ(estimate().signed_pairs, 0);
  EXPECT_FALSE(estimate().enough);
  for (int i = 0; i < 40; ++i) rows.push_back(RowOf("old" + std::to_string(i), Step::kShown, day - 30));
  EXPECT_EQ(estimate().signed_pairs, 40);
  EXPECT_TRUE(estimate().enough) << "these were waited for";
}

TEST(SigningCasesTest, APairIsACaseIfItsFirstDayHasAStepBeforeTheContract) {
  const absl::CivilDay day(2022, 3, 1);
  std::vector<LedgerRow> rows = {
      RowOf("refused", Step::kRefused, day),  RowOf("refused", Step::kMet, day + 1),
      RowOf("partners", Step::kSigned, day),  RowOf("partners", Step::kMet, day + 40),
      RowOf("same-day", Step::kRefused, day), RowOf("same-day", Step::kShown, day)};
  rows.back().event_time_us += 3'600'000'000;  // at one; the refusal has a date alone
  const auto cases =
      SigningCases(rows, PairingLines(ThePolicy()), ChinaDayStartUs(absl::CivilDay(2025, 1, 1)));
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases.front().need, "needs/same-day");
  EXPECT_EQ(cases.front().outcome, SigningOutcome::kFailed);
}

TEST(SigningModelTest, WhatIsYoungerThanThePatienceTeachesNothing) {
  std::vector<SigningCase> cases = CasesOf(Simulate(4'000));
  const SigningEstimate whole = EstimateSigning(cases);
  EXPECT_GT(whole.early, 100);
  std::erase_if(cases,
                [](const SigningCase& one) { return !one.ripe && one.outcome != SigningOutcome::kOpen; });
  const SigningEstimate ripe = EstimateSigning(cases);
  EXPECT_EQ(ripe.decided, whole.decided);
  EXPECT_EQ(ripe.model.weights, whole.model.weights);
  EXPECT_EQ(ripe.brier, whole.brier);
}

// A ledger that began three years ago and grows from year to year: what its young pairs came to is known from
// the years behind "today".
TEST(SigningModelTest, ForecastsOfAYoungGrowingLedgerAreNotBiased) {
  const absl::CivilDay today(2026, 1, 1);
  double forecast = 0, came = 0, variance = 0;
  int64_t pairs = 0;
  for (const uint64_t seed : {11, 12, 13, 14}) {
    const SimulatedLedger ledger = Simulate(9'000, seed, /*first_year=*/2023, /*years=*/6);
    const PairingLines pairings(ThePolicy());
    std::map<std::pair<std::string, std::string>, bool> outcome;
    std::map<std::pair<std::string, std::string>, int> share;  // of eight that are kept
    for (const SigningCase& one :
         SigningCases(ledger.rows, pairings, ChinaDayStartUs(absl::CivilDay(2029, 1, 1)))) {
      outcome[{one.need, one.offer}] = one.outcome == SigningOutcome::kSigned;
      const auto year = ChinaDay(one.first_us).year();
      share[{one.need, one.offer}] = year <= 2023 ? 4 : year == 2024 ? 6 : 8;
    }
    std::vector<LedgerRow> rows = ledger.rows;
    std::erase_if(rows, [&](const LedgerRow& row) {
      return static_cast<int>(std::hash<std::string>()(row.need + row.offer) % 8) >=
             share.at({row.need, row.offer});
    });
    const SigningEstimate estimate = EstimateSigning(SigningCases(rows, pairings, ChinaDayStartUs(today)));
    ASSERT_TRUE(estimate.enough);
    ASSERT_TRUE(estimate.useful);
    for (const SigningForecast& one : estimate.forecasts) {
      forecast += one.probability;
      came += outcome.at({one.need, one.offer}) ? 1 : 0;
      variance += one.probability * (1 - one.probability);
      ++pairs;
    }
  }
  ASSERT_GT(pairs, 1'000);
  // The mean forecast is itself learnt from some hundreds of pairs: a tenth of it is allowed beside four
  // standard errors of what came. Learning from all decided pairs forecasts more than half again too much.
  EXPECT_NEAR(forecast, came, 4 * std::sqrt(variance) + 0.1 * came);
}

TEST(SigningModelTest, NothingIsShownBelowTheStatedAmountOfData) {
  const SigningEstimate estimate = EstimateSigning(CasesOf(Simulate(150)));
  ASSERT_LT(estimate.decided, kDecidedMin);
  EXPECT_FALSE(estimate.enough);
  EXPECT_FALSE(estimate.useful);
  EXPECT_THAT(estimate.reliability, IsEmpty());
  EXPECT_THAT(estimate.forecasts, IsEmpty());
}

TEST(SigningModelTest, ManyDecidedPairsWithFewSignaturesAreNotEnough) {
  std::vector<SigningCase> cases = CasesOf(Simulate(1'500));
  int64_t kept = 0;
  std::erase_if(cases, [&](const SigningCase& one) {
    return one.outcome == SigningOutcome::kSigned && ++kept >= kSignedMin;
  });
  const SigningEstimate estimate = EstimateSigning(cases);
  EXPECT_GE(estimate.decided, kDecidedMin);
  EXPECT_EQ(estimate.signed_pairs, kSignedMin - 1);
  EXPECT_FALSE(estimate.enough);
}

TEST(SigningModelTest, TenYearsAreEnoughForCalibratedForecasts) {
  const SimulatedLedger ledger = Simulate(4'000);
  const SigningEstimate estimate = EstimateSigning(CasesOf(ledger));
  ASSERT_TRUE(estimate.enough);
  EXPECT_TRUE(estimate.useful);
  EXPECT_EQ(estimate.simulated, estimate.decided);
  EXPECT_LT(estimate.brier, 0.95 * estimate.base_brier);
  ASSERT_EQ(estimate.reliability.size(), static_cast<size_t>(kReliabilityBins));
  for (const ReliabilityBin& bin : estimate.reliability) {
    // Four standard errors of a share of so many cases.
    const double error = 4 * std::sqrt(bin.forecast * (1 - bin.forecast) / static_cast<double>(bin.cases));
    EXPECT_NEAR(bin.forecast, bin.signed_share, error);
  }
}

TEST(SigningModelTest, SimulatedPairsThatAreNotRipeAreCountedToo) {
  std::vector<SigningCase> cases = CasesOf(Simulate(4'000));
  for (SigningCase& one : cases) one.simulated = !one.ripe;
  const SigningEstimate estimate = EstimateSigning(cases);
  EXPECT_EQ(estimate.simulated, 0);
  EXPECT_EQ(estimate.simulated_young, estimate.open + estimate.early);
  EXPECT_GT(estimate.open, 0);
}

TEST(SigningModelTest, ForecastsOfOpenPairsFollowWhatBecameOfThem) {
  // Two years more than are looked at: what the open pairs came to is known.
  const SimulatedLedger ledger = Simulate(4'800, 3, /*first_year=*/2016, /*years=*/12);
  const SigningEstimate estimate = EstimateSigning(CasesOf(ledger));
  std::map<std::pair<std::string, std::string>, double> came;
  for (const SigningCase& one :
       SigningCases(ledger.rows, PairingLines(ThePolicy()), ChinaDayStartUs(absl::CivilDay(2028, 1, 1))))
    came[{one.need, one.offer}] = one.outcome == SigningOutcome::kSigned ? 1 : 0;
  ASSERT_GT(estimate.forecasts.size(), 100u);
  const size_t half = estimate.forecasts.size() / 2;
  double upper = 0, lower = 0;
  for (size_t i = 0; i < 2 * half; ++i) {
    const SigningForecast& one = estimate.forecasts[i];
    (i < half ? upper : lower) += came.at({one.need, one.offer}) / static_cast<double>(half);
  }
  EXPECT_GT(upper, lower + 0.05);
}

TEST(SigningModelTest, AModelThatIsNoBetterThanTheBaseRateShowsNothing) {
  std::vector<SigningCase> cases = CasesOf(Simulate(2'000));
  for (SigningCase& one : cases) one.features = {};  // nothing to learn from
  const SigningEstimate estimate = EstimateSigning(cases);
  EXPECT_TRUE(estimate.enough);
  EXPECT_FALSE(estimate.useful);
  EXPECT_THAT(estimate.forecasts, IsEmpty());
}

}  // namespace
}  // namespace dongxi
