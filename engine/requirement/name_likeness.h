// How far two names of quantities mean the same, by their words. Private to engine/requirement. Pure
// functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/requirement/quantity_name.h"

namespace dongxi::requirement {

// How far two names mean the same: 0 another quantity, or not to be told; up to 1 the same words. A quantity
// and a kind of it (强度, 强度/抗压) mean the same as far as is known, and so do complements of one thing
// (成活率 and 死亡率: AreComplements), below 0.6.
double NameLikeness(const QuantityName& need, const QuantityName& offer);

// The one is what the other leaves of the whole: 保留率 15 % is 损失率 85 %.
bool AreComplements(const QuantityName& need, const QuantityName& offer);

// They are said of different things (锂, 镁), or in different respects (系统, 电池).
bool NamesConflict(const QuantityName& need, const QuantityName& offer);

// Both are said of one thing or in one respect (铁, Fe).
bool ShareQualifier(const QuantityName& a, const QuantityName& b);

// Opposite words stand in the two (进口, 出口; 抗压, 抗拉): what else they share says nothing then.
bool NamesAreOpposite(const QuantityName& need, const QuantityName& offer);

// Characters that both have, each as often as in both, as a share of the longer text.
double SharedCharacters(std::u32string a, std::u32string b);
// The same of texts whose characters are in ascending order.
double SharedCharactersOfSorted(std::u32string_view a, std::u32string_view b);

}  // namespace dongxi::requirement
