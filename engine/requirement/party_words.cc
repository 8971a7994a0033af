#include "engine/requirement/party_words.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "engine/requirement/clause_text.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kNone = std::u32string_view::npos;

constexpr WordList kSeek = {U"寻",   U"找",   U"招", U"聘",   U"征集", U"征求", U"引进", U"诚邀",
                            U"邀请", U"委托", U"求", U"需要", U"急需", U"想请", U"希望"};

}  // namespace

bool WantsGoods(std::u32string_view field) {
  return AnyClause(field, [](std::u32string_view clause) {
    const bool acquires = ContainsAny(
        clause, {U"引进", U"采购", U"购买", U"购置", U"求购", U"受让", U"征集", U"寻求", U"寻找", U"需要",
                 U"想要", U"也要", U"还要", U"以及", U"同时", U"带来", U"提供", U"研发", U"开发"});
    const bool declines = ContainsAny(clause, {U"不", U"无需", U"无须", U"已有", U"已定", U"共享", U"借用"});
    const bool of_people = ContainsAny(
        clause, {U"会", U"懂", U"操作", U"维修", U"维护", U"掌握", U"熟悉", U"讲授", U"学习", U"从事"});
    if (!acquires || declines || of_people) return false;
    for (const std::u32string_view goods :
         {U"技术", U"工艺", U"成果", U"专利", U"配方", U"设备", U"装备", U"装置", U"软件", U"系统", U"产品",
          U"材料", U"药剂", U"品种", U"仪器"}) {
      const size_t place = clause.find(goods);
      if (place == kNone) continue;
      const std::u32string_view behind = clause.substr(place + goods.size());
      if (!StartsWithAny(
              behind, {U"人", U"员", U"骨干", U"负责", U"总监", U"工程", U"管理", U"方面", U"方向", U"专业",
                       U"类", U"学", U"经理", U"运维", U"顾问", U"科",   U"专家", U"共享", U"团队", U"支持"}))
        return true;
    }
    return false;
  });
}

