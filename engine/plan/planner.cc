#include "engine/plan/planner.h"

#include <algorithm>
#include <numeric>

#include "engine/plan/choose.h"
#include "engine/plan/clash.h"
#include "engine/plan/fairness.h"
#include "engine/plan/figures.h"
#include "engine/plan/improve.h"
#include "engine/plan/instance.h"
#include "engine/plan/integer_programme.h"
#include "engine/plan/proof.h"
#include "engine/plan/quota_results.h"
#include "engine/plan/schedule.h"
#include "engine/plan/tables.h"

namespace dongxi::plan {
namespace {

constexpr double kInUnits = static_cast<double>(kScoreUnit);

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

// The musts first, then those with the fewest slots to choose from.
bool PlaceAll(std::vector<int> order, Schedule& schedule) {
  const std::vector<Candidate>& candidates = schedule.instance().candidates;
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    if (candidates[a].must != candidates[b].must) return candidates[a].must;
    return candidates[a].allowed.count() < candidates[b].allowed.count();
  });
  bool all = true;
  for (const int c : order) all &= schedule.HasRoomInGroups(c) && schedule.Place(c);
  return all;
}

// The chosen meetings in their slots, and what else gains where some found none or the choice is not the
// best.
Schedule Placed(const Instance& instance, const Objective& objective, const std::vector<int>& chosen,
                int64_t bound) {
  Schedule schedule(instance);
  const bool all_placed = PlaceAll(chosen, schedule);
  const bool is_large = instance.candidates.size() > kLargeCandidates;
  const bool may_gain = !all_placed || schedule.Gain(objective) < bound;
  if (may_gain) RefillSlots(objective, is_large ? 2 : 6, schedule);
  return schedule;
}

std::vector<Meeting> MeetingsOf(const Schedule& schedule) {
  std::vector<Meeting> meetings = schedule.instance().locked;
  for (size_t c = 0; c < schedule.slots().size(); ++c) {
    if (schedule.slot(static_cast<int>(c)) < 0) continue;
    meetings.push_back({schedule.instance().candidates[c].pair, schedule.slots()[c]});
  }
  return meetings;
}

void TryProgramme(const Fairness& fairness, Schedule& schedule, Proven& proven) {
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
  const int64_t bound = std::max(result->bound, schedule.Gain(fairness.objective));
  if (bound >= proven.gain) return;
  proven.gain = bound;
  proven.method = result->optimal ? "整数规划（已证最优）" : "整数规划的界";
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
  const Choice choice = ChoosePairs(instance, more, table_slots, more_slots);
  return {std::move(of), static_cast<double>(choice.value - now.value) / kInUnits,
          static_cast<int>(choice.candidates.size()) - static_cast<int>(now.candidates.size())};
}

// Those of the pool, and own ones where a meeting may stand.
int64_t TablesInUse(const Instance& instance) {
  std::vector<char> used(instance.is_home.size());
  for (size_t t = 0; t < used.size(); ++t) used[t] = instance.is_home[t] == 0;
  for (const Candidate& candidate : instance.candidates) {
    if (candidate.home >= 0) used[candidate.home] = 1;
  }
  return std::count(used.begin(), used.end(), 1);
}

// By the mean length of the slots in which meetings are; REQUIRES: there are some.
int SlotsPerHour(const Event& event, int slots) {
  int minutes = 0;
  for (const Slot& slot : event.slots) {
    if (!slot.is_break) minutes += slot.end_minute - slot.begin_minute;
  }
  return std::max(1, 60 * slots / std::max(1, minutes));
}

void AddPrices(const Instance& instance, const Fairness& fairness, Plan& plan) {
  const Event& event = *instance.event;
  const int64_t slots = static_cast<int64_t>(MeetingSlots(event).count());
  const int64_t pool = TablesInUse(instance);
  const int64_t now = instance.table_slots;
  plan.prices.push_back(
      PriceOf(instance, fairness.objective, fairness.choice, now < 0 ? now : now + slots, 0, "一张桌"));
  plan.prices.push_back(
      PriceOf(instance, fairness.objective, fairness.choice, now < 0 ? now : now + pool, 1, "一个时段"));
  PriceQuotas(instance, fairness.objective, fairness.choice, plan);
  const int per_hour = SlotsPerHour(event, static_cast<int>(slots));
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
      ChooseFairness(instance, options.fairness && event.settings.fair_share_max > 0,
                     [&](double share) { return steps.Stop(kChosen * share, "choose"); });
  const Choice choice = Sharpened(instance, fairness.objective, instance.table_slots, fairness.choice);
  Proven proven{.gain = choice.gain_bound,
                .method = choice.method,
                .value = fairness.value_bound,
                .musts = fairness.musts_bound};
  if (steps.Stop(kChosen, "place")) return cancelled();
  Schedule schedule = Placed(instance, fairness.objective, choice.candidates, proven.gain);
  if (steps.Stop(kPlaced, "improve")) return cancelled();
  if (!choice.other.empty() && schedule.Gain(fairness.objective) < proven.gain) {
    Schedule other = Placed(instance, fairness.objective, choice.other, proven.gain);
    if (other.Gain(fairness.objective) > schedule.Gain(fairness.objective)) schedule = std::move(other);
  }
  if (steps.Stop(kRefilled, "prove")) return cancelled();
  if (schedule.Gain(fairness.objective) < proven.gain) TryProgramme(fairness, schedule, proven);
  if (steps.Stop(kProven, "improve")) return cancelled();
  ShortenWaiting(is_large ? 1 : 3, schedule);
  if (steps.Stop(kImproved, "explain")) return cancelled();
  Plan plan;
  plan.curve = fairness.curve;
  plan.meetings = MeetingsOf(schedule);
  AssignTables(instance, plan.meetings);
  Sort(event, plan.meetings);
  SeatInvited(instance, plan);
  plan.figures = FiguresOf(instance, plan.meetings, plan.sessions);
  SetProof(instance, proven, schedule.Gain(fairness.objective), plan.figures);
  plan.quotas = QuotaResultsOf(instance, plan.meetings);
  if (options.prices) AddPrices(instance, fairness, plan);
  if (steps.Stop(kPriced, "explain")) return cancelled();
  if (options.explain) plan.unmet = ExplainUnmet(event, instance, plan.meetings);
  return plan;
}

}  // namespace dongxi::plan
