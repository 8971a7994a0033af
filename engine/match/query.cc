#include "engine/match/query.h"

#include <utility>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"

namespace dongxi {
namespace {

std::vector<WeightedTerm> DistinctTerms(const EmbedInput& input, const Lexicon& lexicon) {
  std::vector<WeightedTerm> terms;
  for (auto& [term, count] : LexicalTermsOf(input, lexicon)) terms.push_back({std::move(term), 1.0F});
  return terms;
}

}  // namespace

absl::StatusOr<Query> MakeQuery(const EmbedInput& input, const Generation& generation, absl::Time deadline) {
  const EmbedInput whole = input.title.empty() ? EmbedInput{input.text, {}} : input;
  Query query;
  query.title_terms = DistinctTerms({whole.title, {}}, *generation.lexicon);
  query.text_terms = DistinctTerms(whole, *generation.lexicon);
  if (query.text_terms.empty()) {
    return absl::InvalidArgumentError("the text to match holds no letter, digit or Chinese character");
  }
  const EmbedInput inputs[] = {{whole.title, {}}, whole};
  DX_ASSIGN_OR_RETURN(const Matrix vectors, generation.embedder->Embed(inputs, deadline));
  query.title_vector.assign(vectors.row(0).begin(), vectors.row(0).end());
  query.text_vector.assign(vectors.row(1).begin(), vectors.row(1).end());
  return query;
}

std::function<bool()> StopWhen(absl::Time deadline, std::function<bool()> cancelled) {
  return [deadline, cancelled = std::move(cancelled)] {
    return (deadline != absl::InfiniteFuture() && absl::Now() >= deadline) || (cancelled && cancelled());
  };
}

absl::Status StopReason(const absl::Status& status, absl::Time deadline) {
  if (absl::IsCancelled(status) && absl::Now() >= deadline) {
    return absl::DeadlineExceededError("the caller's deadline passed during the match");
  }
  return status;
}

}  // namespace dongxi
