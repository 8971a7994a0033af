#include "engine/match/gate.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/requirement/requirement_tables.h"
#include "engine/requirement/standing.h"

namespace dongxi {
namespace {

using requirement::Outcome;
using requirement::RequirementVerdict;
using requirement::Standing;

const requirement::RequirementTables& Tables() { return requirement::BuiltInRequirementTables(); }

requirement::PartiesAsked PartiesOf(const Record& need) {
  return requirement::ReadParties(need, requirement::ScanRecord(need), Tables());
}

}  // namespace

std::vector<DocId> InstitutionsBehind(const DocumentTable& documents, DocId doc) {
  std::vector<DocId> institutions;
  for (const DocId owner : documents.owners(doc)) {
    if (documents.kind(owner) == RecordKind::kInstitution && owner != doc &&
        institutions.size() < kInstitutionsBehind) {
      institutions.push_back(owner);
    }
  }
  return institutions;
}

Standing StandingOfInstitutions(const DocumentTable& documents, std::span<const DocId> institutions,
                                const Viewer& viewer, int32_t today) {
  size_t seen = 0, stopped = 0, lowered = 0;
  for (const DocId institution : institutions) {
    const bool hidden = !MaySee(viewer, documents.disclosure(institution), documents.tenant(institution),
                                documents.shared(institution));
    if (hidden || documents.gone(institution)) continue;
    ++seen;
    const Standing words = documents.standing(institution).words;
    stopped += words == Standing::kBlocked ? 1 : 0;
    lowered += words >= Standing::kLowered || documents.valid_until_day(institution) < today ? 1 : 0;
  }
  if (seen > 0 && stopped == seen) return Standing::kBlocked;
  return lowered > 0 ? Standing::kLowered : Standing::kUnsaid;
}

bool ModesGoTogether(std::string_view wanted, std::string_view offered) {
  const requirement::ModeFitRow* row = Tables().FitOf(wanted, offered);
  // A pair that the table does not have rules nothing out (要商谈): as its verdict says.
  return wanted == offered || row == nullptr || row->fit != requirement::ModeFit::kNot;
}

std::string WhyOf(Bar bar, const requirement::PartiesAsked& parties, const Record& offer,
                  std::span<const Record* const> institutions, const requirement::LivenessInput& liveness) {
  const Outcome wanted = bar == Bar::kNone ? Outcome::kShort : Outcome::kContradictory;
  std::vector<RequirementVerdict> verdicts;
  if (bar == Bar::kParty) {
    verdicts = requirement::JudgeParties(parties, offer, Tables());
  } else {
    verdicts = requirement::JudgeLiveness(offer, liveness, Tables());
    for (RequirementVerdict& verdict : requirement::JudgeOwners(institutions, liveness.today, Tables()))
      verdicts.push_back(std::move(verdict));
  }
  std::string why;
  for (const RequirementVerdict& verdict : verdicts) {
    if (verdict.outcome == wanted) absl::StrAppend(&why, why.empty() ? "" : "；", verdict.reason);
  }
  return why;
}

OfferGate::OfferGate(const Record& need, const DocumentTable& documents, const RankingConfig& ranking,
                     const MatchSettings& settings, const ExpertLoads* loads)
    : documents_(documents),
      ranking_(ranking),
      settings_(settings),
      loads_(loads),
      today_(static_cast<int32_t>(settings.today - absl::CivilDay(1970, 1, 1))),
      parties_(PartiesOf(need)),
      wanted_modes_(need.modes) {}

absl::StatusOr<GateAnswer> OfferGate::For(DocId candidate, DocId evidence) {
  GateAnswer answer;
  DX_ASSIGN_OR_RETURN(const Standing standing, StandingOf(candidate));
  if (standing == Standing::kBlocked) {
    answer.bar = Bar::kStanding;
  } else if (IsWrongParty(candidate)) {
    answer.bar = Bar::kParty;
  }
  answer.lowered = standing == Standing::kLowered;
  answer.modes_exclude = ModesExclude(candidate, evidence);
  return answer;
}

absl::StatusOr<Standing> OfferGate::StandingOf(DocId candidate) {
  const RecordKind kind = documents_.kind(candidate);
  Standing standing = requirement::StandingOn(documents_.standing(candidate), documents_.year(candidate),
                                              documents_.valid_until_day(candidate), today_,
                                              static_cast<int>(settings_.today.year()));
  if (kind != RecordKind::kInstitution) {
    const std::vector<DocId> behind = InstitutionsBehind(documents_, candidate);
    standing = std::max(standing, StandingOfInstitutions(documents_, behind, settings_.viewer, today_));
  }
  if (kind != RecordKind::kExpert || loads_ == nullptr || standing == Standing::kBlocked) return standing;
  DX_ASSIGN_OR_RETURN(const int open, loads_->OpenMatches({kind, std::string(documents_.id(candidate))}));
  const int max = ranking_.OpenMatchesMax(documents_.open_matches_max(candidate));
  return std::max(standing, requirement::StandingOfLoad(open, max, Tables()));
}

bool OfferGate::IsWrongParty(DocId candidate) const {
  if (!parties_.only) return false;
  return requirement::IsNoneOf(parties_, documents_.kind(candidate), documents_.type(candidate), Tables());
}

bool OfferGate::GoesWith(std::string_view offered) {
  const auto known = goes_with_.find(offered);
  if (known != goes_with_.end()) return known->second;
  const bool fits = std::any_of(wanted_modes_.begin(), wanted_modes_.end(),
                                [&](const std::string& wanted) { return ModesGoTogether(wanted, offered); });
  goes_with_.emplace(offered, fits);
  return fits;
}

bool OfferGate::ModesExclude(DocId candidate, DocId evidence) {
  if (wanted_modes_.empty()) return false;
  // In the order in which the verdict looks for them: AssessRequirements.
  const bool of_expert = documents_.kind(candidate) == RecordKind::kExpert;
  std::vector<std::string_view> offered = documents_.modes(of_expert ? candidate : evidence);
  if (offered.empty() && documents_.kind(evidence) != RecordKind::kExpert)
    offered = documents_.modes(of_expert ? evidence : candidate);
  return !offered.empty() &&
         std::none_of(offered.begin(), offered.end(), [&](std::string_view mode) { return GoesWith(mode); });
}

std::string OfferGate::Why(Bar bar, const Record& candidate, std::span<const Record* const> institutions,
                           requirement::ExpertLoad load) const {
  return WhyOf(bar, parties_, candidate, institutions, {settings_.today, load.open, load.max});
}

}  // namespace dongxi
