#include "engine/requirement/assess.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/requirement/name_likeness.h"
#include "engine/requirement/need_readings.h"
#include "engine/requirement/offer_readings.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr double kSameName = 0.6;

FieldSpan SpanOf(const ScannedField& field, ByteSpan bytes) {
  const auto characters = [&](size_t place) {
    return static_cast<uint32_t>(CountCharacters(std::string_view(field.text).substr(0, place)));
  };
  return {field.name, characters(bytes.begin), characters(bytes.end)};
}

bool SaysTheSame(const Indicator& a, const Indicator& b) {
  return a.dimension == b.dimension && a.change == b.change && a.low == b.low && a.high == b.high &&
         NameLikeness(a.name, b.name) >= kSameName;
}

template <typename Reading>
void ReadField(const ScannedField& field, const ParseOptions& options, const RequirementTables& tables,
               Reading& reading) {
  for (Indicator& indicator : ParseIndicators(field.scan, options, tables)) {
    if (reading.indicators.size() >= kNeedIndicatorsMax) return;
    const bool known = std::any_of(reading.indicators.begin(), reading.indicators.end(),
                                   [&](const Indicator& other) { return SaysTheSame(indicator, other); });
    if (known) continue;
    reading.spans.push_back(SpanOf(field, indicator.span));
    reading.indicators.push_back(std::move(indicator));
  }
}

void AddIndicators(const NeedReading& need, const OfferReading& offer, NameForms* names,
                   const FormsOfNames* need_names, std::vector<RequirementVerdict>& verdicts) {
  for (IndicatorVerdict& one : CompareIndicators(need.indicators, offer.indicators, names, need_names)) {
    RequirementVerdict verdict{.kind = RequirementKind::kIndicator, .outcome = one.outcome};
    const Indicator& indicator = need.indicators[one.need];
    verdict.requirement = absl::StrCat(EncodeUtf8(indicator.name.text), " ", RangeText(indicator));
    verdict.need_span = need.spans[one.need];
    if (one.offer) verdict.offer_span = offer.spans[*one.offer];
    verdict.shortfall = one.shortfall;
    verdict.shortfall_text = std::move(one.shortfall_text);
    verdict.reason = std::move(one.reason);
    verdicts.push_back(std::move(verdict));
  }
}

// Whose modes count.
const Record& OfferingOf(const Record& candidate, const Record& evidence) {
  if (candidate.kind == RecordKind::kExpert && !candidate.availability.empty()) return candidate;
  if (evidence.kind == RecordKind::kExpert) return evidence;
  return evidence.modes.empty() && !candidate.modes.empty() ? candidate : evidence;
}

const std::vector<std::string>& ModesOf(const Record& offering) {
  return offering.kind == RecordKind::kExpert ? offering.availability : offering.modes;
}

// What an offer's field says goes before its words.
std::vector<RequirementVerdict> ModesOfOffer(const NeedReading& need, const std::vector<std::string>& listed,
                                             const ModeWords& words, const ModeNames& name,
                                             const RequirementTables& tables) {
  const ModeConditions& wanted = need.mode_conditions;
  const ModeLimits limits{wanted.declined, wanted.on_site && words.remote, words.one_way,
                          words.stay_days > 0 && words.stay_days < wanted.stay_days};
  return JudgeModes(need.modes, listed.empty() ? words.offered : listed, name, tables, words.refused, limits);
}

void Append(std::vector<RequirementVerdict> more, std::vector<RequirementVerdict>& verdicts) {
  std::move(more.begin(), more.end(), std::back_inserter(verdicts));
}

void AppendCopies(const std::vector<RequirementVerdict>& more, std::vector<RequirementVerdict>& verdicts) {
  verdicts.insert(verdicts.end(), more.begin(), more.end());
}

// What is said of one entry's evidence and candidate.
struct Said {
  const EvidenceVerdicts& evidence;
  const std::vector<RequirementVerdict>& modes;  // JudgeModes
  const std::optional<LivenessWord>& word;       // the candidate's heaviest
};

// All verdicts in their order.
std::vector<RequirementVerdict> JudgeCandidate(const NeedReading& need, const Record& candidate,
                                               const Said& said, const AssessContext& context,
                                               const RequirementTables& tables) {
  std::vector<RequirementVerdict> verdicts;
  verdicts.reserve(said.evidence.indicators.size() + said.evidence.maturity.size() + said.modes.size() +
                   need.parties.parties.size() + said.evidence.conditions.size() + 1);
  AppendCopies(said.evidence.indicators, verdicts);
  AppendCopies(said.evidence.maturity, verdicts);
  AppendCopies(said.modes, verdicts);
  Append(JudgeParties(need.parties, candidate, tables), verdicts);
  AppendCopies(said.evidence.conditions, verdicts);
  const LivenessInput input{context.today, context.open_matches, context.open_matches_max};
  Append(JudgeLiveness(candidate, said.word, input, tables), verdicts);
  Append(JudgeOwners(context.institutions, context.today, tables), verdicts);
  return verdicts;
}

}  // namespace

std::string MarkOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kMet:
      return "✓";
    case Outcome::kShort:
      return "△";
    case Outcome::kContradictory:
      return "✗";
    case Outcome::kUnknown:
      return "?";
  }
  return "?";
}

std::string WordOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kMet:
      return "满足";
    case Outcome::kShort:
      return "差";
    case Outcome::kContradictory:
      return "不满足";
    case Outcome::kUnknown:
      return "未说明";
  }
  return "未说明";
}

