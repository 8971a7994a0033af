#include "cli/stats_command.h"

#include <grpcpp/channel.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "cli/arguments.h"
#include "cli/call_service.h"
#include "cli/commands.h"
#include "cli/engagement_words.h"
#include "cli/stats/evaluation_files.h"
#include "cli/stats/gaps_run.h"
#include "cli/stats/stats_html.h"
#include "cli/stats/stats_json.h"
#include "cli/stats/stats_tables.h"
#include "cli/stats/stats_words.h"
#include "cli/stats_question.h"
#include "cli/table.h"
#include "dongxi/v1/statistics.grpc.pb.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "report/csv.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

using Stub = v1::StatisticsService::Stub;

constexpr char kExamples[] =
    "例：\n"
    "  dongxi stats --period 2026                                     # 按任务，与上年比\n"
    "  dongxi stats --period 2024-2026 --region 63 --by 年份 --by 结对 --xlsx 统计.xlsx --html 统计.html\n"
    "  dongxi stats open --period 2026 --by 任务 --key 3.2 --figure 签约   # 数字对应的台账编号\n"
    "  dongxi stats report --period 2026 --region 63 --out 青海绩效评估    # 绩效评估报告：HTML、PDF、XLSX\n"
    "  dongxi stats gaps --period 2026 --region 63 --html 缺口.html       # 指南方向建议、闲置供给\n"
    "  dongxi stats signing --period 2026                              # 签约概率（数据够时）\n"
    "模拟数据默认不计，--simulated include 计入，only 只看模拟数据。";

void SetDay(absl::CivilDay day, google::protobuf::Timestamp* out) {
  out->set_seconds(ChinaDayStartUs(day) / 1'000'000);
}

absl::StatusOr<v1::Statistics> Compute(const Client& client, const StatsQuestion& question, bool compare,
                                       bool engagements) {
  v1::ComputeStatisticsRequest request;
  SetDay(question.period.days.first, request.mutable_start_time());
  SetDay(question.period.days.end, request.mutable_end_time());
  if (compare) {
    SetDay(question.period.earlier.first, request.mutable_earlier_start_time());
    SetDay(question.period.earlier.end, request.mutable_earlier_end_time());
  }
  *request.mutable_filter() = question.filter;
  for (const v1::StatisticsDimension dimension : question.dimensions) request.add_group_by(dimension);
  for (const std::string& code : question.expected_regions) request.add_expected_region_codes(code);
  request.set_include_engagements(engagements);
  return CallService<v1::StatisticsService>(client, &Stub::ComputeStatistics, request);
}

absl::StatusOr<v1::SigningEstimate> Estimate(const Client& client, const StatsQuestion& question) {
  v1::EstimateSigningRequest request;
  SetDay(question.period.days.end, request.mutable_end_time());
  *request.mutable_filter() = question.filter;
  return CallService<v1::StatisticsService>(client, &Stub::EstimateSigning, request);
}

std::string RegionWords(const std::string& code) {
  return code.empty() ? "全国" : report::FullRegionName(code);
}

std::string Scope(const StatsOptions& options) {
  std::string scope =
      options.region.empty() ? "全部需求地区" : report::FullRegionName(options.region) + "的需求";
  if (!options.offer_region.empty())
    absl::StrAppend(&scope, "，供给方 ", report::FullRegionName(options.offer_region));
  for (const auto& [name, value] : {std::pair{"通道 ", &options.channel}, std::pair{"任务 ", &options.task},
                                    std::pair{"领域 ", &options.field}, std::pair{"方式 ", &options.mode}}) {
    if (!value->empty()) absl::StrAppend(&scope, "，", name, *value);
  }
  return scope;
}

