#include "engine/requirement/use_mention.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "engine/requirement/scan_text.h"
#include "engine/requirement/trial_sentence.h"

namespace dongxi::requirement {
namespace {

using Words = std::span<const std::u32string_view>;

constexpr std::u32string_view kClauseEnds = U",，。;；:：!！?？\n\r";  // as ClaimOf cuts them
constexpr int kUsed = 7, kOnSale = 8, kSpread = 9;                     // levels

bool Is(std::u32string_view any, char32_t c) { return any.find(c) != std::u32string_view::npos; }

bool HasAny(std::u32string_view text, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.find(word) != std::u32string_view::npos; });
}

// The first of `words` that begins at `at`; empty if none does.
std::u32string_view WordAt(std::u32string_view text, size_t at, Words words) {
  for (const std::u32string_view word : words) {
    if (text.substr(at).starts_with(word)) return word;
  }
  return {};
}

bool EndsWithAny(std::u32string_view text, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.ends_with(word); });
}

// Where the number ends that begins at `at`: 12.3万, 三千二百, 十几, 数百, 多; `at` if there is none.
size_t NumberEnd(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kNumerals = U"一二两三四五六七八九十百千几数多",
                                kMore = U"余多几来十百千万亿";
  size_t end = at;
  while (end < text.size() && (IsAsciiDigit(text[end]) || (end > at && Is(U".,", text[end])))) ++end;
  if (end == at) {
    while (end < text.size() && Is(kNumerals, text[end])) ++end;
  }
  if (end == at) return at;
  while (end < text.size() && Is(kMore, text[end])) ++end;
  return end;
}

// Where the unit of what is counted ends: 亩, 台, 户, 个县; `at` if there is none.
size_t UnitEnd(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kUnits = U"亩台套辆座户家头只羽处艘架例株所口条支组块枚件片副把吨t";
  constexpr std::u32string_view kLong[] = {U"公顷", U"公里", U"千米", U"km", U"人次"};
  constexpr std::u32string_view kPlaces[] = {
      U"标段", U"隧道",   U"桥梁", U"变电站", U"风电场", U"水厂", U"污水厂", U"电厂", U"钢厂", U"街道",
      U"车间", U"养殖场", U"农户", U"牧户",   U"用户",   U"场站", U"泵站",   U"水库", U"机场", U"港口",
      U"大棚", U"工地",   U"风场", U"井组",   U"台区",   U"矿区", U"城市",   U"门店", U"县",   U"市",
      U"省",   U"州",     U"旗",   U"乡",     U"镇",     U"村",   U"矿",     U"厂",   U"站",   U"园区",
      U"企业", U"单位",   U"基地", U"合作社", U"医院",   U"学校", U"工程",   U"项目", U"电站", U"牧场",
      U"农场", U"社区",   U"油田", U"地区",   U"灌区",   U"国家"};
  if (at >= text.size()) return at;
  if (text[at] == U'个') {
    const std::u32string_view place = WordAt(text, at + 1, kPlaces);
    return place.empty() ? at : at + 1 + place.size();
  }
  const std::u32string_view word = WordAt(text, at, kLong);
  if (!word.empty()) return at + word.size();
  return Is(kUnits, text[at]) ? at + 1 : at;
}

size_t SkipFillers(std::u32string_view text, size_t at, Words fillers, int most) {
  for (int i = 0; i < most; ++i) {
    const std::u32string_view filler = WordAt(text, at, fillers);
    if (filler.empty()) break;
    at += filler.size();
  }
  return at;
}

// `many`: fewer than ten may be parts of the thing itself: 机架上安装2台电机.
struct Verb {
  std::u32string_view word;
  int level = kUsed;
  bool many = false;
};

// Ten or more.
bool IsMany(std::u32string_view number) {
  const auto digits = std::count_if(number.begin(), number.end(), IsAsciiDigit);
  return digits > 1 || number.find_first_of(U"十百千万亿") != std::u32string_view::npos;
}

