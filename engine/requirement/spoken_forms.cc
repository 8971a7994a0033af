#include "engine/requirement/spoken_forms.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "engine/requirement/clause.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

template <size_t n>
bool BeginsWithAny(std::u32string_view text, const std::array<std::u32string_view, n>& words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return text.starts_with(word); });
}

bool InWords(const ScanText& scan, const QuantityToken& token) {
  constexpr std::u32string_view kNumerals = U"一二两三四五六七八九十百千半";
  return kNumerals.find(scan.text[token.begin]) != std::u32string_view::npos;
}

// 六年仍完好, 24 h不复燃, 八个月一换.
bool Lasts(std::u32string_view behind) {
  constexpr std::array<std::u32string_view, 9> kState = {U"仍",   U"还",   U"未",   U"不",  U"无",
                                                         U"没有", U"一换", U"一修", U"一检"};
  constexpr std::array<std::u32string_view, 5> kOther = {U"不足", U"不到", U"不超", U"无人", U"还原"};
  return BeginsWithAny(behind, kState) && !BeginsWithAny(behind, kOther);
}

// 三千亩, 两万吨, 五百万元: how much a need has.
bool IsStock(const Dimension& dimension) {
  const bool amount =
      dimension.bases() == 1 && (dimension.Has("mass") || dimension.Has("length") || dimension.Has("money"));
  return (amount && dimension.power("length") != 1) || dimension.IsCount();
}

constexpr std::array<std::pair<std::u32string_view, std::u32string_view>, 22> kRates = {{
    {U"去掉", U"去除率"}, {U"除掉", U"去除率"},   {U"脱掉", U"去除率"},   {U"降掉", U"去除率"},
    {U"除去", U"去除率"}, {U"保住", U"保留率"},   {U"留住", U"保留率"},   {U"保留", U"保留率"},
    {U"收住", U"回收率"}, {U"收回", U"回收率"},   {U"拿回", U"回收率"},   {U"捞回", U"回收率"},
    {U"拦住", U"去除率"}, {U"截住", U"去除率"},   {U"认准", U"准确率"},   {U"认对", U"准确率"},
    {U"报准", U"准确率"}, {U"判对", U"准确率"},   {U"查得出", U"检出率"}, {U"查出", U"检出率"},
    {U"检出", U"检出率"}, {U"活下来", U"成活率"},
}};

}  // namespace

bool IsSpoken(const ScanText& scan, const QuantityToken& token, size_t end, size_t name_characters, bool per,
              Side side) {
  constexpr size_t kNameCharacters = 14;
  const bool in_words = InWords(scan, token);
  if (!token.has_unit || name_characters < 2 || name_characters > kNameCharacters) return false;
  const std::u32string_view behind = std::u32string_view(scan.text).substr(end);
  const bool lasts = token.unit.dimension == TimeDimension() && Lasts(behind);
  if (!in_words && !token.range && !lasts) return false;
  if (!behind.empty() && !IsSeparator(behind.front()) && !lasts) return false;
  return side == Side::kOffer || per || !IsStock(token.unit.dimension);
}

void NameShareByVerb(std::u32string& name) {
  for (const auto& [verb, rate] : kRates) {
    if (!name.ends_with(verb)) continue;
    name.replace(name.size() - verb.size(), verb.size(), rate);
    return;
  }
}

void NameTimeByVerb(std::u32string_view said, bool of_degrees, std::u32string& name) {
  for (const std::u32string_view verb : {U"放得住", U"存得住", U"存得下"}) {
    if (!name.ends_with(verb)) continue;
    name.replace(name.size() - verb.size(), verb.size(), U"保存期");
    return;
  }
  const auto ends_with_any = [&](std::initializer_list<std::u32string_view> verbs) {
    return std::any_of(verbs.begin(), verbs.end(), [&](auto verb) { return said.ends_with(verb); });
  };
  if (of_degrees && ends_with_any({U"维持", U"保持", U"持续", U"保温", U"恒温"})) {
    name = U"保温时间";
  } else if ((name.empty() || name == U"用") &&
             ends_with_any({U"能用", U"可用", U"用得", U"使用", U"服役"})) {
    name = U"使用寿命";
  }
}

void NameElementBySymbol(const QuantityToken& token, std::u32string& name) {
  constexpr std::array<std::pair<std::u32string_view, std::u32string_view>, 8> kElements = {
      {{U"P", U"磷含量"},
       {U"S", U"硫含量"},
       {U"C", U"碳含量"},
       {U"N", U"氮含量"},
       {U"O", U"氧含量"},
       {U"H", U"氢含量"},
       {U"氧", U"氧含量"},
       {U"氢", U"氢含量"}}};
  const bool share = token.has_unit && token.unit.dimension.is_ratio() && token.unit.factor <= 0.01;
  for (const auto& [symbol, content] : kElements) {
    if (!share || !name.ends_with(symbol)) continue;
    const size_t begin = name.size() - symbol.size();
    // 产品氧, 钢水P; not pH, 溶解氧.
    const bool whole = begin == 0 || name.substr(0, begin) == U"产品" ||
                       (IsAsciiLetter(symbol[0]) && IsHan(name[begin - 1]));
    if (whole) name.replace(begin, symbol.size(), content);
    return;
  }
}

bool SpeaksOfUse(std::u32string_view behind) {
  constexpr std::array<std::u32string_view, 11> kUses = {U"工作", U"使用", U"运行", U"可用", U"启动", U"作业",
                                                         U"有效", U"流动", U"运转", U"稳定", U"不冻"};
  return std::any_of(kUses.begin(), kUses.end(),
                     [&](auto use) { return behind.find(use) != std::u32string_view::npos; });
}

size_t ShareVerbLength(std::u32string_view name) {
  for (const auto& [verb, rate] : kRates) {
    if (name.ends_with(verb)) return verb.size();
  }
  return 0;
}

bool IsSymbol(std::u32string_view name) {
  constexpr size_t kLetters = 3;
  return name.size() >= 2 && name.size() <= kLetters && std::all_of(name.begin(), name.end(), IsAsciiLetter);
}

bool IsLoad(const QuantityToken& token, std::u32string_view behind) {
  constexpr std::array<std::u32string_view, 3> kLoads = {U"负荷", U"负载", U"额定负荷"};
  return token.unit.dimension.is_ratio() && BeginsWithAny(behind, kLoads);
}

bool BeginsStrength(std::u32string_view name) {
  constexpr std::array<std::u32string_view, 6> kStrengths = {U"抗压", U"抗折", U"抗拉",
                                                             U"抗弯", U"抗剪", U"强度"};
  return BeginsWithAny(name, kStrengths);
}

size_t BoundOfTokenBefore(std::u32string_view name) {
  for (const std::u32string_view word : {U"以上", U"以下", U"以内", U"内", U"时", U"后"}) {
    if (name.starts_with(word) && (name.size() > word.size() || word.size() == 1)) return word.size();
  }
  return 0;
}

}  // namespace dongxi::requirement
