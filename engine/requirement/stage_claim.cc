#include "engine/requirement/stage_claim.h"

#include <algorithm>
#include <optional>

#include "engine/requirement/clause_text.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kNone = std::u32string_view::npos;
constexpr std::u32string_view kSentenceEnds = U"。;；!！?？\n\r";

// 未, 无, 避免 right before `at` of a clause: 从未停运, 避免返工 are praise.
bool IsDeniedAt(std::u32string_view text, size_t at) {
  constexpr size_t kBefore = 3;
  const size_t from = at > kBefore ? at - kBefore : 0;
  const std::u32string_view before = text.substr(from, at - from);
  return before.find_first_of(U"未无没不零") != kNone ||
         EndsInAny(before, {U"避免", U"防止", U"减少", U"解决了"});
}

// Whether `text` says that what came before it went wrong or was ended; not of another thing (老型号已停产).
bool TellsOfAnEnd(std::u32string_view text) {
  constexpr std::u32string_view kEnds[] = {
      U"未通过验收", U"未能通过",     U"没有通过验收", U"没通过验收", U"验收未通过",   U"验收没过",
      U"中途停止",   U"中途停工",     U"中途停摆",     U"中途终止",   U"半途而废",     U"以失败告终",
      U"宣告失败",   U"最终失败",     U"均告失败",     U"未获成功",   U"未能成功",     U"没有成功",
      U"没能成功",   U"没成功",       U"未达到预期",   U"未达预期",   U"没达到预期",   U"没有达到预期",
      U"退回实验室", U"退回到实验室", U"退回小试",     U"退回到小试", U"又回到实验室", U"重回实验室",
      U"回到小试",   U"重返实验室",   U"推倒重来",     U"重新小试",   U"重做小试",     U"重新做小试",
      U"项目下马",   U"被迫下马",     U"已下马",       U"已拆除",     U"全部拆除",     U"被拆除",
      U"拆除了",     U"全拆了",       U"已停运",       U"停运至今",   U"已停用",       U"停用至今",
      U"被迫停",     U"已停产",       U"停产至今",     U"已停止运行", U"已停止使用",   U"已停止生产",
      U"已停止销售", U"已停售",       U"已退市",       U"已下架",     U"被召回",       U"全部召回",
      U"全部退货",   U"被退货",       U"已报废",       U"全部报废",   U"被叫停",       U"已搁浅",
      U"不了了之",   U"已关停",       U"随后关停",     U"随后停运",   U"随后停产",     U"后停运",
      U"后停产",     U"停了下来",     U"没再开",       U"年停运",     U"年停产",       U"年停用",
      U"年拆除",     U"年关停",       U"年退市",       U"月停运",     U"月停产",       U"均未达标",
      U"仍未达标",   U"未能达标",     U"均不达标",     U"均不合格",   U"均未成功",     U"均失败",
      U"周后下线",   U"月后下线",     U"年后下线",     U"未果"};
  return AnyClause(text, [&](std::u32string_view clause) {
    const bool of_another = ContainsAny(
        clause, {U"老", U"旧", U"原有", U"原机", U"上一代", U"上代", U"前代", U"一代", U"进口", U"传统",
                 U"竞品", U"同类", U"对照", U"高耗能", U"替代", U"取代", U"恢复", U"重启", U"复产"});
    return !of_another && std::any_of(std::begin(kEnds), std::end(kEnds), [&](std::u32string_view word) {
      const size_t at = clause.find(word);
      return at != kNone && !IsDeniedAt(clause, at);
    });
  });
}

// The pilot test stopped half way, the plant was taken down: in the rest of its sentence, or in the next one
// where that goes on about it (后因, 但, 该装置).
bool IsGivenUp(std::u32string_view text, size_t end, size_t stop) {
  const size_t close = std::min(text.find_first_of(kSentenceEnds, end), text.size());
  if (TellsOfAnEnd(text.substr(end, std::min(close, std::max(stop, end)) - end))) return true;
  if (stop <= close || close == text.size()) return false;
  const std::u32string_view next = text.substr(close + 1, stop - close - 1);
  const bool goes_on = StartsWithAny(
      next, {U"后因", U"后来", U"但", U"然而", U"不过", U"可惜", U"因", U"由于", U"该装置", U"该线",
             U"该示范", U"该项目", U"该产品", U"该设备", U"现已", U"目前已停", U"目前该", U"随后", U"结果"});
  return goes_on && TellsOfAnEnd(next.substr(0, next.find_first_of(kSentenceEnds)));
}

// The year that `text` has at `at`; 0 if none: 2027年.
int YearAt(std::u32string_view text, size_t at) {
  if (text.size() < at + 5 || text[at] != U'2' || text[at + 1] != U'0' || text[at + 4] != U'年') return 0;
  if (!IsAsciiDigit(text[at + 2]) || !IsAsciiDigit(text[at + 3])) return 0;
  return 2000 + 10 * static_cast<int>(text[at + 2] - U'0') + static_cast<int>(text[at + 3] - U'0');
}

