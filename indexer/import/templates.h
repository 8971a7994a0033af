// Empty spreadsheets for every kind and the tables of docs/import.md, all made from the field schema, so that
// they never say something else than the import does. The same bytes every time.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/record/record.h"

namespace dongxi {

// A header (required columns marked *) and one example row, in UTF-8 with a byte order mark and CR LF.
std::string TemplateCsv(RecordKind kind);

// The same, with a sheet 填写说明 that describes every column. Every cell is formatted as text, so that the
// spreadsheet program leaves ids and dates as they are typed. Errors: Internal if the file cannot be written.
absl::Status WriteTemplateXlsx(RecordKind kind, const std::filesystem::path& file);

// The page with what stands between the markers below replaced by the tables of columns and words.
// Errors: InvalidArgument if a marker is missing.
inline constexpr std::string_view kFieldTablesBegin = "<!-- 以下由 dongxi-make-templates 生成 -->\n";
inline constexpr std::string_view kFieldTablesEnd = "<!-- 生成部分到此为止 -->\n";
absl::StatusOr<std::string> WithFieldTables(std::string_view page);

}  // namespace dongxi
