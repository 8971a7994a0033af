// The columns of a spreadsheet of what happened between needs and offers (台账): their headers, what their
// cells may say, the empty sheet. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "dongxi/v1/engagement.pb.h"

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

// A header in normal form, without spaces and the mark of a required column.
std::string LedgerHeaderOf(std::string_view cell);
// What a column of that header, in normal form, means; none if it is not read.
std::optional<LedgerColumn> LedgerColumnOf(const std::string& header);
// Of columns of `engage list --csv` that say what the catalogue knows already.
bool IsDerivedHeader(const std::string& header);
// The unit that a number without its own gets from its header: 元, 亿元, or empty for 万元.
std::string UnitOfHeader(const std::string& header);

// The text of an amount in normal form, without what says only that it is 人民币 or parts its digits; a
// number alone gets `unit`.
std::string LedgerAmountOf(std::string_view text, const std::string& unit);
// Whether a date in normal form names its day: of a month alone a need's deadline is read, but no event.
bool NamesDay(std::string_view date);

// The fields of dongxi.v1.Engagement that a row of that step says in a sheet with the columns `sheet_has`:
// those of the columns, and those that such a step cannot have. Empty: all that there are, a task among them;
// all are named where the row has none (`has_task` is false), as the ledger else keeps the one it had.
std::vector<std::string> FieldsSaid(v1::EngagementStep step,
                                    const std::function<bool(LedgerColumn)>& sheet_has, bool has_task);

// Name of the sheet that explains the columns; it has no entries.
inline constexpr std::string_view kLedgerInstructions = "填写说明";
// An empty spreadsheet to fill in, with explanations. Internal if it cannot be written.
absl::Status WriteLedgerTemplate(const std::filesystem::path& file);

}  // namespace dongxi::cli
