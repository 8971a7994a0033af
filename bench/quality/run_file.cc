#include "bench/quality/run_file.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "absl/strings/numbers.h"
#include "bench/quality/trec_lines.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr size_t kBytesMax = size_t{4} << 30;

absl::StatusOr<double> ParseScore(std::string_view word) {
  double score = 0;
  if (!absl::SimpleAtod({word.data(), word.size()}, &score)) {
    return absl::InvalidArgumentError("score " + Quoted(word) +
                                      " is no number; expected one such as 12.5 or 1e-3");
  }
  if (!std::isfinite(score)) {
    return absl::InvalidArgumentError("score " + Quoted(word) +
                                      " is not finite; the system must write a number or leave the line out");
  }
  return score;
}

// Adds answers and remembers their lines, to name the first of two.
class RunBuilder {
 public:
  absl::Status Add(const TrecWords& words, size_t line) {
    if (words.size() != 6 && words.size() != 3) {
      return absl::InvalidArgumentError(
          WrongFields(words, "6: query Q0 document rank score tag (or 3: query document score)"));
    }
    const bool full = words.size() == 6;
    const std::string_view document = full ? words[2] : words[1];
    DX_ASSIGN_OR_RETURN(const double score, ParseScore(full ? words[4] : words[2]));
    if (run_.queries.empty() && full) run_.tag = std::string(words[5]);
    const auto [query, is_new_query] = run_.queries.try_emplace(std::string(words[0]));
    const auto [first, is_new] = lines_[query->first].emplace(document, line);
    if (!is_new) {
      return absl::InvalidArgumentError("query " + Quoted(words[0]) + ", document " + Quoted(document) +
                                        " stands twice (first in line " + std::to_string(first->second) +
                                        "); leave the line with the score that counts");
    }
    query->second.push_back({std::string(document), score});
    return absl::OkStatus();
  }

  SystemRun Take() {
    for (auto& [query, documents] : run_.queries) {
      std::sort(documents.begin(), documents.end(), [](const RankedDocument& a, const RankedDocument& b) {
        return a.score != b.score ? a.score > b.score : a.document < b.document;
      });
    }
    return std::move(run_);
  }

 private:
  SystemRun run_;
  std::unordered_map<std::string, std::unordered_map<std::string, size_t>> lines_;
};

}  // namespace

absl::StatusOr<SystemRun> ParseRun(std::string_view file_name, std::string_view content) {
  RunBuilder builder;
  DX_RETURN_IF_ERROR(VisitTrecLines(
      file_name, content, [&](const TrecWords& words, size_t line) { return builder.Add(words, line); }));
  SystemRun run = builder.Take();
  if (run.queries.empty()) {
    return absl::InvalidArgumentError(std::string(file_name) +
                                      ":1: no answer; expected lines of query Q0 document rank score tag");
  }
  return run;
}

absl::StatusOr<SystemRun> ReadRun(const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(const std::string content, ReadFile(file, kBytesMax));
  return ParseRun(file.string(), content);
}

}  // namespace dongxi::bench
