#include "engine/requirement/mode_phrases.h"

#include <algorithm>
#include <span>

namespace dongxi::requirement {
namespace {

using Words = std::span<const std::string_view>;

constexpr size_t kNone = std::string_view::npos;
constexpr size_t kCharacter = 3;  // bytes

bool HasAny(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != kNone; });
}

constexpr std::string_view kGap = "…";

// What says that a mode is offered or refused; a part before … stands before the rest, in the same clause.
struct Phrases {
  std::string_view code;
  Words words;
};

constexpr std::string_view kTransfers[] = {
    "整体出让",   "打包出让",   "打包出售",      "挂牌出让",          "挂牌转让",    "公开转让",
    "竞价转让",   "转让底价",   "可出让",        "可以出让",          "愿出让",      "同意出让",
    "允许出让",   "一次性买断", "可买断",        "接受买断",          "卖断",        "可过户",
    "过户给",     "过户到",     "专利…转到贵",   "专利…转给",         "权…转到贵",   "权…转给贵",
    "变更到受让", "变更给受让", "权利人…可变更", "知识产权…转给企业", "专利…卖给贵", "可以卖",
    "愿卖",       "专利…挂牌",  "成果…挂牌",     "受让方可",          "出让专利",    "交易所挂牌",
    "所有权可转", "产权可转"};
constexpr std::string_view kLicenses[] = {
    "使用权…授",  "使用权…给",     "实施权…给",  "实施权…授",    "授权…实施",  "授权贵",     "授权给贵",
    "愿意授权",   "愿授权",        "可以授权",   "可授权使用",   "可授权企业", "可授权贵",   "授权可谈",
    "授权费",     "使用授权",      "收许可费",   "收取许可费",   "收使用费",   "收取使用费", "交提成",
    "销售额提成", "产值提成",      "按产量提成", "入门费加提成", "开放许可",   "普通实施",   "独占实施可",
    "免费开放给", "专利…免费开放", "零门槛许可", "接受排他",     "可独占",     "可排他",     "许可两到三家",
    "获得实施权", "可自由实施"};
constexpr std::string_view kEquities[] = {"专利出资",  "技术出资", "知识产权出资", "成果出资", "折成股",
                                          "技术…换股", "折股",     "以专利作价",   "技术作价", "成果作价",
                                          "专利作价",  "作价投资", "技术股",       "作价出资"};
constexpr std::string_view kConversions[] = {"合资建厂", "合资办厂", "到当地设厂", "到贵地设厂", "到当地办厂",
                                             "贵县办厂", "当地建厂", "带团队落户", "愿落户",     "可落户",
                                             "合作生产", "带着团队", "合办公司",   "县里合资",   "就地转化",
                                             "贵地落地", "当地落地"};
constexpr std::string_view kJoint[] = {"共同立项",        "共同申报",  "联合申报", "一起申报",  "组队申报",
                                       "组队…申报",       "共担经费",  "经费各出", "经费…分担", "联合课题组",
                                       "带题…合作",       "带题…研究", "合伙攻",   "共同研究",  "共同出题",
                                       "一块儿做",        "一起…研究", "一起攻",   "合作研究",  "合作…做下去",
                                       "联合实验室…研究", "共同攻",    "联合立项", "愿…一起做"};
constexpr std::string_view kCommissions[] = {
    "受托开发",     "受托研发", "承接企业委托", "接受企业委托", "接受委托",  "承接…技术开发",
    "技术开发合同", "定制研发", "委托课题",     "横向课题可接", "横向可接",  "可接横向",
    "量身定做",     "按需开发", "量身开发",     "承接横向",     "按要求开发"};
constexpr std::string_view kServices[] = {
    "上门服务", "上门…服务", "提供检测",  "提供咨询",   "提供…咨询",  "到现场指导", "现场指导", "进村指导",
    "下去一趟", "帮着看看",  "随时答疑",  "视频会诊",   "远程会诊",   "线上指导",   "线上答疑", "远程指导",
    "随叫随到", "驻厂",      "驻点…指导", "安装调试",   "科技特派员", "人员带教",   "现场带教", "技术服务",
    "到场服务", "随时…请教", "巡回指导",  "每年最多去", "远程看图",   "代做检测"};
