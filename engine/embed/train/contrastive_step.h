// Loss and gradient of one batch. Private to engine/embed/train.
#pragma once

#include <utility>
#include <vector>

#include "engine/embed/train/initial_vectors.h"
#include "engine/embed/train/pair_sampler.h"

namespace dongxi::train {

// Symmetric InfoNCE: each query must find its document among those of the batch and each document its query,
// by cosine over the first s values for each size s; pairs of the same source are left out as negatives.
// Keeps its buffers from step to step. The work is cut the same way on any number of threads.
class ContrastiveStep {
 public:
  explicit ContrastiveStep(const TrainOptions& options);

  // Returns the loss of the queries, the mean over the sizes. Then query_gradient(), document_gradient() hold
  // the derivative of the mean of both sides' losses by the sum of the token vectors of each text.
  double Run(const Batch& batch, const DenseMatrix& vectors);
  const DenseMatrix& query_gradient() const { return sides_[0].gradient; }
  const DenseMatrix& document_gradient() const { return sides_[1].gradient; }

 private:
  struct Side {
    DenseMatrix sums;      // of token vectors, a row a text
    DenseMatrix gradient;  // by `sums`
  };
  // The buffers of one size.
  struct Nested {
    Eigen::Index size = 0;
    DenseMatrix unit[2];  // the first `size` values of each text at length 1
    Eigen::VectorXf length[2];
    DenseMatrix odds;          // exp of the scaled cosines, then the derivative by them
    DenseMatrix column_parts;  // sums of columns, a row a chunk
    Eigen::VectorXf row_sum, column_sum;
    DenseMatrix by_unit[2];    // derivative by `unit`
    std::vector<double> loss;  // a chunk each
  };

  void Sum(const Batch& batch, const DenseMatrix& vectors, Eigen::Index begin, Eigen::Index end);
  void Normalise(Nested& nested, Eigen::Index begin, Eigen::Index end) const;
  void Compare(Nested& nested, Eigen::Index begin, Eigen::Index end) const;
  void QueryDerivative(Nested& nested, Eigen::Index begin, Eigen::Index end) const;
  void DocumentDerivative(Nested& nested, Eigen::Index begin, Eigen::Index end) const;
  void AddGradients(Eigen::Index begin, Eigen::Index end);
  void FindSameSource(const Batch& batch);
  template <typename Work>
  void ForChunks(const Work& work);
  template <typename Work>
  void ForSizesAndChunks(const Work& work);

  const TrainOptions& options_;
  const Eigen::Index batch_;
  Side sides_[2];
  std::vector<Nested> nested_;
  std::vector<std::vector<Eigen::Index>> same_source_;  // other pairs, by pair
};

}  // namespace dongxi::train
