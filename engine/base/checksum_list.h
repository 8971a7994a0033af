// A list of the files of a folder with their checksums, for folders that are written once and then only read
// (docs/format/settings.md). Any thread; a folder must not be written meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dongxi {

inline constexpr char kChecksumListName[] = "CHECKSUMS";

// Writes the list of all regular files below `folder`, durably. Errors: those of the files.
absl::Status WriteChecksumList(const std::filesystem::path& folder);

struct ListedFolders {
  uint64_t files = 0, bytes = 0;                // read
  std::vector<std::string> problems;            // a file each, named, with what was found
  std::vector<std::filesystem::path> unlisted;  // folders without a list
};
// Reads every file of every folder right in `root` and compares with its list; folders whose names end in
// ".new" are being written and passed over. Damaged, missing and unlisted files and a damaged list are
// problems. None if there is no `root`.
ListedFolders CheckListedFolders(const std::filesystem::path& root);

}  // namespace dongxi
