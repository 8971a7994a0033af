// What the words around a condition of a site make of it, beside claims.tsv: that it is a chamber, a store or
// another version of the product, that the thing broke there, that the need speaks of another's site. And
// phrases that exclude or show a condition without its name. Private to engine/requirement. Pure functions;
// any thread. Texts are ScannedField::folded.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

// The clause around [begin, end): what stands before and behind. Views of the text.
struct Around {
  std::u32string_view before, behind;
};
Around AroundOf(std::u32string_view text, size_t begin, size_t end);
// With what stands before its colon: 正常使用条件：海拔不超过1000 m.
Around AroundWithHeading(std::u32string_view text, size_t begin, size_t end);
bool HasAny(const Around& clause, std::span<const std::u32string_view> words);

// -80 ℃冻存, 液氮速冻, 凝点-45 ℃: what is kept or made that cold, or turns solid; nothing works there.
bool IsOfStorage(const Around& clause);
// 酱菜含盐量9%, not 盐碱地含盐量0.9%.
bool IsOfAProduct(const Around& clause);
// 低压舱里模拟海拔4500米, 低温箱里放24小时, 盆栽浇盐水: no site. `clause`: around the word or number; what a
// later part of the sentence tells of a site has a clause of its own.
bool IsSimulated(const Around& clause);

// In a title (《高寒地区施工规程》), or the beginning of a longer word in quotes (“高寒山区羊”) that names no
// place.
bool IsInName(std::u32string_view text, size_t begin, size_t end);
// Around a number: 适用于海拔2000 m以下, 使用海拔≤2000 m, how an apparatus is rated; not 已用于海拔3000
// m以下的牧区.
bool IsLimitOfUse(const Around& clause);

// Which of several versions: 第三代, B型, 3号, V3.0. Kind 0: none.
struct Version {
  char32_t kind = 0;   // 代, 型, 号 or v
  char32_t which = 0;  // a digit or letter of ASCII
};
// The version that a title names; none if it names none.
Version VersionOfTitle(std::u32string_view title);
// The sentence speaks before `begin` of another version than `own`: 第二代机型曾在海拔4200米线路上服役, of a
// third one; not 比第二代轻.
bool IsOfAnotherVersion(std::u32string_view text, size_t begin, const Version& own);

// 强紫外线下四个月表面粉化: the offer was tried there, and behind [begin, end) its clause says that it broke.
// Not what others' break of, nor what was mended since.
bool FailedThere(std::u32string_view text, size_t begin, size_t end);

// What the next clause says of it without naming it again: 高海拔须降容四成，不建议采用 (denied),
// 高原方案已评审，尚未实施 (planned).
std::optional<Claim> SaidBehind(std::u32string_view text, size_t begin, size_t end);

// Of a need's word or number: of another's site or project (邻县高海拔项目已另行招标), or not asked for
// (不要求高海拔).
bool IsNotAskedFor(std::u32string_view text, size_t begin, size_t end);

// Where a text has a phrase that says something of the condition with that code without its name.
struct PhraseHit {
  std::string_view code;
  size_t begin = 0, end = 0;
};
std::vector<PhraseHit> ExclusionsIn(std::u32string_view text);  // 平原机型, 冬季须停用
std::vector<PhraseHit> TrialsIn(std::u32string_view text);      // 氙灯老化: tried in a chamber
std::vector<PhraseHit> SitesIn(std::u32string_view text);       // 人背马驮, 暗河: an offer was there

// Where an offer cannot do without mains: 启动须有稳定市电; not 无需市电, 须接市电或柴油机.
struct PhrasePlace {
  size_t begin = 0, end = 0;
};
std::optional<PhrasePlace> MainsNeeded(std::u32string_view text);
// pH 9.6的草场: a soil that is alkaline by its number.
std::optional<PhrasePlace> AlkalineSoil(std::u32string_view text);

// -31℃ at [begin, end) is the cold of a place: -38℃的露天矿, or 丙工地，-31℃，合格 of a list.
bool IsFrostOfASite(std::u32string_view text, size_t begin, size_t end);
// 4300米海拔, 4700米的垭口: the height stands before what it is of.
bool IsAltitudeBefore(std::u32string_view text, size_t begin, size_t end);

}  // namespace dongxi::requirement
