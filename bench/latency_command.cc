// dongxi-bench latency: what does a match cost over gRPC, beside the transport alone?
#include <memory>

#include "bench/command.h"
#include "bench/load.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

struct LatencyOptions {
  GrpcLoadOptions load;
  std::string queries;
  std::string json;
};

absl::Status RunLatency(const LatencyOptions& options) {
  Report report("What does a three-list match cost over gRPC, beside the bare call of the same server?",
                {{"server", options.load.server},
                 {"queries", options.queries},
                 {"calls", std::to_string(options.load.calls)}});
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, ReadQueries(options.queries));
  DX_RETURN_IF_ERROR(MeasureGrpc(options.load, queries, report));
  report.Print();
  return report.Write(options.json);
}

}  // namespace

void AddLatencyCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<LatencyOptions>();
  CLI::App* command = app.add_subcommand("latency", "Latency and throughput of a running server");
  command->add_option("--server", options->load.server, "HOST:PORT")->required();
  command->add_option("--queries", options->queries, "JSON Lines: id, title, text")->required();
  command->add_option("--callers", options->load.callers, "Numbers of concurrent callers")
      ->delimiter(',')
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--calls", options->load.calls, "Calls of each kind and number of callers")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  AddJsonOption(*command, options->json);
  command->footer(
      "Example: dongxi-bench latency --server 127.0.0.1:7878 --queries queries.jsonl --callers 1,16");
  command->callback([options, &outcome] { outcome.status = RunLatency(*options); });
}

}  // namespace dongxi::bench