// Before the number that they count: the longest of those that begin alike first.
constexpr Verb kCounted[] = {{U"累计推广", kSpread},
                             {U"累计种植", kSpread},
                             {U"累计栽培", kSpread},
                             {U"累计养殖", kSpread},
                             {U"累计生产", kOnSale},
                             {U"累计出货", kOnSale},
                             {U"累计施工"},
                             {U"累计作业"},
                             {U"累计施药"},
                             {U"累计防治"},
                             {U"累计治理"},
                             {U"累计修复"},
                             {U"累计改良"},

                             {U"累计安装"},
                             {U"累计部署"},
                             {U"累计接入"},
                             {U"累计服务"},
                             {U"已覆盖"},
                             {U"已接入"},
                             {U"已服务"},
                             {U"中标"},
                             {U"出货量", kOnSale},
                             {U"出货", kOnSale},
                             {U"销量", kOnSale},
                             {U"保有量", kOnSale},
                             {U"订单", kOnSale, true},
                             {U"装在", kUsed, true},
                             {U"改造", kUsed, true},
                             {U"施工", kUsed, true},
                             {U"推广", kSpread},
                             {U"销售", kOnSale},
                             {U"售出", kOnSale},
                             {U"供货", kOnSale},
                             {U"卖出去", kOnSale},
                             {U"卖出", kOnSale},
                             {U"卖掉", kOnSale},
                             {U"卖了", kOnSale},
                             {U"卖到", kOnSale},
                             {U"年销量", kOnSale},
                             {U"年供", kOnSale, true},
                             {U"入网", kUsed, true},
                             {U"年销", kOnSale},
                             {U"年售", kOnSale},
                             {U"订出", kOnSale},
                             {U"发货", kOnSale},
                             {U"注册用户", kOnSale},
                             {U"注册牧户", kOnSale},
                             {U"现有用户", kOnSale},
                             {U"用户", kOnSale, true},
                             {U"客户", kOnSale, true},
                             {U"应用单位"},
                             {U"使用单位"},
                             {U"工程实例"},
                             {U"应用实例"},
                             {U"工程业绩"},
                             {U"应用业绩"},
                             {U"装到", kUsed, true},
                             {U"装了", kUsed, true},
                             {U"装上", kUsed, true},
                             {U"装备", kUsed, true},
                             {U"配了", kUsed, true},
                             {U"配备", kUsed, true},
                             {U"铺了", kUsed, true},
                             {U"布在", kUsed, true},
                             {U"供应", kOnSale},
                             {U"列装", kOnSale},
                             {U"交付", kOnSale},
                             {U"出口", kOnSale, true},
                             {U"示范种植"},
                             {U"示范"},
                             {U"应用于"},
                             {U"装机"},
                             {U"装车"},
                             {U"投用"},
                             {U"投运"},
                             {U"落地"},
                             {U"安装", kUsed, true},
                             {U"部署", kUsed, true},
                             {U"布设", kUsed, true},
                             {U"铺设", kUsed, true}};

// 推广12万亩, 安装56套, 销售1200台.
std::optional<UseMention> CountedAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kFillers[] = {
      U"了", U"达到", U"已达", U"达",   U"到",   U"至",   U"于",   U"在",   U"约",   U"近",   U"超过",
      U"超", U"逾",   U"总计", U"农户", U"牧户", U"用户", U"企业", U"设备", U"机组", U"共计", U"累计",
      U"共", U"面积", U"给",   U"全省", U"全州", U"全县", U"全市", U"全国", U"大小"};
  const auto* verb = std::find_if(std::begin(kCounted), std::end(kCounted),
                                  [&](const Verb& one) { return text.substr(at).starts_with(one.word); });
  if (verb == std::end(kCounted)) return std::nullopt;
  const size_t number = SkipFillers(text, at + verb->word.size(), kFillers, 3);
  const size_t unit = NumberEnd(text, number);
  if (unit == number || (verb->many && !IsMany(text.substr(number, unit - number)))) return std::nullopt;
  // 卖了三十万元, 多卖了三百块: money.
  const char32_t behind = unit < text.size() ? text[unit] : U' ';
  if (behind == U'元' || (behind == U'块' && verb->word.front() == U'卖')) return std::nullopt;
  // 销售三万: a number of ten thousands needs no unit.
  const bool many = Is(U"万亿", text[unit - 1]);
  constexpr std::u32string_view kCases[] = {U"个", U"项", U"例"};
  const bool of_cases = verb->word.ends_with(U"实例") || verb->word.ends_with(U"业绩");
  const size_t end = of_cases ? unit + WordAt(text, unit, kCases).size() : UnitEnd(text, unit);
  if (end == unit && !many) return std::nullopt;
  return UseMention{at, end, verb->level, verb->level == kUsed ? kOnSale : kSpread};
}

