// dongxi-bench convert: folders of real data as import files, for measurements.
#include <iostream>
#include <memory>

#include "bench/command.h"
#include "bench/papers.h"
#include "bench/report.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

struct ConvertOptions {
  std::string papers, need_result, out;
  size_t size = 0;
  std::string json;
};

absl::Status RunConvert(const ConvertOptions& options) {
  Report report("Which import files do these folders of real data make?",
                {{"papers", options.papers},
                 {"need-result", options.need_result},
                 {"out", options.out},
                 {"size", options.size == 0 ? "each paper once" : std::to_string(options.size)}});
  report.Section("Rows written");
  if (!options.papers.empty()) {
    DX_ASSIGN_OR_RETURN(const PaperCorpus corpus, PaperCorpus::Read(options.papers));
    DX_ASSIGN_OR_RETURN(const Converted converted, WritePapers(corpus, options.size, options.out));
    report.Add({"institutions", static_cast<double>(converted.institutions), "rows", {}, ""});
    report.Add({"experts",
                static_cast<double>(converted.experts),
                "rows",
                {},
                "authors, by name and first institution"});
    report.Add({"evidence", static_cast<double>(converted.evidence), "rows", {}, ""});
    report.Add({"papers left out",
                static_cast<double>(corpus.left_out()),
                "papers",
                {},
                "no institution that can own them"});
  }
  if (!options.need_result.empty()) {
    DX_ASSIGN_OR_RETURN(
        const size_t results,
        WriteResults(std::filesystem::path(options.need_result) / "results.jsonl", options.out));
    report.Add({"results", static_cast<double>(results), "rows", {}, "titles only, no owners"});
  }
  report.Print();
  std::cout << "\nWrote import files to " << options.out << "; next: dongxi-indexer import --data DIR "
            << options.out << "/*.jsonl\n"
            << "For measurements only: the authors are real people, and not every source may be passed on.\n";
  return report.Write(options.json);
}

}  // namespace

void AddConvertCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<ConvertOptions>();
  CLI::App* command =
      app.add_subcommand("convert", "Make import files from folders of real data, for measurements");
  CLI::Option_group* source = command->add_option_group("source");
  source->add_option("--papers", options->papers, "Folder with records.jsonl and institutions.jsonl");
  source->add_option("--need-result", options->need_result, "Folder with results.jsonl");
  source->require_option(1, 2);
  command->add_option("--out", options->out, "Folder to write to, made if missing")->required();
  command->add_option(
      "--size", options->size,
      "Evidence rows: papers are repeated with shuffled sentences and other numbers (always the same)");
  AddJsonOption(*command, options->json);
  command->footer(
      "Example: dongxi-bench convert --papers papers --need-result need-result --out import --size 100000");
  command->callback([options, &outcome] { outcome.status = RunConvert(*options); });
}

}  // namespace dongxi::bench
