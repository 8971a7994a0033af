#include "server/reflection_guard.h"

#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "server/load_control.h"
#include "server/stall_watch.h"

namespace dongxi {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;

constexpr std::string_view kReflection = "/grpc.reflection.";
constexpr char kMethod[] = "ServerReflection.ServerReflectionInfo";  // its row in access.cc, in every version

// One call. All hooks but that of TryCancel, which is none of those below, come on the thread of its handler.
class Guard : public Interceptor {
 public:
  // All outlive it. `gate` null: cancels.
  Guard(ServerRpcInfo* info, const CallGate* gate, absl::Duration stall_max, StallWatch* stalls)
      : info_(info), gate_(gate), stall_max_(stall_max), stalls_(stalls) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      Begin();
    } else if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE)) {
      Asked();
    } else if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      wait_.reset();
      permit_.reset();
    }
    methods->Proceed();  // the first time it runs the whole call, and this is gone when it returns
  }

 private:
  void Begin() {
    if (gate_ == nullptr) return Cancel();
    absl::StatusOr<LoadControl::Permit> permit = gate_->Enter(*info_->server_context(), kMethod);
    if (!permit.ok()) return Cancel();
    permit_.emplace(*std::move(permit));
    AwaitQuestion();
  }

  void Asked() {
    if (!permit_.has_value()) return;  // cancelled when it began
    wait_.reset();
    if (!gate_->Admits(*info_->server_context(), kMethod)) return Cancel();
    AwaitQuestion();
  }

  // The time that the peer takes for the answer before is part of it.
  void AwaitQuestion() {
    wait_.emplace(stalls_, stall_max_, [this] { Cancel(); });
  }

  void Cancel() { info_->server_context()->TryCancel(); }

  ServerRpcInfo* const info_;
  const CallGate* const gate_;
  const absl::Duration stall_max_;
  StallWatch* const stalls_;
  std::optional<LoadControl::Permit> permit_;
  std::optional<StallWatch::Wait> wait_;
};

class Factory : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  Factory(const CallGate* gate, absl::Duration stall_max) : gate_(gate), stall_max_(stall_max) {}

  Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    const bool guarded = std::string_view(info->method()).starts_with(kReflection);
    // gRPC owns it and passes null over.
    return guarded ? new Guard(info, gate_, stall_max_, &stalls_) : nullptr;
  }

 private:
  const CallGate* const gate_;
  const absl::Duration stall_max_;
  StallWatch stalls_;  // the server ends after its calls, and its factories after it
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewReflectionGuard(
    const CallGate* gate, bool reflection, absl::Duration stall_max) {
  return std::make_unique<Factory>(reflection ? gate : nullptr, stall_max);
}

}  // namespace dongxi
