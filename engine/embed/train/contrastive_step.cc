#include "engine/embed/train/contrastive_step.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "engine/base/parallel.h"
#include "engine/embed/stable_math.h"

namespace dongxi::train {
namespace {

using Eigen::Index;

constexpr size_t kRowsAChunk = 64;
constexpr float kLengthMin = 1e-6F;  // against division by zero

// e^x within 2e-7 relative, for -87 <= x <= 0, by plain additions and multiplications, so that it has the
// same bits on every machine and the compiler can use wide registers.
inline float StableExp(float x) {
  constexpr float kLog2E = 1.44269504F;
  constexpr float kLn2High = 0.693359375F, kLn2Low = -2.12194440e-4F;
  constexpr float kRound = 12582912.0F;  // 1.5 * 2^23: adding it rounds to a whole number
  const float shifted = x * kLog2E + kRound;
  const float whole = shifted - kRound;
  const float rest = (x - whole * kLn2High) - whole * kLn2Low;  // |rest| <= ln 2 / 2
  float series = 1.9875691500e-4F;
  series = series * rest + 1.3981999507e-3F;
  series = series * rest + 8.3334519073e-3F;
  series = series * rest + 4.1665795894e-2F;
  series = series * rest + 1.6666665459e-1F;
  series = series * rest + 5.0000001201e-1F;
  const float mantissa = series * rest * rest + rest + 1.0F;
  const int32_t exponent = std::bit_cast<int32_t>(shifted) - std::bit_cast<int32_t>(kRound);
  return mantissa * std::bit_cast<float>((exponent + 127) << 23);
}

size_t Chunks(Index rows) { return (static_cast<size_t>(rows) + kRowsAChunk - 1) / kRowsAChunk; }

void SumOf(const Bag& bag, const DenseMatrix& vectors, float* sum) {
  const Index dim = vectors.cols();
  std::fill(sum, sum + dim, 0.0F);
  for (const auto& [token, weight] : bag) {
    const float* row = vectors.data() + static_cast<Index>(token) * dim;
    for (Index j = 0; j < dim; ++j) sum[j] += weight * row[j];
  }
}

}  // namespace

ContrastiveStep::ContrastiveStep(const TrainOptions& options)
    : options_(options), batch_(static_cast<Index>(options.batch)), nested_(options.sizes.size()) {
  for (Side& side : sides_) {
    side.sums.resize(batch_, options.dim);
    side.gradient.resize(batch_, options.dim);
  }
  for (size_t i = 0; i < nested_.size(); ++i) {
    Nested& nested = nested_[i];
    nested.size = options.sizes[i];
    for (int s = 0; s < 2; ++s) {
      nested.unit[s].resize(batch_, nested.size);
      nested.by_unit[s].resize(batch_, nested.size);
      nested.length[s].resize(batch_);
    }
    nested.odds.resize(batch_, batch_);
    nested.column_parts.resize(static_cast<Index>(Chunks(batch_)), batch_);
    nested.row_sum.resize(batch_);
    nested.loss.resize(Chunks(batch_));
  }
}

template <typename Work>
void ContrastiveStep::ForChunks(const Work& work) {
  ParallelChunks(static_cast<size_t>(batch_), kRowsAChunk, options_.threads,
                 [&](size_t begin, size_t end) { work(static_cast<Index>(begin), static_cast<Index>(end)); });
}

template <typename Work>
void ContrastiveStep::ForSizesAndChunks(const Work& work) {
  const size_t chunks = Chunks(batch_);
  ParallelChunks(nested_.size() * chunks, 1, options_.threads, [&](size_t i, size_t) {
    const size_t begin = i % chunks * kRowsAChunk;
    // The largest size first: what is left for the end is small.
    work(nested_[nested_.size() - 1 - i / chunks], static_cast<Index>(begin),
         std::min(batch_, static_cast<Index>(begin + kRowsAChunk)));
  });
}

void ContrastiveStep::FindSameSource(const Batch& batch) {
  std::vector<size_t> order(batch.sources.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return batch.sources[a] != batch.sources[b] ? batch.sources[a] < batch.sources[b] : a < b;
  });
  same_source_.assign(order.size(), {});
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && batch.sources[order[end]] == batch.sources[order[begin]]) ++end;
    for (size_t i = begin; i < end; ++i) {
      for (size_t j = begin; j < end; ++j) {
        if (i != j) same_source_[order[i]].push_back(static_cast<Index>(order[j]));
      }
    }
  }
}

void ContrastiveStep::Sum(const Batch& batch, const DenseMatrix& vectors, Index begin, Index end) {
  for (Index i = begin; i < end; ++i) {
    SumOf(batch.queries[static_cast<size_t>(i)], vectors, sides_[0].sums.row(i).data());
    SumOf(batch.documents[static_cast<size_t>(i)], vectors, sides_[1].sums.row(i).data());
  }
}

