#include "server/decode_guard.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/slice.h>

#include <deque>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/zero_copy_stream_impl.h"
#include "grpcpp/server_context.h"
#include "server/decoded_size.h"

namespace dongxi {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::io::ArrayInputStream;
using google::protobuf::io::ConcatenatingInputStream;
using google::protobuf::io::ZeroCopyInputStream;
using grpc::experimental::Interceptor;
using grpc::experimental::ServerRpcInfo;
using grpc::internal::MethodHandler;
using grpc::internal::RpcServiceMethod;

// The call that this thread judged last: gRPC asks for its interceptors, decodes its request and calls its
// handler in one go.
struct Verdict {
  const grpc::ServerContextBase* context = nullptr;
  bool turned_away = false;
  absl::Status size;
};
thread_local Verdict verdict;

// "MatchService.Match" of "/dongxi.v1.MatchService/Match".
std::string MethodOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return std::string(path);
  const std::string_view service = path.substr(0, slash);
  return std::string(service.substr(service.find_last_of("./") + 1)) + "." +
         std::string(path.substr(slash + 1));
}

// A key sent twice is none, as for the gate.
std::string_view AuthorizationOf(const grpc::ServerContextBase& context) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("authorization");
  if (found == metadata.end() || metadata.count("authorization") > 1) return {};
  return {found->second.data(), found->second.size()};
}

class Judge : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Judge(const Admission* admission) : admission_(admission) {}

  Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    const std::string_view path = info->method();
    // Health and reflection are gRPC's: their requests are one text, and the one is for everybody.
    const bool ours = !path.starts_with("/grpc.");
    verdict = {info->server_context(),
               ours && !admission_->Admits(AuthorizationOf(*info->server_context()), MethodOf(path)),
               absl::OkStatus()};
    return nullptr;  // gRPC passes null over.
  }

 private:
  const Admission* const admission_;
};

// Bytes that lie in several places, as one stream.
class PiecesStream {
 public:
  explicit PiecesStream(const std::vector<std::string_view>& pieces) {
    for (const std::string_view piece : pieces)
      streams_.push_back(&pieces_.emplace_back(piece.data(), static_cast<int>(piece.size())));
    all_.emplace(streams_.data(), static_cast<int>(streams_.size()));
  }
  ZeroCopyInputStream& stream() { return *all_; }

 private:
  std::deque<ArrayInputStream> pieces_;
  std::vector<ZeroCopyInputStream*> streams_;
  std::optional<ConcatenatingInputStream> all_;
};

absl::Status CheckSize(const Descriptor& type, const std::vector<std::string_view>& pieces) {
  PiecesStream bytes(pieces);
  return DecodedSize(type, bytes.stream(), kDecodedBytesMax).status();
}

// Bytes that are not to be had are none, and the decoder says so.
absl::Status CheckSize(const Descriptor& type, grpc_byte_buffer* request) {
  grpc_byte_buffer_reader reader;
  if (grpc_byte_buffer_reader_init(&reader, request) == 0) return absl::OkStatus();
  std::vector<grpc_slice> slices;
  for (grpc_slice slice; grpc_byte_buffer_reader_next(&reader, &slice) != 0;) slices.push_back(slice);
  std::vector<std::string_view> pieces;
  for (const grpc_slice& slice : slices) {
    pieces.emplace_back(reinterpret_cast<const char*>(GRPC_SLICE_START_PTR(slice)), GRPC_SLICE_LENGTH(slice));
  }
  absl::Status status = CheckSize(type, pieces);
  for (const grpc_slice& slice : slices) grpc_slice_unref(slice);
  grpc_byte_buffer_reader_destroy(&reader);
  return status;
}

// Of "/dongxi.v1.MatchService/Match"; null if the method is not linked in.
const Descriptor* RequestTypeOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return nullptr;
  const auto* const service =
      DescriptorPool::generated_pool()->FindServiceByName(std::string(path.substr(1, slash - 1)));
  const auto* const method =
      service == nullptr ? nullptr : service->FindMethodByName(std::string(path.substr(slash + 1)));
  return method == nullptr ? nullptr : method->input_type();
}

