#include "engine/requirement/early_mention.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "engine/requirement/clause_text.h"

namespace dongxi::requirement {
namespace {

using Words = std::span<const std::u32string_view>;

constexpr int kLow = 4, kHigh = 5, kPaper = 3;  // levels

// The first of `words` that begins at `at`; empty if none does.
std::u32string_view WordAt(std::u32string_view text, size_t at, Words words) {
  for (const std::u32string_view word : words) {
    if (text.substr(at).starts_with(word)) return word;
  }
  return {};
}

bool HasAny(std::u32string_view text, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.find(word) != std::u32string_view::npos; });
}

// From the beginning of its clause to `at`, and from `at` to its end.
std::u32string_view ClauseBefore(std::u32string_view text, size_t at) {
  const std::u32string_view before = text.substr(0, at);
  return before.substr(before.find_last_of(kClauseEnds) + 1);  // npos + 1 is 0
}
std::u32string_view ClauseBehind(std::u32string_view text, size_t at) {
  const std::u32string_view behind = text.substr(std::min(at, text.size()));
  return behind.substr(0, std::min(behind.find_first_of(kClauseEnds), behind.size()));
}

// 平台架构 is no 台架, 罐体外 no 体外.
bool IsInLongerWord(std::u32string_view text, size_t at, std::u32string_view word) {
  if (at == 0) return false;
  if (word == U"台架") return text[at - 1] == U'平';
  if (word == U"体外") return IsOneOf(text[at - 1], U"车箱罐壳墙池管机主缸筒腔炉槽");
  return word == U"小柱" && IsOneOf(text[at - 1], U"大缩");
}

// 烧杯, 小型猪, 台架, with what was done there.
std::optional<UseMention> WorkedWithAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kThings[] = {
      U"斑马鱼",   U"实验兔",   U"半实物",   U"培养箱内", U"烧杯",     U"烧瓶",     U"摇瓶",     U"玻璃柱",
      U"小柱",     U"培养皿",   U"离体",     U"体外",     U"细胞水平", U"动物模型", U"小型猪",   U"实验猪",
      U"比格犬",   U"实验犬",   U"食蟹猴",   U"猕猴",     U"大鼠",     U"小鼠",     U"模型箱",   U"模型槽",
      U"沙箱",     U"砂箱",     U"土柱",     U"台架",     U"实验台",   U"试验台",   U"网室",     U"气候室",
      U"气候箱",   U"扣式电池", U"扣电",     U"模拟废水", U"模拟料液", U"模拟卤水", U"模拟溶液", U"模拟液",
      U"合成废水", U"自配",     U"配制溶液", U"配制的",   U"配制卤水", U"人工配制", U"缩比",     U"缩小模型",
      U"留存血清", U"留存样本", U"高低温箱", U"振动台"};
  constexpr std::u32string_view kDone[] = {U"做",   U"试",   U"测",   U"跑",   U"验证", U"完成", U"评价",
                                           U"筛",   U"循环", U"考核", U"成功", U"有效", U"产酸", U"表明",
                                           U"显示", U"得出", U"吹过", U"用过", U"搅",   U"证实", U"联调",
                                           U"种了", U"点亮", U"达到", U"存活"};
  const std::u32string_view thing = WordAt(text, at, kThings);
  if (thing.empty() || IsInLongerWord(text, at, thing)) return std::nullopt;
  const size_t end = at + thing.size();
  if (!HasAny(ClauseBefore(text, at), kDone) && !HasAny(ClauseBehind(text, end), kDone)) return std::nullopt;
  return UseMention{at, end, kLow, kHigh};
}

