// From training texts to their TF-IDF matrix. Private to engine/embed/lsa_*.cc.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/embed/embedder.h"
#include "engine/embed/lsa.h"
#include "engine/embed/lsa_linear_algebra.h"
#include "engine/text/terms.h"

namespace dongxi::lsa {

struct TermMatrix {
  std::vector<std::string> terms;  // ascending by bytes; the columns of `rows`
  std::vector<float> idf;
  SparseMatrix rows;  // one a sampled document, of unit length or empty
};

// Counts the sample and chooses the vocabulary. If no term is in df_min documents, all terms are taken: a
// collection of a few records must be searchable too. `step(share)` is asked now and then, on the calling
// thread; false stops. Errors: InvalidArgument without any term; Cancelled.
absl::StatusOr<TermMatrix> BuildTermMatrix(std::span<const EmbedInput> documents, const Lexicon& lexicon,
                                           const LsaOptions& options,
                                           const std::function<bool(double)>& step);

}  // namespace dongxi::lsa
