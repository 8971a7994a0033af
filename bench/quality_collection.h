// A test collection's documents as the records that the engine matches. Pure functions but for reading files;
// any thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/record/record.h"

namespace dongxi::bench {

// What a query's answer ranks: the documents themselves, or their owners as institutions or as persons.
enum class QualityTarget { kResult, kPartner, kExpert };

RecordKind KindOf(QualityTarget target);

struct DocumentFields {
  // Keys whose texts are a document's, in this order; "title" is its title, all others make its text.
  std::vector<std::string> keys = {"title", "text"};
};

// Reads JSON Lines {"id", "title", "text", "owners": [...]}; unknown keys are ignored, a missing or null text
// is empty. For kResult every line is a result; otherwise it is evidence, and every owner a record without
// text of his own. A line with "papers": [{"title", "abstract"}] is an owner with that evidence. Sorted by
// kind and id, no name twice. Errors name file and line: InvalidArgument for a line without id, an id given
// twice, for partner and expert a file without any owner; no document.
absl::StatusOr<std::vector<Record>> ReadCollection(const std::filesystem::path& file, QualityTarget target,
                                                   const DocumentFields& fields);

}  // namespace dongxi::bench
