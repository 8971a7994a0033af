#include "engine/requirement/mode_words.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "engine/requirement/mode_phrases.h"

namespace dongxi::requirement {
namespace {

using Words = std::span<const std::string_view>;

bool Has(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool HasAny(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool EndsWithAny(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.ends_with(word); });
}

bool StartsWithAny(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.starts_with(word); });
}

// Takes off what `text` ends with, as long as it is one of `ends`.
void TakeEnds(std::string_view& text, Words ends) {
  for (size_t i = 0; i < ends.size();) {
    const bool stands = text.ends_with(ends[i]);
    if (stands) text.remove_suffix(ends[i].size());
    i = stands ? 0 : i + 1;
  }
}

constexpr std::string_view kClauseEnds[] = {"，", ",", "。", "；", ";", "：", ":", "！", "？", "\n"};
constexpr std::string_view kListEnds[] = {"，", ",", "。", "；", ";", "！", "？", "\n"};  // 合作方式：转让

// What stands between the last of `ends` and the end of `text`.
std::string_view LastClause(std::string_view text, Words ends) {
  size_t begin = 0;
  for (const std::string_view end : ends) {
    const size_t at = text.rfind(end);
    if (at != std::string_view::npos) begin = std::max(begin, at + end.size());
  }
  return text.substr(begin);
}

bool BeginsWithEnd(std::string_view text) { return text.empty() || StartsWithAny(text, kClauseEnds); }

// How texts name a mode where they refuse or offer it. What can be done only one way (不派人外出挂职) is no
// refusal.
struct NamedMode {
  std::string_view code;
  std::vector<std::string_view> words;
};
const std::vector<NamedMode>& NamedModes() {
  static const auto* const kModes = new std::vector<NamedMode>{
      {"transfer", {"转让", "出让", "买断", "卖断"}},
      {"license", {"许可", "授权使用"}},
      {"equity", {"入股", "参股"}},
      {"conversion", {"成果转化", "落地转化"}},
      {"commissioned_rd",
       {"委托开发", "定制开发", "受托开发", "委托研发", "委托研究", "研发课题", "研发项目", "横向课题"}},
      {"joint_rd",
       {"联合攻关", "联合研发", "联合开发", "合作攻关", "合作研发", "合作开发", "共同研发", "研发课题",
        "科研课题", "研发项目"}},
      {"joint_platform", {"共建平台", "平台共建", "共建实验室", "共建研究院"}},
      {"pilot_platform", {"中试服务", "中试放大", "中试"}},
      {"demonstration", {"示范推广", "共建示范"}},
      {"resource_sharing", {"开放共享", "对外共享", "仪器共享", "设备共享", "数据共享", "外借"}},
      {"park_operation", {"园区运营", "托管园区"}},
      {"industry_transfer", {"产业转移", "整体搬迁", "外迁"}},
      {"offsite_conversion",
       {"异地转化", "省外转化", "外省转化", "区外转化", "外地转化", "跨省转化", "异地实施", "省外实施",
        "异地落地", "省外落地"}},
      {"talent_exchange", {"人才交流", "人员交流"}},
      {"flexible_hiring", {"柔性引进", "柔性聘用", "柔性工作", "柔性服务"}},
      {"dual_appointment", {"双聘", "受聘", "兼职"}},
      {"mutual_secondment", {"挂职", "派驻", "互派"}},
      {"apprenticeship", {"带徒", "收徒", "师带徒"}},
      {"training", {"培训", "授课", "讲课"}},
      {"technical_service", {"技术服务", "科技服务", "技术咨询", "技术指导"}},
      {"counterpart_aid", {"对口帮扶", "帮扶"}},
      {"popularisation", {"科普"}},
  };
  return *kModes;
}

constexpr std::string_view kNo[] = {"不",     "不得",   "不能", "不可", "不予", "不作", "不做",   "不愿",
                                    "不愿意", "不同意", "不要", "不许", "不准", "不拟", "不打算", "不便",
                                    "不希望", "无意",   "无法", "拒绝", "谢绝", "严禁", "禁止"};

