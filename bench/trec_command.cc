// dongxi-bench trec: the server's order for a file of queries, as a run for a TREC scorer.
#include <iostream>
#include <memory>

#include "bench/command.h"
#include "bench/json_lines.h"
#include "bench/match_client.h"
#include "bench/report.h"
#include "bench/statistics.h"
#include "bench/trec.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/record/record.h"

namespace dongxi::bench {
namespace {

constexpr int kPageSizeMax = 1'000;
constexpr int kNoCap = 1'000;  // entries an institution: the server's largest

struct TrecOptions {
  std::string server, queries, run;
  std::string target = "result";
  std::string tag = "dongxi";
  std::string region;
  int depth = 1000;
  double policy_weight = 0;
  std::string json;
};

v1::RecordKind KindOf(const std::string& target) {
  if (target == "partner") return v1::INSTITUTION;
  return target == "expert" ? v1::EXPERT : v1::RESULT;
}

const v1::MatchList& ListOf(const v1::MatchResponse& answer, v1::RecordKind kind) {
  if (kind == v1::INSTITUTION) return answer.partners();
  return kind == v1::EXPERT ? answer.experts() : answer.results();
}

// The id behind a resource name.
std::string IdOf(const std::string& name) {
  const std::optional<RecordName> parsed = ParseResourceName(name);
  return parsed ? parsed->id : name;
}

absl::StatusOr<std::vector<RunEntry>> Ask(const MatchClient& client, const TextQuery& query,
                                          const TrecOptions& options) {
  v1::MatchRequest request = RequestOf(query);
  request.add_kinds(KindOf(options.target));
  request.set_region_code(options.region);
  request.set_page_size(std::min(options.depth, kPageSizeMax));
  request.set_policy_weight(options.policy_weight);
  request.set_per_institution_max(kNoCap);
  request.set_view(v1::MATCH_VIEW_ID_ONLY);
  std::vector<RunEntry> entries;
  do {
    DX_ASSIGN_OR_RETURN(const v1::MatchResponse answer, client.Match(request));
    const v1::MatchList& list = ListOf(answer, KindOf(options.target));
    for (const v1::MatchEntry& entry : list.entries()) {
      if (entries.size() >= static_cast<size_t>(options.depth)) break;
      const double score = entries.empty() ? entry.score() : ScoreBehind(entries.back().score, entry.score());
      entries.push_back({IdOf(entry.name()), score});
    }
    request.set_page_token(list.next_page_token());
  } while (!request.page_token().empty() && entries.size() < static_cast<size_t>(options.depth));
  return entries;
}

absl::Status RunTrec(const TrecOptions& options) {
  Report report("How does the server rank the offers for these queries? (a run for a TREC scorer)",
                {{"server", options.server},
                 {"queries", options.queries},
                 {"target", options.target},
                 {"depth", std::to_string(options.depth)},
                 {"policy_weight", NumberText(options.policy_weight)}});
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, ReadQueries(options.queries));
  const MatchClient client(options.server);
  std::string run;
  double entries_total = 0, empty = 0;
  for (const TextQuery& query : queries) {
    const absl::StatusOr<std::vector<RunEntry>> entries = Ask(client, query, options);
    if (!entries.ok()) {
      return absl::Status(entries.status().code(),
                          "query " + query.id + ": " + std::string(entries.status().message()));
    }
    DX_ASSIGN_OR_RETURN(const std::string lines, RunLines(query.id, *entries, options.tag));
    run += lines;
    entries_total += static_cast<double>(entries->size());
    empty += entries->empty() ? 1 : 0;
  }
  DX_RETURN_IF_ERROR(WriteFileAtomically(options.run, run));
  report.Section("Run");
  report.Add({"queries", static_cast<double>(queries.size()), "", {}, ""});
  report.Add({"queries without an entry", empty, "", {}, ""});
  report.Add({"entries a query", entries_total / static_cast<double>(queries.size()), "", {}, ""});
  report.Print();
  std::cout << "\nWrote " << options.run << "; score it with: score.py QRELS " << options.run << "\n";
  return report.Write(options.json);
}

}  // namespace

void AddTrecCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<TrecOptions>();
  CLI::App* command =
      app.add_subcommand("trec", "Write the server's ranking of a file of queries as a TREC run");
  command->add_option("--server", options->server, "HOST:PORT")->required();
  command->add_option("--queries", options->queries, "JSON Lines: id, title, text")->required();
  command->add_option("--run", options->run, "The run file to write")->required();
  command->add_option("--target", options->target, "The list to ask for")
      ->check(CLI::IsMember({"result", "partner", "expert"}))
      ->capture_default_str();
  command->add_option("--depth", options->depth, "Entries a query")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command->add_option("--policy-weight", options->policy_weight, "As in a match request")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--region", options->region, "Region code of every need's owner");
  command->add_option("--tag", options->tag, "Last column of the run")->capture_default_str();
  AddJsonOption(*command, options->json);
  command->footer(
      "The document names of the run are record ids. No cap an institution is applied.\n"
      "Example: dongxi-bench trec --server 127.0.0.1:7878 --queries queries.jsonl --run out.trec");
  command->callback([options, &outcome] { outcome.status = RunTrec(*options); });
}

}  // namespace dongxi::bench
