#include "server/server.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/server.h"
#include "server/admin_service.h"
#include "server/admission.h"
#include "server/call_gate.h"
#include "server/catalogue_service.h"
#include "server/embedding_service.h"
#include "server/engagement_number.h"
#include "server/engagement_service.h"
#include "server/generation_gauges.h"
#include "server/guards.h"
#include "server/health_service.h"
#include "server/http/doorkeeper.h"
#include "server/listen_address.h"
#include "server/listener.h"
#include "server/live_index.h"
#include "server/load_control.h"
#include "server/match_runner.h"
#include "server/match_service.h"
#include "server/metrics.h"
#include "server/metrics_endpoint.h"
#include "server/offer_reader.h"
#include "server/operations_service.h"
#include "server/operator_log.h"
#include "server/pair_index.h"
#include "server/plan_jobs.h"
#include "server/plan_service.h"
#include "server/process_usage.h"
#include "server/rate_limit.h"
#include "server/replay_service.h"
#include "server/report_jobs.h"
#include "server/report_service.h"
#include "server/report_store.h"
#include "server/report_sweep.h"
#include "server/search_service.h"
#include "server/serving_state.h"
#include "server/statistics_service.h"
#include "server/token.h"
#include "server/watch_service.h"
#include "store/catalogue.h"

namespace dongxi {
namespace {

// Streamed watches hold a thread each, for hours: one thread in so many.
constexpr int kThreadsAStream = 16;

// `metrics` outlives what the options are for.
GenerationWatcherOptions WatcherOptions(const ServerOptions& options, Metrics* metrics) {
  GenerationWatcherOptions watcher;
  watcher.generations = options.data / "generations";
  watcher.embedding_url = options.embedding_url;
  watcher.embedding_model = options.embedding_model;
  watcher.embedder_used = [metrics](bool answered, bool healthy) {
    metrics->EmbedderUsed(answered, healthy);
  };
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
  jobs.audit_key = options.audit_key;
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
        std::shared_ptr<const RankingConfig> ranking, std::unique_ptr<Catalogue> catalogue, Guards guards)
      : drain_delay_(options.drain_delay),
        guards_(std::move(guards)),
        log_(*guards_.log),
        load_(LoadOptionsOf(options)),
        workers_(LoadOptionsOf(options).slots),
        catalogue_(std::move(catalogue)),
        state_(std::move(policy), std::move(ranking)),
        door_secret_(NewToken({}).text),
        gate_parts_{guards_.tokens.get(),
                    guards_.log.get(),
                    guards_.audit.get(),
                    &load_,
                    &rates_,
                    &metrics_,
                    &workers_,
                    guards_.require_token,
                    door_secret_,
                    options.stall_max,
                    options.read_only},
        gate_(gate_parts_),
        admission_(gate_parts_),
        live_(std::make_unique<LiveIndex>(catalogue_.get(), &state_, &log_)),
        settings_(options.data / "settings", options.policy_directory, options.ranking_file),
        history_(catalogue_.get(), &state_, live_.get(), WatcherOptions(options, &metrics_), &settings_,
                 &log_),
        runner_(&state_, catalogue_.get(), &history_),
        replay_(&history_, &runner_, catalogue_.get(), &gate_),
        match_(&runner_, &gate_),
        search_(&runner_, &gate_),
        catalogue_service_(&state_, catalogue_.get(), &gate_,
                           NewServedNearDuplicates(&state_, catalogue_.get()), &load_),
        engagement_(&state_, catalogue_.get(), &gate_),
        statistics_(&state_, catalogue_.get(), &gate_),
        watch_(&state_, catalogue_.get(), &gate_, std::max(1, options.threads / kThreadsAStream)),
        health_(DONGXI_VERSION, absl::Now(), &state_, catalogue_.get(), &gate_),
        embedding_(&state_, &gate_),
        offer_reader_(&state_, catalogue_.get(), SpareTime(&load_, LoadOptionsOf(options).slots), &log_),
        watcher_(
            WatcherOptions(options, &metrics_), &state_, &log_, [this] { ServedChanged(); }, live_.get()),
        jobs_(
            JobsOptions(
                options, [this] { watcher_.LookSoon(); }, [this](uint64_t oldest) { ForgetMatches(oldest); }),
            catalogue_.get(), &state_, &log_),
        reloader_(options.policy_directory, options.ranking_file, options.build.static_model, &state_, &log_),
        plan_jobs_(catalogue_.get()),
        reports_(ReportStoreOptions{.root = options.data / kReportsFolderName}),
        report_jobs_({.gives_way = options.build.idle_priority}, &state_, catalogue_.get(), &runner_,
                     &reports_, SpareTime(&load_, LoadOptionsOf(options).slots)),
        operation_runner_({.resume = !options.read_only}, catalogue_.get(), &log_),
        admin_(&jobs_, &operation_runner_, &reloader_, &gate_),
        operations_(&operation_runner_, &gate_),
        plans_(&state_, catalogue_.get(), &plan_jobs_, &operation_runner_, &gate_),
        report_service_(&state_, catalogue_.get(), &reports_, &operation_runner_, &gate_),
        report_sweep_(&reports_, &report_jobs_),
        match_log_sweep_(options.match_log, catalogue_.get(), &log_),
        auto_build_(options.auto_build, jobs_.generations(), catalogue_.get(), AutoBuildHooks(), &log_) {}

