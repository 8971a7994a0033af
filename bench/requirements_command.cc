// dongxi-bench requirements: how often is an indicator of a need judged as people judge it?
#include <iostream>
#include <memory>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/report.h"
#include "bench/requirement/pair_scores.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

// The bars of the issue, on each half.
constexpr double kPrecisionMin = 0.90;
constexpr double kRecallMin = 0.75;

struct RequirementsOptions {
  std::string pairs = "tests/requirement/pairs.jsonl";
  std::string tables = "data/requirement";
  bool errors = false;
  std::string json;
};

absl::Status Run(const RequirementsOptions& options, Outcome& outcome) {
  DX_ASSIGN_OR_RETURN(const auto tables, requirement::LoadRequirementTables(options.tables));
  DX_ASSIGN_OR_RETURN(const std::vector<LabelledPair> pairs, ReadLabelledPairs(options.pairs));
  Report report("How often is an indicator of a need judged as people judge it?",
                {{"pairs", options.pairs}, {"tables", options.tables}});
  for (const int half : {1, 2}) {
    const PairScores scores = ScorePairs(pairs, half, *tables);
    std::cout << "\nhalf " << half << ": " << ScoresText(scores, options.errors);
    report.Section(absl::StrFormat("half %d", half));
    report.Add({"precision", scores.precision(), "", AtLeast(kPrecisionMin), ""});
    report.Add({"recall", scores.recall(), "", AtLeast(kRecallMin), ""});
    report.Add({"contradictions called unknown", static_cast<double>(scores.contradictions_unknown), "",
                AtMost(0), ""});
  }
  report.Print();
  if (report.missed() > 0) outcome.exit_code = kExitFailed;
  return report.Write(options.json);
}

}  // namespace

void AddRequirementsCommand(CLI::App& app, Outcome& outcome) {
  auto options = std::make_shared<RequirementsOptions>();
  CLI::App* command = app.add_subcommand(
      "requirements",
      "Indicators of needs against results, on pairs labelled by hand: precision, recall, confusion");
  command->add_option("--pairs", options->pairs, "The labelled pairs")->capture_default_str();
  command->add_option("--tables", options->tables, "Folder of the requirement tables")->capture_default_str();
  command->add_flag("--errors", options->errors, "List each error");
  AddJsonOption(*command, options->json);
  command->callback([options, &outcome] { outcome.status = Run(*options, outcome); });
}

}  // namespace dongxi::bench