namespace {

// What an institution says of itself where its type leaves open whether it is such a party.
constexpr WordList kOperatorIs = {U"园区运营",     U"园区管理",   U"园区招商",   U"园区开发",   U"园区服务",
                                  U"园区托管",     U"运营园区",   U"运营产业园", U"产业园运营", U"产城运营",
                                  U"产业新城",     U"受托运营",   U"招商运营",   U"孵化器",     U"众创空间",
                                  U"科技园运营",   U"园区的运营", U"托管产业",   U"托管园区",   U"代运营园区",
                                  U"产业载体运营", U"运营开发区", U"托管开发区"};
constexpr WordList kInvestorIs = {
    U"对外投资", U"产业投资", U"股权投资", U"投资业务", U"投资公司", U"投资集团", U"投资管理", U"直接投资",
    U"战略投资", U"创业投资", U"风险投资", U"投资并购", U"投资布局", U"投资方向", U"拟投资",   U"愿投资",
    U"愿意投资", U"有意投资", U"可出资",   U"愿出资",   U"愿意出资", U"有意出资", U"产业基金", U"引导基金",
    U"投资基金", U"资本运作", U"参股",     U"建厂",     U"设厂",     U"产能转移", U"产业转移", U"扩产"};
constexpr WordList kInvestorIsNot = {
    U"不对外投资", U"不得对外投资", U"不得对外股权投资", U"不得投资",   U"无对外投资", U"不从事投资",
    U"无投资",     U"暂停投资",     U"停止投资",         U"不参与投资", U"不做投资",   U"不参与出资",
    U"不出资",     U"没有基金",     U"不入股",           U"不投资",     U"不参股",     U"不做出资"};
constexpr WordList kPeopleIs = {
    U"人才派遣", U"人力资源", U"猎头",       U"专家团队", U"专家库",   U"选派",     U"派驻", U"派出专家",
    U"派专家",   U"派工程师", U"派技术",     U"人才服务", U"人才引进", U"技师",     U"工匠", U"人才交流",
    U"可派人",   U"可派技",   U"可派工程师", U"劳务派遣", U"专家派遣", U"专家服务", U"派员", U"外派工程师"};
constexpr WordList kPeopleIsNot = {U"不能派人", U"不派人", U"无法派人", U"不外派"};
constexpr WordList kTrainerIs = {U"培训", U"讲师", U"授课", U"实训", U"师资", U"教学", U"研修",
                                 U"带教", U"轮训", U"技能", U"办班", U"讲习", U"课程", U"考点"};
constexpr WordList kTrainerIsNot = {U"不承担培训", U"不提供培训", U"不开展培训", U"无培训", U"暂停培训"};
constexpr WordList kPlatformIs = {U"服务平台", U"测试平台",     U"检测平台",     U"创新平台",   U"研发平台",
                                  U"共享平台", U"中试平台",     U"公共平台",     U"实验室",     U"检测中心",
                                  U"测试中心", U"检测机构",     U"检验检测",     U"第三方检测", U"中试线",
                                  U"中试基地", U"工程中心",     U"工程研究中心", U"技术中心",   U"开放共享",
                                  U"对外开放", U"面向社会开放", U"cma",          U"cnas",       U"孵化器"};
constexpr WordList kPlatformIsNot = {U"不对外开放", U"不对外共享", U"不开放"};
struct OwnWords {
  std::string_view party;
  const WordList *is, *is_not;  // is_not may be null
};
constexpr OwnWords kOwnWords[] = {
    {"park_operator", &kOperatorIs, nullptr},    {"investor", &kInvestorIs, &kInvestorIsNot},
    {"people", &kPeopleIs, &kPeopleIsNot},       {"trainer", &kTrainerIs, &kTrainerIsNot},
    {"platform", &kPlatformIs, &kPlatformIsNot},
};

// 智慧园区运营管理平台软件 is what it makes, 无园区运营业务 what it does not do.
bool SaysSo(std::u32string_view text, WordList words) {
  constexpr size_t kNear = 6;  // characters
  for (const std::u32string_view word : words) {
    for (size_t place = text.find(word); place != kNone; place = text.find(word, place + 1)) {
      const size_t comma = text.substr(0, place).find_last_of(kClauseEnds);
      const size_t from = std::max(place - std::min(place, kNear), comma == kNone ? 0 : comma + 1);
      const bool denied =
          ContainsAny(text.substr(from, place - from), {U"无", U"不", U"未", U"没有", U"非", U"曾获"});
      const bool goods = ContainsAny(text.substr(place + word.size(), kNear),
                                     {U"软件", U"系统", U"平台软件", U"大赛", U"解决方案"});
      if (!denied && !goods) return true;
    }
  }
  return false;
}

// How a party is looked for by its kind, without a word of the table: a verb, a few words, and what it is
// (引进技术转移服务平台, 只招护理人才), with none of `not_behind` after it (人才公寓).
struct SoughtWords {
  std::string_view party;
  WordList verbs, nouns, not_behind;
};
constexpr WordList kPeopleVerbs = {
    U"招聘", U"招收", U"招募", U"招录", U"招一", U"招两", U"招几", U"招个", U"只招",  U"想招",
    U"要招", U"急招", U"聘请", U"聘一", U"特聘", U"外聘", U"想聘", U"引进", U"诚邀",  U"急需",
    U"急缺", U"紧缺", U"寻求", U"寻找", U"寻一", U"找一", U"找几", U"找个", U"想找",  U"要找",
    U"请一", U"请几", U"请个", U"请位", U"想请", U"要请", U"缺一", U"缺两", U"缺个",  U"邀请",
    U"物色", U"选派", U"派一", U"派几", U"派遣", U"诚聘", U"急聘", U"招位", U"高薪聘"};
constexpr WordList kPeopleNouns = {
    U"人才",   U"工程师", U"技术员", U"农艺师", U"医生",   U"医师",   U"护士",   U"药师",   U"教师",
    U"老师",   U"博士",   U"硕士",   U"专家",   U"带头人", U"技工",   U"师傅",   U"教授",   U"院士",
    U"技师",   U"研究员", U"顾问",   U"特派员", U"设计师", U"检验师", U"匠人",   U"能人",   U"经理人",
    U"经纪人", U"大夫",   U"总监",   U"名师",   U"名医",   U"老把式", U"土专家", U"农技员", U"首席"};
constexpr WordList kPeopleNotBehind = {U"公寓", U"培训", U"培养", U"库",   U"政策", U"市场",
                                       U"系统", U"平台", U"管理", U"评价", U"测评", U"论证",
                                       U"评审", U"数据", U"补贴", U"住房", U"流失", U"用",
                                       U"的",   U"办公", U"信息", U"经验", U"知识", U"水平"};
constexpr WordList kPlatformVerbs = {U"引进", U"引入", U"引一", U"引来", U"想引", U"寻求", U"寻找", U"找一",
                                     U"找个", U"想找", U"只找", U"找家", U"欢迎", U"对接", U"遴选", U"征集",
                                     U"邀请", U"诚邀", U"招一", U"请一", U"借用", U"租用", U"共建", U"联建",
                                     U"合建", U"寻一", U"求一", U"寻共", U"找科", U"找检", U"找共", U"找能"};
constexpr WordList kPlatformNouns = {
    U"服务平台", U"检测平台", U"检验平台", U"测试平台",     U"中试平台",     U"转移平台", U"孵化平台",
    U"研发平台", U"创新平台", U"公共平台", U"试验平台",     U"验证平台",     U"计量平台", U"科研平台",
    U"转化平台", U"仪器平台", U"共享平台", U"技术转移中心", U"技术转移机构", U"检测中心", U"检测机构",
    U"检验机构", U"测试中心", U"计量中心", U"中试线",       U"中试车间",     U"孵化器",   U"众创空间"};
constexpr WordList kPlatformNotBehind = {U"软件", U"系统", U"开发", U"建设", U"搭建", U"设计",
                                         U"技术", U"方案", U"用",   U"设备", U"仪器", U"的",
                                         U"模块", U"源码", U"运营", U"管理", U"架构", U"小程"};
constexpr WordList kParkVerbs = {U"寻求", U"寻找", U"找一", U"找个", U"找有", U"找家",
                                 U"想找", U"只找", U"寻有", U"寻一", U"希望", U"征集",
                                 U"遴选", U"对接", U"牵手", U"联系", U"寻东"};
constexpr WordList kParkNouns = {U"园区",   U"开发区", U"高新区", U"经开区",
                                 U"产业园", U"工业园", U"科技园", U"工业区"};
constexpr WordList kParkNotBehind = {U"污",   U"废",   U"供", U"能", U"用",   U"技术", U"管理",
                                     U"软件", U"系统", U"企", U"内", U"的",   U"运营", U"招商",
                                     U"规划", U"智慧", U"道", U"环", U"固",   U"水",   U"气",
                                     U"电",   U"安",   U"消", U"监", U"物业", U"节"};
constexpr SoughtWords kSoughtWords[] = {
    {"people", kPeopleVerbs, kPeopleNouns, kPeopleNotBehind},
    {"platform", kPlatformVerbs, kPlatformNouns, kPlatformNotBehind},
    {"park", kParkVerbs, kParkNouns, kParkNotBehind},
};

// Where `noun` is looked for; what stands between its verb and it names no goods.
std::optional<WordPlace> NounSought(std::u32string_view field, std::u32string_view noun,
                                    const SoughtWords& words) {
  constexpr size_t kBetweenMax = 14;  // characters
  for (size_t at = field.find(noun); at != kNone; at = field.find(noun, at + 1)) {
    const size_t end = at + noun.size();
    if (StartsWithAny(field.substr(end), words.not_behind)) continue;
    const std::u32string_view clause = ClauseAround(field, at);
    const size_t clause_begin = static_cast<size_t>(clause.data() - field.data());
    const std::u32string_view before = field.substr(clause_begin, at - clause_begin);
    if (ContainsAny(before, {U"不", U"无需", U"无须", U"已有", U"已引", U"替代", U"代替", U"已聘"})) continue;
    for (const std::u32string_view verb : words.verbs) {
      const size_t place = before.rfind(verb);
      if (place == kNone) continue;
      const std::u32string_view between = before.substr(place + verb.size());
      if (between.size() > kBetweenMax || ContainsAny(between, {U"技术", U"系统", U"软件", U"设备", U"装置",
                                                                U"工艺", U"产品", U"方案", U"为"}))
        continue;
      return WordPlace{clause_begin + place, end};
    }
  }
  return std::nullopt;
}

}  // namespace

