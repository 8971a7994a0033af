// Names of quantities that no table brings together, and that very likely mean the same: 处理时间 and
// 处理耗时, 径向跳动 and 径跳. Private to engine/requirement.
#pragma once

#include "engine/requirement/indicator.h"
#include "engine/requirement/name_forms.h"

namespace dongxi::requirement {

// What two names' forms have in common.
struct FormLikeness {
  double name_cosine = 0, modifier_cosine = 0;
  double modifier_shared = 0;  // SharedCharacters
};
FormLikeness LikenessOfForms(const NameForm& a, const NameForm& b);

// How far beyond what their dimension demands the names are alike; below 0: not alike enough. Two names
// whose quantities are both in the table and plain are never alike here: the table says that they differ.
// Nor are names with opposite words (进口, 出口), of different things (NamesConflict), or numbers of another
// kind (another dimension, a change and a level).
// `names`, `ends`: of the names' texts, and of their ends where they have some.
double LikelyMargin(const Indicator& need, const Indicator& offer, const FormLikeness& names,
                    const FormLikeness& ends);

}  // namespace dongxi::requirement
