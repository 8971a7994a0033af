#include "engine/match/explain.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/match/consortium_collector.h"
#include "engine/match/matched_terms.h"
#include "engine/match/need_gate.h"
#include "engine/match/read_ahead.h"
#include "engine/match/reasons.h"
#include "engine/requirement/need_readings.h"
#include "engine/requirement/offer_readings.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi {
namespace {

constexpr size_t kEvidenceShown = 5;
constexpr char kWhyNotShown[] = "所依据的资料已变更或不再公开，请向供方核实现状";

RecordName NameOf(const DocumentTable& documents, DocId doc) {
  return {documents.kind(doc), std::string(documents.id(doc))};
}

// Every record that the entries of one list show, read at once.
class ShownRecords {
 public:
  ShownRecords(const DocumentTable& documents, std::span<const RankedCandidate> candidates) {
    for (const RankedCandidate& candidate : candidates) {
      Want(documents, candidate.doc);
      for (size_t i = 0; i < std::min(kEvidenceShown, candidate.votes.size()); ++i) {
        Want(documents, candidate.votes[i].score.doc);
      }
      for (const DocId institution : InstitutionsBehind(documents, candidate.doc))
        Want(documents, institution);
    }
  }
  absl::Status Read(const RecordSource& source) {
    DX_ASSIGN_OR_RETURN(records_, source.GetMany(names_));
    return absl::OkStatus();
  }
  std::vector<const Record*> FindAll(const std::vector<DocId>& docs) const {
    std::vector<const Record*> found;
    for (const DocId doc : docs) {
      if (const Record* record = Find(doc)) found.push_back(record);
    }
    return found;
  }
  const Record* Find(DocId doc) const {
    const std::optional<Record>& record = records_[places_.at(doc)];
    return record.has_value() ? &*record : nullptr;
  }

