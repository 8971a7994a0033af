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
constexpr Head kHeads[] = {{U"技术就绪水平"}, {U"技术就绪度"},   {U"技术就绪指数"}, {U"技术就绪"},
                           {U"就绪水平"},     {U"就绪度"},       {U"技术准备水平"}, {U"技术准备度"},
                           {U"技术成熟度"},   {U"技术成熟等级"}, {U"trl"},          {U"成熟度", false}};
// The scale itself: TRL（1～9级）：6级.
constexpr std::u32string_view kScales[] = {U"1-9级", U"1~9级",  U"1至9级", U"一至九级", U"1-9",    U"1~9",
                                           U"共9级", U"共九级", U"9级制",  U"九级制",   U"满分9级"};
// Other scales of nine or ten, and fruit: 制造成熟度, 果实成熟度.
constexpr std::u32string_view kOtherScales[] = {U"制造", U"制造技术", U"市场", U"商业", U"产业",
                                                U"采收", U"果",       U"果实", U"籽粒", U"烟叶",
                                                U"叶片", U"鲜叶",     U"堆肥"};
// What may stand between the name and the digit.
constexpr std::u32string_view kLinks[] = {
    U"不低于", U"不小于", U"大于等于", U"已达到", U"等级", U"级别", U"水平", U"达到", U"已达", U"自评",
    U"复核",   U"当前",   U"现已",     U"实际",   U"评价", U"评定", U"评估", U"鉴定", U"认定", U"评审",
    U"判定",   U"核定",   U"综合",     U"至少",   U"处于", U"要求", U"现为", U"目前", U"为",   U"达",
    U"约",     U"应",     U"须",       U"需",     U"第",   U"在",   U"是",   U"到",   U"trl"};
// When each of the two levels of a rise was reached: 由立项时的3级升到验收时的8级.
constexpr std::u32string_view kTimes[] = {U"立项", U"启动", U"起步", U"最初", U"初期", U"初始", U"原来",
                                          U"原先", U"项目", U"验收", U"结题", U"目前", U"现在", U"当前",
                                          U"如今", U"时",   U"的",   U"前",   U"后",   U"第"};
constexpr std::u32string_view kSigns = U" :=≥>(-)等级";
constexpr std::u32string_view kChinese = U"一二三四五六七八九";
constexpr std::u32string_view kRanges = U"-~至到→";
// 由4级提升到7级: between the level before and 至, 到, 为.
constexpr std::u32string_view kRises[] = {U"提升", U"提高", U"上升", U"跃升", U"发展", U"推进", U"升", U"提"};
// What a later level in the same sentence stands behind, the longest first.
constexpr std::u32string_view kVerbs[] = {
    U"自评为", U"复核为", U"审定为", U"确定为", U"定为",   U"降为",   U"下调为", U"下调到", U"降到",
    U"评价为", U"评定为", U"认定为", U"鉴定为", U"评估为", U"核定为", U"判定为", U"目前为", U"现已达到",
    U"已达到", U"提升至", U"提升到", U"提升为", U"提高至", U"提高到", U"推进到", U"推进至", U"发展到",
    U"评为",   U"现为",   U"已达",   U"达到",   U"升至",   U"升到",   U"升为",   U"提至",   U"提到"};

char32_t At(std::u32string_view text, size_t at) { return at < text.size() ? text[at] : U' '; }

bool Is(std::u32string_view any, char32_t c) { return any.find(c) != std::u32string_view::npos; }

// The level that begins at `at`; none for 10, 7.5, 70%, 3个等级, 一般.
std::optional<int> LevelAt(std::u32string_view text, size_t at) {
  if (at >= text.size()) return std::nullopt;
  const char32_t next = At(text, at + 1);
  const size_t chinese = kChinese.find(text[at]);
  if (chinese != std::u32string_view::npos) {
    if (next != U'级' && !Is(kRanges, next)) return std::nullopt;
    return static_cast<int>(chinese) + 1;
  }
  if (text[at] < U'1' || text[at] > U'9') return std::nullopt;
  if (IsAsciiDigit(next) || Is(U".%成分个项种类年月条章", next)) return std::nullopt;
  return static_cast<int>(text[at] - U'0');
}