constexpr std::string_view kFlexible[] = {
    "人事关系…不动", "人事关系留", "人事关系…不变", "不转关系",    "不转人事",   "关系留在",  "编制留",
    "编制不动",      "候鸟",       "两头跑",        "寒暑假…过去", "寒暑假…来",  "暑假…过去", "暑期…过去",
    "暑假…来",       "假期…来",    "假期…过去",     "寒暑假都可",  "周末…坐诊",  "周末飞",    "周末…过来",
    "兼职做",        "可兼职",     "愿兼职",        "特聘顾问",    "做顾问",     "当顾问",    "专家工作站",
    "定期驻站",      "短期到岗",   "不调动",        "柔性方式",    "季度到访",   "季度…来一", "每个月能待",
    "每年可到岗",    "每年…到岗",  "每年可…待",     "每年能…待",   "每年来",     "每年可来",  "每年可以来",
    "每年能来",      "每年…能来",  "每年…去",       "一年…来",     "每年可以待", "每年最多",  "一年至多",
    "一年顶多",      "一年只有",   "蹲点"};
constexpr std::string_view kDual[] = {"两边同时", "同时受聘",   "同时任职",  "两家单位聘",
                                      "同时聘用", "两家医院聘", "同意…任职", "双重受聘",
                                      "可…双聘",  "两头任职",   "一人双岗"};
constexpr std::string_view kBothWays[] = {"互换任职", "双向挂职", "对等交换",    "互相派",
                                          "互派",     "双向选派", "双向交流任职"};
constexpr std::string_view kPairings[] = {"结对…合办", "合办飞地", "共同出资开发", "设分园",
                                          "合建分园",  "合办分园", "共办园区",     "园区结对",
                                          "携手共建",  "合建园区", "共同开发片区", "共建分园"};
constexpr std::string_view kOperations[] = {"受托管理",  "受托运营",     "承接托管", "代管园区",
                                            "代管…园区", "托管运营",     "整体承接", "可托管",
                                            "承接…运营", "委托我方运营", "愿接管"};
constexpr Phrases kOffers[] = {
    {"transfer", kTransfers},         {"license", kLicenses},         {"equity", kEquities},
    {"conversion", kConversions},     {"joint_rd", kJoint},           {"commissioned_rd", kCommissions},
    {"technical_service", kServices}, {"flexible_hiring", kFlexible}, {"dual_appointment", kDual},
    {"mutual_secondment", kBothWays}, {"park_pairing", kPairings},    {"park_operation", kOperations}};

constexpr std::string_view kNoTransfer[] = {
    "所有权…不动",  "所有权…不转", "所有权…不卖",   "产权…不出让", "产权…不卖",      "专利…不卖",
    "专利权…不卖",  "成果…不卖",   "技术…不卖",     "不出售专利",  "不得变更权利人", "不变更权利人",
    "专利权保留",   "专利权仍在",  "所有权保留",    "权属不变",    "只授权不转让",   "谢绝买断",
    "不接受买断",   "只租不卖",    "只收许可费",    "只收使用费",  "已…转让给他人",  "不再持有…权",
    "我方不再持有", "不考虑出让",  "所有权归…不予", "只许可不"};
constexpr std::string_view kNoLicense[] = {
    "不对外授权",   "不单独授权", "不再授权",     "不作商业授权",   "不办理授权",     "不办理任何授权",
    "不接受授权",   "不考虑授权", "不授权",       "不向第三方授权", "已独占许可给",   "已独家许可给",
    "已独家授权给", "独占…已给",  "独占…已许可",  "已…独占许可",    "已…独家许可",    "已…独家授权",
    "不能再许",     "不得再许",   "不能再给别人", "不能再授",       "不可再许",       "无权再授",
    "无权再许",     "只供本集团", "仅供本集团",   "仅限本集团",     "只供本单位",     "仅供本单位",
    "只在集团自有", "只留自己用", "只供自用",     "仅供自用",       "实施权已被买断", "许可一概不",
    "授权一概不",   "一概不许可", "授权免谈"};
constexpr std::string_view kNoEquity[] = {"不得持股", "不接受股份", "不要股份", "不以技术入股", "不折股",
                                          "只收现金", "不作价",     "入股不谈", "入股…不谈"};
constexpr std::string_view kNoConversion[] = {"不转化",       "不作产业转化", "不作转化",    "仅作学术交流",
                                              "只作学术交流", "不对外合作",   "暂不对外合作"};