// Whether 转让 at [at, end) is refused: 不转让, 永不对外转让, not 未经同意不得转让, 不收取转让费,
// 该线不对外转让设备.
bool IsRefusedBefore(std::string_view text, size_t at, size_t end) {
  constexpr std::string_view kOfIt[] = {"费", "证", "设备", "仪器", "给", "人", "方的", "手续", "范围"};
  constexpr std::string_view kOthers[] = {
      "未经", "非经", "除非", "前不", "登记时", "过去",   "原定",   "早年",   "以前", "当时", "从前", "设备",
      "仪器", "厂房", "不仅", "不只", "不限",   "不影响", "不排除", "不排斥", "是否", "若不", "如不"};
  constexpr std::string_view kBetween[] = {
      "任何",     "任何形式的", "任何形式", "任何单位",   "一切",     "对外", "单独",     "独家",
      "独占",     "排他",       "普通",     "整体",       "技术",     "作价", "专利权",   "专利",
      "成果",     "知识产权",   "品种权",   "所有权",     "权利",     "新的", "横向",     "各类",
      "外单位",   "外来",       "在外单位", "在其他单位", "到外单位", "在外", "向外单位", "向第三方",
      "对第三方", "承担",       "承接",     "参加",       "参与",     "接受", "开展",     "提供",
      "安排",     "组织",       "从事",     "考虑",       "另行",     "再行", "再",       "以",
      "向外",     "向",         "到",       "在"};
  if (StartsWithAny(text.substr(end), kOfIt)) return false;
  std::string_view before = LastClause(text.substr(0, at), kClauseEnds);
  if (HasAny(before, kOthers)) return false;
  TakeEnds(before, kBetween);
  return EndsWithAny(before, kNo);
}

// 入股免谈, 许可方式不予考虑.
bool IsRefusedBehind(std::string_view behind) {
  constexpr std::string_view kLinks[] = {"方式", "形式", "的", "一律", "均", "概", "事宜"};
  constexpr std::string_view kRefusals[] = {"不予考虑", "不考虑", "不接受",   "免谈",    "勿扰",
                                            "不谈",     "除外",   "恕不接受", "不予受理"};
  for (const std::string_view link : kLinks) {
    if (behind.starts_with(link)) behind.remove_prefix(link.size());
  }
  return std::any_of(std::begin(kRefusals), std::end(kRefusals), [&](std::string_view refusal) {
    return behind.starts_with(refusal) && BeginsWithEnd(behind.substr(refusal.size()));
  });
}

bool Refuses(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) {
    const size_t end = at + word.size();
    if (IsRefusedBefore(text, at, end) || IsRefusedBehind(text.substr(end))) return true;
  }
  return false;
}

// Most texts have none of the words that every refusal needs; it is asked of every entry of an answer.
bool MayRefuse(std::string_view text) {
  constexpr std::string_view kSigns[] = {"不", "绝", "禁", "无意", "无法", "免谈", "勿扰", "除外"};
  return HasAny(text, kSigns);
}

// 只可在本省内实施, 仅限省内转化.
bool KeepsAtHome(std::string_view text) {
  constexpr std::string_view kOnly[] = {"只", "仅", "限"};
  constexpr std::string_view kHomes[] = {"本省", "省内", "本市", "市内", "本区", "区内", "本县", "县内"};
  constexpr std::string_view kDone[] = {"实施", "转化", "落地", "产业化", "建厂"};
  constexpr size_t kGapMost = 6 * 3;  // bytes of six characters
  for (const std::string_view home : kHomes) {
    const size_t at = text.find(home);
    if (at == std::string_view::npos) continue;
    const std::string_view before = LastClause(text.substr(0, at), kClauseEnds);
    const bool only = std::any_of(std::begin(kOnly), std::end(kOnly), [&](std::string_view word) {
      const size_t place = before.rfind(word);
      return place != std::string_view::npos && before.size() - place <= kGapMost;
    });
    const std::string_view behind = text.substr(at + home.size(), kGapMost);
    if (only && HasAny(behind, kDone)) return true;
  }
  return false;
}

