#include "engine/requirement/modes.h"

#include <algorithm>

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

void ReadWords(const ScannedField& field, bool demanded_only, const RequirementTables& tables,
               PartiesAsked& asked) {
  for (const WordFinder::Hit& hit : tables.party_words().FindAll(field.folded)) {
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

RequirementVerdict JudgeMode(const std::string& mode, const std::vector<std::string>& offered,
                             const ModeNames& name, const RequirementTables& tables) {
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
  if (best) verdict.outcome = OutcomeOf(*best);
  if (best == PairFit::kPartly) verdict.shortfall_text = why;
  verdict.reason = absl::StrCat("合作方式 ", name(mode), "：", why);
  return verdict;
}

}  // namespace

std::vector<RequirementVerdict> JudgeModes(const std::vector<std::string>& wanted,
                                           const std::vector<std::string>& offered, const ModeNames& name,
                                           const RequirementTables& tables) {
  std::vector<RequirementVerdict> verdicts;
  for (const std::string& mode : wanted) verdicts.push_back(JudgeMode(mode, offered, name, tables));
  return verdicts;
}

PartiesAsked ReadParties(const Record& need, std::span<const ScannedField> fields,
                         const RequirementTables& tables) {
  PartiesAsked asked;
  for (const ScannedField& field : fields) {
    // A need in free text has no `wanted`: what its text demands takes the place.
    const bool free_text = field.name == "text" && need.wanted.empty();
    if (field.name == "title" || field.name == "wanted" || free_text)
      ReadWords(field, free_text, tables, asked);
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
  // By its modes; without modes, by its task and words.
  asked.only = !asked.parties.empty() && modes_of_parties == need.modes.size();
  if (need.modes.empty()) {
    asked.only = std::any_of(asked.parties.begin(), asked.parties.end(), [&](const PartyAsked& one) {
      return Has(tables.parties()[one.row].tasks, need.task);
    });
  }
  return asked;
}

bool MayAskForPartiesAlone(std::span<const std::string_view> modes, std::optional<std::string_view> task,
                           const RequirementTables& tables) {
  const auto some_party_has = [&](const auto& list, std::string_view item) {
    return std::any_of(tables.parties().begin(), tables.parties().end(),
                       [&](const PartyRow& party) { return Has(party.*list, item); });
  };
  if (modes.empty()) return !task.has_value() || some_party_has(&PartyRow::tasks, *task);
  return std::all_of(modes.begin(), modes.end(),
                     [&](std::string_view mode) { return some_party_has(&PartyRow::modes, mode); });
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
