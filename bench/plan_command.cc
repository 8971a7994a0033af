// dongxi-bench plan. Question: how long does a plan take, how far from the best is it, and what do simpler
// planners reach on the same event?
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/plan_instance.h"
#include "engine/plan/check.h"
#include "engine/plan/planner.h"
#include "engine/plan/replan.h"

namespace dongxi::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct PlanBenchOptions {
  int rounds = 3;
  bool small_only = false;
  double gate = 0;  // milliseconds of the first instance; 0: none
};

double Milliseconds(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

void PrintRow(const std::string& what, const plan::Plan& plan, double ms) {
  const plan::Figures& f = plan.figures;
  // The simpler planners prove nothing.
  const std::string proof =
      f.method.empty() ? "– | –" : absl::StrFormat("%.1f | %.4f %%", f.value_bound, f.gap * 100);
  std::cout << absl::StrFormat("| %s | %.0f | %.1f | %s | %d | %d | %d | %.3f | %d | %d | %d |\n", what, ms,
                               f.value, proof, f.meetings, f.worst_off, f.without_meeting, f.gini,
                               f.blocking_pairs, f.idle_slots, f.table_changes);
}

template <typename MakeFn>
plan::Plan Measured(const std::string& what, int rounds, const MakeFn& make, double* best_ms = nullptr) {
  plan::Plan plan;
  double best = 1e300;
  for (int round = 0; round < rounds; ++round) {
    const Clock::time_point start = Clock::now();
    plan = make();
    best = std::min(best, Milliseconds(start));
  }
  PrintRow(what, plan, best);
  if (best_ms != nullptr) *best_ms = best;
  return plan;
}

absl::Status Replans(const plan::Event& event, const plan::Plan& plan) {
  plan::Incident incident{.now = 1};
  for (int i = 0; i < 5; ++i) incident.away.push_back({17 * i + 3, 1});
  const Clock::time_point start = Clock::now();
  const absl::StatusOr<plan::Replanned> fewest = Replan(event, plan, incident);
  if (!fewest.ok()) return fewest.status();
  const double ms = Milliseconds(start);
  PrintRow("replan, 5 no-shows, fewest changes", fewest->plan, ms);
  incident.changes_max = fewest->forced + 20;
  const Clock::time_point again = Clock::now();
  const absl::StatusOr<plan::Replanned> more = Replan(event, plan, incident);
  if (!more.ok()) return more.status();
  PrintRow("replan, 20 more changes allowed", more->plan, Milliseconds(again));
  if (!CheckPlan(more->event, more->plan).empty())
    return absl::InternalError("the checker refuses the new plan");
  std::cout << absl::StrFormat("changes: %d (all forced: %d), told: %d; with 20 more: %d\n",
                               fewest->changes.size(), fewest->forced, fewest->tell.size(),
                               more->changes.size());
  return absl::OkStatus();
}

absl::Status MeasureShape(const PlanShape& shape, const PlanBenchOptions& options, double* first_ms) {
  const plan::Event event = MakePlanEvent(shape);
  std::cout << absl::StrFormat(
      "\n### %d needs x %d institutions x %d slots, %d pairs, %.0f %% away, %d tables\n\n", shape.needs,
      shape.offers, shape.slots, shape.pairs, shape.away * 100, shape.tables);
  std::cout << "| planner | ms | value | bound | gap | meetings | worst-off | without | Gini | blocking | "
               "waiting | table "
               "changes |\n"
               "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  const int rounds = shape.pairs > 50'000 ? 1 : options.rounds;
  const plan::Plan plan = Measured(
      "Dongxi, value alone", rounds,
      [&] { return *plan::MakePlan(event, {.prices = false, .fairness = false}); }, first_ms);
  const plan::Plan fair =
      Measured("Dongxi, fairness of 2 %", rounds, [&] { return *plan::MakePlan(event, {.prices = false}); });
  Measured("Dongxi, fairness and prices", 1, [&] { return *plan::MakePlan(event); });
  Measured("greedy: best free pair first", rounds, [&] { return GreedyPlan(event); });
  Measured("deferred acceptance", rounds, [&] { return DeferredAcceptancePlan(event); });
  for (const plan::Plan* made : {&plan, &fair}) {
    const std::vector<plan::Violation> violations = CheckPlan(event, *made);
    if (!violations.empty())
      return absl::InternalError("the checker refuses the plan: " + violations[0].text);
  }
  return Replans(event, fair);
}

absl::Status Run(const PlanBenchOptions& options, Outcome& outcome) {
  const std::vector<PlanShape> shapes = {{500, 300, 24, 10'000},
                                         {500, 300, 24, 10'000, 0.2},
                                         {500, 300, 24, 10'000, 0.2, 7, 300},
                                         {5'000, 3'000, 40, 100'000},
                                         {5'000, 3'000, 40, 100'000, 0.2}};
  double first_ms = 0;
  for (size_t i = 0; i < shapes.size(); ++i) {
    if (options.small_only && shapes[i].pairs > 50'000) continue;
    double ms = 0;
    if (absl::Status status = MeasureShape(shapes[i], options, &ms); !status.ok()) return status;
    if (i == 0) first_ms = ms;
  }
  if (options.gate > 0 && first_ms > options.gate) outcome.exit_code = kExitFailed;
  return absl::OkStatus();
}

}  // namespace

void AddPlanCommand(CLI::App& app, Outcome& outcome) {
  CLI::App* command = app.add_subcommand(
      "plan", "meeting plans: time, proven gap and fairness, beside greedy and deferred acceptance");
  const auto options = std::make_shared<PlanBenchOptions>();
  command->add_option("--rounds", options->rounds, "the best of so many runs (large events: one)")
      ->check(CLI::Range(1, 100));
  command->add_flag("--small", options->small_only, "leave out the events of 100,000 pairs");
  command->add_option("--gate-ms", options->gate, "fail if the first event takes longer");
  command->callback([options, &outcome] { outcome.status = Run(*options, outcome); });
}

}  // namespace dongxi::bench