// 只作普通许可, 只接受作价入股合办公司; not 只许可给两家, 仅限省内企业许可.
bool IsOnlyMode(std::string_view text, std::string_view word) {
  constexpr std::string_view kOnly[] = {"只接受", "仅接受", "只以",   "仅以",   "只能以", "仅能以",
                                        "只作",   "仅作",   "只做",   "仅做",   "只提供", "仅提供",
                                        "只愿",   "仅愿",   "只同意", "仅同意", "只考虑", "仅考虑",
                                        "只通过", "仅通过", "只采用", "仅采用", "只限",   "仅限"};
  constexpr std::string_view kNotOnly[] = {"不只", "不仅", "不光"};
  constexpr std::string_view kNoGap[] = {"企业", "单位", "省", "市", "县", "区",
                                         "用户", "国",   "家", "个", "不"};
  constexpr std::string_view kNoMode[] = {"给", "本", "一", "两", "三", "在", "于", "非", "费", "证", "后"};
  constexpr size_t kGapMost = 10 * 3;  // bytes of ten characters
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) {
    if (StartsWithAny(text.substr(at + word.size()), kNoMode)) continue;
    const std::string_view before = LastClause(text.substr(0, at), kClauseEnds);
    if (HasAny(before, kNotOnly)) continue;
    for (const std::string_view only : kOnly) {
      const size_t place = before.rfind(only);
      if (place == std::string_view::npos) continue;
      const std::string_view gap = before.substr(place + only.size());
      if (gap.size() <= kGapMost && !HasAny(gap, kNoGap)) return true;
    }
    if (before.ends_with("只") || before.ends_with("仅")) return true;
  }
  return false;
}

void AddExcluded(const std::vector<std::string>& wanted, std::string_view text,
                 const RequirementTables& tables, std::vector<std::string>& refused) {
  constexpr std::string_view kRights[] = {"transfer", "license", "equity"};
  constexpr std::string_view kSigns[] = {"只", "仅"};
  if (!HasAny(text, kSigns)) return;
  std::vector<std::string_view> only;
  for (const NamedMode& mode : NamedModes()) {
    const bool says = std::any_of(mode.words.begin(), mode.words.end(),
                                  [&](std::string_view word) { return IsOnlyMode(text, word); });
    if (says) only.push_back(mode.code);
  }
  if (only.empty()) return;
  for (const std::string_view right : kRights) {
    const bool fits = std::any_of(only.begin(), only.end(), [&](std::string_view mode) {
      const ModeFitRow* row = tables.FitOf(right, mode);
      return mode == right || (row != nullptr && row->fit == ModeFit::kFits);
    });
    if (!fits && Has(wanted, right) && !Has(refused, right)) refused.emplace_back(right);
  }
}

// 可许可使用, 愿意转让或入股, 合作方式：许可、联合攻关; not 拟对外许可, 可对运输许可证核验.
bool IsOffered(std::string_view text, size_t at, size_t end) {
  constexpr std::string_view kOfIt[] = {"费",   "证",   "设备", "仪器", "登记", "平台", "系统",
                                        "管理", "交易", "中心", "市场", "合同", "手续", "信息",
                                        "范围", "教材", "手册", "资料", "软件", "率",   "期",
                                        "协议", "方的", "条件", "基地", "线",   "阶段"};
  constexpr std::string_view kNotYet[] = {"拟",   "计划", "将", "未来", "是否",
                                          "有望", "曾",   "已", "待",   "研究"};
  constexpr std::string_view kBetween[] = {
      "、",     "或",   "和",   "及",     "与",       "也",     "亦",   "并",   "均",   "以",   "/",
      "的",     "方式", "形式", "进行",   "采用",     "通过",   "优先", "普通", "独占", "排他", "独家",
      "专利",   "技术", "成果", "一次性", "作价",     "现金",   "整体", "对外", "长期", "全程", "现场",
      "免费",   "配套", "后续", "按年",   "知识产权", "专利权", "多种", "开展", "承担", "参与", "外来",
      "外单位", "来院", "来校", "来厂",   "来县",     "到现场", "上门", "线上", "远程"};
  constexpr std::string_view kCues[] = {
      "可",        "愿",         "愿意",       "同意",      "接受",       "承接",
      "欢迎",      "提供",       "合作方式：", "合作方式:", "合作方式为", "转化方式：",
      "转化方式:", "转化方式为", "合作意向：", "合作意向:", "方式有",     "方式包括"};
  constexpr std::string_view kNot[] = {"不", "未", "无", "非", "勿", "难", "许", "认", "没有"};
  if (StartsWithAny(text.substr(end), kOfIt)) return false;
  std::string_view before = LastClause(text.substr(0, at), kListEnds);
  if (HasAny(before, kNotYet)) return false;
  for (bool taken = true; taken;) {
    const size_t size = before.size();
    TakeEnds(before, kBetween);
    for (const NamedMode& mode : NamedModes()) TakeEnds(before, mode.words);
    taken = before.size() < size;
  }
  return std::any_of(std::begin(kCues), std::end(kCues), [&](std::string_view cue) {
    return before.ends_with(cue) && !EndsWithAny(before.substr(0, before.size() - cue.size()), kNot);
  });
}

