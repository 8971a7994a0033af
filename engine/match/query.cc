#include "engine/match/query.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/index/vector_file.h"
#include "engine/text/letters.h"

namespace dongxi {
namespace {

// The mean of the unit vectors of the title and of the whole text; of the one that there is.
std::vector<float> Topic(const StaticModel& model, std::span<const TermCount> title,
                         std::span<const TermCount> whole) {
  const auto dim = static_cast<size_t>(model.dim());
  std::vector<float> topic(dim), of_title(dim);
  model.Embed(whole, topic);
  if (title.empty()) return topic;
  model.Embed(title, of_title);
  for (size_t i = 0; i < dim; ++i) topic[i] = (topic[i] + of_title[i]) / 2;
  return topic;
}

float BaseWeight(std::string_view term, const RankingConfig& ranking) {
  return term.starts_with('#') ? static_cast<float>(ranking.concept_weight) : 1.0F;
}

std::vector<WeightedTerm> WeighTerms(std::vector<TermCount> title, std::vector<TermCount> whole,
                                     const StaticModel* model, const RankingConfig& ranking) {
  std::vector<WeightedTerm> weighted;
  weighted.reserve(whole.size());
  if (model == nullptr || ranking.centrality_slope <= 0) {  // a generation without a model, or switched off
    for (auto& [term, count] : whole) {
      const float weight = BaseWeight(term, ranking);
      weighted.push_back({std::move(term), weight});
    }
    return weighted;
  }
  const std::vector<float> topic = Topic(*model, title, whole);
  absl::flat_hash_set<std::string_view> in_title;
  for (const auto& [term, count] : title) in_title.insert(term);
  for (auto& [term, count] : whole) {
    float weight = BaseWeight(term, ranking);
    const std::optional<uint32_t> id = model->Find(term);
    if (id.has_value() && !in_title.contains(term) && IsChineseTerm(term)) {
      weight *=
          std::clamp(static_cast<float>(ranking.centrality_slope) * model->Cosine(*id, topic), 0.0F, 1.0F);
    }
    if (weight > 0) weighted.push_back({std::move(term), weight});
  }
  return weighted;
}

std::vector<float> SumToUnit(const Matrix& vectors) {
  std::vector<float> sum(static_cast<size_t>(vectors.dim), 0.0F);
  for (size_t row = 0; row < vectors.rows(); ++row) {
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += vectors.row(row)[i];
  }
  double squares = 0;
  for (const float x : sum) squares += double{x} * x;
  if (squares > 0) {
    const double scale = 1 / std::sqrt(squares);
    for (float& x : sum) x = static_cast<float>(x * scale);
  }
  return sum;
}

// Without the service's address and other internals: it stands in answers.
std::string WhyDegraded(const absl::Status& status) {
  const std::string front = "向量服务";
  const std::string end = "，本次只按用词匹配";
  if (absl::IsDeadlineExceeded(status)) return front + "没有及时应答" + end;
  if (absl::IsUnavailable(status)) return front + "暂时不可用" + end;
  return front + "应答有误" + end;
}

absl::Status EmbedQuery(std::span<const EmbedInput> inputs, const Embedder& embedder, absl::Time deadline,
                        const std::string& degraded, Query& query) {
  query.vector.assign(static_cast<size_t>(embedder.dim()), 0.0F);
  query.degraded = degraded;
  if (query.words_only()) return absl::OkStatus();
  const absl::StatusOr<Matrix> vectors = embedder.Embed(inputs, deadline);
  if (vectors.ok()) {
    query.vector = SumToUnit(*vectors);
    // A model of ours knows no term of the text; a service that answers nothing but zeros is out of order.
    if (embedder.optional() && IsZero(query.vector))
      query.degraded = WhyDegraded(absl::InternalError("a zero vector"));
    return absl::OkStatus();
  }
  if (!embedder.optional() || absl::Now() >= deadline) return vectors.status();
  query.degraded = WhyDegraded(vectors.status());
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTopic(const EmbedInput& input) {
  if (HasLetter(input.title) || HasLetter(input.text)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "holds no letter and no Chinese character; write in words what it is about");
}

absl::StatusOr<Query> MakeQuery(const EmbedInput& input, const Generation& generation,
                                const RankingConfig& ranking, absl::Time deadline,
                                const std::string& degraded) {
  std::vector<TermCount> title = LexicalTermsOf({input.title, {}}, *generation.lexicon);
  std::vector<TermCount> whole = LexicalTermsOf(input, *generation.lexicon);
  if (whole.empty()) {
    return absl::InvalidArgumentError(
        "holds no letter, digit or Chinese character; write what is looked for");
  }
  Query query;
  for (const auto& [term, count] : whole) query.vote_terms.push_back({term, BaseWeight(term, ranking)});
  query.terms = WeighTerms(std::move(title), std::move(whole), generation.static_model.get(), ranking);
  std::vector<EmbedInput> inputs = {input};
  if (!input.title.empty() && !input.text.empty()) inputs.push_back({input.title, {}});
  DX_RETURN_IF_ERROR(EmbedQuery(inputs, *generation.embedder, deadline, degraded, query));
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
