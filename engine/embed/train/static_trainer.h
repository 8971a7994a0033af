// Trains the static embedding model (engine/embed/static_model.h): vectors start from a truncated SVD of the
// texts' own TF-IDF matrix and learn by contrast that the two sides of natural pairs belong together
// (symmetric InfoNCE over several nested sizes, the other pairs of a batch as negatives, some batches from
// one topic so that these are hard).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/embed/static_model.h"
#include "engine/embed/train/training_texts.h"

namespace dongxi {

// Where a pair comes from. A query side is 2 tokens or more.
enum class PairKind : uint8_t {
  kTitleParagraph,   // a title and any paragraph of its text
  kTitleAbstract,    // a title and the first paragraph
  kSentenceRest,     // a sentence and the rest of its paragraph
  kNeighbours,       // a paragraph and the next one
  kKeywordAbstract,  // one or two keywords and the first paragraph
  kSpanParagraph,    // 3 to 12 tokens of a sentence and its paragraph, mostly without that sentence
  kSameOwner,        // titles of one owner
  kSameClass,        // titles of one class
  kTree,             // TrainingCorpus::tree
  kSynonyms,         // TrainingCorpus::synonyms
};
inline constexpr size_t kPairKinds = 10;
// The names of the kinds in recipes, in their order.
inline constexpr std::array<std::string_view, kPairKinds> kPairKindNames = {
    "title_paragraph", "title_abstract", "sentence_rest", "neighbours", "keyword_abstract",
    "span_paragraph",  "same_owner",     "same_class",    "tree",       "lexicon"};
// Shares of the kinds, of any sum; a kind that the corpus has nothing for is left out.
using PairShares = std::array<float, kPairKinds>;

struct TrainProgress {
  std::string_view stage;  // "count", "tokens", "start", "train"
  uint64_t done = 0;
  uint64_t total = 0;
  double loss = 0;  // of stage "train": of the queries, a running mean over about a hundred steps
};

struct TrainOptions {
  int dim = 256;
  std::vector<int> sizes = {64, 128, 256};  // ascending, last = dim
  uint32_t vocabulary_max = 130'000;        // most frequent tokens with df >= df_min
  uint32_t df_min = 4;
  uint32_t steps = 30'000;
  uint32_t batch = 512;
  float learning_rate = 0.03F;
  float temperature = 0.05F;
  float hard_share = 0.3F;  // of batches from one topic
  PairShares shares = {3, 1, 3, 1, 2, 1, 1, 1, 1, 1};
  uint64_t seed = 12345;
  int threads = 1;
  // Training goes on from these vectors: all their tokens are kept, tokens that are new and frequent enough
  // start from the texts in which they stand. dim and sizes must be the model's.
  std::shared_ptr<const StaticModel> initial = {};
  // With a file name, the state is written there every so many steps, when cancelled and at the end, and a
  // state found there is continued: the result has the same bits as that of an uninterrupted run. The caller
  // removes the file.
  std::filesystem::path checkpoint = {};
  uint32_t checkpoint_interval = 2000;
  std::function<bool()> cancelled = {};                     // may be null; asked on the calling thread
  std::function<void(const TrainProgress&)> progress = {};  // may be null; on the calling thread
};

// The same corpus and options give the same bits on any number of threads. Errors: InvalidArgument for
// options out of range or a corpus without any pair; Cancelled; FailedPrecondition if the checkpoint is of
// other data or options; DataLoss if it is damaged; file errors.
absl::StatusOr<TokenVectors> TrainStaticModel(TrainingCorpus corpus, const TrainOptions& options);

}  // namespace dongxi
