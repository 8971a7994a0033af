// A system's answers, TREC run: "query Q0 document rank score tag", a line a document. Immutable data; any
// thread.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace dongxi::bench {

struct RankedDocument {
  std::string document;
  double score = 0;
};

// Best first: highest score, equal scores in byte order of the document's name. The file's rank column is not
// used (as trec_eval does not), so ties cannot flatter the system that wrote the file.
using RankedDocuments = std::vector<RankedDocument>;

struct SystemRun {
  std::string tag;  // of the first line
  std::map<std::string, RankedDocuments, std::less<>> queries;
};

// Three-field lines "query document score" are read as well. Errors name file and line: NotFound;
// InvalidArgument for another number of fields, a score that is NaN, infinite or no number, a document given
// twice for one query, bytes that are not UTF-8, a file without any line.
absl::StatusOr<SystemRun> ReadRun(const std::filesystem::path& file);
absl::StatusOr<SystemRun> ParseRun(std::string_view file_name, std::string_view content);

}  // namespace dongxi::bench
