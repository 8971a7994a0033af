// gRPC's own reflection service, of which each stream holds a thread of the server: bounded as our streams
// are.
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <memory>
#include <string>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "tests/server/security_fixture.h"

namespace dongxi {
namespace {

using grpc::StatusCode;

// Spoken by hand, because Debian has no package with its .proto.
constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
constexpr char kListServices[] = "\x3a\x01*";  // ServerReflectionRequest.list_services = "*"

void Prepare(const std::string& token, grpc::ClientContext* context) {
  context->AddMetadata("authorization", "Bearer " + token);
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
}

class Stream {
 public:
  Stream(const std::shared_ptr<grpc::Channel>& channel, const std::string& token) : stub_(channel) {
    Prepare(token, &context_);
    stream_ = stub_.PrepareCall(&context_, kReflection, &queue_);
    stream_->StartCall(this);
    Await();
  }
  ~Stream() {
    context_.TryCancel();
    queue_.Shutdown();
    Await();
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Whether a question is answered.
  bool Ask() {
    const grpc::Slice question{std::string(kListServices)};
    stream_->Write(grpc::ByteBuffer(&question, 1), this);
    if (!Await()) return false;
    grpc::ByteBuffer answer;
    stream_->Read(&answer, this);
    return Await();
  }
  // How the server ended it.
  StatusCode End() {
    grpc::Status status;
    stream_->Finish(&status, this);
    Await();
    return status.error_code();
  }

 private:
  bool Await() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
};

// Many streams at a time that ask nothing.
class Flood {
 public:
  Flood(const std::shared_ptr<grpc::Channel>& channel, const std::string& token, int count)
      : stub_(channel), count_(count) {
    for (int i = 0; i < count; ++i) {
      One& one = streams_.emplace_back();
      Prepare(token, &one.context);
      one.stream = stub_.PrepareCall(&one.context, kReflection, &queue_);
      one.stream->StartCall(nullptr);
      one.stream->Finish(&one.status, &one);
    }
  }
  ~Flood() {
    for (One& one : streams_) one.context.TryCancel();
    while (events_ < 2 * count_ && Next(std::chrono::minutes(1))) {
    }
    queue_.Shutdown();
    Next(std::chrono::minutes(1));
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  // Waits until the server has ended all but `left` of them; false if it does not.
  bool AwaitAllBut(int left) {
    while (ended_ < count_ - left) {
      if (!Next(std::chrono::seconds(30))) return false;
    }
    return true;
  }

 private:
  struct One {
    grpc::ClientContext context;
    std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream;
    grpc::Status status;
  };

  bool Next(std::chrono::seconds patience) {
    void* tag = nullptr;
    bool ok = false;
    const auto until = std::chrono::system_clock::now() + patience;
    if (queue_.AsyncNext(&tag, &ok, until) != grpc::CompletionQueue::GOT_EVENT) return false;
    ++events_;
    if (tag != nullptr) ++ended_;
    return true;
  }

  grpc::GenericStub stub_;
  const int count_;
  grpc::CompletionQueue queue_;
  std::deque<One> streams_;
  int events_ = 0;  // one for the begin of each and one for its end
  int ended_ = 0;
};

using ReflectionTest = SecurityTest;

TEST_F(ReflectionTest, ManyStreamsOfOneTokenDoNotKeepOthersOut) {
  const std::string reader = Create("read");
  ServerOptions options = OptionsFor(data());
  options.threads = 16;
  running_ = StartServer(options);
  ASSERT_NE(running_.server, nullptr);
  Flood flood(running_.channel, reader, /*count=*/200);
  EXPECT_TRUE(flood.AwaitAllBut(1)) << "one token has one stream of sixteen threads";
  grpc::ClientContext context;
  Prepare(operator_, &context);
  pb::CreateNeedRequest request;
  request.mutable_need()->set_title("盐湖提锂");
  request.mutable_need()->set_wanted("提锂吸附剂");
  request.mutable_need()->set_region_code("63");
  pb::Need need;
  const grpc::Status status =
      pb::CatalogueService::NewStub(running_.channel)->CreateNeed(&context, request, &need);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(ReflectionTest, AStreamThatAsksNothingIsCutOff) {
  ServerOptions options = OptionsFor(data());
  options.stall_max = absl::Seconds(2);
  running_ = StartServer(options);
  ASSERT_NE(running_.server, nullptr);
  Stream silent(running_.channel, operator_), asking(running_.channel, operator_);
  EXPECT_TRUE(asking.Ask());
  EXPECT_EQ(silent.End(), StatusCode::CANCELLED);
  EXPECT_EQ(asking.End(), StatusCode::CANCELLED) << "it fell silent";
}

TEST_F(ReflectionTest, AStreamOfARevokedTokenIsAnsweredNoMore) {
  const std::string reader = Create("read");
  Start();
  Stream stream(running_.channel, reader);
  ASSERT_TRUE(stream.Ask());
  ASSERT_TRUE(stream.Ask());
  RevokeLastTokenIn(data());
  AwaitRefused(reader);
  EXPECT_FALSE(stream.Ask());
  EXPECT_EQ(stream.End(), StatusCode::CANCELLED);
}

TEST_F(ReflectionTest, ATokenOfSomeMethodsReflectsIfItNamesReflection) {
  const std::string without = Create("read", [](Token* t) { t->methods = {"MatchService.*"}; });
  const std::string with = Create("read", [](Token* t) {
    t->methods = {"MatchService.*", "ServerReflection.*"};
  });
  Start();
  EXPECT_FALSE(Stream(running_.channel, without).Ask());
  EXPECT_TRUE(Stream(running_.channel, with).Ask());
}

TEST_F(ReflectionTest, AStreamTakesOneOfItsTokensRate) {
  const std::string slow = Create("read", [](Token* t) { t->rate = {.per_second = 0.01, .burst = 2}; });
  Start();
  EXPECT_TRUE(Stream(running_.channel, slow).Ask());
  EXPECT_TRUE(Stream(running_.channel, slow).Ask());
  EXPECT_FALSE(Stream(running_.channel, slow).Ask());
  EXPECT_TRUE(Stream(running_.channel, operator_).Ask()) << "others are not slowed down";
}

}  // namespace
}  // namespace dongxi
