#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/delta_indexes.h"
#include "engine/index/dot_product.h"
#include "engine/index/top_k.h"
#include "engine/index/vector_file.h"

namespace dongxi {
namespace {

class DeltaVectorIndex final : public VectorIndex {
 public:
  DeltaVectorIndex(std::shared_ptr<const VectorIndex> base, std::shared_ptr<const CollectionDelta> delta)
      : base_(std::move(base)), delta_(std::move(delta)) {}

  int dim() const override { return base_->dim(); }
  size_t size() const override { return delta_->size; }

  absl::StatusOr<std::vector<Neighbor>> Search(std::span<const float> query, int k, const DocSet* allowed,
                                               const SearchLimits& limits) const override {
    DX_RETURN_IF_ERROR(CheckSearch(query, k, allowed, dim(), size()));
    TopK top(static_cast<size_t>(k));
    DX_RETURN_IF_ERROR(SearchBase(query, k, allowed, limits, &top));
    if (limits.cancelled && limits.cancelled()) return absl::CancelledError("search cancelled");
    const auto push = [&](DocId doc, const DeltaDocument& document) {
      if (document.encoded.row.gone == 0) top.Push({doc, Cosine(query, *document.text)});
    };
    if (allowed == nullptr) {
      delta_->pages.ForEach(push);
    } else {
      for (const DocId doc : allowed->docs) {
        if (const DeltaDocument* changed = delta_->pages.Find(doc)) push(doc, *changed);
      }
    }
    std::vector<Neighbor> neighbors;
    for (const ScoredDoc& item : std::move(top).Sorted()) neighbors.push_back({item.doc, item.score});
    return neighbors;
  }

  absl::StatusOr<std::vector<float>> Similarities(std::span<const float> query,
                                                  std::span<const DocId> docs) const override {
    DX_RETURN_IF_ERROR(CheckSearch(query, 1, nullptr, dim(), size()));
    std::vector<float> similarities(docs.size(), 0.0F);
    std::vector<DocId> of_base;
    std::vector<size_t> places;
    for (size_t i = 0; i < docs.size(); ++i) {
      if (docs[i] >= size()) return absl::InvalidArgumentError("document lies outside the index");
      if (const DeltaDocument* changed = delta_->pages.Find(docs[i])) {
        similarities[i] = Cosine(query, *changed->text);
      } else {
        of_base.push_back(docs[i]);
        places.push_back(i);
      }
    }
    if (of_base.empty()) return similarities;
    DX_ASSIGN_OR_RETURN(const std::vector<float> found, base_->Similarities(query, of_base));
    for (size_t i = 0; i < places.size(); ++i) similarities[places[i]] = found[i];
    return similarities;
  }

  absl::Status CopyVector(DocId doc, std::span<float> out) const override {
    const DeltaDocument* changed = delta_->pages.Find(doc);
    if (changed == nullptr) return base_->CopyVector(doc, out);
    if (out.size() != static_cast<size_t>(dim()))
      return absl::InvalidArgumentError("room for another dimension");
    const std::vector<float>& vector = changed->text->vector;
    if (vector.empty()) {
      std::fill(out.begin(), out.end(), 0.0F);
    } else {
      std::copy(vector.begin(), vector.end(), out.begin());
    }
    return absl::OkStatus();
  }

  absl::StatusOr<SimilarityMoments> Moments(std::span<const float> query) const override {
    if (delta_->base_size > 0) {
      DX_ASSIGN_OR_RETURN(const SimilarityMoments moments, base_->Moments(query));
      if (moments.deviation > 0) return moments;
    }
    DX_RETURN_IF_ERROR(CheckSearch(query, 1, nullptr, dim(), size()));
    std::vector<double> cosines;
    delta_->pages.ForEach([&](DocId, const DeltaDocument& document) {
      const std::vector<float>& vector = document.text->vector;
      if (!vector.empty() && !IsZero(vector))
        cosines.push_back(static_cast<double>(Cosine(query, *document.text)));
    });
    if (cosines.empty()) return SimilarityMoments{};
    const auto count = static_cast<double>(cosines.size());
    double sum = 0, squares = 0;
    for (const double cosine : cosines) sum += cosine;
    for (const double cosine : cosines) squares += (cosine - sum / count) * (cosine - sum / count);
    return SimilarityMoments{sum / count, std::sqrt(squares / count)};
  }

 private:
  float Cosine(std::span<const float> query, const DeltaText& text) const {
    return text.vector.empty() ? 0.0F : DotProduct(query.data(), text.vector.data(), query.size());
  }

  absl::Status SearchBase(std::span<const float> query, int k, const DocSet* allowed,
                          const SearchLimits& limits, TopK* top) const {
    if (delta_->base_size == 0) return absl::OkStatus();
    DocSet untouched;
    // So many changes that the base cannot pass over them all: its exact, filtered search.
    const bool exact = allowed == nullptr && static_cast<size_t>(k) + delta_->overridden > kNeighborsMax;
    if (allowed != nullptr || exact) {
      const size_t count = exact ? delta_->base_size : allowed->docs.size();
      for (size_t i = 0; i < count; ++i) {
        const DocId doc = exact ? static_cast<DocId>(i) : allowed->docs[i];
        if (doc < delta_->base_size && delta_->pages.Find(doc) == nullptr) untouched.docs.push_back(doc);
      }
      if (untouched.docs.empty()) return absl::OkStatus();
      allowed = &untouched;
    }
    const int wanted = allowed != nullptr ? k : k + static_cast<int>(delta_->overridden);
    DX_ASSIGN_OR_RETURN(const std::vector<Neighbor> found, base_->Search(query, wanted, allowed, limits));
    for (const Neighbor& neighbor : found) {
      if (delta_->pages.Find(neighbor.doc) == nullptr) top->Push({neighbor.doc, neighbor.similarity});
    }
    return absl::OkStatus();
  }

  std::shared_ptr<const VectorIndex> base_;
  std::shared_ptr<const CollectionDelta> delta_;
};

}  // namespace

std::unique_ptr<VectorIndex> NewDeltaVectorIndex(std::shared_ptr<const VectorIndex> base,
                                                 std::shared_ptr<const CollectionDelta> delta) {
  return std::make_unique<DeltaVectorIndex>(std::move(base), std::move(delta));
}

}  // namespace dongxi