constexpr std::string_view kNoJoint[] = {"不搞合作开发", "不搞合作研发", "不搞联合",     "不参与合作",
                                         "不参与联合",   "不再接联合",   "不再承担合作", "不接联合",
                                         "不做合作研发", "只卖成品"};
constexpr std::string_view kNoCommission[] = {"不接横向", "不接委托", "不承接定制",
                                              "不接定制", "不做定制", "不承接委托"};
constexpr std::string_view kNoService[] = {"不承接外部",   "不承接检测", "概不外出",    "不接…咨询",
                                           "不做技术服务", "不对外服务", "不承接…服务", "不接外部"};
constexpr std::string_view kNoFlexible[] = {
    "不接受兼职",           "不同意…兼职", "不得…兼职", "不能…兼职", "不可…兼职",   "不许…兼职",  "禁止…兼职",
    "只考虑全职",           "只接受全职",  "谢绝…引进", "谢绝…外聘", "不考虑…外聘", "不接受外聘", "不便外出",
    "不接受任何形式的聘用", "不再外出"};
constexpr std::string_view kNoDual[] = {
    "不得…任职",   "不可…任职",     "不得受聘",        "第二家…不", "不得…第二家", "不得…第二份", "禁止第二",
    "禁止…第二份", "禁止…多点执业", "不允许…多点执业", "不许…任职", "不能…任职",   "不批准…任职"};
constexpr std::string_view kNoSecondment[] = {"不派人也不", "不参与…互派", "不接受…挂职",
                                              "不派人挂职", "不安排挂职",  "不派也不收"};
constexpr std::string_view kNoPairing[] = {"不对外共建", "不搞飞地", "不与…共建", "不设飞地",
                                           "不与…结对",  "不结对",   "不设分园"};
constexpr std::string_view kNoOperation[] = {"不承接…托管", "不承接…运营", "不代管",   "不做实体运营",
                                             "不做…运营",   "不承担…运营", "不接托管", "不托管",
                                             "不参与…运营", "不从事…运营"};
constexpr Phrases kRefusals[] = {{"transfer", kNoTransfer},
                                 {"license", kNoLicense},
                                 {"equity", kNoEquity},
                                 {"conversion", kNoConversion},
                                 {"joint_rd", kNoJoint},
                                 {"commissioned_rd", kNoCommission},
                                 {"technical_service", kNoService},
                                 {"flexible_hiring", kNoFlexible},
                                 {"dual_appointment", kNoDual},
                                 {"mutual_secondment", kNoSecondment},
                                 {"park_pairing", kNoPairing},
                                 {"park_operation", kNoOperation}};

// Where `phrase` begins in a clause; kNone if it does not stand there.
size_t PlaceOf(std::string_view clause, std::string_view phrase) {
  constexpr size_t kGapMost = 12 * kCharacter;
  const size_t cut = phrase.find(kGap);
  if (cut == kNone) return clause.find(phrase);
  const std::string_view first = phrase.substr(0, cut), rest = phrase.substr(cut + kGap.size());
  for (size_t at = clause.find(first); at != kNone; at = clause.find(first, at + first.size())) {
    const size_t end = at + first.size();
    const size_t place = clause.find(rest, end);
    if (place != kNone && place - end <= kGapMost) return at;
  }
  return kNone;
}

// The place of the first phrase that stands there; kNone if none does.
size_t FirstOf(std::string_view clause, Words phrases) {
  for (const std::string_view phrase : phrases) {
    if (const size_t at = PlaceOf(clause, phrase); at != kNone) return at;
  }
  return kNone;
}
bool SaysOneOf(std::string_view clause, Words phrases) { return FirstOf(clause, phrases) != kNone; }

bool IsOfPeople(std::string_view code) {
  return code == "flexible_hiring" || code == "dual_appointment" || code == "mutual_secondment";
}

// 公司股权转让给国资, 合作方的软件可授权安装, 本成果由两家共同研究取得, 拟对外转让.
bool SaysNothing(std::string_view clause) {
  constexpr std::string_view kOthers[] = {
      "股权",   "土地", "厂房",     "合作公司", "合作方的", "子公司",   "曾",       "另一项", "收入", "占比",
      "增加值", "系由", "共同完成", "取得",     "产物",     "研究成果", "拟",       "计划",   "有望", "未来",
      "是否",   "若",   "曾经",     "历史上",   "去年完成", "设有",     "本省客户", "成立"};
  constexpr std::string_view kKept[] = {"模拟", "虚拟", "取得实施权", "取得授权", "取得使用", "取得许可"};
  return HasAny(clause, kOthers) && !HasAny(clause, kKept);
}

