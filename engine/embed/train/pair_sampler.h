// Draws batches of pairs. Private to engine/embed/train.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/embed/train/random.h"
#include "engine/embed/train/token_corpus.h"

namespace dongxi::train {

// A side of a pair: distinct tokens, ascending, with 1 + ln tf.
using Bag = std::vector<std::pair<uint32_t, float>>;

struct Pair {
  PairKind kind = PairKind::kTitleParagraph;
  Tokens query;
  Tokens document;
  uint64_t source = 0;  // pairs of the same source are no negatives of each other
};

struct Batch {
  std::vector<Bag> queries;  // query i belongs to document i
  std::vector<Bag> documents;
  std::vector<uint64_t> sources;
};

// Keeps references to what it is given. Any thread.
class PairSampler {
 public:
  // `topics`: see topic_clusters.h; without any, no batch is from one topic.
  PairSampler(const TokenCorpus& corpus, const std::vector<std::vector<uint32_t>>& topics,
              const TrainOptions& options);

  // Draws one pair; texts come from `topic` (an index) if it is given. Nothing if no try of a great number
  // gives one.
  std::optional<Pair> Draw(Random& random, std::optional<size_t> topic, uint64_t unique) const;

  // The batch of a step: a function of seed and step. False if no pair can be drawn.
  bool Fill(uint64_t step, Batch* batch) const;

 private:
  bool TryText(PairKind kind, uint32_t text, Random& random, Pair* pair) const;
  void TryGroup(const std::vector<std::vector<uint32_t>>& groups, Random& random, Pair* pair) const;
  PairKind DrawKind(Random& random) const;
  uint32_t DrawText(Random& random, std::optional<size_t> topic) const;

  const TokenCorpus& corpus_;
  const std::vector<std::vector<uint32_t>>& topics_;
  const TrainOptions& options_;
  std::vector<uint32_t> texts_;  // that have paragraphs
  PairShares shares_ = {};       // zero where the corpus has nothing
  float share_sum_ = 0;
};

}  // namespace dongxi::train
