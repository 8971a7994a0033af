// A match report as flat tables: what XLSX and CSV files hold, from the same model as the pages. Pure
// functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "report/model.h"
#include "report/overview.h"

namespace dongxi::report {

enum class CellKind { kText, kNumber, kShare, kDate };  // kShare: a number of 0 to 1 that is shown in percent

struct Cell {
  Cell() = default;
  // Text, or in a column of dates 2025-11-23 or 2025-11-23 15:40.
  Cell(std::string words) : text(std::move(words)), filled(!text.empty()) {}
  Cell(const char* words) : Cell(std::string(words)) {}
  Cell(double value) : number(value), filled(true) {}
  Cell(int value) : Cell(static_cast<double>(value)) {}
  std::string text;
  double number = 0;
  bool filled = false;  // else the cell is empty
};

struct Column {
  std::string name;
  CellKind kind = CellKind::kText;
  double width = 12;  // in characters of a spreadsheet
};

struct Table {
  std::string name;  // Chinese, at most 31 characters: the name of the sheet
  std::string file;  // "partners": the name of the CSV file without .csv
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // each as long as `columns`
};

// 总览, 需求, those of 合作机构, 专家, 成果 that were asked for, 佐证, 创新联合体, 未匹配需求, 分布,
// 省际对接, 机构曝光 and, where the report has them, 无人问津的成果 and 变化.
std::vector<Table> TablesOf(const MatchReport& report, const Overview& overview);

// The files of the tables that some reports have and others have not: idle_offers, changes, partners …
std::vector<std::string> OccasionalTableFiles();

}  // namespace dongxi::report
