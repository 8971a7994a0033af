// dongxi-bench consortium: how often is the consortium (创新联合体) of an answer proven to be the cheapest,
// how far is it from its bound, and what does the set cover alone take?
#include <time.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/consortium_figures.h"
#include "bench/graded_sample.h"
#include "bench/report.h"
#include "bench/statistics.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

struct ConsortiumOptions {
  std::string sample = "data/sample";
  ProgramTables tables;
  int limit = 10;
  int rounds = 20;
  std::string json;
};

// Of the calling thread: other work on the machine does not count.
double CpuMicroseconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

struct Measured {
  ConsortiumFigures figures;
  std::vector<double> microseconds;  // of each set cover in each round
  size_t timed = 0;                  // set covers
  size_t cut = 0;                    // left out, as their answers do not name all that cover an element
  size_t otherwise = 0;              // came out otherwise than in the answer
};

// The set cover of one answer, found again and again with nothing around it.
void TimeCover(const MatchAnswer& answer, int rounds, Measured& measured) {
  const AnswerCover asked = CoverOfAnswer(answer);
  if (asked.cut) {
    ++measured.cut;
    return;
  }
  ++measured.timed;
  bool same = true;
  for (int round = 0; round < rounds; ++round) {
    const double begin = CpuMicroseconds();
    const requirement::Cover cover = requirement::FindCover(asked.elements, asked.candidates);
    measured.microseconds.push_back(CpuMicroseconds() - begin);
    if (!IsCoverOf(*answer.consortium, cover)) same = false;
  }
  if (!same) ++measured.otherwise;
}

absl::StatusOr<Measured> Measure(const GradedSample& sample, const ConsortiumOptions& options) {
  Measured measured;
  for (const auto& [id, need] : sample.needs) {
    MatchQuestion question = SampleQuestion(need);
    question.settings.limit = options.limit;
    question.settings.detail = Detail::kFull;
    const absl::StatusOr<MatchAnswer> answer = Match(sample.data->context(), question);
    if (!answer.ok()) {
      return absl::Status(answer.status().code(), absl::StrCat("need ", id, ": ", answer.status().message()));
    }
    AddTo(*answer, measured.figures);
    if (answer->consortium && !answer->consortium->members.empty())
      TimeCover(*answer, options.rounds, measured);
  }
  return measured;
}

std::string ShareText(size_t part, size_t whole, const char* of) {
  if (whole == 0) return "";
  return absl::StrFormat("%.1f %% of %s", 100 * static_cast<double>(part) / static_cast<double>(whole), of);
}

void AddProofs(const ConsortiumFigures& figures, Report& report) {
  report.Section("Proofs and bounds");
  const auto count = [&](const char* name, size_t value, const std::string& remark) {
    report.Add({name, static_cast<double>(value), "", {}, remark});
  };
  count("needs", figures.needs, "");
  count("with a consortium", figures.consortia, "two elements or more, and an entry that is not barred");
  count("with a cover", figures.covered, "some entry covers some element");
  count("proven exact", figures.exact, ShareText(figures.exact, figures.covered, "those with a cover"));
  report.Add({"largest gap", figures.gap, "cost", {}, "cost of the cover less its lower bound; 0 if exact"});
  report.Add({"largest gap, share", figures.gap_share, "", {}, "of the bound"});
  count("elements", figures.elements, "of all consortia");
  count("elements that stay open", figures.open, ShareText(figures.open, figures.elements, "the elements"));
  count("covers without an open element", figures.complete,
        ShareText(figures.complete, figures.covered, "those with a cover"));
}

void AddSizes(const ConsortiumFigures& figures, Report& report) {
  report.Section("Sizes");
  const auto add = [&](const std::string& name, const std::vector<double>& values) {
    const Spread spread = SpreadOf(values);
    report.Add({name + ", p50", spread.p50, "", {}, ""});
    report.Add({name + ", largest", spread.max, "", {}, ""});
  };
  add("elements of a need", figures.elements_of);
  add("entries that cover something", figures.offers_of);
  add("members of a consortium", figures.members_of);
}

void AddTimes(const Measured& measured, Report& report) {
  report.Section("Set cover alone");
  const Spread spread = SpreadOf(measured.microseconds);
  std::string remark = absl::StrCat("CPU of one thread, ", measured.timed, " covers");
  if (measured.cut > 0) {
    absl::StrAppend(&remark, "; ", measured.cut, " left out: an element has ", kCoveredByShown,
                    " entries or more, of which no more are named");
  }
  report.Add({"p50", spread.p50, "us", {}, remark});
  report.Add({"p99", spread.p99, "us", {}, ""});
  report.Add({"otherwise than in the answer", static_cast<double>(measured.otherwise), "", AtMost(0),
              "cost, bound, proof, open elements"});
}

absl::Status Run(const ConsortiumOptions& options, Outcome& outcome) {
  Report report(
      "How often is the consortium of an answer proven to be the cheapest, and if not, how far off?",
      {{"sample", options.sample},
       {"limit", std::to_string(options.limit)},
       {"rounds", std::to_string(options.rounds)}});
  DX_ASSIGN_OR_RETURN(const GradedSample sample,
                      OpenGradedSample(options.sample, options.tables, /*threads=*/0));
  DX_ASSIGN_OR_RETURN(const Measured measured, Measure(sample, options));
  AddProofs(measured.figures, report);
  AddSizes(measured.figures, report);
  AddTimes(measured, report);
  report.Print();
  if (report.missed() > 0) outcome.exit_code = kExitFailed;
  return report.Write(options.json);
}

}  // namespace

void AddConsortiumCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<ConsortiumOptions>();
  CLI::App* command = app.add_subcommand(
      "consortium", "How often the consortium of an answer is exact, its bound, its size, the cover's time");
  command->add_option("--sample", options->sample, "Folder of the sample")->capture_default_str();
  command->add_option("--limit", options->limit, "Entries of each list of an answer")
      ->check(CLI::Range(1, kMatchEntriesMax))
      ->capture_default_str();
  command->add_option("--rounds", options->rounds, "How often each cover is found for its time")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  AddTableOptions(*command, options->tables);
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench consortium --limit 100");
  command->callback([options, &outcome] { outcome.status = Run(*options, outcome); });
}

}  // namespace dongxi::bench