bool Offers(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) {
    if (IsOffered(text, at, at + word.size())) return true;
  }
  return false;
}

// Those that serve a wanted mode: phrases for others would only make it look excluded.
std::vector<std::string> Serving(const std::vector<std::string>& wanted, const RequirementTables& tables) {
  constexpr std::string_view kRights[] = {"transfer", "license", "equity", "conversion"};
  std::vector<std::string> serving = wanted;
  for (const NamedMode& mode : NamedModes()) {
    const bool right = std::find(std::begin(kRights), std::end(kRights), mode.code) != std::end(kRights);
    for (const std::string& one : wanted) {
      const ModeFitRow* row = tables.FitOf(one, mode.code);
      const bool serves =
          row != nullptr && (row->fit == ModeFit::kFits || (right && row->fit == ModeFit::kPartly));
      if (serves && !Has(serving, mode.code)) serving.emplace_back(mode.code);
    }
  }
  return serving;
}

// What phrases say that name no mode (mode_phrases.h).
void AddPhrases(const std::vector<std::string>& wanted, const Record& offer, bool listed,
                const RequirementTables& tables, ModeWords& said) {
  ModePhrases phrases = ReadModePhrases(offer.text, offer.kind, listed ? wanted : Serving(wanted, tables));
  said.one_way = std::move(phrases.one_way);
  // 2018年登记时注明不转让；现已挂牌出让.
  std::erase_if(said.refused, [&](const std::string& mode) { return Has(phrases.offered, mode); });
  for (std::string& mode : phrases.refused) {
    std::erase(said.offered, mode);
    if (Has(wanted, mode) && !Has(said.refused, mode)) said.refused.push_back(std::move(mode));
  }
  for (std::string& mode : phrases.offered) {
    if (!listed && !Has(said.offered, mode)) said.offered.push_back(std::move(mode));
  }
}

constexpr std::string_view kOnSite[] = {
    "现场",   "驻场",   "驻点", "驻厂", "驻县", "驻村", "实操",   "线下", "面授",   "上门", "到场",  "下乡",
    "面对面", "手把手", "入户", "坐诊", "实地", "常驻", "到站",   "到厂", "到县",   "到村", "到校",  "到院",
    "到矿",   "来院",   "来厂", "来县", "来校", "来站", "上看看", "走动", "来看看", "出诊", "来一趟"};

