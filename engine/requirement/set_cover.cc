// Weighted set cover: exact by branch and bound, greedy with dual bounds for many candidates.
#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "engine/requirement/coverage.h"

namespace dongxi::requirement {
namespace {

constexpr double kEpsilon = 1e-9;

struct Instance {
  std::span<const CoverCandidate> candidates;
  std::vector<size_t> kept;  // not dominated, ascending
  uint64_t goal = 0;         // what can be covered at all
};

// A candidate that covers no more and costs no less than another is never needed; of equals the first stays.
bool IsDominated(std::span<const CoverCandidate> candidates, size_t i) {
  for (size_t j = 0; j < candidates.size(); ++j) {
    if (j == i || (candidates[i].covers & ~candidates[j].covers) != 0) continue;
    if (candidates[j].cost > candidates[i].cost + kEpsilon) continue;
    const bool equal = candidates[i].covers == candidates[j].covers &&
                       std::abs(candidates[i].cost - candidates[j].cost) <= kEpsilon;
    if (!equal || j < i) return true;
  }
  return false;
}

Instance Reduce(std::span<const CoverCandidate> candidates) {
  Instance instance{.candidates = candidates};
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].covers == 0) continue;
    instance.goal |= candidates[i].covers;
    if (!IsDominated(candidates, i)) instance.kept.push_back(i);
  }
  return instance;
}

double CostOf(const Instance& instance, const std::vector<size_t>& chosen) {
  return std::accumulate(chosen.begin(), chosen.end(), 0.0,
                         [&](double sum, size_t i) { return sum + instance.candidates[i].cost; });
}

// Gives up what the rest covers too, the dearest first.
void DropSuperfluous(const Instance& instance, std::vector<size_t>& chosen) {
  std::vector<size_t> by_cost = chosen;
  std::stable_sort(by_cost.begin(), by_cost.end(), [&](size_t a, size_t b) {
    return instance.candidates[a].cost > instance.candidates[b].cost;
  });
  for (const size_t i : by_cost) {
    uint64_t rest = 0;
    for (const size_t j : chosen) rest |= j == i ? 0 : instance.candidates[j].covers;
    if ((instance.goal & ~rest) == 0) std::erase(chosen, i);
  }
}

// `price` becomes what each element costs the greedy rule.
std::vector<size_t> Greedy(const Instance& instance, std::vector<double>& price) {
  std::vector<size_t> chosen;
  uint64_t open = instance.goal;
  while (open != 0) {
    size_t best = 0;
    double best_rate = 0;
    for (const size_t i : instance.kept) {
      const int fresh = std::popcount(instance.candidates[i].covers & open);
      if (fresh == 0) continue;
      const double rate = instance.candidates[i].cost / fresh;
      if (best_rate > 0 && rate >= best_rate - kEpsilon) continue;
      best = i;
      best_rate = rate;
    }
    for (uint64_t fresh = instance.candidates[best].covers & open; fresh != 0; fresh &= fresh - 1)
      price[static_cast<size_t>(std::countr_zero(fresh))] = best_rate;
    open &= ~instance.candidates[best].covers;
    chosen.push_back(best);
  }
  return chosen;
}

// A feasible dual solution is worth no more than any cover: raise each element's price, rarest first, as far
// as the candidates that hold it allow.
double DualAscent(const Instance& instance, uint64_t goal) {
  std::vector<double> slack;
  for (const size_t i : instance.kept) slack.push_back(instance.candidates[i].cost);
  std::vector<std::pair<int, size_t>> order;
  for (uint64_t rest = goal; rest != 0; rest &= rest - 1) {
    const auto element = static_cast<size_t>(std::countr_zero(rest));
    int holders = 0;
    for (const size_t i : instance.kept)
      holders += static_cast<int>(instance.candidates[i].covers >> element & 1);
    order.emplace_back(holders, element);
  }
  std::sort(order.begin(), order.end());
  double bound = 0;
  for (const auto& [holders, element] : order) {
    double rise = HUGE_VAL;
    for (size_t k = 0; k < instance.kept.size(); ++k) {
      if (instance.candidates[instance.kept[k]].covers >> element & 1) rise = std::min(rise, slack[k]);
    }
    for (size_t k = 0; k < instance.kept.size(); ++k) {
      if (instance.candidates[instance.kept[k]].covers >> element & 1) slack[k] -= rise;
    }
    bound += rise;
  }
  return bound;
}

