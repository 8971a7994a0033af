// What is accepted as the list of a backup survives a round trip, and no path on it leads out; nothing
// crashes. The checksum line is put right first, since a fuzzer would hardly ever guess it.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "engine/base/crc32c.h"
#include "indexer/backup/backup_manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  char line[32];
  std::snprintf(line, sizeof(line), "DONGXI-BACKUP %08x\n", dongxi::Crc32c(bytes));
  for (const std::string& input : {bytes, line + bytes}) {
    const auto manifest = dongxi::ParseBackupManifest(input, "fuzz");
    if (!manifest.ok()) continue;
    for (const auto& [path, summary] : manifest->files) {
      if (path.front() == '/' || ("/" + path + "/").find("/../") != std::string::npos) std::abort();
    }
    const std::string written = dongxi::SerializeBackupManifest(*manifest);
    const auto again = dongxi::ParseBackupManifest(written, "fuzz");
    if (!again.ok() || dongxi::SerializeBackupManifest(*again) != written) std::abort();
  }
  return 0;
}
