#include "server/reflection_guard.h"

#include <string_view>

#include "grpcpp/server_context.h"

namespace dongxi {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;

constexpr std::string_view kReflection = "/grpc.reflection.";

class Guard : public Interceptor {
 public:
  Guard(ServerRpcInfo* info, const CallGate* gate, bool reflection)
      : info_(info), gate_(gate), reflection_(reflection) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_INITIAL_METADATA) &&
        (!reflection_ || !gate_->Admits(*info_->server_context()))) {
      info_->server_context()->TryCancel();
    }
    methods->Proceed();
  }

 private:
  ServerRpcInfo* const info_;
  const CallGate* const gate_;
  const bool reflection_;
};

class Factory : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  Factory(const CallGate* gate, bool reflection) : gate_(gate), reflection_(reflection) {}

  Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    const bool guarded = std::string_view(info->method()).substr(0, kReflection.size()) == kReflection;
    return guarded ? new Guard(info, gate_, reflection_) : nullptr;  // gRPC owns it and passes null over.
  }

 private:
  const CallGate* const gate_;
  const bool reflection_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewReflectionGuard(
    const CallGate* gate, bool reflection) {
  return std::make_unique<Factory>(gate, reflection);
}

}  // namespace dongxi
