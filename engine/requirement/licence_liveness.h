// What is said of the exclusive licence of a right. Private to engine/requirement. Pure functions; any
// thread.
#pragma once

#include <string_view>

#include "engine/requirement/liveness_place.h"

namespace dongxi::requirement {

// 独占许可, 独家协议: a word of the table, or a text that names one.
bool IsOfLicence(std::u32string_view word);

// 许可已于2025年12月到期, 合同已由法院判决解除, 去年解约. `own`: the clause is the licence's own; another
// that speaks of a contract with somebody (与乙公司的合同已解除) is not about it.
bool SaysLicenceIsOver(std::u32string_view clause, bool own);

// Of 许可期至2027年3月, 期限5年 and 到期后可对外许可 the licence ends; what is paid or protected until then
// (年费已缴至2027年) is another thing, and a licence until the patent's own end never does.
bool EndsLicence(std::u32string_view clause);

// What a word of an exclusive licence says: its row, the row of a licence that ends or is limited, or nothing
// (null) where none was given or it is over.
const LivenessRow* LicenceSaid(const LivenessPlace& at);

}  // namespace dongxi::requirement
