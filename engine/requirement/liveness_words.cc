// Which words of a record say how it stands (liveness.h): those of liveness.tsv that are said of it, now.
#include <algorithm>
#include <string>
#include <string_view>

#include "engine/requirement/liveness.h"
#include "engine/requirement/liveness_rules.h"
#include "engine/requirement/scan_text.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

// What a word depends on stands near it, and a text of 100,000 characters that repeats it must not take
// minutes.
constexpr size_t kAround = 800;    // characters read on both sides of a word
constexpr size_t kWordsMax = 500;  // of one text

// Where a record's words say how it stands, and the rows that are for them; empty: nowhere.
struct WordsOf {
  std::string_view scope, field;
  const std::string* text = nullptr;
};
WordsOf LivenessWordsOf(const Record& record) {
  switch (record.kind) {
    case RecordKind::kResult:
      return record.ip_status.empty() ? WordsOf{"ip", "text", &record.text}
                                      : WordsOf{"ip", "ip_status", &record.ip_status};
    case RecordKind::kExpert:
      return {"expert", "text", &record.text};
    case RecordKind::kInstitution:
      return {"institution", "text", &record.text};
    case RecordKind::kNeed:
    case RecordKind::kEvidence:
      break;
  }
  return {};
}

// A row may have several scopes: ip|expert.
bool HasScope(const LivenessRow& row, std::string_view scope) {
  std::string_view scopes = row.scope;
  while (!scopes.empty()) {
    const size_t end = std::min(scopes.find('|'), scopes.size());
    if (scopes.substr(0, end) == scope) return true;
    scopes.remove_prefix(std::min(end + 1, scopes.size()));
  }
  return false;
}

// The longest word of that scope that begins there: 登记已注销 is a right's, 已注销 an institution's.
WordFinder::Hit WordAt(std::u32string_view text, size_t at, std::string_view scope,
                       const RequirementTables& tables) {
  WordFinder::Hit hit = tables.liveness_words().At(text, at);
  while (hit.end > hit.begin && !HasScope(tables.liveness()[hit.id], scope))
    hit = tables.liveness_words().At(text.substr(0, hit.end - 1), at);
  return hit;
}

LivenessPlace PlaceOf(std::u32string_view text, const WordFinder::Hit& hit, std::u32string_view title,
                      const RequirementTables& tables) {
  const size_t from = hit.begin - std::min(hit.begin, kAround);
  return {.text = text.substr(from, hit.end + kAround - from),
          .title = title,
          .begin = hit.begin - from,
          .end = hit.end - from,
          .row = &tables.liveness()[hit.id],
          .tables = &tables};
}

const LivenessRow* RowSaid(const LivenessPlace& at, RecordKind kind) {
  if (LacksItsDate(at)) return nullptr;
  if (at.row->effect != LivenessEffect::kFine && (IsAnsweredNo(at) || IsDeniedInList(at))) return nullptr;
  if (kind == RecordKind::kResult) return RightSaid(at);
  return kind == RecordKind::kExpert ? ExpertSaid(at) : InstitutionSaid(at);
}

struct Heaviest {
  const LivenessRow* row = nullptr;
  size_t begin = 0, end = 0;
};
Heaviest HeaviestIn(std::u32string_view text, const WordsOf& words_of, const Record& record,
                    const RequirementTables& tables) {
  const bool abstract = record.kind == RecordKind::kResult && words_of.field == "text";
  Heaviest heaviest;
  std::u32string title;
  size_t words = 0;
  for (size_t at = 0; at < text.size() && words < kWordsMax;) {
    const WordFinder::Hit hit = WordAt(text, at, words_of.scope, tables);
    at = std::max(hit.end, at + 1);
    if (hit.end == hit.begin) continue;
    if (words++ == 0) title = FoldAscii(MakeScanText(record.title).text);
    const LivenessPlace place = PlaceOf(text, hit, title, tables);
    if (abstract && !IsOfTheRight(place)) continue;
    const LivenessRow* row = RowSaid(place, record.kind);
    if (row == nullptr || (heaviest.row != nullptr && row->effect <= heaviest.row->effect)) continue;
    heaviest = {row, IsDated(place) ? hit.begin + 1 : hit.begin, hit.end};
    if (row->effect == LivenessEffect::kBlock) break;
  }
  if (heaviest.row != nullptr || abstract) return heaviest;
  const ClauseSaid said = SaidByClause(text, words_of.scope, tables);
  return {said.row, said.begin, said.end};
}

}  // namespace

std::optional<LivenessWord> HeaviestLivenessWord(const Record& record, const RequirementTables& tables) {
  const WordsOf words = LivenessWordsOf(record);
  if (words.text == nullptr || words.text->empty()) return std::nullopt;
  const ScanText scan = MakeScanText(*words.text);
  const std::u32string text = FoldAscii(scan.text);
  const Heaviest heaviest = HeaviestIn(text, words, record, tables);
  if (heaviest.row == nullptr) return std::nullopt;
  const size_t begin = scan.bytes[heaviest.begin], end = scan.EndByte(heaviest.end);
  const auto characters = [&](size_t bytes) {
    return static_cast<uint32_t>(CountCharacters(std::string_view(*words.text).substr(0, bytes)));
  };
  return LivenessWord{heaviest.row, words.text->substr(begin, end - begin),
                      FieldSpan{std::string(words.field), characters(begin), characters(end)}};
}

}  // namespace dongxi::requirement
