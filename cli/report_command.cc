// dongxi report: matches many needs and writes the answers as a report.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "absl/strings/str_cat.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/folder_lock.h"
#include "cli/report_exposure.h"
#include "cli/report_files.h"
#include "cli/report_job.h"
#include "cli/report_needs.h"
#include "cli/report_run.h"
#include "engine/base/status_macros.h"
#include "report/assemble.h"
#include "report/compare.h"
#include "report/journal.h"
#include "report/json_reader.h"
#include "report/shown_answers.h"

namespace dongxi::cli {
namespace {

constexpr int kJobsMax = 16;
constexpr int kTopBrief = 2;
constexpr char kJournalName[] = ".report.journal";
constexpr char kExamples[] =
    "例：\n"
    "  dongxi report --folder 对接会报告                           # HTML、XLSX、PDF、JSON、CSV "
    "并排写入一个文件夹\n"
    "  dongxi report --folder 青海 --need-filter 'region = \"63\"' --top 10 --partner-region 12 "
    "--partner-region 32\n"
    "  dongxi report --folder 新需求 --needs-file 需求表.xlsx        # 不在目录里的需求，模板 "
    "docs/templates/needs.xlsx\n"
    "  dongxi report --folder 均衡 --institution-max 10 --county-min 3  # 名校不占满，边远县有份\n"
    "  dongxi report --folder 会场 --brief --formats html,pdf    # 简版：打印了带到会场\n"
    "  dongxi report --folder 今年 --compare 去年                   # 与以前的报告相比有什么变化\n"
    "  dongxi report --folder 全部 --job               # 由服务来做：断线、重启都不丢，做完下载到文件夹\n"
    "  dongxi report --job --detach --title 九月报告   # 只交给服务，显示作业名称；取文件用 dongxi reports "
    "get\n"
    "  dongxi report --need n-a-001 --need n-c-004 --top 3 --out 对接会.html --json-out 对接会.json\n"
    "HTML "
    "是一个独立文件，可以离线打开、搜索、打印（A4，一条需求一页起）。写入 --folder "
    "的报告中断后，或有需求未能匹配，"
    "用同样的命令继续，已匹配的需求不再重做（目录的数据变了就从头匹配）；只写 --out 的从头匹配。";

absl::Status CheckReport(ReportOptions* options) {
  DX_RETURN_IF_ERROR(CheckTop(options->top));
  DX_RETURN_IF_ERROR(ParseFormats(options->formats).status());
  if (options->jobs < 1 || options->jobs > kJobsMax) {
    return absl::InvalidArgumentError(absl::StrCat("--jobs 应为 1 至 ", kJobsMax));
  }
  const int sources = (options->needs.empty() ? 0 : 1) + (options->needs_file.empty() ? 0 : 1) +
                      (options->need_filter.empty() ? 0 : 1);
  if (options->ignore_unknown_columns && options->needs_file.empty())
    return absl::InvalidArgumentError("--ignore-unknown-columns 要与 --needs-file 一起用");
  if (sources > 1) return absl::InvalidArgumentError("--need、--needs-file、--need-filter 只能给一种");
  if (options->folder.empty() && !options->formats.empty() && !options->job) {
    return absl::InvalidArgumentError("--formats 要与 --folder 一起用");
  }
  if (options->detach && !options->job) return absl::InvalidArgumentError("--detach 要与 --job 一起用");
  if (options->job) DX_RETURN_IF_ERROR(CheckJob(*options));
  if (options->folder.empty() && options->out.empty() && !options->job)
    return absl::InvalidArgumentError("--out 是空的：写出文件名，如 dongxi-report.html");
  if (!options->out.empty() && options->out == options->json_out)
    return absl::InvalidArgumentError("--out 和 --json-out 是同一个文件，请分开");
  for (const std::string& id : options->needs) DX_RETURN_IF_ERROR(NeedName("--need", id).status());
  DX_RETURN_IF_ERROR(ParseMatchKinds(options->kinds).status());
  return CandidateFilter(options->partner_regions, options->filter).status();
}

// Null without --folder. The folder is there and locked.
absl::StatusOr<std::unique_ptr<report::Journal>> OpenJournal(const Client& client,
                                                             const ReportOptions& options, const Io& io) {
  if (options.folder.empty()) return nullptr;
  const std::filesystem::path file = std::filesystem::path(options.folder) / kJournalName;
  std::error_code ignored;
  if (options.fresh) std::filesystem::remove(file, ignored);
  DX_ASSIGN_OR_RETURN(const std::string fingerprint, FingerprintOf(client, options, io));
  DX_ASSIGN_OR_RETURN(std::unique_ptr<report::Journal> journal, report::Journal::Open(file, fingerprint));
  if (journal->began_anew()) io.err << "上次没有做完的报告不能接着做：数据或选项已变，从头匹配\n";
  if (journal->size() > 0) io.err << "继续上次没有做完的报告：已有 " << journal->size() << " 项需求的答案\n";
  return journal;
}

absl::Status CannotReadEarlier(const std::string& file, const absl::Status& status) {
  const char* const why = absl::IsNotFound(status) ? "没有这个文件" : "不可读，或太大";
  return absl::Status(status.code(), absl::StrCat("读不了 --compare 指定的 ", file, "：", why,
                                                  "。改法：写以前报告的文件夹，或其中的 report.json"
                                                  "（做那份报告时 --formats 要有 json）"));
}

// The report to compare with; an empty one without --compare. What is no report is found here, before any
// need is matched; and the new report may take the place of the earlier one.
absl::StatusOr<report::EarlierReport> ReadEarlier(const ReportOptions& options) {
  if (options.compare.empty()) return report::EarlierReport();
  std::filesystem::path file = options.compare;
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) file /= report::kReportJsonName;
  absl::StatusOr<std::ifstream> json = report::OpenReport(file);
  if (!json.ok()) return CannotReadEarlier(file.string(), json.status());
  absl::StatusOr<report::EarlierReport> earlier = report::ReadEarlierReport(*json, options.compare);
  if (earlier.ok() || absl::IsInvalidArgument(earlier.status())) return earlier;
  return CannotReadEarlier(file.string(), earlier.status());
}

// Of some needs or some candidates only, nobody can say that an offer interests nobody.
bool LooksForIdle(const ReportOptions& options) {
  const bool every_need = options.needs.empty() && options.need_filter.empty() && options.needs_file.empty();
  const absl::StatusOr<v1::MatchRequest> choice = ChoiceOf(options);
  return every_need && !options.folder.empty() && !options.no_idle && choice.ok() &&
         report::CanTellIdleOffers(*choice);
}

// Of a report of everything; what cannot be looked up is said and missing.
void AddIdleOffers(const Client& client, const ReportOptions& options, const std::set<std::string>& wanted,
                   const std::string& today, const Io& io, report::MatchReport* report) {
  if (!LooksForIdle(options)) return;
  absl::StatusOr<std::vector<report::IdleOffer>> idle = IdleOffersOf(client, options, wanted, today, io);
  if (idle.ok()) {
    report->idle_offers = *std::move(idle);
  } else {
    io.err << "没有列出无人问津的成果、专家和机构：" << idle.status().message() << "\n";
  }
}

struct Outcome {
  std::vector<std::string> written;
  int failed = 0;
};

absl::StatusOr<Outcome> MakeReport(const Client& client, const ReportOptions& options, const Io& io) {
  DX_RETURN_IF_ERROR(CheckOutputs(options));
  DX_ASSIGN_OR_RETURN(const report::EarlierReport earlier, ReadEarlier(options));
  DX_ASSIGN_OR_RETURN(const std::vector<ReportNeed> needs, NeedsOfReport(client, options, io));
  // Until the end: the files of two reports would be mixed, and so would their journals.
  const absl::StatusOr<FolderLock> lock = options.folder.empty() ? FolderLock() : TakeFolder(options.folder);
  if (!lock.ok()) return lock.status();
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<report::Journal> journal, OpenJournal(client, options, io));
  DX_ASSIGN_OR_RETURN(MatchedReport matched, MatchNeeds(client, options, needs, journal.get(), io));
  if (matched.failed == static_cast<int>(needs.size())) return matched.first_error;
  // What a limit of exposure takes off the lists is wanted all the same.
  std::set<std::string> wanted = report::WantedNames(matched.report, options.top);
  const std::string today = report::DayOf(matched.report);
  const report::ShownNames shown = report::ShownIn(matched.report, options.top);
  BalanceExposure(options, &matched.report);
  DX_RETURN_IF_ERROR(NameWhatIsShown(client, options, needs, shown, io, &matched.report));
  wanted.merge(report::WantedNames(matched.report, options.top));
  AddIdleOffers(client, options, wanted, today, io, &matched.report);
  if (!options.compare.empty()) matched.report.comparison = report::Compare(matched.report, earlier);
  matched.report.brief = options.brief;
  Outcome outcome{{}, matched.failed};
  DX_ASSIGN_OR_RETURN(outcome.written, WriteReport(matched.report, options, io));
  // What could not be matched is all that the same command asks for then.
  if (journal != nullptr && matched.failed == 0) journal->Remove();
  return outcome;
}

