#include "engine/requirement/condition_phrases.h"

#include <algorithm>
#include <iterator>

#include "engine/requirement/clause_text.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kNone = std::u32string_view::npos;
constexpr std::u32string_view kSentenceEnds = U"。;；!！?？\n\r";

using Words = std::span<const std::u32string_view>;

bool ContainsOne(std::u32string_view text, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.find(word) != kNone; });
}

size_t SentenceBegin(std::u32string_view text, size_t at) {
  const size_t end = text.substr(0, at).find_last_of(kSentenceEnds);
  return end == kNone ? 0 : end + 1;
}

size_t SentenceEnd(std::u32string_view text, size_t at) {
  return std::min(text.find_first_of(kSentenceEnds, at), text.size());
}

// The last `most` characters before `at`.
std::u32string_view Before(std::u32string_view text, size_t at, size_t most) {
  const size_t length = std::min(at, most);
  return text.substr(at - length, length);
}

// What tells that a sentence is of a trial of the offer, or of others and of earlier versions; and, behind
// it, that what broke was mended.
constexpr std::u32string_view kTried[] = {
    U"试验", U"试用", U"试种", U"试挂", U"试运行", U"试装", U"测试", U"实测", U"曝晒",   U"暴晒", U"反馈",
    U"反映", U"考核", U"发现", U"表明", U"结果",   U"观察", U"本机", U"本品", U"本产品", U"该机", U"手册"};
constexpr std::u32string_view kNotOfTheOffer[] = {
    U"普遍", U"往往", U"传统", U"常规", U"现有", U"一般", U"普通", U"针对", U"解决",
    U"克服", U"以往", U"过去", U"原来", U"原有", U"进口", U"同类", U"对照", U"替代",
    U"替换", U"防止", U"避免", U"初版", U"最初", U"早期", U"起初", U"前期", U"竞品"};
constexpr std::u32string_view kMended[] = {U"改进", U"改为", U"改用", U"整改", U"优化", U"已解决",
                                           U"此后", U"更换", U"加装", U"升级", U"现已", U"后来"};
constexpr std::u32string_view kFailures[] = {
    U"粉化", U"脆裂",   U"开裂",     U"龟裂",     U"脱粘",       U"剥落",     U"脱落",     U"起泡",
    U"发脆", U"变脆",   U"冻裂",     U"冻坏",     U"冻死",       U"死机",     U"宕机",     U"趴窝",
    U"熄火", U"失灵",   U"失效",     U"失败",     U"失稳",       U"烧毁",     U"损坏",     U"跳闸",
    U"脱网", U"枯死",   U"死苗",     U"绝收",     U"绝产",       U"腐烂",     U"击穿",     U"卡死",
    U"卡滞", U"打不着", U"强度减半", U"全部死亡", U"大面积死亡", U"坏了",     U"起鼓",     U"鼓包",
    U"报废", U"退货",   U"即褪色",   U"严重褪色", U"褪色严重",   U"老化严重", U"严重老化", U"严重锈蚀"};

struct VersionFound {
  Version version;
  size_t end = 0;
};

// A digit of either writing as one of ASCII; 0 if it is none.
char32_t DigitOf(char32_t c) {
  constexpr std::u32string_view kNumerals = U"一二三四五六七八九";
  if (IsAsciiDigit(c)) return c;
  const size_t place = kNumerals.find(c);
  return place == kNone ? U'\0' : static_cast<char32_t>(U'1' + place);
}

// 第三代 but neither 新一代 nor 三代测序; 3号 but not 13号.
bool IsOrdinal(std::u32string_view text, size_t at) {
  const char32_t before = at > 0 ? text[at - 1] : U' ';
  if (DigitOf(before) != 0 || IsOneOf(before, U"新上下前老统唯换十百")) return false;
  return !StartsWithAny(text.substr(at + 2), {U"测序", U"半导体", U"核电", U"杂交", U"人", U"表", U"制冷剂",
                                              U"身份证", U"基因", U"线", U"移动"});
}

