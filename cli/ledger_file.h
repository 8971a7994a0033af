// A spreadsheet of what happened between needs and offers (台账), read into entries for the ledger. What is
// wrong with a row stands in the report with its place; the other rows are read all the same. No server. Any
// thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "cli/ledger_columns.h"
#include "dongxi/v1/engagement.pb.h"
#include "indexer/import/report.h"
#include "indexer/import/table.h"

namespace dongxi::cli {

// One row that can be sent, or compared with the ledger.
struct LedgerItem {
  SourcePlace place;
  v1::Engagement engagement;
  std::string corrects;  // name of the entry that the row corrects, withdraws or repeats; empty: a new entry
  bool withdraw = false;
  std::string why;                    // with `corrects`; empty: the row repeats the entry
  std::vector<LedgerColumn> columns;  // of its sheet, with `corrects`
  // Of a correction: the fields of Engagement that the row says, those of the columns of its sheet and those
  // that its step cannot have. Empty: all. What the sheet has no column for stays as it is.
  std::vector<std::string> fields;
};

struct LedgerFile {
  std::vector<LedgerItem> items;
  // Rows with the id of an entry and no reason to correct it, as an exported list has them: said to be in the
  // ledger already. Their kind is that of 撤回：… and 解除拒绝, unspecified otherwise.
  std::vector<LedgerItem> known;
  ImportReport report;     // rows_read and rejected are counted here, accepted by whoever records
  uint64_t untouched = 0;  // of `known`, what is in the ledger as the row has it: counted by whoever compares
};

// Reads an XLSX or CSV file. The header is one of the first 20 rows, with 需求编号, 供给方编号 and 步骤.
// Amounts are 万元 unless the header or the cell names another unit of money; signs and words for 人民币,
// spaces and commas say nothing. A number in another unit, a negative one, a date that is no full day, an
// unknown step, reason or mode are problems of their cells, two columns of one meaning one of their sheet,
// which is then not read. Columns with personal contact data and hidden sheets are not read, which is said. A
// file that cannot be read is a problem of the report.
LedgerFile ReadLedgerFile(const std::filesystem::path& file);

}  // namespace dongxi::cli
