// Runs inputs of the RPC fuzzer against a real server: bytes to a sequence of calls, each answer checked and
// learnt from. One thread at a time.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/fuzz/rpc/byte_source.h"
#include "tests/fuzz/rpc/call_counts.h"
#include "tests/fuzz/rpc/fuzzed_server.h"
#include "tests/fuzz/rpc/live_values.h"

namespace dongxi::fuzz {

struct RpcFuzzerOptions {
  int inputs_a_server =
      500;  // then a new server begins from the first state: what was written shall not pile up
  std::FILE* trace = nullptr;  // each call and what came back; null: none
};

class RpcFuzzer {
 public:
  // Prepares the server's folder (records, a generation, matches, engagements, watches, operations, a backup)
  // and starts it. From then on protobuf is silent about texts that are not UTF-8. Errors: what went wrong
  // there.
  static absl::StatusOr<std::unique_ptr<RpcFuzzer>> Start(const RpcFuzzerOptions& options);

  // Makes the calls of one input (see call_sequence.h). Each begins with the number of its method (u16), its
  // caller and its options; the rest is its request. Empty if every answer was right, else what was wrong,
  // with the requests of the input.
  std::string Run(std::string_view input);

  const std::vector<const Method*>& methods() const { return methods_; }
  const CallCounts& counts() const { return *counts_; }

 private:
  struct Made {
    const Method* method;
    std::unique_ptr<google::protobuf::Message> request;
    std::string outcome;
  };

  explicit RpcFuzzer(const RpcFuzzerOptions& options) : options_(options) {}
  absl::Status WarmUp();
  std::string WarmUpBy(const std::string& method, std::string request, size_t caller);
  std::string RunCall(std::string_view call);
  std::string Describe() const;

  const RpcFuzzerOptions options_;
  std::unique_ptr<FuzzedServer> server_;
  std::vector<const Method*> methods_;
  std::unique_ptr<CallCounts> counts_;
  LiveValues values_;
  std::vector<Made> made_;  // calls of this input
  int inputs_ = 0;          // of this server
};

}  // namespace dongxi::fuzz