// Where the time ends whose number stands before `at`: a year, a winter, half a year in months; `at` if it is
// shorter or none.
size_t LongTimeEnd(std::u32string_view text, std::u32string_view number, size_t at) {
  constexpr std::u32string_view kSeasons[] = {
      U"年", U"冬",   U"采暖季", U"采收季", U"生产季", U"作业季", U"供暖季", U"供热季", U"榨季", U"生长季",
      U"季", U"汛期", U"主汛期", U"雨季",   U"夏天",   U"夏季",   U"寒暑",   U"周年",   U"茬",   U"产季"};
  if (number.size() == 4 && IsAsciiDigit(number[0])) return at;  // 运行2023年起: a date
  const size_t place = text.substr(at).starts_with(U"个") ? at + 1 : at;
  const std::u32string_view season = WordAt(text, place, kSeasons);
  if (!season.empty()) return place + season.size();
  if (place >= text.size() || text[place] != U'月') return at;
  const bool digits = number.size() > 1 && IsAsciiDigit(number[0]) && IsAsciiDigit(number[1]);
  return digits || Is(U"6789六七八九十", number.front()) ? place + 1 : at;
}

// 跑了三年, 已连续运行14个月; not 可连续运行三年.
std::optional<UseMention> LastedAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kVerbs[] = {U"示范", U"试点", U"挂网", U"运营", U"运行", U"使用",
                                            U"应用", U"服役", U"上线", U"通车", U"商运", U"投用",
                                            U"投运", U"投产", U"跑",   U"用",   U"干",   U"过"};
  // They tell of use even without 已 or 了.
  constexpr std::u32string_view kSure[] = {U"运行", U"示范", U"试点", U"服役", U"上线",
                                           U"通车", U"商运", U"投用", U"投运", U"投产"};
  constexpr std::u32string_view kMarks[] = {U"连续", U"稳定", U"安全", U"正常", U"可靠", U"满负荷", U"累计",
                                            U"挂网", U"并网", U"商业", U"在线", U"已经", U"已"};
  constexpr std::u32string_view kFillers[] = {U"近", U"超过", U"超", U"逾", U"满", U"有", U"已"};
  const std::u32string_view verb = WordAt(text, at, kVerbs);
  if (verb.empty()) return std::nullopt;
  // 过了三个冬天, not 通过了.
  if (verb == U"过" && (!text.substr(at).starts_with(U"过了") || (at > 0 && Is(U"通超经", text[at - 1]))))
    return std::nullopt;
  if (verb == U"用" && at > 0 && Is(U"利采费作信常适通专公选试使应", text[at - 1])) return std::nullopt;
  const bool done = text.substr(at + verb.size()).starts_with(U"了");
  size_t begin = at;
  for (const auto* mark = std::begin(kMarks); mark != std::end(kMarks);) {
    const bool stands = text.substr(0, begin).ends_with(*mark);
    begin -= stands ? mark->size() : 0;
    mark = stands ? std::begin(kMarks) : mark + 1;
  }
  const bool sure = std::find(std::begin(kSure), std::end(kSure), verb) != std::end(kSure);
  if (!done && begin == at && !sure) return std::nullopt;
  const size_t number = SkipFillers(text, at + verb.size() + (done ? 1 : 0), kFillers, 2);
  const size_t unit = NumberEnd(text, number);
  if (unit == number) return std::nullopt;
  const size_t end = LongTimeEnd(text, text.substr(number, unit - number), unit);
  if (end == unit) return std::nullopt;
  constexpr size_t kBefore = 4;  // characters: 可, 能, 设计, 寿命, 保证, 质保
  const size_t from = begin > kBefore ? begin - kBefore : 0;
  std::u32string_view before = text.substr(from, begin - from);
  before = before.substr(before.find_last_of(kClauseEnds) + 1);  // npos + 1 is 0
  if (before.find_first_of(U"可能设寿保质每预") != std::u32string_view::npos) return std::nullopt;
  // 运行三年后须更换
  if (begin == at && end < text.size() && Is(U"后以免无不计", text[end])) return std::nullopt;
  return UseMention{at, end, kUsed, kOnSale};
}