// Past links, signs and scales; sets `named` where one of them is TRL.
size_t SkipLinks(std::u32string_view text, size_t at, bool& named) {
  while (at < text.size()) {
    const auto begins = [&](std::u32string_view one) { return text.substr(at).starts_with(one); };
    const auto* scale = std::find_if(std::begin(kScales), std::end(kScales), begins);
    if (scale != std::end(kScales)) {
      at += scale->size();
      continue;
    }
    const auto* link = std::find_if(std::begin(kLinks), std::end(kLinks), begins);
    if (link == std::end(kLinks) && !Is(kSigns, text[at])) break;
    named |= link != std::end(kLinks) && *link == U"trl";
    at += link == std::end(kLinks) ? 1 : link->size();
  }
  return at;
}

size_t SkipTimes(std::u32string_view text, size_t at) {
  while (at < text.size()) {
    const auto* time = std::find_if(std::begin(kTimes), std::end(kTimes), [&](std::u32string_view one) {
      return text.substr(at).starts_with(one);
    });
    if (time == std::end(kTimes)) break;
    at += time->size();
  }
  return at;
}

size_t SkipGrade(std::u32string_view text, size_t at) { return At(text, at) == U'级' ? at + 1 : at; }

// 由4级提升到7级 from `at` on, behind a name that begins at `begin`.
std::optional<TrlMention> RiseAt(std::u32string_view text, size_t begin, size_t at) {
  bool named = false;
  at = SkipLinks(text, SkipTimes(text, at + 1), named);
  const std::optional<int> from = LevelAt(text, at);
  if (!from) return std::nullopt;
  at = SkipGrade(text, at + 1);
  for (const std::u32string_view rise : kRises) {
    if (!text.substr(at).starts_with(rise)) continue;
    at += rise.size();
    break;
  }
  if (!Is(U"至到为→", At(text, at))) return std::nullopt;
  at = SkipLinks(text, SkipTimes(text, at + 1), named);
  const std::optional<int> level = LevelAt(text, at);
  if (!level) return std::nullopt;
  return TrlMention{begin, SkipGrade(text, at + 1), *level, *level, *from};
}

// 6–7, 4级至6级: the second level behind `mention`. 由TRL 3到TRL 6 is a rise.
void ReadRange(std::u32string_view text, TrlMention& mention) {
  const size_t at = text.substr(mention.end).starts_with(U" →") ? mention.end + 1 : mention.end;
  if (!Is(kRanges, At(text, at)) || at >= text.size()) return;
  size_t second = At(text, at + 1) == U' ' ? at + 2 : at + 1;
  if (text.substr(std::min(second, text.size())).starts_with(U"trl")) second += 3;
  if (At(text, second) == U' ' && text[at] == U'→') ++second;
  const std::optional<int> high = LevelAt(text, second);
  if (!high || *high < mention.low) return;
  mention.end = SkipGrade(text, second + 1);
  mention.high = *high;
  const bool rise = text[at] == U'→' ||
                    (mention.begin > 0 && Is(U"由从", text[mention.begin - 1]) && Is(U"至到", text[at]));
  if (!rise) return;
  mention.from = mention.low;
  mention.low = mention.high;
}

// The name that begins at `begin`; null if there is none.
const Head* HeadAt(std::u32string_view text, size_t begin) {
  const auto* head = std::find_if(std::begin(kHeads), std::end(kHeads),
                                  [&](const Head& one) { return text.substr(begin).starts_with(one.word); });
  if (head == std::end(kHeads)) return nullptr;
  if (head->word == U"trl" && begin > 0 && IsAsciiLetter(text[begin - 1])) return nullptr;  // ctrl
  const bool other =
      std::any_of(std::begin(kOtherScales), std::end(kOtherScales),
                  [&](std::u32string_view one) { return text.substr(0, begin).ends_with(one); });
  return !head->sure && other ? nullptr : head;
}

