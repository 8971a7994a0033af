// Any bytes as qrels: whatever is read, written again and read again is the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bench/quality/qrels.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto qrels =
      dongxi::bench::ParseQrels("fuzz", std::string_view(reinterpret_cast<const char*>(data), size));
  if (!qrels.ok()) return 0;
  std::string lines = "\n";  // a byte order mark counts at the very beginning only
  for (const auto& [query, grades] : *qrels) {
    if (grades.empty()) std::abort();
    for (const auto& [document, grade] : grades)
      lines += query + " 0 " + document + " " + std::to_string(grade) + "\n";
  }
  const auto again = dongxi::bench::ParseQrels("again", lines);
  if (!again.ok() || *again != *qrels) std::abort();
  return 0;
}
