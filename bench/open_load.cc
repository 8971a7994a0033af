#include "bench/open_load.h"

#include <chrono>
#include <memory>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "bench/match_client.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace dongxi::bench {
namespace {

using Clock = std::chrono::steady_clock;

bool HasRetryInfo(const grpc::Status& status) {
  google::rpc::Status envelope;
  if (!envelope.ParseFromString(status.error_details())) return false;
  for (const google::protobuf::Any& any : envelope.details()) {
    if (any.Is<google::rpc::RetryInfo>()) return true;
  }
  return false;
}

// What all calls of one run share. Thread-safe.
class Tally {
 public:
  void Sent() {
    const absl::MutexLock lock(&mutex_);
    ++open_;
  }
  void Done(const grpc::Status& status, double milliseconds) {
    const absl::MutexLock lock(&mutex_);
    --open_;
    switch (status.error_code()) {
      case grpc::StatusCode::OK:
        result_.answered.push_back(milliseconds);
        return;
      case grpc::StatusCode::RESOURCE_EXHAUSTED:
        result_.rejected.push_back(milliseconds);
        if (!HasRetryInfo(status)) ++result_.without_retry;
        return;
      case grpc::StatusCode::DEADLINE_EXCEEDED:
        ++result_.late;
        return;
      default:
        if (result_.failed++ == 0) result_.failure = status.error_message();
    }
  }
  // Waits until every call has ended; each has a deadline.
  OpenLoadResult Take() {
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* open) { return *open == 0; }, &open_));
    return std::move(result_);
  }

 private:
  absl::Mutex mutex_;
  int open_ = 0;
  OpenLoadResult result_;
};

// One call; lives until it is answered.
struct OneCall {
  grpc::ClientContext context;
  v1::MatchResponse response;
  Clock::time_point start;
};

std::vector<std::unique_ptr<v1::MatchService::Stub>> Connect(const OpenLoadOptions& options) {
  std::vector<std::unique_ptr<v1::MatchService::Stub>> stubs;
  for (int i = 0; i < options.connections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto channel =
        grpc::CreateCustomChannel(options.server, grpc::InsecureChannelCredentials(), arguments);
    channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(5));
    stubs.push_back(v1::MatchService::NewStub(channel));
  }
  return stubs;
}

}  // namespace

OpenLoadResult RunOpenLoad(const OpenLoadOptions& options, const std::vector<TextQuery>& queries) {
  std::vector<v1::MatchRequest> requests;
  for (const TextQuery& query : queries) requests.push_back(RequestOf(query));
  const auto stubs = Connect(options);
  Tally tally;
  const Clock::time_point start = Clock::now();
  const double planned = options.calls_per_second * absl::ToDoubleSeconds(options.duration);
  const auto calls = static_cast<size_t>(planned);
  for (size_t i = 0; i < calls; ++i) {
    const double at = static_cast<double>(i) / options.calls_per_second;
    std::this_thread::sleep_until(
        start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(at)));
    auto* const call = new OneCall;  // Deleted when it is answered.
    call->context.set_deadline(std::chrono::system_clock::now() +
                               absl::ToChronoMilliseconds(options.deadline));
    call->start = Clock::now();
    tally.Sent();
    stubs[i % stubs.size()]->async()->Match(
        &call->context, &requests[i % requests.size()], &call->response,
        [call, &tally](const grpc::Status& status) {
          tally.Done(status, std::chrono::duration<double, std::milli>(Clock::now() - call->start).count());
          delete call;
        });
  }
  const double sending = std::chrono::duration<double>(Clock::now() - start).count();
  OpenLoadResult result = tally.Take();
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  result.sent_per_second = sending > 0 ? static_cast<double>(calls) / sending : 0;
  return result;
}

}  // namespace dongxi::bench
