#include "engine/requirement/mode_words.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/requirement/mode_names.h"
#include "engine/requirement/mode_offers.h"
#include "engine/requirement/mode_phrases.h"

namespace dongxi::requirement {
namespace {

bool Has(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool BeginsWithEnd(std::string_view text) { return text.empty() || StartsWithAny(text, kClauseMarks); }

constexpr std::string_view kNo[] = {
    "不",   "不得", "不能", "不可",       "不予",     "不作",     "不做",     "不愿",    "不愿意", "不同意",
    "不要", "不许", "不准", "不拟",       "不打算",   "不便",     "不希望",   "无意",    "无法",   "拒绝",
    "谢绝", "严禁", "禁止", "不允许",     "不支持",   "不批准",   "不批",     "不让",    "暂不",   "暂停",
    "停止", "不搞", "不办", "不宜",       "未放开",   "未允许",   "未批准",   "不对外",  "不承担", "不售",
    "不给", "无权", "停办", "从未批准过", "从未批准", "未批准过", "从未允许", "不曾批准"};

// Whether 转让 at [at, end) is refused: 不转让, 永不对外转让, not 未经同意不得转让, 不收取转让费,
// 该线不对外转让设备.
bool IsRefusedBefore(std::string_view text, size_t at, size_t end) {
  constexpr std::string_view kOfIt[] = {"费",   "证",   "设备",   "仪器",   "给",     "人",       "方的",
                                        "手续", "范围", "的传言", "的说法", "的做法", "的规定已", "的限制"};
  constexpr std::string_view kOthers[] = {
      "未经",     "非经",   "除非",   "前不",     "登记时", "过去",     "原定",     "早年",   "以前",
      "当时",     "从前",   "设备",   "仪器",     "厂房",   "不仅",     "不只",     "不限",   "不影响",
      "不排除",   "不排斥", "是否",   "若不",     "如不",   "未获",     "未征得",   "须经",   "需经",
      "应经",     "如未",   "若未",   "之前",     "完成前", "期满前",   "上一代",   "前一代", "老一代",
      "前身",     "旧版",   "同事",   "合作单位", "合作方", "合作企业", "合作公司", "子公司", "兄弟单位",
      "其他成员", "另有",   "以往",   "先前",     "早先",   "曾经",     "没有理由", "没理由", "并非不",
      "不是不",   "不会不", "对民营", "对境外",   "对外国", "对外资",   "对个人",   "对同行", "对竞争",
      "对中介",   "向境外"};
  constexpr std::string_view kUnless[] = {"未经", "非经", "除非", "未征得", "未获"};
  constexpr std::string_view kBetween[] = {
      "任何",       "任何形式的", "任何形式",   "任何单位", "一切",     "对外",     "单独",
      "独家",       "独占",       "排他",       "普通",     "整体",     "技术",     "作价",
      "专利权",     "专利",       "成果",       "知识产权", "品种权",   "所有权",   "权利",
      "新的",       "横向",       "各类",       "外单位",   "外来",     "在外单位", "在其他单位",
      "到外单位",   "在外",       "向外单位",   "向第三方", "对第三方", "承担",     "承接",
      "参加",       "参与",       "接受",       "开展",     "提供",     "安排",     "组织",
      "从事",       "考虑",       "另行",       "再行",     "再",       "以",       "向外",
      "向",         "到",         "在",         "教师",     "教职工",   "在编教师", "教职员工",
      "职工",       "员工",       "人员",       "在编人员", "科研人员", "在职人员", "医师",
      "医务人员",   "医生",       "个人",       "本人",     "我",       "校外",     "在校外",
      "到校外",     "院外",       "在院外",     "外出",     "外面",     "外校",     "校内",
      "与第三方",   "与其他单位", "与其他企业", "与他方",   "与他人",   "与别家",   "与任何第三方",
      "与任何单位", "与任何企业", "与同行",     "同第三方", "与外地",   "与外省",   "与外地园区",
      "与其他园区", "与企业",     "任何人",     "继续",     "新增",     "新设",     "新",
      "办理",       "进行",       "办",         "搞",       "采用",     "采取",     "各种",
      "各类",       "社会",       "外部",       "实体",     "园区的",   "对社会",   "对企业",
      "对校外",     "为社会",     "为企业",     "给企业",   "给外单位", "给别人",   "此类",
      "相关",       "任何第三方", "外地",       "成果的",   "专利的",   "技术的",   "等",
      "受理",       "发放",       "接收",       "接纳",     "所有",     "全部",     "营利性",
      "骨干",       "以任何形式", "对他人",     "向他人",   "其他"};
  if (StartsWithAny(text.substr(end), kOfIt)) return false;
  std::string_view before = LastPart(text.substr(0, at), kClauseMarks);
  if (HasAny(before, kOthers)) return false;
  // 未经学校同意，不得转让.
  if (HasAny(LastPart(text.substr(0, at), kSentenceMarks), kUnless)) return false;
  TakeEnds(before, kBetween);
  return EndsWithAny(before, kNo);
}

// 入股免谈, 许可方式不予考虑.
bool IsRefusedBehind(std::string_view behind) {
  constexpr std::string_view kLinks[] = {"方式", "形式", "的",   "一律", "均",       "概",     "事宜",
                                         "业务", "合作", "一事", "之事", "这种方式", "这条路", "暂",
                                         "目前", "也",   "都",   "则",   "一概",     "现",     "仍",
                                         "还",   "全部", "均已", "已经"};
  constexpr std::string_view kRefusals[] = {
      "不予考虑",     "不考虑",       "不接受",   "免谈",     "勿扰",     "不谈",       "除外",
      "恕不接受",     "不予受理",     "不办",     "办不了",   "不可以",   "不行",       "不批",
      "不批准",       "不同意",       "不允许",   "不开展",   "不搞",     "不做",       "不开放",
      "不在考虑之列", "不在考虑范围", "暂停",     "已暂停",   "停办",     "不可能",     "一概不谈",
      "一律不谈",     "不受理",       "无法开展", "开展不了", "无法安排", "不具备条件", "难以开展",
      "搞不了",       "不安排",       "停止",     "已停止",   "停了",     "取消",       "已取消"};
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
  constexpr std::string_view kSigns[] = {"不",   "绝", "禁",   "无意", "无法", "免谈", "勿扰", "除外",
                                         "无权", "停", "没有", "未放", "未允", "未批", "从未", "不曾"};
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
    const std::string_view before = LastPart(text.substr(0, at), kClauseMarks);
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
  constexpr std::string_view kOnly[] = {"只接受", "仅接受", "只以",   "仅以",   "只能以", "仅能以", "只作",
                                        "仅作",   "只做",   "仅做",   "只提供", "仅提供", "只愿",   "仅愿",
                                        "只同意", "仅同意", "只考虑", "仅考虑", "只通过", "仅通过", "只采用",
                                        "仅采用", "只限",   "仅限",   "只能",   "仅能",   "只可",   "仅可",
                                        "只许",   "仅许",   "只准"};
  constexpr std::string_view kNotOnly[] = {"不只", "不仅", "不光"};
  constexpr std::string_view kNoGap[] = {"企业", "单位", "省", "市", "县", "区",
                                         "用户", "国",   "家", "个", "不"};
  constexpr std::string_view kNoMode[] = {"给", "本", "一", "两", "三",   "在", "于",
                                          "非", "费", "证", "后", "范围", "的"};
  constexpr size_t kGapMost = 10 * 3;  // bytes of ten characters
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) {
    if (StartsWithAny(text.substr(at + word.size()), kNoMode)) continue;
    const std::string_view before = LastPart(text.substr(0, at), kClauseMarks);
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

// What is asked of one offer's text.
struct Asked {
  const std::vector<std::string>& wanted;
  std::vector<std::string> serving;  // what counts where the offer lists no modes
  bool listed = false;
};

// What is done in a mode: 专利可整体出售, 不对外办班.
void AddActs(const Asked& asked, std::string_view text, const ModePhraseTable& table, ModeWords& said) {
  for (const PhrasesOfMode& mode : table.acts()) {
    if (!Has(asked.serving, mode.mode)) continue;
    for (const ModePhrase& act : mode.phrases) {
      const std::string_view word = act.first;
      for (size_t at = text.find(word); at != std::string_view::npos;
           at = text.find(word, at + word.size())) {
        const size_t end = at + word.size();
        if (mode.mode == "transfer" && !IsOfRight(text, at, table)) continue;
        if (Has(asked.wanted, mode.mode) && !Has(said.refused, mode.mode) &&
            (IsRefusedBefore(text, at, end) || IsRefusedBehind(text.substr(end))))
          said.refused.push_back(mode.mode);
        if (!asked.listed && !Has(said.offered, mode.mode) && IsOffered(text, at, end, table))
          said.offered.push_back(mode.mode);
      }
    }
  }
}

// 三件专利中，一件可以转让，两件只能许可: what is offered for one and refused for another serves in part.
void SetApart(const Asked& asked, const Record& offer, const ModePhraseTable& table, ModePhrases& phrases,
              ModeWords& said) {
  bool of_parts = false;
  ForEachPart(offer.text, kClauseMarks, [&](std::string_view clause) {
    of_parts = of_parts || SaysOneOf(clause, table.words(PhraseClass::kParts));
  });
  if (!of_parts) return;
  const std::vector<std::string>& list = offer.kind == RecordKind::kExpert ? offer.availability : offer.modes;
  for (const std::string& mode : asked.wanted) {
    const bool offered = Has(phrases.ever_offered, mode) || Has(said.offered, mode) || Has(list, mode);
    const bool refused = Has(phrases.ever_refused, mode) || Has(said.refused, mode);
    if (!offered || !refused || Has(said.one_way, mode)) continue;
    said.one_way.push_back(mode);
    for (std::vector<std::string>* const modes : {&said.refused, &phrases.refused, &phrases.offered})
      std::erase(*modes, mode);
  }
}

// What phrases say that name no mode (mode_phrases.h).
void AddPhrases(const Asked& asked, const Record& offer, const ModePhraseTable& table, ModeWords& said) {
  ModePhrases phrases = ReadModePhrases(offer.text, offer.kind, asked.serving, table);
  said.one_way = std::move(phrases.one_way);
  std::erase_if(said.refused, [&](const std::string& mode) { return Has(said.one_way, mode); });
  SetApart(asked, offer, table, phrases, said);
  // 2018年登记时注明不转让；现已挂牌出让.
  std::erase_if(said.refused, [&](const std::string& mode) { return Has(phrases.offered, mode); });
  for (std::string& mode : phrases.refused) {
    std::erase(said.offered, mode);
    if (Has(asked.wanted, mode) && !Has(said.refused, mode)) said.refused.push_back(std::move(mode));
  }
  for (std::string& mode : phrases.offered) {
    if (!asked.listed && !Has(said.offered, mode)) said.offered.push_back(std::move(mode));
  }
}

constexpr std::string_view kOnSite[] = {
    "现场",   "驻场",   "驻点", "驻厂", "驻县", "驻村", "实操",   "线下", "面授",   "上门", "到场",  "下乡",
    "面对面", "手把手", "入户", "坐诊", "实地", "常驻", "到站",   "到厂", "到县",   "到村", "到校",  "到院",
    "到矿",   "来院",   "来厂", "来县", "来校", "来站", "上看看", "走动", "来看看", "出诊", "来一趟"};

// 不安排现场教学, 不能到现场; 仅线上, 只能以视频方式.
bool IsRemote(std::string_view text) {
  constexpr std::string_view kAfar[] = {"线上", "网上", "网络", "远程", "视频", "函授", "在线授课",
                                        "录播", "隔空", "电话", "微信", "云端", "云上"};
  constexpr std::string_view kBetween[] = {"安排", "提供", "开展", "组织", "承担", "接受",
                                           "派人", "派员", "前往", "参加", "进行", "支持",
                                           "到",   "赴",   "来",   "去",   "再",   "做"};
  constexpr std::string_view kOnly[] = {"只",     "仅",     "只能",   "仅能",   "只限",   "仅限",
                                        "只限于", "仅限于", "只能以", "仅能以", "只以",   "仅以",
                                        "只通过", "仅通过", "只提供", "仅提供", "只接受", "仅接受",
                                        "只开展", "仅开展", "只做",   "只有"};
  for (const std::string_view word : kOnSite) {
    for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) {
      std::string_view before = LastPart(text.substr(0, at), kClauseMarks);
      TakeEnds(before, kBetween);
      if (EndsWithAny(before, kNo)) return true;
    }
  }
  for (const std::string_view word : kAfar) {
    for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) {
      if (EndsWithAny(LastPart(text.substr(0, at), kClauseMarks), kOnly)) return true;
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
  const bool expert = offer.kind == RecordKind::kExpert;
  const bool listed = !(expert ? offer.availability : offer.modes).empty();
  if (expert || offer.kind == RecordKind::kInstitution) said.stay_days = StayDays(offer.text);
  // It is asked of every entry of an answer: what is listed is only taken back.
  if (listed && !has_sign) return said;
  const ModePhraseTable table = tables.mode_phrases().Within(offer.text);
  said.remote = has_sign && (IsRemote(offer.text) || CannotCome(offer.text, table));
  for (const NamedMode& mode : NamedModes()) {
    if (!listed && OffersByName(offer.text, mode, table)) said.offered.emplace_back(mode.code);
  }
  const Asked asked{wanted, listed ? wanted : Serving(wanted, tables), listed};
  AddActs(asked, offer.text, table, said);
  AddPhrases(asked, offer, table, said);
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
