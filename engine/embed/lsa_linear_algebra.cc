#include "engine/embed/lsa_linear_algebra.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>

#include "engine/base/parallel.h"

namespace dongxi::lsa {
namespace {

using ColumnMatrix = Eigen::MatrixXf;

constexpr size_t kRowsAChunk = 256;   // of sparse products
constexpr size_t kRowsABlock = 4096;  // of dense factorisations
constexpr float kSingularValueMin =
    1e-5F;  // relative to the largest; below is rounding noise of single precision

// Eigen cuts its products by the sizes of this machine's caches, which changes the order of sums. Fixed sizes
// give the same sums everywhere.
void FixCacheSizes() {
  static std::once_flag once;
  std::call_once(once, [] { Eigen::setCpuCacheSizes(32 << 10, 512 << 10, 4 << 20); });
}

uint64_t SplitMix64(uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

// First row of block `i` of `blocks` over `rows`.
Eigen::Index BlockBegin(size_t rows, size_t blocks, size_t i) {
  return static_cast<Eigen::Index>(rows * i / blocks);
}

ColumnMatrix UpperTriangle(const Eigen::HouseholderQR<ColumnMatrix>& qr, Eigen::Index columns) {
  return qr.matrixQR().topRows(columns).triangularView<Eigen::Upper>();
}

// W^T W in double precision, so that small singular values keep their digits.
Eigen::MatrixXd Gram(const DenseMatrix& w, int threads) {
  const auto rows = static_cast<size_t>(w.rows());
  std::vector<Eigen::MatrixXd> parts((rows + kRowsABlock - 1) / kRowsABlock);
  ParallelChunks(rows, kRowsABlock, threads, [&](size_t begin, size_t end) {
    const Eigen::MatrixXd block =
        w.middleRows(static_cast<Eigen::Index>(begin), static_cast<Eigen::Index>(end - begin)).cast<double>();
    Eigen::MatrixXd& part = parts[begin / kRowsABlock];
    part.setZero(w.cols(), w.cols());
    part.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
  });
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(w.cols(), w.cols());
  for (const Eigen::MatrixXd& part : parts) sum += part;
  return sum;  // lower triangle only
}

}  // namespace

SparseMatrix Transposed(const SparseMatrix& matrix) {
  SparseMatrix result;
  result.columns = matrix.rows();
  result.row_begin.assign(matrix.columns + 1, 0);
  for (const uint32_t column : matrix.column) ++result.row_begin[column + 1];
  for (size_t i = 0; i < matrix.columns; ++i) result.row_begin[i + 1] += result.row_begin[i];
  result.column.resize(matrix.column.size());
  result.value.resize(matrix.value.size());
  std::vector<size_t> next(result.row_begin.begin(), result.row_begin.end() - 1);
  for (size_t row = 0; row < matrix.rows(); ++row) {
    for (size_t i = matrix.row_begin[row]; i < matrix.row_begin[row + 1]; ++i) {
      const size_t to = next[matrix.column[i]]++;
      result.column[to] = static_cast<uint32_t>(row);
      result.value[to] = matrix.value[i];
    }
  }
  return result;
}

DenseMatrix Multiply(const SparseMatrix& sparse, const DenseMatrix& dense, int threads) {
  DenseMatrix result(static_cast<Eigen::Index>(sparse.rows()), dense.cols());
  ParallelChunks(sparse.rows(), kRowsAChunk, threads, [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; ++row) {
      auto sum = result.row(static_cast<Eigen::Index>(row));
      sum.setZero();
      const auto part = [&](size_t i) { return sparse.value[i] * dense.row(sparse.column[i]); };
      const size_t stop = sparse.row_begin[row + 1];
      size_t i = sparse.row_begin[row];
      // Four at a time: the memory has four rows to bring at once.
      for (; i + 4 <= stop; i += 4) sum += (part(i) + part(i + 1)) + (part(i + 2) + part(i + 3));
      for (; i < stop; ++i) sum += part(i);
    }
  });
  return result;
}

DenseMatrix RandomMatrix(size_t rows, size_t columns, int threads) {
  DenseMatrix result(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
  ParallelChunks(rows, kRowsAChunk, threads, [&](size_t begin, size_t end) {
    for (size_t i = begin * columns; i < end * columns; ++i) {
      // The sum of four independent 16-bit numbers, around 0.
      const uint64_t bits = SplitMix64(i);
      const auto sum = static_cast<int32_t>((bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) +
                                            ((bits >> 32) & 0xFFFF) + (bits >> 48));
      result.data()[i] = static_cast<float>(sum - 2 * 0xFFFF) / 65536.0F;
    }
  });
  return result;
}

void Orthonormalise(DenseMatrix* matrix, int threads) {
  FixCacheSizes();
  const auto rows = static_cast<size_t>(matrix->rows());
  const Eigen::Index columns = matrix->cols();
  const size_t blocks = std::max<size_t>(1, rows / std::max(kRowsABlock, 4 * static_cast<size_t>(columns)));
  std::vector<std::unique_ptr<Eigen::HouseholderQR<ColumnMatrix>>> parts(blocks);
  ColumnMatrix stacked(static_cast<Eigen::Index>(blocks) * columns, columns);
  const auto size_of = [&](size_t i) {
    return BlockBegin(rows, blocks, i + 1) - BlockBegin(rows, blocks, i);
  };
  ParallelChunks(blocks, 1, threads, [&](size_t i, size_t) {
    const ColumnMatrix block = matrix->middleRows(BlockBegin(rows, blocks, i), size_of(i));
    parts[i] = std::make_unique<Eigen::HouseholderQR<ColumnMatrix>>(block);
    stacked.middleRows(static_cast<Eigen::Index>(i) * columns, columns) = UpperTriangle(*parts[i], columns);
  });
  const Eigen::HouseholderQR<ColumnMatrix> top(stacked);
  const ColumnMatrix top_q = top.householderQ() * ColumnMatrix::Identity(stacked.rows(), columns);
  ParallelChunks(blocks, 1, threads, [&](size_t i, size_t) {
    ColumnMatrix block = ColumnMatrix::Zero(size_of(i), columns);
    block.topRows(columns) = top_q.middleRows(static_cast<Eigen::Index>(i) * columns, columns);
    block.applyOnTheLeft(parts[i]->householderQ());
    matrix->middleRows(BlockBegin(rows, blocks, i), size_of(i)) = block;
  });
}

DenseMatrix LeftSingularVectors(const DenseMatrix& w, size_t count, int threads) {
  FixCacheSizes();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
      Gram(w, threads));  // ascending; reads the lower triangle
  const Eigen::VectorXd singular = solver.eigenvalues().cwiseMax(0).cwiseSqrt();
  const Eigen::Index size = singular.size();
  Eigen::Index kept = 0;
  const double least = singular[size - 1] * kSingularValueMin;
  while (kept < std::min(static_cast<Eigen::Index>(count), size) && singular[size - 1 - kept] > least) ++kept;
  DenseMatrix turn(size, kept);  // columns: right singular vectors of W over their singular values
  for (Eigen::Index j = 0; j < kept; ++j) {
    turn.col(j) = (solver.eigenvectors().col(size - 1 - j) / singular[size - 1 - j]).cast<float>();
  }
  DenseMatrix result(w.rows(), kept);
  ParallelChunks(static_cast<size_t>(w.rows()), kRowsABlock, threads, [&](size_t begin, size_t end) {
    const auto from = static_cast<Eigen::Index>(begin);
    const auto rows = static_cast<Eigen::Index>(end - begin);
    result.middleRows(from, rows).noalias() = w.middleRows(from, rows) * turn;
  });
  return result;
}

}  // namespace dongxi::lsa
