// How texts name cooperation modes, and the clause around such a name. UTF-8 as it is written. Private to
// engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "engine/requirement/mode_phrase_table.h"

namespace dongxi::requirement {

// Names that a mode is refused or offered by. What can be done only one way (不派人外出挂职) is no refusal.
struct NamedMode {
  std::string_view code;
  std::vector<std::string_view> words;
};
const std::vector<NamedMode>& NamedModes();

// Marks that end a clause; a list goes on behind a colon (合作方式：转让、入股).
inline constexpr std::string_view kClauseMarks[] = {"，", ",", "。", "；", ";", "：", ":", "！", "？", "\n"};
inline constexpr std::string_view kListMarks[] = {"，", ",", "。", "；", ";", "！", "？", "\n"};
inline constexpr std::string_view kSentenceMarks[] = {"。", "；", ";", "！", "？", "\n"};

bool HasAny(std::string_view text, std::span<const std::string_view> words);
bool EndsWithAny(std::string_view text, std::span<const std::string_view> words);
bool StartsWithAny(std::string_view text, std::span<const std::string_view> words);

// Takes off what `text` ends with, as long as it is one of `ends`. True if there was any.
bool TakeEnds(std::string_view& text, std::span<const std::string_view> ends);
bool TakeEnds(std::string_view& text, const std::vector<ModePhrase>& ends);

// What stands behind the last of `ends`, and before the first; the part of `text` around the place `at`.
std::string_view LastPart(std::string_view text, std::span<const std::string_view> ends);
std::string_view FirstPart(std::string_view text, std::span<const std::string_view> ends);
std::string_view PartAround(std::string_view text, size_t at, std::span<const std::string_view> ends);

// Calls `rule` with each part between `ends`, in order.
template <typename Rule>
void ForEachPart(std::string_view text, std::span<const std::string_view> ends, const Rule& rule) {
  while (!text.empty()) {
    const std::string_view part = FirstPart(text, ends);
    rule(part);
    text.remove_prefix(part.size());
    for (const std::string_view end : ends) {
      if (!text.starts_with(end)) continue;
      text.remove_prefix(end.size());
      break;
    }
  }
}

// Where `phrase` begins in `text`; npos if it does not stand there.
size_t PlaceOf(std::string_view text, const ModePhrase& phrase);
// The place of the first of `phrases` that stands there; npos if none does.
size_t FirstOf(std::string_view text, const std::vector<ModePhrase>& phrases);
bool SaysOneOf(std::string_view text, const std::vector<ModePhrase>& phrases);

// The clause is of something else: 公司股权转让给国资, 拟对外转让, 本成果由两家共同研究取得.
bool SaysNothing(std::string_view clause, const ModePhraseTable& table);
// `before` stands before an offer: 学校不同意…, but neither 无偿… nor 不仅….
bool IsDeniedBefore(std::string_view before, const ModePhraseTable& table);
// 设备可以转让, but not 设备和专利可以转让.
bool IsGoodsOnly(std::string_view clause, const ModePhraseTable& table);

}  // namespace dongxi::requirement