// The last year that `clause` names; 0 if none.
int LastYear(std::u32string_view clause) {
  int last = 0;
  for (size_t at = 0; at < clause.size(); ++at) {
    if (const int year = YearAt(clause, at); year > 0) last = year;
  }
  return last;
}

// Names of programmes (国家重点研发计划) plan nothing by themselves.
bool TellsOfAPlan(std::u32string_view clause) {
  if (ContainsAny(clause, {U"研发计划", U"科技计划", U"支撑计划", U"专项计划", U"行动计划", U"攻关计划"}))
    return false;
  return ContainsAny(
      clause, {U"计划于", U"计划在", U"计划到", U"计划2",  U"计划明", U"计划今", U"计划年内", U"计划用",
               U"计划先", U"计划建", U"计划开", U"计划完", U"计划投", U"计划启", U"计划分",   U"计划把",
               U"计划将", U"计划与", U"计划尽", U"拟于",   U"拟在",   U"拟建",   U"拟开展",   U"拟完成",
               U"拟启动", U"拟先",   U"拟2",    U"预计",   U"力争",   U"争取",   U"将于",     U"将在",
               U"有望",   U"打算",   U"准备",   U"目标是", U"规划到", U"规划于", U"规划在"});
}

// 拟于2027年建中试线，2028年量产: the plan goes on in a later year, or behind 再, 然后.
bool IsLaterInPlan(std::u32string_view text, size_t begin) {
  const size_t open = text.substr(0, begin).find_last_of(kSentenceEnds);
  const size_t from = open == kNone ? 0 : open + 1;
  std::u32string_view before = text.substr(from, begin - from);
  const size_t cut = before.find_last_of(kClauseEnds);
  if (cut == kNone) return false;
  std::u32string_view own = before.substr(cut + 1);
  before = before.substr(0, cut);
  for (const std::u32string_view link : {U"到", U"至", U"于", U"并", U"在"}) {
    if (own.starts_with(link)) own.remove_prefix(link.size());
  }
  const int year = YearAt(own, 0);
  const bool next = StartsWithAny(own, {U"再", U"然后", U"而后", U"进而", U"最终", U"直至", U"逐步", U"明年",
                                        U"后年", U"次年", U"随后", U"之后"});
  if (year == 0 && !next) return false;
  while (true) {
    const std::u32string_view clause = before.substr(before.find_last_of(kClauseEnds) + 1);
    if (ContainsAny(clause, {U"已", U"现有", U"现为"})) return false;
    if (TellsOfAPlan(clause)) return year == 0 || LastYear(clause) <= year;
    if (clause.size() == before.size()) return false;
    before.remove_suffix(clause.size() + 1);
  }
}

// 中试完成60%, 工业试验过半.
bool IsDoneInPart(std::u32string_view text, size_t end) {
  std::u32string_view behind = text.substr(end);
  for (const std::u32string_view filler :
       {U"已", U"完成", U"进度", U"进展", U"仅", U"了", U"约", U"近", U"至", U"到", U"达"}) {
    if (behind.starts_with(filler)) behind.remove_prefix(filler.size());
  }
  if (StartsWithAny(behind, {U"过半", U"近半", U"一半", U"大半", U"不到一半"})) return true;
  size_t digits = 0;
  while (digits < behind.size() && IsAsciiDigit(behind[digits])) ++digits;
  if (digits == 0 || digits > 2 || digits == behind.size() || behind[digits] != U'%') return false;
  behind.remove_prefix(digits + 1);
  return behind.empty() || IsOneOf(behind.front(), kClauseEnds) ||
         StartsWithAny(behind, {U"左右", U")", U"的工作"});
}

// What a row says of the name that ends at `end`: 中试：2024年，完成; 量产阶段|未开始. Nothing if no colon or
// bar follows.
std::optional<std::u32string_view> ValueOfRow(std::u32string_view text, size_t end, size_t stop) {
  for (const std::u32string_view link : {U"阶段", U"验证", U"情况", U"进度", U"进展", U"状态", U"时间"}) {
    if (text.substr(end).starts_with(link)) end += link.size();
  }
  if (end >= text.size() || end >= stop || !IsOneOf(text[end], U":：|")) return std::nullopt;
  const std::u32string_view value = text.substr(end + 1, stop - end - 1);
  return TrimLeft(value.substr(0, value.find_first_of(U"。;；|\n\r")), U" ");
}

