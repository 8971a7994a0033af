#include "server/health_hold.h"

#include <string_view>

namespace dongxi {
namespace {

using grpc::experimental::Interceptor;
using grpc::experimental::ServerRpcInfo;

constexpr std::string_view kHealth = "/grpc.health.v1.Health/";

class Hold : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Hold(const absl::Notification* told) : told_(told) {}

  // gRPC asks for the interceptors of a call before it runs its handler.
  Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    if (std::string_view(info->method()).starts_with(kHealth)) told_->WaitForNotification();
    return nullptr;  // gRPC passes null over.
  }

 private:
  const absl::Notification* const told_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewHealthHold(
    const absl::Notification* told) {
  return std::make_unique<Hold>(told);
}

}  // namespace dongxi
