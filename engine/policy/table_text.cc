#include "engine/policy/table_text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

#include "engine/base/status_macros.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr size_t kFoundCharactersMax = 60;  // of a bad cell shown in a message

std::vector<std::string_view> Split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(mark);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string Join(const std::vector<std::string_view>& parts) {
  std::string joined;
  for (std::string_view part : parts) {
    if (!joined.empty()) joined += ' ';
    joined += part;
  }
  return joined;
}

absl::Status CheckCells(TablePlace place, const std::vector<std::string_view>& cells,
                        const std::vector<std::string_view>& columns) {
  if (cells.size() != columns.size()) {
    return TableError(place, "number of columns", std::to_string(cells.size()),
                      std::to_string(columns.size()) + " separated by tabs: " + Join(columns));
  }
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) {
      return TableError(place, "column " + std::string(columns[i]), "", "a value, or - for nothing");
    }
  }
  return absl::OkStatus();
}

std::optional<int> ParseDigits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<absl::CivilDay> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::optional<int> year = ParseDigits(text.substr(0, 4));
  const std::optional<int> month = ParseDigits(text.substr(5, 2));
  const std::optional<int> day = ParseDigits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const absl::CivilDay date(*year, *month, *day);
  // CivilDay carries 02-30 over to March: such a day is a mistake here.
  if (date.year() != *year || date.month() != *month || date.day() != *day) return std::nullopt;
  return date;
}

}  // namespace

absl::Status TableError(TablePlace place, std::string_view what, std::string_view found,
                        std::string_view expected) {
  std::string message(place.file);
  message.append(":").append(std::to_string(place.line)).append(": ").append(what).append(" is \"");
  message.append(CutCharacters(found, kFoundCharactersMax)).append("\"; expected ").append(expected);
  return absl::InvalidArgumentError(message);
}

absl::StatusOr<std::vector<TableRow>> ParseTable(std::string_view file, std::string_view content,
                                                 const std::vector<std::string_view>& columns) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  std::vector<TableRow> rows;
  bool header_seen = false;
  int line = 0;
  for (std::string_view text : Split(content, '\n')) {
    ++line;
    const TablePlace place{file, line};
    if (!IsValidUtf8(text))
      return TableError(place, "encoding", "other bytes", "UTF-8; save the file as UTF-8");
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty() || text.starts_with('#')) continue;
    std::vector<std::string_view> cells = Split(text, '\t');
    if (!header_seen) {
      if (cells != columns) return TableError(place, "header", Join(cells), Join(columns));
      header_seen = true;
      continue;
    }
    DX_RETURN_IF_ERROR(CheckCells(place, cells, columns));
    rows.push_back({line, std::move(cells)});
  }
  if (!header_seen) return TableError({file, line}, "header", "", Join(columns));
  return rows;
}

absl::StatusOr<Validity> ParseValidity(TablePlace place, std::string_view from, std::string_view to) {
  Validity valid;
  const std::optional<absl::CivilDay> first = ParseDay(from);
  if (!first) return TableError(place, "valid_from", from, "a day like 2021-01-01");
  valid.from = *first;
  if (to == "-") return valid;
  const std::optional<absl::CivilDay> last = ParseDay(to);
  if (!last) return TableError(place, "valid_to", to, "a day like 2025-12-31, or - for open");
  if (*last < *first) return TableError(place, "valid_to", to, "a day not before valid_from");
  valid.to = *last;
  return valid;
}

bool IsRegionCode(std::string_view text) {
  return (text.size() == 2 || text.size() == 4 || text.size() == 6) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool ParseNumber(std::string_view text, double& value) {
  const std::string copy(text);
  char* end = nullptr;
  value = std::strtod(copy.c_str(), &end);
  return !copy.empty() && end == copy.c_str() + copy.size();
}

std::vector<std::string> SplitWords(std::string_view cell) {
  std::vector<std::string> words;
  if (cell == "-") return words;
  for (std::string_view word : Split(cell, '|')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

}  // namespace dongxi