void PrintGroups(const v1::StatisticsTable& table, const Io& io) {
  Table printed({{DimensionName(table.dimension()), 34},
                 {"需求", 0, Align::kRight},
                 {"得到推荐", 0, Align::kRight},
                 {"会谈", 0, Align::kRight},
                 {"签约", 0, Align::kRight},
                 {"经推荐", 0, Align::kRight},
                 {"签约额(万元)", 0, Align::kRight},
                 {"登记", 0, Align::kRight},
                 {"到账(万元)", 0, Align::kRight},
                 {"验收", 0, Align::kRight},
                 {"拒绝", 0, Align::kRight},
                 {"签约额同比", 0, Align::kRight}});
  for (const v1::StatisticsGroup& group : table.groups()) {
    const v1::Figure& contracts = FigureOf(group, v1::FIGURE_KIND_SIGNED);
    const auto entries = [&](v1::FigureKind kind) { return Count(FigureOf(group, kind).entries()); };
    printed.AddRow(
        {group.label(), Count(group.needs()), Count(FigureOf(group, v1::FIGURE_KIND_MATCHED).needs()),
         entries(v1::FIGURE_KIND_MET), entries(v1::FIGURE_KIND_SIGNED),
         entries(v1::FIGURE_KIND_SIGNED_RECOMMENDED), Amount(contracts.amount_wan()),
         entries(v1::FIGURE_KIND_REGISTERED), Amount(FigureOf(group, v1::FIGURE_KIND_PAID).amount_wan()),
         entries(v1::FIGURE_KIND_DELIVERED), entries(v1::FIGURE_KIND_REFUSED),
         group.earlier_figures_size() == 0
             ? ""
             : Change(contracts.amount_wan(), EarlierFigureOf(group, v1::FIGURE_KIND_SIGNED).amount_wan())});
  }
  printed.Print(io.out, io.columns);
  io.out << "\n";
}

void PrintStatistics(const v1::Statistics& statistics, const Period& period, const std::string& scope,
                     const Io& io) {
  io.out << "统计期：" << period.label << "；范围：" << Printable(scope) << "\n";
  for (const std::string& remark : Remarks(statistics)) io.out << "注意：" << remark << "\n";
  if (statistics.entries() == 0) {
    io.out << "本期台账没有记录。\n";
    return;
  }
  v1::StatisticsTable total;
  *total.add_groups() = statistics.total();
  PrintGroups(total, io);
  for (const v1::StatisticsTable& table : statistics.tables()) PrintGroups(table, io);
  Table ways({{"步骤", 30},
              {"进入", 0, Align::kRight},
              {"到达", 0, Align::kRight},
              {"转化率", 0, Align::kRight},
              {"95%区间", 0, Align::kRight},
              {"用时中位数(天)", 0, Align::kRight}});
  for (int i = 0; i < std::min(statistics.total().conversions_size(), statistics.total().durations_size());
       ++i) {
    const v1::StepConversion& one = statistics.total().conversions(i);
    const v1::StepDuration& duration = statistics.total().durations(i);
    if (one.began() == 0 && duration.pairs() == 0) continue;
    const bool any = one.began() > 0;
    ways.AddRow({StepName(one.from_step()) + " → " + StepName(one.to_step()), Count(one.began()),
                 Count(one.reached()),
                 any ? Share(static_cast<double>(one.reached()) / static_cast<double>(one.began())) : "—",
                 any ? Share(one.low()) + "–" + Share(one.high()) : "—",
                 duration.pairs() > 0 ? Days(duration.median_days()) : "—"});
  }
  ways.Print(io.out, io.columns);
  std::string refusals;
  for (const v1::RefusalCount& count : statistics.total().refusals())
    absl::StrAppend(&refusals, refusals.empty() ? "" : "、", ChineseReason(count.reason()), " ",
                    count.entries());
  if (!refusals.empty()) io.out << "拒绝原因：" << refusals << "\n";
  if (statistics.inactive_tasks_size() > 0) {
    io.out << "没有活动的任务：";
    for (int i = 0; i < statistics.inactive_tasks_size(); ++i)
      io.out << (i == 0 ? "" : "、") << statistics.inactive_tasks(i).id() << " "
             << statistics.inactive_tasks(i).title();
    io.out << "\n";
  }
  if (statistics.unserved_regions_size() > 0)
    io.out << "尚未服务的西部地州市和县：" << statistics.unserved_regions_size()
           << " 个（用 --xlsx 或 --json 列出）\n";
}

int Written(const absl::Status& status, const std::string& file, const Io& io) {
  if (!status.ok()) return Fail(status, kExitFailed, io);
  io.err << file << "\n";
  return kExitOk;
}

