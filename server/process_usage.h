// What this process uses, from /proc. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>

namespace dongxi {

struct ProcessUsage {
  uint64_t resident_bytes = 0;
  uint64_t open_handles = 0;
  uint64_t threads = 0;
  double cpu_seconds = 0;
};
// What cannot be read is 0.
ProcessUsage ReadProcessUsage();

// Bytes that this process may still write where `path` is; 0 if that cannot be asked.
uint64_t DiskFreeBytes(const std::filesystem::path& path);

}  // namespace dongxi