void ContrastiveStep::Normalise(Nested& nested, Index begin, Index end) const {
  for (int s = 0; s < 2; ++s) {
    for (Index i = begin; i < end; ++i) {
      const auto values = sides_[s].sums.row(i).head(nested.size);
      nested.length[s][i] = values.norm() + kLengthMin;
      nested.unit[s].row(i) = values / nested.length[s][i];
    }
  }
}

// exp((cosine - 1) / temperature): at most about 1, and no sum underflows (temperature_min in
// static_trainer.cc).
void ContrastiveStep::Compare(Nested& nested, Index begin, Index end) const {
  auto rows = nested.odds.middleRows(begin, end - begin);
  rows.noalias() = nested.unit[0].middleRows(begin, end - begin) * nested.unit[1].transpose();
  const float scale = 1 / options_.temperature;
  const auto chunk = static_cast<Index>(static_cast<size_t>(begin) / kRowsAChunk);
  float* column_sum = nested.column_parts.row(chunk).data();
  std::fill(column_sum, column_sum + batch_, 0.0F);
  double loss = 0;
  for (Index i = begin; i < end; ++i) {
    float* odds = nested.odds.row(i).data();
    const float own = odds[i];
    for (Index j = 0; j < batch_; ++j) odds[j] = StableExp(std::min(0.0F, (odds[j] - 1) * scale));
    for (const Index j : same_source_[static_cast<size_t>(i)]) odds[j] = 0;
    for (Index j = 0; j < batch_; ++j) column_sum[j] += odds[j];
    nested.row_sum[i] = nested.odds.row(i).sum();
    loss += StableLog(nested.row_sum[i]) - static_cast<double>((own - 1) * scale);
  }
  nested.loss[static_cast<size_t>(chunk)] = loss;
}

// Turns the odds of these rows into the derivative by the cosines and multiplies it out to the queries.
void ContrastiveStep::QueryDerivative(Nested& nested, Index begin, Index end) const {
  const float* column_scale = nested.column_sum.data();
  for (Index i = begin; i < end; ++i) {
    float* odds = nested.odds.row(i).data();
    const float row_scale = 0.5F / nested.row_sum[i];
    for (Index j = 0; j < batch_; ++j) odds[j] *= row_scale + column_scale[j];
    odds[i] -= 1;
  }
  nested.by_unit[0].middleRows(begin, end - begin).noalias() =
      nested.odds.middleRows(begin, end - begin) * nested.unit[1];
}

void ContrastiveStep::DocumentDerivative(Nested& nested, Index begin, Index end) const {
  nested.by_unit[1].middleRows(begin, end - begin).noalias() =
      nested.odds.middleCols(begin, end - begin).transpose() * nested.unit[0];
}

void ContrastiveStep::AddGradients(Index begin, Index end) {
  const float weight =
      1 / (static_cast<float>(nested_.size()) * static_cast<float>(batch_) * options_.temperature);
  for (int s = 0; s < 2; ++s) {
    for (Index i = begin; i < end; ++i) {
      sides_[s].gradient.row(i).setZero();
      for (const Nested& nested : nested_) {
        const auto unit = nested.unit[s].row(i);
        const auto by_unit = nested.by_unit[s].row(i);
        // Only what is across the vector changes its direction.
        sides_[s].gradient.row(i).head(nested.size) +=
            weight / nested.length[s][i] * (by_unit - unit * unit.dot(by_unit));
      }
    }
  }
}

double ContrastiveStep::Run(const Batch& batch, const DenseMatrix& vectors) {
  FindSameSource(batch);
  ForChunks([&](Index begin, Index end) {
    Sum(batch, vectors, begin, end);
    for (Nested& nested : nested_) Normalise(nested, begin, end);
  });
  ForSizesAndChunks([&](Nested& nested, Index begin, Index end) { Compare(nested, begin, end); });
  double loss = 0;
  for (Nested& nested : nested_) {
    nested.column_sum = nested.column_parts.row(0);
    for (Index i = 1; i < nested.column_parts.rows(); ++i) nested.column_sum += nested.column_parts.row(i);
    nested.column_sum = 0.5F / nested.column_sum.array();
    for (const double part : nested.loss) loss += part;
  }
  ForSizesAndChunks([&](Nested& nested, Index begin, Index end) { QueryDerivative(nested, begin, end); });
  ForSizesAndChunks([&](Nested& nested, Index begin, Index end) { DocumentDerivative(nested, begin, end); });
  ForChunks([&](Index begin, Index end) { AddGradients(begin, end); });
  return loss / static_cast<double>(batch_) / static_cast<double>(nested_.size());
}

}  // namespace dongxi::train
