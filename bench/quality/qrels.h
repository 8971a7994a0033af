// Judgements of a test collection, TREC qrels: "query 0 document grade", a line a judged pair. Immutable
// data; any thread.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace dongxi::bench {

// Grades 0 (not relevant) and up; a negative grade (TREC's "junk") counts as 0 in every measure.
inline constexpr int kGradeMax = 20;

using GradesOfQuery = std::map<std::string, int, std::less<>>;    // document -> grade
using Qrels = std::map<std::string, GradesOfQuery, std::less<>>;  // query -> judged documents

// Errors name file and line: NotFound; InvalidArgument for a line without four fields, a grade that is no
// integer or above kGradeMax, a pair judged twice (with another grade or the same), bytes that are not UTF-8,
// a file without any judgement.
absl::StatusOr<Qrels> ReadQrels(const std::filesystem::path& file);
absl::StatusOr<Qrels> ParseQrels(std::string_view file_name, std::string_view content);

}  // namespace dongxi::bench
