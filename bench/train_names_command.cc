// dongxi-bench train-names: learns which indicators are of one quantity, and says what that is worth on texts
// of authors that it has not seen.
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/report.h"
#include "bench/requirement/name_learning.h"
#include "bench/requirement/pair_scores.h"
#include "bench/served_data.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr char kModelFile[] = "same_quantity.tsv";
// The bars of the issue, on texts of authors whom nobody has seen.
constexpr double kPrecisionMin = 0.90;
constexpr double kRecallMin = 0.75;

struct TrainNamesOptions {
  std::string pairs = "tests/requirement/pairs.jsonl";
  std::string tables = "data/requirement";
  std::string model = ProgramTables().model;
  bool errors = false;
  std::string out, json;
};

std::vector<LabelledPair> PartsBut(const std::vector<LabelledPair>& pairs, int left_out) {
  std::vector<LabelledPair> others;
  for (const LabelledPair& pair : pairs) {
    if (pair.half != left_out) others.push_back(pair);
  }
  return others;
}

class NameTrial {
 public:
  static absl::StatusOr<NameTrial> Make(const TrainNamesOptions& options) {
    NameTrial trial;
    DX_ASSIGN_OR_RETURN(trial.pairs_, ReadLabelledPairs(options.pairs));
    DX_ASSIGN_OR_RETURN(trial.files_, requirement::ReadTableFiles(options.tables));
    trial.files_[kModelFile] = NoNameModel();
    DX_ASSIGN_OR_RETURN(trial.tables_, requirement::ParseRequirementTables(trial.files_));
    DX_ASSIGN_OR_RETURN(trial.model_, StaticModel::Open(options.model));
    return trial;
  }

  // Of the part's verdicts with a model that was trained on all other parts.
  absl::StatusOr<PairScores> ScoreUnseen(int part) {
    DX_ASSIGN_OR_RETURN(const std::string trained, Train(part));
    requirement::TableFiles files = files_;
    files[kModelFile] = trained;
    DX_ASSIGN_OR_RETURN(const auto tables, requirement::ParseRequirementTables(files));
    return ScorePairs(pairs_, part, *tables, model_);
  }

  // By the words of the names alone.
  PairScores ScoreByWords(int part) const { return ScorePairs(pairs_, part, *tables_, nullptr); }

  // On all parts but one; 0: on all.
  absl::StatusOr<std::string> Train(int left_out) const {
    return LearnNames(NameRows(PartsBut(pairs_, left_out), *tables_, model_));
  }

 private:
  std::vector<LabelledPair> pairs_;
  requirement::TableFiles files_;
  std::shared_ptr<const requirement::RequirementTables> tables_;
  std::shared_ptr<const StaticModel> model_;
};

void AddPart(int part, const PairScores& unseen, const PairScores& words, Report& report) {
  report.Section(absl::StrFormat("part %d", part));
  report.Add({"precision", unseen.precision(), "", {}, ""});
  report.Add({"recall", unseen.recall(), "", {}, ""});
  report.Add({"verdicts without doubt: share", unseen.sure_share(), "", {}, ""});
  report.Add({"verdicts without doubt: precision", unseen.sure_precision(), "", {}, ""});
  report.Add({"by the words of the names alone: precision", words.precision(), "", {}, ""});
  report.Add({"by the words of the names alone: recall", words.recall(), "", {}, ""});
}

// `parts`: the scores of each part, the first at 0.
void AddPooled(UnseenParts which, const std::vector<PairScores>& parts, Report& report) {
  PairScores pooled;
  for (int part = which.first; part <= which.last; ++part) pooled.Add(parts[static_cast<size_t>(part - 1)]);
  report.Section(
      absl::StrFormat("parts %d to %d, all verdicts and labels together", which.first, which.last));
  report.Add({"precision", pooled.precision(), "", AtLeast(kPrecisionMin),
              absl::StrFormat("of %d verdicts", pooled.predicted)});
  report.Add(
      {"recall", pooled.recall(), "", AtLeast(kRecallMin), absl::StrFormat("of %d labels", pooled.labelled)});
  report.Add({"contradictions called unknown", static_cast<double>(pooled.contradictions_unknown), "",
              AtMost(0), absl::StrFormat("of %d", pooled.contradictions())});
  report.Add({"verdicts without doubt: share", pooled.sure_share(), "", {}, ""});
  report.Add({"verdicts without doubt: precision", pooled.sure_precision(), "", {}, ""});
}

absl::Status Run(const TrainNamesOptions& options, Outcome& outcome) {
  DX_ASSIGN_OR_RETURN(NameTrial trial, NameTrial::Make(options));
  Report report("Which indicators are of one quantity: each part judged by a model of the others",
                {{"pairs", options.pairs}, {"tables", options.tables}});
  std::vector<PairScores> parts;
  for (int part = 1; part <= kPartsOfPairs; ++part) {
    DX_ASSIGN_OR_RETURN(PairScores unseen, trial.ScoreUnseen(part));
    AddPart(part, unseen, trial.ScoreByWords(part), report);
    std::cout << "part " << part << " of " << kPartsOfPairs << " done\n";
    if (options.errors) std::cout << ScoresText(unseen, /*errors=*/true);
    std::cout << std::flush;
    parts.push_back(std::move(unseen));
  }
  for (const UnseenParts which : kUnseenParts) AddPooled(which, parts, report);
  report.Print();
  if (!options.out.empty()) {
    DX_ASSIGN_OR_RETURN(const std::string trained, trial.Train(0));
    DX_RETURN_IF_ERROR(WriteFileAtomically(options.out, trained));
    std::cout << options.out << " is written, trained on all parts; build anew to compile it in\n";
  }
  if (report.missed() > 0) outcome.exit_code = kExitFailed;
  return report.Write(options.json);
}

}  // namespace

void AddTrainNamesCommand(CLI::App& app, Outcome& outcome) {
  auto options = std::make_shared<TrainNamesOptions>();
  CLI::App* command = app.add_subcommand(
      "train-names",
      "Learns from the labelled pairs which indicators are of one quantity; each part judged by the others");
  command->add_option("--pairs", options->pairs, "The labelled pairs")->capture_default_str();
  command->add_option("--tables", options->tables, "Folder of the requirement tables")->capture_default_str();
  command->add_option("--model", options->model, "The static model")->capture_default_str();
  command->add_option("--out", options->out,
                      "Write the model of all parts here: data/requirement/same_quantity.tsv");
  command->add_flag("--errors", options->errors, "List each error, by a model that has not seen its part");
  AddJsonOption(*command, options->json);
  command->footer(
      "Bars (precision 0.90, recall 0.75, no contradiction called unknown) stand on the parts of authors who "
      "had seen nothing, pooled; the command fails if one is missed, and writes --out all the same.");
  command->callback([options, &outcome] { outcome.status = Run(*options, outcome); });
}

}  // namespace dongxi::bench
