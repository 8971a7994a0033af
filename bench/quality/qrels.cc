#include "bench/quality/qrels.h"

#include <string>
#include <unordered_map>

#include "absl/strings/numbers.h"
#include "bench/quality/trec_lines.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr size_t kBytesMax = size_t{2} << 30;

absl::StatusOr<int> ParseGrade(std::string_view word) {
  int grade = 0;
  if (!absl::SimpleAtoi({word.data(), word.size()}, &grade)) {
    return absl::InvalidArgumentError("grade " + Quoted(word) + " is no integer; expected 0 to " +
                                      std::to_string(kGradeMax));
  }
  if (grade > kGradeMax) {
    return absl::InvalidArgumentError("grade " + Quoted(word) + " is above " + std::to_string(kGradeMax) +
                                      "; map the grades to a smaller scale");
  }
  return grade;
}

// Adds judged pairs and remembers their lines, to name the first of two.
class QrelsBuilder {
 public:
  absl::Status Add(const TrecWords& words, size_t line) {
    if (words.size() != 4) return absl::InvalidArgumentError(WrongFields(words, "4: query 0 document grade"));
    DX_ASSIGN_OR_RETURN(const int grade, ParseGrade(words[3]));
    const auto [query, is_new_query] = qrels_.try_emplace(std::string(words[0]));
    const auto [judged, is_new] = query->second.emplace(words[2], grade);
    const auto [first, unused] = lines_.emplace(&judged->second, line);
    if (is_new) return absl::OkStatus();
    return absl::InvalidArgumentError("query " + Quoted(words[0]) + ", document " + Quoted(words[2]) +
                                      " is judged twice (grade " + std::to_string(judged->second) +
                                      " in line " + std::to_string(first->second) + ", here " +
                                      std::to_string(grade) + "); leave one line");
  }
  Qrels Take() { return std::move(qrels_); }

 private:
  Qrels qrels_;
  std::unordered_map<const int*, size_t> lines_;  // by the grade's address: map nodes do not move
};

}  // namespace

absl::StatusOr<Qrels> ParseQrels(std::string_view file_name, std::string_view content) {
  QrelsBuilder builder;
  DX_RETURN_IF_ERROR(VisitTrecLines(
      file_name, content, [&](const TrecWords& words, size_t line) { return builder.Add(words, line); }));
  Qrels qrels = builder.Take();
  if (qrels.empty()) {
    return absl::InvalidArgumentError(std::string(file_name) +
                                      ":1: no judgement; expected lines of query 0 document grade");
  }
  return qrels;
}

absl::StatusOr<Qrels> ReadQrels(const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(const std::string content, ReadFile(file, kBytesMax));
  return ParseQrels(file.string(), content);
}

}  // namespace dongxi::bench
