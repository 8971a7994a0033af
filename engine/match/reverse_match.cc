// The reverse direction: an offer to needs.
#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/match/admission.h"
#include "engine/match/diversity.h"
#include "engine/match/explain.h"
#include "engine/match/facets.h"
#include "engine/match/matcher.h"
#include "engine/match/page.h"
#include "engine/match/query.h"
#include "engine/match/ranked_list.h"
#include "engine/match/stage_timer.h"
#include "engine/match/stop.h"

namespace dongxi {
namespace {

// Needs taken by words, and as many by vectors, for the first layer. The plan is read from each need's text,
// which costs a look at its record: in each layer only for so many needs as its pool has by words.
constexpr size_t kNeedsPool = 200;
// Records of needs held at a time: the layers of a deep page are of all needs.
constexpr size_t kNeedsARead = 500;

// A result asks by its title; an institution or expert by its fields, since a name says nothing of the work.
EmbedInput OfferText(const Record& offer) {
  EmbedInput text = TextOf(offer);
  if (offer.kind == RecordKind::kResult) return text;
  std::string fields;
  for (const std::string& field : offer.fields) fields += (fields.empty() ? "" : " ") + field;
  return {fields, text.title + "\n" + text.text};
}

// The end of the offer that pairings are compared with: the institution itself, or the one behind a result or
// expert.
struct OfferEnd {
  std::string region, name;
  std::vector<std::string> aliases;
};

absl::StatusOr<OfferEnd> EndOf(const MatchContext& context, const Record& offer) {
  OfferEnd end{offer.region, offer.title, offer.aliases};
  if (offer.kind == RecordKind::kInstitution) return end;
  std::vector<RecordName> names;
  if (!offer.institution.empty()) names.push_back({RecordKind::kInstitution, offer.institution});
  for (const RecordName& owner : offer.owners) {
    if (owner.kind == RecordKind::kInstitution) names.push_back(owner);
  }
  DX_ASSIGN_OR_RETURN(const auto records, context.records->GetMany(names));
  for (const std::optional<Record>& record : records) {
    if (record.has_value()) return OfferEnd{record->region, record->title, record->aliases};
  }
  return OfferEnd{offer.region, {}, {}};
}

Boosts BoostsFor(const MatchContext& context, const ReverseQuestion& question, const OfferEnd& end,
                 const Record& need) {
  const MatchSettings& settings = question.settings;
  Boosts boosts;
  const EmbedInput text = TextOf(need);
  const PolicyReading reading =
      context.policy->Read(need.region, need.task, text.title, text.text, settings.today);
  PolicyBoost boost =
      context.policy->Boost(reading, need.region, {end.region, end.name, &end.aliases}, settings.today);
  if (boost.amount > 0) boosts.policy = std::make_shared<const PolicyBoost>(std::move(boost));
  const Record& offer = question.offer;
  const std::vector<std::string>& offered =
      offer.kind == RecordKind::kExpert ? offer.availability : offer.modes;
  boosts.mode = CoveredShare(need.modes, {offered.begin(), offered.end()});
  boosts.maturity = MaturityShare(need.maturity, offer.maturity);
  boosts.condition = CoveredShare(need.conditions, {offer.conditions.begin(), offer.conditions.end()});
  SetPoints(*context.ranking, settings.policy_weight, boosts);
  return boosts;
}

// Boosts needs of which each is read.
absl::Status BoostSome(const MatchContext& context, const ReverseQuestion& question, const OfferEnd& end,
                       const std::function<bool()>& stop, std::span<RankedCandidate> some) {
  const DocumentTable& needs = *context.generation->needs.documents;
  std::vector<RecordName> names;
  for (const RankedCandidate& one : some)
    names.push_back({RecordKind::kNeed, std::string(needs.id(one.doc))});
  DX_ASSIGN_OR_RETURN(const auto records, context.records->GetMany(names));
  for (size_t i = 0; i < records.size(); ++i) {
    DX_RETURN_IF_ERROR(CheckStop(stop));  // each need's policy is read from its text
    if (records[i].has_value()) some[i].boosts = BoostsFor(context, question, end, *records[i]);
  }
  return absl::OkStatus();
}

// Boosts the needs that stand first and puts them in order again.
absl::Status BoostNeeds(const MatchContext& context, const ReverseQuestion& question, size_t count,
                        const std::function<bool()>& stop, std::vector<RankedCandidate>& ranked) {
  if (question.settings.policy_weight <= 0) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(const OfferEnd end, EndOf(context, question.offer));
  const std::span<RankedCandidate> first = std::span(ranked).first(std::min(count, ranked.size()));
  for (size_t begin = 0; begin < first.size(); begin += kNeedsARead) {
    const auto some = first.subspan(begin, std::min(kNeedsARead, first.size() - begin));
    DX_RETURN_IF_ERROR(BoostSome(context, question, end, stop, some));
  }
  SortByTotal(ranked);
  return absl::OkStatus();
}

// Lowers the needs with which the offer failed not long ago and puts all in order again.
void AddMemories(const MatchContext& context, const MatchSettings& settings,
                 std::vector<RankedCandidate>& ranked) {
  const DocMemories memories = MemoriesIn(*context.generation->needs.documents, settings.memories.get());
  if (memories.empty()) return;
  for (RankedCandidate& candidate : ranked)
    Remember(memories, candidate.doc, *context.ranking, candidate.boosts);
  SortByTotal(ranked);
}

// Needs of the offer's own institution are not its customers.
bool IsOwnNeed(const DocumentTable& needs, DocId need, const Record& offer) {
  const std::string_view owner = needs.institution_id(need);
  if (owner.empty()) return false;
  if (offer.kind == RecordKind::kInstitution) return owner == offer.id;
  return owner == offer.institution ||
         std::any_of(offer.owners.begin(), offer.owners.end(), [&](const RecordName& name) {
           return name.kind == RecordKind::kInstitution && name.id == owner;
         });
}

absl::StatusOr<DocSet> AllowedNeeds(const MatchContext& context, const ReverseQuestion& question,
                                    const std::function<bool()>& stop) {
  const DocumentTable& needs = *context.generation->needs.documents;
  const MatchSettings& settings = question.settings;
  Admission admission(needs, settings.filter, settings.today, settings.viewer, {});
  admission.Exclude(settings.excluded);
  DX_ASSIGN_OR_RETURN(DocSet allowed, admission.AdmittedOf(RecordKind::kNeed, stop));
  std::erase_if(allowed.docs, [&](DocId doc) { return IsOwnNeed(needs, doc, question.offer); });
  return allowed;
}

// As much of the list as the page needs, layer by layer (candidates.h).
absl::StatusOr<std::vector<RankedCandidate>> RankNeeds(const MatchContext& context,
                                                       const ReverseQuestion& question,
                                                       const CandidateFinder& finder, const DocSet& allowed,
                                                       const std::function<bool()>& stop) {
  const MatchSettings& settings = question.settings;
  const Collection& needs = context.generation->needs;
  std::vector<bool> seen(needs.documents->size());
  std::vector<RankedCandidate> ranked;
  for (size_t count = kNeedsPool;; count *= kPoolGrowth) {
    DX_ASSIGN_OR_RETURN(
        const std::vector<DocumentScore> scores,
        Timed(context.stages, MatchStage::kCandidates, [&] { return finder.Best(&allowed, count); }));
    const StageTimer timer(context.stages, MatchStage::kRank);
    std::vector<RankedCandidate> layer = OwnScores(scores);
    LeaveOutSeen(seen, layer);
    MarkSeen(layer, seen);
    DX_RETURN_IF_ERROR(BoostNeeds(context, question, count, stop, layer));
    AddMemories(context, settings, layer);
    DX_RETURN_IF_ERROR(Diversify(needs, settings.diversity, layer));
    std::move(layer.begin(), layer.end(), std::back_inserter(ranked));
    if (ranked.size() >= CandidatesNeeded(settings) || count >= allowed.docs.size()) return ranked;
  }
}

absl::StatusOr<ReverseAnswer> ReverseOnce(const MatchContext& context, const ReverseQuestion& question) {
  const MatchSettings& settings = question.settings;
  const Collection& needs = context.generation->needs;
  std::optional<StageTimer> stage(std::in_place, context.stages, MatchStage::kQuery);
  DX_ASSIGN_OR_RETURN(const Query query, MakeQuery(OfferText(question.offer), *context.generation,
                                                   *context.ranking, settings.deadline, settings.degraded));
  stage.emplace(context.stages, MatchStage::kCandidates);
  const std::function<bool()> stop = StopWhen(settings.deadline, settings.cancelled);
  DX_ASSIGN_OR_RETURN(
      const CandidateFinder finder,
      CandidateFinder::Create(needs, query, CandidateFinder::Purpose::kOwnScores, *context.ranking, stop));
  DX_ASSIGN_OR_RETURN(const DocSet allowed, AllowedNeeds(context, question, stop));
  stage.reset();
  DX_ASSIGN_OR_RETURN(const std::vector<RankedCandidate> ranked,
                      RankNeeds(context, question, finder, allowed, stop));

  stage.emplace(context.stages, MatchStage::kExplain);
  ReverseAnswer answer;
  answer.degraded = query.degraded;
  answer.policy_boost_max = BoostBound(*context.ranking, settings.policy_weight);
  const TermMatcher terms(FieldsForMatching(question.offer), *context.generation->lexicon, *needs.lexical);
  requirement::Assessor assessor(requirement::BuiltInRequirementTables(), &SharedNeedReadings(),
                                 &SharedReadings(), AssessContextOf(context, settings));
  const ExplainInput explain{context, needs, question.offer, terms, settings.detail, &assessor};
  DX_ASSIGN_OR_RETURN(answer.needs, PageOf(explain, settings, ranked));
  if (!settings.facets.empty()) {
    DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> each, finder.Each(&allowed));
    FacetCounter counter(settings.facets);
    CountAdequate(each, *needs.documents, context.ranking->adequacy_threshold, counter);
    answer.needs.facets = counter.Facets();
    answer.needs.adequate = counter.candidates();
  }
  return answer;
}

}  // namespace

absl::StatusOr<ReverseAnswer> ReverseMatch(const MatchContext& context, const ReverseQuestion& question) {
  if (question.offer.kind == RecordKind::kNeed || question.offer.kind == RecordKind::kEvidence) {
    return absl::InvalidArgumentError("offer must be an institution, an expert or a result");
  }
  DX_RETURN_IF_ERROR(CheckSettings(question.settings));
  absl::StatusOr<ReverseAnswer> answer = ReverseOnce(context, question);
  if (!answer.ok()) return StopReason(answer.status(), question.settings.deadline);
  return answer;
}

}  // namespace dongxi
