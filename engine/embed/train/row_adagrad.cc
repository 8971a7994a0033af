#include "engine/embed/train/row_adagrad.h"

#include <algorithm>
#include <cmath>

#include "engine/base/parallel.h"

namespace dongxi::train {
namespace {

constexpr size_t kTokensAChunk = 256;
constexpr float kWarmUpSteps = 100;
constexpr float kRateShareMin = 0.05F;
constexpr float kRootMin = 1e-8F;  // against division by zero

}  // namespace

void RowAdagrad::GroupByToken(const Batch& batch, const DenseMatrix& query_gradient,
                              const DenseMatrix& document_gradient) {
  touched_.clear();
  size_t total = 0;
  for (const auto* side : {&batch.queries, &batch.documents}) {
    for (const Bag& bag : *side) {
      total += bag.size();
      for (const auto& [token, weight] : bag) {
        if (count_[token]++ == 0) touched_.push_back(token);
      }
    }
  }
  begin_.assign(1, 0);
  for (const uint32_t token : touched_) {
    begin_.push_back(begin_.back() + count_[token]);
    count_[token] = static_cast<uint32_t>(begin_[begin_.size() - 2]);  // where its next occurrence goes
  }
  occurrences_.resize(total);
  const auto place = [&](const std::vector<Bag>& bags, const DenseMatrix& gradient) {
    for (size_t i = 0; i < bags.size(); ++i) {
      const float* row = gradient.row(static_cast<Eigen::Index>(i)).data();
      for (const auto& [token, weight] : bags[i]) occurrences_[count_[token]++] = {row, weight};
    }
  };
  place(batch.queries, query_gradient);
  place(batch.documents, document_gradient);
  for (const uint32_t token : touched_) count_[token] = 0;
}

void RowAdagrad::Apply(const Batch& batch, const DenseMatrix& query_gradient,
                       const DenseMatrix& document_gradient, float rate, DenseMatrix* vectors) {
  GroupByToken(batch, query_gradient, document_gradient);
  const Eigen::Index dim = vectors->cols();
  ParallelChunks(touched_.size(), kTokensAChunk, threads_, [&](size_t first, size_t last) {
    Eigen::RowVectorXf sum(dim);
    for (size_t k = first; k < last; ++k) {
      sum.setZero();
      for (size_t i = begin_[k]; i < begin_[k + 1]; ++i) {
        const float weight = occurrences_[i].weight;
        const float* gradient = occurrences_[i].gradient;
        for (Eigen::Index j = 0; j < dim; ++j) sum[j] += weight * gradient[j];
      }
      float& squares = squares_[touched_[k]];
      squares += sum.squaredNorm() / static_cast<float>(dim);
      vectors->row(touched_[k]) -= rate / (std::sqrt(squares) + kRootMin) * sum;
    }
  });
}

float RateOf(uint32_t step, const TrainOptions& options) {
  const float done = static_cast<float>(step) / static_cast<float>(options.steps);
  return options.learning_rate * std::max(kRateShareMin, 1 - done) *
         std::min(1.0F, static_cast<float>(step + 1) / kWarmUpSteps);
}

}  // namespace dongxi::train
