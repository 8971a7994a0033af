// dongxi report: matches many needs and writes the answers as one HTML file.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "report/html.h"
#include "report/json.h"

namespace dongxi::cli {
namespace {

constexpr int kNeedsPage = 200;
constexpr char kInstitutionPrefix[] = "institutions/";
constexpr char kExamples[] =
    "例：\n"
    "  dongxi report\n"
    "  dongxi report --need n-a-001 --need n-c-004 --top 3 --out 对接会.html --json-out 对接会.json\n"
    "写好的 HTML 是一个独立文件，可以离线打开、打印（A4，一条需求一页起）。";

using Clock = std::chrono::steady_clock;

// "匹配 12/90，约剩 0:35" on one line of a terminal, or a line every few seconds elsewhere.
class Progress {
 public:
  Progress(int total, const Io& io) : total_(total), io_(io), start_(Clock::now()), shown_(start_) {}

  void Show(int done) {
    const Clock::time_point now = Clock::now();
    const bool last = done == total_;
    const auto pause =
        io_.err_is_terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5'000);
    if (!last && done > 0 && now - shown_ < pause) return;
    shown_ = now;
    std::string line = absl::StrCat("匹配 ", done, "/", total_, " 项需求");
    if (done > 0 && !last) {
      const double spent_s = std::chrono::duration<double>(now - start_).count();
      const int64_t left_s = std::llround(spent_s * (total_ - done) / done);
      absl::StrAppend(&line, absl::StrFormat("，约剩 %d:%02d", left_s / 60, left_s % 60));
    }
    if (io_.err_is_terminal) {
      io_.err << "\r" << PadToWidth(line, 48, Align::kLeft) << (last ? "\n" : "") << std::flush;
    } else {
      io_.err << line << "\n";
    }
  }

 private:
  const int total_;
  const Io& io_;
  const Clock::time_point start_;
  Clock::time_point shown_;
};

absl::StatusOr<std::vector<v1::Need>> ListAllNeeds(const Client& client) {
  std::vector<v1::Need> needs;
  v1::ListNeedsRequest request;
  request.set_page_size(kNeedsPage);
  while (true) {
    DX_ASSIGN_OR_RETURN(v1::ListNeedsResponse page, client.ListNeeds(request));
    for (v1::Need& need : *page.mutable_needs()) needs.push_back(std::move(need));
    if (page.next_page_token().empty()) return needs;
    if (page.next_page_token() == request.page_token()) {
      return absl::InternalError("服务的分页没有前进（同一个 page_token 出现两次），请查看服务日志");
    }
    request.set_page_token(page.next_page_token());
  }
}

// Collects a report need by need.
class ReportBuilder {
 public:
  ReportBuilder(const Client& client, const ReportOptions& options) : client_(client), options_(options) {
    report_.title = options.title;
  }

  // An error ends the report; what is wrong with this need alone is written into it.
  absl::Status Add(const v1::Need& need) {
    v1::MatchRequest request;
    request.set_need_name(need.name());
    request.set_page_size(options_.top);
    request.set_view(v1::MATCH_VIEW_FULL);
    report::NeedMatches matches{need, {}, ""};
    absl::StatusOr<v1::MatchResponse> answer = client_.Match(request);
    if (!answer.ok()) return AddFailed(std::move(matches), answer.status());
    matches.answer = *std::move(answer);
    DX_RETURN_IF_ERROR(LookUpInstitution(need.institution()));
    for (const v1::MatchList* list : {&matches.answer.experts(), &matches.answer.results()}) {
      for (const v1::MatchEntry& entry : list->entries()) {
        for (const std::string& name : entry.institutions()) DX_RETURN_IF_ERROR(LookUpInstitution(name));
      }
    }
    report_.needs.push_back(std::move(matches));
    return absl::OkStatus();
  }

  // A need that is not in the catalogue.
  absl::Status AddFailed(report::NeedMatches matches, const absl::Status& status) {
    if (ConcernsEveryCall(status)) return status;
    matches.error = std::string(status.message());
    if (first_error_.ok()) first_error_ = status;
    ++failed_;
    report_.needs.push_back(std::move(matches));
    return absl::OkStatus();
  }

  const report::MatchReport& report() const { return report_; }
  int failed() const { return failed_; }
  const absl::Status& first_error() const { return first_error_; }

 private:
  // Learns the display name behind a resource name; other names are display names already.
  absl::Status LookUpInstitution(const std::string& name) {
    if (name.rfind(kInstitutionPrefix, 0) != 0 || !looked_up_.insert(name).second) return absl::OkStatus();
    v1::GetInstitutionRequest request;
    request.set_name(name);
    request.mutable_read_mask()->add_paths("display_name");
    const absl::StatusOr<v1::Institution> institution = client_.GetInstitution(request);
    if (institution.ok() && !institution->display_name().empty()) {
      report_.institution_names[name] = institution->display_name();
    }
    // A missing one keeps its resource name: no reason to give up the report.
    return ConcernsEveryCall(institution.status()) ? institution.status() : absl::OkStatus();
  }

