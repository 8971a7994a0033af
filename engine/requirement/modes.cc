#include "engine/requirement/modes.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "engine/record/field_schema.h"
#include "engine/requirement/claim.h"

namespace dongxi::requirement {
namespace {

enum class PartyFit { kIs, kTypeUnsaid, kIsNot };

bool Has(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

std::string KindCode(RecordKind kind) {
  return kind == RecordKind::kInstitution ? "institution" : kind == RecordKind::kExpert ? "expert" : "result";
}

PartyFit FitOf(const PartyRow& party, RecordKind kind, std::string_view type) {
  if (!Has(party.kinds, KindCode(kind))) return PartyFit::kIsNot;
  if (kind != RecordKind::kInstitution) return PartyFit::kIs;
  if (type.empty()) return PartyFit::kTypeUnsaid;
  return party.types.empty() || Has(party.types, type) ? PartyFit::kIs : PartyFit::kIsNot;
}

bool HasAny(std::u32string_view text, std::initializer_list<std::u32string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.find(word) != std::u32string_view::npos; });
}

constexpr std::u32string_view kClauseEnds = U",，。;；:：!！?？\n\r";  // as ClaimOf cuts them

std::u32string_view ClauseUntil(std::u32string_view text, size_t end) {
  const size_t last = text.substr(0, end).find_last_of(kClauseEnds);
  const size_t begin = last == std::u32string_view::npos ? 0 : last + 1;
  return text.substr(begin, end - begin);
}

// What a need says in words of whether it wants parties alone.
struct AloneWords {
  bool alone = false, technology = false;
};

// 只招人, 仅寻求投资方; `clause` ends with the party.
bool SaysOnly(std::u32string_view clause) {
  if (HasAny(clause, {U"不只", U"不仅"})) return false;
  for (const std::u32string_view only : {U"只", U"仅"}) {
    for (const std::u32string_view verb : {U"招", U"寻", U"找", U"要", U"需", U"求", U"引", U"聘", U"征"}) {
      const std::u32string both = std::u32string(only) + std::u32string(verb);
      if (clause.find(both) != std::u32string_view::npos) return true;
    }
  }
  return false;
}

bool SaysNo(std::u32string_view clause) {
  return HasAny(clause, {U"不", U"无需", U"无须", U"已定", U"已有", U"已引进", U"除外"});
}

// 也要高纯氧化镧提纯技术, but neither 讲授种植技术 nor 技术人员: `clause` ends with the technology.
bool WantsTechnology(std::u32string_view clause) {
  if (SaysNo(clause) ||
      HasAny(clause, {U"培训", U"讲", U"指导", U"传授", U"学", U"懂", U"掌握", U"教", U"会"}))
    return false;
  return HasAny(clause, {U"要", U"引进", U"寻求", U"寻找", U"征集", U"求购", U"购买", U"受让", U"需", U"获取",
                         U"采购", U"想", U"缺"});
}

// 不引进技术, 不采购设备和技术, not 寻求无需催化剂的工艺; `clause` ends with the technology.
bool DeclinesTechnology(std::u32string_view clause) {
  constexpr size_t kBeforeMax = 4, kBehindMax = 8;  // characters
  for (const std::u32string_view no : {U"不要", U"不需", U"不征集", U"不引进", U"不再引进", U"不再征集",
                                       U"无需", U"无须", U"不采购", U"不求", U"不寻求", U"不找", U"不买"}) {
    const size_t at = clause.find(no);
    if (at == std::u32string_view::npos || at > kBeforeMax) continue;
    const std::u32string_view behind = clause.substr(at + no.size());
    const bool sought = HasAny(clause.substr(0, at), {U"寻", U"引进", U"求", U"需"});
    if (!sought && behind.size() <= kBehindMax && !behind.starts_with(U"求") && !HasAny(behind, {U"的"}))
      return true;
  }
  return false;
}

void ReadTechnology(const ScannedField& field, bool demanded_only, const RequirementTables& tables,
                    AloneWords& alone) {
  const std::u32string_view text = field.folded;
  for (const std::u32string_view noun : {U"技术", U"工艺", U"成果", U"专利", U"配方"}) {
    for (size_t at = text.find(noun); at != std::u32string_view::npos; at = text.find(noun, at + 1)) {
      const size_t end = at + noun.size();
      if (demanded_only && !IsDemanded(text, at, tables)) continue;
      constexpr std::u32string_view kBehind = U"和及与、并同以";
      const std::u32string_view clause = ClauseUntil(text, end);
      const bool ends = end == text.size() || kClauseEnds.find(text[end]) != std::u32string_view::npos ||
                        kBehind.find(text[end]) != std::u32string_view::npos;
      if (ends) alone.technology |= WantsTechnology(clause);
      alone.alone |= DeclinesTechnology(clause);
    }
  }
}

void ReadWords(const ScannedField& field, bool demanded_only, const RequirementTables& tables,
               PartiesAsked& asked, AloneWords& alone) {
  ReadTechnology(field, demanded_only, tables, alone);
  for (const WordFinder::Hit& hit : tables.party_words().FindAll(field.folded)) {
    alone.alone |= SaysOnly(ClauseUntil(field.folded, hit.end));
    if (demanded_only && !IsDemanded(field.folded, hit.begin, tables)) continue;
    const bool known = std::any_of(asked.parties.begin(), asked.parties.end(),
                                   [&](const PartyAsked& one) { return one.row == hit.id; });
    if (!known) asked.parties.push_back({hit.id, field.SpanOf(hit.begin, hit.end)});
  }
}

// What the table says of a pair, best last. A pair that it does not have rules nothing out.
enum class PairFit { kNot, kOpen, kPartly, kFits, kSame };

PairFit FitOfPair(const std::string& mode, const std::string& other, const ModeFitRow* row) {
  if (mode == other) return PairFit::kSame;
  if (row == nullptr) return PairFit::kOpen;
  return row->fit == ModeFit::kFits     ? PairFit::kFits
         : row->fit == ModeFit::kPartly ? PairFit::kPartly
                                        : PairFit::kNot;
}

Outcome OutcomeOf(PairFit fit) {
  switch (fit) {
    case PairFit::kNot:
      return Outcome::kContradictory;
    case PairFit::kOpen:
      return Outcome::kUnknown;
    case PairFit::kPartly:
      return Outcome::kShort;
    case PairFit::kFits:
    case PairFit::kSame:
      break;
  }
  return Outcome::kMet;
}

std::string Names(const std::vector<std::string>& modes, const ModeNames& name) {
  std::string names;
  for (const std::string& mode : modes) absl::StrAppend(&names, names.empty() ? "" : "、", name(mode));
  return names;
}

// How texts name a mode where they refuse it. What can be done only one way (不派人外出挂职) is no refusal.
struct RefusedMode {
  std::string_view code;
  std::vector<std::string_view> words;
};
const std::vector<RefusedMode>& RefusedModes() {
  static const auto* const kModes = new std::vector<RefusedMode>{
      {"transfer", {"转让", "出让", "买断", "卖断"}},
      {"license", {"许可"}},
      {"equity", {"入股"}},
      {"dual_appointment", {"双聘", "受聘", "兼职"}},
      {"flexible_hiring", {"柔性引进"}},
      {"joint_rd", {"联合攻关", "联合研发", "合作研发", "合作开发", "研发课题", "科研课题", "研发项目"}},
      {"commissioned_rd", {"委托开发", "定制开发", "受托开发", "委托研发", "研发课题", "研发项目"}},
      {"technical_service", {"技术服务"}},
      {"training", {"培训", "授课"}},
      {"demonstration", {"示范推广"}},
      {"joint_platform", {"共建平台", "平台共建", "共建实验室"}},
      {"resource_sharing", {"开放共享", "对外共享"}},
  };
  return *kModes;
}

bool TakeEnd(std::string_view& text, std::initializer_list<std::string_view> ends) {
  for (const std::string_view end : ends) {
    if (!text.ends_with(end)) continue;
    text.remove_suffix(end.size());
    return true;
  }
  return false;
}

// What stands between the last comma or stop and the end of `text`.
std::string_view LastClause(std::string_view text) {
  size_t begin = 0;
  for (const std::string_view end : {"，", ",", "。", "；", ";", "：", ":", "\n"}) {
    const size_t at = text.rfind(end);
    if (at != std::string_view::npos) begin = std::max(begin, at + end.size());
  }
  return text.substr(begin);
}

// Whether 转让 at `at` is refused: 不转让, 永不对外转让, not 未经同意不得转让, 不收取转让费,
// 该线不对外转让设备.
bool IsRefused(std::string_view text, size_t at, size_t end) {
  for (const std::string_view behind : {"费", "证", "设备", "仪器", "给", "人", "方的", "手续", "范围"}) {
    if (text.substr(end).starts_with(behind)) return false;
  }
  std::string_view before = LastClause(text.substr(0, at));
  for (const std::string_view other : {"未经", "非经", "除非", "前不", "设备", "仪器", "厂房", "不仅", "不只",
                                       "不限", "不影响", "不排除", "不排斥", "是否"}) {
    if (before.find(other) != std::string_view::npos) return false;
  }
  while (TakeEnd(before, {"任何",       "对外",     "单独",   "技术", "作价", "专利权", "专利", "成果",
                          "知识产权",   "品种权",   "所有权", "权利", "新的", "横向",   "各类", "在外单位",
                          "在其他单位", "到外单位", "在外",   "承担", "承接", "参加",   "参与", "接受",
                          "开展",       "提供",     "考虑",   "再行", "再",   "以",     "向外"})) {
  }
  return before.ends_with("不") || before.ends_with("不得") || before.ends_with("不能") ||
         before.ends_with("不可") || before.ends_with("不予") || before.ends_with("不作") ||
         before.ends_with("不做") || before.ends_with("不愿") || before.ends_with("不愿意") ||
         before.ends_with("不同意") || before.ends_with("拒绝") || before.ends_with("谢绝");
}

// Most texts have none of the words that every refusal needs; it is asked of every entry of an answer.
bool MayRefuse(std::string_view text) {
  return text.find("不") != std::string_view::npos || text.find("绝") != std::string_view::npos;
}

bool Refuses(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size())) {
    if (IsRefused(text, at, at + word.size())) return true;
  }
  return false;
}

