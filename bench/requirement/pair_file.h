// Need–result pairs labelled by hand, indicator by indicator: tests/requirement/pairs.jsonl (its README says
// what the labels mean). Any thread.
#pragma once

#include <array>
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

inline constexpr int kPartsOfPairs = 31;
inline constexpr int kPartsWithBars = 7;  // what came after these has none: it is measured as new

// Parts whose authors had seen neither rules nor tables, together where they were told the same.
struct UnseenParts {
  int first = 0, last = 0;
};
inline constexpr std::array<UnseenParts, 3> kUnseenParts = {{{8, 18}, {20, 27}, {28, kPartsOfPairs}}};

struct LabelledPair {
  std::string id, field, need, result;
  // 1: the rules were made on it; 2: held back until they were done; 3: written after the audit; 4: by
  // another author, who had not read the rules; 5: by the same, after part 4 had been mended; 6: by an
  // author who had seen neither rules nor tables, after names were compared by what they mean; 7 and 8: by
  // two more such authors, before and after part 7 was mended; 9 to 18: by ten
  // more; 19: by the rules' author, complements and symbols of elements; 20 to 27: by eight more authors,
  // told to be harder; 28 to the last: by more authors, told what those of 8 to 18 were told
  int half = 1;
  std::vector<LabelledIndicator> indicators;
};

// Errors name file and line: NotFound; InvalidArgument for a pair without id or texts, an unknown label, a
// span out of its text, a label other than unknown without a span of the result.
absl::StatusOr<std::vector<LabelledPair>> ReadLabelledPairs(const std::filesystem::path& file);

// met, short, contradictory, unknown.
std::string LabelOf(requirement::Outcome outcome);

}  // namespace dongxi::bench
