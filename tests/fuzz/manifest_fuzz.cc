// What is accepted as a manifest survives a round trip; nothing crashes. The checksum line is put right
// first, since a fuzzer would hardly ever guess it.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "engine/base/crc32c.h"
#include "engine/index/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  char line[32];
  std::snprintf(line, sizeof(line), "DONGXI-MANIFEST %08x\n", dongxi::Crc32c(bytes));
  for (const std::string& input : {bytes, line + bytes}) {
    const auto manifest = dongxi::ParseManifest(input, "fuzz");
    if (!manifest.ok()) continue;
    const std::string written = dongxi::SerializeManifest(*manifest);
    const auto again = dongxi::ParseManifest(written, "fuzz");
    if (!again.ok() || dongxi::SerializeManifest(*again) != written) std::abort();
  }
  return 0;
}
