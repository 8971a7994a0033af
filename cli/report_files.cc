#include "cli/report_files.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "report/csv.h"
#include "report/html.h"
#include "report/json.h"
#include "report/overview.h"
#include "report/pdf.h"
#include "report/tables.h"
#include "report/xlsx.h"

namespace dongxi::cli {
namespace {

constexpr char kBaseName[] = "匹配报告";
constexpr char kJsonName[] = "report.json";

absl::Status Explained(const std::string& file, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("写不了文件 ", file, "：", status.message(),
                                                  "。请核对文件夹是否存在、是否可写"));
}

absl::Status WriteOut(const std::filesystem::path& file, const std::string& bytes) {
  return Explained(file.string(), WriteFileAtomically(file, bytes));
}

// libxlsxwriter writes files itself: into a neighbour first.
absl::Status WriteSheets(const std::vector<report::Table>& tables, int64_t created_s,
                         const std::filesystem::path& file) {
  std::filesystem::path partial = file;
  partial += ".part";
  std::error_code error;
  absl::Status status = report::WriteXlsx(tables, created_s, partial);
  if (status.ok()) {
    std::filesystem::rename(partial, file, error);
    if (error) status = absl::InternalError(error.message());
  }
  if (!status.ok()) std::filesystem::remove(partial, error);
  return Explained(file.string(), status);
}

// The time of the last answer.
int64_t CreatedSeconds(const report::MatchReport& report) {
  int64_t latest = 0;
  for (const report::NeedMatches& need : report.needs) {
    latest = std::max<int64_t>(latest, need.answer.provenance().read_time().seconds());
  }
  return latest;
}

class FolderWriter {
 public:
  FolderWriter(const report::MatchReport& report, const ReportOptions& options)
      : report_(report), options_(options), folder_(options.folder), created_s_(CreatedSeconds(report)) {}

  absl::StatusOr<std::vector<std::string>> Write() {
    tables_ = report::TablesOf(report_, report::Summarise(report_));
    if (Wants("html"))
      DX_RETURN_IF_ERROR(Keep(Named(".html"),
                              [&](const auto& file) { return WriteOut(file, report::RenderHtml(report_)); }));
    if (Wants("xlsx"))
      DX_RETURN_IF_ERROR(
          Keep(Named(".xlsx"), [&](const auto& file) { return WriteSheets(tables_, created_s_, file); }));
    if (Wants("pdf"))
      DX_RETURN_IF_ERROR(Keep(Named(".pdf"), [&](const auto& file) -> absl::Status {
        DX_ASSIGN_OR_RETURN(const std::string bytes, report::RenderPdf(report_, created_s_));
        return WriteOut(file, bytes);
      }));
    if (Wants("json"))
      DX_RETURN_IF_ERROR(Keep(folder_ / kJsonName, [&](const auto& file) {
        return WriteOut(file, report::JsonText(report::ReportToJson(report_)));
      }));
    if (Wants("csv")) DX_RETURN_IF_ERROR(WriteCsv());
    return std::move(written_);
  }

 private:
  bool Wants(const char* format) const {
    return options_.formats.empty() ||
           std::find(options_.formats.begin(), options_.formats.end(), format) != options_.formats.end();
  }
  std::filesystem::path Named(const char* extension) const {
    return folder_ / (std::string(kBaseName) + extension);
  }

  template <typename WriteFile>
  absl::Status Keep(const std::filesystem::path& file, WriteFile write) {
    DX_RETURN_IF_ERROR(write(file));
    written_.push_back(file.string());
    return absl::OkStatus();
  }

  absl::Status WriteCsv() {
    const std::filesystem::path folder = folder_ / "csv";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return Explained(folder.string(), absl::InternalError(error.message()));
    for (const report::Table& table : tables_) {
      DX_RETURN_IF_ERROR(WriteOut(folder / (table.file + ".csv"), report::CsvText(table)));
    }
    written_.push_back(folder.string());
    return absl::OkStatus();
  }

  const report::MatchReport& report_;
  const ReportOptions& options_;
  const std::filesystem::path folder_;
  const int64_t created_s_;
  std::vector<report::Table> tables_;
  std::vector<std::string> written_;
};

}  // namespace

absl::Status CheckFormats(const std::vector<std::string>& formats) {
  for (const std::string& format : formats) {
    if (std::find(std::begin(kReportFormats), std::end(kReportFormats), format) != std::end(kReportFormats))
      continue;
    return absl::InvalidArgumentError("--formats 的值“" + format + "”不对：应为 " +
                                      absl::StrJoin(kReportFormats, "、"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> WriteReport(const report::MatchReport& report,
                                                     const ReportOptions& options) {
  std::vector<std::string> written;
  if (!options.folder.empty()) {
    DX_ASSIGN_OR_RETURN(written, FolderWriter(report, options).Write());
  }
  if (!options.out.empty()) {
    DX_RETURN_IF_ERROR(WriteOut(options.out, report::RenderHtml(report)));
    written.push_back(options.out);
  }
  if (!options.json_out.empty()) {
    DX_RETURN_IF_ERROR(WriteOut(options.json_out, report::JsonText(report::ReportToJson(report))));
    written.push_back(options.json_out);
  }
  return written;
}

}  // namespace dongxi::cli
