#include "bench/judge/pool.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "bench/judge/shuffle.h"
#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

using OriginsOfCandidate = std::map<std::string, std::vector<PoolOrigin>, std::less<>>;
using OriginsOfPair = std::map<std::string, OriginsOfCandidate, std::less<>>;  // need -> candidate -> origins

absl::Status CheckRuns(const std::vector<NamedRun>& runs, const std::set<std::string, std::less<>>& needs) {
  if (runs.empty()) return absl::InvalidArgumentError("no run; expected at least one with --run");
  std::set<std::string> files;
  for (const NamedRun& named : runs) {
    if (!files.insert(named.file).second)
      return absl::InvalidArgumentError(named.file +
                                        ": given twice; give every run once, under its own file name");
    for (const auto& [query, documents] : named.run.queries) {
      if (needs.contains(query)) continue;
      return absl::InvalidArgumentError(
          named.file + ": query " + query +
          " is not among the queries; give the file of queries this run was made for");
    }
  }
  return absl::OkStatus();
}

bool IsJudged(const Qrels& judged, const std::string& need, const std::string& candidate) {
  const auto found = judged.find(need);
  return found != judged.end() && found->second.contains(candidate);
}

OriginsOfPair Collect(const std::vector<NamedRun>& runs, const PoolOptions& options) {
  OriginsOfPair origins;
  for (size_t run = 0; run < runs.size(); ++run) {
    for (const auto& [query, documents] : runs[run].run.queries) {
      const size_t count = std::min(documents.size(), static_cast<size_t>(options.depth));
      for (size_t i = 0; i < count; ++i)
        origins[query][documents[i].document].push_back({run, static_cast<int>(i) + 1});
    }
  }
  return origins;
}

void AppendShuffled(const std::string& need, OriginsOfCandidate& candidates, Random& random, Pool& pool) {
  std::vector<PoolPair> pairs;
  for (auto& [candidate, origins] : candidates) pairs.push_back({need, candidate, std::move(origins)});
  Shuffle(pairs, random);
  std::move(pairs.begin(), pairs.end(), std::back_inserter(pool.pairs));
}

}  // namespace

absl::StatusOr<Pool> MakePool(const std::vector<NamedRun>& runs,
                              const std::set<std::string, std::less<>>& needs, const Qrels& judged,
                              const PoolOptions& options) {
  DX_RETURN_IF_ERROR(CheckRuns(runs, needs));
  Pool pool{.seed = options.seed, .depth = options.depth};
  for (const NamedRun& named : runs) pool.runs.push_back({named.file, named.run.tag});
  OriginsOfPair origins = Collect(runs, options);
  std::vector<std::string> order;
  for (const std::string& need : needs) {
    const auto found = origins.find(need);
    if (found == origins.end()) {
      pool.unanswered.push_back(need);
      continue;
    }
    pool.already_judged +=
        std::erase_if(found->second, [&](const auto& entry) { return IsJudged(judged, need, entry.first); });
    if (!found->second.empty()) order.push_back(need);
  }
  if (order.empty()) {
    return absl::InvalidArgumentError(
        "the pool is empty: " + std::to_string(pool.already_judged) +
        " pairs, all judged already; expected pairs without a judgement; use a larger "
        "--depth, other runs, or no --qrels");
  }
  Random random(options.seed);
  Shuffle(order, random);
  for (const std::string& need : order) AppendShuffled(need, origins[need], random, pool);
  return pool;
}

std::string PoolId(const Pool& pool) {
  uint32_t crc = 0;
  for (const PoolPair& pair : pool.pairs) crc = Crc32c(pair.need + "\t" + pair.candidate + "\n", crc);
  return absl::StrFormat("%08x", crc);
}

std::string PairNumber(std::string_view pool_id, size_t place) {
  return absl::StrFormat("P%s-%04d", std::string(pool_id), place + 1);
}

}  // namespace dongxi::bench
