#include "cli/ledger_file.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "cli/arguments.h"
#include "cli/engagement_words.h"
#include "cli/need_file.h"
#include "engine/base/files.h"
#include "engine/record/field_schema.h"
#include "engine/text/normalize.h"
#include "indexer/import/csv_reader.h"
#include "indexer/import/text_encoding.h"
#include "indexer/import/xlsx_reader.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

constexpr size_t kFileBytesMax = size_t{256} << 20;
constexpr size_t kHeaderRows = 20;
constexpr size_t kItemsMax = 200'000;

struct Column {
  std::optional<LedgerColumn> meaning;
  std::string name;  // as in the file
  std::string unit;
};

// One row: the cells of known columns, then the entry that they make.
class RowReader {
 public:
  // `columns` are those of its sheet.
  RowReader(SourcePlace place, const std::vector<Column>& columns, LedgerFile* file)
      : place_(std::move(place)), columns_(columns), file_(file) {}

  void Take(const Column& column, const GridCell& cell) {
    if (!column.meaning) return;
    if (cell.complaint) {
      Complain(column.name, *cell.complaint);
    } else if (!cell.text.empty()) {
      cells_[*column.meaning] = {cell.text, column.name, column.unit};
    }
  }
  bool empty() const { return cells_.empty() && !wrong_; }

  void Finish() {
    ++file_->report.rows_read;
    ++file_->report.files.back().rows_read;
    LedgerItem item;
    item.place = place_;
    ReadEntryName(&item);
    ReadNames(&item.engagement);
    ReadStep(&item);
    if (!item.withdraw) ReadValues(!item.corrects.empty(), &item.engagement);
    if (!item.corrects.empty()) item.columns = SheetColumns();
    if (!item.withdraw && !item.why.empty()) {
      item.fields = FieldsSaid(
          item.engagement.step(), [this](LedgerColumn one) { return SheetHas(one); },
          Has(LedgerColumn::kTask));
    }
    if (!wrong_) {
      const bool repeats = !item.corrects.empty() && item.why.empty();
      (repeats ? file_->known : file_->items).push_back(std::move(item));
      return;
    }
    ++file_->report.rejected;
    ++file_->report.files.back().rejected;
  }

 private:
  struct Cell {
    std::string text, column, unit;
  };

  bool Has(LedgerColumn column) const { return cells_.contains(column); }
  bool SheetHas(LedgerColumn column) const {
    return std::any_of(columns_.begin(), columns_.end(),
                       [column](const Column& one) { return one.meaning == column; });
  }
  std::vector<LedgerColumn> SheetColumns() const {
    std::vector<LedgerColumn> columns;
    for (const Column& one : columns_) {
      if (one.meaning) columns.push_back(*one.meaning);
    }
    return columns;
  }
  std::string Text(LedgerColumn column) const {
    const auto found = cells_.find(column);
    return found == cells_.end() ? "" : found->second.text;
  }
  std::string Header(LedgerColumn column) const {
    const auto found = cells_.find(column);
    if (found != cells_.end()) return found->second.column;
    for (const LedgerColumnSpec& spec : LedgerColumns()) {
      if (spec.column == column) return std::string(spec.header);
    }
    return "";
  }
  void Complain(const std::string& column, const Complaint& complaint) {
    file_->report.Add(place_, column, complaint);
    wrong_ = true;
  }
  void Complain(LedgerColumn column, std::string expected, std::string remedy) {
    const std::string text = Text(column);
    Complain(Header(column),
             {text.empty() ? "空的" : CutCharacters(text, 80), std::move(expected), std::move(remedy)});
  }

  void ReadEntryName(LedgerItem* item) {
    item->corrects = Text(LedgerColumn::kEntry);
    item->why = Text(LedgerColumn::kWhy);
    if (item->why.empty() || item->corrects.starts_with("engagements/")) return;
    Complain(LedgerColumn::kEntry, "要更正的那一条的编号，如 engagements/e-…",
             "用 dongxi engage list --csv 查到编号；不是更正就不写“更正理由”");
  }

  void ReadNames(v1::Engagement* entry) {
    const absl::StatusOr<std::string> need = NeedName("", Text(LedgerColumn::kNeed));
    if (need.ok()) {
      entry->set_need(*need);
    } else {
      Complain(LedgerColumn::kNeed, "目录里需求的编号，如 n-c-001", "补上或改正编号");
    }
    const absl::StatusOr<std::string> offer = OfferName(Text(LedgerColumn::kOffer));
    if (offer.ok()) {
      entry->set_offer(*offer);
    } else {
      Complain(LedgerColumn::kOffer, "institutions/编号、experts/编号 或 results/编号", "补上或改正编号");
    }
  }

