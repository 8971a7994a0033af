// dongxi-bench verdicts: how often are maturity, modes, parties, conditions and liveness judged as people
// judge them?
#include <iostream>
#include <memory>
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

struct VerdictsOptions {
  std::string labels = "tests/requirement/verdicts.jsonl";
  std::string tables = "data/requirement";
  std::string policy = ProgramTables().policy;
  std::string part;
  bool errors = false;
  std::string json;
};

void AddKind(const std::string& name, const KindScores& scores, Report& report) {
  report.Section(name);
  report.Add({"labels", static_cast<double>(scores.labels()), "", {}, ""});
  report.Add({"right", static_cast<double>(scores.right()), "", {}, ""});
  report.Add({"precision", scores.precision(), "", {}, "of verdicts other than unknown"});
  report.Add({"recall", scores.recall(), "", {}, "of labels other than unknown"});
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

absl::Status Run(const VerdictsOptions& options) {
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
  for (const auto& [kind, of_kind] : scores.kinds) AddKind(LabelOf(kind), of_kind, report);
  AddKind("all", scores.all, report);
  report.Print();
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
      ->check(CLI::IsMember({"a", "b", "c"}));
  command->add_flag("--errors", options->errors, "List each error");
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench verdicts --part a --errors");
  command->callback([options, &outcome] { outcome.status = Run(*options); });
}

}  // namespace dongxi::bench