bool IsSoughtAlone(std::string_view party, std::u32string_view field, size_t begin, size_t end) {
  const std::u32string_view around = ClauseAround(field, begin);
  const size_t clause_begin = static_cast<size_t>(around.data() - field.data());
  const std::u32string_view clause = field.substr(clause_begin, end - clause_begin);
  bool sought = false;
  if (party == "people") {
    sought =
        ContainsAny(clause, {U"招聘", U"急聘", U"诚聘", U"聘用", U"招人", U"招录", U"急招", U"诚招", U"招募",
                             U"招工程师", U"招医生", U"招教师", U"外聘", U"招收", U"只招", U"想招"});
  } else if (party == "platform") {
    sought = ContainsAny(clause, kSeek) && ContainsAny(around, {U"共享", U"借用", U"送样"});
  } else if (party != "investor") {
    sought = ContainsAny(clause, kSeek);
  }
  return sought && !WantsGoods(field);
}

std::optional<WordPlace> PersonSought(std::u32string_view field) {
  constexpr size_t kKnowledgeMax = 20;  // characters between 懂 and 的人
  for (size_t person = field.find(U"的人"); person != kNone; person = field.find(U"的人", person + 1)) {
    const size_t end = person + 2;
    const bool ends = end == field.size() || IsOneOf(field[end], kClauseEnds) ||
                      StartsWithAny(field.substr(end), {U"手", U"来", U"带", U"帮", U"驻", U"才。", U"才,"});
    if (!ends) continue;
    const std::u32string_view clause = ClauseAround(field, person);
    const size_t clause_begin = static_cast<size_t>(clause.data() - field.data());
    const std::u32string_view before = field.substr(clause_begin, person - clause_begin);
    if (!ContainsAny(before, {U"缺", U"找", U"请", U"要", U"招", U"求", U"寻", U"想", U"需", U"来"}))
      continue;
    for (const std::u32string_view knows :
         {U"懂", U"会", U"熟悉", U"擅长", U"精通", U"干过", U"做过", U"搞过"}) {
      const size_t place = before.rfind(knows);
      if (place != kNone && before.size() - place <= kKnowledgeMax)
        return WordPlace{clause_begin + place, end};
    }
  }
  return std::nullopt;
}

