#include "cli/report_needs.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"
#include "cli/arguments.h"
#include "cli/need_file.h"
#include "cli/patient_call.h"
#include "cli/table.h"
#include "engine/base/status_macros.h"
#include "indexer/import/importer.h"

namespace dongxi::cli {
namespace {

constexpr int kNeedsPage = 200;
constexpr size_t kProblemsShown = 50;

absl::StatusOr<std::vector<ReportNeed>> AllNeeds(const Client& client, const std::string& filter,
                                                 const Io& io) {
  BusyNotice busy(io);
  std::vector<ReportNeed> needs;
  v1::ListNeedsRequest request;
  request.set_page_size(kNeedsPage);
  request.set_filter(filter);
  while (true) {
    DX_ASSIGN_OR_RETURN(v1::ListNeedsResponse page,
                        AskPatiently(std::ref(busy), [&] { return client.ListNeeds(request); }));
    for (v1::Need& need : *page.mutable_needs()) needs.push_back({std::move(need), true, {}});
    if (page.next_page_token().empty()) break;
    if (page.next_page_token() == request.page_token()) {
      return absl::InternalError("服务的分页没有前进（同一个 page_token 出现两次），请查看服务日志");
    }
    request.set_page_token(page.next_page_token());
  }
  if (!needs.empty()) return needs;
  return absl::NotFoundError(
      filter.empty()
          ? "目录里没有需求。请先用 dongxi-indexer import 导入需求，再用 dongxi-indexer build 建索引"
          : "没有需求符合 --need-filter “" + filter + "”；放宽条件，或用 --need 指定编号");
}

absl::StatusOr<std::vector<ReportNeed>> NamedNeeds(const Client& client, const std::vector<std::string>& ids,
                                                   const Io& io) {
  std::vector<std::string> names;
  for (const std::string& id : ids) {
    DX_ASSIGN_OR_RETURN(std::string name, NeedName("--need", id));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  BusyNotice busy(io);
  std::vector<ReportNeed> needs;
  for (const std::string& name : names) {
    v1::GetNeedRequest request;
    request.set_name(name);
    absl::StatusOr<v1::Need> need = AskPatiently(std::ref(busy), [&] { return client.GetNeed(request); });
    if (!need.ok() && ConcernsEveryCall(need.status())) return need.status();
    ReportNeed one;
    if (need.ok()) {
      one.need = *std::move(need);
    } else {
      one.need.set_name(name);
      one.problem = need.status();
    }
    needs.push_back(std::move(one));
  }
  return needs;
}

}  // namespace

absl::StatusOr<std::vector<ReportNeed>> NeedsOfFile(const ReportOptions& options, const Io& io) {
  const std::string& file = options.needs_file;
  std::vector<ReportNeed> needs;
  ImportOptions reading;
  reading.kind = RecordKind::kNeed;
  reading.kind_from = "--needs-file";
  reading.any_sheet = true;
  reading.ignore_unknown_columns = options.ignore_unknown_columns;
  reading.generate_ids = true;
  reading.number_equal_ids = true;
  DX_ASSIGN_OR_RETURN(const ImportReport report,
                      ReadRecords({file}, reading, BuiltInWords(), [&](Record record, const SourcePlace&) {
                        ReportNeed one{NeedToProto(record), false, {}};
                        one.need.set_name(ResourceName(RecordKind::kNeed, record.id));
                        needs.push_back(std::move(one));
                        return absl::OkStatus();
                      }));
  if (!report.clean()) {
    return absl::InvalidArgumentError("--needs-file 里有不能用的行，没有写报告；改好后再运行：\n" +
                                      TextReport(report, kProblemsShown, /*has_list=*/false));
  }
  for (const std::string& notice : report.notices) io.err << "提示：" << Printable(notice) << "\n";
  if (needs.empty()) {
    return absl::InvalidArgumentError(
        "--needs-file " + file +
        "：没有需求；第一行是列名，下面每行一项需求，模板见 docs/templates/needs.xlsx");
  }
  return needs;
}

absl::StatusOr<std::vector<ReportNeed>> NeedsOfReport(const Client& client, const ReportOptions& options,
                                                      const Io& io) {
  if (!options.needs_file.empty()) return NeedsOfFile(options, io);
  if (!options.needs.empty()) return NamedNeeds(client, options.needs, io);
  return AllNeeds(client, options.need_filter, io);
}

}  // namespace dongxi::cli
