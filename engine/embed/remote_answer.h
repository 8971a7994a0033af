// The JSON of /v1/embeddings. Internal to engine/embed. Pure functions; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "engine/embed/embedder.h"

namespace dongxi {

// The body of a request. Invalid UTF-8 is replaced by U+FFFD.
std::string EmbeddingsRequest(const std::string& model, std::span<const std::string> inputs);

// The vectors of an answer in the order of the inputs, each brought to unit length (a zero vector stays one).
// `dim` 0 accepts any dimension up to kEmbeddingDimMax. Internal says what was found and expected.
absl::StatusOr<Matrix> ParseEmbeddingsAnswer(std::string_view body, size_t inputs, int dim);

}  // namespace dongxi