// 过去不卖, 登记时注明不转让.
bool IsPast(std::string_view clause) {
  constexpr std::string_view kPast[] = {"过去", "以前", "原定",   "早年", "从前",
                                        "当年", "当时", "登记时", "原先", "此前"};
  return HasAny(clause, kPast);
}

bool IsDeniedBefore(std::string_view before) {
  constexpr std::string_view kNot[] = {"不", "未", "无", "没", "拒", "谢绝", "难", "禁", "勿", "免"};
  constexpr std::string_view kNoDenial[] = {"不转", "不调", "不动", "不变", "不限", "不仅",
                                            "不只", "无偿", "无论", "免费", "无须", "无需"};
  return HasAny(before, kNot) && !HasAny(before, kNoDenial);
}

void Add(std::string_view code, std::vector<std::string>& codes) {
  if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.emplace_back(code);
}

void Remove(std::string_view code, std::vector<std::string>& codes) { std::erase(codes, code); }

bool Has(const std::vector<std::string>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// Those of `all` that are asked about.
std::vector<const Phrases*> Chosen(std::span<const Phrases> all, bool people,
                                   const std::vector<std::string>& codes) {
  std::vector<const Phrases*> chosen;
  for (const Phrases& one : all) {
    if (Has(codes, one.code) && (people || !IsOfPeople(one.code))) chosen.push_back(&one);
  }
  return chosen;
}

void ReadRefusals(std::string_view clause, std::span<const Phrases* const> refusals, ModePhrases& said) {
  constexpr std::string_view kGoods[] = {"设备", "仪器", "产品"};
  for (const Phrases* one : refusals) {
    if (!SaysOneOf(clause, one->words) || IsPast(clause)) continue;
    if (one->code == "transfer" && HasAny(clause, kGoods)) continue;
    Add(one->code, said.refused);
    Remove(one->code, said.offered);
  }
}

void ReadOffers(std::string_view clause, std::span<const Phrases* const> offers, ModePhrases& said) {
  constexpr std::string_view kNow[] = {"现", "今年", "去年", "如今", "目前", "起允许", "已同意", "同意"};
  for (const Phrases* one : offers) {
    const size_t at = FirstOf(clause, one->words);
    if (at == kNone || IsDeniedBefore(clause.substr(0, at))) continue;
    if (Has(said.refused, one->code) && !HasAny(clause, kNow)) continue;
    Remove(one->code, said.refused);
    Add(one->code, said.offered);
  }
}

template <typename Rule>
void ForEachClause(std::string_view text, const Rule& rule) {
  constexpr std::string_view kEnds[] = {"，", ",", "。", "；", ";", "：", ":", "！", "？", "\n"};
  while (!text.empty()) {
    size_t end = text.size(), next = text.size();
    for (const std::string_view mark : kEnds) {
      const size_t at = text.find(mark);
      if (at < end) {
        end = at;
        next = at + mark.size();
      }
    }
    rule(text.substr(0, end));
    text.remove_prefix(next);
  }
}

// Which ways people may go: 可派两人去挂职, 对方来院挂职办不了.
void ReadWays(std::string_view text, ModePhrases& said) {
  constexpr std::string_view kOut[] = {"派…挂职", "派…挂任", "可派",   "能派",   "愿派",
                                       "我们派",  "派出",    "派医生", "派…过去"};
  constexpr std::string_view kIn[] = {"接收",   "来院挂职", "来我院", "来我", "来跟岗",   "来进修",
                                      "来挂职", "上来进修", "请对方", "接纳", "来所挂职", "来校挂职"};
  constexpr std::string_view kNoOut[] = {"派不出",   "不派出", "无法派", "不能派",
                                         "只能接收", "仅接收", "只接收", "只进不出"};
  constexpr std::string_view kNoIn[] = {"不接收",    "来…办不了", "不能接收", "无法接收",
                                        "只出不进",  "没有空额",  "暂无岗位", "只派不收",
                                        "来…不安排", "不接纳",    "没有岗位"};
  constexpr std::string_view kOneWay[] = {"单向选派", "单向挂职", "仅单向", "只单向", "单向派"};
  constexpr std::string_view kTopic[] = {"挂职", "挂任", "互派", "进修", "跟岗", "派", "只出不进"};
  if (!HasAny(text, kTopic)) return;
  bool out = false, in = false, no_out = false, no_in = false, one_way = false;
  ForEachClause(text, [&](std::string_view clause) {
    if (SaysNothing(clause)) return;
    const bool denies_in = SaysOneOf(clause, kNoIn), denies_out = SaysOneOf(clause, kNoOut);
    no_in |= denies_in;
    no_out |= denies_out;
    one_way |= SaysOneOf(clause, kOneWay);
    in |= !denies_in && SaysOneOf(clause, kIn);
    out |= !denies_out && SaysOneOf(clause, kOut);
  });
  if (Has(said.refused, "mutual_secondment")) return;
  if (one_way || (no_in != no_out && (no_in ? out || HasAny(text, kNoIn) : in || HasAny(text, kNoOut)))) {
    Remove("mutual_secondment", said.offered);
    Add("mutual_secondment", said.one_way);
  } else if (out && in) {
    Add("mutual_secondment", said.offered);
  }
}

// The number that ends where `text` ends: 六, 四十, 15, 半; the last of 三四 counts. 0 if there is none.
int NumberBefore(std::string_view text) {
  constexpr std::string_view kDigits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  int digits = 0, scale = 1;
  for (; !text.empty() && text.back() >= '0' && text.back() <= '9'; text.remove_suffix(1)) {
    if (scale > 1000) return 0;
    digits += (text.back() - '0') * scale;
    scale *= 10;
  }
  if (scale > 1) return digits;
  const auto digit = [&] {
    if (text.ends_with("两")) return 2;
    for (int i = 0; i < 10; ++i) {
      if (text.ends_with(kDigits[i])) return i;
    }
    return 0;
  };
  const int ones = digit();
  if (ones > 0) text.remove_suffix(kCharacter);
  if (!text.ends_with("十")) return ones;
  text.remove_suffix(kCharacter);
  const int tens = digit();
  return (tens > 0 ? tens : 1) * 10 + ones;
}

}  // namespace

