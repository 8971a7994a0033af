// Do the files of a test collection belong together? Each check reads its file again to name the line. Any
// thread.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_set>

#include "absl/status/status.h"

namespace dongxi::bench {

using Ids = std::unordered_set<std::string>;

// InvalidArgument "file:line: ..." for the first line of a run that names a document outside `documents`.
absl::Status CheckRunDocuments(const std::filesystem::path& run_file, const Ids& documents);

// The same for the first judgement of a query outside `queries`: it would count 0 for every system.
absl::Status CheckQrelsQueries(const std::filesystem::path& qrels_file, const Ids& queries);

// The same for the first judged document outside `documents`: no system could ever list it.
absl::Status CheckQrelsDocuments(const std::filesystem::path& qrels_file, const Ids& documents);

}  // namespace dongxi::bench
