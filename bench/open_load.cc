#include "bench/open_load.h"

#include <chrono>
#include <memory>
#include <utility>

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

// One call; lives until it is answered.
struct OneCall {
  grpc::ClientContext context;
  v1::MatchResponse response;
  grpc::Status status;
  Clock::time_point start;
};

void Count(const OneCall& call, OpenLoadResult& result) {
  const double milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - call.start).count();
  switch (call.status.error_code()) {
    case grpc::StatusCode::OK:
      result.answered.push_back(milliseconds);
      return;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      result.rejected.push_back(milliseconds);
      if (!HasRetryInfo(call.status)) ++result.without_retry;
      return;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      ++result.late;
      return;
    default:
      if (result.failed++ == 0) result.failure = call.status.error_message();
  }
}

// Sends and counts on one thread, so that the generator takes little of the machine that the server may
// share with it. Not thread-safe.
class Sender {
 public:
  Sender(const OpenLoadOptions& options, std::vector<v1::MatchRequest> requests)
      : options_(options), requests_(std::move(requests)), stubs_(Connect(options)) {}

  void Send(size_t number) {
    auto* const call = new OneCall;  // deleted when it is answered
    call->context.set_deadline(std::chrono::system_clock::now() +
                               absl::ToChronoMilliseconds(options_.deadline));
    call->start = Clock::now();
    const auto reader = stubs_[number % stubs_.size()]->AsyncMatch(
        &call->context, requests_[number % requests_.size()], &answers_);
    reader->Finish(&call->response, &call->status, call);  // lives in the call's arena
    ++open_;
  }
  // Counts what is answered until `until`.
  void Hear(std::chrono::system_clock::time_point until) {
    void* tag = nullptr;
    bool ok = false;
    while (answers_.AsyncNext(&tag, &ok, until) == grpc::CompletionQueue::GOT_EVENT) {
      const std::unique_ptr<OneCall> call(static_cast<OneCall*>(tag));
      Count(*call, result_);
      --open_;
    }
  }
  // Once every call has ended; each has a deadline.
  OpenLoadResult Take() {
    while (open_ > 0) Hear(std::chrono::system_clock::now() + std::chrono::milliseconds(10));
    return std::move(result_);
  }

 private:
  const OpenLoadOptions& options_;
  const std::vector<v1::MatchRequest> requests_;
  grpc::CompletionQueue answers_;
  const std::vector<std::unique_ptr<v1::MatchService::Stub>> stubs_;
  int open_ = 0;
  OpenLoadResult result_;
};

}  // namespace

void OpenLoadResult::Add(const OpenLoadResult& other) {
  answered.insert(answered.end(), other.answered.begin(), other.answered.end());
  rejected.insert(rejected.end(), other.rejected.begin(), other.rejected.end());
  without_retry += other.without_retry;
  late += other.late;
  if (failed == 0) failure = other.failure;
  failed += other.failed;
  seconds += other.seconds;
  sending_seconds += other.sending_seconds;
  sent += other.sent;
}

OpenLoadResult RunOpenLoad(const OpenLoadOptions& options, const std::vector<TextQuery>& queries) {
  std::vector<v1::MatchRequest> requests;
  for (const TextQuery& query : queries) requests.push_back(RequestOf(query));
  Sender sender(options, std::move(requests));
  const Clock::time_point start = Clock::now();
  const double planned = options.calls_per_second * absl::ToDoubleSeconds(options.duration);
  const auto calls = static_cast<size_t>(planned);
  for (size_t i = 0; i < calls; ++i) {
    const std::chrono::duration<double> due(static_cast<double>(i) / options.calls_per_second);
    const auto wait = start + std::chrono::duration_cast<Clock::duration>(due) - Clock::now();
    sender.Hear(std::chrono::system_clock::now() + wait);
    sender.Send(i);
  }
  const double sending_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  OpenLoadResult result = sender.Take();
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  result.sending_seconds = sending_seconds;
  result.sent = calls;
  return result;
}

}  // namespace dongxi::bench