std::optional<VersionFound> VersionAt(std::u32string_view text, size_t at) {
  if (at + 1 >= text.size()) return std::nullopt;
  const char32_t c = text[at], next = text[at + 1];
  const char32_t before = at > 0 ? text[at - 1] : U' ';
  if (IsAsciiLetter(before) || IsAsciiDigit(before)) return std::nullopt;
  if (c == U'v' && IsAsciiDigit(next)) return VersionFound{{U'v', next}, at + 2};
  if (c >= U'a' && c <= U'e' && next == U'型') return VersionFound{{next, c}, at + 2};
  const char32_t digit = DigitOf(c);
  const bool ordinal = digit != 0 && (next == U'代' || next == U'号') && IsOrdinal(text, at);
  if (!ordinal) return std::nullopt;
  return VersionFound{{next, digit}, at + 2};
}

// 比第二代, 第二代基础上: what the offer is compared with or comes from.
bool IsComparedWith(std::u32string_view before, std::u32string_view behind) {
  constexpr size_t kNear = 10;
  if (before.ends_with(U'第')) before.remove_suffix(1);
  return EndsInAny(before, {U"较", U"比", U"与", U"和", U"同", U"替代", U"取代", U"于", U"由", U"从", U"自",
                            U"将", U"把", U"对", U"针对", U"在"}) ||
         ContainsAny(behind.substr(0, kNear), {U"相比", U"基础上", U"升级而来"});
}

}  // namespace

Around AroundOf(std::u32string_view text, size_t begin, size_t end) {
  size_t from = begin, to = end;
  while (from > 0 && !IsOneOf(text[from - 1], kClauseEnds)) --from;
  while (to < text.size() && !IsOneOf(text[to], kClauseEnds)) ++to;
  return {text.substr(from, begin - from), text.substr(end, to - end)};
}

Around AroundWithHeading(std::u32string_view text, size_t begin, size_t end) {
  Around clause = AroundOf(text, begin, end);
  const size_t from = begin - clause.before.size();
  if (from == 0 || text[from - 1] != U':') return clause;
  const size_t heading = AroundOf(text, from - 1, from - 1).before.size();
  clause.before = text.substr(from - 1 - heading, begin - (from - 1 - heading));
  return clause;
}

bool HasAny(const Around& clause, std::span<const std::u32string_view> words) {
  return ContainsOne(clause.before, words) || ContainsOne(clause.behind, words);
}

bool IsOfStorage(const Around& clause) {
  constexpr std::u32string_view kStored[] = {
      U"冻存",   U"贮存",     U"储存",     U"冷藏",     U"贮藏",     U"储藏",     U"冷冻",     U"液氮",
      U"干冰",   U"冰箱",     U"冰柜",     U"冷库",     U"冷链",     U"冻干",     U"速冻",     U"深冷",
      U"冷阱",   U"结晶",     U"萃取",     U"浸提",     U"淬火",     U"醇沉",     U"孵育",     U"露点",
      U"凝点",   U"倾点",     U"冰点",     U"冰浴",     U"保鲜",     U"超低温",   U"凝固点",   U"玻璃化",
      U"制冷剂", U"蒸发温度", U"冷凝温度", U"反应温度", U"反应釜",   U"保存于",   U"保存在",   U"下保存",
      U"c保存",  U"c 保存",   U"度保存",   U"环境保存", U"低温保存", U"长期保存", U"保存条件", U"保存温度"};
  return HasAny(clause, kStored);
}

bool IsOfAProduct(const Around& clause) {
  constexpr std::u32string_view kProducts[] = {U"酱",   U"菜",   U"肉",   U"腌",   U"卤",   U"奶",
                                               U"汤",   U"饲料", U"培养", U"废水", U"料液", U"溶液",
                                               U"产品", U"成品", U"制品", U"发酵", U"母液", U"浓水"};
  constexpr std::u32string_view kSoils[] = {U"土", U"地", U"田", U"耕层", U"盐碱"};
  return HasAny(clause, kProducts) && !HasAny(clause, kSoils);
}