  void ReadStep(LedgerItem* item) {
    std::string word = Text(LedgerColumn::kStep);
    if (word == "撤回" && !item->corrects.empty() && !item->why.empty()) {
      item->withdraw = true;
      return;
    }
    // As `engage list --csv` writes entries of other kinds; those of the last two are only repeated.
    constexpr std::string_view kCorrected = "更正：", kWithdrawn = "撤回：", kCleared = "解除拒绝";
    const bool repeats = !item->corrects.empty() && item->why.empty();
    if (word.starts_with(kCorrected)) word.erase(0, kCorrected.size());
    if (repeats && word.starts_with(kWithdrawn)) {
      word.erase(0, kWithdrawn.size());
      item->engagement.set_kind(v1::Engagement::KIND_WITHDRAWAL);
    }
    if (repeats && word == kCleared) {
      word = "拒绝";
      item->engagement.set_kind(v1::Engagement::KIND_CLEARANCE);
    }
    if (const auto step = StepOfWord(word)) {
      item->engagement.set_step(*step);
    } else {
      Complain(LedgerColumn::kStep, "推荐、查看、意向、会谈、签约、技术合同登记、到账、验收 或 拒绝",
               "改成其中之一；撤回要写“编号”和“更正理由”");
    }
  }

  void ReadValues(bool corrects, v1::Engagement* entry) {
    if (!corrects || SheetHas(LedgerColumn::kDate)) ReadDate(entry);
    ReadAmount(entry);
    ReadCodes(entry);
    entry->set_registration_number(Text(LedgerColumn::kNumber));
    entry->set_match_id(Text(LedgerColumn::kMatch));
    entry->set_note(Text(LedgerColumn::kNote));
    entry->set_actor(Text(LedgerColumn::kActor));
    for (const std::string& evidence : SplitList(Text(LedgerColumn::kEvidence)))
      entry->add_evidence(evidence);
    entry->set_illustrative(YesNo(LedgerColumn::kIllustrative));
    entry->set_simulated(YesNo(LedgerColumn::kSimulated));
  }

  void ReadDate(v1::Engagement* entry) {
    if (Has(LedgerColumn::kDate) && !NamesDay(Normalize(Text(LedgerColumn::kDate)))) {
      Complain(LedgerColumn::kDate, "实际发生的那一天，如 2025-03-12", "写全年、月、日：只有年月的不登记");
      return;
    }
    Record scratch;
    const bool read = Has(LedgerColumn::kDate) && Set(LedgerColumn::kDate, "deadline", &scratch);
    absl::CivilDay day;
    if (read && absl::ParseCivilTime(scratch.deadline, &day)) {
      entry->mutable_event_time()->set_seconds(
          absl::ToUnixSeconds(absl::FromCivil(day, absl::FixedTimeZone(8 * 3600))));
    } else if (!wrong_ || !Has(LedgerColumn::kDate)) {
      Complain(LedgerColumn::kDate, "实际发生的日期，如 2025-03-12", "补上日期：没有日期就认不出重复导入");
    }
  }

  void ReadAmount(v1::Engagement* entry) {
    const auto found = cells_.find(LedgerColumn::kAmount);
    if (found == cells_.end()) return;
    const std::string amount = LedgerAmountOf(found->second.text, found->second.unit);
    if (amount.starts_with("-") || amount.starts_with("−") || amount.starts_with("(")) {
      Complain(LedgerColumn::kAmount, "不小于 0 的金额", "退款或冲减不写负数：更正原来那一条的金额");
      return;
    }
    found->second.text = amount;
    Record scratch;
    if (Set(LedgerColumn::kAmount, "budget_wan", &scratch) && scratch.budget_wan)
      entry->set_amount_wan(*scratch.budget_wan);
  }

  void ReadCodes(v1::Engagement* entry) {
    if (const std::string reason = Text(LedgerColumn::kReason); !reason.empty()) {
      if (const auto code = RefusalReasonOfWord(reason)) {
        entry->set_refusal_reason(*code);
      } else {
        Complain(LedgerColumn::kReason, RefusalReasonWords(), "改成其中之一，细节写在备注");
      }
    }
    if (const std::string mode = Text(LedgerColumn::kMode); !mode.empty()) {
      entry->set_mode(report::ModeCodeOf(mode));
      if (entry->mode().empty())
        Complain(LedgerColumn::kMode, "合作方式，如 转让、许可、联合攻关", "改成方案里的合作方式，或不写");
    }
    entry->set_task(Text(LedgerColumn::kTask));
  }