std::string WordOf(RequirementKind kind) {
  switch (kind) {
    case RequirementKind::kIndicator:
      return "考核指标";
    case RequirementKind::kMaturity:
      return "成熟度";
    case RequirementKind::kMode:
      return "合作方式";
    case RequirementKind::kParty:
      return "对方类型";
    case RequirementKind::kCondition:
      return "环境条件";
    case RequirementKind::kLiveness:
      return "可合作状态";
  }
  return "";
}

NeedReading ReadNeed(const Record& need, const RequirementTables& tables) {
  NeedReading reading;
  const std::vector<ScannedField> fields = ScanRecord(need);
  // A need of free text has nothing else that could say what is wanted.
  const bool situation = !need.wanted.empty() || !need.indicators.empty();
  for (const ScannedField& field : fields) {
    const bool tells_situation = situation && (field.name == "title" || field.name == "text");
    ReadField(
        field,
        {.side = Side::kNeed, .demands_only = tells_situation, .indicator_list = field.name == "indicators"},
        tables, reading);
  }
  reading.maturity = ReadMaturity(need, fields, tables);
  reading.modes = need.modes;
  reading.mode_conditions = ReadModeConditions(need);
  reading.parties = ReadParties(need, fields, tables);
  reading.conditions = ReadConditions(need, fields, reading.indicators, tables);
  return reading;
}

OfferReading ReadOffer(const Record& record, const RequirementTables& tables) {
  OfferReading reading;
  const std::vector<ScannedField> fields = ScanRecord(record);
  for (const ScannedField& field : fields)
    ReadField(field, {.side = Side::kOffer, .indicator_list = field.name == "indicators"}, tables, reading);
  reading.maturity = ReadMaturity(record, fields, tables);
  reading.conditions = ReadConditions(record, fields, reading.indicators, tables);
  return reading;
}

EvidenceVerdicts JudgeEvidence(const NeedReading& need, const OfferReading& reading,
                               const RequirementTables& tables, NameForms* names,
                               const FormsOfNames* need_names) {
  EvidenceVerdicts verdicts;
  AddIndicators(need, reading, names, need_names, verdicts.indicators);
  if (std::optional<RequirementVerdict> maturity = JudgeMaturity(need.maturity, reading.maturity, tables))
    verdicts.maturity.push_back(*std::move(maturity));
  verdicts.conditions = JudgeConditions(need.conditions, reading.conditions, tables);
  return verdicts;
}

std::vector<RequirementVerdict> AssessRequirements(const NeedReading& need, const Record& candidate,
                                                   const Record& evidence, const OfferReading& reading,
                                                   const AssessContext& context,
                                                   const RequirementTables& tables) {
  const EvidenceVerdicts said = JudgeEvidence(need, reading, tables, context.names);
  const Record& offering = OfferingOf(candidate, evidence);
  const ModeWords words = ReadModeWords(need.modes, offering, tables);
  const std::vector<RequirementVerdict> modes =
      ModesOfOffer(need, ModesOf(offering), words, context.mode_name, tables);
  return JudgeCandidate(need, candidate, {said, modes, HeaviestLivenessWord(candidate, tables)}, context,
                        tables);
}

const Assessor::Asked& Assessor::AskedBy(const Record& need) {
  Asked& asked = needs_[{need.kind, need.id}];
  if (asked.need != nullptr) return asked;
  asked.need = known_needs_.Of(need);
  if (context_.names != nullptr) asked.names = FormsOf(asked.need->indicators, *context_.names);
  return asked;
}

const NeedReading& Assessor::ReadingOf(const Record& need) { return *AskedBy(need).need; }

const std::vector<TextElement>& Assessor::ElementsOf(const Record& need) {
  return AskedBy(need).need->elements;
}

const std::shared_ptr<const OfferReading>& Assessor::ReadingOfOffer(const Record& evidence) {
  std::shared_ptr<const OfferReading>& reading = offers_[{evidence.kind, evidence.id}];
  if (reading == nullptr) reading = known_offers_.Of(evidence);
  return reading;
}

const EvidenceVerdicts& Assessor::VerdictsOf(const Record& need, const Record& evidence) {
  const auto [place, is_new] =
      judged_.try_emplace({RecordName{need.kind, need.id}, RecordName{evidence.kind, evidence.id}});
  if (!is_new) return place->second;
  const Asked& asked = AskedBy(need);
  // A need that asks for nothing which texts answer needs no reading of them.
  const bool asks =
      !asked.need->indicators.empty() || asked.need->maturity || !asked.need->conditions.empty();
  if (asks) {
    place->second =
        JudgeEvidence(*asked.need, *ReadingOfOffer(evidence), tables_, context_.names, &asked.names);
  }
  return place->second;
}

const std::vector<RequirementVerdict>& Assessor::ModesFor(const Record& need, const Record& offering) {
  const NeedReading& reading = ReadingOf(need);
  const auto [place, is_new] = modes_.try_emplace({RecordName{need.kind, need.id}, ModesOf(offering),
                                                   *known_offers_.ModeWordsOf(reading.modes, offering)});
  if (is_new) {
    const ModeWords& kept = std::get<2>(place->first);
    place->second = ModesOfOffer(reading, ModesOf(offering), kept, context_.mode_name, tables_);
  }
  return place->second;
}

std::vector<RequirementVerdict> Assessor::Assess(const Record& need, const Record& candidate,
                                                 const Record& evidence, ExpertLoad load,
                                                 std::span<const Record* const> institutions) {
  AssessContext context = context_;
  context.institutions = institutions;
  if (load.max > 0) {
    context.open_matches = load.open;
    context.open_matches_max = load.max;
  }
  return JudgeCandidate(ReadingOf(need), candidate,
                        {VerdictsOf(need, evidence), ModesFor(need, OfferingOf(candidate, evidence)),
                         *known_offers_.LivenessWordOf(candidate)},
                        context, tables_);
}

}  // namespace dongxi::requirement