bool IsSimulated(const Around& clause) {
  constexpr std::u32string_view kChambers[] = {
      U"低压舱",     U"模拟舱",     U"环境舱", U"气候舱", U"低温箱",     U"试验箱",     U"试验舱",
      U"低气压箱",   U"高低温箱",   U"老化箱", U"氙灯",   U"风洞",       U"吹沙试验",   U"吹砂试验",
      U"相当于海拔", U"盆栽",       U"营养液", U"浇盐水", U"温室控水",   U"人工气候",   U"气候室",
      U"实时仿真",   U"半实物仿真", U"仿真",   U"低温舱", U"减压舱",     U"低温试验室", U"环境试验室",
      U"高低温循环", U"高低温交变", U"土柱",   U"水培",   U"电网模拟器", U"盐溶液"};
  constexpr std::u32string_view kRealSites[] = {U"现场", U"野外", U"实地", U"矿",
                                                U"电站", U"户外", U"田间", U"大田"};
  return HasAny(clause, kChambers) && !HasAny(clause, kRealSites);
}

bool IsInName(std::u32string_view text, size_t begin, size_t end) {
  constexpr size_t kNameMost = 20;
  constexpr std::u32string_view kOpen = U"“「《", kClose = U"”」》", kPlaces = U"区地境件型带";
  const size_t from = begin > kNameMost ? begin - kNameMost : 0;
  const size_t mark = text.substr(from, begin - from).find_last_of(U"“”「」《》");
  if (mark == std::u32string_view::npos) return false;
  const size_t kind = kOpen.find(text[from + mark]);
  if (kind == std::u32string_view::npos) return false;
  const size_t close = text.substr(0, end + kNameMost).find(kClose[kind], end);
  if (close == std::u32string_view::npos) return false;
  if (kOpen[kind] == U'《') return true;
  const std::u32string_view quoted = text.substr(from + mark + 1, close - from - mark - 1);
  return close > end && quoted.find(U'、') == std::u32string_view::npos &&
         kPlaces.find(quoted.back()) == std::u32string_view::npos;
}

bool IsLimitOfUse(const Around& clause) {
  constexpr std::u32string_view kUse[] = {U"适用",     U"适合", U"适宜",     U"适于",     U"使用海拔",
                                          U"工作海拔", U"允许", U"使用条件", U"环境条件", U"工作条件"};
  constexpr std::u32string_view kDone[] = {U"已", U"曾", U"先后", U"累计", U"试用", U"推广"};
  return HasAny({clause.before, {}}, kUse) && !HasAny({clause.before, {}}, kDone);
}

Version VersionOfTitle(std::u32string_view title) {
  for (size_t at = 0; at < title.size(); ++at) {
    if (const std::optional<VersionFound> found = VersionAt(title, at)) return found->version;
  }
  return {};
}

bool IsOfAnotherVersion(std::u32string_view text, size_t begin, const Version& own) {
  if (own.kind == 0) return false;
  const size_t from = SentenceBegin(text, begin);
  bool another = false;
  for (size_t at = from; at < begin; ++at) {
    const std::optional<VersionFound> found = VersionAt(text, at);
    if (!found || found->version.kind != own.kind || found->end > begin) continue;
    const std::u32string_view behind = text.substr(found->end, begin - found->end);
    // 2号矿井 is a place.
    const bool of_things = own.kind != U'号' || StartsWithAny(behind, {U"品系", U"品种", U"产品", U"样机",
                                                                       U"机型", U"配方", U"材料"});
    if (!of_things || IsComparedWith(text.substr(from, at - from), behind)) continue;
    another = found->version.which != own.which;
  }
  return another;
}

