#include "engine/plan/choose.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "engine/plan/choose_flow.h"
#include "engine/plan/choose_programme.h"

namespace dongxi::plan {
namespace {

// Of an integer programme. A plan chooses pairs some thirty times, for its curve and its prices, and once at
// last.
constexpr size_t kProgrammeCandidatesMax = 2'000, kLastProgrammeCandidatesMax = 10'000;
constexpr double kGapOfPrices = 1e-4;  // a smaller one is not worth a last programme
constexpr size_t kManyCandidates = 50'000;
constexpr int kPricings = 24, kPricingsOfMany = 8;

int MinimumOf(const Objective& objective, int group) {
  return objective.group_minima.empty() ? 0 : objective.group_minima[group];
}

GroupCounts CountsOf(const Instance& instance, const Choice& choice) {
  GroupCounts counts(instance.groups);
  for (const int c : choice.candidates) counts.Add(instance.candidates[c].need, instance.candidates[c].offer);
  return counts;
}

// Whether the choice keeps all loose groups, their minima too.
bool KeepsLoose(const Instance& instance, const Objective& objective, const Choice& choice) {
  const GroupCounts counts = CountsOf(instance, choice);
  return std::all_of(instance.groups.loose.begin(), instance.groups.loose.end(), [&](int g) {
    return counts.Left(g, 1) >= 0 && counts.count(g) >= MinimumOf(objective, g);
  });
}

// Makes a choice that keeps all limits of one that breaks some of groups.
class Repairer {
 public:
  Repairer(const Instance& instance, const Objective& objective, const std::vector<int64_t>& body_limits,
           int64_t table_slots)
      : instance_(instance),
        objective_(objective),
        body_limits_(body_limits),
        table_slots_(table_slots),
        order_(instance.candidates.size()) {
    std::iota(order_.begin(), order_.end(), 0);
    std::stable_sort(order_.begin(), order_.end(), [&](int a, int b) {
      return instance.candidates[a].Gain() > instance.candidates[b].Gain();
    });
  }

  // Without the least valuable meetings of groups that have too many, and with the most valuable ones that
  // there is room for then.
  void Repair(Choice& choice) const {
    std::vector<char> wanted(order_.size(), 0);
    for (const int c : choice.candidates) wanted[c] = 1;
    Limits limits(*this);
    choice.candidates.clear();
    for (const bool chosen : {true, false}) {
      for (const int c : order_) {
        const bool is_worth = chosen || instance_.candidates[c].Gain() > 0;
        if ((wanted[c] != 0) == chosen && is_worth && limits.Take(c)) choice.candidates.push_back(c);
      }
    }
    std::sort(choice.candidates.begin(), choice.candidates.end());
    CountChoice(instance_, objective_, choice);
  }

 private:
  struct Limits {
    explicit Limits(const Repairer& of)
        : of_(of),
          groups_(of.instance_.groups),
          parties_(of.objective_.cap.begin(), of.objective_.cap.end()),
          bodies_(of.body_limits_),
          tables_(of.table_slots_) {}
    bool Take(int c) {
      const Candidate& candidate = of_.instance_.candidates[c];
      if (tables_ == 0 || !groups_.HasRoom(candidate.need, candidate.offer)) return false;
      for (const int p : {candidate.need, candidate.offer}) {
        if (parties_[p] <= 0 || bodies_[of_.instance_.body[p]] == 0) return false;
      }
      for (const int p : {candidate.need, candidate.offer}) {
        --parties_[p];
        int64_t& body = bodies_[of_.instance_.body[p]];
        body -= body > 0;
      }
      tables_ -= tables_ > 0;
      groups_.Add(candidate.need, candidate.offer);
      return true;
    }
    const Repairer& of_;
    GroupCounts groups_;
    std::vector<int64_t> parties_, bodies_;
    int64_t tables_;
  };

