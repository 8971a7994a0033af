// The linear algebra of LSA training. Every sum has a fixed order: the same input gives the same bits on any
// number of threads and any CPU of the same instruction set family. Private to engine/embed/lsa_*.cc.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace dongxi::lsa {

using DenseMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Compressed sparse rows.
struct SparseMatrix {
  size_t columns = 0;
  std::vector<size_t> row_begin = {0};  // rows + 1
  std::vector<uint32_t> column;         // ascending in each row
  std::vector<float> value;
  size_t rows() const { return row_begin.size() - 1; }
};

SparseMatrix Transposed(const SparseMatrix& matrix);

// sparse * dense.
DenseMatrix Multiply(const SparseMatrix& sparse, const DenseMatrix& dense, int threads);

// Pseudo-random, near Gaussian, a function of position and nothing else.
DenseMatrix RandomMatrix(size_t rows, size_t columns, int threads);

// Replaces `matrix` by an orthonormal basis of its columns' space (a QR decomposition by blocks of rows:
// Demmel et al., "Communication-optimal parallel and sequential QR", 2012). REQUIRES: rows >= columns >= 1.
void Orthonormalise(DenseMatrix* matrix, int threads);

// With W = U S V^T: the first `count` columns of U, fewer if W has not that many singular values worth the
// name.
DenseMatrix LeftSingularVectors(const DenseMatrix& w, size_t count, int threads);

}  // namespace dongxi::lsa
