#include "engine/statistics/ledger_simulator.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <random>
#include <set>
#include <utility>

#include "engine/statistics/pairing_lines.h"

namespace dongxi {
namespace {

// Draws that do not depend on the standard library's distributions.
class Draws {
 public:
  explicit Draws(uint64_t seed) : engine_(seed) {}
  double Uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  bool Chance(double probability) { return Uniform() < probability; }
  size_t Below(size_t end) { return static_cast<size_t>(Uniform() * static_cast<double>(end)); }
  double Normal() {
    const double radius = std::sqrt(-2 * std::log(1 - Uniform()));
    return radius * std::cos(2 * std::numbers::pi * Uniform());
  }
  // Whole days around a median, skewed as waiting times are.
  int Days(double median) { return 1 + static_cast<int>(median * std::exp(0.6 * Normal())); }
  double Amount() { return std::round(60 * std::exp(1.1 * Normal()) * 10) / 10 + 1; }

 private:
  std::mt19937_64 engine_;
};

class Simulation {
 public:
  Simulation(const std::vector<SimulatedNeed>& needs, const std::vector<SimulatedOffer>& offers,
             const Policy& policy, const SimulationOptions& options)
      : needs_(needs),
        offers_(offers),
        policy_(policy),
        pairings_(policy),
        options_(options),
        draws_(options.seed),
        end_(absl::CivilDay(options.first_year + options.years, 1, 1)) {}

  SimulatedLedger Run() {
    const size_t possible = needs_.size() * offers_.size();
    const size_t wanted = std::min(possible, static_cast<size_t>(std::max(options_.pairs, 0)));
    std::set<std::pair<size_t, size_t>> drawn;
    const absl::CivilDay begin(options_.first_year, 1, 1);
    const double days = static_cast<double>(end_ - begin);
    // Half of the possible pairs at most: drawing without repeats stays quick.
    for (size_t i = 0; i < wanted && drawn.size() <= possible / 2;) {
      const auto pair = std::pair(draws_.Below(needs_.size()), draws_.Below(offers_.size()));
      if (!drawn.insert(pair).second) continue;
      const absl::CivilDay first =
          begin + static_cast<int>(days * static_cast<double>(i) / static_cast<double>(wanted));
      Live(needs_[pair.first], offers_[pair.second], first);
      ++i;
    }
    std::stable_sort(out_.rows.begin(), out_.rows.end(), [](const LedgerRow& a, const LedgerRow& b) {
      return a.event_time_us < b.event_time_us;
    });
    for (size_t i = 0; i < out_.rows.size(); ++i)
      out_.rows[i].id = "engagements/s-" + std::to_string(100'000 + i);
    return std::move(out_);
  }

 private:
  // Institutions differ, and stay as they are.
  double Skill(const std::string& institution) {
    const auto [found, added] = skills_.try_emplace(institution, 0);
    if (added) found->second = 1.1 * draws_.Normal();
    return found->second;
  }

  void Live(const SimulatedNeed& need, const SimulatedOffer& offer, absl::CivilDay first) {
    LedgerRow row;
    row.need = need.name;
    row.offer = offer.name;
    row.need_region = need.region;
    row.offer_region = offer.region;
    row.channel = need.channel;
    row.task = need.task;
    row.field = need.field;
    row.institution = offer.institution;
    row.simulated = true;
    row.pairing = pairings_.KeyOf(policy_, need.task, need.region,
                                  {offer.region, offer.institution_name, nullptr}, first);
    const PairingLine* const line = pairings_.Find(row.pairing);
    const bool recommended = draws_.Chance(0.8);
    double score =
        -2.1 + (recommended ? 0.5 : 0) + Skill(offer.institution.empty() ? offer.name : offer.institution);
    if (line != nullptr) score += line->strength == PairingStrength::kNamed ? 1.2 : 0.5;
    const double probability = 1 / (1 + std::exp(-score));
    out_.pairs.push_back({need.name, offer.name, probability});
    const bool comes_to_sign = draws_.Chance(probability);
    absl::CivilDay day = first;
    if (recommended) Add(row, Step::kShown, day);
    Approach(row, comes_to_sign, recommended, &day);
    if (comes_to_sign) {
      Contract(row, day);
    } else if (draws_.Chance(0.55)) {
      row.reason = static_cast<RefusalReason>(1 + draws_.Below(kRefusalReasons));
      Add(row, Step::kRefused, day + draws_.Days(25));
    }
  }

  // Looked at, interested, met; what comes to be signed mostly was met.
  void Approach(LedgerRow& row, bool comes_to_sign, bool recommended, absl::CivilDay* day) {
    const double ease = comes_to_sign ? 0.92 : 0.5;
    const bool viewed = draws_.Chance(ease + 0.05);
    if (viewed || !recommended) Add(row, Step::kViewed, *day += draws_.Days(5));
    if (draws_.Chance(ease)) Add(row, Step::kInterested, *day += draws_.Days(12));
    if (draws_.Chance(comes_to_sign ? 0.95 : 0.3)) Add(row, Step::kMet, *day += draws_.Days(30));
  }

  void Contract(LedgerRow& row, absl::CivilDay day) {
    constexpr const char* kModes[] = {"transfer", "license", "joint_rd", "commissioned_rd",
                                      "technical_service"};
    row.mode = policy_.ModeCode(kModes[draws_.Below(std::size(kModes))]);
    const double amount = draws_.Amount();
    row.has_evidence = true;
    row.amount_wan = amount;
    Add(row, Step::kSigned, day += draws_.Days(60));
    if (!draws_.Chance(0.8)) return;
    Add(row, Step::kRegistered, day += draws_.Days(30));
    if (!draws_.Chance(0.85)) return;
    row.amount_wan = std::round(amount * 6) / 10;
    Add(row, Step::kPaid, day += draws_.Days(60));
    row.amount_wan.reset();
    if (draws_.Chance(0.7)) Add(row, Step::kDelivered, day + draws_.Days(240));
  }

  // What would lie behind the last year has not happened yet.
  void Add(const LedgerRow& row, Step step, absl::CivilDay day) {
    if (day >= end_) return;
    LedgerRow added = row;
    added.step = step;
    added.event_time_us = ChinaDayStartUs(day);
    if (step != Step::kRefused) added.reason = RefusalReason::kNone;
    out_.rows.push_back(std::move(added));
  }

  const std::vector<SimulatedNeed>& needs_;
  const std::vector<SimulatedOffer>& offers_;
  const Policy& policy_;
  const PairingLines pairings_;
  const SimulationOptions options_;
  Draws draws_;
  const absl::CivilDay end_;
  std::map<std::string, double> skills_;
  SimulatedLedger out_;
};

}  // namespace

SimulatedLedger SimulateLedger(const std::vector<SimulatedNeed>& needs,
                               const std::vector<SimulatedOffer>& offers, const Policy& policy,
                               const SimulationOptions& options) {
  return Simulation(needs, offers, policy, options).Run();
}

}  // namespace dongxi