// 只做了仿真, 仅在室内, 停留在理论推导: all that there is.
std::optional<UseMention> OnlyThereAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kOnPaper[] = {U"仿真",   U"数值模拟", U"理论", U"图纸",
                                              U"设计图", U"有限元",   U"机理", U"论文"};
  constexpr std::u32string_view kPlaces[] = {
      U"数据集", U"历史数据", U"室内", U"校内",   U"院子里", U"实验室", U"教学楼", U"操场",    U"校园",
      U"温室",   U"盆栽",     U"盆里", U"水槽",   U"水池",   U"服务器", U"虚拟机", U"公斤级",  U"克级",
      U"课题组", U"厂内",     U"风洞", U"测试机", U"试验场", U"演示",   U"营养液", U"模拟环境"};
  constexpr std::u32string_view kOnly[] = {
      U"只在",     U"仅在",   U"只做",     U"仅做",   U"只有", U"仅有",   U"停留在", U"停在",
      U"还在",     U"尚在",   U"只完成",   U"仅完成", U"只是", U"仅是",   U"只跑",   U"限于",
      U"只用",     U"仅用",   U"目前跑在", U"只测",   U"仅经", U"只通过", U"仅通过", U"才做",
      U"仅完成了", U"只验证", U"仅验证",   U"仅限",   U"只限", U"也就在", U"才在"};
  constexpr size_t kGapMost = 8;
  const std::u32string_view on_paper = WordAt(text, at, kOnPaper);
  const std::u32string_view place = on_paper.empty() ? WordAt(text, at, kPlaces) : on_paper;
  if (place.empty()) return std::nullopt;
  const std::u32string_view before = ClauseBefore(text, at);
  const bool only = std::any_of(std::begin(kOnly), std::end(kOnly), [&](std::u32string_view word) {
    const size_t from = before.rfind(word);
    return from != std::u32string_view::npos && before.size() - from - word.size() <= kGapMost;
  });
  if (!only || before.find(U'不') != std::u32string_view::npos) return std::nullopt;
  if (!on_paper.empty()) return UseMention{at, at + place.size(), kPaper, kPaper};
  return UseMention{at, at + place.size(), kLow, kHigh};
}

// What comes after the laboratory. kSteps may stand behind a verb of going there, kDeeds right behind the
// denial.
constexpr std::u32string_view kSteps[] = {
    U"现场",     U"场站", U"场里", U"厂里", U"矿上", U"井下", U"地里",   U"大田", U"田间", U"区试",
    U"真实",     U"实际", U"实地", U"用户", U"企业", U"临床", U"受试者", U"病人", U"患者", U"人体",
    U"业务系统", U"生产", U"工业", U"工程", U"野外", U"外场", U"吨级",   U"库区", U"示范", U"示范点",
    U"电堆",     U"整机", U"实物", U"放大", U"路上", U"塔",   U"牧场",   U"油田", U"电站", U"医院",
    U"外单位",   U"校外", U"客户", U"农户", U"牧户", U"矿山", U"产线",   U"机床", U"车上", U"船上",
    U"线路上",   U"病房", U"鱼塘", U"圈舍", U"大棚", U"林地", U"草场",   U"窑上", U"炉上", U"机组"};
constexpr std::u32string_view kDeeds[] = {
    U"装车",   U"上车",       U"上线",       U"装机",       U"量产",   U"投产",   U"批产",
    U"投用",   U"供货",       U"商用",       U"加工",       U"入组",   U"招募",   U"放大",
    U"中试",   U"发布",       U"定型",       U"出厂",       U"开模",   U"下地",   U"下过地",
    U"下井",   U"下过井",     U"下水试",     U"上过路",     U"上过山", U"进过厂", U"进过矿",
    U"出过厂", U"出过实验室", U"走出实验室", U"离开实验室", U"卖过",   U"装到",   U"上塔"};
constexpr std::u32string_view kNots[] = {U"还没有", U"还没", U"尚未", U"尚没有", U"从未", U"未曾",
                                         U"还未",   U"暂未", U"没有", U"没",     U"未"};

