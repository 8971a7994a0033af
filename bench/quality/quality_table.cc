// The report as tables for a terminal.
#include <algorithm>
#include <numeric>
#include <sstream>

#include "absl/strings/str_format.h"
#include "bench/quality/quality_report.h"
#include "cli/table.h"

namespace dongxi::bench {
namespace {

using cli::Align;
using cli::Table;

constexpr int kNameColumns = 32;
constexpr int kTitleColumns = 60;
constexpr size_t kMovedQueries = 5;  // shown of each end

std::string Number(double value) { return absl::StrFormat("%.4f", value); }
std::string Signed(double value) { return absl::StrFormat("%+.4f", value); }
std::string IntervalText(const MeanInterval& interval) {
  return "[" + Number(interval.low) + ", " + Number(interval.high) + "]";
}
std::string SignedIntervalText(const MeanInterval& interval) {
  return "[" + Signed(interval.low) + ", " + Signed(interval.high) + "]";
}

Table::Column Right(const std::string& header) { return {header, 0, Align::kRight}; }
Table::Column Left(const std::string& header, int columns_max = 0) {
  return {header, columns_max, Align::kLeft};
}

void PrintHead(const QualityReport& report, std::ostream& out) {
  out << cli::Printable(report.collection) << ": " << report.queries.size() << " of " << report.queries_judged
      << " judged queries scored\n";
  for (const SystemResult& system : report.systems) {
    if (system.queries_missing > 0) {
      out << "  " << cli::Printable(system.name) << " has no answer for " << system.queries_missing
          << " of them; these count 0\n";
    }
  }
  for (const std::string& note : report.notes) out << "  note: " << cli::Printable(note) << "\n";
}

void PrintMeasures(const QualityReport& report, int screen_columns, std::ostream& out) {
  std::vector<Table::Column> columns = {Left("measure")};
  for (const SystemResult& system : report.systems) {
    columns.push_back({system.name, kNameColumns, Align::kRight});
    columns.push_back(Left("95 % interval"));
  }
  Table table(columns);
  for (size_t i = 0; i < report.systems.front().measures.size(); ++i) {
    std::vector<std::string> row = {report.systems.front().measures[i].name};
    for (const SystemResult& system : report.systems) {
      row.push_back(Number(system.measures[i].mean));
      row.push_back(IntervalText(system.measures[i].interval));
    }
    table.AddRow(row);
  }
  out << "\n";
  table.Print(out, screen_columns);
}

void PrintMoved(const QualityReport& report, const MeasureComparison& measure, int screen_columns,
                std::ostream& out) {
  std::vector<size_t> order(measure.differences.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return measure.differences[a] < measure.differences[b]; });
  Table table({Left("query", kNameColumns), Right(measure.name), Left("title", kTitleColumns)});
  const auto add = [&](size_t query) {
    const auto title = report.titles.find(report.queries[query]);
    table.AddRow({report.queries[query], Signed(measure.differences[query]),
                  title == report.titles.end() ? "" : title->second});
  };
  const size_t losses = std::min(kMovedQueries, measure.worse),
               wins = std::min(kMovedQueries, measure.better);
  for (size_t i = 0; i < losses; ++i) add(order[i]);
  for (size_t i = 0; i < wins; ++i) add(order[order.size() - wins + i]);
  if (losses + wins == 0) return;
  out << "\nMost lost and most won queries\n";
  table.Print(out, screen_columns);
}

void PrintComparison(const QualityReport& report, const SystemComparison& comparison, int screen_columns,
                     std::ostream& out) {
  Table table({Left("measure"), Right("difference"), Left("95 % interval"), Right("p"), Right("better"),
               Right("equal"), Right("worse")});
  for (const MeasureComparison& measure : comparison.measures) {
    table.AddRow({measure.name, Signed(measure.mean), SignedIntervalText(measure.interval),
                  Number(measure.p_value), std::to_string(measure.better), std::to_string(measure.equal),
                  std::to_string(measure.worse)});
  }
  out << "\n"
      << cli::Printable(comparison.system) << " against " << cli::Printable(report.systems.front().name)
      << " (paired randomisation test, queries)\n";
  table.Print(out, screen_columns);
  PrintMoved(report, comparison.measures.front(), screen_columns, out);
}

void PrintExposure(const QualityReport& report, int screen_columns, std::ostream& out) {
  Table table({Left("system", kNameColumns), Left("exposure by"), Right("top"), Right("shown"), Right("of"),
               Right("coverage"), Right("Gini"), Right("minimum"), Right("maximum")});
  bool any = false;
  for (const SystemResult& system : report.systems) {
    for (const ExposureResult& exposure : system.exposure) {
      const ExposureSummary& summary = exposure.summary;
      table.AddRow({system.name, exposure.by, std::to_string(exposure.cutoff), std::to_string(summary.shown),
                    std::to_string(summary.items), Number(summary.coverage), Number(summary.gini),
                    Number(summary.minimum), Number(summary.maximum)});
      any = true;
    }
  }
  if (!any) return;
  out << "\n";
  table.Print(out, screen_columns);
}

void PrintOthers(const QualityReport& report, std::ostream& out) {
  for (const SystemResult& system : report.systems) {
    const std::string name = "\n" + cli::Printable(system.name);
    if (system.diversity) out << name << ": intra-list diversity " << Number(*system.diversity) << "\n";
    if (system.calibration) {
      out << name << ": ECE " << Number(system.calibration->ece) << ", Brier "
          << Number(system.calibration->brier) << " over " << system.calibration->count << " forecasts\n";
    }
    if (system.grade_closeness)
      out << name << ": 1/(1+MAE) of grades " << Number(*system.grade_closeness) << "\n";
  }
}

void PrintWorst(const SystemResult& system, int screen_columns, std::ostream& out) {
  if (system.worst.empty()) return;
  Table table({Left("query", kNameColumns), Right(system.measures.front().name), Left("title and text", 0)});
  for (const WorstQuery& query : system.worst) {
    const std::string text =
        query.title + (query.title.empty() || query.text.empty() ? "" : " · ") + query.text;
    table.AddRow({query.id, Number(query.value), cli::CutToWidth(cli::Printable(text), 2 * kTitleColumns)});
  }
  out << "\nWorst queries of " << cli::Printable(system.name) << "\n";
  table.Print(out, screen_columns);
}

}  // namespace

std::string RenderTable(const QualityReport& report, int screen_columns) {
  std::ostringstream out;
  PrintHead(report, out);
  PrintMeasures(report, screen_columns, out);
  for (const SystemComparison& comparison : report.comparisons)
    PrintComparison(report, comparison, screen_columns, out);
  PrintExposure(report, screen_columns, out);
  PrintOthers(report, out);
  for (const SystemResult& system : report.systems) PrintWorst(system, screen_columns, out);
  return out.str();
}

}  // namespace dongxi::bench
