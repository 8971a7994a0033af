// The oracle: plain loops in double, no SIMD, no file.
#include <cmath>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/top_k.h"
#include "engine/index/vector_file.h"
#include "engine/index/vector_index.h"

namespace dongxi {
namespace {

class ExactVectorIndex final : public VectorIndex {
 public:
  explicit ExactVectorIndex(Matrix vectors) : vectors_(std::move(vectors)) {}

  int dim() const override { return vectors_.dim; }
  size_t size() const override { return vectors_.rows(); }

  absl::StatusOr<std::vector<Neighbor>> Search(std::span<const float> query, int k, const DocSet* allowed,
                                               const SearchLimits& limits) const override {
    DX_RETURN_IF_ERROR(CheckSearch(query, k, allowed, dim(), size()));
    if (limits.cancelled && limits.cancelled()) return absl::CancelledError("search cancelled");
    TopK top(static_cast<size_t>(k));
    const size_t count = allowed != nullptr ? allowed->docs.size() : size();
    for (size_t i = 0; i < count; ++i) {
      const DocId doc = allowed != nullptr ? allowed->docs[i] : static_cast<DocId>(i);
      top.Push({doc, Cosine(query, doc)});
    }
    std::vector<Neighbor> neighbors;
    for (const ScoredDoc& item : std::move(top).Sorted()) neighbors.push_back({item.doc, item.score});
    return neighbors;
  }

  absl::StatusOr<std::vector<float>> Similarities(std::span<const float> query,
                                                  std::span<const DocId> docs) const override {
    DX_RETURN_IF_ERROR(CheckSearch(query, 1, nullptr, dim(), size()));
    std::vector<float> similarities;
    for (const DocId doc : docs) {
      if (doc >= size()) return absl::InvalidArgumentError("document lies outside the index");
      similarities.push_back(Cosine(query, doc));
    }
    return similarities;
  }

  absl::Status CopyVector(DocId doc, std::span<float> out) const override {
    if (doc >= size() || out.size() != static_cast<size_t>(dim())) {
      return absl::InvalidArgumentError("document lies outside the index, or room for another dimension");
    }
    std::copy(vectors_.row(doc).begin(), vectors_.row(doc).end(), out.begin());
    return absl::OkStatus();
  }

  absl::StatusOr<SimilarityMoments> Moments(std::span<const float> query) const override {
    DX_RETURN_IF_ERROR(CheckSearch(query, 1, nullptr, dim(), size()));
    double sum = 0;
    double squares = 0;
    size_t known = 0;  // documents that have a vector
    for (size_t i = 0; i < size(); ++i) {
      if (IsZero(vectors_.row(i))) continue;
      ++known;
      const auto cosine = static_cast<double>(Cosine(query, static_cast<DocId>(i)));
      sum += cosine;
      squares += cosine * cosine;
    }
    const double rows = std::max<double>(1.0, static_cast<double>(known));
    const double mean = sum / rows;
    return SimilarityMoments{mean, std::sqrt(std::max(0.0, squares / rows - mean * mean))};
  }

 private:
  float Cosine(std::span<const float> query, DocId doc) const {
    double sum = 0;
    for (size_t i = 0; i < query.size(); ++i) {
      sum += static_cast<double>(query[i]) * static_cast<double>(vectors_.row(doc)[i]);
    }
    return static_cast<float>(sum);
  }

  Matrix vectors_;
};

}  // namespace

std::unique_ptr<VectorIndex> NewExactVectorIndex(Matrix vectors) {
  return std::make_unique<ExactVectorIndex>(std::move(vectors));
}

}  // namespace dongxi
