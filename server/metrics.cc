#include "server/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "server/process_usage.h"

namespace dongxi {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Histogram;

// Half a millisecond to ten seconds: matches of a small catalogue to builds.
const Histogram::BucketBoundaries kSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                              0.1,    0.25,  0.5,    1,     2.5,  5,     10};

const char* StageText(MatchStage stage) {
  switch (stage) {
    case MatchStage::kQuery:
      return "query";
    case MatchStage::kCandidates:
      return "candidates";
    case MatchStage::kRank:
      return "rank";
    case MatchStage::kExplain:
      return "explain";
  }
  return "unknown";
}

constexpr size_t kGauges = static_cast<size_t>(Metrics::Gauge::kReadOnly) + 1;

}  // namespace

class Metrics::Parts {
 public:
  Parts() {
    using prometheus::Labels;
    const auto bind = [&](Gauge gauge, const char* name, const char* help, const Labels& labels = {}) {
      gauges_[static_cast<size_t>(gauge)] =
          &prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
    };
    bind(Gauge::kRpcsRunning, "dongxi_rpcs_running", "Calls in work or in the queue");
    bind(Gauge::kQueueLength, "dongxi_queue_length", "Heavy calls that wait for a slot");
    bind(Gauge::kHeavyRunning, "dongxi_heavy_running", "Heavy calls in work");
    bind(Gauge::kReady, "dongxi_ready", "1 if the server answers matches");
    bind(Gauge::kGenerationAge, "dongxi_generation_age_seconds", "Since the served generation was built");
    bind(Gauge::kGenerationSequence, "dongxi_generation_sequence", "Catalogue sequence of the generation");
    bind(Gauge::kCatalogueSequence, "dongxi_catalogue_sequence", "Newest sequence of the catalogue");
    bind(Gauge::kCatalogueRecords, "dongxi_catalogue_records", "Records of the catalogue, all kinds");
    bind(Gauge::kDeltaRecords, "dongxi_delta_records", "Records of the overlay on the generation");
    bind(Gauge::kEmbedderHealthy, "dongxi_embedder_healthy",
         "0 while the remote embedder rests after failures");
    for (const auto& [gauge, state] :
         {std::pair(Gauge::kTokensValid, "valid"), std::pair(Gauge::kTokensExpired, "expired"),
          std::pair(Gauge::kTokensRevoked, "revoked")}) {
      bind(gauge, "dongxi_tokens", "API tokens by state", {{"state", state}});
    }
    bind(Gauge::kDiskFree, "dongxi_disk_free_bytes", "Free for the server where its data folder is");
    bind(Gauge::kMatchLogRows, "dongxi_match_log_rows", "Answers kept for replay");
    bind(Gauge::kMatchLogBytes, "dongxi_match_log_bytes", "Size of the answers kept for replay");
    bind(Gauge::kLastBackupAge, "dongxi_last_backup_age_seconds",
         "Since the newest backup that can be read; +Inf without one");
    bind(Gauge::kLastBuildFailed, "dongxi_last_build_failed", "1 if the last build of this server failed");
    bind(Gauge::kReadOnly, "dongxi_read_only", "1 if this server is a copy that refuses writes");
    Set(Gauge::kEmbedderHealthy, 1);
    start_time.Set(absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
  }

  void Set(Gauge gauge, double value) { gauges_[static_cast<size_t>(gauge)]->Set(value); }
  void Add(Gauge gauge, double change) { gauges_[static_cast<size_t>(gauge)]->Increment(change); }

  void Collect(Metrics& metrics) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    for (const auto& collect : collectors_) collect(metrics);
    const ProcessUsage usage = ReadProcessUsage();
    resident_bytes.Set(static_cast<double>(usage.resident_bytes));
    open_handles.Set(static_cast<double>(usage.open_handles));
    threads.Set(static_cast<double>(usage.threads));
    RaiseTo(cpu_seconds, usage.cpu_seconds);
  }
  void AddCollector(std::function<void(Metrics&)> collect) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    collectors_.push_back(std::move(collect));
  }
  void SetInfo(const prometheus::Labels& labels) ABSL_LOCKS_EXCLUDED(info_mutex_) {
    const absl::MutexLock lock(&info_mutex_);
    if (info_ != nullptr && labels == info_labels_) return;
    if (info_ != nullptr) info_family_.Remove(info_);
    info_ = &info_family_.Add(labels);
    info_->Set(1);
    info_labels_ = labels;
  }
  // Makes a counter of what somebody else counts.
  void RaiseTo(Counter& counter, double total) {
    if (total > counter.Value()) counter.Increment(total - counter.Value());
  }

  prometheus::Registry registry;
  Family<Counter>& rpcs =
      prometheus::BuildCounter().Name("dongxi_rpcs_total").Help("Calls answered").Register(registry);
  Family<Histogram>& rpc_seconds = prometheus::BuildHistogram()
                                       .Name("dongxi_rpc_seconds")
                                       .Help("From the start of the handler to its end, queue included")
                                       .Register(registry);
  Family<Histogram>& stage_seconds =
      prometheus::BuildHistogram().Name("dongxi_stage_seconds").Help("Stages of a match").Register(registry);
  Histogram& queue_wait = prometheus::BuildHistogram()
                              .Name("dongxi_queue_wait_seconds")
                              .Help("Wait of heavy calls that got their turn")
                              .Register(registry)
                              .Add({}, kSeconds);
  Family<Counter>& rejections = prometheus::BuildCounter()
                                    .Name("dongxi_rejections_total")
                                    .Help("Calls turned away with RESOURCE_EXHAUSTED")
                                    .Register(registry);
  Family<Counter>& authentication_failures = prometheus::BuildCounter()
                                                 .Name("dongxi_authentication_failures_total")
                                                 .Help("Calls without a valid token")
                                                 .Register(registry);
  Family<prometheus::Gauge>& operation_running =
      prometheus::BuildGauge()
          .Name("dongxi_operation_running_seconds")
          .Help("How long the oldest operation of the kind runs; 0 without one")
          .Register(registry);
  Counter& audit_errors = prometheus::BuildCounter()
                              .Name("dongxi_audit_errors_total")
                              .Help("Lines of the audit log that could not be written")
                              .Register(registry)
                              .Add({});
  Counter& embedder_failures =
      prometheus::BuildCounter()
          .Name("dongxi_embedder_failures_total")
          .Help("Uses of the remote embedder that gave no vectors: matches and writes went on by words")
          .Register(registry)
          .Add({});
  prometheus::Gauge& start_time = OwnGauge("dongxi_start_time_seconds", "Unix time of the start");
  prometheus::Gauge& resident_bytes = OwnGauge("dongxi_process_resident_bytes", "Resident memory");
  prometheus::Gauge& open_handles = OwnGauge("dongxi_process_open_handles", "Open file handles");
  prometheus::Gauge& threads = OwnGauge("dongxi_process_threads", "Threads");
  Counter& cpu_seconds = prometheus::BuildCounter()
                             .Name("dongxi_process_cpu_seconds_total")
                             .Help("Processor time, user and system")
                             .Register(registry)
                             .Add({});

 private:
  prometheus::Gauge& OwnGauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }

  std::array<prometheus::Gauge*, kGauges> gauges_ = {};
  Family<prometheus::Gauge>& info_family_ = prometheus::BuildGauge()
                                                .Name("dongxi_info")
                                                .Help("1; the labels say what answers are made with")
                                                .Register(registry);
  absl::Mutex info_mutex_;  // taken under mutex_, by collectors
  prometheus::Gauge* info_ ABSL_GUARDED_BY(info_mutex_) = nullptr;
  prometheus::Labels info_labels_ ABSL_GUARDED_BY(info_mutex_);
  absl::Mutex mutex_;
  std::vector<std::function<void(Metrics&)>> collectors_ ABSL_GUARDED_BY(mutex_);
};

