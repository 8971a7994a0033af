#include "engine/plan/planner.h"

#include <algorithm>
#include <numeric>

#include "engine/plan/choose.h"
#include "engine/plan/clash.h"
#include "engine/plan/figures.h"
#include "engine/plan/improve.h"
#include "engine/plan/instance.h"
#include "engine/plan/integer_programme.h"
#include "engine/plan/schedule.h"
#include "engine/plan/tables.h"

namespace dongxi::plan {
namespace {

constexpr size_t kLargeCandidates = 30'000;  // fewer points of the curve and sweeps, for the time
constexpr double kInUnits = static_cast<double>(kScoreUnit);

struct Fairness {
  Objective objective;
  Choice choice;
  std::vector<FairnessPoint> curve;
  int64_t value_bound = 0;
  int musts_bound = 0;
};

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

// Says where the work is, and hears whether it shall go on. Shares are those of a large event.
class Steps {
 public:
  explicit Steps(const PlanOptions& options) : step_(options.step) {}
  // True if the work shall stop. Once said, it stays so.
  bool Stop(double share, std::string_view name) {
    stopped_ = stopped_ || (step_ != nullptr && !step_(share, name));
    return stopped_;
  }

 private:
  const std::function<bool(double, std::string_view)>& step_;
  bool stopped_ = false;
};
constexpr double kChosen = 0.5, kPlaced = 0.55, kRefilled = 0.7, kProven = 0.75, kImproved = 0.8,
                 kPriced = 0.95;

// The fairest point of the curve that costs no more value than the settings allow and no must.
Fairness ChooseFairness(const Instance& instance, bool wanted, Steps& steps) {
  const Settings& settings = instance.event->settings;
  Fairness best{.objective = MakeObjective(instance, 0, false, false)};
  best.choice = ChoosePairs(instance, best.objective, instance.table_slots);
  best.value_bound = best.choice.value;
  best.musts_bound = best.choice.musts;
  best.curve.push_back(PointOf(instance, best.objective, best.choice, best.value_bound));
  size_t chosen = 0;
  const bool is_large = instance.candidates.size() > kLargeCandidates;
  const std::vector<double> weights =
      is_large ? std::vector<double>{0.5, 2} : std::vector<double>{0.25, 1, 4};
  const double points = 1 + 2 * static_cast<double>(weights.size());
  for (const bool capped : {true, false}) {
    if (!wanted || chosen > 0 || (!capped && settings.most_wanted_max < 0)) break;
    for (const double weight : weights) {
      if (steps.Stop(kChosen * static_cast<double>(best.curve.size()) / points, "choose")) return best;
      Objective objective = MakeObjective(instance, weight, capped, /*floored=*/true);
      Choice choice = ChoosePairs(instance, objective, instance.table_slots);
      best.curve.push_back(PointOf(instance, objective, choice, best.value_bound));
      const FairnessPoint& point = best.curve.back();
      if (choice.musts < best.musts_bound || point.value_share < 1 - settings.fair_share_max) continue;
      if (chosen > 0 && !IsFairer(point, best.curve[chosen])) continue;
      chosen = best.curve.size() - 1;
      best.objective = std::move(objective);
      best.choice = std::move(choice);
    }
  }
  best.curve[chosen].chosen = true;
  return best;
}

// The musts first, then those with the fewest slots to choose from.
bool PlaceAll(const Choice& choice, Schedule& schedule) {
  std::vector<int> order = choice.candidates;
  const std::vector<Candidate>& candidates = schedule.instance().candidates;
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    if (candidates[a].must != candidates[b].must) return candidates[a].must;
    return candidates[a].allowed.count() < candidates[b].allowed.count();
  });
  bool all = true;
  for (const int c : order) all &= schedule.Place(c);
  return all;
}

std::vector<Meeting> MeetingsOf(const Schedule& schedule) {
  std::vector<Meeting> meetings = schedule.instance().locked;
  for (size_t c = 0; c < schedule.slots().size(); ++c) {
    if (schedule.slot(static_cast<int>(c)) < 0) continue;
    meetings.push_back({schedule.instance().candidates[c].pair, schedule.slots()[c]});
  }
  return meetings;
}

struct Bound {
  int64_t gain = 0;
  std::string method = "最小费用流";
};

void TryProgramme(const Fairness& fairness, Schedule& schedule, Bound& bound) {
  if (ProgrammeVariables(schedule.instance()) > kProgrammeVariablesMax) return;
  const auto result = SolveProgramme(fairness.objective, schedule, fairness.musts_bound);
  if (!result) return;
  const int64_t before = schedule.Gain(fairness.objective);
  Schedule better(schedule.instance());
  for (size_t c = 0; c < result->slots.size(); ++c) {
    if (result->slots[c] >= 0 && better.CanAdd(static_cast<int>(c), result->slots[c])) {
      better.Add(static_cast<int>(c), result->slots[c]);
    }
  }
  if (better.Gain(fairness.objective) > before) schedule = better;
  const int64_t proven = std::max(result->bound, schedule.Gain(fairness.objective));
  if (proven < bound.gain) bound = {proven, result->optimal ? "整数规划（已证最优）" : "整数规划的界"};
}

// What is missing to the bound, as a share of the most value that any plan has.
double GapOf(int64_t bound, int64_t gain, double value_scale) {
  if (bound <= gain) return 0;
  return static_cast<double>(bound - gain) / std::max(1.0, value_scale);
}