  const Client& client_;
  const ReportOptions& options_;
  report::MatchReport report_;
  std::set<std::string> looked_up_;
  absl::Status first_error_;
  int failed_ = 0;
};

absl::StatusOr<std::vector<std::string>> NeedNames(const ReportOptions& options) {
  std::vector<std::string> names;
  for (const std::string& id : options.needs) {
    DX_ASSIGN_OR_RETURN(std::string name, NeedName("--need", id));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

absl::Status MatchNamed(const Client& client, const std::vector<std::string>& names, ReportBuilder* builder,
                        const Io& io) {
  Progress progress(static_cast<int>(names.size()), io);
  int done = 0;
  for (const std::string& name : names) {
    v1::GetNeedRequest request;
    request.set_name(name);
    const absl::StatusOr<v1::Need> need = client.GetNeed(request);
    if (need.ok()) {
      DX_RETURN_IF_ERROR(builder->Add(*need));
    } else {
      v1::Need unknown;
      unknown.set_name(name);
      DX_RETURN_IF_ERROR(builder->AddFailed({unknown, {}, ""}, need.status()));
    }
    progress.Show(++done);
  }
  return absl::OkStatus();
}

absl::Status MatchAll(const Client& client, ReportBuilder* builder, const Io& io) {
  DX_ASSIGN_OR_RETURN(const std::vector<v1::Need> needs, ListAllNeeds(client));
  if (needs.empty()) {
    return absl::NotFoundError(
        "目录里没有需求。请先用 dongxi-indexer import 导入需求，再用 dongxi-indexer build 建索引");
  }
  Progress progress(static_cast<int>(needs.size()), io);
  int done = 0;
  for (const v1::Need& need : needs) {
    DX_RETURN_IF_ERROR(builder->Add(need));
    progress.Show(++done);
  }
  return absl::OkStatus();
}

absl::Status WriteOut(const std::string& file, const std::string& bytes) {
  const absl::Status status = WriteFileAtomically(file, bytes);
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("写不了文件 ", file, "：", status.message(),
                                                  "。请核对文件夹是否存在、是否可写"));
}

absl::Status CheckReport(const ReportOptions& options) {
  DX_RETURN_IF_ERROR(CheckTop(options.top));
  if (options.out.empty())
    return absl::InvalidArgumentError("--out 是空的：写出文件名，如 dongxi-report.html");
  if (options.out == options.json_out)
    return absl::InvalidArgumentError("--out 和 --json-out 是同一个文件，请分开");
  return absl::OkStatus();
}

}  // namespace

CLI::App* AddReportCommand(CLI::App& app, ReportOptions& options) {
  CLI::App* report = app.add_subcommand("report", "为全部（或指定的）需求写一份匹配报告，HTML，可打印");
  report->add_option("--need", options.needs, "需求编号，可重复；不写是目录里的全部需求")
      ->type_name("ID")
      ->expected(1)
      ->take_all();
  report->add_option("--out", options.out, "HTML 文件；不写是 dongxi-report.html")->type_name("FILE");
  report->add_option("--json-out", options.json_out, "另写一份 JSON")->type_name("FILE");
  report->add_option("--title", options.title, "报告的标题")->type_name("TEXT");
  report->add_option("--top", options.top, "每个列表的条数，1 至 1000；不写是 5")->type_name("N");
  report->footer(kExamples);
  return report;
}

int RunReport(const ConnectionOptions& connection, const ReportOptions& options, const Io& io) {
  if (absl::Status status = CheckReport(options); !status.ok()) return Fail(status, kExitUsage, io);
  const absl::StatusOr<std::vector<std::string>> names = NeedNames(options);
  if (!names.ok()) return Fail(names.status(), kExitUsage, io);
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  ReportBuilder builder(**client, options);
  absl::Status status =
      names->empty() ? MatchAll(**client, &builder, io) : MatchNamed(**client, *names, &builder, io);
  if (status.ok() && builder.failed() == static_cast<int>(builder.report().needs.size()))
    status = builder.first_error();
  if (status.ok()) status = WriteOut(options.out, report::RenderHtml(builder.report()));
  if (status.ok() && !options.json_out.empty()) {
    status = WriteOut(options.json_out, report::JsonText(report::ReportToJson(builder.report())));
  }
  if (!status.ok()) return Fail(status, kExitFailed, io);
  io.out << options.out << "\n";
  if (!options.json_out.empty()) io.out << options.json_out << "\n";
  if (builder.failed() == 0) return kExitOk;
  io.err << "有 " << builder.failed() << " 项需求未能匹配，原因见报告\n";
  return kExitFailed;
}

}  // namespace dongxi::cli