std::optional<WordPlace> PartySought(std::string_view party, std::u32string_view field) {
  for (const SoughtWords& words : kSoughtWords) {
    if (words.party != party) continue;
    for (const std::u32string_view noun : words.nouns) {
      if (const std::optional<WordPlace> place = NounSought(field, noun, words)) return place;
    }
  }
  return party == "people" ? PersonSought(field) : std::nullopt;
}

bool SeeksNothingElse(std::u32string_view clause) {
  constexpr std::u32string_view kOnly[] = {
      U"只与",     U"仅与",     U"只同",     U"仅同", U"只和",   U"仅和",     U"只跟",     U"仅跟",
      U"只限",     U"仅限",     U"只向",     U"仅向", U"只面向", U"仅面向",   U"只对接",   U"仅对接",
      U"只差",     U"仅差",     U"只缺",     U"仅缺", U"只欠",   U"仅欠",     U"就差",     U"就缺",
      U"独缺",     U"只请",     U"仅请",     U"只盼", U"只想",   U"仅想",     U"就想",     U"只愿",
      U"仅愿",     U"专寻",     U"专招",     U"专聘", U"专找",   U"唯一需求", U"唯一诉求", U"单一诉求",
      U"单一需求", U"诉求只有", U"需求只有", U"只选", U"仅选",   U"只遴选",   U"仅遴选"};
  return std::any_of(std::begin(kOnly), std::end(kOnly), [&](std::u32string_view only) {
    const size_t place = clause.find(only);
    // 只缺设备和运营方.
    return place != kNone && !ContainsAny(clause.substr(place), {U"设备", U"装备", U"工艺", U"产品", U"软件",
                                                                 U"系统", U"专利", U"成果", U"药剂", U"品种",
                                                                 U"技术和", U"技术、", U"技术及", U"技术与"});
  });
}

