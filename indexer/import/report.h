// What an import did, and every row that it could not take: for the terminal and as a table for the sender.
// Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/import/complaint.h"
#include "indexer/import/table.h"

namespace dongxi {

inline constexpr size_t kProblemsKept = 10'000;

struct RowProblem {
  std::string file;
  std::string sheet;   // empty but for XLSX
  uint64_t row = 0;    // as the user sees it; 0: the whole file or sheet
  std::string column;  // header as in the file; empty: the whole row
  std::string found;
  std::string expected;
  std::string remedy;
};

struct ImportReport {
  struct File {
    std::string file;
    std::string format;  // CSV UTF-8, JSONL, XLSX …; empty if it could not be read
    uint64_t rows_read = 0;
    uint64_t accepted = 0;
    uint64_t rejected = 0;
  };
  std::vector<File> files;
  uint64_t rows_read = 0;  // blank rows, titles and headers are not counted
  uint64_t accepted = 0;
  uint64_t rejected = 0;
  std::vector<std::string> notices;  // what was left out or should be known, in Chinese
  std::vector<RowProblem> problems;  // the first kProblemsKept of problems_total
  uint64_t problems_total = 0;

  bool clean() const { return problems_total == 0; }
  void Add(const SourcePlace& place, std::string_view column, const Complaint& complaint);
};

// For people, in Chinese, columns aligned for a terminal; shows at most `problems_shown` problems and says
// that the others are in the CsvReport, if its user `has_list`.
std::string TextReport(const ImportReport& report, size_t problems_shown = 50, bool has_list = true);

// 文件,工作表,行,列,发现,应为,办法: UTF-8 with a byte order mark, CR LF. Cells that a spreadsheet program
// would take for a formula get an apostrophe in front.
std::string CsvReport(const ImportReport& report);

}  // namespace dongxi
