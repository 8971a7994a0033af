#include "server/decode_guard.h"

#include <grpc/byte_buffer.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/server_context.h"

namespace dongxi {
namespace {

using grpc::experimental::Interceptor;
using grpc::experimental::ServerRpcInfo;
using grpc::internal::MethodHandler;
using grpc::internal::RpcServiceMethod;

// The call that this thread judged last: gRPC asks for its interceptors, decodes its request and calls its
// handler in one go.
struct Verdict {
  const grpc::ServerContextBase* context = nullptr;
  bool turned_away = false;
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
               ours && !admission_->Admits(AuthorizationOf(*info->server_context()), MethodOf(path))};
    return nullptr;  // gRPC passes null over.
  }

 private:
  const Admission* const admission_;
};

// A method as it was, but for the decoding.
class GuardedHandler : public MethodHandler {
 public:
  explicit GuardedHandler(std::unique_ptr<RpcServiceMethod> method) : method_(std::move(method)) {}

  void RunHandler(const HandlerParameter& parameter) override { method_->handler()->RunHandler(parameter); }
  void* Deserialize(grpc_call* call, grpc_byte_buffer* request, grpc::Status* status, void** data) override {
    if (verdict.turned_away) {
      grpc_byte_buffer_destroy(request);
      request = grpc_raw_byte_buffer_create(nullptr, 0);
    }
    return method_->handler()->Deserialize(call, request, status, data);
  }

 private:
  const std::unique_ptr<RpcServiceMethod> method_;
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

bool WasTurnedAway(const grpc::ServerContextBase& context) {
  return verdict.context == &context && verdict.turned_away;
}

}  // namespace dongxi
