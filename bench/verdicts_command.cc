// dongxi-bench verdicts: how often are maturity, modes, parties, conditions and liveness judged as people
// judge them?
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/command.h"
#include "bench/report.h"
#include "bench/requirement/pair_file.h"
#include "bench/requirement/verdict_scores.h"
#include "bench/served_data.h"
#include "engine/base/status_macros.h"
#include "engine/policy/policy.h"

namespace dongxi::bench {
namespace {

// The bars of the issue, over all kinds and authors that were asked for.
constexpr double kPrecisionMin = 0.90;
constexpr double kRecallMin = 0.75;

struct VerdictsOptions {
  std::string labels = "tests/requirement/verdicts.jsonl";
  std::string tables = "data/requirement";
  std::string policy = ProgramTables().policy;
  std::string part;
  bool errors = false;
  std::string json;
};

// `pooled`: with the bars.
void AddKind(const std::string& name, const KindScores& scores, bool pooled, Report& report) {
  const auto bar = [&](double limit) { return pooled ? std::optional(AtLeast(limit)) : std::nullopt; };
  report.Section(name);
  report.Add({"labels", static_cast<double>(scores.labels()), "", {}, ""});
  report.Add({"right", static_cast<double>(scores.right()), "", {}, ""});
  report.Add({"precision", scores.precision(), "", bar(kPrecisionMin), "of verdicts other than unknown"});
  report.Add({"recall", scores.recall(), "", bar(kRecallMin), "of labels other than unknown"});
  report.Add({"verdicts without a label", static_cast<double>(scores.unlabelled()), "", {}, ""});
  report.Add({"contradictions called otherwise",
              static_cast<double>(scores.contradictions_otherwise()),
              "",
              {},
              absl::StrCat("of ", scores.contradictions())});
  for (const requirement::Outcome label : kOutcomesShown) {
    for (const requirement::Outcome verdict : kOutcomesShown) {
      report.details()["confusion"][name][LabelOf(label)][LabelOf(verdict)] = scores.Count(label, verdict);
    }
  }
}

void AddPart(const char* part, const KindScores& scores, Report& report) {
  report.Section(absl::StrCat("part ", part));
  report.Add({"labels", static_cast<double>(scores.labels()), "", {}, ""});
  report.Add({"precision", scores.precision(), "", {}, ""});
  report.Add({"recall", scores.recall(), "", {}, ""});
}

absl::Status Run(const VerdictsOptions& options, Outcome& outcome) {
  DX_ASSIGN_OR_RETURN(const auto tables, requirement::LoadRequirementTables(options.tables));
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(options.policy));
  DX_ASSIGN_OR_RETURN(const std::vector<VerdictCase> cases, ReadVerdictCases(options.labels, *policy));
  const requirement::ModeNames mode_name = [&](std::string_view code) { return policy->ModeName(code); };
  const VerdictScores scores = ScoreVerdicts(cases, options.part, mode_name, *tables);
  if (scores.all.cases() == 0) {
    return absl::InvalidArgumentError(absl::StrCat(options.labels, ": no case",
                                                   options.part.empty() ? "" : " of part ", options.part,
                                                   "; expected lines of id, part, kind, need, offer_kind, "
                                                   "offer, verdicts (tests/requirement/README.md)"));
  }
  Report report(
      "How often are maturity, modes, parties, conditions and liveness judged as people judge them?",
      {{"labels", options.labels},
       {"part", options.part.empty() ? "all" : options.part},
       {"tables", options.tables}});
  std::cout << "\n" << ScoresText(scores, options.errors);
  for (const auto& [kind, of_kind] : scores.kinds) AddKind(LabelOf(kind), of_kind, /*pooled=*/false, report);
  for (const char* const part : kVerdictParts) {
    if (!options.part.empty() && options.part != part) continue;
    const VerdictScores of_part = ScoreVerdicts(cases, part, mode_name, *tables);
    if (of_part.all.cases() > 0) AddPart(part, of_part.all, report);
  }
  AddKind("all", scores.all, /*pooled=*/true, report);
  report.Print();
  if (report.missed() > 0) outcome.exit_code = kExitFailed;
  return report.Write(options.json);
}

}  // namespace

void AddVerdictsCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<VerdictsOptions>();
  CLI::App* command = app.add_subcommand(
      "verdicts",
      "Maturity, modes, parties, conditions and liveness on cases labelled by hand: precision, recall, "
      "confusion");
  command->add_option("--labels", options->labels, "The labelled cases")->capture_default_str();
  command->add_option("--tables", options->tables, "Folder of the requirement tables")->capture_default_str();
  AddPolicyOption(*command, options->policy);
  command->add_option("--part", options->part, "Cases of this author only")
      ->check(CLI::IsMember(std::vector<std::string>(kVerdictParts.begin(), kVerdictParts.end())));
  command->add_flag("--errors", options->errors, "List each error");
  AddJsonOption(*command, options->json);
  command->footer(
      "Fails if precision is below 0.90 or recall below 0.75 over all cases that were asked for.\n"
      "Example: dongxi-bench verdicts --part a --errors");
  command->callback([options, &outcome] { outcome.status = Run(*options, outcome); });
}

}  // namespace dongxi::bench
