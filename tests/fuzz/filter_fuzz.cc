// The filter parser takes any bytes. What it accepts must survive a round trip.
#include <cstdint>
#include <cstdlib>

#include "engine/filter/filter.h"

namespace {

// Accepts every mode and region name that is a plain word, so that the fuzzer needs no policy tables.
class AnyVocabulary : public dongxi::ImportVocabulary {
 public:
  std::string RegionCode(std::string_view name) const override { return name.size() == 3 ? "63" : ""; }
  std::string ModeCode(std::string_view word) const override {
    return word.size() % 2 == 0 ? "transfer" : "";
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const AnyVocabulary vocabulary;
  const auto filter = dongxi::ParseFilter({reinterpret_cast<const char*>(data), size}, vocabulary);
  if (!filter.ok()) return 0;
  const std::string text = (*filter)->ToString();
  const auto again = dongxi::ParseFilter(text, vocabulary);
  if (!again.ok() || (*again)->ToString() != text) std::abort();
  if ((*again)->ReadsEvidence() != (*filter)->ReadsEvidence()) std::abort();
  return 0;
}
