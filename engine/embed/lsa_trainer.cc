#include <algorithm>
#include <cstring>

#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"
#include "engine/embed/lsa.h"
#include "engine/embed/lsa_format.h"
#include "engine/embed/lsa_linear_algebra.h"
#include "engine/embed/lsa_vocabulary.h"

namespace dongxi {
namespace {

using lsa::DenseMatrix;
using lsa::SparseMatrix;
using lsa::TermMatrix;

constexpr size_t kOversampling = 10;  // Halko, Martinsson, Tropp 2011, section 1.3: 5 or 10 suffice
constexpr int kPowerIterations = 2;
constexpr double kShareCounting = 0.4;  // of the whole time, about

// Tells progress and asks whether to go on.
class Steps {
 public:
  explicit Steps(const LsaOptions& options) : options_(options) {}
  bool operator()(double share) const {
    if (options_.progress) options_.progress(share);
    return !options_.cancelled || !options_.cancelled();
  }

 private:
  const LsaOptions& options_;
};

absl::Status CheckOptions(const LsaOptions& options) {
  if (options.dim < 1 || options.dim > kEmbeddingDimMax) {
    return absl::InvalidArgumentError("dim: found " + std::to_string(options.dim) + ", expected 1.." +
                                      std::to_string(kEmbeddingDimMax));
  }
  if (options.vocabulary_max == 0 || options.documents_max == 0) {
    return absl::InvalidArgumentError("vocabulary_max and documents_max: found 0, expected at least 1");
  }
  return absl::OkStatus();
}

// The right singular vectors of `a`, one row a term (algorithm 4.4 of the paper with orthonormal bases in
// between).
absl::StatusOr<DenseMatrix> RightSingularVectors(const SparseMatrix& a, const LsaOptions& options) {
  const Steps go_on(options);
  const auto dim = static_cast<size_t>(options.dim);
  // A multiple of 8 keeps the rows aligned for the sums.
  const size_t wide = std::min({lsa::PaddedTo8(dim + kOversampling), a.rows(), a.columns});
  constexpr int kSteps = 2 * kPowerIterations + 2;
  const auto share = [](int step) { return kShareCounting + (1 - kShareCounting) * step / kSteps; };
  const absl::Status cancelled = absl::CancelledError("training cancelled");

  const SparseMatrix transposed = lsa::Transposed(a);
  DenseMatrix basis = lsa::Multiply(a, lsa::RandomMatrix(a.columns, wide, options.threads), options.threads);
  lsa::Orthonormalise(&basis, options.threads);
  for (int i = 0; i < kPowerIterations; ++i) {
    if (!go_on(share(2 * i + 1))) return cancelled;
    basis = lsa::Multiply(transposed, basis, options.threads);
    lsa::Orthonormalise(&basis, options.threads);
    if (!go_on(share(2 * i + 2))) return cancelled;
    basis = lsa::Multiply(a, basis, options.threads);
    lsa::Orthonormalise(&basis, options.threads);
  }
  if (!go_on(share(kSteps - 1))) return cancelled;
  return lsa::LeftSingularVectors(lsa::Multiply(transposed, basis, options.threads), dim, options.threads);
}

template <typename T>
void AppendSection(const std::vector<T>& values, std::string* bytes) {
  bytes->append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  bytes->append(lsa::PaddedTo8(bytes->size()) - bytes->size(), '\0');
}

// The whole file.
std::string Serialise(const TermMatrix& matrix, const DenseMatrix& vectors, uint32_t lexicon_crc32c) {
  std::vector<uint32_t> begins;
  std::vector<char> term_bytes;
  for (const std::string& term : matrix.terms) {
    begins.push_back(static_cast<uint32_t>(term_bytes.size()));  // 65-byte terms: far below 4 GiB
    term_bytes.insert(term_bytes.end(), term.begin(), term.end());
  }
  begins.push_back(static_cast<uint32_t>(term_bytes.size()));
  std::vector<uint16_t> halves(static_cast<size_t>(vectors.size()));
  std::transform(vectors.data(), vectors.data() + vectors.size(), halves.begin(), lsa::ToBfloat16);

  lsa::Header header;
  header.dim = static_cast<uint32_t>(vectors.cols());
  header.terms = static_cast<uint32_t>(matrix.terms.size());
  header.lexicon_crc32c = lexicon_crc32c;
  header.documents = matrix.rows.rows();
  header.term_bytes = term_bytes.size();
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof(header));
  AppendSection(matrix.idf, &bytes);
  AppendSection(begins, &bytes);
  AppendSection(term_bytes, &bytes);
  bytes.append(reinterpret_cast<const char*>(halves.data()), halves.size() * sizeof(halves[0]));
  const uint32_t crc = Crc32c(std::string_view(bytes).substr(lsa::kCrcCoversFrom));
  std::memcpy(bytes.data() + offsetof(lsa::Header, content_crc32c), &crc, sizeof(crc));
  return bytes;
}

}  // namespace

absl::StatusOr<FileWriter::Summary> TrainLsa(std::span<const EmbedInput> documents, const Lexicon& lexicon,
                                             const LsaOptions& options, const std::filesystem::path& file) {
  DX_RETURN_IF_ERROR(CheckOptions(options));
  const Steps go_on(options);
  const auto counting_step = [&](double share) { return go_on(kShareCounting * share); };
  DX_ASSIGN_OR_RETURN(const TermMatrix matrix,
                      lsa::BuildTermMatrix(documents, lexicon, options, counting_step));
  if (!go_on(kShareCounting)) return absl::CancelledError("training cancelled");
  DX_ASSIGN_OR_RETURN(const DenseMatrix vectors, RightSingularVectors(matrix.rows, options));
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<FileWriter> writer, FileWriter::Create(file));
  DX_RETURN_IF_ERROR(writer->Append(Serialise(matrix, vectors, lexicon.crc32c())));
  DX_ASSIGN_OR_RETURN(const FileWriter::Summary summary, writer->Close());
  if (options.progress) options.progress(1.0);
  return summary;
}

}  // namespace dongxi
