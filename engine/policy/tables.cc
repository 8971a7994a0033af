#include "engine/policy/tables.h"

#include <charconv>
#include <optional>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/policy/table_text.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr std::string_view kFileNames[] = {"meta.tsv",  "regions.tsv", "groups.tsv",   "channels.tsv",
                                           "tasks.tsv", "topics.tsv",  "pairings.tsv", "modes.tsv"};
constexpr size_t kTermCharactersMax = 40;
constexpr std::string_view kGroupPrefix = "group:";

using Cells = std::vector<std::string_view>;

absl::Status CheckCode(TablePlace place, std::string_view column, std::string_view code) {
  if (IsRegionCode(code)) return absl::OkStatus();
  return TableError(place, column, code, "a region code of 2, 4 or 6 digits (GB/T 2260)");
}

// Each reader below fills the row from all cells but the last two, which are its validity.
absl::Status ReadRow(TablePlace place, const Cells& cells, RegionRow& row) {
  DX_RETURN_IF_ERROR(CheckCode(place, "code", cells[0]));
  row.code = cells[0];
  row.name = cells[1];
  row.words = SplitWords(cells[2]);
  return absl::OkStatus();
}

absl::Status ReadRow(TablePlace place, const Cells& cells, GroupRow& row) {
  DX_RETURN_IF_ERROR(CheckCode(place, "region", cells[1]));
  row.group = cells[0];
  row.region = cells[1];
  return absl::OkStatus();
}

absl::Status ReadRow(TablePlace place, const Cells& cells, Channel& row) {
  if (cells[0] == kNoTask) return TableError(place, "id", cells[0], "another word: none means no channel");
  if (!IsRegionCode(cells[2]) || cells[2].size() != 2) {
    return TableError(place, "region", cells[2], "a province code of 2 digits");
  }
  row.id = cells[0];
  row.name = cells[1];
  row.region = cells[2];
  return absl::OkStatus();
}

absl::Status ReadRow(TablePlace place, const Cells& cells, Task& row) {
  if (cells[0] == kNoTask) return TableError(place, "id", cells[0], "another word: none means no task");
  row.id = cells[0];
  row.channel = cells[1];
  row.title = cells[2];
  row.quote = cells[3];
  return absl::OkStatus();
}

absl::Status ReadRow(TablePlace place, const Cells& cells, TopicRow& row) {
  row.task = cells[0];
  row.term = Normalize(cells[1]);
  if (row.term.empty() || CountCharacters(row.term) > kTermCharactersMax) {
    return TableError(place, "term", cells[1], "1 to 40 characters");
  }
  const std::string_view weight = cells[2];
  const auto [end, error] = std::from_chars(weight.data(), weight.data() + weight.size(), row.weight);
  const bool whole = error == std::errc() && end == weight.data() + weight.size();
  // Written so that a NaN fails as well.
  if (!whole || !(row.weight > 0 && row.weight <= kTopicWeightMax)) {
    return TableError(place, "weight", weight, "a number above 0, at most 5");
  }
  return absl::OkStatus();
}

std::optional<PairingStrength> StrengthOf(std::string_view word) {
  if (word == "named") return PairingStrength::kNamed;
  if (word == "group") return PairingStrength::kGroup;
  if (word == "inferred") return PairingStrength::kInferred;
  return std::nullopt;
}

std::optional<InstitutionMatch> MatchOf(std::string_view word) {
  if (word == "-") return InstitutionMatch::kNone;
  if (word == "prefix") return InstitutionMatch::kPrefix;
  if (word == "contains") return InstitutionMatch::kContains;
  return std::nullopt;
}

absl::Status ReadEast(TablePlace place, std::string_view east, Pairing& row) {
  if (east == "-") return absl::OkStatus();
  if (east.starts_with(kGroupPrefix)) {
    row.group = east.substr(kGroupPrefix.size());
    return absl::OkStatus();
  }
  if (!IsRegionCode(east)) return TableError(place, "east", east, "a region code, group:NAME, or -");
  row.east = east;
  return absl::OkStatus();
}

