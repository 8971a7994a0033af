// The pairs that people are to judge: the best answers of several systems together, in an order that says
// nothing about the systems. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/quality/qrels.h"
#include "bench/quality/run_file.h"

namespace dongxi::bench {

inline constexpr int kPoolDepthDefault = 20;

struct PoolRun {
  std::string file;  // its name without folders
  std::string tag;
};

// That a run has the pair, and at which rank (from 1, equal scores in byte order of the name).
struct PoolOrigin {
  size_t run = 0;  // place in Pool::runs
  int rank = 0;
  bool operator==(const PoolOrigin&) const = default;
};

struct PoolPair {
  std::string need;
  std::string candidate;
  std::vector<PoolOrigin> origins;  // by run
};

struct Pool {
  uint64_t seed = 1;
  int depth = kPoolDepthDefault;
  std::vector<PoolRun> runs;
  std::vector<PoolPair> pairs;          // in the sheet's order: a need's candidates stand together
  size_t already_judged = 0;            // pairs left out
  std::vector<std::string> unanswered;  // needs of which no run has an answer
};

struct NamedRun {
  std::string file;
  SystemRun run;
};

struct PoolOptions {
  int depth = kPoolDepthDefault;
  uint64_t seed = 1;
};

// Needs in shuffled order, and a need's candidates in shuffled order; both depend on the pairs and the seed
// only, not on the order of runs or lines. InvalidArgument: no run, a query that `needs` does not have (with
// its run file), the same file twice, no pair left.
absl::StatusOr<Pool> MakePool(const std::vector<NamedRun>& runs,
                              const std::set<std::string, std::less<>>& needs, const Qrels& judged,
                              const PoolOptions& options);

// What the sheets of a pool carry to be known again: CRC-32C of all pairs in order, 8 hexadecimal digits.
std::string PoolId(const Pool& pool);

// P1a2b3c4d-0001: the pool and the place of the pair in it, from 1.
std::string PairNumber(std::string_view pool_id, size_t place);

}  // namespace dongxi::bench
