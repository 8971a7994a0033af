// The words around a quantity's name in its clause: particles, verbs and negations that do not belong to it.
// Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/requirement/comparison_words.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

// Without the words of the classes kPrefix and kSuffix, 的 before it and blanks at both ends. A quantity of
// the table keeps what looks like a particle: 防风效能.
std::u32string StripFunctionWords(std::u32string_view name, const RequirementTables& tables);

// The whole name is a word of quantities.tsv.
bool IsQuantityWord(std::u32string_view name, const RequirementTables& tables);

// The name ends in a word of quantities.tsv: 出水氨氮, 防风效能.
bool EndsInQuantity(std::u32string_view name, const RequirementTables& tables);

// 副反应, 性能: what ends like a particle is one word.
bool EndsInNoun(std::u32string_view name);

// A noun that can be a name: not only 的水平.
bool HasName(std::u32string_view after, const RequirementTables& tables);

// 能耗由原来的, 从目前: without the words that say where a change begins.
std::u32string_view WithoutOrigin(std::u32string_view name);

// What follows the last of 将, 使, 实现 … in a clause; all of it if none stands there or nothing follows.
std::u32string_view AfterMarker(std::u32string_view name);

// The last negation before the name, not beside the number: 不适用于海拔…, 尚不能在….
std::optional<WordFinder::Hit> NegationIn(std::u32string_view raw, const RequirementTables& tables);

// 热棒降低地温2℃: the verb of change stands before the quantity, with its subject before it. Moves it from
// `name` into `before.change`; nothing happens where `before` says the direction or the value reached
// already.
void TakeInnerVerb(std::u32string& name, BeforeNumber& before, const RequirementTables& tables);

// 铅锌回收率分别: 铅 and 锌回收率. One item where the name does not begin with several substances.
std::vector<std::u32string> LeadingSubstances(const std::u32string& name, const RequirementTables& tables);

}  // namespace dongxi::requirement
