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
#include "dongxi/v1/engagement.pb.h"
#include "indexer/import/report.h"
#include "indexer/import/table.h"

namespace dongxi::cli {

// What the columns of a ledger file mean.
enum class LedgerColumn : uint8_t {
  kNeed,
  kOffer,
  kStep,
  kDate,
  kAmount,
  kNumber,
  kReason,
  kMatch,
  kEvidence,
  kNote,
  kActor,
  kMode,
  kTask,
  kIllustrative,
  kSimulated,
  kEntry,
  kWhy,
};

struct LedgerColumnSpec {
  LedgerColumn column;
  std::string_view header;  // the one that we print
  bool required = false;
  std::string_view help;     // Chinese
  std::string_view example;  // of the template
};
// In the order of the template.
const std::vector<LedgerColumnSpec>& LedgerColumns();

// One row that can be sent.
struct LedgerItem {
  SourcePlace place;
  v1::Engagement engagement;
  std::string corrects;  // name of the entry that the row corrects or withdraws; empty: a new entry
  bool withdraw = false;
  std::string why;  // with `corrects`
};

struct LedgerFile {
  std::vector<LedgerItem> items;
  ImportReport report;     // rows_read and rejected are counted here, accepted by whoever records
  uint64_t untouched = 0;  // rows with the id of an entry and no reason to correct it: in the ledger already
};

// Reads an XLSX or CSV file. The header is one of the first 20 rows, with 需求编号, 供给方编号 and 步骤.
// Amounts are 万元 unless the header or the cell names another unit of money; a number in another unit, a
// negative one, a date that is none, an unknown step, reason or mode are problems of their cells. Columns
// with personal contact data are not read. A file that cannot be read is a problem of the report.
LedgerFile ReadLedgerFile(const std::filesystem::path& file);

// An empty spreadsheet to fill in, with explanations. Internal if it cannot be written.
absl::Status WriteLedgerTemplate(const std::filesystem::path& file);

}  // namespace dongxi::cli
