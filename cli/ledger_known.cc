#include "cli/ledger_known.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "cli/engagement_words.h"
#include "cli/table.h"
#include "engine/base/status_macros.h"
#include "engine/record/field_schema.h"
#include "engine/text/normalize.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

constexpr size_t kShownCharacters = 80;

// By name; none for what the ledger does not have.
using Entries = std::map<std::string, std::optional<v1::Engagement>, std::less<>>;

std::string StepText(const v1::Engagement& entry) {
  constexpr std::string_view kCorrected = "更正：";  // how an entry came is no content of a row
  std::string step = ChineseStep(entry);
  if (step.starts_with(kCorrected)) step.erase(0, kCorrected.size());
  return step;
}

// With the digits of an export: the ledger may have more.
std::string AmountText(const v1::Engagement& entry) {
  return entry.has_amount_wan() ? absl::StrFormat("%.10g", entry.amount_wan()) : "";
}

// As the cell of an export is read again: an entry's own separators part it, too.
std::string EvidenceText(const v1::Engagement& entry) {
  std::string text;
  for (const std::string& evidence : entry.evidence()) {
    for (const std::string& item : SplitList(evidence)) text += (text.empty() ? "" : "；") + item;
  }
  return text;
}

struct ComparedColumn {
  LedgerColumn column;
  std::string (*text)(const v1::Engagement&);
};
constexpr ComparedColumn kCompared[] = {
    {LedgerColumn::kNeed, [](const v1::Engagement& entry) { return entry.need(); }},
    {LedgerColumn::kOffer, [](const v1::Engagement& entry) { return entry.offer(); }},
    {LedgerColumn::kStep, StepText},
    {LedgerColumn::kDate, DayOf},
    {LedgerColumn::kAmount, AmountText},
    {LedgerColumn::kNumber, [](const v1::Engagement& entry) { return entry.registration_number(); }},
    {LedgerColumn::kReason,
     [](const v1::Engagement& entry) { return ChineseReason(entry.refusal_reason()); }},
    {LedgerColumn::kMatch, [](const v1::Engagement& entry) { return entry.match_id(); }},
    {LedgerColumn::kEvidence, EvidenceText},
    {LedgerColumn::kNote, [](const v1::Engagement& entry) { return entry.note(); }},
    {LedgerColumn::kActor, [](const v1::Engagement& entry) { return entry.actor(); }},
    {LedgerColumn::kMode, [](const v1::Engagement& entry) { return report::ModeName(entry.mode()); }},
    {LedgerColumn::kTask, [](const v1::Engagement& entry) { return entry.task(); }},
    {LedgerColumn::kIllustrative,
     [](const v1::Engagement& entry) { return std::string(entry.illustrative() ? "是" : ""); }},
    {LedgerColumn::kSimulated,
     [](const v1::Engagement& entry) { return std::string(entry.simulated() ? "是" : ""); }},
};

// Without what a spreadsheet adds to a text or loses of it: the ' before what it would take for a formula (as
// CsvRow writes it), space around it, carriage returns.
std::string Plain(std::string_view text) {
  const bool guarded = text.size() > 1 && text[0] == '\'' &&
                       std::string_view("=+-@\t\r").find(text[1]) != std::string_view::npos;
  std::string plain(guarded ? text.substr(1) : text);
  std::erase(plain, '\r');
  return std::string(absl::StripAsciiWhitespace(plain));
}

std::string Shown(const std::string& text) {
  return text.empty() ? "空的" : CutCharacters(Printable(text), kShownCharacters);
}

std::string HeaderOf(LedgerColumn column) {
  for (const LedgerColumnSpec& spec : LedgerColumns()) {
    if (spec.column == column) return std::string(spec.header);
  }
  return "";
}

bool SheetHas(const LedgerItem& item, LedgerColumn column) {
  return std::find(item.columns.begin(), item.columns.end(), column) != item.columns.end();
}

