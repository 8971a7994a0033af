// The built-in embedder of a generation: the shipped static model, which knows how technical Chinese hangs
// together, beside LSA of the collection itself, which knows what the collection talks about (and is all
// there is for words the model has never seen, and for English). A text's vector is both unit vectors one
// after the other, brought to unit length, weighted so that the cosine of two Chinese texts is the weighted
// mean of the two cosines; the model recedes by the share of other words.
#pragma once

#include <memory>

#include "engine/embed/embedder.h"
#include "engine/embed/static_model.h"
#include "engine/text/terms.h"

namespace dongxi {

// Share of LSA in the cosine of two texts that both know; docs/quality.md has the measurement behind it.
inline constexpr double kCollectionShare = 0.25;

// The model id names both parts.
std::unique_ptr<Embedder> NewBuiltInEmbedder(std::shared_ptr<const StaticModel> model,
                                             std::unique_ptr<Embedder> collection,
                                             std::shared_ptr<const Lexicon> lexicon);

}  // namespace dongxi