Metrics::Metrics() : parts_(std::make_unique<Parts>()) {}
Metrics::~Metrics() = default;

void Metrics::RpcDone(const std::string& method, const std::string& code, double seconds) {
  parts_->rpcs.Add({{"method", method}, {"code", code}}).Increment();
  parts_->rpc_seconds.Add({{"method", method}}, kSeconds).Observe(seconds);
}
void Metrics::StageDone(MatchStage stage, double seconds) {
  parts_->stage_seconds.Add({{"stage", StageText(stage)}}, kSeconds).Observe(seconds);
}
void Metrics::QueueWaited(double seconds) { parts_->queue_wait.Observe(seconds); }
void Metrics::Rejected(const std::string& reason) {
  parts_->rejections.Add({{"reason", reason}}).Increment();
}
void Metrics::AuthenticationFailed(const std::string& reason) {
  parts_->authentication_failures.Add({{"reason", reason}}).Increment();
}
void Metrics::EmbedderUsed(bool answered, bool healthy) {
  if (!answered) parts_->embedder_failures.Increment();
  parts_->Set(Gauge::kEmbedderHealthy, healthy ? 1 : 0);
}
void Metrics::AuditErrors(uint64_t total) {
  parts_->RaiseTo(parts_->audit_errors, static_cast<double>(total));
}
void Metrics::Info(const Served& served) {
  parts_->SetInfo({{"version", served.version},
                   {"generation", served.generation},
                   {"model", served.model},
                   {"policy", served.policy}});
}
void Metrics::OperationRunning(const std::string& kind, double seconds) {
  parts_->operation_running.Add({{"kind", kind}}).Set(seconds);
}
void Metrics::Set(Gauge gauge, double value) { parts_->Set(gauge, value); }
void Metrics::Add(Gauge gauge, double change) { parts_->Add(gauge, change); }
void Metrics::OnScrape(std::function<void(Metrics&)> collect) { parts_->AddCollector(std::move(collect)); }

std::string Metrics::Text() {
  parts_->Collect(*this);
  return prometheus::TextSerializer().Serialize(parts_->registry.Collect());
}

}  // namespace dongxi