int Show(const Client& client, const StatsQuestion& question, const StatsOptions& options, const Io& io) {
  const bool files = !options.xlsx.empty() || !options.html.empty() || options.json;
  const auto statistics = Compute(client, question, !options.no_compare, files);
  if (!statistics.ok()) return Fail(statistics.status(), kExitFailed, io);
  if (!options.xlsx.empty()) {
    const absl::Status status = WriteWorkbook(
        StatisticsTables(*statistics), ChinaDayStartUs(question.period.days.end) / 1'000'000, options.xlsx);
    if (const int code = Written(status, options.xlsx, io); code != kExitOk) return code;
  }
  if (!options.html.empty()) {
    const absl::Status status =
        WriteFileAtomically(options.html, StatisticsHtml(*statistics, question.period, Scope(options)));
    if (const int code = Written(status, options.html, io); code != kExitOk) return code;
  }
  if (options.json) {
    report::Json json = {{"period", question.period.label}, {"scope", Scope(options)}};
    json.update(StatisticsToJson(*statistics));
    io.out << report::JsonText(json);
  } else if (options.csv) {
    io.out << report::CsvText(StatisticsTable(*statistics));
  } else if (options.xlsx.empty() && options.html.empty()) {
    PrintStatistics(*statistics, question.period, Scope(options), io);
  }
  return kExitOk;
}

GapsOptions GapsOf(const StatsQuestion& question, const StatsOptions& options) {
  return {.period = question.period,
          .region = options.region,
          .compare = options.compare,
          .top = options.top,
          .jobs = 2};
}

// The day printed below the report.
absl::StatusOr<absl::CivilDay> DateOf(const StatsOptions& options) {
  absl::CivilDay day = ChinaDay(absl::ToUnixMicros(absl::Now()));
  if (options.date.empty() || absl::ParseCivilTime(options.date, &day)) return day;
  return WrongOption("--date", options.date, "应为 2026-01-15 这样的日期");
}

absl::StatusOr<std::vector<std::string>> MakeReport(const Client& client, StatsQuestion question,
                                                    const StatsOptions& options, const Io& io) {
  question.dimensions = {v1::STATISTICS_DIMENSION_TASK,    v1::STATISTICS_DIMENSION_PAIRING,
                         v1::STATISTICS_DIMENSION_CITY,    v1::STATISTICS_DIMENSION_FIELD,
                         v1::STATISTICS_DIMENSION_MODE,    v1::STATISTICS_DIMENSION_PROVINCE_PAIR,
                         v1::STATISTICS_DIMENSION_CHANNEL, v1::STATISTICS_DIMENSION_YEAR};
  Evaluation evaluation{.period = question.period,
                        .region = options.region,
                        .region_name = RegionWords(options.region),
                        .office = options.office};
  DX_ASSIGN_OR_RETURN(evaluation.date, DateOf(options));
  DX_ASSIGN_OR_RETURN(evaluation.statistics,
                      Compute(client, question, /*compare=*/true, /*engagements=*/true));
  DX_RETURN_IF_ERROR(AddCasesAndProblems(client, question.filter.simulated(), &evaluation));
  DX_ASSIGN_OR_RETURN(evaluation.signing, Estimate(client, question));
  if (options.with_gaps) {
    DX_ASSIGN_OR_RETURN(evaluation.gaps, RunGaps(client, GapsOf(question, options), io));
  }
  return WriteEvaluation(evaluation, options.out);
}

int ShowReport(const Client& client, const StatsQuestion& question, const StatsOptions& options,
               const Io& io) {
  if (const auto date = DateOf(options); !date.ok()) return Fail(date.status(), kExitUsage, io);
  const auto written = MakeReport(client, question, options, io);
  if (!written.ok()) return Fail(written.status(), kExitFailed, io);
  for (const std::string& file : *written) io.out << file << "\n";
  return kExitOk;
}

void PrintGaps(const GapsReport& report, const Period& period, const Io& io) {
  const Gaps& gaps = report.gaps;
  io.out << period.label << "有效需求 " << gaps.needs << " 项，未满足 " << gaps.unmet << " 项（"
         << report.earlier_label << " " << gaps.unmet_before << "/" << gaps.needs_before << "）\n"
         << IdleSentence(report) << "\n";
  for (const std::string& remark : report.remarks) io.out << "注意：" << remark << "\n";
  for (const report::Table& table : GapsTables(report)) {
    if (table.file == "idle_offers" || table.rows.empty()) continue;
    io.out << "\n" << table.name << "\n";
    std::vector<Table::Column> columns;
    for (const report::Column& column : table.columns)
      columns.push_back(
          {column.name, 44, column.kind == report::CellKind::kNumber ? Align::kRight : Align::kLeft});
    Table printed(columns);
    for (const std::vector<report::Cell>& row : table.rows) {
      std::vector<std::string> cells;
      for (const report::Cell& cell : row)
        cells.push_back(cell.text.empty() && cell.filled ? Amount(cell.number) : cell.text);
      printed.AddRow(std::move(cells));
    }
    printed.Print(io.out, io.columns);
  }
}

