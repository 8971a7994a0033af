#include "engine/plan/fairness.h"

#include <algorithm>
#include <utility>

#include "engine/plan/figures.h"

namespace dongxi::plan {
namespace {

constexpr double kInUnits = static_cast<double>(kScoreUnit);
constexpr int kHalvings = 3;

FairnessPoint PointOf(const Instance& instance, const Objective& objective, const Choice& choice,
                      int64_t best_value) {
  FairnessPoint point{.weight = objective.fairness, .value = static_cast<double>(choice.value) / kInUnits};
  point.value_share =
      best_value == 0 ? 1 : static_cast<double>(choice.value) / static_cast<double>(best_value);
  std::vector<int> counts = instance.done, with_candidate;
  for (const int c : choice.candidates) {
    ++counts[instance.candidates[c].need];
    ++counts[instance.candidates[c].offer];
  }
  for (size_t p = 0; p < counts.size(); ++p) {
    if (instance.has_candidate[p]) with_candidate.push_back(counts[p]);
  }
  if (!with_candidate.empty())
    point.worst_off = *std::min_element(with_candidate.begin(), with_candidate.end());
  point.without_meeting = static_cast<int>(std::count(with_candidate.begin(), with_candidate.end(), 0));
  point.gini = Gini(with_candidate);
  return point;
}

bool IsFairer(const FairnessPoint& a, const FairnessPoint& b) {
  if (a.without_meeting != b.without_meeting) return a.without_meeting < b.without_meeting;
  if (a.worst_off != b.worst_off) return a.worst_off > b.worst_off;
  return a.gini < b.gini;
}

class Search {
 public:
  Search(const Instance& instance, const std::function<bool(double)>& stop)
      : instance_(instance), stop_(stop), is_large_(instance.candidates.size() > kLargeCandidates) {
    best_.objective = MakeObjective(instance, 0, false, false);
    best_.choice = ChoosePairs(instance, best_.objective, instance.table_slots);
    best_.value_bound = best_.choice.value_bound;
    best_.musts_bound = best_.choice.musts_bound;
    first_ = best_.choice;
    best_.curve.push_back(PointOf(instance, best_.objective, best_.choice, first_.value));
  }

  void Run() {
    const bool has_floors = FloorsMatter(), has_cap = instance_.event->settings.most_wanted_max >= 0;
    for (const bool floored : {true, false}) {
      for (const bool capped : {true, false}) {
        if ((floored && !has_floors) || (capped && !has_cap)) continue;
        TryWeights(capped, floored);
        if (chosen_ > 0) return;
      }
    }
  }

  Fairness Result() {
    best_.curve[chosen_].chosen = true;
    std::stable_sort(best_.curve.begin() + 1, best_.curve.end(),
                     [](const FairnessPoint& a, const FairnessPoint& b) { return a.weight < b.weight; });
    return std::move(best_);
  }

 private:
  // From light to heavy, then between the heaviest that is cheap enough and the next one. Floors and cap
  // alone, without a weight, where every weight is too dear with them, or leaves less fairness than value
  // alone has.
  void TryWeights(bool capped, bool floored) {
    const bool keeps = capped || floored;
    const bool shown = best_.curve.size() > 1;  // what heavy weights cost stands in the curve already
    double low = 0, high = 0;
    for (const double weight : is_large_ ? std::vector<double>{0.5, 2} : std::vector<double>{0.25, 1, 4}) {
      if (Try(weight, capped, floored))
        low = weight;
      else if (high == 0)
        high = weight;
      if (high > 0 && shown) break;
    }
    const bool weighted = low > 0;
    if (!weighted && keeps && !Try(0, capped, floored)) return;
    for (int i = 0; i < kHalvings && high > low && !is_large_; ++i) {
      const double middle = (low + high) / 2;
      (Try(middle, capped, floored) ? low : high) = middle;
    }
    if (weighted && keeps && IsFairer(best_.curve[0], best_.curve[chosen_])) Try(0, capped, floored);
  }

  // Whether the point costs no more than allowed; the fairest of those is kept. Value alone is one of them
  // where there are no floors and no cap to be kept.
  bool Try(double weight, bool capped, bool floored) {
    stopped_ = stopped_ || stop_(std::min(0.9, static_cast<double>(best_.curve.size()) / 8));
    if (stopped_) return false;
    Objective objective = MakeObjective(instance_, weight, capped, floored);
    Choice choice = ChoosePairs(instance_, objective, instance_.table_slots);
    best_.curve.push_back(PointOf(instance_, objective, choice, first_.value));
    const FairnessPoint& point = best_.curve.back();
    const double share_min = 1 - instance_.event->settings.fair_share_max;
    if (choice.musts < first_.musts || point.value_share < share_min) return false;
    const FairnessPoint& rival = best_.curve[chosen_];
    if (chosen_ > 0 ? !IsFairer(point, rival) : !capped && !floored && IsFairer(rival, point)) return true;
    chosen_ = best_.curve.size() - 1;
    best_.objective = std::move(objective);
    best_.choice = std::move(choice);
    return true;
  }

  bool FloorsMatter() const {
    const Event& event = *instance_.event;
    for (size_t p = 0; p < event.parties.size(); ++p) {
      const Party& party = event.parties[p];
      if (party.is_protected && instance_.has_candidate[p] &&
          event.settings.protected_floor > party.min_meetings)
        return true;
    }
    return false;
  }

  const Instance& instance_;
  const std::function<bool(double)>& stop_;
  const bool is_large_;
  bool stopped_ = false;
  Fairness best_;
  Choice first_;       // without fairness
  size_t chosen_ = 0;  // of the curve; 0: value alone
};

}  // namespace

Fairness ChooseFairness(const Instance& instance, bool wanted, const std::function<bool(double)>& stop) {
  Search search(instance, stop);
  if (wanted) search.Run();
  return search.Result();
}

}  // namespace dongxi::plan