double Harmonic(int n) {
  double sum = 0;
  for (int i = 1; i <= n; ++i) sum += 1.0 / i;
  return sum;
}

double DualFitting(const Instance& instance, const std::vector<double>& price) {
  int largest = 1;
  for (const size_t i : instance.kept)
    largest = std::max(largest, std::popcount(instance.candidates[i].covers));
  return std::accumulate(price.begin(), price.end(), 0.0) / Harmonic(largest);
}

// Depth first: the open element with the fewest holders is covered by each of them in turn.
class Brancher {
 public:
  Brancher(const Instance& instance, std::vector<size_t> first)
      : instance_(instance), best_(std::move(first)), best_cost_(CostOf(instance, best_)) {
    std::sort(best_.begin(), best_.end());
  }
  std::vector<size_t> Run() {
    Visit(instance_.goal, 0);
    return best_;
  }
  // Whether the search came to its end within kExactStepsMax.
  bool done() const { return steps_ <= kExactStepsMax; }

 private:
  void Visit(uint64_t open, double cost) {
    if (++steps_ > kExactStepsMax) return;
    if (open == 0) {
      std::vector<size_t> found = path_;
      std::sort(found.begin(), found.end());
      if (cost < best_cost_ - kEpsilon || (cost < best_cost_ + kEpsilon && found < best_)) {
        best_ = std::move(found);
        best_cost_ = std::min(best_cost_, cost);
      }
      return;
    }
    if (cost + DualAscent(instance_, open) > best_cost_ + kEpsilon) return;
    const size_t element = Rarest(open);
    for (const size_t i : instance_.kept) {
      if ((instance_.candidates[i].covers >> element & 1) == 0) continue;
      path_.push_back(i);
      Visit(open & ~instance_.candidates[i].covers, cost + instance_.candidates[i].cost);
      path_.pop_back();
    }
  }
  size_t Rarest(uint64_t open) const {
    size_t rarest = 0, fewest = SIZE_MAX;
    for (uint64_t rest = open; rest != 0; rest &= rest - 1) {
      const auto element = static_cast<size_t>(std::countr_zero(rest));
      const auto holders =
          static_cast<size_t>(std::count_if(instance_.kept.begin(), instance_.kept.end(), [&](size_t i) {
            return (instance_.candidates[i].covers >> element & 1) != 0;
          }));
      if (holders < fewest) {
        fewest = holders;
        rarest = element;
      }
    }
    return rarest;
  }

  const Instance& instance_;
  std::vector<size_t> best_, path_;
  double best_cost_;
  size_t steps_ = 0;
};

}  // namespace

Cover FindCover(size_t elements, std::span<const CoverCandidate> candidates) {
  const Instance instance = Reduce(candidates);
  const uint64_t all = elements >= kElementsMax ? ~uint64_t{0} : (uint64_t{1} << elements) - 1;
  Cover cover{.open = all & ~instance.goal};
  std::vector<double> price(kElementsMax, 0);
  cover.chosen = Greedy(instance, price);
  DropSuperfluous(instance, cover.chosen);
  if (instance.kept.size() <= kExactCandidatesMax) {
    Brancher brancher(instance, cover.chosen);
    cover.chosen = brancher.Run();
    cover.exact = brancher.done();
  }
  std::sort(cover.chosen.begin(), cover.chosen.end());
  cover.cost = CostOf(instance, cover.chosen);
  cover.lower_bound =
      cover.exact ? cover.cost : std::max(DualAscent(instance, instance.goal), DualFitting(instance, price));
  return cover;
}

}  // namespace dongxi::requirement
