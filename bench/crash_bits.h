// Which bits of which files dongxi-bench crash flips.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dongxi::bench {

// The first, the middle and the last byte of a file of `bytes` bytes, none twice.
std::vector<uintmax_t> FlipPlaces(uintmax_t bytes);

// RocksDB's mark of a database, its settings, its messages, its lock: no data of ours is in them, and it
// writes them anew where they are missing (docs/format/catalogue.md).
bool IsRocksDbsOwn(const std::string& file_name);

}  // namespace dongxi::bench
