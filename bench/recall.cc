#include "bench/recall.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <random>
#include <vector>

#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr float kRounding = 1e-5F;  // between the dot products of two implementations

// The share of `best` (the exact answer) that `found` holds.
absl::StatusOr<double> RecallOf(const std::vector<Neighbor>& found, const std::vector<Neighbor>& best,
                                const VectorIndex& exact, std::span<const float> query) {
  if (best.empty()) return 1.0;
  std::vector<DocId> docs;
  for (const Neighbor& neighbor : found) docs.push_back(neighbor.doc);
  DX_ASSIGN_OR_RETURN(const std::vector<float> similarities, exact.Similarities(query, docs));
  const float limit = best.back().similarity - kRounding;
  const auto right =
      std::count_if(similarities.begin(), similarities.end(), [&](float s) { return s >= limit; });
  return std::min(1.0, static_cast<double>(right) / static_cast<double>(best.size()));
}

bool IsZero(std::span<const float> vector) {
  return std::all_of(vector.begin(), vector.end(), [](float value) { return value == 0; });
}

}  // namespace

absl::StatusOr<RecallResult> MeasureRecall(const VectorIndex& index, const VectorIndex& exact,
                                           const Matrix& queries, int k, const DocSet* allowed) {
  RecallResult result;
  std::vector<double> milliseconds;
  double total = 0;
  for (size_t i = 0; i < queries.rows(); ++i) {
    const std::span<const float> query = queries.row(i);
    if (IsZero(query)) continue;
    const auto start = std::chrono::steady_clock::now();
    DX_ASSIGN_OR_RETURN(const std::vector<Neighbor> found, index.Search(query, k, allowed, {}));
    const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
    milliseconds.push_back(elapsed.count());
    DX_ASSIGN_OR_RETURN(const std::vector<Neighbor> best, exact.Search(query, k, allowed, {}));
    DX_ASSIGN_OR_RETURN(const double recall, RecallOf(found, best, exact, query));
    total += recall;
    result.lowest = std::min(result.lowest, recall);
    result.short_answers += found.size() < best.size() ? 1 : 0;
  }
  if (milliseconds.empty()) return absl::InvalidArgumentError("recall: no query with a known term");
  result.recall = total / static_cast<double>(milliseconds.size());
  result.milliseconds = SpreadOf(milliseconds);
  return result;
}

DocSet RandomDocs(size_t documents, double share, uint64_t seed) {
  std::vector<DocId> all(documents);
  std::iota(all.begin(), all.end(), DocId{0});
  const auto count =
      std::clamp<size_t>(static_cast<size_t>(share * static_cast<double>(documents)), 1, documents);
  std::mt19937_64 random(seed);
  for (size_t i = 0; i < count; ++i) std::swap(all[i], all[i + random() % (documents - i)]);
  all.resize(count);
  std::sort(all.begin(), all.end());
  return {std::move(all)};
}

}  // namespace dongxi::bench
