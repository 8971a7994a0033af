// dongxi reports: the reports that a server has made.
#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "cli/admin_text.h"
#include "cli/call_service.h"
#include "cli/commands.h"
#include "cli/report_download.h"
#include "cli/report_job.h"
#include "cli/table.h"
#include "dongxi/v1/report.grpc.pb.h"
#include "engine/base/status_macros.h"
#include "google/longrunning/operations.grpc.pb.h"

namespace dongxi::cli {
namespace {

using Stub = v1::ReportService::Stub;
namespace lro = google::longrunning;

constexpr int kPageSize = 200;
constexpr char kReportPrefix[] = "reports/", kOperationPrefix[] = "operations/";
constexpr char kExamples[] =
    "例：\n"
    "  dongxi reports list                                        # 服务里的报告，新的在前\n"
    "  dongxi reports get reports/r-0005f2a4c1d3e807              # 看有哪些文件\n"
    "  dongxi reports get reports/r-0005f2a4c1d3e807 --folder 报告   # "
    "下载全部文件并核对；中断后再运行一次接着下载\n"
    "  dongxi reports get operations/0005f2a4c1d3e807 --folder 报告  # 作业还没做完就等它\n"
    "  dongxi reports delete reports/r-0005f2a4c1d3e807\n"
    "做报告用 dongxi report --job。服务为每个租户保留最新的 20 份，最长 30 天。";

std::string FullName(const std::string& name) {
  return name.find('/') == std::string::npos ? kReportPrefix + name : name;
}

absl::StatusOr<int> List(const Client& client, const ReportsOptions&, const Io& io) {
  Table table({{"名称", 0},
               {"做成", 16},
               {"保留到", 16},
               {"需求", 8, Align::kRight},
               {"无匹配", 8, Align::kRight},
               {"标题", 60}});
  bool empty = true;
  v1::ListReportsRequest request;
  request.set_page_size(kPageSize);
  do {
    DX_ASSIGN_OR_RETURN(const v1::ListReportsResponse page,
                        CallService<v1::ReportService>(client, &Stub::ListReports, request));
    empty = empty && page.reports().empty();
    for (const v1::Report& report : page.reports()) {
      table.AddRow({report.name(), TimeText(report.create_time()), TimeText(report.expire_time()),
                    std::to_string(report.need_count()), std::to_string(report.unmatched_count()),
                    report.title()});
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (empty) {
    io.err << "服务里还没有报告；用 dongxi report --job 来做\n";
    return kExitOk;
  }
  table.Print(io.out, io.columns);
  return kExitOk;
}

// Of a report's name, or of the operation that makes it, once it is done.
absl::StatusOr<v1::Report> Find(const Client& client, const std::string& name, const Io& io) {
  if (!name.starts_with(kOperationPrefix)) {
    v1::GetReportRequest request;
    request.set_name(name);
    return CallService<v1::ReportService>(client, &Stub::GetReport, request);
  }
  lro::GetOperationRequest request;
  request.set_name(name);
  DX_ASSIGN_OR_RETURN(const lro::Operation operation,
                      CallService<lro::Operations>(client, &lro::Operations::Stub::GetOperation, request));
  return WaitForReport(client, operation, io);
}

absl::StatusOr<int> Get(const Client& client, const ReportsOptions& options, const Io& io) {
  DX_ASSIGN_OR_RETURN(const v1::Report report, Find(client, FullName(options.name), io));
  if (!options.folder.empty()) return SaveReport(client, report, options.folder, io);
  io.out << Printable(report.name()) << "  " << Printable(report.title()) << "\n"
         << "做成 " << TimeText(report.create_time()) << "，保留到 " << TimeText(report.expire_time()) << "；"
         << report.need_count() << " 项需求，其中 " << report.unmatched_count() << " 项没有合适的匹配\n"
         << "数据 " << Printable(report.provenance().generation()) << "\n";
  Table table({{"文件", 0}, {"大小", 12, Align::kRight}, {"SHA-256", 0}});
  for (const v1::ReportFile& file : report.files())
    table.AddRow({file.name(), BytesText(file.size_bytes()), file.sha256()});
  table.Print(io.out, 0);
  return kExitOk;
}

absl::StatusOr<int> Delete(const Client& client, const ReportsOptions& options, const Io& io) {
  v1::DeleteReportRequest request;
  request.set_name(FullName(options.name));
  DX_RETURN_IF_ERROR(CallService<v1::ReportService>(client, &Stub::DeleteReport, request).status());
  io.out << "已删除 " << Printable(request.name()) << "\n";
  return kExitOk;
}

using Action = absl::StatusOr<int> (*)(const Client&, const ReportsOptions&, const Io&);
const std::map<std::string, Action>& Actions() {
  static const auto& actions =
      *new std::map<std::string, Action>{{"list", &List}, {"get", &Get}, {"delete", &Delete}};
  return actions;
}

CLI::App* AddAction(CLI::App* reports, ReportsOptions& options, const std::string& name,
                    const std::string& about) {
  CLI::App* action = reports->add_subcommand(name, about);
  action->set_help_flag("-h,--help", "显示用法");
  action->fallthrough();
  action->callback([&options, name] { options.action = name; });
  return action;
}

}  // namespace

CLI::App* AddReportsCommand(CLI::App& app, ReportsOptions& options) {
  CLI::App* reports = app.add_subcommand("reports", "服务做成的报告：列出、下载、删除");
  reports->require_subcommand(1);
  AddAction(reports, options, "list", "列出报告，新的在前");
  CLI::App* get = AddAction(reports, options, "get", "看一份报告，或者下载它的全部文件");
  get->add_option("NAME", options.name, "报告（reports/r-…）或作业（operations/…）的名称")->required();
  get->add_option("--folder", options.folder, "下载到这个文件夹，逐个核对 SHA-256")->type_name("DIR");
  AddAction(reports, options, "delete", "删除一份报告")
      ->add_option("NAME", options.name, "报告（reports/r-…）的名称")
      ->required();
  reports->footer(kExamples);
  return reports;
}

int RunReports(const ConnectionOptions& connection, const ReportsOptions& options, const Io& io) {
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  const absl::StatusOr<int> code = Actions().at(options.action)(**client, options, io);
  return code.ok() ? *code : Fail(code.status(), kExitFailed, io);
}

}  // namespace dongxi::cli