std::optional<TrlMention> MentionAt(std::u32string_view text, size_t begin, const Head& head) {
  bool sure = head.sure;
  const size_t at = SkipLinks(text, begin + head.word.size(), sure);
  std::optional<TrlMention> mention;
  if (Is(U"由从", At(text, at))) {
    mention = RiseAt(text, begin, at);
  } else if (const std::optional<int> low = LevelAt(text, at)) {
    mention = TrlMention{begin, SkipGrade(text, at + 1), *low, *low};
    ReadRange(text, *mention);
  }
  if (mention && !sure && text[mention->end - 1] != U'级') return std::nullopt;
  return mention;
}

// 评价为7级 at `at` in a clause that begins at `clause`; not 抗震达到8级, 防护等级达到7级, 达到3级标准.
std::optional<TrlMention> LaterAt(std::u32string_view text, size_t clause, size_t at) {
  const auto* verb = std::find_if(std::begin(kVerbs), std::end(kVerbs),
                                  [&](std::u32string_view one) { return text.substr(at).starts_with(one); });
  if (verb == std::end(kVerbs)) return std::nullopt;
  size_t digit = at + verb->size();
  if (At(text, digit) == U'第') ++digit;
  const std::optional<int> level = LevelAt(text, digit);
  if (!level || At(text, digit + 1) != U'级') return std::nullopt;
  // 出水达到一级, 评定为七级
  if (!IsAsciiDigit(text[digit]) && verb->find_first_of(U"评定核审") == std::u32string_view::npos)
    return std::nullopt;
  if (Is(U"标风防资水台地", At(text, digit + 2))) return std::nullopt;
  const std::u32string_view before = text.substr(clause, at - clause);
  if (before.find_first_of(U"震风浪耐噪质防") != std::u32string_view::npos) return std::nullopt;
  return TrlMention{digit, digit + 2, *level, *level, 0, false};
}

// The levels that the sentence goes on with between `at` and `stop`.
void AddLater(std::u32string_view text, size_t at, size_t stop, std::vector<TrlMention>& mentions) {
  for (size_t clause = at; at < stop && !Is(U"。;；!！?？\n\r", text[at]); ++at) {
    if (Is(U",，:：", text[at])) clause = at + 1;
    const std::optional<TrlMention> later = LaterAt(text, clause, at);
    if (!later || later->end > stop) continue;
    mentions.push_back(*later);
    at = later->end - 1;
  }
}

}  // namespace

std::vector<TrlMention> FindTrlMentions(std::u32string_view text) {
  struct Name {
    size_t begin, end;
    std::optional<TrlMention> mention;  // none: 技术就绪度，经专家评定为七级
  };
  std::vector<Name> names;
  for (size_t at = 0; at < text.size(); ++at) {
    // Only 技, 就, 成 and t begin a name: most characters end here.
    if (text[at] != U't' && text[at] != U'技' && text[at] != U'就' && text[at] != U'成') continue;
    const Head* head = HeadAt(text, at);
    if (head == nullptr) continue;
    const std::optional<TrlMention> mention = MentionAt(text, at, *head);
    if (!mention && !head->sure) continue;
    names.push_back({at, mention ? mention->end : at + head->word.size(), mention});
    at = names.back().end - 1;
  }
  std::vector<TrlMention> mentions;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].mention) mentions.push_back(*names[i].mention);
    AddLater(text, names[i].end, i + 1 < names.size() ? names[i + 1].begin : text.size(), mentions);
  }
  return mentions;
}

}  // namespace dongxi::requirement
