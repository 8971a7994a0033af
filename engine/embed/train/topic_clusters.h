// Texts by topic: a batch of one topic has hard negatives. Private to engine/embed/train.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/embed/train/initial_vectors.h"
#include "engine/embed/train/token_corpus.h"

namespace dongxi::train {

inline constexpr size_t kTopicTextsMin = 20;  // a smaller topic gives no batch

// Cuts the texts that have paragraphs into at most 64 topics by spherical k-means over the sums of the
// vectors of title and first paragraph. Topics of fewer than kTopicTextsMin texts are left out.
std::vector<std::vector<uint32_t>> TopicClusters(const TokenCorpus& corpus, const DenseMatrix& vectors,
                                                 const TrainOptions& options);

}  // namespace dongxi::train
