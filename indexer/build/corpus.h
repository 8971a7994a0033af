// What a build takes from the catalogue: the texts and the ordinal tables of both collections. Internal to
// indexer/build.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/embed/embedder.h"
#include "engine/index/document_table.h"
#include "engine/text/terms.h"
#include "indexer/build/build_context.h"
#include "store/catalogue.h"

namespace dongxi {

// Texts of all records in one piece, because the built-in model learns from offers and needs together.
struct Corpus {
  uint64_t sequence = 0;
  DocumentTableBuilder offer_table;
  DocumentTableBuilder need_table;
  std::vector<EmbedInput> texts;  // offers in DocId order, then needs in DocId order
  size_t offers = 0;

  std::span<EmbedInput> offer_texts() { return std::span(texts).first(offers); }
  std::span<EmbedInput> need_texts() { return std::span(texts).subspan(offers); }
};

// Reads all records, kind by kind in order of id. FailedPrecondition: the catalogue is empty; Aborted: it
// changed meanwhile.
absl::StatusOr<Corpus> ReadCorpus(const CatalogueReader& catalogue, const BuildContext& context);

// The lexicon with the bytes that a generation keeps of it: all files of the folder, in order of name.
struct LexiconCopy {
  std::shared_ptr<const Lexicon> lexicon;
  std::string content;
};
// An empty `directory` means no lexicon. Errors name file and line.
absl::StatusOr<LexiconCopy> CopyLexicon(const std::string& directory);

// Names the state of the catalogue beyond its sequence number: record counts and a checksum of the records of
// its last change. Two catalogues with the same sequence number (one was removed and imported anew) differ in
// it.
absl::StatusOr<std::map<std::string, std::string>> CatalogueStamp(const CatalogueReader& catalogue);

}  // namespace dongxi
