// The stages that work on the texts of one collection: embedding and postings. Internal to indexer/build.
#pragma once

#include <filesystem>
#include <span>

#include "absl/status/statusor.h"
#include "engine/base/files.h"
#include "engine/embed/embedder.h"
#include "engine/text/terms.h"
#include "indexer/build/build_context.h"

namespace dongxi {

// Part of a stage's progress: this call counts from `before` towards `total`.
struct StageShare {
  uint64_t before = 0;
  uint64_t total = 0;
};

// One unit vector a text, or a zero vector where the model knows no word. Internal names the text whose
// vector is not such a vector (NaN, not of unit length), or a wrong dimension or number.
absl::StatusOr<Matrix> EmbedTexts(std::span<const EmbedInput> texts, const Embedder& embedder,
                                  StageShare share, const BuildContext& context);

// Counts the terms of each text on `threads` threads and writes the postings. Gives back the memory of each
// text when it is done.
absl::StatusOr<FileWriter::Summary> WritePostings(std::span<EmbedInput> texts, const Lexicon& lexicon,
                                                  const std::filesystem::path& file, int threads,
                                                  StageShare share, const BuildContext& context);

}  // namespace dongxi
