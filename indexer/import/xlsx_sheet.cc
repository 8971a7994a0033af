#include "indexer/import/xlsx_sheet.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "engine/text/normalize.h"
#include "indexer/import/xlsx_values.h"

namespace dongxi {
namespace {

constexpr size_t kKeptBytesMax = (kXlsxCellCharactersMax + 1) * 4;  // a character has at most 4 bytes

std::optional<uint64_t> ParseUnsigned(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

absl::Status BadSheet(std::string found, std::string expected) {
  return ToStatus({std::move(found), std::move(expected), "用 Excel 或 WPS 打开，另存为 .xlsx 后重新导入"});
}

void AppendWithin(std::string_view text, std::string& kept) {
  kept += text.substr(0, kKeptBytesMax - std::min(kKeptBytesMax, kept.size()));
}

}  // namespace

void RichText::Start(std::string_view name) {
  if (name == "rPh") ++phonetic_;
  in_run_ = name == "t" && phonetic_ == 0;
}

void RichText::End(std::string_view name) {
  if (name == "rPh") --phonetic_;
  if (name == "t") in_run_ = false;
}

void RichText::Text(std::string_view text) {
  if (in_run_) AppendWithin(text, text_);
}

std::string RichText::Take() {
  std::string text = Unescape(std::move(text_));
  *this = RichText();
  return text;
}

absl::Status SheetHandler::Start(std::string_view name, const XmlAttributes& attributes) {
  if (in_cell_) {
    in_value_ = name == "v";
    has_formula_ |= name == "f";
    inline_text_.Start(name);
    return absl::OkStatus();
  }
  if (name == "c" && in_row_) return StartCell(attributes);
  if (name == "row") return StartRow(attributes);
  if (name == "mergeCell") return AddMerge(attributes);
  return absl::OkStatus();
}

absl::Status SheetHandler::End(std::string_view name) {
  if (in_cell_ && name == "c") {
    EndCell();
  } else if (in_cell_) {
    in_value_ = false;
    inline_text_.End(name);
  } else if (name == "row") {
    return EndRow();
  }
  return absl::OkStatus();
}

void SheetHandler::Text(std::string_view text) {
  if (!in_cell_) return;
  if (in_value_) AppendWithin(text, value_);
  inline_text_.Text(text);
}

absl::Status SheetHandler::StartRow(const XmlAttributes& attributes) {
  const std::string_view reference = attributes.Get("r");
  const std::optional<uint64_t> number = reference.empty() ? row_.number + 1 : ParseUnsigned(reference);
  if (!number || *number <= row_.number)
    return BadSheet("行号 " + std::string(reference.substr(0, 20)), "递增的行号");
  if (*number > kXlsxRowsMax || ++rows_ > kXlsxRowsMax)
    return BadSheet("超过 1,048,576 行", "最多 1,048,576 行");
  row_ = GridRow{.number = *number,
                 .hidden = attributes.Get("hidden") == "1" || attributes.Get("hidden") == "true",
                 .cells = {},
                 .complaints = {}};
  in_row_ = true;
  next_column_ = 0;
  row_bytes_ = 0;
  return absl::OkStatus();
}

absl::Status SheetHandler::StartCell(const XmlAttributes& attributes) {
  const std::string_view reference = attributes.Get("r");
  column_ = next_column_;
  if (!reference.empty()) {
    const std::optional<CellReference> place = ParseReference(reference);
    if (!place || place->column < next_column_) {
      return BadSheet("单元格位置 " + std::string(reference.substr(0, 20)), "递增的单元格位置");
    }
    column_ = place->column;
  }
  if (column_ >= kColumnsMax) return BadSheet("超过 16,384 列", "最多 16,384 列");
  next_column_ = column_ + 1;
  in_cell_ = true;
  in_value_ = false;
  has_formula_ = false;
  type_ = std::string(attributes.Get("t"));
  style_ = ParseUnsigned(attributes.Get("s")).value_or(0);
  value_.clear();
  return absl::OkStatus();
}

absl::Status SheetHandler::AddMerge(const XmlAttributes& attributes) {
  const std::string_view range = attributes.Get("ref");
  const size_t colon = range.find(':');
  if (colon == std::string_view::npos) return absl::OkStatus();  // one cell merges nothing
  const std::optional<CellReference> first = ParseReference(range.substr(0, colon));
  const std::optional<CellReference> last = ParseReference(range.substr(colon + 1));
  if (!first || !last) return BadSheet("合并单元格 " + std::string(range.substr(0, 20)), "如 A1:A3 的范围");
  if (merges_.size() >= kXlsxMergesMax) return BadSheet("合并单元格太多", "最多 200,000 处");
  merges_.push_back({first->row, last->row, first->column, last->column});
  return absl::OkStatus();
}

absl::Status SheetHandler::EndRow() {
  if (!std::exchange(in_row_, false)) return absl::OkStatus();
  if (row_.cells.empty() && row_.complaints.empty()) return absl::OkStatus();
  const absl::StatusOr<bool> more = sink_(row_);
  if (!more.ok()) return more.status();
  if (*more) return absl::OkStatus();
  done_ = true;
  return absl::CancelledError("enough rows");
}

void SheetHandler::EndCell() {
  in_cell_ = false;
  GridCell cell{.column = column_, .text = {}, .is_date = false, .complaint = {}};
  Interpret(cell);
  if (cell.text.size() > kXlsxCellCharactersMax && CountCharacters(cell.text) > kXlsxCellCharactersMax) {
    cell.text = CutCharacters(cell.text, 60);
    cell.complaint = Complaint{"超过 32,767 字的单元格：" + cell.text, "最多 32,767 字", "缩短内容"};
  }
  row_bytes_ += cell.text.size();  // one long shared string can fill thousands of cells
  if (row_bytes_ > kRowBytesMax) {
    row_.cells.clear();
    row_.complaints = {{"超过 16 MB 的一行", "一行最多 16 MB", "缩短内容"}};
  } else if (!cell.text.empty() || cell.complaint) {
    row_.cells.push_back(std::move(cell));
  }
}

void SheetHandler::Interpret(GridCell& cell) {
  std::string inline_text = inline_text_.Take();
  if (type_ == "inlineStr") {
    cell.text = std::move(inline_text);
  } else if (value_.empty()) {
    if (has_formula_ && type_ != "str") {
      cell.complaint =
          Complaint{"公式没有计算结果", "公式的计算结果", "用 Excel 或 WPS 打开并保存一次，或粘贴为数值"};
    }
  } else if (type_ == "s") {
    const std::optional<uint64_t> index = ParseUnsigned(value_);
    if (index && *index < tables_.strings.size()) {
      cell.text = tables_.strings[*index];
    } else {
      cell.complaint =
          Complaint{"共享字符串 " + value_.substr(0, 20) + " 不存在", "文字", "用 Excel 或 WPS 另存一次"};
    }
  } else if (type_ == "e") {
    cell.complaint = Complaint{value_, "文字、数字或日期", "改正公式，或清空这一格"};
  } else if (type_ == "b") {
    cell.text = value_ == "1" ? "true" : "false";
  } else if (type_ == "str") {
    cell.text = Unescape(std::move(value_));
  } else if (type_ == "d") {
    cell.text = std::move(value_);
    cell.is_date = true;
  } else {
    InterpretNumber(cell);
  }
}

void SheetHandler::InterpretNumber(GridCell& cell) {
  std::optional<NumberText> number = NumberOf(value_);
  if (!number) {
    cell.complaint = Complaint{value_.substr(0, 40), "数字", "改正这一格"};
    return;
  }
  double value = 0;
  std::from_chars(value_.data(), value_.data() + value_.size(), value);
  cell.text = std::move(number->text);
  if (style_ < tables_.is_date_style.size() && tables_.is_date_style[style_]) {
    std::optional<std::string> date = DateOfSerial(value, tables_.is_1904);
    if (date) {
      cell.text = *std::move(date);
      cell.is_date = true;
    } else {
      cell.complaint = Complaint{cell.text + "（日期格式）", "存在的日期", "改写为 2027-06-30 这样的日期"};
    }
  } else if (number->imprecise) {
    cell.complaint = Complaint{cell.text + "（超过 15 位，表格软件已经丢失末尾几位）",
                               "不超过 15 位的数字，或文本", "将该列设为文本，重新填写"};
  }
}

}  // namespace dongxi
