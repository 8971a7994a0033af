// A question's text as the collections are asked: weighted terms and one vector.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/embed/embedder.h"
#include "engine/index/generation.h"
#include "engine/index/lexical_index.h"
#include "engine/match/ranking_config.h"

namespace dongxi {

struct Query {
  // Each distinct term of title and text once. A term of the title weighs 1 (a concept concept_weight); one
  // of the text alone weighs by its centrality: min(1, centrality_slope * cosine of its vector with the mean
  // of the title's and the whole text's unit vectors), so that a company's profile or set phrases count less
  // than what the need is about. Terms that the model does not know weigh 1, and so do Latin words: the model
  // is made of Chinese texts.
  std::vector<WeightedTerm> terms;
  // The same without centrality: what evidence votes by. A project or paper is close to a need in its setting
  // as well, and partners are found better by all of it (docs/quality.md).
  std::vector<WeightedTerm> vote_terms;
  // The title's and the whole text's unit vectors added, brought to unit length.
  // Zero where there is none.
  std::vector<float> vector;
  // Why there is no vector, in Chinese: the embedder did not answer. Empty if there is one.
  std::string degraded;
  bool words_only() const { return !degraded.empty(); }
};

// InvalidArgument if a text that is matched has no letter and no Chinese character (HasLetter): nothing is
// near to numbers and signs by what they are about. A search takes numbers: a record may have them.
absl::Status CheckTopic(const EmbedInput& input);

// Without a title the text stands for it, weighed by centrality throughout. InvalidArgument if there is no
// term in either. Where the embedder is one that queries do without (Embedder::optional), its failure costs
// the meaning, not the answer: the query then has its words alone and says so in `degraded`. `words_only`:
// the embedder is not asked.
absl::StatusOr<Query> MakeQuery(const EmbedInput& input, const Generation& generation,
                                const RankingConfig& ranking, absl::Time deadline,
                                const std::string& degraded = {});

// True once the deadline has passed or the caller has gone away.
std::function<bool()> StopWhen(absl::Time deadline, std::function<bool()> cancelled);
// Cancelled becomes DeadlineExceeded where the deadline was the reason.
absl::Status StopReason(const absl::Status& status, absl::Time deadline);

}  // namespace dongxi
