// Calls an RPC without its generated stub: the request travels through the same gate, limits and handlers as
// one that came by gRPC. A Relay may be used from any thread; a RelayedCall from one, but for Cancel.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

class RelayedCall {
 public:
  // Starts the call.
  RelayedCall(const std::shared_ptr<grpc::Channel>& channel, const google::protobuf::MethodDescriptor& method,
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
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  bool started_ = false;
  bool finished_ = false;
  grpc::Status broken_;  // set if an answer could not be read
};

}  // namespace dongxi
