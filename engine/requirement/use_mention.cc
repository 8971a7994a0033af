#include "engine/requirement/use_mention.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {
namespace {

using Words = std::span<const std::u32string_view>;

constexpr std::u32string_view kClauseEnds = U",，。;；:：!！?？\n\r";  // as ClaimOf cuts them
constexpr std::u32string_view kSentenceEnds = U"。;；!！?？\n\r";
constexpr int kUsed = 7, kOnSale = 8, kSpread = 9;  // levels

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

// 早就不是实验室里的玩意儿, 早过了中试: `before` ends with the word for a trial.
bool IsLeftBehind(std::u32string_view before) {
  constexpr std::u32string_view kLeft[] = {U"不是", U"不再是", U"早过了", U"已过", U"走出",   U"走出了",
                                           U"告别", U"告别了", U"过了",   U"不再", U"不只是", U"起步于"};
  return EndsWithAny(before, kLeft);
}

// The sentence speaks of trials, or of others at large.
bool IsOfTrials(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kWords[] = {U"中试",   U"小试", U"样机", U"样品", U"样件", U"原型",
                                            U"实验室", U"台架", U"试验", U"测试", U"试用", U"模型",
                                            U"仿真",   U"模拟", U"盆栽", U"国外", U"我国"};
  const size_t last = text.substr(0, at).find_last_of(kSentenceEnds);
  const size_t begin = last == std::u32string_view::npos ? 0 : last + 1;
  const size_t end = std::min(text.find_first_of(kSentenceEnds, at), text.size());
  const std::u32string_view sentence = text.substr(begin, end - begin);
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::u32string_view word) {
    const size_t place = sentence.find(word);
    return place != std::u32string_view::npos && !IsLeftBehind(sentence.substr(0, place));
  });
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
  constexpr std::u32string_view kPlaces[] = {U"县",   U"市",     U"省",   U"州",   U"旗",   U"乡",   U"镇",
                                             U"村",   U"矿",     U"厂",   U"站",   U"园区", U"企业", U"单位",
                                             U"基地", U"合作社", U"医院", U"学校", U"工程", U"项目", U"电站",
                                             U"牧场", U"农场",   U"社区", U"油田", U"地区", U"灌区", U"国家"};
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
  constexpr std::u32string_view kFillers[] = {U"了",   U"达到", U"已达", U"达",   U"到", U"至",   U"于",
                                              U"在",   U"约",   U"近",   U"超过", U"超", U"逾",   U"总计",
                                              U"共计", U"累计", U"共",   U"面积", U"给", U"全省", U"全州",
                                              U"全县", U"全市", U"全国", U"大小"};
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
  constexpr std::u32string_view kSeasons[] = {U"年",     U"冬",     U"采暖季", U"采收季",
                                              U"生产季", U"作业季", U"季"};
  const size_t place = text.substr(at).starts_with(U"个") ? at + 1 : at;
  const std::u32string_view season = WordAt(text, place, kSeasons);
  if (!season.empty()) return place + season.size();
  if (place >= text.size() || text[place] != U'月') return at;
  const bool digits = number.size() > 1 && IsAsciiDigit(number[0]) && IsAsciiDigit(number[1]);
  return digits || Is(U"6789六七八九十", number.front()) ? place + 1 : at;
}

// 跑了三年, 已连续运行14个月; not 可连续运行三年.
std::optional<UseMention> LastedAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kVerbs[] = {U"运行", U"使用", U"应用", U"服役", U"上线", U"通车", U"商运",
                                            U"投用", U"投运", U"投产", U"跑",   U"用",   U"干",   U"过"};
  // They tell of use even without 已 or 了.
  constexpr std::u32string_view kSure[] = {U"服役", U"上线", U"通车", U"商运", U"投用", U"投运", U"投产"};
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
  if (before.find_first_of(U"可能设寿保质") != std::u32string_view::npos) return std::nullopt;
  return UseMention{at, end, kUsed, kOnSale};
}

// Whether the place between 在 and its verb is counted (两座煤矿, 8个县市): 在三个数据集上 is none.
bool IsCountedPlace(std::u32string_view place) {
  constexpr std::u32string_view kEnds[] = {
      U"县", U"市",   U"省",   U"州", U"旗",   U"乡",   U"镇",   U"村",   U"矿",     U"厂",
      U"站", U"院",   U"园",   U"区", U"企业", U"公司", U"单位", U"基地", U"合作社", U"学校",
      U"校", U"工程", U"项目", U"场", U"田",   U"隧道", U"线",   U"线路", U"桥",     U"井",
      U"户", U"水库", U"塘",   U"段", U"渠",   U"家",   U"队",   U"所",   U"库"};
  constexpr std::u32string_view kCounters = U"台套座家处所口条个县市省州旗村乡镇矿户万";
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
  constexpr std::u32string_view kVerbs[] = {U"推广应用", U"投入使用", U"应用", U"使用", U"推广", U"运行",
                                            U"投用",     U"装用",     U"示范", U"安装", U"落地", U"上线"};
  constexpr std::u32string_view kNoPlaces[] = {U"数据", U"样本", U"算例", U"文献", U"论文", U"研究中",
                                               U"条件", U"过程", U"领域", U"方面", U"温度"};
  constexpr std::u32string_view kNoUses[] = {U"前景", U"价值", U"潜力", U"研究", U"试验", U"检测",
                                             U"测试", U"考核", U"验证", U"需求", U"领域", U"技术",
                                             U"条件", U"能力", U"意义", U"效果"};
  constexpr size_t kPlaceMost = 16;
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

// 三座万吨级工厂采用, 全县十七个乡镇卫生院配备, 五家企业用; not 可供三家企业使用.
std::optional<UseMention> ByManyAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kVerbs[] = {
      U"采用", U"应用", U"在用",     U"都用",   U"使用",   U"配备",   U"配了",   U"装用", U"装上",
      U"装了", U"供货", U"投产",     U"达产",   U"在生产", U"已生产", U"都生产", U"推开", U"上线",
      U"用上", U"落地", U"完成改造", U"代加工", U"普及",   U"运行",   U"都配",   U"移交"};
  constexpr std::u32string_view kCounters[] = {U"家", U"座", U"所", U"处", U"条", U"户", U"个"};
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
    const std::u32string_view verb = WordAt(text, end, kVerbs);
    const size_t next = end + verb.size();
    // 五家企业用: the last of its clause.
    const bool uses = text[end] == U'用' && (end + 1 == text.size() || Is(kClauseEnds, text[end + 1]));
    if (uses) return UseMention{at, end + 1, kUsed, kOnSale};
    if (verb.empty()) continue;
    if (!WordAt(text, next, kNoUses).empty() || HasAny(text.substr(unit, end - unit), kNotYet))
      return std::nullopt;
    return UseMention{at, next, kUsed, kOnSale};
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
    for (const auto find : std::array{&CountedAt, &LastedAt, &InPlacesAt, &ByManyAt}) {
      const std::optional<UseMention> mention = find(text, at);
      if (mention && !IsOfTrials(text, at)) mentions.push_back(*mention);
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