  const Instance& instance_;
  const Objective& objective_;
  const std::vector<int64_t>& body_limits_;
  const int64_t table_slots_;
  std::vector<int> order_;  // candidates by gain
};

// Prices of loose groups for the next circulation: dearer where it had too many meetings of one, cheaper
// where it had too few (subgradient, in steps that grow smaller).
void Reprice(const Instance& instance, const Objective& objective, const Choice& choice, int round,
             std::vector<int64_t>& prices) {
  const GroupCounts counts = CountsOf(instance, choice);
  const double step = static_cast<double>(kScoreUnit) / (1 + 0.5 * round);
  for (const int g : instance.groups.loose) {
    const Group& group = instance.groups.all[g];
    const int most = group.cap < 0 ? std::numeric_limits<int>::max() : group.done + group.cap;
    const int least = std::min(MinimumOf(objective, g), most);
    // At a price the group would have as many as it may, at a gain as many as it shall.
    const int wanted = prices[g] > 0 || counts.count(g) > most ? most : least;
    if (prices[g] == 0 && counts.count(g) >= least && counts.count(g) <= most) continue;
    const double share = static_cast<double>(counts.count(g) - wanted) / std::max(1, wanted);
    prices[g] += static_cast<int64_t>(step * std::clamp(share, -1.0, 1.0));
    prices[g] = std::clamp(prices[g], -kMinimumGain, group.cap < 0 ? 0 : kMinimumGain);
  }
}

// Lagrangian prices: each circulation gives a bound, and a choice once repaired; the best of both are kept.
// The circulation without prices stands beside: its meetings may find more slots.
Choice ChooseByPrices(const Instance& instance, const Objective& objective, const Choice& relaxed,
                      const std::vector<int64_t>& body_limits, int64_t table_slots) {
  const Repairer repairer(instance, objective, body_limits, table_slots);
  std::vector<int64_t> prices(instance.groups.all.size(), 0);
  Choice best = relaxed, priced = relaxed;
  repairer.Repair(best);
  const std::vector<int> unpriced = best.candidates;
  const int rounds = instance.candidates.size() > kManyCandidates ? kPricingsOfMany : kPricings;
  for (int round = 0; round < rounds; ++round) {
    Reprice(instance, objective, priced, round, prices);
    priced = ChooseByFlow(instance, objective, body_limits, table_slots, prices);
    best.gain_bound = std::min(best.gain_bound, priced.gain_bound);
    Choice repaired = priced;
    repairer.Repair(repaired);
    if (repaired.gain <= best.gain) continue;
    best.candidates = std::move(repaired.candidates);
    best.gain = repaired.gain, best.value = repaired.value, best.musts = repaired.musts;
  }
  if (best.candidates != unpriced) best.other = unpriced;
  best.method = "最小费用流与交叉名额的影子价格";
  return best;
}

// What an integer programme found instead of what the circulation did; of the bounds the lower ones.
void TakeExact(const Instance& instance, const Objective& objective, ProgrammeChoice exact, Choice& choice) {
  const int musts = choice.musts_bound;
  choice.candidates = std::move(exact.candidates);
  CountChoice(instance, objective, choice);
  choice.gain_bound = std::max(choice.gain, std::min(choice.gain_bound, exact.gain_bound));
  choice.musts_bound = exact.musts;
  choice.method = "整数规划（选对）";
  if (choice.gain == choice.gain_bound)
    choice.value_bound = choice.value;
  else if (choice.musts_bound != musts)
    choice.value_bound = choice.gain_bound - choice.musts_bound * kMustGain;
}

}  // namespace

Choice ChoosePairs(const Instance& instance, const Objective& objective, int64_t table_slots,
                   int more_slots) {
  const std::vector<int64_t> body_limits = BodyLimits(instance, more_slots);
  Choice choice = ChooseByFlow(instance, objective, body_limits, table_slots);
  if (instance.groups.loose.empty() || KeepsLoose(instance, objective, choice)) return choice;
  std::optional<ProgrammeChoice> exact;
  if (instance.candidates.size() <= kProgrammeCandidatesMax)
    exact = ChooseByProgramme(instance, objective, body_limits, table_slots);
  if (!exact) return ChooseByPrices(instance, objective, choice, body_limits, table_slots);
  TakeExact(instance, objective, *std::move(exact), choice);
  return choice;
}

Choice Sharpened(const Instance& instance, const Objective& objective, int64_t table_slots, Choice choice) {
  const double missing = static_cast<double>(choice.gain_bound - choice.gain);
  if (instance.groups.loose.empty() || instance.candidates.size() > kLastProgrammeCandidatesMax ||
      missing <= kGapOfPrices * static_cast<double>(choice.gain_bound))
    return choice;
  std::optional<ProgrammeChoice> exact =
      ChooseByProgramme(instance, objective, BodyLimits(instance, 0), table_slots);
  if (!exact) return choice;
  Choice best = choice;
  TakeExact(instance, objective, *std::move(exact), best);
  if (best.gain >= choice.gain) {
    best.other = std::move(choice.candidates);
    return best;
  }
  choice.gain_bound = std::max(choice.gain, best.gain_bound);
  choice.musts_bound = best.musts_bound, choice.value_bound = best.value_bound;
  return choice;
}

}  // namespace dongxi::plan
