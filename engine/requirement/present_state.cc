#include "engine/requirement/present_state.h"

#include <algorithm>
#include <array>

#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {
namespace {

// Of an offer 目前误报率3% is its own, 目前国内产品 and 现有工艺 are others'; 库中现有36种 is its own.
bool IsOwnState(std::u32string_view text, const WordFinder::Hit& word) {
  const std::u32string_view said = text.substr(word.begin, word.end - word.begin);
  if (word.end == text.size()) return true;
  if (said != U"目前" && said != U"当前" && said != U"现在") return false;
  const std::u32string_view behind = text.substr(word.end, 8);  // near it
  constexpr std::array<std::u32string_view, 16> kOthers = {
      U"国内", U"国外", U"国际", U"市场", U"市售", U"行业", U"主流", U"普遍",
      U"一般", U"同类", U"传统", U"常规", U"常用", U"工业", U"进口", U"多数"};
  return std::none_of(kOthers.begin(), kOthers.end(), [&](std::u32string_view other) {
    return behind.find(other) != std::u32string_view::npos;
  });
}

// 加工效率为原工艺的1.7倍: what the number itself counts by.
bool IsCountedBy(std::u32string_view behind) {
  constexpr std::u32string_view kNumerals = U"一二三四五六七八九十两百千半";
  if (behind == U"的") return true;
  return behind.size() > 1 && behind[0] == U'的' &&
         (IsAsciiDigit(behind[1]) || kNumerals.find(behind[1]) != std::u32string_view::npos);
}

// 0.305 kg（对照组0.221 kg），料肉比: the bracket is closed.
bool IsClosedOff(std::u32string_view behind) {
  const size_t close = behind.find(U')');
  return close != std::u32string_view::npos &&
         behind.substr(0, close).find(U'(') == std::u32string_view::npos &&
         behind.find(U',', close) != std::u32string_view::npos;
}

// 传统蒙古文, 传统村落: a kind of thing.
bool IsOfTradition(std::u32string_view said, std::u32string_view behind) {
  constexpr std::array<std::u32string_view, 10> kThings = {U"蒙", U"医",   U"文化", U"村落", U"建筑",
                                                           U"民", U"手工", U"服饰", U"节",   U"戏"};
  return said == U"传统" && std::any_of(kThings.begin(), kThings.end(),
                                        [&](std::u32string_view thing) { return behind.starts_with(thing); });
}

// 现有基础上, 普通话, 替代进口设备, 能耗仅为45 of an offer (praise or blame of what it offers).
bool TellsNothing(std::u32string_view text, const WordFinder::Hit& word, Side side) {
  const std::u32string_view behind = text.substr(word.end, 4);
  const bool only = text[word.begin] == U'仅' || text[word.begin] == U'只';
  const std::u32string_view ahead = text.substr(0, word.begin);
  const bool replaced = ahead.ends_with(U"替代") || ahead.ends_with(U"取代") || ahead.ends_with(U"代替");
  const std::u32string_view said = text.substr(word.begin, word.end - word.begin);
  return replaced || IsOfTradition(said, behind) || IsCountedBy(behind) ||
         IsClosedOff(text.substr(word.end)) || behind.find(U"基础") != std::u32string_view::npos ||
         behind.starts_with(U'话') || (side == Side::kOffer && only);
}

bool IsComparedWith(std::u32string_view text, const WordFinder::Hit& word, const RequirementTables& tables) {
  const size_t from = word.begin > 3 ? word.begin - 3 : 0;
  return tables.words(WordClass::kVersus).Contains(text.substr(from, word.begin - from));
}

// 国外同类耗时25秒，本系统约40秒: where the offer last speaks of itself; 0 if it does not.
size_t EndOfOwn(std::u32string_view text) {
  constexpr std::array<std::u32string_view, 12> kOwn = {U"本系统", U"本品",   U"本机",   U"本装置",
                                                        U"本设备", U"本方案", U"本方法", U"本平台",
                                                        U"本模型", U"我方",   U"我司",   U"我们"};
  size_t end = 0;
  for (const std::u32string_view own : kOwn) {
    const size_t place = text.rfind(own);
    if (place != std::u32string_view::npos) end = std::max(end, place + own.size());
  }
  return end;
}

}  // namespace

bool TellsPresentState(std::u32string_view text, const BeforeNumber& before, bool has_baseline,
                       bool bounded_behind, Side side, const RequirementTables& tables) {
  size_t state = 0, demand = 0;
  for (const WordFinder::Hit& hit : tables.words(WordClass::kBaseline).FindAll(text)) {
    if (TellsNothing(text, hit, side)) continue;
    if (side == Side::kOffer && IsOwnState(text, hit)) {
      state = 0;
    } else if (!IsComparedWith(text, hit, tables)) {
      state = hit.end;
    }
  }
  if (state == 0) return false;
  for (const WordFinder::Hit& hit : tables.words(WordClass::kTarget).FindAll(text)) demand = hit.end;
  if (side == Side::kOffer && EndOfOwn(text) > state) return false;
  if (demand > state || (before.to && has_baseline)) return false;
  // 现有搅拌头不适用于8 mm以上: what an offer cannot do is its own.
  if (side == Side::kOffer && before.negated && text.substr(0, state).ends_with(U"现有")) return false;
  const bool same_clause = text.find(U',', state) == std::u32string_view::npos;
  if (same_clause) return !before.to;
  return !(before.to || bounded_behind || before.compare == Compare::kAtLeast ||
           before.compare == Compare::kAtMost || before.compare == Compare::kReach || before.change != 0);
}

}  // namespace dongxi::requirement