// 还没有到场站里跑过, 未装车, 没有接触真实卤水; not 未出现现场故障, 没有在用户处出过故障.
std::optional<UseMention> NotYetAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kGoes[] = {
      U"在",     U"到",     U"经过",   U"经",     U"做",   U"进行", U"开展", U"进入",
      U"进",     U"接触",   U"接入",   U"给",     U"交给", U"装到", U"装在", U"安装到",
      U"部署到", U"部署在", U"应用于", U"应用到", U"接",   U"拿到", U"启动", U"完成",
      U"上过",   U"去过",   U"参加",   U"用于",   U"用过", U"下过", U"走到"};
  constexpr std::u32string_view kTroubles[] = {U"故障", U"事故", U"问题", U"污染", U"异常", U"伤亡",
                                               U"返修", U"损坏", U"变化", U"影响", U"干扰", U"失效",
                                               U"损失", U"负担", U"麻烦", U"不便", U"药害", U"死亡",
                                               U"报警", U"误报", U"停机", U"泄漏", U"渗漏", U"脱落"};
  constexpr size_t kGapMost = 5;
  const std::u32string_view no = WordAt(text, at, kNots);
  if (no.empty()) return std::nullopt;
  const size_t behind = at + no.size();
  const std::u32string_view rest = ClauseBehind(text, behind);
  if (HasAny(rest, kTroubles)) return std::nullopt;
  if (const std::u32string_view deed = WordAt(text, behind, kDeeds); !deed.empty()) {
    // 没有中试基地 tells of the owner.
    const bool means =
        StartsWithAny(rest.substr(deed.size()), {U"基地", U"场地", U"条件", U"平台", U"经验", U"设备",
                                                 U"装置", U"能力", U"车间", U"厂房", U"资金", U"线"});
    if (means) return std::nullopt;
    return UseMention{at, behind + deed.size(), kLow, kHigh};
  }
  const std::u32string_view goes = WordAt(text, behind, kGoes);
  if (goes.empty()) return std::nullopt;
  for (size_t step = goes.size(); step <= goes.size() + kGapMost && step < rest.size(); ++step) {
    const std::u32string_view word = WordAt(rest, step, kSteps);
    if (!word.empty()) return UseMention{at, behind + step + word.size(), kLow, kHigh};
  }
  return std::nullopt;
}

// 大田还没种过, 电堆还未组装, 人体研究尚未开始.
std::optional<UseMention> StepNotDoneAt(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kLinks[] = {U"研究", U"试验", U"应用", U"考核", U"验证", U"工作", U"申报"};
  constexpr std::u32string_view kDone[] = {U"种", U"试",   U"做",   U"开始", U"启动", U"开展", U"进行",
                                           U"跑", U"用过", U"组装", U"装",   U"建",   U"验证", U"到过"};
  constexpr std::u32string_view kBefore[] = {U"吨级", U"大田", U"田间", U"整机", U"电堆",   U"组件",
                                             U"人体", U"临床", U"注册", U"现场", U"工业化", U"工程化"};
  const std::u32string_view step = WordAt(text, at, kBefore);
  if (step.empty()) return std::nullopt;
  size_t behind = at + step.size();
  for (int i = 0; i < 2; ++i) behind += WordAt(text, behind, kLinks).size();
  if (text.substr(behind).starts_with(U"还")) ++behind;
  const std::u32string_view no = WordAt(text, behind, kNots);
  if (no.empty()) return std::nullopt;
  const std::u32string_view done = WordAt(text, behind + no.size(), kDone);
  if (done.empty()) return std::nullopt;
  return UseMention{at, behind + no.size() + done.size(), kLow, kHigh};
}

}  // namespace

std::vector<UseMention> FindEarlyMentions(std::u32string_view text) {
  std::vector<UseMention> mentions;
  for (size_t at = 0; at < text.size(); ++at) {
    for (const auto find : std::array{&WorkedWithAt, &OnlyThereAt, &NotYetAt, &StepNotDoneAt}) {
      if (const std::optional<UseMention> mention = find(text, at)) mentions.push_back(*mention);
    }
  }
  return mentions;
}

}  // namespace dongxi::requirement
