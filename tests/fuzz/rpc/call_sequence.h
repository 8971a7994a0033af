// An input of the RPC fuzzer is a sequence of calls, each its length (u16, little-endian) and so many bytes:
// a change within one call leaves the others as they are. Pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace dongxi::fuzz {

inline constexpr size_t kCallsMax = 8;
inline constexpr size_t kCallBytesMax = 2'048;
// What a call begins with: method (u16), caller, options; see RpcFuzzer::Run.
inline constexpr size_t kCallHeadBytes = 4;

// At most kCallsMax calls; a last one that is cut short has fewer bytes than it says.
std::vector<std::string> SplitCalls(std::string_view input);
// The inverse, of calls cut to kCallBytesMax. Whole calls only, as many as fit into `size_max`.
std::string JoinCalls(const std::vector<std::string>& calls, size_t size_max);

// Changes the bytes of one call, as LLVMFuzzerMutate does.
using MutateBytes = std::function<void(std::string* bytes, size_t size_max)>;
// One step from `input` to a neighbour: a call changed, added, repeated, left out, or two exchanged.
std::string MutateCalls(std::string_view input, size_t size_max, std::mt19937& random,
                        const MutateBytes& mutate);
// The first calls of one input, then the last of another.
std::string CrossCalls(std::string_view first, std::string_view second, size_t size_max,
                       std::mt19937& random);

}  // namespace dongxi::fuzz