// The words of CLI11 itself name the greatest double as the end of the range.
CLI::Validator WholeNumber() {
  return CLI::Validator(
      [](const std::string& text) {
        const bool whole = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
        return whole ? std::string() : "应为不小于 0 的整数，现为 " + text;
      },
      "");
}

// Of exposure (report_exposure.h).
void AddLimitOptions(CLI::App* report, ReportOptions& options) {
  report
      ->add_option("--institution-max", options.institution_max,
                   "每家机构在同类名单里至多出现几次：名校不占满每份名单")
      ->type_name("N")
      ->check(WholeNumber());
  report->add_option("--province-max", options.province_max, "每个省份的机构在同类名单里至多出现几次")
      ->type_name("N")
      ->check(WholeNumber());
  report
      ->add_option("--county-min", options.county_min,
                   "每个需求地区在同类名单里至少几条合适的候选，优先于分数")
      ->type_name("N")
      ->check(WholeNumber());
  report
      ->add_option("--expert-max", options.expert_max,
                   "每位专家至多承接几项，连同台账中正在进行的：整份报告的名单里只列余量之内的；"
                   "专家登记的可同时承接数更少的按登记的")
      ->type_name("N")
      ->check(WholeNumber());
}

}  // namespace

CLI::App* AddReportCommand(CLI::App& app, ReportOptions& options) {
  CLI::App* report =
      app.add_subcommand("report", "为全部（或指定的）需求写一份匹配报告：HTML、XLSX、PDF、JSON、CSV");
  const auto list = [report](const char* name, std::vector<std::string>& values, const char* help) {
    report->add_option(name, values, help)->expected(1)->take_all();
  };
  list("--need", options.needs, "需求编号，可重复；不写是目录里的全部需求");
  report->add_option("--needs-file", options.needs_file, "不在目录里的需求：XLSX、CSV 或 JSONL 文件")
      ->type_name("FILE");
  report->add_flag("--ignore-unknown-columns", options.ignore_unknown_columns,
                   "与 --needs-file 一起用：表里不认识的列不读；不写时有这样的列就不写报告");
  report->add_option("--need-filter", options.need_filter, "目录里符合条件的需求，如 'region = \"63\"'")
      ->type_name("FILTER");
  report
      ->add_option("--kinds", options.kinds,
                   "要哪些列表：partners、experts、results，用逗号隔开；不写是三个都要")
      ->delimiter(',');
  list("--partner-region", options.partner_regions, "候选所在地区的代码，可重复");
  report->add_option("--filter", options.filter, "候选的条件，如 'maturity >= 6'")->type_name("FILTER");
  report->add_option("--policy-weight", options.policy_weight, "政策权重，0 至 1；不写是 1")->type_name("W");
  report->add_option("--top", options.top, "每个列表的条数，1 至 1000（--job 至 100）；不写是 5，简版是 2")
      ->type_name("N");
  AddLimitOptions(report, options);
  report->add_option("--jobs", options.jobs, "同时进行的调用数，1 至 16；不写是 2")->type_name("N");
  report->add_option("--folder", options.folder, "写入这个文件夹，各种格式并排；中断后可以继续")
      ->type_name("DIR");
  report
      ->add_option("--formats", options.formats,
                   "文件夹里要哪些格式：html,xlsx,pdf,json,csv；不写是全部。以前的报告在那里的其他格式会删去")
      ->delimiter(',');
  report->add_option("--out", options.out, "只写 HTML 文件；不写 --folder 时默认 dongxi-report.html")
      ->type_name("FILE");
  report->add_option("--json-out", options.json_out, "另写一份 JSON")->type_name("FILE");
  report->add_option("--title", options.title, "报告的标题")->type_name("TEXT");
  report
      ->add_option("--compare", options.compare,
                   "以前报告的文件夹或 report.json：写出与它相比的变化；与 --job 一起用时是 reports/…")
      ->type_name("FILE");
  // Two entries a list, unless --top says otherwise.
  report->add_flag(
      "--brief", options.brief,
      "简版：每个列表 2 条（除非写了 --top），HTML 和 PDF 不写得分构成、佐证等，长文字截短、字号缩小，"
      "打印时一条需求一页（--top 写得多，可能多于一页）");
  report->parse_complete_callback([report, &options] {
    if (options.brief && report->get_option("--top")->empty()) options.top = kTopBrief;
  });
  report->add_flag("--no-idle", options.no_idle,
                   "不列无人问津的成果、专家和机构（只为部分需求写报告，或限定了候选时，本来就不列）");
  report->add_flag("--reproducible", options.reproducible,
                   "不写匹配时间和匹配编号：同样的数据得到同样的字节");
  report->add_flag("--fresh", options.fresh, "不继续上次中断的报告，从头匹配");
  report->add_flag("--job", options.job, "由服务来做，等它做完，把文件下载到 --folder 并核对 SHA-256");
  report->add_flag("--detach", options.detach, "与 --job 一起用：不等做完，只显示作业的名称");
  report->footer(kExamples);
  return report;
}

int RunReport(const ConnectionOptions& connection, const ReportOptions& given, const Io& io) {
  ReportOptions options = given;
  if (options.folder.empty() && options.out.empty() && !options.job) options.out = "dongxi-report.html";
  if (absl::Status status = CheckReport(&options); !status.ok()) return Fail(status, kExitUsage, io);
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitUsage, io);
  if (options.job) return RunReportJob(**client, options, io);
  const absl::StatusOr<Outcome> outcome = MakeReport(**client, options, io);
  if (!outcome.ok()) return Fail(outcome.status(), kExitFailed, io);
  for (const std::string& file : outcome->written) io.out << file << "\n";
  if (outcome->failed == 0) return kExitOk;
  io.err << "有 " << outcome->failed << " 项需求未能匹配，原因见报告"
         << (options.folder.empty() ? "" : "；再运行同样的命令只匹配这些") << "\n";
  return kExitFailed;
}

}  // namespace dongxi::cli
