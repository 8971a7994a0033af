#include "engine/requirement/mode_offers.h"

#include <algorithm>
#include <vector>

namespace dongxi::requirement {
namespace {

constexpr size_t kNone = std::string_view::npos;

// 发明人愿意转让，但学校尚未批准.
bool IsTakenBack(std::string_view sentence, const ModePhraseTable& table) {
  bool back = false;
  ForEachPart(sentence, kClauseMarks,
              [&](std::string_view clause) { back |= SaysOneOf(clause, table.words(PhraseClass::kBut)); });
  return back;
}

// What stands between is passed over: 可 … 以普通许可或独占许可.
bool StandsBehindCue(std::string_view before, const ModePhraseTable& table) {
  constexpr std::string_view kNot[] = {"不",   "未", "无", "非", "勿", "难", "许", "认",
                                       "没有", "功", "性", "智", "节", "才", "产"};  // 许可, 性能
  for (bool taken = true; taken;) {
    taken = TakeEnds(before, table.words(PhraseClass::kBetween));
    for (const NamedMode& mode : NamedModes()) taken |= TakeEnds(before, mode.words);
  }
  constexpr size_t kNear = 4 * 3;  // bytes of four characters: 不能再承接
  const std::vector<ModePhrase>& cues = table.words(PhraseClass::kCue);
  return std::any_of(cues.begin(), cues.end(), [&](const ModePhrase& cue) {
    if (!before.ends_with(cue.first)) return false;
    const std::string_view rest = before.substr(0, before.size() - cue.first.size());
    return !EndsWithAny(rest, kNot) &&
           !IsDeniedBefore(rest.substr(rest.size() - std::min(rest.size(), kNear)), table);
  });
}

// Takes off the other modes of a list, and what stands between it and a yes: 入股、转让、许可三种方式都可以.
void TakeList(std::string_view& behind) {
  constexpr std::string_view kLinks[] = {"、",   "和",   "或",   "及",   "与",   "/",    "作价",
                                         "技术", "专利", "实施", "普通", "方式", "形式", "等",
                                         "两种", "三种", "几种", "各种", "的",   "一事", "事宜"};
  const auto take = [&](std::string_view word) {
    if (behind.starts_with(word)) behind.remove_prefix(word.size());
  };
  for (size_t size = 0; size != behind.size();) {
    size = behind.size();
    for (const std::string_view link : kLinks) take(link);
    for (const NamedMode& mode : NamedModes()) {
      for (const std::string_view word : mode.words) take(word);
    }
  }
}

// 欢迎各地企业前来商谈转让, 学校支持教师双聘; or 入股都行, 转让可谈.
bool IsWished(std::string_view before, std::string_view behind, const ModePhraseTable& table) {
  constexpr size_t kBetweenMost = 16 * 3;  // bytes of sixteen characters
  if (IsDeniedBefore(before, table)) return false;
  TakeList(behind);
  const std::vector<ModePhrase>& yes = table.words(PhraseClass::kYes);
  if (std::any_of(yes.begin(), yes.end(),
                  [&](const ModePhrase& one) { return behind.starts_with(one.first); }))
    return true;
  const std::vector<ModePhrase>& wishes = table.words(PhraseClass::kWish);
  return std::any_of(wishes.begin(), wishes.end(), [&](const ModePhrase& wish) {
    const size_t place = before.rfind(wish.first);
    return place != kNone && before.size() - place - wish.first.size() <= kBetweenMost;
  });
}

}  // namespace

bool IsOffered(std::string_view text, size_t at, size_t end, const ModePhraseTable& table) {
  constexpr std::string_view kOfIt[] = {
      "费",   "证",   "设备", "仪器", "登记", "平台", "系统", "管理", "交易", "中心", "市场", "合同",
      "手续", "信息", "范围", "教材", "手册", "资料", "软件", "率",   "期",   "协议", "方的", "条件",
      "基地", "线",   "阶段", "到",   "出",   "座",   "场",   "评估", "代理", "备案", "公告", "纠纷",
      "款",   "收入", "金额", "所得", "名录", "名单", "细则", "办法", "制度", "政策", "流程"};
  constexpr std::string_view kNotYet[] = {"拟",   "计划", "将", "未来", "是否",
                                          "有望", "曾",   "已", "待",   "研究"};
  const std::string_view behind = text.substr(end);
  if (StartsWithAny(behind, kOfIt)) return false;
  const std::string_view before = LastPart(text.substr(0, at), kListMarks);
  // 以前可以转让 is over, 拟转让 not yet; 去年改了政策，现已同意转让 holds.
  const bool not_now = HasAny(before, kNotYet) || SaysOneOf(before, table.words(PhraseClass::kPast));
  if (not_now && !SaysOneOf(before, table.words(PhraseClass::kNow))) return false;
  if (SaysOneOf(before, table.words(PhraseClass::kPartner)) || SaysNothing(before, table)) return false;
  if (IsTakenBack(PartAround(text, at, kSentenceMarks), table)) return false;
  return StandsBehindCue(before, table) || IsWished(before, behind, table);
}

bool OffersByName(std::string_view text, const NamedMode& mode, const ModePhraseTable& table) {
  for (const std::string_view word : mode.words) {
    for (size_t at = text.find(word); at != kNone; at = text.find(word, at + word.size())) {
      if (!IsOffered(text, at, at + word.size(), table)) continue;
      if (mode.code != "transfer" || !IsGoodsOnly(PartAround(text, at, kClauseMarks), table)) return true;
    }
  }
  return false;
}

bool IsOfRight(std::string_view text, size_t at, const ModePhraseTable& table) {
  return SaysOneOf(PartAround(text, at, kSentenceMarks), table.words(PhraseClass::kRight)) &&
         !IsGoodsOnly(PartAround(text, at, kClauseMarks), table);
}

}  // namespace dongxi::requirement
