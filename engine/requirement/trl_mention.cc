#include "engine/requirement/trl_mention.h"

#include <algorithm>
#include <optional>

#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {
namespace {

// The longest first. `sure`: a digit behind it is a level even without 级.
struct Head {
  std::u32string_view word;
  bool sure = true;
};
constexpr Head kHeads[] = {{U"技术就绪水平"}, {U"技术就绪度"},        {U"技术就绪指数"}, {U"技术就绪"},
                           {U"就绪度"},       {U"技术成熟度", false}, {U"trl"},          {U"成熟度", false}};
// What may stand between the name and the digit.
constexpr std::u32string_view kLinks[] = {U"不低于", U"不小于", U"大于等于", U"等级", U"级别", U"水平", U"达到",
                                          U"已达",   U"至少",   U"处于",     U"要求", U"为",   U"达",   U"约",
                                          U"应",     U"须",     U"需",       U"第",   U"在",   U"是",   U"trl"};
constexpr std::u32string_view kSigns = U" :=≥>(-等级";
constexpr std::u32string_view kChinese = U"一二三四五六七八九";

// The level that begins at `at`; none for 10, 7.5, 70%.
std::optional<int> LevelAt(std::u32string_view text, size_t at) {
  if (at >= text.size()) return std::nullopt;
  const size_t chinese = kChinese.find(text[at]);
  if (chinese != std::u32string_view::npos) return static_cast<int>(chinese) + 1;
  if (text[at] < U'1' || text[at] > U'9') return std::nullopt;
  const char32_t next = at + 1 < text.size() ? text[at + 1] : U' ';
  if (IsAsciiDigit(next) || next == U'.' || next == U'%' || next == U'成') return std::nullopt;
  return static_cast<int>(text[at] - U'0');
}

// Past links and signs; sets `named` where one of them is TRL.
size_t SkipLinks(std::u32string_view text, size_t at, bool& named) {
  while (at < text.size()) {
    const auto* link = std::find_if(std::begin(kLinks), std::end(kLinks), [&](std::u32string_view one) {
      return text.substr(at).starts_with(one);
    });
    if (link == std::end(kLinks) && kSigns.find(text[at]) == std::u32string_view::npos) break;
    named |= link != std::end(kLinks) && *link == U"trl";
    at += link == std::end(kLinks) ? 1 : link->size();
  }
  return at;
}

size_t SkipGrade(std::u32string_view text, size_t at) {
  return at < text.size() && text[at] == U'级' ? at + 1 : at;
}

std::optional<TrlMention> MentionAt(std::u32string_view text, size_t begin) {
  const auto* head = std::find_if(std::begin(kHeads), std::end(kHeads), [&](const Head& one) {
    return text.substr(begin).starts_with(one.word);
  });
  if (head == std::end(kHeads)) return std::nullopt;
  if (head->word == U"trl" && begin > 0 && IsAsciiLetter(text[begin - 1])) return std::nullopt;  // ctrl
  bool sure = head->sure;
  size_t at = SkipLinks(text, begin + head->word.size(), sure);
  const std::optional<int> low = LevelAt(text, at);
  if (!low) return std::nullopt;
  TrlMention mention{begin, SkipGrade(text, at + 1), *low, *low};
  at = mention.end;
  if (at < text.size() && std::u32string_view(U"-~至到").find(text[at]) != std::u32string_view::npos) {
    const size_t second = text.substr(at + 1).starts_with(U"trl") ? at + 4 : at + 1;
    const std::optional<int> high = LevelAt(text, second);
    if (high && *high >= *low) {
      mention.high = *high;
      mention.end = SkipGrade(text, second + 1);
    }
  }
  if (!sure && text[mention.end - 1] != U'级') return std::nullopt;
  return mention;
}

}  // namespace

std::vector<TrlMention> FindTrlMentions(std::u32string_view text) {
  std::vector<TrlMention> mentions;
  for (size_t at = 0; at < text.size(); ++at) {
    // Only 技, 就, 成 and t begin a name: most characters end here.
    if (text[at] != U't' && text[at] != U'技' && text[at] != U'就' && text[at] != U'成') continue;
    const std::optional<TrlMention> mention = MentionAt(text, at);
    if (!mention) continue;
    mentions.push_back(*mention);
    at = mention->end - 1;
  }
  return mentions;
}

}  // namespace dongxi::requirement