// 四处湖湾七年示范, 两条支流三个汛期运行; not 设计20年运行, 三年运行费.
std::optional<UseMention> ForYearsAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kVerbs[] = {U"示范", U"试点", U"运行", U"应用"};
  constexpr size_t kBefore = 4;  // characters
  const size_t unit = NumberEnd(text, at);
  if (unit == at || (at > 0 && NumberEnd(text, at - 1) > at - 1)) return std::nullopt;
  const std::u32string_view number = text.substr(at, unit - at);
  // 2023年示范 is a date; one year is no long use.
  if (number == U"一" || number == U"1" || number.size() > 2) return std::nullopt;
  const size_t end = LongTimeEnd(text, number, unit);
  if (end == unit) return std::nullopt;
  const std::u32string_view verb = WordAt(text, end, kVerbs);
  const size_t next = end + verb.size();
  if (verb.empty() || (next < text.size() && Is(U"费成维周期计寿研方", text[next]))) return std::nullopt;
  const size_t from = at > kBefore ? at - kBefore : 0;
  const std::u32string_view before = text.substr(from, at - from);
  if (before.find_first_of(U"可能设寿保质第拟需每") != std::u32string_view::npos) return std::nullopt;
  return UseMention{at, next, kUsed, kOnSale};
}

// Whether the place between 在 and its verb is counted (两座煤矿, 8个县市): 在三个数据集上 is none.
bool IsCountedPlace(std::u32string_view place) {
  constexpr std::u32string_view kEnds[] = {
      U"县",     U"市",   U"省", U"州",   U"旗",   U"乡",   U"镇",   U"村",   U"矿",
      U"厂",     U"站",   U"院", U"园",   U"区",   U"企业", U"公司", U"单位", U"基地",
      U"合作社", U"学校", U"校", U"工程", U"项目", U"场",   U"田",   U"隧道", U"线",
      U"线路",   U"桥",   U"井", U"亩",   U"台",   U"套",   U"公里", U"机组", U"锅炉",
      U"户",     U"水库", U"塘", U"段",   U"渠",   U"家",   U"队",   U"所",   U"库"};
  constexpr std::u32string_view kCounters = U"台套座家处所口条个县市省州旗村乡镇矿户万亩";
  if (!EndsWithAny(place, kEnds)) return false;
  for (size_t at = 0; at < place.size(); ++at) {
    const size_t end = NumberEnd(place, at);
    if (end == at) continue;
    if (end < place.size() && Is(kCounters, place[end])) return true;
    at = end - 1;
  }
  return false;
}

// 已在两座煤矿应用, 在7座隧道应用.
std::optional<UseMention> InPlacesAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kOpen[] = {U"已经在", U"已在", U"已于", U"已为", U"在", U"于"};
  constexpr std::u32string_view kVerbs[] = {U"部署",     U"试点",     U"布设", U"建成", U"挂网", U"投运",
                                            U"推广应用", U"投入使用", U"应用", U"使用", U"推广", U"运行",
                                            U"投用",     U"装用",     U"示范", U"安装", U"落地", U"上线"};
  constexpr std::u32string_view kNoPlaces[] = {U"实验室", U"服务器", U"测试", U"数据",   U"样本",
                                               U"算例",   U"文献",   U"论文", U"研究中", U"条件",
                                               U"过程",   U"领域",   U"方面", U"温度"};
  constexpr std::u32string_view kNoUses[] = {U"前景", U"价值", U"潜力", U"研究", U"试验", U"检测",
                                             U"测试", U"考核", U"验证", U"需求", U"领域", U"技术",
                                             U"条件", U"能力", U"意义", U"效果"};
  constexpr size_t kPlaceMost = 22;
  const std::u32string_view open = WordAt(text, at, kOpen);
  if (open.empty()) return std::nullopt;
  const size_t begin = at + open.size();
  for (size_t end = begin; end < text.size() && end <= begin + kPlaceMost; ++end) {
    if (Is(kClauseEnds, text[end])) return std::nullopt;
    const std::u32string_view verb = end == begin ? std::u32string_view() : WordAt(text, end, kVerbs);
    if (verb.empty()) continue;
    const std::u32string_view place = text.substr(begin, end - begin);
    const bool sure = open.front() == U'已' || IsCountedPlace(place);
    const bool use = WordAt(text, end + verb.size(), kNoUses).empty();
    if (!sure || !use || HasAny(place, kNoPlaces)) return std::nullopt;
    return UseMention{at, end + verb.size(), kUsed, kOnSale};
  }
  return std::nullopt;
}

