#include "cli/stats_command.h"

#include <grpcpp/channel.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "cli/arguments.h"
#include "cli/call_service.h"
#include "cli/commands.h"
#include "cli/engagement_words.h"
#include "cli/stats/evaluation_files.h"
#include "cli/stats/gaps_run.h"
#include "cli/stats/stats_console.h"
#include "cli/stats/stats_html.h"
#include "cli/stats/stats_json.h"
#include "cli/stats/stats_tables.h"
#include "cli/stats/stats_words.h"
#include "cli/stats_options.h"
#include "cli/stats_question.h"
#include "dongxi/v1/statistics.grpc.pb.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "report/csv.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

using Stub = v1::StatisticsService::Stub;

constexpr int kForecastsMax = 1'000;  // as many as one answer gives

void SetDay(absl::CivilDay day, google::protobuf::Timestamp* out) {
  out->set_seconds(ChinaDayStartUs(day) / 1'000'000);
}

absl::StatusOr<v1::Statistics> Compute(const Client& client, const StatsQuestion& question, bool compare,
                                       bool engagements) {
  v1::ComputeStatisticsRequest request;
  SetDay(question.period.days.first, request.mutable_start_time());
  SetDay(question.period.days.end, request.mutable_end_time());
  if (compare && question.period.begun) {
    SetDay(question.period.earlier.first, request.mutable_earlier_start_time());
    SetDay(question.period.earlier.end, request.mutable_earlier_end_time());
  }
  *request.mutable_filter() = question.filter;
  for (const v1::StatisticsDimension dimension : question.dimensions) request.add_group_by(dimension);
  for (const std::string& code : question.expected_regions) request.add_expected_region_codes(code);
  request.set_include_engagements(engagements);
  return CallService<v1::StatisticsService>(client, &Stub::ComputeStatistics, request);
}

// A pair must not count as older than it is: what a period has ahead has taught nothing yet.
absl::CivilDay SigningEnd(const StatsQuestion& question) {
  return std::min(question.period.days.end, question.as_of + 1);
}

absl::StatusOr<v1::SigningEstimate> Estimate(const Client& client, const StatsQuestion& question) {
  v1::EstimateSigningRequest request;
  request.set_page_size(kForecastsMax);
  SetDay(SigningEnd(question), request.mutable_end_time());
  *request.mutable_filter() = question.filter;
  return CallService<v1::StatisticsService>(client, &Stub::EstimateSigning, request);
}

std::string RegionWords(const std::string& code) {
  return code.empty() ? "全国" : report::FullRegionName(code);
}

int Written(const absl::Status& status, const std::string& file, const Io& io) {
  if (!status.ok()) return Fail(status, kExitFailed, io);
  io.err << file << "\n";
  return kExitOk;
}

// The figures as sheets, the first of which says that the period still runs.
std::vector<report::Table> SheetsOf(const v1::Statistics& statistics, const std::string& running) {
  std::vector<report::Table> tables = StatisticsTables(statistics);
  if (running.empty()) return tables;
  std::vector<report::Cell> row = {"说明：" + running};
  row.resize(tables.front().columns.size());
  tables.front().rows.push_back(std::move(row));
  return tables;
}

int Show(const Client& client, const StatsQuestion& question, const StatsOptions& options, const Io& io) {
  const bool files = !options.xlsx.empty() || !options.html.empty() || options.json;
  const auto statistics = Compute(client, question, !options.no_compare, files);
  if (!statistics.ok()) return Fail(statistics.status(), kExitFailed, io);
  const std::string running = RunningWords(question.period, IsCompared(*statistics));
  if (!options.xlsx.empty()) {
    const absl::Status status = WriteWorkbook(
        SheetsOf(*statistics, running), ChinaDayStartUs(question.period.days.end) / 1'000'000, options.xlsx);
    if (const int code = Written(status, options.xlsx, io); code != kExitOk) return code;
  }
  if (!options.html.empty()) {
    const absl::Status status =
        WriteFileAtomically(options.html, StatisticsHtml(*statistics, question.period, ScopeOf(options)));
    if (const int code = Written(status, options.html, io); code != kExitOk) return code;
  }
  if (options.json) {
    report::Json json = {
        {"period", question.period.label}, {"period_note", running}, {"scope", ScopeOf(options)}};
    json.update(StatisticsToJson(*statistics));
    io.out << report::JsonText(json);
  } else if (options.csv) {
    io.out << report::CsvText(StatisticsTable(*statistics));
    if (!running.empty()) io.err << running << "\n";  // the table has no place for it
  } else if (options.xlsx.empty() && options.html.empty()) {
    PrintStatistics(*statistics, question.period, ScopeOf(options), io);
  }
  return kExitOk;
}

GapsOptions GapsOf(const StatsQuestion& question, const StatsOptions& options) {
  return {.period = question.period,
          .region = question.filter.need_region_code(),
          .compare = options.compare,
          .top = options.top,
          .jobs = 2};
}

