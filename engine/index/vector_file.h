// The file vectors.dxv: unit vectors of one collection with their mean and covariance
// (docs/format/vectors.md). VectorFile is immutable; any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/files.h"
#include "engine/embed/embedder.h"
#include "engine/index/types.h"
#include "engine/index/vector_index.h"

namespace dongxi {

bool IsZero(std::span<const float> vector);

// Mean vector and covariance matrix (row-major, dim x dim) of all rows but zero ones, summed in double in row
// order.
struct VectorMoments {
  std::vector<float> mean;
  std::vector<float> covariance;
};
VectorMoments ComputeMoments(const Matrix& vectors, int threads);

// Mean and deviation of query · row over all rows.
SimilarityMoments MomentsOfQuery(std::span<const float> query, const float* mean, const float* covariance);

absl::StatusOr<FileWriter::Summary> WriteVectorFile(const Matrix& vectors, const std::filesystem::path& file);

class VectorFile {
 public:
  // Maps the file and checks magic, version, dimension and length; DataLoss names what is wrong.
  static absl::StatusOr<std::unique_ptr<VectorFile>> Open(const std::filesystem::path& file);
  int dim() const { return dim_; }
  size_t rows() const { return rows_; }
  const float* row(DocId doc) const { return data_ + size_t{doc} * static_cast<size_t>(dim_); }
  const float* mean() const { return data_ + rows_ * static_cast<size_t>(dim_); }
  const float* covariance() const { return mean() + dim_; }

 private:
  std::shared_ptr<const MappedFile> mapped_;
  int dim_ = 0;
  size_t rows_ = 0;
  const float* data_ = nullptr;
};

// What both indexes check before a search.
absl::Status CheckSearch(std::span<const float> query, int k, const DocSet* allowed, int dim, size_t size);

}  // namespace dongxi
