// A question's text as the collections are asked: terms and vectors of its title and of all of it.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/embed/embedder.h"
#include "engine/index/generation.h"
#include "engine/index/lexical_index.h"

namespace dongxi {

struct Query {
  std::vector<WeightedTerm> title_terms;  // each distinct term once, weight 1
  std::vector<WeightedTerm> text_terms;   // of title and text
  std::vector<float> title_vector;
  std::vector<float> text_vector;
};

// Without a title the text stands for it. InvalidArgument if there is no term in either.
absl::StatusOr<Query> MakeQuery(const EmbedInput& input, const Generation& generation, absl::Time deadline);

// True once the deadline has passed or the caller has gone away.
std::function<bool()> StopWhen(absl::Time deadline, std::function<bool()> cancelled);
// Cancelled becomes DeadlineExceeded where the deadline was the reason.
absl::Status StopReason(const absl::Status& status, absl::Time deadline);

}  // namespace dongxi