RequirementVerdict JudgeMode(const std::string& mode, const std::vector<std::string>& offered,
                             const ModeNames& name, const RequirementTables& tables, bool refused) {
  RequirementVerdict verdict{.kind = RequirementKind::kMode, .requirement = name(mode)};
  std::optional<PairFit> best;
  std::string why = "供方没有说明";
  for (const std::string& other : offered) {
    const ModeFitRow* row = tables.FitOf(mode, other);
    const PairFit fit = FitOfPair(mode, other, row);
    if (best && fit <= *best) continue;
    best = fit;
    why = fit == PairFit::kSame   ? "供方也愿意"
          : fit == PairFit::kOpen ? absl::StrCat("供方只说愿", Names(offered, name), "，要商谈")
                                  : row->reason;
  }
  if (refused && best != PairFit::kSame) {
    best = PairFit::kNot;
    why = "供方写明不接受";
  }
  if (best) verdict.outcome = OutcomeOf(*best);
  if (best == PairFit::kPartly) verdict.shortfall_text = why;
  verdict.reason = absl::StrCat("合作方式 ", name(mode), "：", why);
  return verdict;
}

}  // namespace

std::vector<RequirementVerdict> JudgeModes(const std::vector<std::string>& wanted,
                                           const std::vector<std::string>& offered, const ModeNames& name,
                                           const RequirementTables& tables,
                                           const std::vector<std::string>& refused) {
  std::vector<RequirementVerdict> verdicts;
  for (const std::string& mode : wanted)
    verdicts.push_back(JudgeMode(mode, offered, name, tables, Has(refused, mode)));
  return verdicts;
}

