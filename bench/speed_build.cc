// Import and build, as dongxi-indexer does them.
#include <algorithm>
#include <memory>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/speed_stages.h"
#include "engine/base/status_macros.h"
#include "engine/policy/policy.h"
#include "indexer/build/generation_builder.h"
#include "indexer/import/importer.h"
#include "store/catalogue.h"

namespace dongxi::bench {
namespace {

constexpr size_t kRecordsPerBatch = 1000;  // as dongxi-indexer import

double Seconds(absl::Duration duration) { return absl::ToDoubleSeconds(duration); }
double Rate(size_t count, double seconds) { return seconds > 0 ? static_cast<double>(count) / seconds : 0; }

// Reads one file into the catalogue, durably. Returns the number of records.
absl::StatusOr<size_t> ImportFile(const std::filesystem::path& file, const Policy& policy,
                                  Catalogue& catalogue) {
  std::vector<Record> batch;
  const auto write = [&]() -> absl::Status {
    return catalogue.Upsert(std::exchange(batch, {}), absl::ToUnixMicros(absl::Now())).status();
  };
  DX_ASSIGN_OR_RETURN(const ImportReport report,
                      ReadRecords({file}, {}, policy, [&](Record record, const SourcePlace&) -> absl::Status {
                        batch.push_back(std::move(record));
                        return batch.size() < kRecordsPerBatch ? absl::OkStatus() : write();
                      }));
  if (!batch.empty()) DX_RETURN_IF_ERROR(write());
  DX_RETURN_IF_ERROR(catalogue.Flush());
  if (!report.clean()) return absl::InternalError("import of converted papers: " + TextReport(report, 5));
  return report.accepted;
}

double BytesUnder(const std::filesystem::path& directory) {
  double bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) bytes += static_cast<double>(entry.file_size());
  }
  return bytes;
}

BuildOptions BuildOptionsOf(const SpeedOptions& options, const SpeedRun& run, const Policy& policy) {
  BuildOptions build;
  build.generations = GenerationsIn(run.data);
  build.lexicon_directory = options.tables.lexicon;
  build.static_model = options.tables.model;
  build.policy_version = policy.version();
  build.threads = options.threads;
  return build;
}

// A build from a fresh view, as the program makes it.
absl::StatusOr<BuildSummary> Build(const SpeedRun& run, const BuildOptions& options) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<CatalogueReader> view, OpenCatalogueView(CatalogueIn(run.data)));
  return BuildGeneration(*view, options);
}

void AddBuild(const SpeedRun& run, const BuildSummary& summary, double clean_seconds, Report& report) {
  const double without_training = summary.seconds_total - summary.seconds_train;
  report.Section(run.title + ": build");
  report.Add({"build", summary.seconds_total, "s", {}, "training included"});
  report.Add({"training", summary.seconds_train, "s", {}, summary.manifest.model});
  report.Add({"evidence records a second", Rate(run.evidence, summary.seconds_total), "1/s", AtLeast(2000),
              "training included"});
  report.Add(
      {"evidence records a second", Rate(run.evidence, without_training), "1/s", {}, "without training"});
  report.Add({"records of all kinds a second",
              Rate(run.records, summary.seconds_total),
              "1/s",
              {},
              "training included"});
  report.Add({"build with nothing changed", clean_seconds, "s", AtMost(2), "view of the catalogue included"});
}

void AddDisk(const SpeedRun& run, const BuildSummary& summary, Report& report) {
  const double catalogue = BytesUnder(CatalogueIn(run.data));
  const double generation = BytesUnder(summary.directory);
  report.Section(run.title + ": on disk");
  report.Add({"catalogue", catalogue / 1e6, "MB", {}, ""});
  report.Add({"generation", generation / 1e6, "MB", {}, ""});
  report.Add({"both, a record",
              (catalogue + generation) / static_cast<double>(run.records),
              "bytes",
              {},
              "records of all kinds"});
  report.Add({"both, an evidence record",
              (catalogue + generation) / static_cast<double>(run.evidence),
              "bytes",
              {},
              ""});
}

}  // namespace

absl::Status MeasureImport(const SpeedOptions& options, const PaperCorpus& corpus, SpeedRun& run,
                           Report& report) {
  DX_ASSIGN_OR_RETURN(const Converted rows, WritePapers(corpus, run.evidence, run.rows));
  run.records = rows.institutions + rows.experts + rows.evidence;
  std::vector<std::string> others = {"institutions.jsonl", "experts.jsonl"};
  if (!options.need_result.empty()) {
    DX_ASSIGN_OR_RETURN(const size_t results,
                        WriteResults(std::filesystem::path(options.need_result) / "results.jsonl", run.rows));
    run.records += results;
    others.push_back("results.jsonl");
  }
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(options.tables.policy));
  const absl::Time start = absl::Now();
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<Catalogue> catalogue, Catalogue::Open(CatalogueIn(run.data)));
  for (const std::string& file : others) {
    DX_RETURN_IF_ERROR(ImportFile(run.rows / file, *policy, *catalogue).status());
  }
  const absl::Time evidence_start = absl::Now();
  DX_ASSIGN_OR_RETURN(const size_t evidence, ImportFile(run.rows / "evidence.jsonl", *policy, *catalogue));
  const absl::Time end = absl::Now();
  report.Section(run.title + ": import");
  report.Add({"records of all kinds", static_cast<double>(run.records), "", {}, ""});
  report.Add({"evidence records a second", Rate(evidence, Seconds(end - evidence_start)), "1/s",
              AtLeast(5000), "read, checked, durable"});
  report.Add({"records of all kinds a second", Rate(run.records, Seconds(end - start)), "1/s", {}, ""});
  return absl::OkStatus();
}

absl::Status MeasureBuild(const SpeedOptions& options, const SpeedRun& run, Report& report) {
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(options.tables.policy));
  const BuildOptions build = BuildOptionsOf(options, run, *policy);
  DX_ASSIGN_OR_RETURN(const BuildSummary summary, Build(run, build));
  const absl::Time start = absl::Now();
  DX_ASSIGN_OR_RETURN(const BuildSummary again, Build(run, build));
  const double clean_seconds = Seconds(absl::Now() - start);
  if (!again.unchanged) return absl::InternalError("a second build of the same catalogue built again");
  AddBuild(run, summary, clean_seconds, report);
  AddDisk(run, summary, report);
  return absl::OkStatus();
}

}  // namespace dongxi::bench