namespace {

// 四个月表面粉化, but neither 未开裂, 失效率, 死机2次 nor 仅轻微粉化.
bool SaysFailed(std::u32string_view clause) {
  constexpr size_t kReach = 16;
  return std::any_of(std::begin(kFailures), std::end(kFailures), [&](std::u32string_view word) {
    const size_t place = clause.find(word);
    if (place == kNone || place > kReach) return false;
    const bool held =
        ContainsAny(clause.substr(0, place), {U"未", U"无", U"不", U"没", U"零", U"0", U"免", U"防", U"抗",
                                              U"耐", U"避", U"少", U"降低", U"轻微", U"略", U"个别"});
    const std::u32string_view behind = clause.substr(place + word.size());
    const bool named =
        StartsWithAny(behind, {U"率",   U"次",   U"时间", U"概率", U"风险", U"数",   U"检测", U"预警",
                               U"报警", U"机",   U"保护", U"问题", U"难题", U"现象", U"模型", U"诊断",
                               U"监测", U"为零", U"的",   U"等级", U"仅",   U"过"}) ||
        (!behind.empty() && IsNumeral(behind.front()));
    return !held && !named;
  });
}

}  // namespace

bool FailedThere(std::u32string_view text, size_t begin, size_t end) {
  const size_t from = SentenceBegin(text, begin), to = SentenceEnd(text, end);
  const std::u32string_view sentence = text.substr(from, to - from);
  if (!ContainsOne(sentence, kTried) || ContainsOne(sentence, kNotOfTheOffer)) return false;
  if (ContainsOne(text.substr(end), kMended)) return false;
  const Around clause = AroundOf(text, begin, end);
  if (SaysFailed(clause.behind)) return true;
  // 在高海拔试用，三台烧毁两台: the clause behind tells what came of it.
  const size_t next = end + clause.behind.size();
  return HasAny(clause, kTried) && next < to && SaysFailed(AroundOf(text, next + 1, next + 1).behind);
}

std::optional<Claim> SaidBehind(std::u32string_view text, size_t begin, size_t end) {
  constexpr size_t kShort = 8;
  const Around clause = AroundOf(text, begin, end);
  const size_t next = end + clause.behind.size();
  if (next >= text.size() || text[next] != U',') return std::nullopt;
  const std::u32string_view behind = AroundOf(text, next + 1, next + 1).behind;
  const bool denied =
      StartsWithAny(behind, {U"不建议", U"不推荐", U"不适合", U"不适用", U"不宜", U"不能用", U"不能使用",
                             U"不可用", U"无法使用", U"慎用", U"禁用", U"故不", U"因此不", U"暂不推荐"});
  if (denied && behind.size() <= kShort) return Claim::kDenied;
  if (StartsWithAny(behind, {U"尚未实施", U"尚未开展", U"尚未进行", U"尚未开始", U"尚未做",   U"还没开始",
                             U"还没做",   U"还没有做", U"还未开始", U"还未进行", U"未实施",   U"结果未出",
                             U"结论未出", U"数据未出", U"尚无结论", U"尚无结果", U"未出结果", U"有待验证",
                             U"尚待验证", U"待验证",   U"待检验",   U"仍待验证"}))
    return Claim::kPlanned;
  // 高原版样机正在装配，明年进藏试验; not 已装机三台，明年再做验证.
  const bool later = StartsWithAny(behind, {U"明年", U"来年", U"下半年", U"预计", U"计划", U"拟"}) &&
                     ContainsAny(behind, {U"试验", U"验证", U"测试", U"考核", U"试用", U"示范", U"试种"});
  constexpr std::u32string_view kDone[] = {U"已",   U"曾",   U"过",   U"年", U"运行", U"应用", U"投用",
                                           U"使用", U"完成", U"个月", U"台", U"套",   U"亩"};
  if (later && !HasAny(clause, kDone)) return Claim::kPlanned;
  return std::nullopt;
}