int ShowGaps(const Client& client, const StatsQuestion& question, const StatsOptions& options, const Io& io) {
  const absl::StatusOr<GapsReport> report = RunGaps(client, GapsOf(question, options), io);
  if (!report.ok()) {
    return Fail(report.status(), absl::IsInvalidArgument(report.status()) ? kExitUsage : kExitFailed, io);
  }
  if (!options.xlsx.empty()) {
    const absl::Status status = WriteWorkbook(
        GapsTables(*report), ChinaDayStartUs(question.period.days.end) / 1'000'000, options.xlsx);
    if (const int code = Written(status, options.xlsx, io); code != kExitOk) return code;
  }
  if (!options.html.empty()) {
    const std::string page = PageBegin({"未满足的需求与闲置供给",
                                        "东西部科技合作 · 供需缺口",
                                        {"统计期：" + question.period.label, "范围：" + Scope(options)},
                                        {}}) +
                             GapsSections(*report) + PageEnd("由 Dongxi 根据目录和匹配结果生成。");
    if (const int code = Written(WriteFileAtomically(options.html, page), options.html, io); code != kExitOk)
      return code;
  }
  if (options.json) {
    report::Json json = {{"period", question.period.label}};
    json.update(GapsToJson(*report));
    io.out << report::JsonText(json);
  } else if (options.csv) {
    io.out << report::CsvText(GapsTables(*report).front());
  } else if (options.xlsx.empty() && options.html.empty()) {
    PrintGaps(*report, question.period, io);
  }
  return kExitOk;
}

// Of a figure only a conversion, or a reason of refusal.
absl::Status SetPart(const StatsOptions& options, v1::OpenFigureRequest* request) {
  if (!options.to.empty()) {
    const auto step = StepOfWord(options.to);
    if (!step) return WrongOption("--to", options.to, "应为步骤，如 签约");
    request->set_to_step(*step);
  }
  request->set_began(options.began);
  if (options.reason.empty()) return absl::OkStatus();
  const auto reason = RefusalReasonOfWord(options.reason);
  if (!reason) return WrongOption("--reason", options.reason, "应为 " + RefusalReasonWords());
  request->set_refusal_reason(*reason);
  return absl::OkStatus();
}

