#include "indexer/build/collection_stages.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"
#include "engine/index/lexical_index.h"
#include "engine/index/record_text.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr size_t kTextsPerEmbedding =
    32;  // one request of a slow remote model: cancelling waits for no more than that
constexpr size_t kTextsPerRound = 4096;  // whose terms are in memory at a time
constexpr size_t kTextsPerChunk = 64;
constexpr size_t kTitleCharactersShown = 30;
constexpr double kUnitLengthTolerance =
    1e-2;  // of the squared length; remote models answer with rounded numbers

// The first error of several threads.
class FirstError {
 public:
  void Set(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    status_.Update(status);
    failed_ = true;
  }
  bool failed() const { return failed_; }
  absl::Status Get() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return status_;
  }

 private:
  std::atomic<bool> failed_{false};
  mutable absl::Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

absl::Status CheckVectors(const Matrix& vectors, std::span<const EmbedInput> texts,
                          const Embedder& embedder) {
  const std::string model = "embedding model " + embedder.model_id() + ": ";
  if (vectors.dim != embedder.dim() ||
      vectors.values.size() != texts.size() * static_cast<size_t>(vectors.dim)) {
    return absl::InternalError(model + "answered " + std::to_string(texts.size()) + " texts with " +
                               std::to_string(vectors.rows()) + " vectors of dimension " +
                               std::to_string(vectors.dim) + ", expected dimension " +
                               std::to_string(embedder.dim()) + "; check the model's settings");
  }
  for (size_t i = 0; i < texts.size(); ++i) {
    double squared = 0;
    for (const float value : vectors.row(i))
      squared += static_cast<double>(value) * static_cast<double>(value);
    if (squared == 0 || std::abs(squared - 1) <= kUnitLengthTolerance) continue;  // NaN is neither
    const std::string what = std::isfinite(squared)
                                 ? "of length " + std::to_string(std::sqrt(squared)) + ", expected 1"
                                 : "that holds NaN or infinity";
    return absl::InternalError(model + "gave a vector " + what + " for the text “" +
                               CutCharacters(texts[i].title, kTitleCharactersShown) +
                               "”; check the model's service and build again");
  }
  return absl::OkStatus();
}

absl::Status EmbedChunk(std::span<const EmbedInput> texts, const Embedder& embedder, std::span<float> out) {
  // Long work without a deadline of its own: the remote embedder limits each request.
  DX_ASSIGN_OR_RETURN(const Matrix vectors, embedder.Embed(texts, absl::InfiniteFuture()));
  DX_RETURN_IF_ERROR(CheckVectors(vectors, texts, embedder));
  std::copy(vectors.values.begin(), vectors.values.end(), out.begin());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Matrix> EmbedTexts(std::span<const EmbedInput> texts, const Embedder& embedder,
                                  StageShare share, const BuildContext& context) {
  if (embedder.dim() < 1 || embedder.dim() > kEmbeddingDimMax) {
    return absl::InternalError("embedding model " + embedder.model_id() + ": dimension " +
                               std::to_string(embedder.dim()) + ", expected 1 to " +
                               std::to_string(kEmbeddingDimMax));
  }
  Matrix all;
  all.dim = embedder.dim();
  const auto dim = static_cast<size_t>(all.dim);
  all.values.resize(texts.size() * dim);
  std::atomic<uint64_t> done{0};
  FirstError error;
  ParallelChunks(texts.size(), kTextsPerEmbedding, context.threads(), [&](size_t begin, size_t end) {
    if (error.failed()) return;
    if (context.Stopped()) return error.Set(context.CheckCancelled());
    const absl::Status status = EmbedChunk(texts.subspan(begin, end - begin), embedder,
                                           std::span(all.values).subspan(begin * dim, (end - begin) * dim));
    if (!status.ok()) return error.Set(status);
    context.Report("embed", share.before + (done += end - begin), share.total);
  });
  DX_RETURN_IF_ERROR(error.Get());
  return all;
}

absl::StatusOr<FileWriter::Summary> WritePostings(std::span<EmbedInput> texts, const Lexicon& lexicon,
                                                  const std::filesystem::path& file, int threads,
                                                  StageShare share, const BuildContext& context) {
  const std::unique_ptr<LexicalIndexBuilder> builder = LexicalIndexBuilder::Create({});
  std::vector<std::vector<TermCount>> terms;
  for (size_t round = 0; round < texts.size(); round += kTextsPerRound) {
    DX_RETURN_IF_ERROR(context.CheckCancelled());
    const std::span<EmbedInput> batch = texts.subspan(round, std::min(kTextsPerRound, texts.size() - round));
    terms.assign(batch.size(), {});
    ParallelChunks(batch.size(), kTextsPerChunk, threads, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        terms[i] = LexicalTermsOf(batch[i], lexicon);
        batch[i] = {};
      }
    });
    for (const std::vector<TermCount>& counts : terms) builder->Add(counts);
    context.Report("terms", share.before + round + batch.size(), share.total);
  }
  DX_RETURN_IF_ERROR(context.CheckCancelled());
  return builder->Write(file);
}

}  // namespace dongxi
