#include "cli/stats_options.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/engagement_words.h"
#include "cli/stats/stats_words.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

constexpr char kExamples[] =
    "例：\n"
    "  dongxi stats --period 2026                                     # 按任务，与上年比\n"
    "  dongxi stats --period 2024-2026 --region 63 --by 年份 --by 结对 --xlsx 统计.xlsx --html 统计.html\n"
    "  dongxi stats open --period 2026 --by 任务 --key 3.2 --figure 签约   # 数字对应的台账编号\n"
    "  dongxi stats report --period 2026 --region 63 --out 青海绩效评估    # 绩效评估报告：HTML、PDF、XLSX\n"
    "  dongxi stats gaps --period 2026 --region 63 --html 缺口.html       # 指南方向建议、闲置供给\n"
    "  dongxi stats signing --period 2026                              # 签约概率（数据够时）\n"
    "模拟数据默认不计，--simulated include 计入，only 只看模拟数据。";

enum Use : uint8_t { kReport = 1, kGaps = 2, kOpen = 4, kSigning = 8 };

// An option of dongxi stats that not all of its subcommands apply, and which ones do.
struct OptionUse {
  const char* option;
  uint8_t applied;
};
constexpr OptionUse kUses[] = {
    {"--offer-region", kReport | kOpen | kSigning},
    {"--channel", kReport | kOpen | kSigning},
    {"--task", kReport | kOpen | kSigning},
    {"--field", kReport | kOpen | kSigning},
    {"--mode", kReport | kOpen},
    {"--simulated", kReport | kOpen | kSigning},
    {"--by", kOpen},
    {"--counties", kReport},
    {"--no-compare", kReport},
    {"--json", kGaps | kSigning},
    {"--csv", kGaps | kOpen},
    {"--xlsx", kGaps},
    {"--html", kGaps},
};

constexpr char kReportRemedy[] =
    "评估报告的分组是固定的，四种文件都写进 --out 的文件夹；要自选分组或单写一个文件，用 dongxi stats";
constexpr char kGapsRemedy[] =
    "缺口由目录和匹配得出，不看台账，只按 --period 和 --region 选；按任务、领域等看台账，用 dongxi stats 或 "
    "dongxi stats report";
constexpr char kOpenRemedy[] =
    "这里只列一个数字对应的台账记录，--csv 输出表格；要 JSON、电子表格或网页，用 dongxi stats";
constexpr char kSigningRemedy[] =
    "签约概率输出到屏幕，--json 输出 JSON，电子表格和网页见 dongxi stats report；不按合作方式给出，因为多数"
    "对到会谈、签约时才写明方式，写明了的本来就更可能签约";

struct Chosen {
  Use use;
  const CLI::App* command;
  const char* remedy;
};

absl::Status Refused(const std::string& command, const std::vector<std::string>& given, const char* remedy) {
  return absl::InvalidArgumentError(absl::StrCat(absl::StrJoin(given, "、"), " 不适用于 dongxi stats ",
                                                 command, "，请去掉后重试。", remedy));
}

absl::Status CheckReportWithGaps(const CLI::App& stats) {
  std::vector<std::string> given;
  for (const char* option : {"--offer-region", "--channel", "--task", "--field", "--mode", "--no-compare"}) {
    if (stats.get_option(option)->count() > 0) given.emplace_back(option);
  }
  if (given.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "--gaps 不能和 ", absl::StrJoin(given, "、"),
      " 同用：缺口只看 --period 和 --region，并与上期比。去掉 --gaps，缺口另用 dongxi stats gaps 写"));
}

absl::Status CheckOpen(const CLI::App& stats, const StatsOptions& options) {
  if (options.by.size() > 1) return absl::InvalidArgumentError("stats open 一次看一个组，--by 只写一个");
  if (stats.get_option("--by")->count() > 0 && options.key.empty())
    return absl::InvalidArgumentError("--by 要和 --key 同用：写出组的代码，如 --by 任务 --key 3.2");
  if (options.duration && (options.to.empty() || options.began))
    return absl::InvalidArgumentError(
        "--duration 要和 --to 同用，不和 --began 同用：如 --figure 会谈 --to 签约 --duration");
  return absl::OkStatus();
}

void AddSelection(CLI::App* stats, StatsOptions& options) {
  stats
      ->add_option("--period", options.period,
                   "2026、2024-2026、2026Q3、2026-03 或 2026-01-01..2026-06-30；不写是今年")
      ->type_name("PERIOD");
  stats->add_option("--region", options.region, "需求方地区代码，如 63")->type_name("CODE");
  stats->add_option("--offer-region", options.offer_region, "供给方地区代码")->type_name("CODE");
  stats
      ->add_option("--channel", options.channel,
                   "通道名称或代码，如 科技援青 或 keji-yuanqing；none 是无对应通道")
      ->type_name("ID");
  stats->add_option("--task", options.task, "任务编号，如 3.2；none 是不属于各项任务")->type_name("ID");
  stats->add_option("--field", options.field, "领域；none 是未注明")->type_name("TEXT");
  stats->add_option("--mode", options.mode, "合作方式，如 转让；none 是未注明")->type_name("MODE");
  stats->add_option("--simulated", options.simulated, "模拟数据：exclude（默认）、include 或 only")
      ->type_name("WORD");
  stats->add_option("--by", options.by, "按什么分组，可重复：" + DimensionWords() + "；不写按任务")
      ->type_name("WORD")
      ->expected(1)
      ->take_all();
  stats->add_option("--counties", options.counties, "应服务的县：每行一个 4 位或 6 位代码的文件")
      ->type_name("FILE");
  stats->add_flag("--no-compare", options.no_compare, "不与上一年同期比");
  stats->add_flag("--json", options.json, "输出 JSON，含台账编号");
  stats->add_flag("--csv", options.csv, "输出 CSV");
  stats->add_option("--xlsx", options.xlsx, "写电子表格，“明细”列出每个数字的台账编号")->type_name("FILE");
  stats->add_option("--html", options.html, "写网页，带图，可离线打开和打印")->type_name("FILE");
}