 private:
  void Want(const DocumentTable& documents, DocId doc) {
    if (places_.try_emplace(doc, names_.size()).second) names_.push_back(NameOf(documents, doc));
  }
  std::map<DocId, size_t> places_;
  std::vector<RecordName> names_;
  std::vector<std::optional<Record>> records_;
};

void AddEvidence(const RankedCandidate& candidate, const ShownRecords& shown, const DocumentTable& documents,
                 MatchEntry& entry) {
  double total = 0;
  for (const Vote& vote : candidate.votes) total += std::max(0.0, vote.weight * vote.score.fused);
  for (size_t i = 0; i < std::min(kEvidenceShown, candidate.votes.size()); ++i) {
    const Vote& vote = candidate.votes[i];
    const Record* record = shown.Find(vote.score.doc);
    if (record == nullptr) continue;
    const double share =
        total > 0 ? std::max(0.0, vote.weight * vote.score.fused) / total : (i == 0 ? 1.0 : 0.0);
    entry.evidence.push_back({NameOf(documents, vote.score.doc), record->title, share, record->illustrative});
  }
  double shown_total = 0;
  for (const EvidenceShare& share : entry.evidence) shown_total += share.share;
  for (EvidenceShare& share : entry.evidence) share.share = shown_total > 0 ? share.share / shown_total : 0;
}

// Of experts of the catalogue alone, and where the ledger is known; else {}.
absl::StatusOr<requirement::ExpertLoad> LoadOf(const MatchContext& context, const Record& offer) {
  requirement::ExpertLoad load;
  if (context.loads == nullptr || offer.kind != RecordKind::kExpert || offer.id.empty()) return load;
  DX_ASSIGN_OR_RETURN(load.open, context.loads->OpenMatches({offer.kind, offer.id}));
  load.max = context.ranking->OpenMatchesMax(offer.open_matches_max);
  return load;
}

// The institutions whose texts are worth reading: none where the gate, which knows how each stands, found
// nothing to clear.
std::span<const Record* const> MaySpeakAgainst(const ExplainInput& input, const RankedCandidate& candidate,
                                               std::span<const Record* const> institutions) {
  const bool judged = input.gate != nullptr && input.context.ranking->standing_penalty > 0;
  const bool clear = candidate.boosts.bar == Bar::kNone && candidate.boosts.standing_points == 0;
  return judged && clear ? std::span<const Record* const>() : institutions;
}

// What stands in the answer is the candidate where it is an offer; a need found for an offer is asked of the
// offer.
absl::Status AddRequirements(const ExplainInput& input, const Record& candidate, const Record& evidence,
                             std::span<const Record* const> institutions, MatchEntry& entry) {
  if (input.assessor == nullptr || input.detail != Detail::kFull) return absl::OkStatus();
  const bool reverse = input.question.kind != RecordKind::kNeed;
  DX_ASSIGN_OR_RETURN(const requirement::ExpertLoad load,
                      LoadOf(input.context, reverse ? input.question : candidate));
  const std::vector<const Record*> behind =
      input.need_gate != nullptr ? input.need_gate->institutions() : std::vector<const Record*>();
  entry.requirements = reverse
                           ? input.assessor->Assess(candidate, input.question, input.question, load, behind)
                           : input.assessor->Assess(input.question, candidate, evidence, load, institutions);
  entry.adaptation = requirement::DistanceToSite(entry.requirements);
  return absl::OkStatus();
}

absl::Status AddLoad(const ExplainInput& input, const Record& candidate, MatchEntry& entry) {
  DX_ASSIGN_OR_RETURN(requirement::ExpertLoad load, LoadOf(input.context, candidate));
  const Record& need = input.question;
  if (load.open > 0 && need.kind == RecordKind::kNeed && !need.id.empty()) {
    DX_ASSIGN_OR_RETURN(load.with_this_need,
                        input.context.loads->IsOpen({candidate.kind, candidate.id}, {need.kind, need.id}));
  }
  if (load.max > 0) entry.load = load;
  return absl::OkStatus();
}

absl::StatusOr<std::string> WhyGated(const ExplainInput& input, Bar bar, const Record& record,
                                     std::span<const Record* const> institutions) {
  if (input.need_gate != nullptr) return input.need_gate->Why(bar, record);
  DX_ASSIGN_OR_RETURN(const requirement::ExpertLoad load, LoadOf(input.context, record));
  return input.gate->Why(bar, record, institutions, load);
}

// What the gate did to the candidate, in the entry's own words.
absl::Status AddGate(const ExplainInput& input, const RankedCandidate& candidate, const Record& record,
                     std::span<const Record* const> institutions, MatchEntry& entry) {
  const Boosts& boosts = candidate.boosts;
  const bool gated = input.gate != nullptr || input.need_gate != nullptr;
  if (!gated || (boosts.bar == Bar::kNone && boosts.standing_points == 0)) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(std::string why, WhyGated(input, boosts.bar, record, institutions));
  // The gate judged by the ordinal table of the first page. A record that spoke against the candidate may be
  // hidden since then, or changed: the candidate keeps its place, and why must not be empty, as an entry with
  // an empty `barred` counts as not barred. What the record said is not told.
  if (why.empty()) why = kWhyNotShown;
  if (boosts.bar == Bar::kNone) {
    entry.reasons.push_back("先要核实：" + why);
    return absl::OkStatus();
  }
  entry.reasons.insert(entry.reasons.begin(), "不宜推荐：" + why);  // nothing else matters as much
  entry.barred = std::move(why);
  return absl::OkStatus();
}

// The two sides of the match in their order, whatever its direction.
void AddReasons(const ExplainInput& input, const RankedCandidate& candidate, const Record& evidence,
                MatchEntry& entry) {
  entry.terms = input.terms.Find(FieldsForMatching(evidence));
  const bool reverse = input.question.kind != RecordKind::kNeed;
  const Record& need = reverse ? evidence : input.question;
  const Record& offer = reverse ? input.question : evidence;
  entry.reasons = ReasonsFor(entry, need, offer, candidate.boosts, *input.context.policy);
  if (input.detail != Detail::kFull) {
    entry.terms.clear();
    entry.evidence.clear();
  }
}

// `candidate` is one of `candidates`.
MatchEntry EntryWithoutRecord(const ExplainInput& input, std::span<const RankedCandidate> candidates,
                              const RankedCandidate& candidate) {
  MatchEntry entry;
  entry.place = static_cast<size_t>(&candidate - candidates.data());
  entry.name = NameOf(*input.collection.documents, candidate.doc);
  entry.illustrative = input.collection.documents->illustrative(candidate.doc);
  entry.score = candidate.total();
  entry.adequacy = candidate.adequacy;
  entry.broadened = candidate.step;
  entry.adequate = !candidate.barred() && candidate.adequacy >= input.context.ranking->adequacy_threshold;
  return entry;
}

}  // namespace

std::vector<NamedText> FieldsForMatching(const Record& record) {
  std::vector<NamedText> fields = {{"title", record.title}, {"text", record.text}};
  if (!record.wanted.empty()) fields.push_back({"wanted", record.wanted});
  const std::pair<const char*, const std::vector<std::string>*> lists[] = {
      {"fields", &record.fields}, {"keywords", &record.keywords}, {"indicators", &record.indicators}};
  for (const auto& [name, items] : lists) {
    std::string joined;
    for (const std::string& item : *items) joined += (joined.empty() ? "" : "；") + item;
    if (!joined.empty()) fields.push_back({name, joined});
  }
  return fields;
}