  bool YesNo(LedgerColumn column) {
    Record scratch;
    return Has(column) && Set(column, "illustrative", &scratch) && scratch.illustrative;
  }

  // Reads the cell as that field of a need is read; false with a complaint if it is no such value.
  bool Set(LedgerColumn column, std::string_view field, Record* scratch) {
    scratch->kind = RecordKind::kNeed;
    const FieldSpec* const spec = FindField(RecordKind::kNeed, field);
    const std::vector<FieldProblem> problems = SetField(*scratch, *spec, {Text(column)}, BuiltInWords());
    for (const FieldProblem& problem : problems) {
      // What is said of the budget of a need is no help for the amount of a contract.
      const bool amount = column == LedgerColumn::kAmount;
      Complain(Header(column),
               {problem.found, amount ? "人民币金额：一个数，可带单位 元、万元 或 亿元" : problem.expected,
                amount ? "只写一个阿拉伯数字的数；外币先折成人民币，范围写实际发生的数" : problem.remedy});
    }
    return problems.empty();
  }

  const SourcePlace place_;
  const std::vector<Column>& columns_;
  LedgerFile* const file_;
  std::map<LedgerColumn, Cell> cells_;
  bool wrong_ = false;
};

// The rows of one table: the header among the first rows, then entries.
class TableReader {
 public:
  TableReader(std::string file, std::string sheet, LedgerFile* out)
      : file_(std::move(file)), sheet_(std::move(sheet)), out_(out) {}

  absl::StatusOr<bool> Row(GridRow& row) {
    const SourcePlace place{file_, sheet_, row.number};
    if (columns_.empty()) {
      Header(row);
      return columns_.empty() ? row.number < kHeaderRows : true;
    }
    if (is_ambiguous_) return false;
    if (out_->items.size() + out_->known.size() >= kItemsMax) {
      out_->report.Add(place, "", {"行数太多", absl::StrCat("至多 ", kItemsMax, " 行"), "分成几个文件导入"});
      return false;
    }
    for (const Complaint& complaint : row.complaints) out_->report.Add(place, "", complaint);
    RowReader reader(place, columns_, out_);
    for (const GridCell& cell : row.cells) {
      if (cell.column < columns_.size()) reader.Take(columns_[cell.column], cell);
    }
    if (!reader.empty()) reader.Finish();
    return true;
  }
  bool has_header() const { return !columns_.empty(); }

 private:
  void Header(const GridRow& row) {
    std::vector<Column> columns;
    std::vector<LedgerColumn> known;
    for (const GridCell& cell : row.cells) {
      if (cell.text.empty()) continue;
      columns.resize(cell.column + 1);
      const std::string header = LedgerHeaderOf(cell.text);
      // 需求 alone names the need's title where there is a column for its number.
      columns[cell.column] = {LedgerColumnOf(header), cell.text, UnitOfHeader(header)};
      if (columns[cell.column].meaning) known.push_back(*columns[cell.column].meaning);
    }
    for (const LedgerColumn wanted : {LedgerColumn::kNeed, LedgerColumn::kOffer, LedgerColumn::kStep}) {
      if (std::find(known.begin(), known.end(), wanted) == known.end()) return;
    }
    DropTitles(&columns);
    NameUnread(columns);
    NameDoubles(columns, row.number);
    columns_ = std::move(columns);
  }

  // Of two columns of one meaning nobody knows which one counts.
  void NameDoubles(const std::vector<Column>& columns, uint64_t row) {
    std::map<LedgerColumn, size_t> first;
    const auto name = [&](size_t at) {
      return ColumnLetters(at) + " 列“" + CutCharacters(columns[at].name, 30) + "”";
    };
    for (size_t i = 0; i < columns.size(); ++i) {
      if (!columns[i].meaning) continue;
      const auto [known, added] = first.try_emplace(*columns[i].meaning, i);
      if (added) continue;
      is_ambiguous_ = true;
      out_->report.Add({file_, sheet_, row}, columns[i].name,
                       {name(known->second) + "和 " + name(i) + "是同一个意思", "一个意思只有一列",
                        "删去其中一列，或把它的表头改成别的名称，再导入一次；这张表的各行都没有读入"});
    }
  }

