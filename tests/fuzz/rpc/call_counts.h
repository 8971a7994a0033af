// How often each RPC was called and what came back. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "grpcpp/support/status_code_enum.h"
#include "tests/fuzz/rpc/rpc_methods.h"

namespace dongxi::fuzz {

class CallCounts {
 public:
  explicit CallCounts(std::span<const Method* const> methods);

  void Add(const Method& method, grpc::StatusCode code);
  // A request whose bytes are no message of the method; it counts as a call too.
  void AddUnreadable(const Method& method);

  // Calls of one method by the name of its code ("OK", "NOT_FOUND" …, "unreadable").
  std::map<std::string, uint64_t> Of(const Method& method) const;
  uint64_t total() const { return total_; }
  // A line for each method, those that were never called too, and the sum, with the processor time of this
  // process: "rpc MatchService.Match 120 calls: OK 40, NOT_FOUND 80".
  std::string Table() const;

 private:
  std::map<std::string, std::map<std::string, uint64_t>> calls_;  // by GateNameOf
  uint64_t total_ = 0;
};

}  // namespace dongxi::fuzz
