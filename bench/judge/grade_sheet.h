// Reads a sheet that a judge filled: XLSX or CSV, columns in any order, titles above the header. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/judge/problems.h"

namespace dongxi::bench {

struct GradeCell {
  std::string text;                    // trimmed
  std::string letters;                 // of its column
  std::optional<Complaint> complaint;  // why the cell cannot be used
};

struct GradeRow {
  SourcePlace place;
  GradeCell number, need, candidate, grade;
  std::string need_title, candidate_title, remark;
};

struct GradeSheet {
  std::string file;
  std::vector<GradeRow>
      rows;  // of all sheets with the header; rows without any of 编号, 需求编号, 候选编号 are passed over
};

// The header is among the first 20 rows and has 编号, 需求编号, 候选编号 and 等级, each once. Errors say
// file, sheet, what was found and expected, and the remedy: NotFound; InvalidArgument for a file of another
// format, without such a header, or without rows.
absl::StatusOr<GradeSheet> ReadGradeSheet(const std::filesystem::path& file);

}  // namespace dongxi::bench
