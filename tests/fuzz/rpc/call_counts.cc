#include "tests/fuzz/rpc/call_counts.h"

#include <sys/resource.h>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace dongxi::fuzz {
namespace {

double ProcessorSeconds() {
  struct rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

CallCounts::CallCounts(std::span<const Method* const> methods) {
  for (const Method* const method : methods) calls_[GateNameOf(*method)];
}

void CallCounts::Add(const Method& method, grpc::StatusCode code) {
  ++calls_[GateNameOf(method)][absl::StatusCodeToString(static_cast<absl::StatusCode>(code))];
  ++total_;
}

void CallCounts::AddUnreadable(const Method& method) {
  ++calls_[GateNameOf(method)]["unreadable"];
  ++total_;
}

std::map<std::string, uint64_t> CallCounts::Of(const Method& method) const {
  const auto found = calls_.find(GateNameOf(method));
  return found == calls_.end() ? std::map<std::string, uint64_t>() : found->second;
}

std::string CallCounts::Table() const {
  std::string table;
  size_t called = 0;
  for (const auto& [method, codes] : calls_) {
    uint64_t calls = 0;
    std::string by_code;
    for (const auto& [code, count] : codes) {
      calls += count;
      absl::StrAppendFormat(&by_code, "%s%s %d", by_code.empty() ? "" : ", ", code, count);
    }
    called += calls > 0 ? 1 : 0;
    absl::StrAppendFormat(&table, "rpc %-44s %9d calls: %s\n", method, calls, by_code);
  }
  absl::StrAppendFormat(&table, "rpc total: %d calls of %d of %d methods, %.0f s of processor time\n", total_,
                        called, calls_.size(), ProcessorSeconds());
  return table;
}

}  // namespace dongxi::fuzz