// 不安排现场教学, 不能到现场; 仅线上, 只能以视频方式.
bool IsRemote(std::string_view text) {
  constexpr std::string_view kAfar[] = {"线上", "网上", "网络", "远程", "视频", "函授", "在线授课", "录播"};
  constexpr std::string_view kBetween[] = {"安排", "提供", "开展", "组织", "承担", "接受",
                                           "派人", "派员", "前往", "参加", "进行", "支持",
                                           "到",   "赴",   "来",   "去",   "再",   "做"};
  constexpr std::string_view kOnly[] = {"只",     "仅",     "只能",   "仅能",   "只限",   "仅限",
                                        "只限于", "仅限于", "只能以", "仅能以", "只以",   "仅以",
                                        "只通过", "仅通过", "只提供", "仅提供", "只接受", "仅接受",
                                        "只开展", "仅开展", "只做",   "只有"};
  for (const std::string_view word : kOnSite) {
    for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) {
      std::string_view before = LastClause(text.substr(0, at), kClauseEnds);
      TakeEnds(before, kBetween);
      if (EndsWithAny(before, kNo)) return true;
    }
  }
  for (const std::string_view word : kAfar) {
    for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) {
      if (EndsWithAny(LastClause(text.substr(0, at), kClauseEnds), kOnly)) return true;
    }
  }
  return false;
}

}  // namespace

std::vector<std::string> ModesRefused(const std::vector<std::string>& wanted, const Record& offer) {
  std::vector<std::string> refused;
  const bool at_home = Has(wanted, "offsite_conversion") && KeepsAtHome(offer.text);
  if (at_home) refused.emplace_back("offsite_conversion");
  if (!MayRefuse(offer.text) && !MayRefuse(offer.ip_status)) return refused;
  for (const NamedMode& mode : NamedModes()) {
    if (!Has(wanted, mode.code) || Has(refused, mode.code)) continue;
    const bool says = std::any_of(mode.words.begin(), mode.words.end(), [&](std::string_view word) {
      return Refuses(offer.text, word) || Refuses(offer.ip_status, word);
    });
    if (says) refused.emplace_back(mode.code);
  }
  return refused;
}

ModeWords ReadModeWords(const std::vector<std::string>& wanted, const Record& offer,
                        const RequirementTables& tables) {
  ModeWords said;
  if (wanted.empty()) return said;
  said.refused = ModesRefused(wanted, offer);
  AddExcluded(wanted, offer.text, tables, said.refused);
  constexpr std::string_view kSigns[] = {"不",   "只",   "仅",   "无",   "谢绝", "独占",
                                         "独家", "保留", "买断", "单向", "没有"};
  const bool has_sign = HasAny(offer.text, kSigns);
  said.remote = has_sign && (IsRemote(offer.text) || CannotCome(offer.text));
  const bool expert = offer.kind == RecordKind::kExpert;
  const bool listed = !(expert ? offer.availability : offer.modes).empty();
  if (expert || offer.kind == RecordKind::kInstitution) said.stay_days = StayDays(offer.text);
  // It is asked of every entry of an answer: what is listed is only taken back.
  if (listed && !has_sign) return said;
  if (!listed) {
    for (const NamedMode& mode : NamedModes()) {
      const bool says = std::any_of(mode.words.begin(), mode.words.end(),
                                    [&](std::string_view word) { return Offers(offer.text, word); });
      if (says) said.offered.emplace_back(mode.code);
    }
  }
  AddPhrases(wanted, offer, listed, tables, said);
  return said;
}

ModeConditions ReadModeConditions(const Record& need) {
  const std::string& text = need.wanted.empty() ? need.text : need.wanted;
  ModeConditions conditions;
  for (const NamedMode& mode : NamedModes()) {
    const bool declined =
        MayRefuse(text) && std::any_of(mode.words.begin(), mode.words.end(),
                                       [&](std::string_view word) { return Refuses(text, word); });
    if (declined && !Has(need.modes, mode.code)) conditions.declined.emplace_back(mode.code);
  }
  constexpr std::string_view kNotNeeded[] = {"不",   "不需", "不必",   "无需",
                                             "无须", "不用", "不要求", "不需要"};
  conditions.stay_days = StayDays(text);
  conditions.on_site = std::any_of(std::begin(kOnSite), std::end(kOnSite), [&](std::string_view word) {
    const size_t at = text.find(word);
    return at != std::string::npos && !EndsWithAny(text.substr(0, at), kNotNeeded);
  });
  return conditions;
}

}  // namespace dongxi::requirement