bool IsNotAskedFor(std::u32string_view text, size_t begin, size_t end) {
  constexpr std::u32string_view kElsewhere[] = {
      U"与本项目无关", U"与本需求无关", U"与本次无关",   U"与本单位无关", U"不在本次", U"不在此次",
      U"不在本项目",   U"不属本项目",   U"不属于本项目", U"另行招标",     U"另行立项", U"另行采购",
      U"另行实施",     U"单独招标",     U"单独立项",     U"另案",         U"另有项目", U"已另行"};
  constexpr std::u32string_view kNeighbours[] = {U"邻县",   U"邻市",     U"邻州",    U"邻区", U"邻省",
                                                 U"邻乡",   U"邻村",     U"隔壁",    U"外县", U"兄弟县",
                                                 U"兄弟市", U"兄弟单位", U"兄弟企业"};
  const size_t from = SentenceBegin(text, begin);
  if (ContainsOne(text.substr(from, SentenceEnd(text, end) - from), kElsewhere)) return true;
  const std::u32string_view before = AroundOf(text, begin, end).before;
  return ContainsOne(before, kNeighbours) ||
         EndsInAny(before, {U"不要求", U"不涉及", U"不需要", U"不需", U"无需", U"无须", U"不必", U"不考虑",
                            U"无需考虑", U"不属于", U"并非", U"非", U"不处于"});
}

std::optional<PhrasePlace> MainsNeeded(std::u32string_view text) {
  constexpr size_t kGapMost = 7, kNear = 8;
  if (text.find(U'电') == kNone) return std::nullopt;
  for (const std::u32string_view mains : {U"市电", U"双回路", U"三相电", U"动力电", U"稳定电网", U"大电网",
                                          U"强电网", U"稳定供电", U"稳定电源"}) {
    for (size_t at = text.find(mains); at != kNone; at = text.find(mains, at + 1)) {
      const Around clause = AroundOf(text, at, at + mains.size());
      // 须接市电或柴油机, 须与大电网断开, 需接市电充电: it works without.
      if (ContainsAny(clause.behind.substr(0, kNear),
                      {U"或", U"/", U"断", U"脱", U"未", U"不", U"充", U"备用", U"互补", U"切换", U"停"}))
        continue;
      for (const std::u32string_view verb : {U"须", U"需", U"要求", U"依赖", U"离不开", U"只能", U"全靠",
                                             U"应接", U"要接", U"得接", U"要有", U"得有"}) {
        const size_t place = clause.before.rfind(verb);
        if (place == kNone) continue;
        const std::u32string_view between = clause.before.substr(place + verb.size());
        const bool denied = EndsInAny(clause.before.substr(0, place),
                                      {U"无", U"不", U"毋", U"勿", U"非", U"未", U"免", U"摆脱", U"所", U"供",
                                       U"急", U"亟", U"减少", U"降低"});
        if (denied || between.size() > kGapMost || between.starts_with(U"求") ||
            ContainsAny(between, {U"脱", U"离", U"断", U"无", U"不", U"没", U"非", U"向", U"替", U"补",
                                  U"改善", U"恢复", U"扩"}))
          continue;
        return PhrasePlace{at, at + mains.size()};
      }
    }
  }
  return std::nullopt;
}

std::optional<PhrasePlace> AlkalineSoil(std::u32string_view text) {
  constexpr double kFrom = 8.5, kTo = 11;
  for (size_t at = text.find(U"ph"); at != kNone; at = text.find(U"ph", at + 1)) {
    size_t end = at + 2;
    while (end < text.size() && IsOneOf(text[end], U" 值为达在至于约高≥>:")) ++end;
    double number = 0, place = 1;
    bool fraction = false;
    for (; end < text.size() && (IsAsciiDigit(text[end]) || (text[end] == U'.' && !fraction)); ++end) {
      if (text[end] == U'.') {
        fraction = true;
        continue;
      }
      const double digit = static_cast<double>(text[end] - U'0');
      if (fraction) place /= 10;
      number = fraction ? number + digit * place : number * 10 + digit;
    }
    if (number < kFrom || number > kTo) continue;
    const Around clause = AroundOf(text, at, end);
    constexpr std::u32string_view kSoils[] = {U"土",   U"草场", U"草滩", U"田",
                                              U"耕层", U"滩地", U"荒地", U"地块"};
    constexpr std::u32string_view kLiquids[] = {U"溶液", U"废水", U"水样", U"调节", U"缓冲", U"浸出", U"浆"};
    if (HasAny(clause, kSoils) && !HasAny(clause, kLiquids)) return PhrasePlace{at, end};
  }
  return std::nullopt;
}

