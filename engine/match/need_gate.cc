#include "engine/match/need_gate.h"

#include <algorithm>

#include "engine/base/status_macros.h"
#include "engine/index/document_row.h"
#include "engine/requirement/requirement_tables.h"
#include "engine/requirement/standing.h"

namespace dongxi {
namespace {

using requirement::PartiesAsked;
using requirement::Standing;

const requirement::RequirementTables& Tables() { return requirement::BuiltInRequirementTables(); }

PartiesAsked PartiesOf(const Record& need) {
  return requirement::ReadParties(need, requirement::ScanRecord(need), Tables());
}

const std::vector<std::string>& ModesOf(const Record& offer) {
  return offer.kind == RecordKind::kExpert ? offer.availability : offer.modes;
}

}  // namespace

NeedGate::NeedGate(const MatchContext& context, const ReverseQuestion& question)
    : question_(question),
      needs_(*context.generation->needs.documents),
      may_be_every_party_(requirement::MayBeEveryParty(question.offer.kind, question.offer.type, Tables())),
      liveness_{.today = question.settings.today} {}

absl::StatusOr<NeedGate> NeedGate::Create(const MatchContext& context, const ReverseQuestion& question) {
  NeedGate gate(context, question);
  DX_RETURN_IF_ERROR(gate.ReadStanding(context));
  return gate;
}

absl::Status NeedGate::ReadStanding(const MatchContext& context) {
  const Record& offer = question_.offer;
  const MatchSettings& settings = question_.settings;
  const auto today = static_cast<int32_t>(settings.today - absl::CivilDay(1970, 1, 1));
  const DocumentTable& offers = *context.generation->offers.documents;
  const std::vector<DocId> behind = InstitutionsOfOffer(offers);
  if (context.loads != nullptr && offer.kind == RecordKind::kExpert) {
    DX_ASSIGN_OR_RETURN(liveness_.open_matches, context.loads->OpenMatches({offer.kind, offer.id}));
    liveness_.open_matches_max = context.ranking->OpenMatchesMax(offer.open_matches_max);
  }
  standing_ = std::max(
      {requirement::StandingOn(requirement::ReadStanding(offer, Tables()), offer.year,
                               DayNumber(offer.valid_until), today, static_cast<int>(settings.today.year())),
       StandingOfInstitutions(offers, behind, settings.viewer, today),
       requirement::StandingOfLoad(liveness_.open_matches, liveness_.open_matches_max, Tables())});
  const bool told = settings.detail != Detail::kNamesOnly;  // why; else nobody is shown the institutions
  if (standing_ < Standing::kLowered || behind.empty() || !told) return absl::OkStatus();
  std::vector<RecordName> names;
  for (const DocId doc : behind) names.push_back({RecordKind::kInstitution, std::string(offers.id(doc))});
  DX_ASSIGN_OR_RETURN(institutions_, context.records->GetMany(names));
  return absl::OkStatus();
}

// An offer that the generation does not have yet is known by what its record names.
std::vector<DocId> NeedGate::InstitutionsOfOffer(const DocumentTable& offers) const {
  const Record& offer = question_.offer;
  if (offer.kind == RecordKind::kInstitution) return {};
  if (const std::optional<DocId> doc = offers.Find(offer.kind, offer.id))
    return InstitutionsBehind(offers, *doc);
  std::vector<RecordName> names = offer.owners;
  if (!offer.institution.empty()) names.push_back({RecordKind::kInstitution, offer.institution});
  std::vector<DocId> behind;
  for (const RecordName& name : names) {
    if (name.kind != RecordKind::kInstitution || behind.size() == kInstitutionsBehind) continue;
    if (const std::optional<DocId> doc = offers.Find(name.kind, name.id)) behind.push_back(*doc);
  }
  return behind;
}

GateAnswer NeedGate::For(DocId need) const {
  return {.bar = blocked() ? Bar::kStanding : Bar::kNone,
          .lowered = standing_ == Standing::kLowered,
          .modes_exclude = ModesExclude(need)};
}

bool NeedGate::ModesExclude(DocId need) const {
  const std::vector<std::string_view> wanted = needs_.modes(need);
  const std::vector<std::string>& offered = ModesOf(question_.offer);
  if (wanted.empty() || offered.empty()) return false;
  return std::none_of(offered.begin(), offered.end(), [&](const std::string& mode) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](std::string_view one) { return ModesGoTogether(one, mode); });
  });
}

bool NeedGate::MustReadPartyOf(DocId need) const {
  if (may_be_every_party_ || blocked()) return false;
  return requirement::MayAskForPartiesAlone(needs_.modes(need), Tables());
}

bool NeedGate::PartyBars(const Record& need) const {
  if (may_be_every_party_) return false;
  const std::vector<std::string_view> modes(need.modes.begin(), need.modes.end());
  if (!requirement::MayAskForPartiesAlone(modes, Tables())) return false;
  const PartiesAsked asked = PartiesOf(need);
  return asked.only && requirement::IsNoneOf(asked, question_.offer.kind, question_.offer.type, Tables());
}

std::string NeedGate::Why(Bar bar, const Record& need) const {
  const PartiesAsked asked = bar == Bar::kParty ? PartiesOf(need) : PartiesAsked{};
  return WhyOf(bar, asked, question_.offer, institutions(), liveness_);
}

std::vector<const Record*> NeedGate::institutions() const {
  std::vector<const Record*> found;
  for (const std::optional<Record>& one : institutions_) {
    if (one.has_value()) found.push_back(&*one);
  }
  return found;
}

}  // namespace dongxi