ModePhrases ReadModePhrases(std::string_view text, RecordKind kind, const std::vector<std::string>& codes) {
  ModePhrases said;
  const bool people = kind == RecordKind::kExpert || kind == RecordKind::kInstitution;
  const std::vector<const Phrases*> refusals = Chosen(kRefusals, people, codes);
  const std::vector<const Phrases*> offers = Chosen(kOffers, people, codes);
  ForEachClause(text, [&](std::string_view clause) {
    if (SaysNothing(clause)) return;
    ReadRefusals(clause, refusals, said);
    ReadOffers(clause, offers, said);
  });
  if (people && Has(codes, "mutual_secondment")) ReadWays(text, said);
  return said;
}

int StayDays(std::string_view text) {
  struct Unit {
    std::string_view word;
    int days;
  };
  constexpr Unit kUnits[] = {{"个月", 30}, {"周", 7}, {"星期", 7}, {"天", 1}, {"日", 1}};
  constexpr std::string_view kStays[] = {"每年", "一年", "在岗", "到岗", "年均"};
  constexpr std::string_view kOften[] = {"每月", "每个月", "季度", "每季", "每周"};
  int longest = 0;
  ForEachClause(text, [&](std::string_view clause) {
    if (!HasAny(clause, kStays) || HasAny(clause, kOften)) return;
    if (clause.find("半年") != kNone) longest = std::max(longest, 180);
    for (const Unit& unit : kUnits) {
      for (size_t at = clause.find(unit.word); at != kNone;
           at = clause.find(unit.word, at + unit.word.size()))
        longest = std::max(longest, NumberBefore(clause.substr(0, at)) * unit.days);
    }
  });
  return longest;
}

bool CannotCome(std::string_view text) {
  constexpr std::string_view kCannot[] = {"到不了现场", "来不了现场", "去不了现场", "到不了场", "不出差",
                                          "到场有困难", "不便到场",   "不能到场",   "无法到场", "来不了",
                                          "去不了",     "到不了",     "不便出差",   "不能出差", "无法出差",
                                          "不外出",     "不便外出",   "只能远程"};
  return HasAny(text, kCannot);
}

}  // namespace dongxi::requirement
