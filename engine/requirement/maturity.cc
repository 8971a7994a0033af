#include "engine/requirement/maturity.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/record/field_schema.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kPlanCharacters = 6;  // before a word: 尚未完成中试

bool IsPlanned(std::u32string_view text, size_t begin) {
  const size_t from = begin > kPlanCharacters ? begin - kPlanCharacters : 0;
  const std::u32string_view before = text.substr(from, begin - from);
  for (const std::u32string_view word :
       {U"未", U"拟", U"计划", U"待", U"准备", U"将", U"没有", U"下一步", U"需要", U"缺"}) {
    if (before.find(word) != std::u32string_view::npos) return true;
  }
  return false;
}

void ReadWords(const ScannedField& field, bool of_need, const RequirementTables& tables,
               std::optional<MaturityReading>& best) {
  for (const WordFinder::Hit& hit : tables.maturity_words().FindAll(field.folded)) {
    if (!of_need && IsPlanned(field.folded, hit.begin)) continue;
    const MaturityRow& row = tables.maturity()[hit.id];
    if (best.has_value() && best->low >= row.low) continue;
    const uint32_t begin = field.scan.bytes[hit.begin];
    best = MaturityReading{row.low, row.high, field.text.substr(begin, field.scan.EndByte(hit.end) - begin),
                           field.SpanOf(hit.begin, hit.end)};
  }
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
  const bool need = record.kind == RecordKind::kNeed;
  std::optional<MaturityReading> best;
  for (const ScannedField& field : fields) {
    const bool read = need ? field.name == "wanted" : field.name == "title" || field.name == "text";
    if (read) ReadWords(field, need, tables, best);
  }
  return best;
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