// What else a reader of the figures has to know of the options.
std::string NotesOf(const StatsQuestion& question, const StatsOptions& options) {
  std::vector<std::string> notes;
  if (options.simulated == "include") notes.emplace_back("计入模拟数据");
  if (!question.expected_regions.empty())
    notes.push_back(absl::StrCat("应服务的县 ", question.expected_regions.size(), " 个另行给出"));
  if (options.no_compare) notes.emplace_back("不与上一年同期比");
  if (!options.mode.empty()) notes.emplace_back("签约概率不按合作方式给出，不附");
  return absl::StrJoin(notes, "；");
}

absl::StatusOr<Evaluation> EvaluationOf(const Client& client, StatsQuestion question,
                                        const StatsOptions& options, const Io& io) {
  question.dimensions = {v1::STATISTICS_DIMENSION_TASK,    v1::STATISTICS_DIMENSION_PAIRING,
                         v1::STATISTICS_DIMENSION_CITY,    v1::STATISTICS_DIMENSION_FIELD,
                         v1::STATISTICS_DIMENSION_MODE,    v1::STATISTICS_DIMENSION_PROVINCE_PAIR,
                         v1::STATISTICS_DIMENSION_CHANNEL, v1::STATISTICS_DIMENSION_YEAR};
  Evaluation evaluation{.period = question.period,
                        .region = question.filter.need_region_code(),
                        .region_name = RegionWords(options.region),
                        .conditions = ConditionsOf(options),
                        .notes = NotesOf(question, options),
                        .office = options.office,
                        .date = question.date};
  DX_ASSIGN_OR_RETURN(evaluation.statistics,
                      Compute(client, question, !options.no_compare, /*engagements=*/true));
  DX_RETURN_IF_ERROR(AddCasesAndProblems(client, question.filter, &evaluation));
  if (options.mode.empty()) {  // the mode says too much of the outcome (NotesOf tells the reader)
    DX_ASSIGN_OR_RETURN(evaluation.signing, Estimate(client, question));
  }
  if (options.with_gaps) {
    DX_ASSIGN_OR_RETURN(evaluation.gaps, RunGaps(client, GapsOf(question, options), io));
  }
  return evaluation;
}

int ShowReport(const Client& client, const StatsQuestion& question, const StatsOptions& options,
               const Io& io) {
  const auto evaluation = EvaluationOf(client, question, options, io);
  if (!evaluation.ok()) return Fail(evaluation.status(), kExitFailed, io);
  const auto written = WriteEvaluation(*evaluation, options.out);
  if (!written.ok()) return Fail(written.status(), kExitFailed, io);
  for (const std::string& file : *written) io.out << file << "\n";
  return kExitOk;
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
                                        {"统计期：" + question.period.label, "范围：" + ScopeOf(options)},
                                        {}}) +
                             GapsSections(*report) + PageEnd("由 Dongxi 根据目录和匹配结果生成。");
    if (const int code = Written(WriteFileAtomically(options.html, page), options.html, io); code != kExitOk)
      return code;
  }
  if (options.json) {
    report::Json json = {{"period", question.period.label}, {"scope", ScopeOf(options)}};
    json.update(GapsToJson(*report));
    io.out << report::JsonText(json);
  } else if (options.csv) {
    io.out << report::CsvText(GapsTables(*report).front());
  } else if (options.xlsx.empty() && options.html.empty()) {
    PrintGaps(*report, question.period, io);
  }
  return kExitOk;
}

// Of a figure only a conversion, the time it took, or a reason of refusal.
absl::Status SetPart(const StatsOptions& options, v1::OpenFigureRequest* request) {
  if (!options.to.empty()) {
    const auto step = StepOfWord(options.to);
    if (!step) return WrongOption("--to", options.to, "应为步骤，如 签约");
    request->set_to_step(*step);
  }
  request->set_began(options.began);
  request->set_duration(options.duration);
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
    report::Json json = {{"until", absl::FormatCivilTime(SigningEnd(question) - 1)},
                         {"scope", ScopeOf(options)}};
    json.update(SigningToJson(*estimate));
    io.out << report::JsonText(json);
    return kExitOk;
  }
  PrintSigning(*estimate, SigningEnd(question) - 1, ScopeOf(options), io);
  return kExitOk;
}

}  // namespace

int RunStats(const ConnectionOptions& connection, const StatsOptions& options, const Io& io) {
  if (const absl::Status status = CheckApplied(options); !status.ok()) return Fail(status, kExitUsage, io);
  const absl::StatusOr<StatsQuestion> question = QuestionOf(options);
  if (!question.ok()) return Fail(question.status(), kExitUsage, io);
  for (const std::string& notice : question->notices) io.err << "注意：" << notice << "\n";
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
