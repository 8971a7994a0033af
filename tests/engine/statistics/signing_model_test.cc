// P(signed) against a simulation whose truth is known.
#include "engine/statistics/signing_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
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

SimulatedLedger Simulate(int pairs, uint64_t seed = 3) {
  std::vector<SimulatedNeed> needs;
  std::vector<SimulatedOffer> offers;
  for (int i = 0; i < 150; ++i) {
    const bool salt = i % 2 == 0;
    needs.push_back({"needs/n" + std::to_string(i), salt ? "6328" : "6401",
                     salt ? "keji-yuanqing" : "keji-zhining", salt ? "3.2" : "5.1", "化工"});
    offers.push_back({"results/r" + std::to_string(i), i % 3 == 0 ? "12" : "61",
                      "institutions/i" + std::to_string(i % 15), "某研究院"});
  }
  return SimulateLedger(needs, offers, ThePolicy(), {.pairs = pairs, .seed = seed});
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

TEST(SigningCasesTest, OnlyWhatWasDecidedBeforeCounts) {
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
  add("results/first", Step::kShown, absl::CivilDay(2024, 1, 1));
  add("results/during", Step::kShown, absl::CivilDay(2024, 2, 1));
  add("results/first", Step::kSigned, absl::CivilDay(2024, 3, 1));
  add("results/after", Step::kShown, absl::CivilDay(2024, 4, 1));
  const auto cases =
      SigningCases(rows, PairingLines(ThePolicy()), ChinaDayStartUs(absl::CivilDay(2024, 6, 1)));
  ASSERT_EQ(cases.size(), 3u);
  EXPECT_EQ(cases[0].outcome, SigningOutcome::kSigned);
  EXPECT_EQ(cases[1].outcome, SigningOutcome::kOpen);
  EXPECT_EQ(cases[1].features, cases[0].features);        // nothing was decided yet
  EXPECT_GT(cases[2].features[6], cases[1].features[6]);  // signed between the provinces
  EXPECT_GT(cases[2].features[7], cases[1].features[7]);  // of the institution
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

TEST(SigningModelTest, ForecastsOfOpenPairsFollowTheTruthOfTheSimulation) {
  const SimulatedLedger ledger = Simulate(4'000);
  const SigningEstimate estimate = EstimateSigning(CasesOf(ledger));
  std::map<std::pair<std::string, std::string>, double> truth;
  for (const SimulatedPair& pair : ledger.pairs) truth[{pair.need, pair.offer}] = pair.probability;
  ASSERT_GT(estimate.forecasts.size(), 100u);
  const size_t half = estimate.forecasts.size() / 2;
  double upper = 0, lower = 0;
  for (size_t i = 0; i < 2 * half; ++i) {
    const SigningForecast& one = estimate.forecasts[i];
    (i < half ? upper : lower) += truth.at({one.need, one.offer}) / static_cast<double>(half);
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
