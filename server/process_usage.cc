#include "server/process_usage.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace dongxi {
namespace {

double SecondsOf(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

ProcessUsage ReadProcessUsage() {
  ProcessUsage usage;
  uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;  // The second number is what is resident.
  usage.resident_bytes = pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  std::error_code error;
  const std::filesystem::directory_iterator handles("/proc/self/fd", error),
      threads("/proc/self/task", error);
  usage.open_handles = static_cast<uint64_t>(std::distance(begin(handles), end(handles)));
  usage.threads = static_cast<uint64_t>(std::distance(begin(threads), end(threads)));
  rusage times = {};
  if (::getrusage(RUSAGE_SELF, &times) == 0)
    usage.cpu_seconds = SecondsOf(times.ru_utime) + SecondsOf(times.ru_stime);
  return usage;
}

uint64_t DiskFreeBytes(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(path, error);
  return error ? 0 : space.available;
}

}  // namespace dongxi
