#include "engine/index/vector_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"
#include "engine/index/dot_product.h"

namespace dongxi {
namespace {

// docs/format/vectors.md
constexpr char kMagic[4] = {'D', 'X', 'V', '1'};
struct Header {
  char magic[4];
  uint32_t dim;
  uint64_t rows;
};
static_assert(sizeof(Header) == 16);

constexpr size_t kMomentRowsPerChunk = 4096;
constexpr size_t kCovarianceSampleRowsMax = 65'536;

absl::Status Damaged(const std::filesystem::path& file, const std::string& what) {
  return absl::DataLossError(file.string() + ": " + what + "; rebuild with dongxi-indexer build");
}

std::string_view Bytes(const void* data, size_t size) { return {static_cast<const char*>(data), size}; }

}  // namespace

bool IsZero(std::span<const float> vector) {
  return std::all_of(vector.begin(), vector.end(), [](float x) { return x == 0; });
}

VectorMoments ComputeMoments(const Matrix& vectors, int threads) {
  const auto dim = static_cast<size_t>(vectors.dim);
  // Texts without any known word say nothing about how similar texts are.
  std::vector<size_t> known;
  for (size_t i = 0; i < vectors.rows(); ++i) {
    if (!IsZero(vectors.row(i))) known.push_back(i);
  }
  const size_t rows = known.size();
  std::vector<double> mean(dim, 0.0);
  for (const size_t i : known) {
    for (size_t j = 0; j < dim; ++j) mean[j] += static_cast<double>(vectors.row(i)[j]);
  }
  for (double& value : mean) value /= std::max<double>(1.0, static_cast<double>(rows));

  // An evenly spaced sample is enough for the spread; rows of the matrix are independent, so threads change
  // nothing.
  const size_t step = std::max<size_t>(1, rows / kCovarianceSampleRowsMax);
  std::vector<float> centred;
  for (size_t i = 0; i < rows; i += step) {
    for (size_t j = 0; j < dim; ++j) {
      centred.push_back(static_cast<float>(static_cast<double>(vectors.row(known[i])[j]) - mean[j]));
    }
  }
  const size_t sample = dim == 0 ? 0 : centred.size() / dim;
  VectorMoments moments;
  moments.mean.assign(mean.begin(), mean.end());
  moments.covariance.assign(dim * dim, 0.0F);
  ParallelChunks(dim, 16, threads, [&](size_t begin, size_t end) {
    std::vector<double> sums((end - begin) * dim, 0.0);
    for (size_t block = 0; block < sample; block += kMomentRowsPerChunk) {
      std::vector<float> partial((end - begin) * dim, 0.0F);
      for (size_t i = block; i < std::min(sample, block + kMomentRowsPerChunk); ++i) {
        const float* row = centred.data() + i * dim;
        for (size_t a = begin; a < end; ++a) {
          const float factor = row[a];
          float* out = partial.data() + (a - begin) * dim;
          for (size_t b = 0; b < dim; ++b) out[b] += factor * row[b];
        }
      }
      for (size_t j = 0; j < sums.size(); ++j) sums[j] += static_cast<double>(partial[j]);
    }
    for (size_t j = 0; j < sums.size(); ++j) {
      moments.covariance[begin * dim + j] =
          static_cast<float>(sums[j] / std::max<double>(1.0, static_cast<double>(sample)));
    }
  });
  return moments;
}

SimilarityMoments MomentsOfQuery(std::span<const float> query, const float* mean, const float* covariance) {
  SimilarityMoments moments;
  double variance = 0;
  for (size_t i = 0; i < query.size(); ++i) {
    moments.mean += static_cast<double>(query[i]) * static_cast<double>(mean[i]);
    variance += static_cast<double>(query[i]) *
                static_cast<double>(DotProduct(query.data(), covariance + i * query.size(), query.size()));
  }
  moments.deviation = std::sqrt(std::max(0.0, variance));
  return moments;
}

absl::StatusOr<FileWriter::Summary> WriteVectorFile(const Matrix& vectors,
                                                    const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<FileWriter> writer, FileWriter::Create(file));
  Header header{{}, static_cast<uint32_t>(vectors.dim), vectors.rows()};
  std::memcpy(header.magic, kMagic, sizeof(kMagic));
  DX_RETURN_IF_ERROR(writer->Append(Bytes(&header, sizeof(header))));
  DX_RETURN_IF_ERROR(writer->Append(Bytes(vectors.values.data(), vectors.values.size() * sizeof(float))));
  const VectorMoments moments = ComputeMoments(vectors, DefaultThreads());
  DX_RETURN_IF_ERROR(writer->Append(Bytes(moments.mean.data(), moments.mean.size() * sizeof(float))));
  DX_RETURN_IF_ERROR(
      writer->Append(Bytes(moments.covariance.data(), moments.covariance.size() * sizeof(float))));
  return writer->Close();
}

absl::StatusOr<std::unique_ptr<VectorFile>> VectorFile::Open(const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> mapped, MappedFile::Open(file));
  const std::string_view bytes = mapped->bytes();
  if (bytes.size() < sizeof(Header)) return Damaged(file, "shorter than its header");
  Header header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (std::memcmp(header.magic, kMagic, sizeof(kMagic)) != 0)
    return Damaged(file, "not a vector file of version 1");
  if (header.dim < 1 || header.dim > kEmbeddingDimMax) return Damaged(file, "dimension out of range");
  const uint64_t dim = header.dim;
  const uint64_t values = (bytes.size() - sizeof(Header)) / sizeof(float);
  if (header.rows > values / dim ||
      bytes.size() != sizeof(Header) + (header.rows * dim + dim + dim * dim) * sizeof(float)) {
    return Damaged(file, "length does not fit its header");
  }
  auto opened = std::make_unique<VectorFile>();
  opened->data_ = reinterpret_cast<const float*>(bytes.data() + sizeof(Header));
  opened->dim_ = static_cast<int>(header.dim);
  opened->rows_ = header.rows;
  opened->mapped_ = std::move(mapped);
  return opened;
}

absl::Status CheckSearch(std::span<const float> query, int k, const DocSet* allowed, int dim, size_t size) {
  if (query.size() != static_cast<size_t>(dim)) {
    return absl::InvalidArgumentError("query has dimension " + std::to_string(query.size()) +
                                      ", the index has " + std::to_string(dim));
  }
  for (const float value : query) {
    if (!std::isfinite(value)) return absl::InvalidArgumentError("query vector holds NaN or infinity");
  }
  if (k < 1 || k > kNeighborsMax) {
    return absl::InvalidArgumentError("k is " + std::to_string(k) + ", expected 1 to " +
                                      std::to_string(kNeighborsMax));
  }
  if (allowed != nullptr && !allowed->docs.empty() && allowed->docs.back() >= size) {
    return absl::InvalidArgumentError("allowed documents lie outside the index");
  }
  return absl::OkStatus();
}

}  // namespace dongxi