bool WantsSomeone(std::u32string_view field) {
  return AnyClause(field, [](std::u32string_view clause) {
    return ContainsAny(clause, {U"只要", U"只找", U"只求", U"只接", U"只需", U"仅要", U"仅需", U"仅接",
                                U"仅限", U"只限", U"只欢迎", U"只考虑"}) &&
           ContainsAny(clause, {U"机构", U"单位", U"团队", U"公司", U"伙伴", U"合作方", U"落户", U"入驻",
                                U"派驻", U"来人"});
  });
}

namespace {

// 软件产品不在征集之列, 设备类请勿推荐, 不购买设备, 设备和软件不要.
bool DeclinesGoods(std::u32string_view clause, WordList no) {
  const WordList goods = {U"设备", U"装备", U"产品", U"仪器", U"软件", U"样机", U"器械", U"技术"};
  if (!ContainsAny(clause, goods)) return false;
  if (StartsWithAny(clause, no) && EndsInAny(clause, goods)) return true;
  if (ContainsAny(clause, {U"勿推", U"勿扰", U"免谈", U"勿投", U"不在征集", U"不在此列", U"不在之列",
                           U"不在范围", U"谢绝", U"恕不", U"概不", U"不予考虑", U"不接洽", U"不受理"}))
    return true;
  // 进口设备不考虑: of a kind of goods alone.
  if (ContainsAny(clause, {U"进口", U"二手", U"国外", U"老旧", U"传统", U"落后"})) return false;
  if (EndsInAny(clause, {U"不要", U"不需要", U"不考虑", U"不采购", U"不谈", U"都不缺", U"均不缺"}))
    return true;
  return ContainsAny(clause, {U"技术"}) &&
         ContainsAny(clause, {U"均已", U"都已", U"均有", U"都有", U"路线已定"});
}

}  // namespace

bool DeclinesTheRest(std::u32string_view field) {
  const WordList no = {U"不考虑", U"不需",   U"不要",     U"不谈",     U"免谈",     U"勿",
                       U"不接受", U"不用",   U"不采购",   U"不购",     U"谢绝",     U"恕不",
                       U"概不",   U"不征集", U"不引进",   U"不再引进", U"不予考虑", U"除外",
                       U"不受理", U"不接洽", U"不在此列", U"不在征集"};
  return AnyClause(field, [&](std::u32string_view clause) {
    if (DeclinesGoods(clause, no)) return true;
    if (!ContainsAny(clause, no)) return false;
    if (ContainsAny(clause, {U"其他", U"其它", U"别的", U"其余"}))
      return !ContainsAny(clause, {U"条件", U"要求", U"地区", U"省", U"单位"});
    return ContainsAny(clause, {U"自然人", U"个人"}) &&
           ContainsAny(clause, {U"免谈", U"勿扰", U"勿投", U"谢绝", U"恕不", U"不接洽", U"不受理", U"不考虑",
                                U"不在此列", U"除外"});
  });
}

bool IsOfGoods(std::u32string_view field, size_t end) {
  return StartsWithAny(field.substr(end),
                       {U"用虚", U"用模", U"用软", U"用仪", U"用设", U"用装", U"用机", U"用教", U"公寓",
                        U"管理系统", U"管理软件", U"系统开发", U"软件开发", U"仿真", U"机器人"});
}

bool IsDutyOfAnother(std::u32string_view field, size_t begin) {
  const std::u32string_view clause = ClauseAround(field, begin);
  const size_t clause_begin = static_cast<size_t>(clause.data() - field.data());
  return ContainsAny(field.substr(clause_begin, begin - clause_begin),
                     {U"负责", U"承担", U"代理", U"协助", U"代办"});
}

PartySaid PartyInWords(std::string_view party, const Record& institution) {
  for (const OwnWords& own : kOwnWords) {
    if (own.party != party) continue;
    const std::u32string text = FoldAscii(MakeScanText(institution.title).text) + U"。" +
                                FoldAscii(MakeScanText(institution.text).text);
    if (own.is_not != nullptr && ContainsAny(text, *own.is_not)) return PartySaid::kIsNot;
    return SaysSo(text, *own.is) ? PartySaid::kIs : PartySaid::kNothing;
  }
  return PartySaid::kNothing;
}

}  // namespace dongxi::requirement
