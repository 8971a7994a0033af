// One immutable, opened generation: all that search needs of catalogue sequence N. Any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "engine/embed/embedder.h"
#include "engine/embed/static_model.h"
#include "engine/index/document_table.h"
#include "engine/index/lexical_index.h"
#include "engine/index/manifest.h"
#include "engine/index/vector_index.h"
#include "engine/requirement/name_forms.h"
#include "engine/text/terms.h"

namespace dongxi {

// Documents that are searched together: offers (institutions, experts, results, evidence), or needs.
struct Collection {
  std::unique_ptr<DocumentTable> documents;
  std::unique_ptr<LexicalIndex> lexical;
  std::unique_ptr<VectorIndex> vectors;
};

inline constexpr char kOffersName[] = "offers";
inline constexpr char kNeedsName[] = "needs";
inline constexpr char kDocumentsFile[] = "documents.dxd";
inline constexpr char kPostingsFile[] = "postings.dxp";
inline constexpr char kModelFile[] = "model.lsa";
inline constexpr char kStaticModelFile[] = "model.static";
inline constexpr char kLexiconFile[] = "lexicon.tsv";

struct Generation {
  Manifest manifest;
  std::filesystem::path directory;
  std::shared_ptr<const Lexicon> lexicon;
  // Weighs a query's terms, and is a part of the built-in embedder. Null in a generation of builder format 1.
  std::shared_ptr<const StaticModel> static_model;
  std::shared_ptr<requirement::NameForms> names;  // of static_model; null without one
  std::shared_ptr<const Embedder> embedder;       // the one it was built with
  Collection offers;
  Collection needs;
};

// Opens `directory` after checking its manifest and every file's structure; contents are checked by
// VerifyFiles. `remote` is the configured remote embedder, null for none. FailedPrecondition if the
// generation was built by another model than the one at hand (the message names both and the remedy);
// DataLoss on damage.
absl::StatusOr<std::shared_ptr<const Generation>> OpenGeneration(const std::filesystem::path& directory,
                                                                 std::shared_ptr<const Embedder> remote);

}  // namespace dongxi
