// The sheet that judges fill, as XLSX or CSV. The same bytes for the same rows. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace dongxi::bench {

inline constexpr int kGradesOfJudges = 4;  // 0 不相关, 1 弱相关, 2 较强, 3 强

inline constexpr std::string_view kJudgeSheet = "评判";
inline constexpr std::string_view kGuideSheet = "说明";
inline constexpr std::string_view kNumberColumn = "编号";
inline constexpr std::string_view kNeedColumn = "需求编号";
inline constexpr std::string_view kNeedTitleColumn = "需求标题";
inline constexpr std::string_view kNeedTextColumn = "需求正文";
inline constexpr std::string_view kCandidateColumn = "候选编号";
inline constexpr std::string_view kCandidateTitleColumn = "候选标题";
inline constexpr std::string_view kCandidateTextColumn = "候选正文";
inline constexpr std::string_view kGradeColumn = "等级";
inline constexpr std::string_view kRemarkColumn = "备注";

// All that a judge sees of a pair: nothing of the systems that found it.
struct PoolSheetRow {
  std::string number;
  std::string need, need_title, need_text;
  std::string candidate, candidate_title, candidate_text;
};

// Sheet 评判 with a list 0 to 3 for the grade, and sheet 说明. Every cell is text, never a formula, cut to
// what a cell can hold. Errors: InvalidArgument for more rows than a sheet has; Internal if the file cannot
// be written.
absl::Status WritePoolXlsx(const std::vector<PoolSheetRow>& rows, const std::filesystem::path& file);

// The sheet 评判 alone, UTF-8 with a byte order mark, cells neutralised (csv_text.h).
std::string PoolCsv(const std::vector<PoolSheetRow>& rows);

}  // namespace dongxi::bench
