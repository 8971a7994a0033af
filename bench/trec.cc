#include "bench/trec.h"

#include <cmath>
#include <limits>

#include "absl/strings/str_format.h"

namespace dongxi::bench {
namespace {

bool IsOneWord(const std::string& text) {
  return !text.empty() && text.find_first_of(" \t\r\n\v\f") == std::string::npos;
}

}  // namespace

double ScoreBehind(double before, double score) {
  return score < before ? score : std::nextafter(before, -std::numeric_limits<double>::infinity());
}

absl::StatusOr<std::string> RunLines(const std::string& query, const std::vector<RunEntry>& entries,
                                     const std::string& tag) {
  if (!IsOneWord(query) || !IsOneWord(tag)) {
    return absl::InvalidArgumentError("query \"" + query + "\", tag \"" + tag +
                                      "\": expected words without spaces");
  }
  std::string lines;
  for (size_t i = 0; i < entries.size(); ++i) {
    const RunEntry& entry = entries[i];
    const std::string place = "query " + query + ", rank " + std::to_string(i + 1) + ": ";
    if (!IsOneWord(entry.document))
      return absl::InvalidArgumentError(place + "document \"" + entry.document + "\"");
    if (!std::isfinite(entry.score))
      return absl::InvalidArgumentError(place + "the score is no finite number");
    if (i > 0 && entry.score > entries[i - 1].score)
      return absl::InvalidArgumentError(place + "the score rises");
    // 17 digits: two different scores never become equal, which would let a scorer order them by name.
    lines += absl::StrFormat("%s Q0 %s %d %.17g %s\n", query, entry.document, i + 1, entry.score, tag);
  }
  return lines;
}

}  // namespace dongxi::bench