// A method as it was, but for the decoding.
class GuardedHandler : public MethodHandler {
 public:
  explicit GuardedHandler(std::unique_ptr<RpcServiceMethod> method)
      : method_(std::move(method)), type_(RequestTypeOf(method_->name())) {}

  void RunHandler(const HandlerParameter& parameter) override { method_->handler()->RunHandler(parameter); }
  void* Deserialize(grpc_call* call, grpc_byte_buffer* request, grpc::Status* status, void** data) override {
    if (!verdict.turned_away && request != nullptr && type_ != nullptr)
      verdict.size = CheckSize(*type_, request);
    if (verdict.turned_away || !verdict.size.ok()) {
      grpc_byte_buffer_destroy(request);
      request = grpc_raw_byte_buffer_create(nullptr, 0);
    }
    return method_->handler()->Deserialize(call, request, status, data);
  }

 private:
  const std::unique_ptr<RpcServiceMethod> method_;
  const Descriptor* const type_;
};

// grpc::Service keeps its methods to itself, and the code that protoc writes makes them with handlers that
// decode at once. An explicit instantiation may name what is private, so this needs no change of either.
using Methods = std::vector<std::unique_ptr<RpcServiceMethod>>;
Methods& MethodsOf(grpc::Service& service);
template <Methods grpc::Service::*kMember>
struct MethodsOpened {
  friend Methods& MethodsOf(grpc::Service& service) { return service.*kMember; }
};
template struct MethodsOpened<&grpc::Service::methods_>;

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewDecodeGuard(
    const Admission* admission) {
  return std::make_unique<Judge>(admission);
}

void GuardDecoding(grpc::Service* service) {
  for (std::unique_ptr<RpcServiceMethod>& method : MethodsOf(*service)) {
    if (method == nullptr || method->handler() == nullptr) continue;
    const char* const name = method->name();
    const auto type = method->method_type();
    const RpcServiceMethod::ApiType api = method->api_type();
    auto guarded = std::make_unique<RpcServiceMethod>(name, type, new GuardedHandler(std::move(method)));
    if (api != RpcServiceMethod::ApiType::SYNC) guarded->SetServerApiType(api);
    method = std::move(guarded);
  }
}

absl::Status SizeError(const grpc::ServerContextBase& context) {
  return verdict.context == &context ? verdict.size : absl::OkStatus();
}

void ReplaceHandler(grpc::Service* service, const std::string& method,
                    std::unique_ptr<MethodHandler> handler) {
  for (std::unique_ptr<RpcServiceMethod>& one : MethodsOf(*service)) {
    const std::string_view path = one->name();
    if (path.substr(path.rfind('/') + 1) != method) continue;
    one = std::make_unique<RpcServiceMethod>(one->name(), one->method_type(), handler.release());
    return;
  }
}

absl::Status DecodeWithinBounds(const grpc::ByteBuffer& bytes, google::protobuf::Message* message) {
  std::vector<grpc::Slice> slices;
  if (!bytes.Dump(&slices).ok()) return absl::InternalError("a message of a stream cannot be read");
  std::vector<std::string_view> pieces;
  for (const grpc::Slice& slice : slices)
    pieces.emplace_back(reinterpret_cast<const char*>(slice.begin()), slice.size());
  DX_RETURN_IF_ERROR(CheckSize(*message->GetDescriptor(), pieces));
  PiecesStream stream(pieces);
  if (message->ParseFromZeroCopyStream(&stream.stream())) return absl::OkStatus();
  return absl::InvalidArgumentError("the message is none of the type " + message->GetTypeName());
}

bool WasTurnedAway(const grpc::ServerContextBase& context) {
  return verdict.context == &context && verdict.turned_away;
}

}  // namespace dongxi
