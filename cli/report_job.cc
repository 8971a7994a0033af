#include "cli/report_job.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/arguments.h"
#include "cli/call_service.h"
#include "cli/operation_wait.h"
#include "cli/report_download.h"
#include "cli/report_files.h"
#include "cli/report_needs.h"
#include "cli/report_run.h"
#include "cli/table.h"
#include "dongxi/v1/report.grpc.pb.h"
#include "engine/base/status_macros.h"

namespace dongxi::cli {
namespace {

constexpr int kJobTopMax = 100;
constexpr char kReportPrefix[] = "reports/";

v1::ReportFormat FormatMessage(report::Format format) {
  switch (format) {
    case report::Format::kHtml:
      return v1::REPORT_FORMAT_HTML;
    case report::Format::kXlsx:
      return v1::REPORT_FORMAT_XLSX;
    case report::Format::kPdf:
      return v1::REPORT_FORMAT_PDF;
    case report::Format::kJson:
      return v1::REPORT_FORMAT_JSON;
    case report::Format::kCsv:
      return v1::REPORT_FORMAT_CSV;
  }
  return v1::REPORT_FORMAT_UNSPECIFIED;
}

absl::Status AddNeeds(const ReportOptions& options, const Io& io, v1::RunReportRequest* request) {
  request->set_need_filter(options.need_filter);
  for (const std::string& id : options.needs) {
    DX_ASSIGN_OR_RETURN(const std::string name, NeedName("--need", id));
    const auto& names = request->needs();
    if (std::find(names.begin(), names.end(), name) == names.end()) request->add_needs(name);
  }
  if (options.needs_file.empty()) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(std::vector<ReportNeed> needs, NeedsOfFile(options, io));
  for (ReportNeed& need : needs) *request->add_inline_needs() = std::move(need.need);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Report> WaitForReport(const Client& client, google::longrunning::Operation operation,
                                         const Io& io) {
  DX_ASSIGN_OR_RETURN(operation, WaitForOperation(client, std::move(operation), io));
  v1::Report report;
  if (operation.response().UnpackTo(&report)) return report;
  return absl::InternalError("服务的回答读不懂：" + Printable(operation.response().type_url()));
}

absl::Status CheckJob(const ReportOptions& options) {
  const std::pair<const char*, bool> refused[] = {
      {"--out", !options.out.empty()},          {"--json-out", !options.json_out.empty()},
      {"--no-idle", options.no_idle},           {"--brief", options.brief},
      {"--reproducible", options.reproducible}, {"--fresh", options.fresh}};
  for (const auto& [option, given] : refused) {
    if (given) return absl::InvalidArgumentError(std::string(option) + " 不能与 --job 一起用");
  }
  if (options.top > kJobTopMax)
    return absl::InvalidArgumentError(absl::StrCat("与 --job 一起用时 --top 应为 1 至 ", kJobTopMax));
  if (!options.compare.empty() && !options.compare.starts_with(kReportPrefix))
    return absl::InvalidArgumentError(
        "与 --job 一起用时 --compare 是服务里以前的报告，如 reports/r-0005f2…，用 dongxi reports list 查看");
  if (options.folder.empty() && !options.detach)
    return absl::InvalidArgumentError("--job 要与 --folder 文件夹 一起用；只交给服务用 --detach");
  if (!options.folder.empty() && options.detach)
    return absl::InvalidArgumentError(
        "--detach 不等做完，所以没有文件可写到 --folder；以后用 dongxi reports get 作业 --folder 文件夹");
  return absl::OkStatus();
}

absl::StatusOr<v1::RunReportRequest> JobRequestOf(const ReportOptions& options, const Io& io) {
  v1::RunReportRequest request;
  DX_RETURN_IF_ERROR(AddNeeds(options, io, &request));
  DX_ASSIGN_OR_RETURN(*request.mutable_match(), ChoiceOf(options));
  request.mutable_match()->set_page_size(options.top);
  DX_ASSIGN_OR_RETURN(const std::vector<report::Format> formats, ParseFormats(options.formats));
  for (const report::Format format : formats) request.add_formats(FormatMessage(format));
  request.set_title(options.title);
  request.set_institution_max(options.institution_max);
  request.set_province_max(options.province_max);
  request.set_county_min(options.county_min);
  request.set_expert_max(options.expert_max);
  request.set_compare_with(options.compare);
  return request;
}

int RunReportJob(const Client& client, const ReportOptions& options, const Io& io) {
  const absl::StatusOr<v1::RunReportRequest> request = JobRequestOf(options, io);
  if (!request.ok()) return Fail(request.status(), kExitFailed, io);
  const absl::StatusOr<google::longrunning::Operation> operation =
      CallService<v1::ReportService>(client, &v1::ReportService::Stub::RunReport, *request);
  if (!operation.ok()) return Fail(operation.status(), kExitFailed, io);
  const std::string name = Printable(operation->name());
  if (options.detach) {
    io.out << name << "\n";
    io.err << "做完以后取文件：dongxi reports get " << name << " --folder 文件夹\n";
    return kExitOk;
  }
  io.err << "作业 " << name << "；断开以后接着取：dongxi reports get " << name << " --folder "
         << options.folder << "\n";
  const absl::StatusOr<v1::Report> report = WaitForReport(client, *operation, io);
  if (!report.ok()) return Fail(report.status(), kExitFailed, io);
  return SaveReport(client, *report, options.folder, io);
}

}  // namespace dongxi::cli