  absl::Status Start(const ServerOptions& options) {
    watcher_.OpenFirst();
    jobs_.RegisterWith(&operation_runner_);
    plan_jobs_.RegisterWith(&operation_runner_);
    report_jobs_.RegisterWith(&operation_runner_);
    DX_RETURN_IF_ERROR(operation_runner_.Run());
    metrics_.OnScrape([this](Metrics& metrics) { Measure(metrics); });
    if (!options.metrics_listen.empty()) DX_RETURN_IF_ERROR(StartMetrics(options));
    DX_ASSIGN_OR_RETURN(grpc_, Listen(options, services_, &gate_, &admission_, &health_told_, &port_));
    TellHealth();  // gRPC would say SERVING until it is told
    health_told_.Notify();
    DX_RETURN_IF_ERROR(OpenDoor(options));
    listening_ = true;
    watcher_.Start();
    offer_reader_.Start();
    if (!options.read_only) auto_build_.Start();
    report_sweep_.Start();
    match_log_sweep_.Start();
    log_.Info("listening on " + options.listen + (options.tls.enabled() ? " with TLS" : "") + ", port " +
              std::to_string(port_) + ", catalogue sequence " + std::to_string(catalogue_->sequence()));
    if (options.read_only) log_.Info("this server is a copy: it refuses writes and builds nothing by itself");
    return absl::OkStatus();
  }

  absl::Status Shutdown(absl::Duration grace) {
    log_.Info("shutting down");
    watch_.Stop();
    shutting_down_ = true;
    state_.BeginShutdown();  // wakes the streams
    TellHealth();
    // Ready no more, but every call is answered still.
    if (drain_delay_ > absl::ZeroDuration()) absl::SleepFor(drain_delay_);
    auto_build_.Stop();
    report_sweep_.Stop();
    match_log_sweep_.Stop();
    operation_runner_.BeginStop();
    if (door_ != nullptr) door_->Stop();
    const absl::Time deadline = absl::Now() + grace;
    grpc_->Shutdown(absl::ToChronoTime(deadline));
    grpc_->Wait();
    if (door_ != nullptr) door_->Finish(deadline);
    door_.reset();
    watcher_.Stop();
    offer_reader_.Stop();
    endpoint_.reset();
    operation_runner_.Stop();
    const absl::Status flushed = catalogue_->Flush();
    // The services keep pointers to both, but no call runs any more.
    live_.reset();
    catalogue_.reset();
    if (flushed.ok()) log_.Info("stopped: every call is answered, the catalogue is flushed and closed");
    return flushed;
  }

