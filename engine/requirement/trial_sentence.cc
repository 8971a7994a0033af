#include "engine/requirement/trial_sentence.h"

#include <algorithm>
#include <span>

#include "engine/requirement/clause_text.h"

namespace dongxi::requirement {
namespace {

using Words = std::span<const std::u32string_view>;

constexpr std::u32string_view kSentenceEnds = U"。;；!！?？\n\r";

// 早就不是实验室里的玩意儿, 早过了中试, 走出实验室小试阶段: `before` ends with the word for a trial.
bool IsLeftBehind(std::u32string_view before) {
  if (before.ends_with(U"实验室")) before.remove_suffix(3);
  constexpr std::u32string_view kLeft[] = {U"不是", U"不再是", U"早过了", U"已过", U"走出",   U"走出了",
                                           U"告别", U"告别了", U"过了",   U"不再", U"不只是", U"起步于"};
  return std::any_of(std::begin(kLeft), std::end(kLeft),
                     [&](std::u32string_view word) { return before.ends_with(word); });
}

bool SpeaksOf(std::u32string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](std::u32string_view word) {
    const size_t place = text.find(word);
    return place != std::u32string_view::npos && !IsLeftBehind(text.substr(0, place));
  });
}

bool BeginsWithAYear(std::u32string_view text) {
  return text.size() > 4 && text[0] == U'2' && text[1] == U'0' && text[4] == U'年';
}

// Where what is said of the use at `at` begins: 2019年完成中试，2022年起在12家矿山应用 goes on from a trial
// to use. `text` begins with the sentence.
size_t GoesOnAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kSteps[] = {
      U"现已",   U"现有",   U"目前已",   U"如今",     U"至今",   U"此后",   U"随后",   U"今年",   U"去年",
      U"前年",   U"已在",   U"已于",     U"已为",     U"已向",   U"已推广", U"已累计", U"已销售", U"已供货",
      U"已交付", U"已建成", U"累计推广", U"累计销售", U"并已在", U"并在",   U"后在",   U"先后在", U"陆续在"};
  size_t begin = 0, from = 0;
  while (begin <= at) {
    const std::u32string_view clause = text.substr(begin);
    const bool step = std::any_of(std::begin(kSteps), std::end(kSteps),
                                  [&](std::u32string_view word) { return clause.starts_with(word); });
    if (step || BeginsWithAYear(clause)) from = begin;
    const size_t end = text.find_first_of(kClauseEnds, begin);
    if (end == std::u32string_view::npos) break;
    begin = end + 1;
  }
  return from;
}

}  // namespace

bool IsOfTrials(std::u32string_view text, size_t at, bool lasted) {
  constexpr std::u32string_view kAtLarge[] = {U"国外", U"我国"};
  constexpr std::u32string_view kThings[] = {U"样机", U"样品", U"样件", U"原型",
                                             U"试用", U"模型", U"试种", U"试养"};
  constexpr std::u32string_view kTrials[] = {U"实验", U"中试", U"小试", U"实验室", U"台架",
                                             U"试验", U"测试", U"仿真", U"模拟",   U"盆栽"};
  const size_t last = text.substr(0, at).find_last_of(kSentenceEnds);
  const size_t begin = last == std::u32string_view::npos ? 0 : last + 1;
  const size_t end = std::min(text.find_first_of(kSentenceEnds, at), text.size());
  const std::u32string_view sentence = text.substr(begin, end - begin);
  const size_t step = lasted ? 0 : GoesOnAt(sentence, at - begin);
  const size_t things_from = BeginsWithAYear(sentence) ? step : 0;
  return SpeaksOf(sentence, kAtLarge) || SpeaksOf(sentence.substr(things_from), kThings) ||
         SpeaksOf(sentence.substr(step), kTrials);
}

}  // namespace dongxi::requirement
