// Matching in this process and over gRPC, recall, memory.
#include <memory>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/load.h"
#include "bench/recall.h"
#include "bench/server_process.h"
#include "bench/speed_stages.h"
#include "engine/base/status_macros.h"
#include "engine/index/vector_file.h"

namespace dongxi::bench {
namespace {

constexpr int kNeighbors = 100;
constexpr uint64_t kFilterSeed = 7;
constexpr absl::Duration kReadyTimeout = absl::Minutes(2);
constexpr char kVectorFileName[] = "vectors.dxv";
constexpr double kFreeMemoryBytes = 200e6;

Record NeedOf(const TextQuery& query) {
  Record need;
  need.kind = RecordKind::kNeed;
  need.title = query.title;
  need.text = query.text;
  return need;
}

std::optional<Bar> BarAt(size_t bar_size, const SpeedRun& run, Bar bar) {
  return run.evidence == bar_size ? std::optional(bar) : std::nullopt;
}

absl::Status MeasureMatches(const SpeedOptions& options, const SpeedRun& run, const ServedData& served,
                            const std::vector<TextQuery>& queries, Report& report) {
  std::vector<MatchQuestion> questions;
  for (const TextQuery& query : queries) questions.push_back(QuestionOf(NeedOf(query)));
  const auto match = [&](int, int number) {
    return Match(served.context(), questions[static_cast<size_t>(number) % questions.size()]).status();
  };
  DX_RETURN_IF_ERROR(RunLoad(/*callers=*/1, std::min(options.calls, 100), match).status());
  DX_ASSIGN_OR_RETURN(const LoadResult load, RunLoad(/*callers=*/1, options.calls, match));
  report.Add({"three-list match p50", load.milliseconds.p50, "ms", BarAt(kMatchBarSize, run, AtMost(10)),
              "one thread"});
  report.Add({"three-list match p99", load.milliseconds.p99, "ms", {}, "one thread"});
  report.Add({"three-list matches a second", load.calls_per_second, "1/s", {}, "one thread"});
  return absl::OkStatus();
}

// What the lists of the timed questions hold: a list that stays empty costs nothing.
absl::Status AddListSizes(const ServedData& served, const std::vector<TextQuery>& queries, Report& report) {
  double partners = 0, experts = 0, results = 0;
  for (const TextQuery& query : queries) {
    DX_ASSIGN_OR_RETURN(const MatchAnswer answer, Match(served.context(), QuestionOf(NeedOf(query))));
    partners += static_cast<double>(answer.partners.entries.size());
    experts += static_cast<double>(answer.experts.entries.size());
    results += static_cast<double>(answer.results.entries.size());
  }
  const auto count = static_cast<double>(queries.size());
  report.Add({"entries in the list of partners", partners / count, "", {}, "mean of all queries"});
  report.Add({"entries in the list of experts", experts / count, "", {}, ""});
  report.Add({"entries in the list of results",
              results / count,
              "",
              {},
              results > 0 ? "" : "no results here: two lists are timed, not three; see --need-result"});
  return absl::OkStatus();
}

// All vectors of a collection in memory, for the oracle.
absl::StatusOr<Matrix> AllVectors(const std::filesystem::path& collection) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<VectorFile> file, VectorFile::Open(collection / kVectorFileName));
  Matrix matrix;
  matrix.dim = file->dim();
  matrix.values.assign(file->row(0), file->row(0) + file->rows() * static_cast<size_t>(file->dim()));
  return matrix;
}

// Says where recall is 1 by construction, because the index scans as the oracle does.
std::string DocumentsText(size_t kept, size_t size, double share) {
  const bool graph = share >= 1 && size >= VectorIndexOptions{}.graph_rows_min;
  return absl::StrFormat("%d documents, %s", kept, graph ? "graph" : "scanned exactly");
}

