// A generation's indexes as its delta changes them. Immutable; any thread. They keep what they are given.
#pragma once

#include <memory>

#include "engine/index/delta.h"
#include "engine/index/lexical_index.h"
#include "engine/index/vector_index.h"

namespace dongxi {

// Documents of the delta are scored with the base's statistics (N, df, mean length), so that the scores of
// all others stay as they are; a deleted document has the score 0. Mean and deviation are the base's too,
// unless they say nothing (all its scores are equal): then those of the documents as they are now.
std::unique_ptr<LexicalIndex> NewDeltaLexicalIndex(std::shared_ptr<const LexicalIndex> base,
                                                   std::shared_ptr<const CollectionDelta> delta);

// Documents of the delta are compared exactly; deleted ones are never found and have a zero vector. Moments
// are the base's unless its deviation is 0: then those of the delta.
std::unique_ptr<VectorIndex> NewDeltaVectorIndex(std::shared_ptr<const VectorIndex> base,
                                                 std::shared_ptr<const CollectionDelta> delta);

}  // namespace dongxi
