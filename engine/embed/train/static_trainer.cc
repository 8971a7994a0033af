#include "engine/embed/train/static_trainer.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"
#include "engine/embed/embedder.h"
#include "engine/embed/train/checkpoint.h"
#include "engine/embed/train/contrastive_step.h"
#include "engine/embed/train/initial_vectors.h"
#include "engine/embed/train/pair_sampler.h"
#include "engine/embed/train/row_adagrad.h"
#include "engine/embed/train/token_corpus.h"
#include "engine/embed/train/topic_clusters.h"

namespace dongxi {
namespace {

using train::TokenCorpus;
using train::TrainingState;

constexpr float kTemperatureMin = 0.025F;  // exp(-2 / temperature) must stay a normal number
constexpr uint32_t kBatchMax = 8192;
constexpr double kLossMemory = 0.99;  // the shown loss is a mean over about a hundred steps

absl::Status OutOfRange(const std::string& option, const std::string& found, const std::string& expected) {
  return absl::InvalidArgumentError(option + ": found " + found + ", expected " + expected);
}

absl::Status CheckSizes(const TrainOptions& options) {
  const bool rising = std::is_sorted(options.sizes.begin(), options.sizes.end(), std::less_equal<>());
  if (options.sizes.empty() || !rising || options.sizes.front() < 1 || options.sizes.back() != options.dim) {
    return absl::InvalidArgumentError("sizes: expected rising numbers that end with dim, " +
                                      std::to_string(options.dim));
  }
  if (options.initial == nullptr) return absl::OkStatus();
  if (options.initial->dim() != options.dim || options.initial->sizes() != options.sizes) {
    return absl::InvalidArgumentError("dim and sizes: expected those of the initial model, whose dim is " +
                                      std::to_string(options.initial->dim()));
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const TrainingCorpus& corpus, const TrainOptions& options) {
  if (corpus.lexicon == nullptr) return absl::InvalidArgumentError("lexicon: not set");
  if (options.dim < 1 || options.dim > kEmbeddingDimMax) {
    return OutOfRange("dim", std::to_string(options.dim), "1.." + std::to_string(kEmbeddingDimMax));
  }
  DX_RETURN_IF_ERROR(CheckSizes(options));
  if (options.batch < 2 || options.batch > kBatchMax) {
    return OutOfRange("batch", std::to_string(options.batch), "2.." + std::to_string(kBatchMax));
  }
  if (options.vocabulary_max == 0 || options.steps == 0 || options.checkpoint_interval == 0) {
    return OutOfRange("vocabulary_max, steps and checkpoint_interval", "0", "at least 1");
  }
  if (!(options.learning_rate > 0 && options.learning_rate <= 1)) {
    return OutOfRange("learning_rate", std::to_string(options.learning_rate), "above 0, at most 1");
  }
  if (!(options.temperature >= kTemperatureMin && options.temperature <= 1)) {
    return OutOfRange("temperature", std::to_string(options.temperature),
                      std::to_string(kTemperatureMin) + "..1");
  }
  if (!(options.hard_share >= 0 && options.hard_share <= 1)) {
    return OutOfRange("hard_share", std::to_string(options.hard_share), "0..1");
  }
  for (size_t i = 0; i < kPairKinds; ++i) {
    if (options.shares[i] >= 0 && std::isfinite(options.shares[i])) continue;
    return OutOfRange("share " + std::string(kPairKindNames[i]), std::to_string(options.shares[i]),
                      "0 or more");
  }
  return absl::OkStatus();
}

absl::Status CheckGroups(const TrainingCorpus& corpus) {
  for (const auto* groups : {&corpus.same_owner, &corpus.same_class}) {
    for (const std::vector<uint32_t>& group : *groups) {
      const bool valid = group.size() >= 2 && std::all_of(group.begin(), group.end(), [&](uint32_t text) {
                           return text < corpus.texts.size();
                         });
      if (!valid)
        return absl::InvalidArgumentError("a group of texts has fewer than two, or one that is not there");
    }
  }
  return absl::OkStatus();
}

// Of all that the result depends on.
uint32_t FingerprintOf(const TokenCorpus& corpus, const TrainOptions& options) {
  uint32_t crc = train::Crc32cOf(corpus);
  const auto extend = [&crc](const auto* values, size_t count) {
    crc = Crc32c({reinterpret_cast<const char*>(values), count * sizeof(*values)}, crc);
  };
  extend(options.sizes.data(), options.sizes.size());
  extend(&options.steps, 1);
  extend(&options.batch, 1);
  extend(&options.learning_rate, 1);
  extend(&options.temperature, 1);
  extend(&options.hard_share, 1);
  extend(options.shares.data(), options.shares.size());
  extend(&options.seed, 1);
  return options.initial == nullptr ? crc : Crc32c(options.initial->bytes(), crc);
}

absl::StatusOr<TrainingState> Start(const TokenCorpus& corpus, const TrainOptions& options,
                                    const train::GoOn& go_on) {
  TrainingState state;
  if (options.initial == nullptr) {
    DX_ASSIGN_OR_RETURN(state.vectors, train::InitialFromCorpus(corpus, options, go_on));
  } else {
    state.vectors = train::InitialFromModel(corpus, options);
  }
  state.squares.assign(corpus.tokens.size(), 0);
  state.topics = train::TopicClusters(corpus, state.vectors, options);
  return state;
}

// Runs the steps that are left.
absl::Status RunSteps(const TokenCorpus& corpus, const TrainOptions& options, uint32_t fingerprint,
                      TrainingState* state) {
  const train::PairSampler sampler(corpus, state->topics, options);
  train::ContrastiveStep step(options);
  train::RowAdagrad optimiser(corpus.tokens.size(), options.threads);
  optimiser.squares().swap(state->squares);
  train::Batch batch;
  const auto save = [&] {
    if (options.checkpoint.empty()) return absl::OkStatus();
    state->squares = optimiser.squares();
    return WriteCheckpoint(options.checkpoint, fingerprint, *state);
  };
  for (; state->next_step < options.steps; ++state->next_step) {
    const uint32_t number = state->next_step;
    if (options.progress) options.progress({"train", number, options.steps, state->loss});
    if (options.cancelled && options.cancelled()) {
      DX_RETURN_IF_ERROR(save());
      return absl::CancelledError("training cancelled");
    }
    if (number > 0 && number % options.checkpoint_interval == 0) DX_RETURN_IF_ERROR(save());
    if (!sampler.Fill(number, &batch)) {
      return absl::InvalidArgumentError("no training pair found: the texts are too few or too short");
    }
    const double loss = step.Run(batch, state->vectors);
    optimiser.Apply(batch, step.query_gradient(), step.document_gradient(), train::RateOf(number, options),
                    &state->vectors);
    state->loss = number == 0 ? loss : kLossMemory * state->loss + (1 - kLossMemory) * loss;
  }
  if (options.progress) options.progress({"train", options.steps, options.steps, state->loss});
  return save();
}

}  // namespace

absl::StatusOr<TokenVectors> TrainStaticModel(TrainingCorpus corpus, const TrainOptions& options) {
  DX_RETURN_IF_ERROR(CheckOptions(corpus, options));
  DX_RETURN_IF_ERROR(CheckGroups(corpus));
  // Eigen cuts its products by the sizes of this machine's caches; fixed sizes give the same sums everywhere.
  Eigen::setCpuCacheSizes(32 << 10, 512 << 10, 4 << 20);
  const train::GoOn go_on = [&](std::string_view stage, uint64_t done, uint64_t total) {
    if (options.progress) options.progress({stage, done, total, 0});
    return !options.cancelled || !options.cancelled();
  };
  DX_ASSIGN_OR_RETURN(TokenCorpus tokens, train::MakeTokenCorpus(std::move(corpus), options, go_on));
  if (tokens.tokens.empty()) {
    return absl::InvalidArgumentError("no token stands in " + std::to_string(options.df_min) +
                                      " texts: the texts are too few");
  }
  const uint32_t fingerprint = FingerprintOf(tokens, options);
  std::optional<TrainingState> state;
  if (!options.checkpoint.empty()) {
    DX_ASSIGN_OR_RETURN(state, train::ReadCheckpoint(options.checkpoint, fingerprint));
  }
  if (!state) {
    DX_ASSIGN_OR_RETURN(state, Start(tokens, options, go_on));
  }
  DX_RETURN_IF_ERROR(RunSteps(tokens, options, fingerprint, &*state));
  TokenVectors result{options.dim, options.sizes, std::move(tokens.tokens), {}};
  result.vectors.assign(state->vectors.data(), state->vectors.data() + state->vectors.size());
  return result;
}

}  // namespace dongxi
