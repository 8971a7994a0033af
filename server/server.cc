#include "server/server.h"

#include <utility>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/admin_service.h"
#include "server/call_gate.h"
#include "server/catalogue_service.h"
#include "server/engagement_service.h"
#include "server/health_service.h"
#include "server/listen_address.h"
#include "server/live_index.h"
#include "server/match_runner.h"
#include "server/match_service.h"
#include "server/operations_service.h"
#include "server/operator_log.h"
#include "server/reflection_guard.h"
#include "server/replay_service.h"
#include "server/search_service.h"
#include "server/serving_state.h"
#include "server/watch_service.h"
#include "store/catalogue.h"

namespace dongxi {
namespace {

// A text of a million characters has 3 MB and shall get our own error, not gRPC's.
constexpr int kReceiveBytesMax = 8 << 20;
// Threads that wait for calls: fewer are started and ended under load.
constexpr int kPollersMin = 2;
constexpr int kPollersMax = 8;
// Streamed watches hold a thread each: at most this share of all.
constexpr int kThreadsAStream = 4;

const char* const kServiceNames[] = {"",
                                     "dongxi.v1.MatchService",
                                     "dongxi.v1.SearchService",
                                     "dongxi.v1.ReplayService",
                                     "dongxi.v1.CatalogueService",
                                     "dongxi.v1.HealthService",
                                     "dongxi.v1.AdminService",
                                     "google.longrunning.Operations",
                                     "dongxi.v1.EngagementService",
                                     "dongxi.v1.WatchService"};

GenerationWatcherOptions WatcherOptions(const ServerOptions& options) {
  GenerationWatcherOptions watcher;
  watcher.generations = options.data / "generations";
  watcher.embedding_url = options.embedding_url;
  watcher.embedding_model = options.embedding_model;
  return watcher;
}

AdminJobsOptions JobsOptions(const ServerOptions& options, std::function<void()> published,
                             std::function<void(uint64_t)> pruned) {
  AdminJobsOptions jobs;
  jobs.data = options.data;
  jobs.backups = options.backups.empty() ? options.data / "backups" : options.backups;
  jobs.policy_directory = options.policy_directory;
  jobs.ranking_file = options.ranking_file;
  jobs.embedding_url = options.embedding_url;
  jobs.embedding_model = options.embedding_model;
  jobs.build = options.build;
  jobs.published = std::move(published);
  jobs.pruned = std::move(pruned);
  return jobs;
}

// The server itself as the one who starts a build.
Caller Automatic() {
  Caller caller;
  caller.token_id = "auto-build";
  return caller;
}

}  // namespace

// Members in order of construction: what stands below uses what stands above.
class Server::Parts {
 public:
  Parts(const ServerOptions& options, std::shared_ptr<const Policy> policy,
        std::shared_ptr<const RankingConfig> ranking, std::unique_ptr<Catalogue> catalogue)
      : log_(options.log),
        catalogue_(std::move(catalogue)),
        state_(std::move(policy), std::move(ranking)),
        gate_(options.token, &log_),
        live_(std::make_unique<LiveIndex>(catalogue_.get(), &state_, &log_)),
        settings_(options.data / "settings", options.policy_directory, options.ranking_file),
        history_(catalogue_.get(), &state_, live_.get(), WatcherOptions(options), &settings_, &log_),
        runner_(&state_, catalogue_.get(), &history_),
        replay_(&history_, &runner_, &gate_),
        match_(&runner_, &gate_),
        search_(&runner_, &gate_),
        catalogue_service_(&state_, catalogue_.get(), &gate_),
        engagement_(&state_, catalogue_.get(), &gate_),
        watch_(&state_, catalogue_.get(), &gate_, std::max(1, options.threads / kThreadsAStream)),
        health_(DONGXI_VERSION, absl::Now(), &state_, catalogue_.get(), &gate_),
        watcher_(
            WatcherOptions(options), &state_, &log_, [this] { TellHealth(); }, live_.get()),
        jobs_(
            JobsOptions(
                options, [this] { watcher_.LookSoon(); }, [this](uint64_t oldest) { ForgetMatches(oldest); }),
            catalogue_.get(), &state_, &log_),
        reloader_(options.policy_directory, options.ranking_file, options.build.static_model, &state_, &log_),
        operation_runner_({}, catalogue_.get(), &log_),
        admin_(&jobs_, &operation_runner_, &reloader_, &gate_),
        operations_(&operation_runner_, &gate_),
        auto_build_(options.auto_build, jobs_.generations(), catalogue_.get(), AutoBuildHooks(), &log_) {}

  absl::Status Start(const ServerOptions& options) {
    watcher_.OpenFirst();
    jobs_.RegisterWith(&operation_runner_);
    DX_RETURN_IF_ERROR(operation_runner_.Run());
    DX_RETURN_IF_ERROR(Listen(options));
    TellHealth();
    watcher_.Start();
    auto_build_.Start();
    log_.Info("listening on " + options.listen + ", port " + std::to_string(port_) + ", catalogue sequence " +
              std::to_string(catalogue_->sequence()));
    return absl::OkStatus();
  }

