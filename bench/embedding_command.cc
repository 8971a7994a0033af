// dongxi-bench embedding: what do vectors and the work on a query's terms cost?
#include <memory>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/built_data.h"
#include "bench/command.h"
#include "bench/json_lines.h"
#include "bench/quality_collection.h"
#include "bench/report.h"
#include "bench/served_data.h"
#include "bench/statistics.h"
#include "engine/base/status_macros.h"
#include "engine/match/query.h"

namespace dongxi::bench {
namespace {

constexpr double kSecondsMin = 2;  // of repeated embedding
constexpr size_t kBatch = 256;
constexpr double kTitlesBar = 20'000;  // a second and core, of 30 characters
constexpr double kQueryBarMilliseconds = 0.2;

struct EmbeddingArguments {
  std::string docs, queries, json;
  ProgramTables tables;
};

std::vector<EmbedInput> TitlesOf(const std::vector<Record>& records) {
  std::vector<EmbedInput> titles;
  for (const Record& record : records) {
    if (!record.title.empty()) titles.push_back({record.title, {}});
  }
  return titles;
}

size_t CharactersOf(const std::vector<EmbedInput>& inputs) {
  size_t characters = 0;
  for (const EmbedInput& input : inputs) {
    for (const char c : input.title) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  }
  return characters;
}

// Titles a second on one thread, batch after batch for at least kSecondsMin.
absl::StatusOr<double> TitleRate(const Embedder& embedder, const std::vector<EmbedInput>& titles) {
  const absl::Time start = absl::Now();
  size_t done = 0;
  while (absl::Now() - start < absl::Seconds(kSecondsMin)) {
    for (size_t begin = 0; begin < titles.size(); begin += kBatch) {
      const size_t count = std::min(kBatch, titles.size() - begin);
      DX_RETURN_IF_ERROR(
          embedder.Embed(std::span(titles).subspan(begin, count), absl::InfiniteFuture()).status());
      done += count;
    }
  }
  return static_cast<double>(done) / absl::ToDoubleSeconds(absl::Now() - start);
}

absl::StatusOr<std::vector<double>> QueryMilliseconds(const MatchContext& context,
                                                      const std::vector<TextQuery>& queries) {
  std::vector<double> times;
  for (int round = 0; round < 3; ++round) {  // the first round warms the caches, the last is reported
    times.clear();
    for (const TextQuery& query : queries) {
      const absl::Time start = absl::Now();
      DX_RETURN_IF_ERROR(
          MakeQuery({query.title, query.text}, *context.generation, *context.ranking, absl::InfiniteFuture())
              .status());
      times.push_back(absl::ToDoubleMilliseconds(absl::Now() - start));
    }
  }
  return times;
}

absl::Status RunEmbedding(const EmbeddingArguments& arguments) {
  Report report(
      "What do embedding and the work on a query's terms cost, on one thread?",
      {{"docs", arguments.docs}, {"queries", arguments.queries}, {"model", arguments.tables.model}});
  DX_ASSIGN_OR_RETURN(std::vector<Record> records,
                      ReadCollection(arguments.docs, QualityTarget::kResult, DocumentFields{}));
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, ReadQueries(arguments.queries));
  const std::vector<EmbedInput> titles = TitlesOf(records);
  if (titles.empty()) return absl::InvalidArgumentError(arguments.docs + ": no document has a title");
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<BuiltData> data,
                      BuiltData::Build(std::move(records), {.policy = arguments.tables.policy,
                                                            .ranking = arguments.tables.ranking,
                                                            .lexicon = arguments.tables.lexicon,
                                                            .model = arguments.tables.model}));
  const double mean_length = static_cast<double>(CharactersOf(titles)) / static_cast<double>(titles.size());
  DX_ASSIGN_OR_RETURN(const double rate, TitleRate(*data->context().generation->embedder, titles));
  DX_ASSIGN_OR_RETURN(const std::vector<double> times, QueryMilliseconds(data->context(), queries));
  const Spread spread = SpreadOf(times);
  report.Section("Embedding: static model and LSA of the collection together");
  report.Add({"titles a second and core", rate, "/s", std::nullopt,
              "their mean length is " + std::to_string(mean_length) + " characters"});
  report.Add({"the same, brought to titles of 30 characters", rate * mean_length / 30, "/s",
              AtLeast(kTitlesBar), ""});
  report.Section("A query: terms, weights, vectors; title and whole text");
  report.Add({"p50", spread.p50, "ms", AtMost(kQueryBarMilliseconds), ""});
  report.Add({"p99", spread.p99, "ms", std::nullopt, ""});
  report.Print();
  return report.Write(arguments.json);
}

}  // namespace

void AddEmbeddingCommand(CLI::App& app, Outcome& outcome) {
  const auto arguments = std::make_shared<EmbeddingArguments>();
  CLI::App* command = app.add_subcommand("embedding", "What vectors and the terms of a query cost");
  command->add_option("--docs", arguments->docs, "JSON Lines: id, title, text")->required();
  command->add_option("--queries", arguments->queries, "JSON Lines: id, title, text")->required();
  command->add_option("--model", arguments->tables.model, "Embedding model")->capture_default_str();
  AddJsonOption(*command, arguments->json);
  command->footer("Example: dongxi-bench embedding --docs results.jsonl --queries queries.jsonl");
  command->callback([arguments, &outcome] { outcome.status = RunEmbedding(*arguments); });
}

}  // namespace dongxi::bench