std::vector<std::string> ModesRefused(const std::vector<std::string>& wanted, const Record& offer) {
  std::vector<std::string> refused;
  if (!MayRefuse(offer.text) && !MayRefuse(offer.ip_status)) return refused;
  for (const RefusedMode& mode : RefusedModes()) {
    if (!Has(wanted, mode.code)) continue;
    const bool says = std::any_of(mode.words.begin(), mode.words.end(), [&](std::string_view word) {
      return Refuses(offer.text, word) || Refuses(offer.ip_status, word);
    });
    if (says) refused.emplace_back(mode.code);
  }
  return refused;
}

PartiesAsked ReadParties(const Record& need, std::span<const ScannedField> fields,
                         const RequirementTables& tables) {
  PartiesAsked asked;
  AloneWords alone;
  for (const ScannedField& field : fields) {
    // A need in free text has no `wanted`: what its text demands takes the place.
    const bool free_text = field.name == "text" && need.wanted.empty();
    if (field.name == "title" || field.name == "wanted" || free_text)
      ReadWords(field, free_text, tables, asked, alone);
  }
  size_t modes_of_parties = 0;
  for (const std::string& mode : need.modes) {
    bool of_party = false;
    for (size_t row = 0; row < tables.parties().size(); ++row) {
      if (!Has(tables.parties()[row].modes, mode)) continue;
      of_party = true;
      const bool known = std::any_of(asked.parties.begin(), asked.parties.end(),
                                     [&](const PartyAsked& one) { return one.row == row; });
      if (!known) asked.parties.push_back({row, std::nullopt});
    }
    modes_of_parties += of_party;
  }
  // By its modes; without modes, by its task or what it says of it. A technology that it wants as well goes
  // before both.
  asked.only = !asked.parties.empty() && modes_of_parties == need.modes.size() && !alone.technology;
  if (need.modes.empty() && asked.only) {
    asked.only =
        alone.alone || std::any_of(asked.parties.begin(), asked.parties.end(), [&](const PartyAsked& one) {
          return Has(tables.parties()[one.row].tasks, need.task);
        });
  }
  return asked;
}

