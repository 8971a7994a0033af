// The evaluation report as files: a page, a PDF to print, a workbook, JSON. The same ledger gives the same
// bytes. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/stats/evaluation.h"
#include "report/json.h"
#include "report/tables.h"

namespace dongxi::cli {

std::string EvaluationHtml(const Evaluation& evaluation);
std::vector<report::Table> EvaluationTables(const Evaluation& evaluation);
report::Json EvaluationToJson(const Evaluation& evaluation);

// Writes 绩效评估报告.html, .pdf and .xlsx and evaluation.json into `folder`, which is made if it is
// missing; the paths. Errors name the file.
absl::StatusOr<std::vector<std::string>> WriteEvaluation(const Evaluation& evaluation,
                                                         const std::filesystem::path& folder);
// Writes a workbook by way of a neighbour, so that a file is whole or not there.
absl::Status WriteWorkbook(const std::vector<report::Table>& tables, int64_t created_s,
                           const std::filesystem::path& file);

}  // namespace dongxi::cli