absl::Status ReadRow(TablePlace place, const Cells& cells, Pairing& row) {
  DX_RETURN_IF_ERROR(CheckCode(place, "west", cells[1]));
  row.task = cells[0];
  row.west = cells[1];
  DX_RETURN_IF_ERROR(ReadEast(place, cells[2], row));
  row.east_name = cells[3];
  row.institution_words = SplitWords(cells[4]);
  const std::optional<InstitutionMatch> match = MatchOf(cells[5]);
  const bool has_institution = !row.institution_words.empty();
  if (!match || (*match != InstitutionMatch::kNone) != has_institution) {
    return TableError(place, "match", cells[5], "prefix or contains with an institution, - without one");
  }
  row.match = *match;
  if (has_institution) row.east_institution = row.institution_words.front();
  if (!has_institution && row.east.empty() && row.group.empty()) {
    return TableError(place, "east", cells[2], "a region code or group:NAME, for there is no institution");
  }
  if (has_institution && !row.group.empty()) {
    return TableError(place, "east", cells[2], "a region code or -, for there is an institution");
  }
  const std::optional<PairingStrength> strength = StrengthOf(cells[6]);
  if (!strength) return TableError(place, "strength", cells[6], "named, group or inferred");
  row.strength = *strength;
  row.quote = cells[7];
  return absl::OkStatus();
}

absl::Status ReadRow(TablePlace place, const Cells& cells, ModeRow& row) {
  row.mode.code = cells[0];
  row.mode.words = SplitWords(cells[1]);
  if (row.mode.words.empty()) return TableError(place, "words", cells[1], "at least one word to print");
  return absl::OkStatus();
}

template <typename Row>
absl::Status ReadTable(std::string_view file, std::string_view content, std::vector<std::string_view> columns,
                       std::vector<Lined<Row>>& rows) {
  columns.insert(columns.end(), {"valid_from", "valid_to"});
  DX_ASSIGN_OR_RETURN(const std::vector<TableRow> lines, ParseTable(file, content, columns));
  for (const TableRow& line : lines) {
    const TablePlace place{file, line.line};
    Lined<Row> lined{.row = {}, .line = line.line};
    DX_RETURN_IF_ERROR(ReadRow(place, line.cells, lined.row));
    const size_t last = line.cells.size() - 1;
    DX_ASSIGN_OR_RETURN(lined.row.valid, ParseValidity(place, line.cells[last - 1], line.cells[last]));
    rows.push_back(std::move(lined));
  }
  return absl::OkStatus();
}

absl::Status ReadMeta(std::string_view file, std::string_view content, PolicyTables& tables) {
  DX_ASSIGN_OR_RETURN(const std::vector<TableRow> lines, ParseTable(file, content, {"key", "value"}));
  std::string format;
  for (const TableRow& line : lines) {
    const std::string_view key = line.cells[0];
    std::string* value = key == "format"  ? &format
                         : key == "name"  ? &tables.name
                         : key == "title" ? &tables.title
                                          : nullptr;
    if (value == nullptr) return TableError({file, line.line}, "key", key, "format, name or title");
    if (!value->empty()) return TableError({file, line.line}, "key", key, "each key once");
    *value = line.cells[1];
  }
  if (tables.name.empty()) return TableError({file, 1}, "name", "", "a row with the short name of the plan");
  if (format == std::to_string(kPolicyFormatVersion)) return absl::OkStatus();
  return absl::FailedPreconditionError(std::string(file) + ": format is \"" + format +
                                       "\", this program reads " + std::to_string(kPolicyFormatVersion) +
                                       "; use the policy tables that came with it");
}

}  // namespace

std::span<const std::string_view> PolicyFileNames() { return kFileNames; }

absl::Status ParsePolicyFile(std::string_view file, std::string_view content, PolicyTables& tables) {
  if (file == "meta.tsv") return ReadMeta(file, content, tables);
  if (file == "regions.tsv") return ReadTable(file, content, {"code", "name", "words"}, tables.regions);
  if (file == "groups.tsv") return ReadTable(file, content, {"group", "region"}, tables.groups);
  if (file == "channels.tsv") return ReadTable(file, content, {"id", "name", "region"}, tables.channels);
  if (file == "tasks.tsv") return ReadTable(file, content, {"id", "channel", "title", "quote"}, tables.tasks);
  if (file == "topics.tsv") return ReadTable(file, content, {"task", "term", "weight"}, tables.topics);
  if (file == "modes.tsv") return ReadTable(file, content, {"code", "words"}, tables.modes);
  if (file == "pairings.tsv") {
    return ReadTable(file, content,
                     {"task", "west", "east", "east_name", "east_institution", "match", "strength", "quote"},
                     tables.pairings);
  }
  return absl::InvalidArgumentError(std::string(file) +
                                    ": not a file of the policy tables; see docs/format/policy.md");
}

}  // namespace dongxi