void SetProof(const Fairness& fairness, const Schedule& schedule, const Bound& bound, Plan& plan) {
  const int64_t gain = schedule.Gain(fairness.objective);
  int64_t locked = 0;
  for (const Meeting& meeting : schedule.instance().locked) {
    locked += std::max<int64_t>(0, PairUnits(schedule.instance().event->pairs[meeting.pair]));
  }
  Figures& figures = plan.figures;
  int locked_musts = 0;
  for (const Meeting& meeting : schedule.instance().locked) {
    locked_musts += IsMust(schedule.instance().event->pairs[meeting.pair]);
  }
  figures.value_bound = static_cast<double>(fairness.value_bound + locked) / kInUnits;
  figures.musts_bound = fairness.musts_bound + locked_musts;
  const int64_t musts_missing = bound.gain / kMustGain - gain / kMustGain;
  const double scale = static_cast<double>(fairness.value_bound + locked);
  figures.gap = musts_missing > 0 ? 1 : GapOf(bound.gain, gain, scale);
  figures.method = bound.method;
}

Price PriceOf(const Instance& instance, const Objective& objective, const Choice& now, int64_t table_slots,
              int more_slots, std::string of) {
  Objective more = objective;
  for (size_t p = 0; p < more.cap.size() && more_slots > 0; ++p) {
    const int own = instance.event->parties[p].max_meetings >= 0 ? instance.event->parties[p].max_meetings
                                                                 : instance.event->settings.max_meetings;
    if (instance.open[p].none()) continue;
    const int slots = static_cast<int>(instance.open[p].count()) + more_slots;
    const int cap = own >= 0 ? std::min(slots, own - instance.done[p]) : slots;
    if (objective.cap[p] == instance.cap[p]) more.cap[p] = std::max(cap, objective.cap[p]);
  }
  const Choice choice = ChoosePairs(instance, more, table_slots);
  return {std::move(of), static_cast<double>(choice.value - now.value) / kInUnits,
          static_cast<int>(choice.candidates.size()) - static_cast<int>(now.candidates.size())};
}

void AddPrices(const Instance& instance, const Fairness& fairness, Plan& plan) {
  const Event& event = *instance.event;
  const int64_t slots = static_cast<int64_t>(MeetingSlots(event).count());
  const int64_t pool = static_cast<int64_t>(std::count(instance.is_home.begin(), instance.is_home.end(), 0));
  const int64_t now = instance.table_slots;
  plan.prices.push_back(
      PriceOf(instance, fairness.objective, fairness.choice, now < 0 ? now : now + slots, 0, "一张桌"));
  plan.prices.push_back(
      PriceOf(instance, fairness.objective, fairness.choice, now < 0 ? now : now + pool, 1, "一个时段"));
  int minutes = 60;
  for (const Slot& slot : event.slots) {
    if (!slot.is_break) minutes = std::max(1, slot.end_minute - slot.begin_minute);
  }
  const int per_hour = std::max(1, 60 / minutes);
  plan.prices.push_back(PriceOf(instance, fairness.objective, fairness.choice,
                                now < 0 ? now : now + pool * per_hour, per_hour, "一小时"));
}

void Sort(const Event& event, std::vector<Meeting>& meetings) {
  std::sort(meetings.begin(), meetings.end(), [&](const Meeting& a, const Meeting& b) {
    if (a.slot != b.slot) return a.slot < b.slot;
    if (a.table != b.table) return a.table < b.table;
    const Pair& x = event.pairs[a.pair];
    const Pair& y = event.pairs[b.pair];
    return x.need != y.need ? x.need < y.need : x.offer < y.offer;
  });
}

}  // namespace

absl::StatusOr<Plan> MakePlan(const Event& event, const PlanOptions& options) {
  for (const Problem& problem : Validate(event)) {
    if (problem.fatal) return absl::InvalidArgumentError(problem.Text());
  }
  const auto cancelled = [] { return absl::CancelledError("排到一半被取消，没有结果"); };
  Steps steps(options);
  if (steps.Stop(0, "choose")) return cancelled();
  const Instance instance = MakeInstance(event);
  const bool is_large = instance.candidates.size() > kLargeCandidates;
  const Fairness fairness =
      ChooseFairness(instance, options.fairness && event.settings.fair_share_max > 0, steps);
  Bound bound{fairness.choice.gain};
  if (steps.Stop(kChosen, "place")) return cancelled();
  Schedule schedule(instance);
  const bool all_placed = PlaceAll(fairness.choice, schedule);
  if (steps.Stop(kPlaced, "improve")) return cancelled();
  if (!all_placed) RefillSlots(fairness.objective, is_large ? 2 : 6, schedule);
  if (steps.Stop(kRefilled, "prove")) return cancelled();
  if (schedule.Gain(fairness.objective) < bound.gain) TryProgramme(fairness, schedule, bound);
  if (steps.Stop(kProven, "improve")) return cancelled();
  ShortenWaiting(is_large ? 1 : 3, schedule);
  if (steps.Stop(kImproved, "explain")) return cancelled();
  Plan plan;
  plan.curve = fairness.curve;
  plan.meetings = MeetingsOf(schedule);
  AssignTables(instance, plan.meetings);
  Sort(event, plan.meetings);
  plan.figures = FiguresOf(instance, plan.meetings);
  SetProof(fairness, schedule, bound, plan);
  SeatInvited(instance, plan);
  if (options.prices) AddPrices(instance, fairness, plan);
  if (steps.Stop(kPriced, "explain")) return cancelled();
  if (options.explain) plan.unmet = ExplainUnmet(event, instance, plan.meetings);
  return plan;
}

}  // namespace dongxi::plan
