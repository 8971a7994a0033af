// dongxi-bench requirements-cost: what do verdicts, consortium and question add to the cost of a match?
#include <time.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "bench/command.h"
#include "bench/graded_sample.h"
#include "bench/report.h"
#include "bench/statistics.h"
#include "engine/base/status_macros.h"
#include "engine/match/read_ahead.h"

namespace dongxi::bench {
namespace {

constexpr double kRiseMax = 1.3;  // the bar of the issue, cold and warm

struct CostOptions {
  std::string sample = "data/sample";
  ProgramTables tables;
  int rounds = 20;
  bool cold = false;
  std::string json;
};

// Of the calling thread, which makes a match alone: other work on the machine does not count.
double CpuMilliseconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

struct Costs {
  std::vector<double> basic, full;  // milliseconds of each match
};

double Sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

absl::StatusOr<double> CostOf(const MatchContext& context, MatchQuestion& question, Detail detail) {
  question.settings.detail = detail;
  const double begin = CpuMilliseconds();
  DX_RETURN_IF_ERROR(Match(context, question).status());
  return CpuMilliseconds() - begin;
}

// Both views of each need, one after the other, so that both find the same caches.
absl::Status MeasureRound(const GradedSample& sample, Costs& costs) {
  for (const auto& [id, need] : sample.needs) {
    MatchQuestion question = SampleQuestion(need);
    question.settings.limit = 10;
    DX_ASSIGN_OR_RETURN(const double basic, CostOf(sample.data->context(), question, Detail::kBasic));
    DX_ASSIGN_OR_RETURN(const double full, CostOf(sample.data->context(), question, Detail::kFull));
    costs.basic.push_back(basic);
    costs.full.push_back(full);
  }
  return absl::OkStatus();
}

// As the server does in its spare time after it opened a generation (server/offer_reader.h).
absl::Status ReadAhead(const MatchContext& context, Report& report) {
  const double begin = CpuMilliseconds();
  DX_ASSIGN_OR_RETURN(const size_t read,
                      ReadOffersAhead(*context.generation, *context.records, [] { return true; }));
  report.Section("Reading ahead");
  report.Add({"offers", static_cast<double>(read), "", {}, ""});
  report.Add({"an offer",
              (CpuMilliseconds() - begin) / std::max(1.0, static_cast<double>(read)),
              "ms",
              {},
              "CPU of one thread"});
  return absl::OkStatus();
}

void AddCosts(const std::string& title, const Costs& costs, Report& report) {
  report.Section(title);
  report.Add({"view BASIC, p50", SpreadOf(costs.basic).p50, "ms", {}, "CPU of one thread"});
  report.Add({"view FULL, p50", SpreadOf(costs.full).p50, "ms", {}, ""});
  report.Add({"FULL / BASIC, all matches", Sum(costs.full) / Sum(costs.basic), "", AtMost(kRiseMax), ""});
}

absl::Status Run(const CostOptions& options, Outcome& outcome) {
  Report report("What do verdicts, consortium and owner's question (view FULL) add to a match (view BASIC)?",
                {{"sample", options.sample}, {"rounds", std::to_string(options.rounds)}});
  DX_ASSIGN_OR_RETURN(const GradedSample sample,
                      OpenGradedSample(options.sample, options.tables, /*threads=*/0));
  if (!options.cold) DX_RETURN_IF_ERROR(ReadAhead(sample.data->context(), report));
  Costs first, later;
  DX_RETURN_IF_ERROR(MeasureRound(sample, first));
  for (int round = 0; round < options.rounds; ++round) DX_RETURN_IF_ERROR(MeasureRound(sample, later));
  AddCosts(options.cold ? "First round: no offer was read before"
                        : "First round: offers were read ahead, needs were not asked before",
           first, report);
  AddCosts("Later rounds", later, report);
  report.Print();
  if (report.missed() > 0) outcome.exit_code = kExitFailed;
  return report.Write(options.json);
}

}  // namespace

void AddRequirementsCostCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<CostOptions>();
  CLI::App* command = app.add_subcommand(
      "requirements-cost", "What verdicts, consortium and owner's question add to a match of the sample");
  command->add_option("--sample", options->sample, "Folder of the sample")->capture_default_str();
  command->add_option("--rounds", options->rounds, "Rounds over all needs after the first")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command->add_flag("--cold", options->cold,
                    "Read no offer ahead: what a server pays that is asked at once after its start, or that "
                    "has more offers than it keeps");
  AddTableOptions(*command, options->tables);
  AddJsonOption(*command, options->json);
  command->footer(
      "The first round and the later ones have the same bar; the command fails if either is missed.");
  command->callback([options, &outcome] { outcome.status = Run(*options, outcome); });
}

}  // namespace dongxi::bench