int ShowOpen(const Client& client, const StatsQuestion& question, const StatsOptions& options, const Io& io) {
  const auto figure = FigureOfWord(options.figure);
  if (!figure)
    return Fail(WrongOption("--figure", options.figure,
                            "应为 推荐、查看、意向、会谈、签约、技术合同登记、到账、验收、拒绝、"
                            "签约（经推荐）、签约（未经推荐） 或 得到推荐"),
                kExitUsage, io);
  v1::OpenFigureRequest request;
  SetDay(question.period.days.first, request.mutable_start_time());
  SetDay(question.period.days.end, request.mutable_end_time());
  *request.mutable_filter() = question.filter;
  request.set_figure(*figure);
  if (const absl::Status status = SetPart(options, &request); !status.ok())
    return Fail(status, kExitUsage, io);
  request.set_page_size(1'000);
  if (!options.key.empty()) {
    request.set_dimension(question.dimensions.front());
    request.set_key(options.key);
  }
  std::vector<v1::Engagement> entries;
  do {
    const auto page = CallService<v1::StatisticsService>(client, &Stub::OpenFigure, request);
    if (!page.ok()) return Fail(page.status(), kExitFailed, io);
    entries.insert(entries.end(), page->engagements().begin(), page->engagements().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  if (!options.csv) {
    PrintEngagements(entries, io);
    return kExitOk;
  }
  io.out << CsvHeader();
  for (const v1::Engagement& entry : entries) io.out << CsvRow(entry);
  return kExitOk;
}

int ShowSigning(const Client& client, const StatsQuestion& question, const StatsOptions& options,
                const Io& io) {
  const auto estimate = Estimate(client, question);
  if (!estimate.ok()) return Fail(estimate.status(), kExitFailed, io);
  if (options.json) {
    io.out << report::JsonText(SigningToJson(*estimate));
    return kExitOk;
  }
  io.out << "登记满两年 " << estimate->decided_pairs() << " 对，其中两年内签约 " << estimate->signed_pairs()
         << " 对；未满两年：进行中 " << estimate->open_pairs() << " 对，已签约或拒绝 "
         << estimate->early_pairs() << " 对（不据以学习）";
  if (estimate->simulated_pairs() > 0) io.out << "；其中模拟数据 " << estimate->simulated_pairs() << " 对";
  io.out << "\n";
  if (!estimate->enough()) {
    io.out << "数据不够：至少要有 " << estimate->decided_pairs_min() << " 对登记满两年，签约和未签约各至少 "
           << estimate->signed_pairs_min() << " 对，才给出签约概率。\n";
    return kExitOk;
  }
  io.out << absl::StrFormat("交叉验证 Brier %.4f；一律按平均签约率 %.4f\n", estimate->brier(),
                            estimate->base_brier());
  Table bins({{"对数", 0, Align::kRight}, {"平均预测", 0, Align::kRight}, {"实际签约", 0, Align::kRight}});
  for (const v1::ReliabilityBin& bin : estimate->reliability())
    bins.AddRow({Count(bin.pairs()), Share(bin.mean_forecast()), Share(bin.signed_share())});
  bins.Print(io.out, io.columns);
  if (!estimate->useful()) {
    io.out << "不比平均签约率更准，不给出签约概率。\n";
    return kExitOk;
  }
  Table forecasts({{"需求", 30}, {"供给方", 30}, {"签约概率", 0, Align::kRight}});
  for (const v1::SigningForecast& one : estimate->forecasts())
    forecasts.AddRow({one.need(), one.offer(), Share(one.probability())});
  io.out << "\n进行中的对至登记满两年时签约的概率，从高到低：\n";
  forecasts.Print(io.out, io.columns);
  return kExitOk;
}

void AddSelection(CLI::App* stats, StatsOptions& options) {
  stats
      ->add_option("--period", options.period,
                   "2026、2024-2026、2026Q3、2026-03 或 2026-01-01..2026-06-30；不写是今年")
      ->type_name("PERIOD");
  stats->add_option("--region", options.region, "需求方地区代码，如 63")->type_name("CODE");
  stats->add_option("--offer-region", options.offer_region, "供给方地区代码")->type_name("CODE");
  stats->add_option("--channel", options.channel, "通道代码，如 keji-yuanqing；none 是无对应通道")
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

}  // namespace

CLI::App* AddStatsCommand(CLI::App& app, StatsOptions& options) {
  CLI::App* stats = app.add_subcommand("stats", "台账统计、绩效评估报告、供需缺口、签约概率");
  stats->footer(kExamples);
  AddSelection(stats, options);
  options.report = stats->add_subcommand("report", "绩效评估报告：写入一个文件夹");
  options.report->add_option("--out", options.out, "写入的文件夹")->type_name("DIR")->required();
  options.report->add_option("--office", options.office, "编制单位，印在封面和落款")->type_name("TEXT");
  options.report->add_option("--date", options.date, "编制日期，印在封面和落款；不写是今天")
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

int RunStats(const ConnectionOptions& connection, const StatsOptions& options, const Io& io) {
  const absl::StatusOr<StatsQuestion> question = QuestionOf(options);
  if (!question.ok()) return Fail(question.status(), kExitUsage, io);
  if (const absl::Status status = CheckTop(options.top); !status.ok()) return Fail(status, kExitUsage, io);
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  if (options.report->parsed()) return ShowReport(**client, *question, options, io);
  if (options.gaps->parsed()) return ShowGaps(**client, *question, options, io);
  if (options.open->parsed()) return ShowOpen(**client, *question, options, io);
  if (options.signing->parsed()) return ShowSigning(**client, *question, options, io);
  return Show(**client, *question, options, io);
}

}  // namespace dongxi::cli