std::vector<ScorePart> PartsOf(const RankedCandidate& candidate, const RankingConfig& ranking) {
  const DocumentScore& best = candidate.votes.front().score;
  ScorePart lexical{"lexical", best.lexical}, semantic{"semantic", best.semantic},
      feedback{"feedback", best.feedback};
  for (const Vote& vote : candidate.votes) {
    lexical.contribution += vote.weight * ranking.lexical * vote.score.lexical;
    semantic.contribution += vote.weight * ranking.semantic * vote.score.semantic;
    feedback.contribution += vote.weight * ranking.feedback * vote.score.feedback;
  }
  std::vector<ScorePart> parts = {lexical, semantic};
  if (feedback.value != 0) parts.push_back(feedback);
  if (candidate.learned != 0) parts.push_back({"learned", candidate.learned, candidate.learned});
  const Boosts& boosts = candidate.boosts;
  const ScorePart bounded[] = {
      {"policy", boosts.policy == nullptr ? 0.0 : boosts.policy->amount, boosts.policy_points},
      {"mode", boosts.mode, boosts.mode_points},
      {"maturity", boosts.maturity, boosts.maturity_points},
      {"condition", boosts.condition, boosts.condition_points},
      {"history", 1, boosts.history_points},
      {"standing", 1, boosts.standing_points}};
  for (const ScorePart& part : bounded) {
    if (part.contribution != 0) parts.push_back(part);
  }
  return parts;
}

requirement::NeedReadings& SharedNeedReadings() {
  constexpr size_t kReadingsMax = 1'024;
  static auto& readings =
      *new requirement::NeedReadings(requirement::BuiltInRequirementTables(), kReadingsMax);
  return readings;
}

requirement::OfferReadings& SharedReadings() {
  static auto& readings =
      *new requirement::OfferReadings(requirement::BuiltInRequirementTables(), kReadAheadMax);
  return readings;
}

requirement::AssessContext AssessContextOf(const MatchContext& context, const MatchSettings& settings) {
  const Policy* policy = context.policy.get();
  return {.today = settings.today,
          .mode_name = [policy](std::string_view code) { return policy->ModeName(code); },
          .names = context.generation->names.get()};
}

absl::StatusOr<std::vector<MatchEntry>> Explain(const ExplainInput& input,
                                                std::span<const RankedCandidate> candidates) {
  const DocumentTable& documents = *input.collection.documents;
  std::vector<MatchEntry> entries;
  if (input.detail == Detail::kNamesOnly) {
    for (const RankedCandidate& candidate : candidates)
      entries.push_back(EntryWithoutRecord(input, candidates, candidate));
    return entries;
  }
  ShownRecords shown(documents, candidates);
  DX_RETURN_IF_ERROR(shown.Read(*input.context.records));
  for (const RankedCandidate& candidate : candidates) {
    const Record* record = shown.Find(candidate.doc);
    const Record* evidence = shown.Find(candidate.votes.front().score.doc);
    if (record == nullptr || evidence == nullptr) continue;
    MatchEntry entry = EntryWithoutRecord(input, candidates, candidate);
    entry.title = record->title;
    entry.region = std::string(documents.region(candidate.doc));
    entry.region_name = input.context.policy->RegionName(entry.region);
    entry.parts = PartsOf(candidate, *input.context.ranking);
    if (candidate.boosts.policy != nullptr) entry.policy = *candidate.boosts.policy;
    if (candidate.boosts.memory != nullptr) entry.memory = *candidate.boosts.memory;
    const std::vector<const Record*> institutions =
        shown.FindAll(InstitutionsBehind(documents, candidate.doc));
    for (const Record* institution : institutions) entry.institutions.push_back(institution->title);
    AddEvidence(candidate, shown, documents, entry);
    AddReasons(input, candidate, *evidence, entry);
    DX_RETURN_IF_ERROR(AddLoad(input, *record, entry));
    DX_RETURN_IF_ERROR(
        AddRequirements(input, *record, *evidence, MaySpeakAgainst(input, candidate, institutions), entry));
    DX_RETURN_IF_ERROR(AddGate(input, candidate, *record, institutions, entry));
    entries.push_back(std::move(entry));
    if (input.consortium != nullptr && !candidate.barred())
      input.consortium->Add(entries.back(), entries.size(), *record, *evidence);
  }
  return entries;
}

}  // namespace dongxi
