// Where the vectors start. Private to engine/embed/train.
#pragma once

#include "absl/status/statusor.h"
#include "engine/embed/lsa_linear_algebra.h"
#include "engine/embed/train/token_corpus.h"

namespace dongxi::train {

using lsa::DenseMatrix;

// One row a token: the right singular vectors of the texts' TF-IDF matrix (paragraphs, at most about 100,000
// evenly chosen, and all titles; randomised range finder as in engine/embed/lsa.h) times the token's idf. A
// corpus too small for `dim` singular vectors has small pseudo-random values in the rest. Errors: Cancelled.
absl::StatusOr<DenseMatrix> InitialFromCorpus(const TokenCorpus& corpus, const TrainOptions& options,
                                              const GoOn& go_on);

// The rows of options.initial; a new token starts in the mean direction of the texts in which it stands, as
// the model sees them, with the mean length of the model's rows.
DenseMatrix InitialFromModel(const TokenCorpus& corpus, const TrainOptions& options);

}  // namespace dongxi::train