absl::Status MeasureRecalls(const SpeedRun& run, const Generation& generation,
                            const std::vector<TextQuery>& queries, Report& report) {
  std::vector<EmbedInput> inputs;
  for (const TextQuery& query : queries) inputs.push_back({query.title, query.text});
  DX_ASSIGN_OR_RETURN(const Matrix vectors, generation.embedder->Embed(inputs, absl::InfiniteFuture()));
  DX_ASSIGN_OR_RETURN(Matrix all, AllVectors(generation.directory / kOffersName));
  const std::unique_ptr<VectorIndex> exact = NewExactVectorIndex(std::move(all));
  const VectorIndex& index = *generation.offers.vectors;
  report.Section(run.title + ": nearest " + std::to_string(kNeighbors) + " vectors, against an exact scan");
  for (const double share : {1.0, 0.1, 0.01, 0.001}) {
    const DocSet kept = RandomDocs(index.size(), share, kFilterSeed);
    DX_ASSIGN_OR_RETURN(const RecallResult found,
                        MeasureRecall(index, *exact, vectors, kNeighbors, share < 1 ? &kept : nullptr));
    const std::string who = share < 1 ? absl::StrFormat("filter keeps %g %%", share * 100) : "unfiltered";
    report.Add({who + ": recall", found.recall, "", AtLeast(0.99),
                DocumentsText(kept.docs.size(), index.size(), share)});
    report.Add({who + ": lowest recall of a query", found.lowest, "", {}, ""});
    report.Add({who + ": answers shorter than they could be", static_cast<double>(found.short_answers), "",
                AtMost(0), absl::StrFormat("of %d", vectors.rows())});
    report.Add({who + ": search p50", found.milliseconds.p50, "ms", {}, ""});
  }
  return absl::OkStatus();
}

void AddMemory(const SpeedRun& run, const ProcessMemory& memory, Report& report) {
  const double beyond = std::max(0.0, static_cast<double>(memory.resident) - kFreeMemoryBytes);
  report.Section(run.title + ": the server's memory after these matches");
  report.Add({"resident",
              static_cast<double>(memory.resident) / 1e6,
              "MB",
              {},
              "own pages and file pages, shared or not"});
  report.Add({"  own pages", static_cast<double>(memory.anonymous) / 1e6, "MB", {}, ""});
  report.Add({"  file pages", static_cast<double>(memory.file_pages()) / 1e6, "MB", {}, ""});
  report.Add({"beyond 200 MB, an evidence record", beyond / static_cast<double>(run.evidence), "bytes",
              AtMost(4096), ""});
  report.Add(
      {"beyond 200 MB, a record of any kind", beyond / static_cast<double>(run.records), "bytes", {}, ""});
}

}  // namespace

absl::Status MeasureEngine(const SpeedOptions& options, const SpeedRun& run,
                           const std::vector<TextQuery>& queries, Report& report) {
  const absl::Time start = absl::Now();
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<ServedData> served, ServedData::Open(run.data, options.tables));
  report.Section(run.title + ": matching in this process");
  report.Add({"open generation and catalogue view", absl::ToDoubleSeconds(absl::Now() - start), "s", {}, ""});
  DX_RETURN_IF_ERROR(MeasureMatches(options, run, *served, queries, report));
  DX_RETURN_IF_ERROR(AddListSizes(*served, queries, report));
  return MeasureRecalls(run, *served->context().generation, queries, report);
}

absl::Status MeasureServer(const SpeedOptions& options, const SpeedRun& run,
                           const std::vector<TextQuery>& queries, Report& report) {
  const std::filesystem::path log = run.data / "server.log";
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<ServerProcess> server,
                      ServerProcess::Start(options.server_program, run.data, options.tables, log));
  DX_ASSIGN_OR_RETURN(const absl::Duration ready, server->WaitUntilReady(kReadyTimeout));
  report.Section(run.title + ": the server as a process of its own");
  report.Add({"ready after", absl::ToDoubleSeconds(ready), "s", BarAt(kReadyBarSize, run, AtMost(2)),
              "from its start"});
  const GrpcLoadOptions load = {.server = server->address(), .calls = options.calls};
  DX_RETURN_IF_ERROR(MeasureGrpc(load, queries, report));
  DX_ASSIGN_OR_RETURN(const ProcessMemory memory, server->Memory());
  AddMemory(run, memory, report);
  return absl::OkStatus();
}

}  // namespace dongxi::bench
