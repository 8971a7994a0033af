#include "engine/requirement/maturity.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/record/field_schema.h"
#include "engine/requirement/claim.h"
#include "engine/requirement/trl_mention.h"

namespace dongxi::requirement {
namespace {

enum class Reads { kNothing, kLevels, kAll, kDemanded };

// Which fields say a level. Levels in digits may stand anywhere, words only where they speak of the
// technology: a need's title and text tell its own situation, so they count only where `wanted` is empty and
// in what they demand.
Reads ReadsOf(const Record& record, const std::string& field) {
  const bool need = record.kind == RecordKind::kNeed;
  if (field == "indicators") return Reads::kLevels;
  if (field == "wanted") return need ? Reads::kAll : Reads::kNothing;
  if (!need) return Reads::kAll;
  return record.wanted.empty() ? Reads::kDemanded : Reads::kNothing;
}

bool Counts(const ScannedField& field, size_t begin, size_t end, ClaimSubject subject, Reads reads,
            const RequirementTables& tables) {
  if (ClaimOf(field.folded, begin, end, subject, tables) != Claim::kStated) return false;
  const bool asked = subject == ClaimSubject::kAskedMaturity || subject == ClaimSubject::kAskedLevel;
  if (!asked && IsOfAnother(field.folded, begin, tables)) return false;
  return reads != Reads::kDemanded || IsDemanded(field.folded, begin, tables);
}

void Keep(MaturityReading reading, std::optional<MaturityReading>& best) {
  if (!best || best->low < reading.low) best = std::move(reading);
}

void ReadLevels(const ScannedField& field, bool need, Reads reads, const RequirementTables& tables,
                std::optional<MaturityReading>& best) {
  const ClaimSubject subject = need ? ClaimSubject::kAskedLevel : ClaimSubject::kLevel;
  for (const TrlMention& mention : FindTrlMentions(field.folded)) {
    if (!Counts(field, mention.begin, mention.end, subject, reads, tables)) continue;
    Keep({mention.low, mention.high, "", field.SpanOf(mention.begin, mention.end)}, best);
  }
}

// 完成中试或小批试制: either serves, so the lower one is what a need asks for. `between` stands between two
// words.
bool SaysEither(std::u32string_view between) {
  constexpr size_t kMost = 6;
  while (!between.empty() && (between.front() == U',' || between.front() == U'、')) between.remove_prefix(1);
  return !between.empty() && between.size() <= kMost &&
         (between.front() == U'或' || between.front() == U'/') &&
         between.find(U'。') == std::u32string_view::npos;
}

// A paper shows trials at most; what it calls widely used or on sale is nearly always the known method.
constexpr int kPublicationMost = 7;

void ReadWords(const ScannedField& field, const Record& record, Reads reads, const RequirementTables& tables,
               std::optional<MaturityReading>& best) {
  const bool need = record.kind == RecordKind::kNeed;
  const ClaimSubject subject = need ? ClaimSubject::kAskedMaturity : ClaimSubject::kMaturity;
  const bool paper = record.kind == RecordKind::kEvidence && record.type == "publication";
  size_t kept_end = 0;  // of the word in `best`, or of one beside it that serves as well; 0: of no word here
  for (const WordFinder::Hit& hit : tables.maturity_words().FindAll(field.folded)) {
    const MaturityRow& row = tables.maturity()[hit.id];
    const bool either = need && kept_end > 0 &&
                        SaysEither(std::u32string_view(field.folded).substr(kept_end, hit.begin - kept_end));
    if (best && best->low >= row.low && !either) continue;
    if (paper && row.low > kPublicationMost) continue;
    if (!Counts(field, hit.begin, hit.end, subject, reads, tables)) continue;
    kept_end = hit.end;
    if (either && best->low <= row.low) continue;
    if (either) best.reset();
    const uint32_t begin = field.scan.bytes[hit.begin];
    Keep({row.low, row.high, field.text.substr(begin, field.scan.EndByte(hit.end) - begin),
          field.SpanOf(hit.begin, hit.end)},
         best);
  }
}

// Texts on institutions and experts tell what they do and own (中试平台, 上市公司), not how ripe a technology
// is.
bool SpeaksOfATechnology(RecordKind kind) {
  return kind != RecordKind::kInstitution && kind != RecordKind::kExpert;
}

std::string LevelText(const MaturityReading& reading) {
  std::string text = absl::StrCat("TRL ", reading.low);
  if (reading.high != reading.low) absl::StrAppend(&text, "–", reading.high);
  return reading.word.empty() ? text : absl::StrCat("“", reading.word, "”（", text, "）");
}

}  // namespace

std::optional<MaturityReading> ReadMaturity(const Record& record, std::span<const ScannedField> fields,
                                            const RequirementTables& tables) {
  if (record.maturity > 0) return MaturityReading{record.maturity, record.maturity, "", std::nullopt};
  if (!SpeaksOfATechnology(record.kind)) return std::nullopt;
  const bool need = record.kind == RecordKind::kNeed;
  std::optional<MaturityReading> levels, words;
  for (const ScannedField& field : fields) {
    const Reads reads = ReadsOf(record, field.name);
    if (reads == Reads::kNothing) continue;
    ReadLevels(field, need, reads, tables, levels);
    if (reads != Reads::kLevels) ReadWords(field, record, reads, tables, words);
  }
  return levels ? levels : words;
}

std::vector<Route> ProposeRoutes(int wanted, int offered, std::span<const Record> candidates,
                                 const RequirementTables& tables) {
  std::vector<Route> routes;
  const int gap = wanted - offered;
  for (const RouteRow& row : tables.routes()) {
    if (gap < row.gap_min || gap > row.gap_max || offered < row.offered_min || offered > row.offered_max)
      continue;
    Route route{row.code, row.name, row.reason, row.institutions, {}};
    for (const Record& candidate : candidates) {
      const bool fits = candidate.kind == RecordKind::kInstitution &&
                        std::find(row.institutions.begin(), row.institutions.end(), candidate.type) !=
                            row.institutions.end();
      if (fits) route.institutions.push_back({candidate.kind, candidate.id});
    }
    routes.push_back(std::move(route));
  }
  return routes;
}

std::optional<RequirementVerdict> JudgeMaturity(const std::optional<MaturityReading>& wanted,
                                                const std::optional<MaturityReading>& offered,
                                                const RequirementTables& tables) {
  if (!wanted) return std::nullopt;
  RequirementVerdict verdict{.kind = RequirementKind::kMaturity,
                             .requirement = absl::StrCat("成熟度 ", LevelText(*wanted))};
  verdict.need_span = wanted->span;
  if (!offered) {
    verdict.reason = absl::StrCat("成熟度：要求 ", LevelText(*wanted), "，供方没有说明");
    return verdict;
  }
  verdict.offer_span = offered->span;
  const std::string both = absl::StrCat("成熟度：要求 ", LevelText(*wanted), "，供方 ", LevelText(*offered));
  // By words each side is a range: the least that the offer says has to reach the least that the need asks.
  const int gap = wanted->low - offered->low;
  if (gap <= 0) {
    verdict.outcome = Outcome::kMet;
    verdict.reason = both + "，满足";
    return verdict;
  }
  verdict.outcome = Outcome::kShort;
  verdict.shortfall = gap;
  verdict.shortfall_text = absl::StrCat("低 ", gap, " 级");
  verdict.reason = absl::StrCat(both, "，", verdict.shortfall_text);
  for (const Route& route : ProposeRoutes(wanted->low, offered->low, {}, tables)) {
    std::string types;
    for (const std::string& type : route.types)
      absl::StrAppend(&types, types.empty() ? "" : "、",
                      std::string(WordOf(TypeWords(RecordKind::kInstitution), type)));
    absl::StrAppend(&verdict.reason, verdict.routes.empty() ? "。建议：" : "；或", route.name, "（", types,
                    "可承担）：", route.reason);
    verdict.routes.push_back(route.code);
  }
  return verdict;
}

}  // namespace dongxi::requirement