// What those do who use a thing.
constexpr std::u32string_view kUsedBy[] = {
    U"经受",     U"部署",   U"推行",   U"试点",   U"示范",   U"布设",     U"铺开", U"建成", U"投用",
    U"投运",     U"服役",   U"开机",   U"在役",   U"在跑",   U"跑着",     U"用着", U"开着", U"装着",
    U"选用",     U"采购",   U"换装",   U"挂网",   U"施工",   U"稳定生产", U"复购", U"采用", U"应用",
    U"在用",     U"都用",   U"使用",   U"配备",   U"配了",   U"装用",     U"装上", U"装了", U"供货",
    U"投产",     U"达产",   U"在生产", U"已生产", U"都生产", U"推开",     U"上线", U"用上", U"落地",
    U"完成改造", U"代加工", U"普及",   U"运行",   U"都配",   U"移交"};

// 三座万吨级工厂采用, 全县十七个乡镇卫生院配备, 五家企业用; not 可供三家企业使用.
std::optional<UseMention> ByManyAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kCounters[] = {U"家", U"座", U"所", U"处", U"条",
                                               U"户", U"个", U"台", U"套", U"辆"};
  // 3台电机同步运行 tells of parts; these tell of use.
  constexpr std::u32string_view kUses[] = {U"投用", U"投运", U"服役", U"在用", U"在役", U"投产", U"移交"};
  constexpr std::u32string_view kNotYet[] = {U"可", U"能", U"拟",   U"将",   U"计划", U"预计", U"愿", U"需",
                                             U"要", U"寻", U"面向", U"欢迎", U"适",   U"未",   U"没", U"仅"};
  constexpr std::u32string_view kNoUses[] = {U"前景", U"价值", U"潜力", U"研究", U"需求", U"领域",
                                             U"技术", U"条件", U"能力", U"意义", U"试验", U"单位联合"};
  constexpr size_t kGapMost = 14;
  const size_t unit = NumberEnd(text, at);
  if (unit == at || (at > 0 && NumberEnd(text, at - 1) > at - 1)) return std::nullopt;
  if (const auto number = text.substr(at, unit - at); number == U"一" || number == U"1") return std::nullopt;
  const std::u32string_view counter = WordAt(text, unit, kCounters);
  if (counter.empty() || (counter == U"个" && UnitEnd(text, unit) == unit)) return std::nullopt;
  std::u32string_view before = text.substr(0, at);
  before = before.substr(before.find_last_of(kClauseEnds) + 1);  // npos + 1 is 0
  if (HasAny(before, kNotYet)) return std::nullopt;
  for (size_t end = unit + 1; end < text.size() && end <= unit + kGapMost; ++end) {
    if (Is(kClauseEnds, text[end])) return std::nullopt;
    const std::u32string_view verb = WordAt(text, end, kUsedBy);
    const size_t next = end + verb.size();
    // 五家企业用: the last of its clause.
    const bool uses = text[end] == U'用' && (end + 1 == text.size() || Is(kClauseEnds, text[end + 1]));
    if (uses && !Is(U"台套辆", counter.front())) return UseMention{at, end + 1, kUsed, kOnSale};
    if (verb.empty()) continue;
    if (!WordAt(text, next, kNoUses).empty() || HasAny(text.substr(unit, end - unit), kNotYet))
      return std::nullopt;
    if (Is(U"台套辆", counter.front()) && WordAt(text, end, kUses).empty()) return std::nullopt;
    return UseMention{at, next, kUsed, kOnSale};
  }
  return std::nullopt;
}

