#include "bench/report.h"

#include <algorithm>
#include <cmath>
#include <iostream>

#include "absl/strings/str_format.h"
#include "engine/base/files.h"
#include "engine/text/normalize.h"

namespace dongxi::bench {
namespace {

size_t DisplayWidth(const std::string& text) {
  size_t width = 0;
  for (const char32_t c : DecodeUtf8(text)) {
    const bool wide =
        (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xFE6F) || (c >= 0xFF01 && c <= 0xFF60);
    width += wide ? 2 : 1;
  }
  return width;
}

std::string BarText(const Figure& figure) {
  if (!figure.bar) return "";
  return (figure.bar->at_most ? "<= " : ">= ") + NumberText(figure.bar->limit) +
         (figure.met() ? "  met" : "  NOT MET");
}

std::vector<std::vector<std::string>> RowsOf(const std::vector<Figure>& figures) {
  std::vector<std::vector<std::string>> rows = {{"figure", "value", "unit", "bar", "remark"}};
  for (const Figure& figure : figures) {
    rows.push_back({figure.name, NumberText(figure.value), figure.unit, BarText(figure), figure.remark});
  }
  return rows;
}

nlohmann::ordered_json FigureJson(const Figure& figure) {
  nlohmann::ordered_json json = {{"name", figure.name}, {"value", figure.value}, {"unit", figure.unit}};
  if (figure.bar) {
    json["bar"] = figure.bar->limit;
    json["bar_is"] = figure.bar->at_most ? "at most" : "at least";
    json["met"] = figure.met();
  }
  if (!figure.remark.empty()) json["remark"] = figure.remark;
  return json;
}

}  // namespace

std::string NumberText(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) return absl::StrFormat("%.0f", value);
  if (std::abs(value) >= 1000) return absl::StrFormat("%.0f", value);
  return absl::StrFormat("%.4g", value);
}

std::string AlignedTable(const std::vector<std::vector<std::string>>& rows, bool numbers) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line = " ";
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - DisplayWidth(row[i]), ' ');
      line += ' ';
      line += numbers && i > 0 ? padding + row[i] : row[i] + padding;
      line += ' ';
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

Report::Report(std::string question, const Arguments& arguments)
    : question_(std::move(question)), arguments_(arguments) {
  std::cout << "Question: " << question_ << "\n";
  for (const auto& [name, value] : arguments_) std::cout << "  " << name << " = " << value << "\n";
  std::cout << std::flush;
}

void Report::Section(const std::string& title) { blocks_.push_back({title, {}}); }

void Report::Add(Figure figure) { blocks_.back().figures.push_back(std::move(figure)); }

int Report::missed() const {
  int missed = 0;
  for (const Block& block : blocks_) {
    for (const Figure& figure : block.figures) missed += figure.met() ? 0 : 1;
  }
  return missed;
}

void Report::Print() {
  for (; printed_ < blocks_.size(); ++printed_) {
    const Block& block = blocks_[printed_];
    std::cout << "\n" << block.title << "\n" << AlignedTable(RowsOf(block.figures), /*numbers=*/false);
  }
  std::cout << std::flush;
}

nlohmann::ordered_json Report::ToJson() const {
  nlohmann::ordered_json json = {{"question", question_}};
  for (const auto& [name, value] : arguments_) json["arguments"][name] = value;
  json["sections"] = nlohmann::ordered_json::array();
  for (const Block& block : blocks_) {
    nlohmann::ordered_json figures = nlohmann::ordered_json::array();
    for (const Figure& figure : block.figures) figures.push_back(FigureJson(figure));
    json["sections"].push_back({{"title", block.title}, {"figures", figures}});
  }
  if (!details_.empty()) json["details"] = details_;
  return json;
}

absl::Status Report::Write(const std::string& file) const {
  if (file.empty()) return absl::OkStatus();
  return WriteFileAtomically(file, ToJson().dump(2) + "\n");
}

}  // namespace dongxi::bench