bool MayAskForPartiesAlone(std::span<const std::string_view> modes, const RequirementTables& tables) {
  return std::all_of(modes.begin(), modes.end(), [&](std::string_view mode) {
    return std::any_of(tables.parties().begin(), tables.parties().end(),
                       [&](const PartyRow& party) { return Has(party.modes, mode); });
  });
}

std::vector<RequirementVerdict> JudgeParties(const PartiesAsked& asked, const Record& candidate,
                                             const RequirementTables& tables) {
  std::vector<RequirementVerdict> verdicts;
  for (const PartyAsked& one : asked.parties) {
    const PartyRow& party = tables.parties()[one.row];
    RequirementVerdict verdict{
        .kind = RequirementKind::kParty, .requirement = party.name, .need_span = one.span};
    const PartyFit fit = FitOf(party, candidate.kind, candidate.type);
    const std::string what = candidate.kind == RecordKind::kInstitution
                                 ? std::string(WordOf(TypeWords(RecordKind::kInstitution), candidate.type))
                                 : std::string(ChineseNameOf(candidate.kind));
    if (fit == PartyFit::kIs) {
      verdict.outcome = Outcome::kMet;
      verdict.reason = absl::StrCat("需求要", party.name, "：供方是", what, "，可以承担");
    } else if (fit == PartyFit::kTypeUnsaid) {
      verdict.reason = absl::StrCat("需求要", party.name, "：供方没有说明机构类型");
    } else {
      verdict.outcome = asked.only ? Outcome::kContradictory : Outcome::kUnknown;
      verdict.reason =
          absl::StrCat("需求要", party.name, "：供方是", what, asked.only ? "，不是这一类" : "，要另找");
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

bool IsNoneOf(const PartiesAsked& asked, RecordKind kind, std::string_view type,
              const RequirementTables& tables) {
  return !asked.parties.empty() &&
         std::all_of(asked.parties.begin(), asked.parties.end(), [&](const PartyAsked& one) {
           return FitOf(tables.parties()[one.row], kind, type) == PartyFit::kIsNot;
         });
}

bool MayBeEveryParty(RecordKind kind, std::string_view type, const RequirementTables& tables) {
  return std::all_of(tables.parties().begin(), tables.parties().end(),
                     [&](const PartyRow& party) { return FitOf(party, kind, type) != PartyFit::kIsNot; });
}

}  // namespace dongxi::requirement
