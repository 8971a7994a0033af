// The key of a pool, a JSON file for the analyst only: which run gave which pair at which rank. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "bench/judge/pool.h"

namespace dongxi::bench {

inline constexpr int kPoolKeyVersion = 1;

// {"format", "version", "pool": {"id", "pairs", "seed", "depth"}, "runs": [{"file", "tag"}], "pairs":
// [{"number", "need", "candidate", "from": [{"run", "rank"}]}]}; a line a pair.
std::string PoolKeyJson(const Pool& pool);

// Errors name the file: NotFound; InvalidArgument if it is no key, of another version, or its checksum (the
// pool's id) does not fit its pairs.
absl::StatusOr<Pool> ReadPoolKey(const std::filesystem::path& file);
absl::StatusOr<Pool> ParsePoolKey(std::string_view file_name, std::string_view content);

}  // namespace dongxi::bench