  int port() const { return port_; }
  int metrics_port() const { return endpoint_ == nullptr ? 0 : endpoint_->port(); }
  int http_port() const { return door_ == nullptr ? 0 : door_->port(); }
  std::vector<std::string> service_names() const {
    std::vector<std::string> names;
    for (const RegisteredService& registered : services_) names.emplace_back(registered.name);
    return names;
  }
  std::shared_ptr<grpc::Channel> InProcessChannel() const {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);  // of answers, which the server bounds
    return grpc_->InProcessChannel(arguments);
  }
  bool running() const { return grpc_ != nullptr && catalogue_ != nullptr; }

 private:
  absl::Status StartMetrics(const ServerOptions& options);
  absl::Status OpenDoor(const ServerOptions& options);
  // Sets the gauges of what is not counted as it happens.
  void Measure(Metrics& metrics);
  void MeasureDisk(absl::Time now, Metrics& metrics);
  void MeasureOperations(Metrics& metrics);
  void ServedChanged();
  // Tells grpc.health.v1 what the state says: each service whether it answers, "" whether all do.
  void TellHealth() ABSL_LOCKS_EXCLUDED(telling_health_);
  AutoBuild::Hooks AutoBuildHooks();
  // Answers of generations older than `oldest` cannot be replayed any more.
  void ForgetMatches(uint64_t oldest);

