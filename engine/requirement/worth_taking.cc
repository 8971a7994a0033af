#include "engine/requirement/worth_taking.h"

#include <algorithm>
#include <array>

#include "engine/requirement/spoken_forms.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

bool IsDemanded(const NumberInText& number, const RequirementTables& tables) {
  if (number.before.to && number.before.change != 0) return true;
  const bool asked = tables.words(WordClass::kTarget).Contains(FoldAscii(number.sentence));
  return asked && (number.before.anything || number.after.compare != Compare::kNone);
}

// 能爬20%的坡, 最小可识别气孔0.5 mm, 冲次0.5～4次/min可调.
bool SpeaksOfAbility(const NumberInText& number) {
  constexpr std::array<std::u32string_view, 12> kBegins = {
      U"能", U"可", U"须", U"应", U"最小", U"最大", U"最高", U"最低", U"额定", U"标称", U"极限", U"单台"};
  constexpr std::array<std::u32string_view, 5> kOther = {U"能源", U"能量", U"可再生", U"应用", U"应力"};
  const auto begins_with = [&](auto word) { return number.clause.starts_with(word); };
  if (std::u32string_view(number.scan.text).substr(number.token.end).starts_with(U"可调")) return true;
  return std::any_of(kBegins.begin(), kBegins.end(), begins_with) &&
         std::none_of(kOther.begin(), kOther.end(), begins_with);
}

// 临界成功指数CSI: the word for what is measured, without the symbol behind it.
std::u32string_view WithoutSymbol(std::u32string_view name) {
  size_t end = name.size();
  while (end > 0 && (IsAsciiLetter(name[end - 1]) || IsAsciiDigit(name[end - 1]))) --end;
  return end == 0 ? name : name.substr(0, end);
}

bool EndsInMeasure(std::u32string_view name) {
  constexpr std::u32string_view kEnds =
      U"数比度值率量力分耗重长径高宽深温级角速限性差点距频压价费载幅容功损阻";
  constexpr size_t kCharactersMax = 8;
  const std::u32string_view words = WithoutSymbol(name);
  return words.size() <= kCharactersMax && kEnds.find(words.back()) != std::u32string_view::npos;
}

}  // namespace

bool IsWorthTaking(const NumberInText& number, const ParseOptions& options, const RequirementTables& tables) {
  const QuantityToken& token = number.token;
  const BeforeNumber& before = number.before;
  const std::u32string_view name = number.name.text;
  const bool bounded = before.compare != Compare::kNone || number.after.compare != Compare::kNone;
  const bool compared =
      bounded || before.to || before.covers || token.both_ends || token.tolerance > 0 || token.symmetric;
  const bool known = !number.name.quantity.empty(), offer = options.side == Side::kOffer;
  // 氯降到百分之一, 一小时干10亩
  const bool short_name = IsHan(name.empty() ? U' ' : name.back()) && token.has_unit &&
                          ((bounded && !token.weak) || number.divided);
  if (name.empty() || (!known && name.size() < 2 && !short_name)) return false;
  if (options.demands_only && !IsDemanded(number, tables)) return false;
  if (IsSpoken(number.scan, token, number.after.end, name.size(), number.counted, options.side)) return true;
  const bool measure = EndsInMeasure(name);
  if (!token.has_unit)
    return known || compared || (measure && (offer || token.range)) || (offer && IsSymbol(name));
  if (token.weak) return known || compared;
  return known || compared || measure || before.change != 0 || options.indicator_list || offer ||
         SpeaksOfAbility(number);
}

}  // namespace dongxi::requirement
