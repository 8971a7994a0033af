// dongxi-bench swap: what do matches feel of a background build and of swapping generations?
#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "absl/time/clock.h"
#include "bench/command.h"
#include "bench/load.h"
#include "bench/match_client.h"
#include "bench/report.h"
#include "bench/server_process.h"
#include "bench/statistics.h"
#include "bench/steady_load.h"
#include "dongxi/v1/admin.grpc.pb.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "engine/base/status_macros.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "grpcpp/create_channel.h"

namespace dongxi::bench {
namespace {

namespace lro = google::longrunning;
using Clock = std::chrono::steady_clock;

constexpr absl::Duration kReadyTimeout = absl::Minutes(2);
constexpr auto kAdminTimeout = std::chrono::minutes(30);
constexpr auto kSwapWindow =
    std::chrono::milliseconds(1'500);  // after each swap: the watcher looks within a second

struct SwapOptions {
  std::string data;
  std::string queries;
  std::string program = DefaultServerProgram().string();
  ProgramTables tables;
  double rate = 20;  // matches a second
  int callers = 4;
  double quiet_s = 10;
  int swaps = 6;
  std::string json;
};

// The administration of the measured server.
class Operator {
 public:
  explicit Operator(const std::string& server)
      : channel_(grpc::CreateChannel(server, grpc::InsecureChannelCredentials())),
        admin_(v1::AdminService::NewStub(channel_)),
        operations_(lro::Operations::NewStub(channel_)),
        catalogue_(v1::CatalogueService::NewStub(channel_)) {}

  // Without a change a build gives the same generation, and nothing is swapped.
  absl::Status ChangeARecord() {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kAdminTimeout);
    const auto stream = catalogue_->ImportRecords(&context);
    v1::ImportRecordsRequest request;
    v1::Result* result = request.add_records()->mutable_result();
    result->set_name("results/dongxi-bench-swap");
    result->set_title("示例成果 " + absl::FormatTime(absl::Now()));
    result->set_illustrative(true);
    v1::ImportRecordsResponse response;
    stream->Write(request);
    stream->WritesDone();
    if (stream->Read(&response) && response.outcomes(0).state() == v1::ImportOutcome::REFUSED) {
      return absl::InternalError(response.ShortDebugString());
    }
    return FromGrpc(stream->Finish());
  }

  // Builds and waits; the wall time in seconds.
  absl::StatusOr<double> Build() {
    const Clock::time_point start = Clock::now();
    lro::Operation operation;
    DX_RETURN_IF_ERROR(
        Call(&v1::AdminService::Stub::BuildGeneration, *admin_, v1::BuildGenerationRequest(), &operation));
    while (!operation.done()) {
      lro::WaitOperationRequest wait;
      wait.set_name(operation.name());
      DX_RETURN_IF_ERROR(Call(&lro::Operations::Stub::WaitOperation, *operations_, wait, &operation));
    }
    if (operation.has_error()) return absl::InternalError("build: " + operation.error().message());
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

  // Publishes the newest of the generations that is not the current one.
  absl::Status Swap() {
    v1::ListGenerationsResponse listed;
    DX_RETURN_IF_ERROR(
        Call(&v1::AdminService::Stub::ListGenerations, *admin_, v1::ListGenerationsRequest(), &listed));
    for (const v1::Generation& generation : listed.generations()) {
      if (generation.current()) continue;
      v1::PublishGenerationRequest publish;
      publish.set_name(generation.name());
      v1::Generation published;
      return Call(&v1::AdminService::Stub::PublishGeneration, *admin_, publish, &published);
    }
    return absl::FailedPreconditionError("there is one generation only; nothing to swap with");
  }

 private:
  static absl::Status FromGrpc(const grpc::Status& status) {
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }
  template <typename Stub, typename Request, typename Response>
  static absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                           Stub& stub, const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kAdminTimeout);
    return FromGrpc((stub.*method)(&context, request, response));
  }

  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::AdminService::Stub> admin_;
  const std::unique_ptr<lro::Operations::Stub> operations_;
  const std::unique_ptr<v1::CatalogueService::Stub> catalogue_;
};

void AddPhase(const std::string& phase, const SteadyLoad::Taken& taken, Report& report) {
  const Spread spread = SpreadOf(taken.milliseconds);
  report.Add({phase + " p50", spread.p50, "ms", {}, std::to_string(spread.count) + " matches"});
  report.Add({phase + " p99", spread.p99, "ms", {}, ""});
  report.Add({phase + " max", spread.max, "ms", {}, ""});
  report.Add({phase + " failed", static_cast<double>(taken.failed), "matches", AtMost(0), ""});
}

absl::Status Measure(const SwapOptions& options, const std::vector<TextQuery>& queries,
                     const std::string& server, Report& report) {
  Operator administration(server);
  DX_RETURN_IF_ERROR(administration.ChangeARecord());
  SteadyLoad load(server, queries, options.rate, options.callers);
  absl::SleepFor(absl::Seconds(2));  // warm
  load.Take();
  absl::SleepFor(absl::Seconds(options.quiet_s));
  report.Section("Matches at a fixed rate, timed from when each was due");
  AddPhase("quiet", load.Take(), report);
  DX_ASSIGN_OR_RETURN(const double seconds, administration.Build());
  AddPhase("during a build and its swap", load.Take(), report);
  report.Add({"build", seconds, "s", {}, "SCHED_IDLE, half of the cores"});
  for (int i = 0; i < options.swaps; ++i) {
    DX_RETURN_IF_ERROR(administration.Swap());
    std::this_thread::sleep_for(kSwapWindow);
  }
  AddPhase("around " + std::to_string(options.swaps) + " swaps", load.Take(), report);
  return absl::OkStatus();
}

absl::Status RunSwap(const SwapOptions& options, Outcome& outcome) {
  Report report("What do matches feel of a background build and of swapping generations?",
                {{"data", options.data},
                 {"queries", options.queries},
                 {"rate", NumberText(options.rate) + " matches/s"},
                 {"callers", std::to_string(options.callers)}});
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, ReadQueries(options.queries));
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<ServerProcess> server,
                      ServerProcess::Start(options.program, options.data, options.tables,
                                           std::filesystem::path(options.data) / "swap-server.log"));
  DX_RETURN_IF_ERROR(server->WaitUntilReady(kReadyTimeout).status());
  DX_RETURN_IF_ERROR(Measure(options, queries, server->address(), report));
  report.Print();
  outcome.exit_code = report.missed() == 0 ? kExitOk : kExitFailed;
  return report.Write(options.json);
}

}  // namespace

void AddSwapCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<SwapOptions>();
  CLI::App* command = app.add_subcommand("swap", "Matches while the server builds and swaps generations");
  command->add_option("--data", options->data, "Data folder with a generation; one record is added to it")
      ->required();
  command->add_option("--queries", options->queries, "JSON Lines: id, title, text")->required();
  command->add_option("--server-program", options->program, "dongxi-server")->capture_default_str();
  command->add_option("--rate", options->rate, "Matches a second")
      ->check(CLI::Range(0.1, 1e5))
      ->capture_default_str();
  command->add_option("--callers", options->callers, "Calls under way at a time, at most")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--quiet", options->quiet_s, "Seconds of the quiet phase")->capture_default_str();
  command->add_option("--swaps", options->swaps, "Swaps after the build")
      ->check(CLI::Range(0, 1'000))
      ->capture_default_str();
  AddTableOptions(*command, options->tables);
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench swap --data DIR --queries queries.jsonl --rate 20");
  command->callback([options, &outcome] { outcome.status = RunSwap(*options, outcome); });
}

}  // namespace dongxi::bench
