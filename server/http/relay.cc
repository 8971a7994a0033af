#include "server/http/relay.h"

#include <algorithm>
#include <chrono>

#include "grpcpp/support/byte_buffer.h"

namespace dongxi {
namespace {

constexpr std::chrono::seconds kLookAround(1);

grpc::ByteBuffer BytesOf(const google::protobuf::Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

bool Parse(const grpc::ByteBuffer& bytes, google::protobuf::Message* message) {
  std::vector<grpc::Slice> slices;
  if (!bytes.Dump(&slices).ok()) return false;
  std::string text;
  text.reserve(bytes.Length());
  for (const grpc::Slice& slice : slices)
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return message->ParseFromString(text);
}

}  // namespace

bool IsMetadataValue(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

RelayedCall::RelayedCall(const RelayChannel& channel, const google::protobuf::MethodDescriptor& method,
                         const RelayOptions& options)
    : method_(method) {
  for (const auto& [key, value] : options.metadata) context_.AddMetadata(key, value);
  if (options.deadline != absl::InfiniteFuture()) context_.set_deadline(absl::ToChronoTime(options.deadline));
  {
    const absl::ReaderMutexLock lock(&channel.mutex_);
    if (channel.closed_) return;
    grpc::GenericStub stub(channel.channel_);
    stream_ = stub.PrepareCall(&context_, "/" + method.service()->full_name() + "/" + method.name(), &queue_);
    stream_->StartCall(this);
  }
  started_ = Wait();
}

RelayedCall::~RelayedCall() {
  if (!finished_) {
    Cancel();
    (void)Finish();
  }
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

bool RelayedCall::Wait() {
  void* tag = nullptr;
  bool ok = false;
  return queue_.Next(&tag, &ok) && ok;
}

bool RelayedCall::Write(const google::protobuf::Message& request) {
  if (!started_) return false;
  stream_->Write(BytesOf(request), this);
  return Wait();
}

void RelayedCall::WritesDone() {
  if (!started_) return;
  stream_->WritesDone(this);
  Wait();
}

bool RelayedCall::WaitWhile(const std::function<bool()>& wanted) {
  void* tag = nullptr;
  bool ok = false;
  while (true) {
    const auto until = std::chrono::system_clock::now() + kLookAround;
    const auto next = queue_.AsyncNext(&tag, &ok, until);
    if (next != grpc::CompletionQueue::TIMEOUT) return next == grpc::CompletionQueue::GOT_EVENT && ok;
    if (!wanted()) {
      Cancel();
      return Wait();
    }
  }
}

std::unique_ptr<google::protobuf::Message> RelayedCall::Read() {
  return Read([] { return true; });
}

std::unique_ptr<google::protobuf::Message> RelayedCall::Read(const std::function<bool()>& wanted) {
  if (!started_) return nullptr;
  grpc::ByteBuffer bytes;
  stream_->Read(&bytes, this);
  if (!WaitWhile(wanted)) return nullptr;
  std::unique_ptr<google::protobuf::Message> answer(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method_.output_type())->New());
  if (Parse(bytes, answer.get())) return answer;
  broken_ =
      grpc::Status(grpc::StatusCode::INTERNAL, "an answer of " + method_.full_name() + " cannot be read");
  Cancel();
  return nullptr;
}

grpc::Status RelayedCall::Finish() {
  if (stream_ == nullptr) {
    finished_ = true;
    return {grpc::StatusCode::UNAVAILABLE, "the server is shutting down; nothing was done"};
  }
  grpc::Status status;
  stream_->Finish(&status, this);
  Wait();
  finished_ = true;
  return broken_.ok() ? status : broken_;
}

}  // namespace dongxi
