// Any bytes as a TREC run: what is read is sorted, finite and without a document twice, and survives being
// written again.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "absl/strings/str_format.h"
#include "bench/quality/run_file.h"

namespace {

using dongxi::bench::SystemRun;

// Aborts if the lists are not as promised.
std::string Lines(const SystemRun& run) {
  std::string lines = "\n";  // a byte order mark counts at the very beginning only
  for (const auto& [query, ranked] : run.queries) {
    std::set<std::string> names;
    for (size_t i = 0; i < ranked.size(); ++i) {
      if (!std::isfinite(ranked[i].score) || !names.insert(ranked[i].document).second) std::abort();
      if (i > 0 && ranked[i].score > ranked[i - 1].score) std::abort();
      lines += absl::StrFormat("%s %s %.17g\n", query, ranked[i].document, ranked[i].score);
    }
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto run =
      dongxi::bench::ParseRun("fuzz", std::string_view(reinterpret_cast<const char*>(data), size));
  if (!run.ok()) return 0;
  const std::string lines = Lines(*run);
  const auto again = dongxi::bench::ParseRun("again", lines);
  if (!again.ok() || Lines(*again) != lines) std::abort();
  return 0;
}
