// Technology readiness, wanted against offered, and ways over the gap. Pure functions; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/requirement.h"
#include "engine/requirement/scanned_record.h"

namespace dongxi::requirement {

// A level from a field or from words; low <= high, 1..9.
struct MaturityReading {
  int low = 0, high = 0;
  std::string word;               // 中试; empty if a field or a number says it
  std::optional<FieldSpan> span;  // of the word or number
};

// The field `maturity`, else the highest level that the texts name in digits (TRL 7, 技术就绪度8级), else the
// highest that their words say (完成中试) or, of an offer, that the use shows which it counts (跑了三年,
// 已在两座矿山应用), or the early stage that it tells by what was worked with (early_mention.h); of an
// offer's levels in digits those of the whole go before those of its parts, a review's before its own. Not
// counted: stages that were given up or left behind (stage_claim.h), plans and denials
// (尚未中试, 有望产业化) and words that name something else (中试平台, 产业化前景), by claims.tsv; of an
// offer neither what is said of another thing or time (上一代产品, 其中的部件, 验收目标TRL 8). Of two that a
// need joins by 或 or takes alike (小试、中试均可) the lower counts; what it only prefers (中试优先) does
// not, and with 成熟度不限 nothing does. A need is read from `wanted` and, where that is empty, from what
// title and text demand; an offer from title and text; levels in digits from the indicators of both. Texts on
// institutions and experts say no level, words of a publication none above 7. `fields` are those of
// ScanRecord(record). Nothing if neither says it.
std::optional<MaturityReading> ReadMaturity(const Record& record, std::span<const ScannedField> fields,
                                            const RequirementTables& tables);

// Nothing if the need wants no level.
std::optional<RequirementVerdict> JudgeMaturity(const std::optional<MaturityReading>& wanted,
                                                const std::optional<MaturityReading>& offered,
                                                const RequirementTables& tables);

// A way over a gap of at least two levels with those of `candidates` whose type can take it.
struct Route {
  std::string code, name, reason;
  std::vector<std::string> types;        // institution types that could take it
  std::vector<RecordName> institutions;  // of the candidates, in their order
};
// In the order of routes.tsv. REQUIRES: levels in 1..9. Empty for a gap below two.
std::vector<Route> ProposeRoutes(int wanted, int offered, std::span<const Record> candidates,
                                 const RequirementTables& tables);

}  // namespace dongxi::requirement