  static void DropTitles(std::vector<Column>* columns) {
    const bool numbered = std::any_of(columns->begin(), columns->end(), [](const Column& column) {
      return column.meaning == LedgerColumn::kNeed && LedgerHeaderOf(column.name) != "需求";
    });
    for (Column& column : *columns) {
      if (numbered && LedgerHeaderOf(column.name) == "需求") column.meaning.reset();
    }
  }

  void NameUnread(const std::vector<Column>& columns) {
    std::string contact, unknown;
    for (const Column& column : columns) {
      if (column.name.empty() || column.meaning) continue;
      const std::string header = LedgerHeaderOf(column.name);
      if (IsDerivedHeader(header)) continue;
      std::string& list = IsContactHeader(column.name) ? contact : unknown;
      list += (list.empty() ? "" : "、") + CutCharacters(column.name, 30);
    }
    const std::string where = file_ + (sheet_.empty() ? "" : "［" + sheet_ + "］");
    if (!contact.empty()) out_->report.notices.push_back(where + "：个人联系方式不读入：" + contact);
    if (!unknown.empty()) out_->report.notices.push_back(where + "：没有这样的列，未读入：" + unknown);
  }

  const std::string file_, sheet_;
  LedgerFile* const out_;
  std::vector<Column> columns_;
  bool is_ambiguous_ = false;
};

Complaint NoHeader() {
  return {"前 20 行里没有表头", "一行表头，有需求编号、供给方编号、步骤、日期",
          "用 dongxi engage template 生成模板，把数据填进去"};
}

void ReadCsvLedger(const std::string& name, std::string_view bytes, LedgerFile* out) {
  const absl::StatusOr<DecodedText> decoded = DecodeText(bytes);
  if (!decoded.ok()) {
    out->report.Add({name, "", 0}, "", ToComplaint(decoded.status()));
    return;
  }
  out->report.files.back().format = "CSV " + std::string(NameOf(decoded->encoding()));
  // The delimiter under which there is a header.
  for (const char delimiter : {',', '\t', ';'}) {
    LedgerFile tried;
    tried.report.files = out->report.files;
    TableReader reader(name, "", &tried);
    const absl::Status status =
        ReadCsv(decoded->text(), delimiter, [&](GridRow& row) { return reader.Row(row); });
    if (!status.ok()) out->report.Add({name, "", 0}, "", ToComplaint(status));
    if (!reader.has_header()) continue;
    *out = std::move(tried);
    return;
  }
  out->report.Add({name, "", 0}, "", NoHeader());
}

absl::Status ReadXlsxLedger(const std::string& name, std::string_view bytes, LedgerFile* out) {
  out->report.files.back().format = "XLSX";
  if (IsOle2(bytes)) return Ole2Error(bytes);
  const auto book = XlsxWorkbook::Open(bytes);
  if (!book.ok()) return book.status();
  bool any = false;
  for (const XlsxSheet& sheet : (*book)->sheets()) {
    if (sheet.name == kLedgerInstructions) continue;
    if (sheet.hidden) {
      out->report.notices.push_back(name + "［" + sheet.name +
                                    "］：这是隐藏的工作表，没有读入；要导入就先取消隐藏");
      continue;
    }
    const absl::StatusOr<SheetScan> scan = (*book)->Scan(sheet);
    if (!scan.ok()) return scan.status();
    TableReader reader(name, sheet.name, out);
    const absl::Status status =
        (*book)->Read(sheet, scan->merges, 1, [&](GridRow& row) { return reader.Row(row); });
    if (!status.ok()) return status;
    any = any || reader.has_header();
    if (scan->has_rows && !reader.has_header())
      out->report.notices.push_back(name + "［" + sheet.name + "］：没有台账的表头，未读入");
  }
  return any ? absl::OkStatus() : ToStatus(NoHeader());
}

}  // namespace

LedgerFile ReadLedgerFile(const std::filesystem::path& file) {
  LedgerFile out;
  const std::string name = file.filename().string();
  out.report.files.push_back({name, "", 0, 0, 0});
  const absl::StatusOr<std::string> bytes = ReadFile(file, kFileBytesMax);
  if (!bytes.ok()) {
    out.report.Add({name, "", 0}, "", ToComplaint(bytes.status()));
    return out;
  }
  const bool is_package = bytes->starts_with("PK") || IsOle2(*bytes);
  if (!is_package) {
    ReadCsvLedger(name, *bytes, &out);
  } else if (const absl::Status status = ReadXlsxLedger(name, *bytes, &out); !status.ok()) {
    out.report.Add({name, "", 0}, "", ToComplaint(status));
  }
  return out;
}

}  // namespace dongxi::cli
