#include "engine/requirement/per_value.h"

#include <algorithm>
#include <array>

#include "engine/requirement/clause.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

template <size_t n>
bool BeginsWith(std::u32string_view text, const std::array<std::u32string_view, n>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.starts_with(word); });
}
template <size_t n>
bool EndsWith(std::u32string_view text, const std::array<std::u32string_view, n>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.ends_with(word); });
}

// 每处理1 m³, 每100 km; not 每小时5 m³, 每亩用工12个, which are of each hour.
bool StandsBehindEach(std::u32string_view before, const RequirementTables& tables) {
  constexpr size_t kVerbCharacters = 4;
  const size_t each = before.rfind(U'每');
  if (each == std::u32string_view::npos || before.size() - each - 1 > kVerbCharacters) return false;
  const bool verb = tables.words(WordClass::kNotUnit).At(before, each + 1).end > each + 1;
  const WordFinder::Hit unit = tables.UnitAt(before, each + 1);
  return unit.end == unit.begin || verb;
}

// 一天可测60公里, 八小时完成210 m; not 24 h能耗3 kWh, 7天可溶性固形物.
bool IsTimeOfWork(const QuantityToken& token, std::u32string_view behind) {
  constexpr std::array<std::u32string_view, 12> kWork = {U"可", U"能", U"完成", U"处理", U"加工", U"生产",
                                                         U"采", U"供", U"出",   U"最多", U"能够", U"可以"};
  constexpr std::array<std::u32string_view, 9> kOther = {U"可使", U"能使", U"可将",   U"可溶", U"可靠",
                                                         U"能耗", U"能量", U"处理后", U"出水"};
  return token.unit.dimension == TimeDimension() && BeginsWith(behind, kWork) && !BeginsWith(behind, kOther);
}

// 制取1 t碳酸锂, 加工一吨鲜果: one of what is made.
bool IsOneMade(std::u32string_view before, const QuantityToken& token, std::u32string_view behind) {
  constexpr std::array<std::u32string_view, 10> kMake = {U"制取", U"制备", U"加工", U"生产", U"处理",
                                                         U"冶炼", U"提取", U"产出", U"制得", U"得到"};
  const bool amount = token.unit.dimension.bases() == 1 &&
                      (token.unit.dimension.power("mass") == 1 || token.unit.dimension.power("length") == 3);
  // 处理一千方气的运行费: any amount, where a cost of it follows.
  const bool costs = behind.find_first_of(U"费耗钱用") != std::u32string_view::npos;
  const bool one = token.low == token.unit.factor, made = EndsWith(before, kMake);
  return amount && ((one && (made || costs)) || (made && costs)) && !behind.empty() && IsHan(behind.front());
}

// 一亩挖得鲜根680kg, 一吨餐厨出沼气92 m³, 一人一天采鲜椒八十斤: speech says 每 so. Not 一年内, 一小时后.
bool IsOneInWords(std::u32string_view before, std::u32string_view number, const QuantityToken& token,
                  std::u32string_view behind) {
  constexpr std::u32string_view kOtherWords = U"内后前以之多的时起中左龄期到至延提升降增减缩";
  constexpr std::u32string_view kNoBegin = U"由从自近每第过到至";  // 由一年延长到三年, 近一年
  const Dimension& dimension = token.unit.dimension;
  if (!number.starts_with(U'一') || token.low != token.unit.factor || dimension.is_ratio()) return false;
  if (!before.empty() && kNoBegin.find(before.back()) != std::u32string_view::npos) return false;
  if (behind.empty()) return true;  // 一小时五百公斤, 标签一枚五分钱
  return IsHan(behind.front()) && kOtherWords.find(behind.front()) == std::u32string_view::npos;
}

}  // namespace

bool IsCountedOn(std::u32string_view before, std::u32string_view number, const QuantityToken& token,
                 std::u32string_view behind, const RequirementTables& tables) {
  while (before.ends_with(U' ')) before.remove_suffix(1);
  return StandsBehindEach(before, tables) || IsTimeOfWork(token, behind) ||
         IsOneMade(before, token, behind) || IsOneInWords(before, number, token, behind);
}

}  // namespace dongxi::requirement