bool SaysNo(std::u32string_view value) {
  constexpr std::u32string_view kNo[] = {U"否",   U"无", U"×",  U"/",  U"-",   U"~",
                                         U"没有", U"未", U"空", U"没", U"暂无"};
  const std::u32string_view all = TrimRight(value, U" ,，、)");
  if (std::find(std::begin(kNo), std::end(kNo), all) != std::end(kNo)) return true;
  if (StartsWithAny(value, {U"否", U"无,", U"尚未", U"尚无", U"尚待", U"暂未", U"暂缓", U"待", U"(待", U"拟",
                            U"将于", U"将在", U"计划", U"不具备", U"不适用", U"还没", U"没有", U"没做"}))
    return true;
  return TellsOfAPlan(value) || EndsInAny(all, {U"计划", U"(计划", U"拟建", U"规划"}) ||
         ContainsAny(value, {U"未开", U"未启", U"未做", U"未完成", U"未进行", U"未实现", U"待定", U"待启",
                             U"待开", U"待建", U"待填", U"进行中", U"正在", U"筹备", U"筹建", U"在建"});
}

// 果实提前15天上市: the harvest goes to market, no product.
bool IsOfHarvest(std::u32string_view text, size_t begin, size_t end) {
  constexpr size_t kBefore = 8;
  const size_t from = begin > kBefore ? begin - kBefore : 0;
  const std::u32string_view before = text.substr(from, begin - from);
  return text.substr(begin, end - begin) == U"上市" &&
         ContainsAny(before.substr(before.find_last_of(kClauseEnds) + 1),
                     {U"提前", U"提早", U"推迟", U"延后", U"延迟", U"错峰", U"错季", U"反季", U"鲜果",
                      U"果实", U"蔬菜"});
}

// 是否量产：是 asks and answers; without the answer it only asks.
bool IsAsked(std::u32string_view text, size_t begin) {
  constexpr size_t kBefore = 5;
  const size_t from = begin > kBefore ? begin - kBefore : 0;
  const std::u32string_view before = text.substr(from, begin - from);
  return ContainsAny(before.substr(before.find_last_of(kClauseEnds) + 1), {U"是否", U"能否", U"有无"});
}

// The level of a schedule's name; 0 if it is none.
int LevelOfName(std::u32string_view name) {
  constexpr int kShown = 7, kMade = 8;
  constexpr size_t kMost = 6;  // 单炉示范, 大面积推广; a longer name is a sentence
  if (name.size() > kMost || ContainsAny(name, {U"计划", U"拟", U"建议", U"待", U"预期", U"值得"})) return 0;
  if (EndsInAny(name, {U"示范", U"推广", U"推广应用", U"试点"})) return kShown;
  return EndsInAny(name, {U"产业化", U"工业化", U"规模化"}) ? kMade : 0;
}

}  // namespace

bool StageStands(std::u32string_view text, size_t begin, size_t end, size_t stop) {
  stop = std::min(stop, text.size());
  const std::optional<std::u32string_view> value = ValueOfRow(text, end, stop);
  if (value && SaysNo(*value)) return false;
  if (IsAsked(text, begin)) return value && StartsWithAny(*value, {U"是", U"已", U"有", U"√"});
  return !IsOfHarvest(text, begin, end) && !IsDoneInPart(text, end) && !IsGivenUp(text, end, stop) &&
         !IsLaterInPlan(text, begin);
}

bool LeavesStageBehind(std::u32string_view text, size_t begin) {
  std::u32string_view before = text.substr(0, begin);
  for (const std::u32string_view link : {U"的", U"实验室", U"了", U"所谓"}) {
    if (before.ends_with(link)) before.remove_suffix(link.size());
  }
  for (const std::u32string_view word : {U"走出", U"跳出", U"脱离", U"告别", U"越过", U"跨过", U"迈过",
                                         U"跨越", U"早过", U"摆脱", U"不止于", U"远不止"}) {
    if (!before.ends_with(word)) continue;
    before.remove_suffix(word.size());
    return !EndsInAny(before, {U"没", U"没有", U"未", U"未能", U"没能", U"难以", U"无法", U"不能", U"要",
                               U"待", U"将", U"拟", U"如何", U"尽快", U"尽早", U"逐步", U"力争", U"有望"});
  }
  return false;
}

std::vector<UseMention> FindScheduleMentions(std::u32string_view text) {
  constexpr int kHighest = 9;
  std::vector<UseMention> mentions;
  size_t begin = 0;  // of the clause
  for (size_t at = 0; at < text.size(); ++at) {
    if ((text[at] == U':' || text[at] == U'|') && at > begin) {
      const int level = LevelOfName(text.substr(begin, at - begin));
      const std::optional<std::u32string_view> value = ValueOfRow(text, at, text.size());
      const bool done =
          level > 0 && value && !SaysNo(*value) &&
          ContainsAny(*value, {U"完成", U"通过", U"建成", U"投用", U"投运", U"投产", U"上线", U"已"});
      if (done) mentions.push_back({begin, at, level, std::min(level + 1, kHighest)});
    }
    if (IsOneOf(text[at], kClauseEnds) || text[at] == U'|') begin = at + 1;
  }
  return mentions;
}

}  // namespace dongxi::requirement
