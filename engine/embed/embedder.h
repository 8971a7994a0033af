// Texts to unit vectors. Two implementations from the start: built-in (no download) and remote
// (/v1/embeddings). Implementations are immutable after construction; any thread.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dongxi {

inline constexpr int kEmbeddingDimMax = 4096;

// What is embedded: a document or a query, title and text apart (models weigh them).
struct EmbedInput {
  std::string title;
  std::string text;
};

// Row-major matrix of unit vectors, or zero vectors for inputs without any known term.
struct Matrix {
  int dim = 0;
  std::vector<float> values;
  size_t rows() const { return dim == 0 ? 0 : values.size() / static_cast<size_t>(dim); }
  std::span<const float> row(size_t i) const {
    return {values.data() + i * static_cast<size_t>(dim), static_cast<size_t>(dim)};
  }
  std::span<float> row(size_t i) {
    return {values.data() + i * static_cast<size_t>(dim), static_cast<size_t>(dim)};
  }
};

class Embedder {
 public:
  virtual ~Embedder() = default;
  // Names the model and its content; two embedders with the same id give the same vectors. A generation
  // records it, a query embedded by another model is refused.
  virtual const std::string& model_id() const = 0;
  virtual int dim() const = 0;
  // True if a query is to be answered without this embedder, by words alone, when it fails.
  virtual bool optional() const { return false; }
  // One row an input, in order. Errors: DeadlineExceeded; Unavailable (remote not answering, after retries);
  // Internal (a remote answer with NaN, a wrong dimension or count; the message says which).
  virtual absl::StatusOr<Matrix> Embed(std::span<const EmbedInput> inputs, absl::Time deadline) const = 0;
};

}  // namespace dongxi
