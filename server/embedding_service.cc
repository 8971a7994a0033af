#include "server/embedding_service.h"

#include "engine/base/status_macros.h"
#include "engine/embed/remote_embedder.h"
#include "engine/record/record.h"
#include "engine/text/normalize.h"
#include "server/convert.h"
#include "server/deadline.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

// Texts embedded between two looks at the deadline.
constexpr size_t kBatch = 64;

// The snapshot whose embedder is ours to offer.
absl::StatusOr<std::shared_ptr<const Snapshot>> BuiltInModel(const ServingState& state) {
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot, state.Serving());
  if (!snapshot->generation->embedder->model_id().starts_with(kRemoteModelPrefix)) return snapshot;
  return WithReason(
      absl::FailedPreconditionError("the generation was built by the remote model " +
                                    snapshot->generation->embedder->model_id() +
                                    "; ask its service, this server offers its built-in model only"),
      "REMOTE_MODEL");
}

void EncodeModel(const Generation& generation, pb::EmbeddingModel* model) {
  model->set_id(generation.embedder->model_id());
  model->set_dimensions(generation.embedder->dim());
  model->set_generation("generations/" + generation.manifest.generation);
}

absl::StatusOr<std::vector<EmbedInput>> DecodeTexts(const pb::EmbedRequest& request, int64_t* characters) {
  if (request.texts_size() < 1 || request.texts_size() > kEmbedTextsMax) {
    return FieldError("texts", "found " + std::to_string(request.texts_size()) + ", expected 1 to " +
                                   std::to_string(kEmbedTextsMax));
  }
  std::vector<EmbedInput> inputs;
  for (int i = 0; i < request.texts_size(); ++i) {
    const size_t length = CountCharacters(request.texts(i));
    if (length < 1 || length > kTextCharactersMax) {
      return FieldError("texts[" + std::to_string(i) + "]", "found " + std::to_string(length) +
                                                                " characters, expected 1 to " +
                                                                std::to_string(kTextCharactersMax));
    }
    *characters += static_cast<int64_t>(length);
    inputs.push_back({.title = "", .text = request.texts(i)});
  }
  return inputs;
}

absl::Status CheckModel(const pb::EmbedRequest& request, const Embedder& embedder) {
  const std::string& wanted = request.model();
  const std::string& served = embedder.model_id();
  if (request.dimensions() != 0 && request.dimensions() != embedder.dim()) {
    return FieldError("dimensions", "found " + std::to_string(request.dimensions()) + ", this model has " +
                                        std::to_string(embedder.dim()) + " and cannot be shortened");
  }
  if (wanted.empty() || wanted == kServedModelAlias || wanted == served) return absl::OkStatus();
  return WithReason(WithField(absl::NotFoundError("model: '" + wanted + "' is not here; this server has '" +
                                                  served + "', also as '" + kServedModelAlias + "'"),
                              "model"),
                    "MODEL_NOT_FOUND");
}

}  // namespace

grpc::Status EmbeddingService::Embed(grpc::ServerContext* context, const pb::EmbedRequest* request,
                                     pb::EmbedResponse* response) {
  return gate_->Run(*context, "EmbeddingService.Embed", [&](const Caller&) -> absl::Status {
    int64_t characters = 0;
    DX_ASSIGN_OR_RETURN(const std::vector<EmbedInput> inputs, DecodeTexts(*request, &characters));
    DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot, BuiltInModel(*state_));
    const Embedder& embedder = *snapshot->generation->embedder;
    DX_RETURN_IF_ERROR(CheckModel(*request, embedder));
    const std::span<const EmbedInput> all = inputs;
    for (size_t begin = 0; begin < all.size(); begin += kBatch) {
      if (context->IsCancelled()) return absl::CancelledError("the caller went away");
      const std::span<const EmbedInput> batch = all.subspan(begin, std::min(kBatch, all.size() - begin));
      DX_ASSIGN_OR_RETURN(const Matrix matrix, embedder.Embed(batch, DeadlineOf(*context)));
      for (size_t i = 0; i < batch.size(); ++i) {
        const std::span<const float> row = matrix.row(i);
        response->add_embeddings()->mutable_values()->Add(row.begin(), row.end());
      }
    }
    EncodeModel(*snapshot->generation, response->mutable_model());
    response->set_character_count(characters);
    return absl::OkStatus();
  });
}

grpc::Status EmbeddingService::GetEmbeddingModel(grpc::ServerContext* context,
                                                 const pb::GetEmbeddingModelRequest*,
                                                 pb::EmbeddingModel* response) {
  return gate_->Run(*context, "EmbeddingService.GetEmbeddingModel", [&](const Caller&) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot, BuiltInModel(*state_));
    EncodeModel(*snapshot->generation, response);
    return absl::OkStatus();
  });
}

}  // namespace dongxi