// 为五座电站的31台转轮批量施工, 给三家企业供货: work done for others; not 为两类工况提供依据,
// 可为三家企业供货.
std::optional<UseMention> ForManyAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kVerbs[] = {U"施工", U"改造", U"喷涂", U"安装", U"修复", U"加固",
                                            U"供货", U"供应", U"配套", U"实施", U"部署", U"处理",
                                            U"治理", U"加工", U"代工", U"提供", U"承建", U"服务"};
  constexpr std::u32string_view kNoDeeds[] = {U"支撑", U"依据", U"参考", U"保障", U"思路", U"借鉴", U"可能",
                                              U"基础", U"方案", U"咨询", U"理论", U"数据", U"单位", U"企业",
                                              U"商",   U"队",   U"公司", U"厂",   U"站",   U"院",   U"塔",
                                              U"单元", U"了支", U"了依", U"了参", U"了保", U"了思", U"了借",
                                              U"了可", U"了基", U"了方", U"了咨", U"了理", U"了数"};
  constexpr std::u32string_view kCounters[] = {U"家", U"座", U"所", U"处", U"条", U"户", U"个"};
  constexpr std::u32string_view kNotYet[] = {U"可", U"能", U"拟", U"将", U"计划", U"需", U"要", U"未", U"没"};
  constexpr size_t kGapMost = 14;
  if (!Is(U"为给", text[at]) || (at > 0 && Is(U"因作成认称分视较以变别均皆约", text[at - 1])))
    return std::nullopt;
  const size_t unit = NumberEnd(text, at + 1);
  if (unit == at + 1) return std::nullopt;
  const std::u32string_view counter = WordAt(text, unit, kCounters);
  if (counter.empty() || (counter == U"个" && UnitEnd(text, unit) == unit)) return std::nullopt;
  std::u32string_view before = text.substr(0, at);
  before = before.substr(before.find_last_of(kClauseEnds) + 1);  // npos + 1 is 0
  if (HasAny(before, kNotYet)) return std::nullopt;
  for (size_t end = unit + 1; end < text.size() && end <= unit + kGapMost; ++end) {
    if (Is(kClauseEnds, text[end])) return std::nullopt;
    const std::u32string_view verb = WordAt(text, end, kVerbs);
    if (verb.empty()) continue;
    if (!WordAt(text, end + verb.size(), kNoDeeds).empty()) return std::nullopt;
    return UseMention{at, end + verb.size(), kUsed, kOnSale};
  }
  return std::nullopt;
}

// 有 that asks for something to be there; not 没有, 现有, 有望, 有机.
bool AsksToHave(std::u32string_view text, size_t at) {
  if (at > 0 && Is(U"没未所现原只还国含特", text[at - 1])) return false;
  return at + 1 >= text.size() || !Is(U"望关机效色限利害毒助源序线力偿待意条能愿人必兴需", text[at + 1]);
}

// 油田现场示范 behind 要求有, from `at` on.
std::optional<size_t> EndOfUse(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kUses[] = {U"示范", U"应用", U"使用", U"运行",     U"案例",
                                           U"业绩", U"先例", U"实例", U"成功经验", U"用过"};
  constexpr std::u32string_view kBehind[] = {U"案例", U"业绩", U"经验", U"经历", U"工程"};
  constexpr std::u32string_view kToDo[] = {U"开展", U"进行", U"合作", U"共同", U"联合", U"来",
                                           U"在我", U"在本", U"建",   U"拟",   U"计划"};
  constexpr size_t kMost = 14;
  for (size_t end = at; end < text.size() && end <= at + kMost && !Is(kClauseEnds, text[end]); ++end) {
    const std::u32string_view use = WordAt(text, end, kUses);
    if (use.empty()) continue;
    const size_t next = end + use.size();
    const bool closes = next >= text.size() || Is(U"的者、和及且并)(", text[next]) ||
                        Is(kClauseEnds, text[next]) || !WordAt(text, next, kBehind).empty();
    if (!closes) continue;
    if (HasAny(text.substr(at, end - at), kToDo)) return std::nullopt;
    return next;
  }
  return std::nullopt;
}

}  // namespace

std::vector<UseMention> FindUseMentions(std::u32string_view text) {
  std::vector<UseMention> mentions;
  for (size_t at = 0; at < text.size(); ++at) {
    for (const auto find :
         std::array{&CountedAt, &LastedAt, &ForYearsAt, &InPlacesAt, &ByManyAt, &ForManyAt}) {
      const std::optional<UseMention> mention = find(text, at);
      if (mention && !IsOfTrials(text, at, find == &LastedAt || find == &ForYearsAt))
        mentions.push_back(*mention);
    }
  }
  return mentions;
}

std::vector<UseMention> FindUsesAskedFor(std::u32string_view text) {
  constexpr std::u32string_view kMarks[] = {U"已经在", U"已在", U"曾在", U"做过", U"有"};
  std::vector<UseMention> mentions;
  for (size_t at = 0; at < text.size(); ++at) {
    const std::u32string_view mark = WordAt(text, at, kMarks);
    if (mark.empty() || (mark == U"有" && !AsksToHave(text, at))) continue;
    if (const std::optional<size_t> end = EndOfUse(text, at + mark.size()))
      mentions.push_back({at, *end, kUsed, kOnSale});
  }
  return mentions;
}

}  // namespace dongxi::requirement
