// Calls an RPC without its generated stub: the request travels through the same gate, limits and handlers as
// one that came by gRPC. A RelayChannel may be used from any thread; a RelayedCall from one, but for
// Cancel.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"

namespace dongxi {

struct RelayOptions {
  std::vector<std::pair<std::string, std::string>> metadata;  // values of visible ASCII and spaces
  absl::Time deadline = absl::InfiniteFuture();
};

// True if gRPC takes it as the value of metadata: it would end the process otherwise.
bool IsMetadataValue(std::string_view text);

// The way to the server that answers, until it is closed: gRPC's in-process channel ends the process if a
// call begins once its server is shut down. Thread-safe.
class RelayChannel {
 public:
  explicit RelayChannel(std::shared_ptr<grpc::Channel> channel) : channel_(std::move(channel)) {}

  // No call begins after this has returned. Those that have begun go on.
  void Close() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    closed_ = true;
  }

 private:
  friend class RelayedCall;

  const std::shared_ptr<grpc::Channel> channel_;
  mutable absl::Mutex mutex_;  // shared while a call begins
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

class RelayedCall {
 public:
  // Starts the call. Over a closed channel it has ended at once: UNAVAILABLE.
  RelayedCall(const RelayChannel& channel, const google::protobuf::MethodDescriptor& method,
              const RelayOptions& options);
  // Cancels the call unless Finish was called.
  ~RelayedCall();
  RelayedCall(const RelayedCall&) = delete;
  RelayedCall& operator=(const RelayedCall&) = delete;

  // False once the call has ended; Finish then says why.
  bool Write(const google::protobuf::Message& request);
  void WritesDone();
  // The next answer; null once there are no more. Finish then says why.
  std::unique_ptr<google::protobuf::Message> Read();
  // The same, but asks `wanted` once a second while there is none; false cancels the call.
  std::unique_ptr<google::protobuf::Message> Read(const std::function<bool()>& wanted);
  // The outcome. Call once, after Read returned null.
  grpc::Status Finish();
  // Any thread.
  void Cancel() { context_.TryCancel(); }

 private:
  // Waits for the one operation under way.
  bool Wait();
  bool WaitWhile(const std::function<bool()>& wanted);

  const google::protobuf::MethodDescriptor& method_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;  // null: the channel was closed
  bool started_ = false;
  bool finished_ = false;
  grpc::Status broken_;  // set if an answer could not be read
};

}  // namespace dongxi
