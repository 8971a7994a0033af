#include "indexer/import/report.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

// Columns that a terminal needs: Chinese characters take two.
size_t WidthOf(std::string_view text) {
  size_t width = 0;
  for (const char32_t c : DecodeUtf8(text)) {
    const auto kind =
        static_cast<UEastAsianWidth>(u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_EAST_ASIAN_WIDTH));
    width += kind == U_EA_WIDE || kind == U_EA_FULLWIDTH ? 2 : 1;
  }
  return width;
}

std::string Padded(std::string text, size_t width) {
  const size_t own = WidthOf(text);
  if (own < width) text.append(width - own, ' ');
  return text;
}

// One line for the terminal: no line breaks, no control sequences.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  }
  return text;
}

std::string PlaceOf(const RowProblem& problem) {
  std::string place = problem.file;
  if (!problem.sheet.empty()) place += "［" + problem.sheet + "］";
  if (problem.row > 0) place += " 第 " + std::to_string(problem.row) + " 行";
  return place;
}

void AppendFiles(const ImportReport& report, std::string& out) {
  size_t width = 4;
  for (const ImportReport::File& file : report.files) width = std::max(width, WidthOf(file.file));
  out +=
      Padded("文件", width) + "  " + Padded("格式", 13) + Padded("读取", 10) + Padded("接受", 10) + "拒绝\n";
  for (const ImportReport::File& file : report.files) {
    out += Padded(OneLine(file.file), width) + "  " +
           Padded(file.format.empty() ? "未读取" : file.format, 13) +
           Padded(std::to_string(file.rows_read), 10) + Padded(std::to_string(file.accepted), 10) +
           std::to_string(file.rejected) + "\n";
  }
}

void AppendProblem(const RowProblem& problem, std::string& out) {
  out += "- " + OneLine(PlaceOf(problem)) + "\n";
  const std::array<std::pair<std::string_view, const std::string*>, 4> parts = {{{"列", &problem.column},
                                                                                 {"发现", &problem.found},
                                                                                 {"应为", &problem.expected},
                                                                                 {"办法", &problem.remedy}}};
  for (const auto& [name, value] : parts) {
    if (!value->empty()) out += "    " + Padded(std::string(name), 4) + "：" + OneLine(*value) + "\n";
  }
}

void AppendCsvCell(std::string_view text, std::string& out) {
  out += '"';
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

void ImportReport::Add(const SourcePlace& place, std::string_view column, const Complaint& complaint) {
  ++problems_total;
  if (problems.size() >= kProblemsKept) return;
  problems.push_back({place.file, place.sheet, place.row, std::string(column), complaint.found,
                      complaint.expected, complaint.remedy});
}

std::string TextReport(const ImportReport& report, size_t problems_shown, bool has_list) {
  std::string out;
  AppendFiles(report, out);
  out += "合计：读取 " + std::to_string(report.rows_read) + " 行，接受 " + std::to_string(report.accepted) +
         " 行，拒绝 " + std::to_string(report.rejected) + " 行\n";
  for (const std::string& notice : report.notices) out += "提示：" + OneLine(notice) + "\n";
  if (report.clean()) return out + "没有问题\n";
  out += "问题：" + std::to_string(report.problems_total) + " 处\n";
  const size_t shown = std::min(problems_shown, report.problems.size());
  for (size_t i = 0; i < shown; ++i) AppendProblem(report.problems[i], out);
  if (shown < report.problems_total) {
    out += "还有 " + std::to_string(report.problems_total - shown) + " 处没有列出，";
    out += has_list ? "见错误清单（CSV）" : "改好以上各处再看";
    if (has_list && report.problems_total > report.problems.size())
      out += "，其中保留前 " + std::to_string(kProblemsKept) + " 处";
    out += "\n";
  }
  return out;
}

std::string CsvReport(const ImportReport& report) {
  std::string out = "\xEF\xBB\xBF文件,工作表,行,列,发现,应为,办法\r\n";
  for (const RowProblem& problem : report.problems) {
    const std::string row = problem.row > 0 ? std::to_string(problem.row) : "";
    const std::array<std::string_view, 7> cells = {
        problem.file, problem.sheet, row, problem.column, problem.found, problem.expected, problem.remedy};
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ',';
      AppendCsvCell(cells[i], out);
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace dongxi
