// The optimiser. Private to engine/embed/train.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/embed/train/initial_vectors.h"
#include "engine/embed/train/pair_sampler.h"

namespace dongxi::train {

// Adagrad (Duchi, Hazan, Singer 2011) with one step size a token, from the mean square of its row's
// gradients.
class RowAdagrad {
 public:
  RowAdagrad(size_t tokens, int threads) : squares_(tokens, 0.0F), count_(tokens, 0), threads_(threads) {}

  // Moves the vectors of the batch's tokens against their gradient, which is the sum of those of the texts
  // that they stand in. Same bits on any number of threads.
  void Apply(const Batch& batch, const DenseMatrix& query_gradient, const DenseMatrix& document_gradient,
             float rate, DenseMatrix* vectors);

  // The sums of squares so far, one a token: the optimiser's whole state.
  std::vector<float>& squares() { return squares_; }

 private:
  struct Occurrence {
    const float* gradient;
    float weight;
  };
  void GroupByToken(const Batch& batch, const DenseMatrix& query_gradient,
                    const DenseMatrix& document_gradient);

  std::vector<float> squares_;
  std::vector<uint32_t> count_;    // by token; all 0 between two calls
  std::vector<uint32_t> touched_;  // tokens of the batch
  std::vector<size_t> begin_;      // of their occurrences; one more
  std::vector<Occurrence> occurrences_;
  const int threads_;
};

// The rate of a step: it rises over the first hundred steps and falls in a straight line to a twentieth.
float RateOf(uint32_t step, const TrainOptions& options);

}  // namespace dongxi::train
