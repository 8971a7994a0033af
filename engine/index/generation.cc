#include "engine/index/generation.h"

#include "engine/base/status_macros.h"
#include "engine/embed/builtin_embedder.h"
#include "engine/embed/lsa.h"

namespace dongxi {
namespace {

constexpr size_t kLexiconBytesMax = size_t{64} << 20;

absl::StatusOr<Collection> OpenCollection(const std::filesystem::path& directory, const Manifest& manifest) {
  Collection collection;
  DX_ASSIGN_OR_RETURN(collection.documents, DocumentTable::Open(directory / kDocumentsFile));
  DX_ASSIGN_OR_RETURN(collection.lexical, OpenLexicalIndex(directory / kPostingsFile));
  DX_ASSIGN_OR_RETURN(collection.vectors, OpenVectorIndex(directory));
  const size_t documents = collection.documents->size();
  if (collection.lexical->documents() != documents || collection.vectors->size() != documents ||
      collection.vectors->dim() != manifest.dim) {
    return absl::DataLossError(directory.string() +
                               ": its files do not belong together; rebuild with dongxi-indexer build");
  }
  return collection;
}

absl::StatusOr<std::shared_ptr<const Embedder>> EmbedderOf(const Generation& generation,
                                                           std::shared_ptr<const Embedder> remote) {
  const Manifest& manifest = generation.manifest;
  if (manifest.embedder == "built-in") {
    DX_ASSIGN_OR_RETURN(std::unique_ptr<Embedder> collection,
                        OpenLsaEmbedder(generation.directory / kModelFile, generation.lexicon));
    if (generation.static_model == nullptr) {
      remote = std::move(collection);
    } else {
      remote = NewBuiltInEmbedder(generation.static_model, std::move(collection), generation.lexicon);
    }
  } else if (remote == nullptr) {
    return absl::FailedPreconditionError(
        generation.directory.string() + ": built by the remote model " + manifest.model +
        "; start with --embedding-url and --embedding-model, or rebuild with "
        "dongxi-indexer build");
  }
  if (remote->model_id() != manifest.model || remote->dim() != manifest.dim) {
    return absl::FailedPreconditionError(
        generation.directory.string() + ": built by model " + manifest.model + " (" +
        std::to_string(manifest.dim) + " dimensions), the model at hand is " + remote->model_id() + " (" +
        std::to_string(remote->dim()) + "); configure the same model or rebuild with dongxi-indexer build");
  }
  return remote;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Generation>> OpenGeneration(const std::filesystem::path& directory,
                                                                 std::shared_ptr<const Embedder> remote) {
  auto generation = std::make_shared<Generation>();
  generation->directory = directory;
  DX_ASSIGN_OR_RETURN(generation->manifest, ReadManifest(directory));
  DX_ASSIGN_OR_RETURN(const std::string names, ReadFile(directory / kLexiconFile, kLexiconBytesMax));
  DX_ASSIGN_OR_RETURN(generation->lexicon, ParseLexicon((directory / kLexiconFile).string(), names));
  if (generation->manifest.files.contains(kStaticModelFile)) {
    DX_ASSIGN_OR_RETURN(generation->static_model, StaticModel::Open(directory / kStaticModelFile));
    generation->names = requirement::NewNameForms(generation->static_model);
  }
  DX_ASSIGN_OR_RETURN(generation->embedder, EmbedderOf(*generation, std::move(remote)));
  DX_ASSIGN_OR_RETURN(generation->offers, OpenCollection(directory / kOffersName, generation->manifest));
  DX_ASSIGN_OR_RETURN(generation->needs, OpenCollection(directory / kNeedsName, generation->manifest));
  return std::shared_ptr<const Generation>(std::move(generation));
}

}  // namespace dongxi
