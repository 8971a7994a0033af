// dongxi-bench requirements: how often is an indicator of a need judged as people judge it, and its elements
// and who covers them?
#include <iostream>
#include <memory>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/report.h"
#include "bench/requirement/element_scores.h"
#include "bench/requirement/pair_scores.h"
#include "bench/sample.h"
#include "bench/served_data.h"
#include "engine/base/status_macros.h"
#include "engine/policy/policy.h"

namespace dongxi::bench {
namespace {

// The bars of the issue, on each part of the pairs.
constexpr double kPrecisionMin = 0.90;
constexpr double kRecallMin = 0.75;

struct RequirementsOptions {
  std::string pairs = "tests/requirement/pairs.jsonl";
  std::string tables = "data/requirement";
  std::string elements = "tests/requirement/elements.jsonl";
  std::string covers = "tests/requirement/element_offers.jsonl";
  std::string sample = "data/sample";
  ProgramTables program;
  bool errors = false;
  std::string json;
};

absl::StatusOr<RecordsByName> ReadRecords(const RequirementsOptions& options) {
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(options.program.policy));
  DX_ASSIGN_OR_RETURN(Sample sample, ReadSample(options.sample, *policy));
  RecordsByName records;
  for (auto& [kind, of_kind] : sample.records) {
    for (Record& record : of_kind) records.emplace(RecordName{kind, record.id}, std::move(record));
  }
  return records;
}

// Elements of the sample's needs and which of its results cover them, with the model and without one.
absl::Status MeasureElements(const RequirementsOptions& options, const requirement::RequirementTables& tables,
                             const StaticModel* model, Report& report) {
  DX_ASSIGN_OR_RETURN(const RecordsByName records, ReadRecords(options));
  DX_ASSIGN_OR_RETURN(const std::vector<LabelledNeed> needs, ReadLabelledNeeds(options.elements));
  DX_ASSIGN_OR_RETURN(const std::vector<LabelledCover> covers, ReadLabelledCovers(options.covers));
  const requirement::TermIdf idf = IdfOf(records);
  for (const int half : {1, 2}) {
    const ElementScores elements = ScoreElements(needs, half, records, tables);
    const CoverScores covered = ScoreCovers(covers, half, records, idf, model, tables);
    const CoverScores by_words = ScoreCovers(covers, half, records, idf, nullptr, tables);
    std::cout << "\nelements, half " << half << ":\n"
              << ScoresText(elements, options.errors) << ScoresText(covered, options.errors)
              << "without a model: " << ScoresText(by_words, false);
    report.Section(absl::StrFormat("elements, half %d", half));
    report.Add({"elements: precision", elements.all.precision(), "", {}, ""});
    report.Add({"elements: recall", elements.all.recall(), "", {}, ""});
    report.Add({"covered: precision", covered.all.precision(), "", {}, ""});
    report.Add({"covered: recall", covered.all.recall(), "", {}, ""});
    report.Add({"covered, without a model: precision", by_words.all.precision(), "", {}, ""});
    report.Add({"covered, without a model: recall", by_words.all.recall(), "", {}, ""});
  }
  return absl::OkStatus();
}

absl::Status Run(const RequirementsOptions& options, Outcome& outcome) {
  DX_ASSIGN_OR_RETURN(const auto tables, requirement::LoadRequirementTables(options.tables));
  DX_ASSIGN_OR_RETURN(const std::vector<LabelledPair> pairs, ReadLabelledPairs(options.pairs));
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const StaticModel> model,
                      StaticModel::Open(options.program.model));
  Report report("How often is an indicator of a need judged as people judge it?",
                {{"pairs", options.pairs}, {"tables", options.tables}});
  for (int half = 1; half <= kPartsOfPairs; ++half) {
    const PairScores scores = ScorePairs(pairs, half, *tables, model);
    std::cout << "\nhalf " << half << ": " << ScoresText(scores, options.errors);
    report.Section(absl::StrFormat("half %d", half));
    const bool mended = half <= kPartsWithBars;
    const auto bar = [&](Bar one) { return mended ? std::optional(one) : std::nullopt; };
    report.Add({"precision", scores.precision(), "", bar(AtLeast(kPrecisionMin)), mended ? "" : "as new"});
    report.Add({"recall", scores.recall(), "", bar(AtLeast(kRecallMin)), ""});
    report.Add({"contradictions called unknown", static_cast<double>(scores.contradictions_unknown), "",
                bar(AtMost(0)), ""});
  }
  DX_RETURN_IF_ERROR(MeasureElements(options, *tables, model.get(), report));
  report.Print();
  if (report.missed() > 0) outcome.exit_code = kExitFailed;
  return report.Write(options.json);
}

}  // namespace

void AddRequirementsCommand(CLI::App& app, Outcome& outcome) {
  auto options = std::make_shared<RequirementsOptions>();
  CLI::App* command = app.add_subcommand(
      "requirements",
      "Indicators, elements and who covers them, on sets labelled by hand: precision, recall, confusion");
  command->add_option("--pairs", options->pairs, "The labelled pairs")->capture_default_str();
  command->add_option("--tables", options->tables, "Folder of the requirement tables")->capture_default_str();
  command->add_option("--elements", options->elements, "The labelled elements of needs")
      ->capture_default_str();
  command->add_option("--covers", options->covers, "The labelled judgements of who covers an element")
      ->capture_default_str();
  command->add_option("--sample", options->sample, "Folder of the records that the labels name")
      ->capture_default_str();
  command->add_option("--model", options->program.model, "The static model")->capture_default_str();
  command->add_flag("--errors", options->errors, "List each error");
  AddJsonOption(*command, options->json);
  command->callback([options, &outcome] { outcome.status = Run(*options, outcome); });
}

}  // namespace dongxi::bench