  absl::Status Shutdown(absl::Duration grace) {
    log_.Info("shutting down");
    state_.BeginShutdown();
    watch_.Stop();
    TellHealth();
    auto_build_.Stop();
    operation_runner_.BeginStop();
    grpc_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
    grpc_->Wait();
    watcher_.Stop();
    operation_runner_.Stop();
    const absl::Status flushed = catalogue_->Flush();
    // The services keep pointers to both, but no call runs any more.
    live_.reset();
    catalogue_.reset();
    if (flushed.ok()) log_.Info("stopped: every call is answered, the catalogue is flushed and closed");
    return flushed;
  }

  int port() const { return port_; }
  bool running() const { return grpc_ != nullptr && catalogue_ != nullptr; }

 private:
  absl::Status Listen(const ServerOptions& options);
  // Tells grpc.health.v1 what the state says.
  void TellHealth();
  AutoBuild::Hooks AutoBuildHooks();
  // Answers of generations older than `oldest` cannot be replayed any more.
  void ForgetMatches(uint64_t oldest);

  const OperatorLog log_;
  std::unique_ptr<Catalogue> catalogue_;
  ServingState state_;
  const CallGate gate_;
  std::unique_ptr<LiveIndex> live_;  // never null while the catalogue is open
  SettingsArchive settings_;
  MatchHistory history_;
  MatchRunner runner_;
  ReplayService replay_;
  MatchService match_;
  SearchService search_;
  CatalogueService catalogue_service_;
  EngagementService engagement_;
  WatchService watch_;
  HealthService health_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> grpc_;
  GenerationWatcher watcher_;
  AdminJobs jobs_;
  Reloader reloader_;
  OperationRunner operation_runner_;
  AdminService admin_;
  OperationsService operations_;
  AutoBuild auto_build_;
};

AutoBuild::Hooks Server::Parts::AutoBuildHooks() {
  AutoBuild::Hooks hooks;
  hooks.may_build = [this] { return !operation_runner_.Busy(kBuildKind) && !jobs_.BuildsHeld(); };
  hooks.start = [this] {
    google::protobuf::Any request;
    request.PackFrom(pb::BuildGenerationRequest());
    return operation_runner_.Start(kBuildKind, std::move(request), Automatic()).status();
  };
  hooks.last_failed = [this] { return jobs_.last_build_failed(); };
  return hooks;
}

void Server::Parts::ForgetMatches(uint64_t oldest) {
  const absl::StatusOr<uint64_t> forgotten =
      PruneMatches(*catalogue_, oldest, absl::ToUnixMicros(absl::Now()));
  if (!forgotten.ok()) log_.Warning("old matches stay: " + std::string(forgotten.status().message()));
}

absl::Status Server::Parts::Listen(const ServerOptions& options) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &port_);
  // Otherwise a second server on the same port starts without an error and takes half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(kReceiveBytesMax);
  builder.SetResourceQuota(grpc::ResourceQuota("calls").SetMaxThreads(options.threads));
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, std::min(kPollersMin, options.threads));
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, std::min(kPollersMax, options.threads));
  for (grpc::Service* service :
       std::initializer_list<grpc::Service*>{&match_, &search_, &replay_, &catalogue_service_, &health_,
                                             &admin_, &operations_, &engagement_, &watch_}) {
    builder.RegisterService(service);
  }
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(NewReflectionGuard(&gate_));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  grpc_ = builder.BuildAndStart();
  if (grpc_ != nullptr && port_ != 0) return absl::OkStatus();
  return absl::UnavailableError(
      "cannot listen on " + options.listen +
      ": the port is taken or the address is none of this machine; choose another with --listen");
}

void Server::Parts::TellHealth() {
  if (grpc_ == nullptr) return;  // Nobody can ask yet.
  const bool ready = state_.health().ready;
  for (const char* name : kServiceNames) grpc_->GetHealthCheckService()->SetServingStatus(name, ready);
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options) {
  DX_ASSIGN_OR_RETURN(const ListenAddress address, ParseListenAddress(options.listen));
  DX_RETURN_IF_ERROR(CheckPlaintext(address, !options.token.empty(), options.insecure_plaintext));
  if (options.threads < 1) return absl::InvalidArgumentError("--threads: at least 1");
  DX_RETURN_IF_ERROR(CheckRestored(options.data));
  DX_ASSIGN_OR_RETURN(std::shared_ptr<const Policy> policy, LoadPolicy(options.policy_directory));
  DX_ASSIGN_OR_RETURN(std::shared_ptr<const RankingConfig> ranking, LoadRankingConfig(options.ranking_file));
  DX_ASSIGN_OR_RETURN(std::unique_ptr<Catalogue> catalogue, Catalogue::Open(options.data / "catalogue"));
  auto parts = std::make_unique<Parts>(options, std::move(policy), std::move(ranking), std::move(catalogue));
  DX_RETURN_IF_ERROR(parts->Start(options));
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  if (parts_->running()) (void)parts_->Shutdown(absl::ZeroDuration());
}

int Server::port() const { return parts_->port(); }

absl::Status Server::Shutdown(absl::Duration grace) { return parts_->Shutdown(grace); }

}  // namespace dongxi
