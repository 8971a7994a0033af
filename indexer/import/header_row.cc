#include "indexer/import/header_row.h"

#include <algorithm>

#include "engine/record/field_schema.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr uint64_t kHeaderDepthMax = 3;  // rows of a header whose cells are merged downwards

std::string Compact(std::string_view text) {
  std::string compact;
  for (const char c : Normalize(text)) {
    if (c != ' ' && c != '*' && c != '_' && c != '-') compact += c;
  }
  return compact;
}

struct KindWords {
  RecordKind kind;
  std::vector<std::string_view> words;
};
const std::vector<KindWords>& AllKindWords() {
  static const auto& words = *new std::vector<KindWords>{
      {RecordKind::kInstitution, {"institutions", "institution", "机构"}},
      {RecordKind::kExpert, {"experts", "expert", "专家"}},
      {RecordKind::kResult, {"results", "result", "成果"}},
      {RecordKind::kNeed, {"needs", "need", "需求"}},
      {RecordKind::kEvidence, {"evidence", "佐证"}},
  };
  return words;
}

bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// An English word counts only as a whole: "unneeded" is no need.
bool Mentions(std::string_view name, std::string_view word) {
  for (size_t at = name.find(word); at != std::string_view::npos; at = name.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool free_before = at == 0 || !IsAsciiLetter(name[at - 1]);
    const bool free_after = end == name.size() || !IsAsciiLetter(name[end]);
    if (!IsAsciiLetter(word.front()) || (free_before && free_after)) return true;
  }
  return false;
}

struct Recognition {
  size_t known = 0;
  bool has_name = false;  // the id or the title
};

bool IsName(RecordKind kind, std::string_view header) {
  const FieldSpec* spec = FindField(kind, header);
  return spec != nullptr && (spec->id == FieldId::kId || spec->id == FieldId::kTitle);
}

Recognition Recognise(const GridRow& row, std::optional<RecordKind> kind) {
  Recognition found;
  for (const GridCell& cell : row.cells) {
    if (cell.text.size() > 200) continue;  // no header
    const ColumnMeaning meaning = MeaningOf(kind, cell.text);
    if (meaning != ColumnMeaning::kUnknown) ++found.known;
    for (const RecordKind candidate : kAllRecordKinds) {
      if (kind.value_or(candidate) == candidate && IsName(candidate, cell.text)) found.has_name = true;
    }
  }
  return found;
}

void TakeNames(const GridRow& row, std::vector<std::string>& names) {
  for (const GridCell& cell : row.cells) {
    if (cell.column >= names.size()) names.resize(cell.column + 1);
    names[cell.column] = cell.text;
  }
}

size_t EditDistance(const std::u32string& a, const std::u32string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substitute, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<RecordKind> KindOfWord(std::string_view word) {
  const std::string compact = Compact(word);
  for (const KindWords& entry : AllKindWords()) {
    if (std::find(entry.words.begin(), entry.words.end(), compact) != entry.words.end()) return entry.kind;
  }
  return std::nullopt;
}

std::optional<RecordKind> KindOfName(std::string_view name) {
  const std::string normal = Normalize(name);
  std::optional<RecordKind> found;
  for (const KindWords& entry : AllKindWords()) {
    const bool mentioned = std::any_of(entry.words.begin(), entry.words.end(),
                                       [&normal](std::string_view word) { return Mentions(normal, word); });
    if (mentioned && found) return std::nullopt;
    if (mentioned) found = entry.kind;
  }
  return found;
}

ColumnMeaning MeaningOf(std::optional<RecordKind> kind, std::string_view header) {
  for (const RecordKind candidate : kAllRecordKinds) {
    if (kind.value_or(candidate) == candidate && FindField(candidate, header) != nullptr)
      return ColumnMeaning::kField;
  }
  const std::string compact = Compact(header);
  if (compact == "kind" || compact == "记录种类" || compact == "记录类型" || compact == "种类")
    return ColumnMeaning::kKind;
  if (compact == "序号" || compact == "行号" || compact == "no" || compact == "no.")
    return ColumnMeaning::kRowNumber;
  return IsContactHeader(header) ? ColumnMeaning::kContact : ColumnMeaning::kUnknown;
}

std::optional<HeaderRow> FindHeader(std::span<const GridRow> rows, std::optional<RecordKind> kind,
                                    std::span<const MergedRange> merges) {
  for (size_t i = 0; i < rows.size() && rows[i].number <= kHeaderRowsMax; ++i) {
    const Recognition found = Recognise(rows[i], kind);
    if (found.known < 2 || !found.has_name) continue;
    HeaderRow header{
        .row = rows[i].number, .last_row = rows[i].number, .names = {}, .recognised = found.known};
    for (const MergedRange& merge : merges) {
      if (merge.first_row != header.row) continue;
      header.last_row = std::max(header.last_row, std::min(merge.last_row, header.row + kHeaderDepthMax - 1));
    }
    TakeNames(rows[i], header.names);
    // A header of two storeys: the lower name is the column's own, the upper one a group.
    for (size_t below = i + 1; below < rows.size() && rows[below].number <= header.last_row; ++below) {
      TakeNames(rows[below], header.names);
    }
    return header;
  }
  return std::nullopt;
}

std::vector<std::string> NearestHeaders(std::optional<RecordKind> kind, std::string_view header) {
  const std::u32string wanted = DecodeUtf8(CutCharacters(Compact(header), 64));
  std::vector<std::pair<size_t, std::string>> candidates;
  for (const RecordKind candidate : kAllRecordKinds) {
    if (kind.value_or(candidate) != candidate) continue;
    for (const FieldSpec& spec : FieldsOf(candidate)) {
      std::vector<std::string_view> names = spec.headers;
      names.push_back(spec.json);
      for (const std::string_view name : names) {
        const std::u32string known = DecodeUtf8(Compact(name));
        const size_t distance = EditDistance(wanted, known);
        if (distance * 2 <= std::max(wanted.size(), known.size()) + 1)
          candidates.emplace_back(distance, name);
      }
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> nearest;
  for (auto& [distance, name] : candidates) {
    if (nearest.size() < 3 && std::find(nearest.begin(), nearest.end(), name) == nearest.end())
      nearest.push_back(name);
  }
  return nearest;
}

}  // namespace dongxi