std::string Named(const char* what, const std::string& value, const char* none) {
  return value == "none" ? none : what + value;
}

}  // namespace

CLI::App* AddStatsCommand(CLI::App& app, StatsOptions& options) {
  CLI::App* const stats = options.stats =
      app.add_subcommand("stats", "台账统计、绩效评估报告、供需缺口、签约概率");
  stats->footer(kExamples);
  AddSelection(stats, options);
  options.report = stats->add_subcommand("report", "绩效评估报告：写入一个文件夹");
  options.report->add_option("--out", options.out, "写入的文件夹")->type_name("DIR")->required();
  options.report->add_option("--office", options.office, "编制单位，印在封面和落款")->type_name("TEXT");
  options.report
      ->add_option("--date", options.date, "编制日期，印在封面和落款；评估期未完时统计至这一天；不写是今天")
      ->type_name("DATE");
  options.report->add_flag("--gaps", options.with_gaps, "连同未满足的需求与闲置供给（要为每项需求匹配一次）");
  options.gaps =
      stats->add_subcommand("gaps", "没有合适供给的需求汇成指南方向建议；没有需求的成果、专家和机构");
  options.gaps->add_option("--compare", options.compare, "以前 gaps --json 的输出，作为上期")
      ->type_name("FILE");
  options.gaps->add_option("--top", options.top, "每个列表看多少条，1 至 1000；不写是 50")->type_name("N");
  options.open = stats->add_subcommand("open", "一个数字对应的台账记录");
  options.open->add_option("--figure", options.figure, "哪个数字，如 签约")->type_name("WORD")->required();
  options.open->add_option("--to", options.to, "从 --figure 那一步转化到的步骤，如 签约：列出到达的记录")
      ->type_name("STEP");
  options.open->add_flag("--began", options.began, "与 --to 同用：列出进入的记录");
  options.open->add_flag("--duration", options.duration,
                         "与 --to 同用：列出用时计入的记录，即期内到达的，不论何时进入");
  options.open->add_option("--reason", options.reason, "与 --figure 拒绝 同用：只看这个原因")
      ->type_name("WORD");
  options.open->add_option("--key", options.key, "--by 那一组的代码，如 3.2；不写是合计")->type_name("KEY");
  options.signing = stats->add_subcommand("signing", "由台账学得的签约概率，数据不够时不给出");
  for (CLI::App* command : {options.report, options.gaps, options.open, options.signing}) {
    command->group("命令");
    command->set_help_flag("-h,--help", "显示用法");
    command->fallthrough();
  }
  return stats;
}

absl::Status CheckApplied(const StatsOptions& options) {
  for (const Chosen& chosen :
       {Chosen{kReport, options.report, kReportRemedy}, Chosen{kGaps, options.gaps, kGapsRemedy},
        Chosen{kOpen, options.open, kOpenRemedy}, Chosen{kSigning, options.signing, kSigningRemedy}}) {
    if (!chosen.command->parsed()) continue;
    std::vector<std::string> given;
    for (const OptionUse& one : kUses) {
      if ((one.applied & chosen.use) == 0 && options.stats->get_option(one.option)->count() > 0)
        given.emplace_back(one.option);
    }
    if (!given.empty()) return Refused(chosen.command->get_name(), given, chosen.remedy);
  }
  if (options.report->parsed() && options.with_gaps) return CheckReportWithGaps(*options.stats);
  return options.open->parsed() ? CheckOpen(*options.stats, options) : absl::OkStatus();
}

std::string ConditionsOf(const StatsOptions& options) {
  std::vector<std::string> parts;
  if (!options.offer_region.empty())
    parts.push_back("供给方 " + report::FullRegionName(options.offer_region));
  if (!options.channel.empty()) {
    const std::string code = ChannelOfWord(options.channel);
    parts.push_back(Named("通道 ", code == "none" ? code : report::ChannelName(code), "无对应通道"));
  }
  if (!options.task.empty()) parts.push_back(Named("任务 ", options.task, "不属于各项任务"));
  if (!options.field.empty()) parts.push_back(Named("领域 ", options.field, "未注明领域"));
  if (!options.mode.empty()) {
    const std::string code = report::ModeCodeOf(options.mode);
    parts.push_back(code.empty() ? Named("方式 ", options.mode, "未注明方式")
                                 : "方式 " + report::ModeName(code));
  }
  if (options.simulated == "only") parts.emplace_back("只看模拟数据");
  return absl::StrJoin(parts, "，");
}

std::string ScopeOf(const StatsOptions& options) {
  const std::string conditions = ConditionsOf(options);
  return absl::StrCat(
      options.region.empty() ? "全部需求地区" : report::FullRegionName(options.region) + "的需求",
      conditions.empty() ? "" : "，", conditions);
}

}  // namespace dongxi::cli
