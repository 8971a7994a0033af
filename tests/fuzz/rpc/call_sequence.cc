#include "tests/fuzz/rpc/call_sequence.h"

#include <cstddef>
#include <utility>

#include "tests/fuzz/rpc/byte_source.h"

namespace dongxi::fuzz {
namespace {

constexpr size_t kLengthBytes = 2;

size_t Below(size_t end, std::mt19937& random) { return random() % end; }

std::string NewCall(std::mt19937& random) {
  std::string call(kCallHeadBytes + 8 + Below(120, random), '\0');
  for (char& byte : call) byte = static_cast<char>(random());
  return call;
}

}  // namespace

std::vector<std::string> SplitCalls(std::string_view input) {
  std::vector<std::string> calls;
  ByteSource bytes(input);
  while (!bytes.empty() && calls.size() < kCallsMax) {
    const size_t length = bytes.Take16();
    calls.emplace_back(bytes.Take(length));
  }
  return calls;
}

std::string JoinCalls(const std::vector<std::string>& calls, size_t size_max) {
  std::string input;
  for (const std::string& call : calls) {
    const std::string_view kept = std::string_view(call).substr(0, kCallBytesMax);
    if (input.size() + kLengthBytes + kept.size() > size_max) break;
    input += static_cast<char>(kept.size() & 0xFF);
    input += static_cast<char>(kept.size() >> 8);
    input += kept;
  }
  return input;
}

std::string MutateCalls(std::string_view input, size_t size_max, std::mt19937& random,
                        const MutateBytes& mutate) {
  std::vector<std::string> calls = SplitCalls(input);
  if (calls.empty()) return JoinCalls({NewCall(random)}, size_t{size_max});
  const size_t at = Below(calls.size(), random);
  switch (Below(12, random)) {
    case 0:
      calls.insert(calls.begin() + static_cast<std::ptrdiff_t>(at), NewCall(random));
      break;
    case 1:
      calls.push_back(NewCall(random));
      break;
    case 2:
      calls.push_back(calls[at]);
      break;
    case 3:
      if (calls.size() > 1) calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 4:
      std::swap(calls[at], calls[Below(calls.size(), random)]);
      break;
    case 5:  // another method or caller, the same request
      for (size_t i = 0; i < kCallHeadBytes && i < calls[at].size(); ++i) {
        if (random() % 2 == 0) calls[at][i] = static_cast<char>(random());
      }
      break;
    default:
      mutate(&calls[at], kCallBytesMax);
  }
  if (calls.size() > kCallsMax) calls.erase(calls.begin());
  return JoinCalls(calls, size_max);
}

std::string CrossCalls(std::string_view first, std::string_view second, size_t size_max,
                       std::mt19937& random) {
  std::vector<std::string> calls = SplitCalls(first);
  const std::vector<std::string> others = SplitCalls(second);
  calls.resize(Below(calls.size() + 1, random));
  const size_t from = Below(others.size() + 1, random);
  for (size_t i = from; i < others.size() && calls.size() < kCallsMax; ++i) calls.push_back(others[i]);
  return JoinCalls(calls, size_max);
}

}  // namespace dongxi::fuzz
