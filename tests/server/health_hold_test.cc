// What grpc.health.v1 says between the moment that a server listens and the first word of its health.
#include "server/health_hold.h"

#include <gtest/gtest.h>

#include "dongxi/v1/health.grpc.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "server/listener.h"

namespace dongxi {
namespace {

constexpr char kNotServing[] = "\x08\x02";

// One Health/Check of "", spoken by hand as in server_test.cc.
class Check {
 public:
  explicit Check(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {
    const grpc::Slice nothing("");
    call_ = stub_.PrepareUnaryCall(&context_, "/grpc.health.v1.Health/Check", grpc::ByteBuffer(&nothing, 1),
                                   &queue_);
    call_->StartCall();
    call_->Finish(&answer_, &status_, this);
  }
  // False if it was not answered by then.
  bool AnsweredWithin(std::chrono::milliseconds time) {
    void* tag = nullptr;
    bool ok = false;
    return queue_.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + time) ==
           grpc::CompletionQueue::GOT_EVENT;
  }
  std::string Answer() const {
    std::vector<grpc::Slice> slices;
    std::string text;
    if (!status_.ok() || !answer_.Dump(&slices).ok()) return status_.error_message();
    for (const grpc::Slice& slice : slices)
      text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    return text;
  }

 private:
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> call_;
  grpc::ByteBuffer answer_;
  grpc::Status status_;
};

TEST(HealthHoldTest, NobodyIsToldThatAServerServesBeforeItSaysItself) {
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.reflection = false;
  dongxi::v1::HealthService::Service service;
  const RegisteredService services[] = {{&service, "dongxi.v1.HealthService"}};
  absl::Notification told;
  int port = 0;
  const auto server = Listen(options, services, /*gate=*/nullptr, /*admission=*/nullptr, &told, &port);
  ASSERT_TRUE(server.ok()) << server.status();
  const auto channel =
      grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials());
  ASSERT_TRUE(channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10)));
  Check early(channel);
  EXPECT_FALSE(early.AnsweredWithin(std::chrono::milliseconds(200))) << early.Answer();
  (*server)->GetHealthCheckService()->SetServingStatus("", false);
  told.Notify();
  ASSERT_TRUE(early.AnsweredWithin(std::chrono::seconds(10)));
  EXPECT_EQ(early.Answer(), kNotServing);
}

}  // namespace
}  // namespace dongxi
