#include "server/listener.h"

#include <algorithm>
#include <thread>

#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"
#include "server/decode_guard.h"
#include "server/health_hold.h"
#include "server/reflection_guard.h"

namespace dongxi {
namespace {

// Threads that wait for calls: fewer are started and ended under load.
constexpr int kPollersMin = 2;
constexpr int kPollersMax = 32;
// Threads beyond those of the budgets, for calls that are just being turned away: gRPC's own refusal, without
// our error details, shall not be what callers see.
constexpr int kThreadsSpare = 64;

int Milliseconds(absl::Duration duration) { return static_cast<int>(absl::ToInt64Milliseconds(duration)); }

void SetLimits(const ConnectionLimits& limits, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(limits.message_bytes_max);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, limits.metadata_bytes_max);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.streams_max);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Milliseconds(limits.age_max));
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, Milliseconds(limits.age_grace));
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, Milliseconds(limits.idle_max));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(limits.keepalive));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(limits.keepalive_timeout));
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              Milliseconds(limits.ping_interval_min));
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
  // Otherwise a second server on the same port starts without an error and takes half of the calls.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace

LoadOptions LoadOptionsOf(const ServerOptions& options) {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  LoadOptions load;
  load.slots = options.heavy_slots > 0 ? options.heavy_slots : cores;
  load.long_waiting_max = std::max(1, options.threads / 16);
  load.queue_max = std::max(1, options.threads / 2 - load.slots - load.long_max - load.long_waiting_max);
  load.wait_max = options.queue_wait_max;
  load.light_max = std::max(1, options.threads / 4);
  load.stream_max = std::max(1, options.threads / 4 - load.admin_max - 1);
  load.batch_max = std::max(1, load.slots / 2);
  return load;
}

absl::StatusOr<std::unique_ptr<grpc::Server>> Listen(const ServerOptions& options,
                                                     std::span<const RegisteredService> services,
                                                     const CallGate* gate, const Admission* admission,
                                                     const absl::Notification* health_told, int* port) {
  grpc::EnableDefaultHealthCheckService(true);
  if (options.reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.listen, CredentialsOf(options.tls), port);
  SetLimits(options.limits, &builder);
  const int threads = options.threads + LoadOptionsOf(options).probe_max + kThreadsSpare;
  builder.SetResourceQuota(grpc::ResourceQuota("calls").SetMaxThreads(threads));
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, kPollersMin);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, kPollersMax);
  for (const RegisteredService& registered : services) {
    GuardDecoding(registered.service);
    builder.RegisterService(registered.service);
  }
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(NewHealthHold(health_told));
  interceptors.push_back(NewReflectionGuard(gate, options.reflection, options.stall_max));
  interceptors.push_back(NewDecodeGuard(admission));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server != nullptr && *port != 0) return server;
  return absl::UnavailableError(
      "cannot listen on " + options.listen +
      ": the port is taken or the address is none of this machine; choose another with --listen");
}

}  // namespace dongxi
