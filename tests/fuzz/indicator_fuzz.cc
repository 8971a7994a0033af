// The indicator parser takes any bytes: spans lie in the text, ranges are ranges, and every text can be
// compared with itself and printed.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/requirement/compare_indicators.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dongxi::requirement;
  constexpr size_t kTextBytesMax = 4096;  // of one run; the parser itself has no limit
  const std::string text(reinterpret_cast<const char*>(data), std::min(size, kTextBytesMax));
  const RequirementTables& tables = BuiltInRequirementTables();
  const auto need = ParseIndicators(text, {.side = Side::kNeed}, tables);
  const auto offer = ParseIndicators(text, {.side = Side::kOffer}, tables);
  if (need.size() > kIndicatorsMax) std::abort();
  for (const auto* side : {&need, &offer}) {
    for (const Indicator& indicator : *side) {
      if (indicator.span.begin >= indicator.span.end || indicator.span.end > text.size()) std::abort();
      if (indicator.value_span.begin >= indicator.value_span.end || indicator.value_span.end > text.size())
        std::abort();
      if (indicator.low > indicator.high) std::abort();
      if (RangeText(indicator).empty()) std::abort();
    }
  }
  for (const IndicatorVerdict& verdict : CompareIndicators(need, offer, nullptr)) {
    if ((verdict.outcome == Outcome::kUnknown) == verdict.offer.has_value()) std::abort();
    if (verdict.reason.empty()) std::abort();
  }
  return 0;
}
