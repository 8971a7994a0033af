#include "indexer/import/csv_reader.h"

#include <algorithm>

namespace dongxi {
namespace {

constexpr size_t kShownBytes = 120;  // of a cell that is too long

class CsvParser {
 public:
  CsvParser(std::string_view text, char delimiter, const GridSink& sink)
      : text_(text), delimiter_(delimiter), sink_(sink) {}

  absl::Status Run() {
    while (at_ < text_.size()) {
      ReadRow();
      if (row_.cells.empty() && row_.complaints.empty()) continue;
      const absl::StatusOr<bool> more = sink_(row_);
      if (!more.ok()) return more.status();
      if (!*more) return absl::OkStatus();
    }
    return absl::OkStatus();
  }

 private:
  void ReadRow() {
    row_ = GridRow{.number = row_.number + 1, .hidden = false, .cells = {}, .complaints = {}};
    column_ = 0;
    row_bytes_ = 0;
    for (bool in_row = true; in_row;) {
      ReadCell();
      in_row = at_ < text_.size() && text_[at_] == delimiter_;
      if (in_row) {
        ++at_;
        ++column_;
      }
    }
    SkipLineEnd();
    if (column_ >= kColumnsMax) {
      row_.cells.clear();
      row_.complaints.push_back(
          {std::to_string(column_ + 1) + " 列", "最多 16384 列", "检查分隔符，或删去多余的列"});
    }
    if (row_bytes_ > kRowBytesMax) {
      row_.cells.clear();
      row_.complaints.push_back({"超过 16 MB 的一行", "一行最多 16 MB", "缩短内容；检查引号是否配对"});
    }
  }

  void SkipLineEnd() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
  }

  void ReadCell() {
    cell_.clear();
    cell_bytes_ = 0;
    if (at_ < text_.size() && text_[at_] == '"') ReadQuoted();
    // What follows a closing quote is taken literally, as spreadsheet programs do.
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    Append(text_.substr(begin, at_ - begin));
    if (cell_bytes_ == 0 || column_ >= kColumnsMax) return;
    GridCell cell{.column = column_, .text = {}, .is_date = false, .complaint = {}};
    if (cell_bytes_ > kCellBytesMax) {
      cell.complaint = Complaint{std::to_string(cell_bytes_) + " 字节的单元格", "最多 1 MB 的单元格",
                                 "缩短内容；检查引号是否配对"};
      cell_.resize(kShownBytes);
    }
    row_bytes_ += cell_.size();
    if (row_bytes_ > kRowBytesMax) return;  // ReadRow complains
    cell.text = cell_;
    row_.cells.push_back(std::move(cell));
  }

  void ReadQuoted() {
    ++at_;
    for (;;) {
      const size_t quote = std::min(text_.find('"', at_), text_.size());
      Append(text_.substr(at_, quote - at_));
      at_ = std::min(quote + 1, text_.size());
      if (quote == text_.size()) {
        row_.complaints.push_back(
            {"单元格开头的引号到文件末尾也没有配对", "成对的双引号", "补上引号；单元格里的引号要写两遍"});
        return;
      }
      if (at_ >= text_.size() || text_[at_] != '"') return;
      Append("\"");
      ++at_;
    }
  }

  // Keeps no more than the limit: a cell of 10 MB costs 1 MB.
  void Append(std::string_view part) {
    cell_bytes_ += part.size();
    cell_ += part.substr(0, kCellBytesMax - std::min(kCellBytesMax, cell_.size()));
  }

  const std::string_view text_;
  const char delimiter_;
  const GridSink& sink_;
  size_t at_ = 0;
  size_t column_ = 0;
  GridRow row_;
  std::string cell_;
  size_t cell_bytes_ = 0;
  size_t row_bytes_ = 0;
};

}  // namespace

absl::Status ReadCsv(std::string_view utf8, char delimiter, const GridSink& sink) {
  return CsvParser(utf8, delimiter, sink).Run();
}

}  // namespace dongxi