  const absl::Duration drain_delay_;
  const Guards guards_;
  const OperatorLog& log_;
  LoadControl load_;
  WorkerPool workers_;
  RateLimits rates_;
  Metrics metrics_;
  std::unique_ptr<Catalogue> catalogue_;
  ServingState state_;
  const std::string door_secret_;  // between the HTTP door and the gate, new with every start
  const GateParts gate_parts_;
  const CallGate gate_;
  const Admission admission_;
  std::unique_ptr<LiveIndex> live_;  // never null while the catalogue is open
  SettingsArchive settings_;
  MatchHistory history_;
  MatchRunner runner_;
  ReplayService replay_;
  MatchService match_;
  SearchService search_;
  CatalogueService catalogue_service_;
  EngagementService engagement_;
  StatisticsService statistics_;
  WatchService watch_;
  HealthService health_;
  EmbeddingService embedding_;
  int port_ = 0;
  absl::Mutex telling_health_;
  absl::Notification health_told_;       // what it is, by TellHealth
  std::atomic<bool> listening_ = false;  // at all doors
  std::atomic<bool> shutting_down_ = false;
  std::atomic<bool> door_ended_ = false;  // the HTTP door, by itself
  std::unique_ptr<MetricsEndpoint> endpoint_;
  std::unique_ptr<grpc::Server> grpc_;
  std::unique_ptr<HttpDoor> door_;
  OfferReader offer_reader_;
  GenerationWatcher watcher_;
  AdminJobs jobs_;
  Reloader reloader_;
  PlanJobs plan_jobs_;
  ReportStore reports_;
  ReportJobs report_jobs_;
  OperationRunner operation_runner_;
  AdminService admin_;
  OperationsService operations_;
  PlanService plans_;
  ReportService report_service_;
  ReportSweep report_sweep_;
  MatchLogSweep match_log_sweep_;
  AutoBuild auto_build_;
  // Every service of ours: add a line here, and its RPCs to access.cc.
  const std::vector<RegisteredService> services_ = {
      {&match_, "dongxi.v1.MatchService", /*needs_generation=*/true},
      {&search_, "dongxi.v1.SearchService", /*needs_generation=*/true},
      {&replay_, "dongxi.v1.ReplayService", /*needs_generation=*/true},
      {&catalogue_service_, "dongxi.v1.CatalogueService"},
      {&engagement_, "dongxi.v1.EngagementService"},
      {&statistics_, "dongxi.v1.StatisticsService"},
      {&watch_, "dongxi.v1.WatchService", /*needs_generation=*/true},
      {&health_, "dongxi.v1.HealthService"},
      {&embedding_, "dongxi.v1.EmbeddingService", /*needs_generation=*/true},
      {&admin_, "dongxi.v1.AdminService"},
      {&operations_, "google.longrunning.Operations"},
      {&plans_, "dongxi.v1.PlanService"},
      {&report_service_, "dongxi.v1.ReportService", /*needs_generation=*/true},
  };
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

absl::Status Server::Parts::StartMetrics(const ServerOptions& options) {
  MetricsEndpointOptions endpoint;
  endpoint.listen = options.metrics_listen;
  endpoint.ready = [this] { return listening_.load() && !shutting_down_.load() && !door_ended_.load(); };
  endpoint.matches = [this] { return listening_.load() && state_.health().ready; };
  DX_ASSIGN_OR_RETURN(const ListenAddress address, ParseListenAddress(options.metrics_listen));
  if (!address.loopback || options.metrics_token) {
    // While there is no token at all, the gate lets everybody in who reaches a door of loopback; this port is
    // none, or is to ask all the same.
    endpoint.admits = [this](const std::string& authorization) -> absl::Status {
      DX_RETURN_IF_ERROR(gate_.Admit(authorization, "Metrics.Scrape"));
      return guards_.tokens->HasTokens() ? absl::OkStatus() : absl::UnauthenticatedError("there is no token");
    };
  }
  absl::StatusOr<std::unique_ptr<MetricsEndpoint>> started = MetricsEndpoint::Start(endpoint, &metrics_);
  if (!started.ok() && options.metrics_optional) {
    log_.Warning("no metrics: " + std::string(started.status().message()));
    return absl::OkStatus();
  }
  DX_RETURN_IF_ERROR(started.status());
  endpoint_ = *std::move(started);
  log_.Info("metrics on " + options.metrics_listen + ", port " + std::to_string(endpoint_->port()));
  return absl::OkStatus();
}

void Server::Parts::Measure(Metrics& metrics) {
  using Gauge = Metrics::Gauge;
  const absl::Time now = absl::Now();
  const LoadControl::Load load = load_.load();
  metrics.Set(Gauge::kQueueLength, load.waiting);
  metrics.Set(Gauge::kHeavyRunning, load.running);
  metrics.Set(Gauge::kReady, state_.health().ready ? 1 : 0);
  metrics.Set(Gauge::kReadOnly, gate_parts_.read_only ? 1 : 0);
  const std::shared_ptr<const Snapshot> snapshot = state_.Current();
  MeasureGeneration(snapshot.get(), now, metrics);
  Metrics::Served served;
  served.version = DONGXI_VERSION;
  served.policy = state_.policy()->version();
  if (snapshot != nullptr) {
    served.generation = snapshot->generation->manifest.generation;
    served.model = snapshot->generation->manifest.model;
  }
  metrics.Info(served);
  metrics.Set(Gauge::kCatalogueSequence, static_cast<double>(catalogue_->sequence()));
  const RecordCounts counts = catalogue_->Counts();
  metrics.Set(Gauge::kCatalogueRecords,
              static_cast<double>(std::accumulate(counts.begin(), counts.end(), uint64_t{0})));
  const TokenStore::Counts tokens = guards_.tokens->counts(now);
  metrics.Set(Gauge::kTokensValid, tokens.valid);
  metrics.Set(Gauge::kTokensExpired, tokens.expired);
  metrics.Set(Gauge::kTokensRevoked, tokens.revoked);
  metrics.AuditErrors(guards_.audit->errors());
  MeasureDisk(now, metrics);
  MeasureOperations(metrics);
}

void Server::Parts::MeasureDisk(absl::Time now, Metrics& metrics) {
  using Gauge = Metrics::Gauge;
  const MatchLogSize match_log = match_log_sweep_.size();
  metrics.Set(Gauge::kMatchLogRows, static_cast<double>(match_log.rows));
  metrics.Set(Gauge::kMatchLogBytes, static_cast<double>(match_log.bytes));
  metrics.Set(Gauge::kDiskFree, static_cast<double>(DiskFreeBytes(jobs_.options().data)));
  const absl::Time backup = LastBackupTime(jobs_.options().backups);
  metrics.Set(Gauge::kLastBackupAge, absl::ToDoubleSeconds(now - backup));
}

void Server::Parts::MeasureOperations(Metrics& metrics) {
  metrics.Set(Metrics::Gauge::kLastBuildFailed, jobs_.last_build_failed() ? 1 : 0);
  for (const auto& [kind, age] : operation_runner_.OldestRunning())
    metrics.OperationRunning(kind, std::max(0.0, absl::ToDoubleSeconds(age)));
}

absl::Status Server::Parts::OpenDoor(const ServerOptions& options) {
  if (options.http.listen.empty()) return absl::OkStatus();
  HttpDoorOptions http = options.http;
  http.body_bytes_max = static_cast<size_t>(options.limits.message_bytes_max);
  http.certificate_file = options.tls.certificate;
  http.key_file = options.tls.key;
  http.client_ca_file = options.tls.client_ca;
  http.secret = door_secret_;
  Doorkeeper keeper;
  keeper.admits = [this](const std::string& authorization, const std::string& method) {
    return admission_.Admits(authorization, method);
  };
  keeper.refused = [this](const std::string& method, const std::string& request_id,
                          const absl::Status& status) { admission_.Refused(method, request_id, status); };
  keeper.ended = [this] {
    door_ended_ = true;
    log_.Error(
        "HTTP takes no connection any more, since the system refused one: see that there are handles "
        "(LimitNOFILE) and memory, then restart the server");
  };
  DX_ASSIGN_OR_RETURN(door_, OpenHttpDoor(http, InProcessChannel(), std::move(keeper)));
  log_.Info("HTTP on " + options.http.listen + ", port " + std::to_string(door_->port()));
  return absl::OkStatus();
}

void Server::Parts::ServedChanged() {
  TellHealth();
  offer_reader_.Look();
}

void Server::Parts::TellHealth() {
  if (grpc_ == nullptr) return;  // Nobody can ask yet.
  // One at a time, from the look to the last word: what was seen before the stop is not told after it.
  const absl::MutexLock lock(&telling_health_);
  const bool ready = state_.health().ready;
  grpc::HealthCheckServiceInterface* const health = grpc_->GetHealthCheckService();
  health->SetServingStatus("", ready);
  for (const RegisteredService& registered : services_) {
    const bool serves = registered.needs_generation ? ready : !shutting_down_.load();
    health->SetServingStatus(registered.name, serves);
  }
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options) {
  bool loopback = false;
  DX_RETURN_IF_ERROR(CheckOptions(options, &loopback));
  DX_RETURN_IF_ERROR(CheckRestored(options.data));
  DX_ASSIGN_OR_RETURN(std::shared_ptr<const Policy> policy, LoadPolicy(options.policy_directory));
  DX_ASSIGN_OR_RETURN(std::shared_ptr<const RankingConfig> ranking, LoadRankingConfig(options.ranking_file));
  DX_ASSIGN_OR_RETURN(std::unique_ptr<Catalogue> catalogue, Catalogue::Open(options.data / "catalogue"));
  DX_RETURN_IF_ERROR(CompletePairIndex(*catalogue, absl::ToUnixMicros(absl::Now())));
  DX_RETURN_IF_ERROR(MoveRegistrationNumbers(*catalogue, absl::ToUnixMicros(absl::Now())));
  DX_ASSIGN_OR_RETURN(Guards guards, OpenGuards(options, loopback));
  auto parts = std::make_unique<Parts>(options, std::move(policy), std::move(ranking), std::move(catalogue),
                                       std::move(guards));
  DX_RETURN_IF_ERROR(parts->Start(options));
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  if (parts_->running()) (void)parts_->Shutdown(absl::ZeroDuration());
}

int Server::port() const { return parts_->port(); }
int Server::metrics_port() const { return parts_->metrics_port(); }
std::vector<std::string> Server::service_names() const { return parts_->service_names(); }

int Server::http_port() const { return parts_->http_port(); }

std::shared_ptr<grpc::Channel> Server::InProcessChannel() const { return parts_->InProcessChannel(); }

absl::Status Server::Shutdown(absl::Duration grace) { return parts_->Shutdown(grace); }

}  // namespace dongxi
