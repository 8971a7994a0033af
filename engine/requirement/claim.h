// Whether what a word says is so already, from the words around it in its clause (claims.tsv): 有望用于高海拔
// is a plan, 不适用于高海拔 a denial, 产业化前景 no readiness. Private to engine/requirement. Pure functions;
// any thread.
#pragma once

#include <string_view>

#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

// kAskedMaturity and kAskedLevel are a need's: what an offer plans is what it asks for, so fewer words before
// count (先做中试). A level in digits names nothing else, whatever noun follows (TRL 7级要求, 中试平台):
// behind it only denials count.
// kLiveness: 未被宣告无效 and 可独占许可 say nothing against an offer.
enum class ClaimSubject { kMaturity, kAskedMaturity, kLevel, kAskedLevel, kCondition, kLiveness };

// Of the word [begin, end) of `text` (ScannedField::folded). A denial goes before a plan; a denial behind
// 解决, 克服 … or before 的难题, 的问题 is the trouble that is removed and does not count. Clauses end at a
// comma, not at 、.
Claim ClaimOf(std::u32string_view text, size_t begin, size_t end, ClaimSubject subject,
              const RequirementTables& tables);

// Whether the sentence demands in words before `begin` what follows: 希望技术已完成中试.
bool IsDemanded(std::u32string_view text, size_t begin, const RequirementTables& tables);

// Whether an offer's sentence speaks before `begin` of another thing than the offer: 上一代产品,
// 同类进口设备, 对照品种; of maturity (any `subject` but kCondition) also of a part or of another time:
// 其中位移雷达, 验收目标. What the clause compares the offer with (较传统工艺, 替代进口设备) is no other
// thing. The last clause that names one decides; the offer itself, named behind it (本成果), takes it back.
bool IsOfAnother(std::u32string_view text, size_t begin, ClaimSubject subject,
                 const RequirementTables& tables);

// The same of a part of a clause by itself: 高海拔地区进口设备不适用, read behind 高海拔.
bool SpeaksOfAnother(std::u32string_view part, const RequirementTables& tables);

}  // namespace dongxi::requirement
