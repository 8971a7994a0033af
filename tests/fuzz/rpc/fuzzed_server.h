// The server that the RPC fuzzer calls: the real one, with a real catalogue, generation, backup and tokens in
// a temporary folder, called within the process. One thread at a time. Runs from the root of the repository,
// where data/ lies.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "server/server.h"
#include "tests/fuzz/rpc/answer_check.h"
#include "tests/fuzz/rpc/rpc_methods.h"
#include "tests/server/server_testing.h"

namespace dongxi::fuzz {

// Who calls: tokens of the operator, of offices of two tenants, of a reader and of a tenant's administrator.
struct FuzzedCaller {
  std::string token;
  Viewer viewer;
};

class FuzzedServer {
 public:
  // Makes the folder and starts a server on it. What is written until the first Restart belongs to the state
  // that every Restart begins from.
  static absl::StatusOr<std::unique_ptr<FuzzedServer>> Start();
  ~FuzzedServer();
  FuzzedServer(const FuzzedServer&) = delete;
  FuzzedServer& operator=(const FuzzedServer&) = delete;

  // A new server on a copy of the folder as it was at the first Restart. Errors: of the end of the old server
  // and of the start of the new one.
  absl::Status Restart();

  const std::vector<FuzzedCaller>& callers() const { return callers_; }  // the operator first
  std::vector<std::string> services() const { return server_->service_names(); }

  Answer Call(const Method& method, const std::string& request, const FuzzedCaller& caller,
              absl::Duration timeout) const;

 private:
  FuzzedServer() = default;
  absl::Status Open(const std::filesystem::path& data);
  absl::Status Close();
  void AddCaller(const std::string& permissions, const std::string& tenant, Disclosure disclosure);

  TemporaryFolder folder_;  // begin/ and, from the first Restart on, now/
  std::vector<FuzzedCaller> callers_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace dongxi::fuzz
