#include "engine/requirement/modes.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/record/field_schema.h"
#include "engine/requirement/claim.h"
#include "engine/requirement/party_words.h"

namespace dongxi::requirement {
namespace {

enum class PartyFit { kIs, kMayBe, kTypeUnsaid, kIsNot };

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
  if (Has(party.types, std::string(type) + "?")) return PartyFit::kMayBe;
  return party.types.empty() || Has(party.types, type) ? PartyFit::kIs : PartyFit::kIsNot;
}

// Where the type leaves it open, the institution's own words tell; a denial takes back what the type says.
PartyFit FitOfCandidate(const PartyRow& party, const Record& candidate) {
  const PartyFit fit = FitOf(party, candidate.kind, candidate.type);
  if (candidate.kind != RecordKind::kInstitution || (fit != PartyFit::kIs && fit != PartyFit::kMayBe))
    return fit;
  const PartySaid said = PartyInWords(party.code, candidate);
  if (said == PartySaid::kNothing) return fit;
  if (said == PartySaid::kIs) return PartyFit::kIs;
  return fit == PartyFit::kIs ? PartyFit::kMayBe : PartyFit::kIsNot;
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
  bool sought = false, goods = false;  // one alone is looked for; goods are wanted, in whichever field
};

// 只招人, 仅寻求投资方; `clause` ends with the party.
bool SaysOnly(std::u32string_view clause) {
  if (HasAny(clause, {U"不只", U"不仅"})) return false;
  for (const std::u32string_view only : {U"只", U"仅"}) {
    for (const std::u32string_view verb :
         {U"招", U"寻", U"找", U"要", U"需", U"求", U"引", U"聘", U"征", U"欢迎", U"考虑", U"谈", U"接"}) {
      const std::u32string both = std::u32string(only) + std::u32string(verb);
      if (clause.find(both) != std::u32string_view::npos) return true;
    }
  }
  return SeeksNothingElse(clause);
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

void AddParty(size_t row, std::optional<FieldSpan> span, PartiesAsked& asked) {
  const bool known = std::any_of(asked.parties.begin(), asked.parties.end(),
                                 [&](const PartyAsked& one) { return one.row == row; });
  if (!known) asked.parties.push_back({row, std::move(span)});
}

void ReadWords(const ScannedField& field, bool demanded_only, const RequirementTables& tables,
               PartiesAsked& asked, AloneWords& alone) {
  ReadTechnology(field, demanded_only, tables, alone);
  if (!demanded_only) {
    alone.goods |= WantsGoods(field.folded);
    alone.sought |= DeclinesTheRest(field.folded);
  }
  for (const WordFinder::Hit& hit : tables.party_words().FindAll(field.folded)) {
    const std::string& party = tables.parties()[hit.id].code;
    alone.alone |= SaysOnly(ClauseUntil(field.folded, hit.end));
    if (demanded_only && !IsDemanded(field.folded, hit.begin, tables)) continue;
    if (party == "investor" && IsDutyOfAnother(field.folded, hit.begin)) continue;
    if (IsOfGoods(field.folded, hit.end)) continue;
    alone.sought |= IsSoughtAlone(party, field.folded, hit.begin, hit.end);
    AddParty(hit.id, field.SpanOf(hit.begin, hit.end), asked);
  }
  for (size_t row = 0; !demanded_only && row < tables.parties().size(); ++row) {
    const std::string& party = tables.parties()[row].code;
    const std::optional<WordPlace> place = PartySought(party, field.folded);
    if (!place) continue;
    alone.alone |= SaysOnly(ClauseUntil(field.folded, place->end));
    alone.sought |= IsSoughtAlone(party, field.folded, place->begin, place->end);
    AddParty(row, field.SpanOf(place->begin, place->end), asked);
  }
}

// 只要机构落户，软件产品不在征集之列: whom, the description says first.
void ReadUnnamed(const Record& need, std::span<const ScannedField> fields, const RequirementTables& tables,
                 PartiesAsked& asked, AloneWords& alone) {
  if (!asked.parties.empty() || !need.modes.empty() || !alone.sought || alone.goods) return;
  const bool someone = std::any_of(fields.begin(), fields.end(), [](const ScannedField& field) {
    return field.name == "wanted" && WantsSomeone(field.folded);
  });
  for (const ScannedField& field : fields) {
    if (someone && field.name == "text") ReadWords(field, true, tables, asked, alone);
  }
  if (asked.parties.size() > 1) asked.parties.resize(1);
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

// What people do, and can do on the spot or from afar.
bool IsDoneByPeople(std::string_view mode) {
  constexpr std::string_view kModes[] = {
      "training",         "technical_service", "apprenticeship",  "flexible_hiring", "mutual_secondment",
      "dual_appointment", "counterpart_aid",   "talent_exchange", "popularisation",  "demonstration"};
  return std::find(std::begin(kModes), std::end(kModes), mode) != std::end(kModes);
}

// Why an offered mode that fits serves only in part; empty if it serves.
std::string_view PartOnly(const std::string& mode, const ModeLimits& limits) {
  if (Has(limits.one_way, mode))
    return mode == "mutual_secondment" ? "供方只能单向派人或接收" : "供方只就其中一部分愿意";
  if (!IsDoneByPeople(mode)) return {};
  if (limits.only_remote) return "供方不到现场，需求要在现场做";
  return limits.short_stay ? "供方能来的时间比需求要求的短" : std::string_view();
}

RequirementVerdict JudgeMode(const std::string& mode, const std::vector<std::string>& offered,
                             const ModeNames& name, const RequirementTables& tables,
                             const std::vector<std::string>& refused, const ModeLimits& limits) {
  RequirementVerdict verdict{.kind = RequirementKind::kMode, .requirement = name(mode)};
  std::optional<PairFit> best;
  std::string why = "供方没有说明";
  const std::string part(PartOnly(mode, limits));
  if (Has(limits.one_way, mode)) {
    best = PairFit::kPartly;
    why = part;
  }
  for (const std::string& other : offered) {
    const ModeFitRow* row = tables.FitOf(mode, other);
    PairFit fit = FitOfPair(mode, other, row);
    const bool declined = fit != PairFit::kSame && Has(limits.declined, other);
    const bool partly = fit >= PairFit::kFits && !part.empty();
    if (declined) fit = PairFit::kNot;
    if (partly && !declined) fit = PairFit::kPartly;
    if (best && fit <= *best) continue;
    best = fit;
    why = declined                ? absl::StrCat("需求写明不接受", name(other))
          : partly                ? part
          : fit == PairFit::kSame ? "供方也愿意"
          : fit == PairFit::kOpen ? absl::StrCat("供方只说愿", Names(offered, name), "，要商谈")
                                  : row->reason;
  }
  if (Has(refused, mode) && !Has(offered, mode)) {
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
                                           const std::vector<std::string>& refused,
                                           const ModeLimits& limits) {
  std::vector<RequirementVerdict> verdicts;
  for (const std::string& mode : wanted)
    verdicts.push_back(JudgeMode(mode, offered, name, tables, refused, limits));
  return verdicts;
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
  ReadUnnamed(need, fields, tables, asked, alone);
  size_t modes_of_parties = 0;
  for (const std::string& mode : need.modes) {
    bool of_party = false;
    for (size_t row = 0; row < tables.parties().size(); ++row) {
      if (!Has(tables.parties()[row].modes, mode)) continue;
      of_party = true;
      AddParty(row, std::nullopt, asked);
    }
    modes_of_parties += of_party;
  }
  // By its modes; without modes, by its task or what it says of it. A technology that it wants as well goes
  // before both.
  asked.only = !asked.parties.empty() && modes_of_parties == need.modes.size() && !alone.technology;
  if (need.modes.empty() && asked.only) {
    const bool alone_sought = alone.alone || (alone.sought && !alone.goods);
    asked.only =
        alone_sought || std::any_of(asked.parties.begin(), asked.parties.end(), [&](const PartyAsked& one) {
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
    const PartyFit fit = FitOfCandidate(party, candidate);
    const std::string what = candidate.kind == RecordKind::kInstitution
                                 ? std::string(WordOf(TypeWords(RecordKind::kInstitution), candidate.type))
                                 : std::string(ChineseNameOf(candidate.kind));
    if (fit == PartyFit::kIs) {
      verdict.outcome = Outcome::kMet;
      verdict.reason = absl::StrCat("需求要", party.name, "：供方是", what, "，可以承担");
    } else if (fit == PartyFit::kTypeUnsaid) {
      verdict.reason = absl::StrCat("需求要", party.name, "：供方没有说明机构类型");
    } else if (fit == PartyFit::kMayBe) {
      verdict.reason = absl::StrCat("需求要", party.name, "：供方是", what, "，没有说明能否承担");
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