bool IsFrostOfASite(std::u32string_view text, size_t begin, size_t end) {
  constexpr size_t kNear = 9, kItemMost = 16;
  constexpr std::u32string_view kPlaces[] = {
      U"工地", U"矿区", U"矿山", U"煤矿", U"露天矿", U"铁矿", U"铜矿", U"金矿",  U"锂矿", U"电站", U"电厂",
      U"牧场", U"牧区", U"牧点", U"农场", U"林场",   U"草场", U"风场", U"机场",  U"油田", U"井场", U"基站",
      U"泵站", U"水厂", U"哨所", U"口岸", U"线路",   U"标段", U"坝址", U"现场",  U"示范", U"羊舍", U"牛舍",
      U"圈舍", U"村里", U"个村", U"乡镇", U"县城",   U"户外", U"隧道", U"变电站"};
  // 甲矿,-31℃.
  constexpr std::u32string_view kListed[] = {U"矿,", U"村,", U"站,", U"场,", U"厂,", U"地,", U"县,", U"乡,",
                                             U"镇,", U"矿(", U"村(", U"站(", U"场(", U"厂(", U"地(", U"县("};
  constexpr std::u32string_view kHeld[] = {U"合格", U"正常", U"运行", U"投用", U"启动", U"通过",
                                           U"成功", U"达标", U"完好", U"在用", U"施工", U"使用"};
  const Around clause = AroundOf(text, begin, end);
  if (IsOfStorage(clause)) return false;
  if (ContainsOne(clause.behind.substr(0, kNear), kPlaces)) return true;
  // Of a list the place stands in a clause before, and what came of it behind.
  const size_t from = std::max(SentenceBegin(text, begin), begin - std::min(begin, kItemMost));
  const std::u32string_view ahead = text.substr(from, begin - from);
  const std::u32string_view rest = text.substr(end, SentenceEnd(text, end) - end);
  const bool placed = ContainsOne(ahead, kPlaces) || ContainsOne(ahead, kListed);
  return placed && ContainsOne(rest, kHeld) && !IsOfStorage({ahead, rest});
}

bool IsAltitudeBefore(std::u32string_view text, size_t begin, size_t end) {
  constexpr size_t kNear = 8;
  std::u32string_view behind = text.substr(end);
  for (const std::u32string_view filler : {U"多", U"以上", U"左右", U"的", U"高"}) {
    if (behind.starts_with(filler)) behind.remove_prefix(filler.size());
  }
  if (StartsWithAny(behind, {U"海拔", U"高程"})) {
    // 长3200米海拔4500米: the name is of the next number.
    const char32_t next = behind.size() > 2 ? behind[2] : U' ';
    return !IsNumeral(next) && !IsOneOf(next, U"约近达高为在 ");
  }
  constexpr std::u32string_view kHigh[] = {U"垭口", U"山口", U"达坂", U"雪线", U"雪山",  U"高山", U"牧场",
                                           U"牧点", U"矿区", U"矿山", U"哨所", U"营地",  U"县城", U"乡镇",
                                           U"山顶", U"坝顶", U"草场", U"基站", U"气象站"};
  const bool there = ContainsAny(Before(text, begin, 2), {U"在", U"于", U"到", U"赴"});
  return there && text.substr(end).starts_with(U"的") &&
         ContainsOne(AroundOf(text, begin, end).behind.substr(0, kNear), kHigh);
}

}  // namespace dongxi::requirement
