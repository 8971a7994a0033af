// Size and SHA-256 of a file, so that a copy can be compared with what was written. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/statusor.h"

namespace dongxi::report {

struct FileDigest {
  uint64_t bytes = 0;
  std::string sha256;  // lower-case hexadecimal
};

// Reads the whole file in pieces. Errors name the file: NotFound; Internal.
absl::StatusOr<FileDigest> DigestOf(const std::filesystem::path& file);

}  // namespace dongxi::report
