// Every RPC of a server by its descriptor, for tests of what all of them have in common.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "server/server.h"

namespace dongxi {

struct Rpc {
  std::string path;    // "/dongxi.v1.MatchService/Match"
  std::string method;  // "MatchService.Match"
};

inline std::vector<Rpc> AllRpcs(const Server& server) {
  std::vector<Rpc> rpcs;
  for (const std::string& name : server.service_names()) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    EXPECT_NE(service, nullptr) << name;
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      const std::string method = service->method(i)->name();
      rpcs.push_back({"/" + name + "/" + method, service->name() + "." + method});
    }
  }
  return rpcs;
}

// One RPC with an empty request, whatever its kind. `token` empty: none is shown.
inline grpc::Status CallEmpty(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                              const std::string& token) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(1'500));
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, path, grpc::ByteBuffer(nullptr, 0), &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, &queue);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status;
}

}  // namespace dongxi
