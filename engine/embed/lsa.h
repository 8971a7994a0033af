// The built-in embedder of this version: latent semantic analysis of the corpus itself, trained at index
// time. TF-IDF (1 + ln tf, idf = ln((1 + N) / (1 + df)) + 1, unit length) over the same terms as BM25, then a
// truncated SVD by the randomised range finder (Halko, Martinsson, Tropp 2011, algorithm 4.4, two power
// iterations, fixed seed); a text's vector is its TF-IDF row times the right singular vectors, brought to
// unit length. File format: docs/format/lsa-model.md. Same corpus, same bytes, on any number of threads.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "engine/base/files.h"
#include "engine/embed/embedder.h"
#include "engine/text/terms.h"

namespace dongxi {

struct LsaOptions {
  int dim = 256;                    // fewer if the corpus has fewer documents or terms
  uint32_t vocabulary_max = 65536;  // most frequent terms with df >= df_min
  uint32_t df_min = 2;              // 1 where no term reaches it (a handful of records)
  size_t documents_max = 30'000;    // trains on an evenly spaced sample of a larger corpus
  int threads = 1;
  std::function<bool()> cancelled = {};       // may be null; asked on the calling thread
  std::function<void(double)> progress = {};  // share done in [0, 1], never falling; may be null
};

// Trains on `documents` and writes the model file; terms of a title count twice. Errors: InvalidArgument
// without any text or for options out of range (dim 1..kEmbeddingDimMax, maxima at least 1); Cancelled; file
// errors.
absl::StatusOr<FileWriter::Summary> TrainLsa(std::span<const EmbedInput> documents, const Lexicon& lexicon,
                                             const LsaOptions& options, const std::filesystem::path& file);

// Opens (maps) a model file; the lexicon must be the one it was trained with (its CRC is in the file:
// FailedPrecondition otherwise). DataLoss on damage: the checksum of the whole content is verified. The model
// id is "lsa-<dim>-<crc32c of the file in hex>".
absl::StatusOr<std::unique_ptr<Embedder>> OpenLsaEmbedder(const std::filesystem::path& file,
                                                          std::shared_ptr<const Lexicon> lexicon);

}  // namespace dongxi
