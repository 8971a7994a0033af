#include "engine/engagement/cool_down.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <set>

#include "engine/base/status_macros.h"
#include "engine/engagement/built_in_cool_downs.h"
#include "engine/policy/table_text.h"

namespace dongxi {
namespace {

constexpr char kFile[] = "cool_down.tsv";
constexpr std::string_view kMet = "met";

absl::Status ReadNumber(const TableRow& row, std::string_view column, std::string_view cell, int most,
                        int* value) {
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), *value);
  const bool good = error == std::errc() && end == cell.data() + cell.size() && *value >= 0 && *value <= most;
  if (good) return absl::OkStatus();
  return TableError({kFile, row.line}, column, cell, "a whole number from 0 to " + std::to_string(most));
}

absl::StatusOr<CoolDown> ReadRow(const TableRow& row) {
  CoolDown cool_down;
  DX_RETURN_IF_ERROR(ReadNumber(row, "months", row.cells[1], kCoolDownMonthsMax, &cool_down.months));
  DX_RETURN_IF_ERROR(ReadNumber(row, "days", row.cells[2], kCoolDownDaysMax, &cool_down.days));
  DX_RETURN_IF_ERROR(ReadNumber(row, "grace_days", row.cells[3], kCoolDownDaysMax, &cool_down.grace_days));
  cool_down.text = std::string(row.cells[4]);
  return cool_down;
}

}  // namespace

absl::CivilDay CoolDown::EndFrom(absl::CivilDay day) const {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  return std::min(absl::CivilDay(month) + (day.day() - 1), last) + days;
}

absl::StatusOr<CoolDownTable> ParseCoolDowns(std::string_view content) {
  DX_ASSIGN_OR_RETURN(const std::vector<TableRow> rows,
                      ParseTable(kFile, content, {"reason", "months", "days", "grace_days", "text"}));
  CoolDownTable table;
  std::set<std::string_view> seen;
  for (const TableRow& row : rows) {
    const std::string_view word = row.cells[0];
    const std::optional<RefusalReason> reason = RefusalReasonOf(word);
    const bool known = word == kMet || (reason.has_value() && CodeOf(*reason) == word);
    if (!known || !seen.insert(word).second) {
      return TableError({kFile, row.line}, "reason", word,
                        "the code of a reason of refusal, or met; each once");
    }
    DX_ASSIGN_OR_RETURN((word == kMet ? table.met : table.reasons[static_cast<size_t>(*reason)]),
                        ReadRow(row));
  }
  for (int number = 1; number <= kRefusalReasons; ++number) {
    const std::string_view code = CodeOf(static_cast<RefusalReason>(number));
    if (!seen.contains(code))
      return absl::InvalidArgumentError(std::string(kFile) + ": no row for " + std::string(code));
  }
  if (!seen.contains(kMet)) return absl::InvalidArgumentError(std::string(kFile) + ": no row for met");
  return table;
}

const CoolDownTable& BuiltInCoolDowns() {
  static const CoolDownTable& table = *[] {
    absl::StatusOr<CoolDownTable> read = ParseCoolDowns(BuiltInCoolDownText());
    // The file was compiled in and a test reads it: a program without it must not answer.
    if (!read.ok()) std::abort();
    return new CoolDownTable(*std::move(read));
  }();
  return table;
}

}  // namespace dongxi
