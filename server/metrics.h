// What the server tells Prometheus: one registry, typed methods. Thread-safe. The names are a public contract
// (dashboards and alert rules refer to them): kMetricNames lists all, a test compares it with what is served.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/match/stage_timer.h"

namespace dongxi {

inline constexpr std::string_view kMetricNames[] = {
    "dongxi_rpcs_total",                     // counter: method, code
    "dongxi_rpc_seconds",                    // histogram: method
    "dongxi_rpcs_running",                   // gauge
    "dongxi_stage_seconds",                  // histogram: stage (query, candidates, rank, explain)
    "dongxi_queue_wait_seconds",             // histogram: of heavy calls that got their turn
    "dongxi_queue_length",                   // gauge
    "dongxi_heavy_running",                  // gauge
    "dongxi_rejections_total",               // counter: reason (the ErrorInfo reason)
    "dongxi_authentication_failures_total",  // counter: reason
    "dongxi_tokens",                         // gauge: state (valid, expired, revoked)
    "dongxi_audit_errors_total",             // counter
    "dongxi_ready",                          // gauge: 1 if the server answers matches
    "dongxi_info",                           // gauge: always 1; version, generation, model, policy
    "dongxi_operation_running_seconds",      // gauge: kind; of the one that has run longest; 0 without one
    "dongxi_generation_age_seconds",         // gauge: since the generation was built; 0 without one
    "dongxi_generation_sequence",            // gauge: catalogue sequence of the generation
    "dongxi_catalogue_sequence",             // gauge
    "dongxi_catalogue_records",              // gauge: records of all kinds, deleted ones not counted
    "dongxi_delta_records",                  // gauge: records of the overlay on the generation
    "dongxi_disk_free_bytes",                // gauge: for the server, where its data folder is
    "dongxi_match_log_rows",                 // gauge: answers kept for replay
    "dongxi_match_log_bytes",                // gauge
    "dongxi_last_backup_age_seconds",        // gauge: of the newest backup that can be read; +Inf without one
    "dongxi_last_build_failed",              // gauge: 1 if this server's last build did
    "dongxi_read_only",                      // gauge: 1 if this server is a copy (--read-only)
    "dongxi_embedder_healthy",               // gauge: 1, or 0 while the remote embedder rests after failures
    "dongxi_embedder_failures_total",        // counter: uses of the remote embedder that gave no vectors
    "dongxi_start_time_seconds",             // gauge: Unix time
    "dongxi_process_resident_bytes",         // gauge
    "dongxi_process_open_handles",           // gauge
    "dongxi_process_threads",                // gauge
    "dongxi_process_cpu_seconds_total",      // counter
};

class Metrics final : public StageObserver {
 public:
  enum class Gauge {
    kRpcsRunning,
    kQueueLength,
    kHeavyRunning,
    kReady,
    kGenerationAge,
    kGenerationSequence,
    kCatalogueSequence,
    kCatalogueRecords,
    kDeltaRecords,
    kEmbedderHealthy,
    kTokensValid,
    kTokensExpired,
    kTokensRevoked,
    kDiskFree,
    kMatchLogRows,
    kMatchLogBytes,
    kLastBackupAge,
    kLastBuildFailed,
    kReadOnly,
  };

  // What answers are made with; empty where there is none.
  struct Served {
    std::string version;  // of the program
    std::string generation, model, policy;
  };

  Metrics();
  ~Metrics() override;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // `method` is a row of access.h or "unknown": labels never come from outside.
  void RpcDone(const std::string& method, const std::string& code, double seconds);
  void StageDone(MatchStage stage, double seconds) override;
  void QueueWaited(double seconds);
  void Rejected(const std::string& reason);
  void AuthenticationFailed(const std::string& reason);
  // The arguments are those of EmbedderGuard::observe.
  void EmbedderUsed(bool answered, bool healthy);
  void AuditErrors(uint64_t total);
  // The labels of dongxi_info, which has one series: that of the call before is served no more.
  void Info(const Served& served);
  // How long the oldest operation of the kind runs; 0 if none does. `kind` is one that is registered.
  void OperationRunning(const std::string& kind, double seconds);
  void Set(Gauge gauge, double value);
  void Add(Gauge gauge, double change);

  // Called before each text is made, to set gauges of what is not counted as it happens.
  void OnScrape(std::function<void(Metrics&)> collect);

  // The text exposition format of Prometheus.
  std::string Text();

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace dongxi
