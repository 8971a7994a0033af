#include "indexer/import/jsonl_reader.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr size_t kShownCharacters = 60;

// Takes the events of one line. Never throws and keeps no nested values, so depth costs nothing.
class LineHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit LineHandler(SourceRow& row) : row_(row) {}

  bool null() override { return IsObject(); }
  bool boolean(bool value) override { return Take(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return Take(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return Take(std::to_string(value)); }
  bool number_float(number_float_t value, const string_t& text) override {
    // 600.0 is 600; 1e20 stays as it was written.
    char whole[32];
    if (value >= -1e15 && value <= 1e15 && value == static_cast<double>(static_cast<int64_t>(value))) {
      const auto end = std::to_chars(std::begin(whole), std::end(whole), static_cast<int64_t>(value)).ptr;
      return Take(std::string(whole, end));
    }
    return Take(text);
  }
  bool string(string_t& value) override {
    if (value.size() <= kCellBytesMax) return Take(std::move(value));
    Complain({std::to_string(value.size()) + " 字节的字符串", "最多 1 MB 的字符串", "缩短内容"});
    return Take("");
  }
  bool binary(binary_t& /*value*/) override { return false; }

  bool start_object(size_t /*count*/) override {
    if (++depth_ > 1)
      Complain({"嵌套的对象", "字符串、数字、true/false 或它们的数组", "把这一键改为字符串或字符串数组"});
    seen_object_ = true;
    return true;
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool start_array(size_t /*count*/) override {
    if (++depth_ == 1) return NotAnObject();
    if (depth_ > 2) Complain({"嵌套的数组", "字符串或数字的数组", "把这一键改为字符串数组"});
    if (depth_ == 2 && !ignored_) row_.values.back().is_array = true;
    return true;
  }
  bool end_array() override {
    --depth_;
    return true;
  }

  bool key(string_t& name) override {
    if (depth_ != 1) return true;
    ignored_ = name.starts_with('_');
    if (ignored_) return true;
    if (keys_.size() >= kColumnsMax) {
      row_.complaints.push_back({"键太多", "最多 16384 个键", "删去多余的键"});
      return false;
    }
    const auto [known, is_new] = keys_.insert(std::move(name));
    if (!is_new) {
      row_.complaints.push_back({"键 " + *known + " 出现两次", "每个键一次", "删去其中一个"});
      return false;
    }
    row_.values.push_back({});
    row_.values.back().header = *known;
    return true;
  }

  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& /*e*/) override {
    if (!row_.complaints.empty()) return false;
    row_.complaints.push_back({"第 " + std::to_string(position) + " 个字节处不是合法的 JSON",
                               "一行一个 JSON 对象", "检查引号、逗号和括号；一个对象不要分成几行"});
    return false;
  }

 private:
  bool NotAnObject() {
    row_.complaints.push_back(
        {"不是 JSON 对象", "一行一个 JSON 对象，如 {\"id\": …}", "把数组拆开，每行写一个对象"});
    return false;
  }
  bool IsObject() { return seen_object_ || NotAnObject(); }

  void Complain(Complaint complaint) {
    if (!ignored_ && !row_.values.empty()) row_.values.back().complaint = std::move(complaint);
  }

  bool Take(std::string value) {
    if (!IsObject()) return false;
    if (!ignored_ && depth_ <= 2 && !row_.values.empty())
      row_.values.back().items.push_back(std::move(value));
    return true;
  }

  SourceRow& row_;
  std::unordered_set<std::string> keys_;  // its nodes stay where they are: headers point into them
  int depth_ = 0;
  bool seen_object_ = false;
  bool ignored_ = false;
};

bool IsBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

absl::StatusOr<bool> ReadLine(std::string_view line, SourceRow& row, const SourceSink& sink) {
  if (line.size() > kRowBytesMax) {
    row.complaints.push_back(
        {std::to_string(line.size() >> 20) + " MB 的一行", "最多 16 MB", "拆分记录，或检查是否缺少换行"});
    return sink(row);
  }
  LineHandler handler(row);
  if (!IsValidUtf8(line)) {
    row.complaints.push_back({"不是 UTF-8 编码", "UTF-8", "把文件另存为 UTF-8，或用 --encoding 指明编码"});
  } else {
    nlohmann::json::sax_parse(line.begin(), line.end(), &handler);
  }
  if (!row.complaints.empty()) {
    row.values.clear();
    row.complaints.back().found +=
        "：" + CutCharacters(line.substr(0, kShownCharacters * 4), kShownCharacters);
  }
  return sink(row);
}

}  // namespace

absl::Status ReadJsonLines(std::string_view text, const std::string& file, const SourceSink& sink) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  uint64_t number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (IsBlank(line)) continue;
    SourceRow row;
    row.place = {file, "", number};
    const absl::StatusOr<bool> more = ReadLine(line, row, sink);
    if (!more.ok()) return more.status();
    if (!*more) break;
  }
  return absl::OkStatus();
}

}  // namespace dongxi
