// Need–result pairs labelled by hand, indicator by indicator: tests/requirement/pairs.jsonl (its README says
// what the labels mean). Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/requirement/compare_indicators.h"

namespace dongxi::bench {

struct LabelledIndicator {
  requirement::ByteSpan need;                   // holds the number
  std::optional<requirement::ByteSpan> result;  // absent for kUnknown
  requirement::Outcome label = requirement::Outcome::kUnknown;
};

inline constexpr int kPartsOfPairs = 29;
inline constexpr int kPartsWithBars = 7;  // what came after these has none: it is measured as new

struct LabelledPair {
  std::string id, field, need, result;
  // 1: the rules were made on it; 2: held back until they were done; 3: written after the audit; 4: by
  // another author, who had not read the rules; 5: by the same, after part 4 had been mended; 6: by an
  // author who had seen neither rules nor tables, after names were compared by what they mean; 7 and 8: by
  // two more such authors, before and after part 7 was mended; 9 to 18: by ten
  // more; 19: by the rules' author, complements and symbols of elements
  int half = 1;
  std::vector<LabelledIndicator> indicators;
};

// Errors name file and line: NotFound; InvalidArgument for a pair without id or texts, an unknown label, a
// span out of its text, a label other than unknown without a span of the result.
absl::StatusOr<std::vector<LabelledPair>> ReadLabelledPairs(const std::filesystem::path& file);

// met, short, contradictory, unknown.
std::string LabelOf(requirement::Outcome outcome);

}  // namespace dongxi::bench
