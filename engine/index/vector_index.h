// Nearest neighbours among the embeddings of one collection of one generation.
// Immutable after construction; all methods may be called from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/base/files.h"
#include "engine/embed/embedder.h"
#include "engine/index/types.h"

namespace dongxi {

inline constexpr int kNeighborsMax = 10'000;

struct Neighbor {
  DocId doc = 0;         // valid only inside this generation
  float similarity = 0;  // cosine in [-1, 1]; higher is closer
  bool operator==(const Neighbor&) const = default;
};

// Documents that a search may return; empty means all.
struct DocSet {
  std::vector<DocId> docs;  // ascending, no repeats
};

// Mean and standard deviation of a query's cosine with all documents of the index.
struct SimilarityMoments {
  double mean = 0;
  double deviation = 0;
};

struct SearchLimits {
  std::function<bool()> cancelled;  // asked at least every 65,536 vectors; may be null
};

class VectorIndex {
 public:
  virtual ~VectorIndex() = default;
  virtual int dim() const = 0;
  virtual size_t size() const = 0;

  // The `k` nearest of `query`, most similar first, ties by lower DocId. `allowed` null: of all documents;
  // otherwise of those, never fewer than min(k, allowed) (a filtered search is exact). Unfiltered may miss a
  // neighbour where the index is approximate (recall is measured by dongxi-bench speed) but returns min(k,
  // size) as well. REQUIRES: query.size() == dim(), all finite, 1 <= k <= kNeighborsMax, ids of `allowed` <
  // size(). Errors: InvalidArgument if a requirement is broken; Cancelled; Internal if the backend fails.
  // Never throws.
  virtual absl::StatusOr<std::vector<Neighbor>> Search(std::span<const float> query, int k,
                                                       const DocSet* allowed,
                                                       const SearchLimits& limits) const = 0;
  // Cosine of `query` with each of `docs`, in their order.
  virtual absl::StatusOr<std::vector<float>> Similarities(std::span<const float> query,
                                                          std::span<const DocId> docs) const = 0;
  // The vector of `doc`. REQUIRES: doc < size(), out.size() == dim(); InvalidArgument otherwise.
  virtual absl::Status CopyVector(DocId doc, std::span<float> out) const = 0;
  // From the mean vector and the covariance of all vectors but zero ones (texts without a known word),
  // without scanning: exact up to rounding.
  virtual absl::StatusOr<SimilarityMoments> Moments(std::span<const float> query) const = 0;
};

// Scans all vectors with plain loops; the oracle.
std::unique_ptr<VectorIndex> NewExactVectorIndex(Matrix vectors);

struct VectorIndexOptions {
  // Below this an exact scan is fast enough and misses nothing (docs/adr/0003).
  size_t graph_rows_min = 400'000;
  int graph_links = 16;  // HNSW M
  int ef_construction = 80;
};

// Writes vectors.dxv (docs/format/vectors.md) and, from graph_rows_min rows, the HNSW graph vectors.hnsw into
// `directory`. Same vectors, same bytes. `cancelled` may be null.
absl::Status WriteVectorIndex(const Matrix& vectors, const std::filesystem::path& directory,
                              const VectorIndexOptions& options, const std::function<bool()>& cancelled,
                              const std::function<void(double)>& progress);

// Opens what WriteVectorIndex wrote; vectors stay mapped. DataLoss on damage in structure.
absl::StatusOr<std::unique_ptr<VectorIndex>> OpenVectorIndex(const std::filesystem::path& directory);

}  // namespace dongxi