// The columns of a correction that say that a mark is not, or no longer, there.
std::vector<LedgerColumn> UnmarkedIn(const LedgerItem& item) {
  std::vector<LedgerColumn> columns;
  if (item.withdraw) return columns;
  for (const auto& [column, marked] : {std::pair(LedgerColumn::kIllustrative, item.engagement.illustrative()),
                                       std::pair(LedgerColumn::kSimulated, item.engagement.simulated())}) {
    if (SheetHas(item, column) && !marked) columns.push_back(column);
  }
  return columns;
}

absl::Status ReadEntries(const Client& client, Entries* entries) {
  if (entries->empty()) return absl::OkStatus();
  v1::EngagementFilter filter;
  filter.set_whole_ledger(true);  // a row may name an entry that was corrected since
  return client.ExportEngagements(filter, [entries](const v1::ExportEngagementsResponse& part) {
    for (const v1::Engagement& entry : part.engagements()) {
      const auto wanted = entries->find(entry.name());
      if (wanted != entries->end()) wanted->second = entry;
    }
  });
}

void CountRejected(LedgerFile* file) {
  ++file->report.rejected;
  ++file->report.files.back().rejected;
}

// Whether the row says what the ledger has; if not, it is a problem of the report.
bool Repeats(const LedgerItem& item, const std::optional<v1::Engagement>& entry, ImportReport* report) {
  if (!entry) {
    report->Add(
        item.place, HeaderOf(LedgerColumn::kEntry),
        {Shown(item.corrects) + "：这个台账里没有这一条", "这个台账里已有的编号",
         "新的一步不写“编号”；别的台账导出的行去掉编号再导入；编号有误就用 dongxi engage list --csv 核对"});
    return false;
  }
  bool same = true;
  for (const ComparedColumn& one : kCompared) {
    if (!SheetHas(item, one.column)) continue;
    const std::string row = Plain(one.text(item.engagement)), ledger = Plain(one.text(*entry));
    if (row == ledger) continue;
    same = false;
    report->Add(item.place, HeaderOf(one.column),
                {Shown(row) + "：与台账不同，又没有更正理由", "台账里的内容：" + Shown(ledger),
                 "要更正就写“更正理由”；不更正就照台账改回"});
  }
  return same;
}

// Whether the correction leaves the marks of its entry; if not, it is a problem of the report. Of an entry
// that is not there the server tells.
bool KeepsMarks(const LedgerItem& item, const Entries& entries, ImportReport* report) {
  const auto found = entries.find(item.corrects);
  if (found == entries.end() || !found->second) return true;
  bool kept = true;
  for (const LedgerColumn column : UnmarkedIn(item)) {
    const bool marked =
        column == LedgerColumn::kSimulated ? found->second->simulated() : found->second->illustrative();
    if (!marked) continue;
    kept = false;
    report->Add(item.place, HeaderOf(column),
                {"否，或空着", "是：台账里这一条有这个标记，更正去不掉它",
                 "写“是”；登记错了就撤回这一条，再登记真实发生的一步"});
  }
  return kept;
}

}  // namespace

absl::Status CompareWithLedger(const Client& client, LedgerFile* file) {
  Entries entries;
  for (const LedgerItem& item : file->known) entries.try_emplace(item.corrects);
  for (const LedgerItem& item : file->items) {
    if (!item.corrects.empty() && !UnmarkedIn(item).empty()) entries.try_emplace(item.corrects);
  }
  DX_RETURN_IF_ERROR(ReadEntries(client, &entries));
  for (const LedgerItem& item : file->known) {
    if (Repeats(item, entries.at(item.corrects), &file->report)) {
      ++file->untouched;
    } else {
      CountRejected(file);
    }
  }
  std::erase_if(file->items, [&](const LedgerItem& item) {
    const bool rejected = !item.corrects.empty() && !KeepsMarks(item, entries, &file->report);
    if (rejected) CountRejected(file);
    return rejected;
  });
  return absl::OkStatus();
}

}  // namespace dongxi::cli
