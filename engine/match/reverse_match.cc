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
#include "engine/match/need_gate.h"
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
  bool operator==(const OfferEnd&) const = default;
};

absl::StatusOr<OfferEnd> EndOf(const RecordSource& source, const Record& offer) {
  OfferEnd end{offer.region, offer.title, offer.aliases};
  if (offer.kind == RecordKind::kInstitution) return end;
  std::vector<RecordName> names;
  if (!offer.institution.empty()) names.push_back({RecordKind::kInstitution, offer.institution});
  for (const RecordName& owner : offer.owners) {
    if (owner.kind == RecordKind::kInstitution) names.push_back(owner);
  }
  DX_ASSIGN_OR_RETURN(const auto records, source.GetMany(names));
  for (const std::optional<Record>& record : records) {
    if (record.has_value()) return OfferEnd{record->region, record->title, record->aliases};
  }
  return OfferEnd{offer.region, {}, {}};
}

// Adds to what the gate has set.
void AddBoosts(const MatchContext& context, const ReverseQuestion& question, const OfferEnd& end,
               const Record& need, bool modes_exclude, Boosts& boosts) {
  const MatchSettings& settings = question.settings;
  const EmbedInput text = TextOf(need);
  const PolicyReading reading =
      context.policy->Read(need.region, need.task, text.title, text.text, settings.today);
  PolicyBoost boost =
      context.policy->Boost(reading, need.region, {end.region, end.name, &end.aliases}, settings.today);
  if (boost.amount > 0) boosts.policy = std::make_shared<const PolicyBoost>(std::move(boost));
  const Record& offer = question.offer;
  const std::vector<std::string>& offered =
      offer.kind == RecordKind::kExpert ? offer.availability : offer.modes;
  if (!modes_exclude) boosts.mode = CoveredShare(need.modes, {offered.begin(), offered.end()});
  boosts.maturity = MaturityShare(need.maturity, offer.maturity);
  boosts.condition = CoveredShare(need.conditions, {offer.conditions.begin(), offer.conditions.end()});
  SetPoints(*context.ranking, settings.policy_weight, boosts);
}

// What the needs of a layer are judged with.
struct NeedJudge {
  const MatchContext& context;
  const ReverseQuestion& question;
  const NeedGate& gate;
  std::function<bool()> stop;
};

// Reads the needs at `places` of a layer: bars those that ask for another party, boosts the `count` that
// stand first.
absl::Status JudgeSome(const NeedJudge& judge, const OfferEnd& end, size_t count,
                       std::span<const size_t> places, std::vector<RankedCandidate>& ranked) {
  const DocumentTable& needs = *judge.context.generation->needs.documents;
  std::vector<RecordName> names;
  for (const size_t place : places)
    names.push_back({RecordKind::kNeed, std::string(needs.id(ranked[place].doc))});
  DX_ASSIGN_OR_RETURN(const auto records, judge.context.RecordsToRank().GetMany(names));
  for (size_t i = 0; i < records.size(); ++i) {
    DX_RETURN_IF_ERROR(CheckStop(judge.stop));  // each need's policy is read from its text
    if (!records[i].has_value()) continue;
    Boosts& boosts = ranked[places[i]].boosts;
    if (boosts.bar == Bar::kNone && judge.gate.PartyBars(*records[i])) boosts.bar = Bar::kParty;
    const bool modes_exclude = boosts.mode < 0;
    if (judge.question.settings.policy_weight > 0 && places[i] < count)
      AddBoosts(judge.context, judge.question, end, *records[i], modes_exclude, boosts);
  }
  return absl::OkStatus();
}

// Gates all needs, boosts the `count` that stand first, and puts all in order again. Records are read of
// those that are boosted, and of others only where the table leaves open which party they ask for.
absl::Status JudgeNeeds(const NeedJudge& judge, size_t count, std::vector<RankedCandidate>& ranked) {
  const bool boosted = judge.question.settings.policy_weight > 0;
  OfferEnd end;
  if (boosted) {
    DX_ASSIGN_OR_RETURN(end, EndOf(judge.context.RecordsToRank(), judge.question.offer));
  }
  std::vector<size_t> read;
  for (size_t i = 0; i < ranked.size(); ++i) {
    SetGate(judge.gate.For(ranked[i].doc), *judge.context.ranking, ranked[i].boosts);
    if ((boosted && i < count) || judge.gate.MustReadPartyOf(ranked[i].doc)) read.push_back(i);
  }
  for (size_t begin = 0; begin < read.size(); begin += kNeedsARead) {
    const auto some = std::span(read).subspan(begin, std::min(kNeedsARead, read.size() - begin));
    DX_RETURN_IF_ERROR(JudgeSome(judge, end, count, some, ranked));
  }
  for (RankedCandidate& candidate : ranked) {
    if (candidate.barred()) candidate.adequacy = 0;
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

// As much of the list as the page needs, layer by layer (candidates.h). Needs that ask for another party
// stand behind all others, so they wait until the list is complete; an offer that cannot be had is barred
// from all alike, and its list is as long as any other.
absl::StatusOr<std::vector<RankedCandidate>> RankNeeds(const NeedJudge& judge, const CandidateFinder& finder,
                                                       const DocSet& allowed) {
  const MatchContext& context = judge.context;
  const MatchSettings& settings = judge.question.settings;
  const Collection& needs = context.generation->needs;
  std::vector<bool> seen(needs.documents->size());
  std::vector<RankedCandidate> ranked, barred;
  for (size_t count = kNeedsPool;; count *= kPoolGrowth) {
    DX_ASSIGN_OR_RETURN(
        const std::vector<DocumentScore> scores,
        Timed(context.stages, MatchStage::kCandidates, [&] { return finder.Best(&allowed, count); }));
    const StageTimer timer(context.stages, MatchStage::kRank);
    std::vector<RankedCandidate> layer = OwnScores(scores);
    LeaveOutSeen(seen, layer);
    MarkSeen(layer, seen);
    DX_RETURN_IF_ERROR(JudgeNeeds(judge, count, layer));
    AddMemories(context, settings, layer);
    DX_RETURN_IF_ERROR(Diversify(needs, settings.diversity, layer));
    for (RankedCandidate& one : layer)
      (one.boosts.bar == Bar::kParty ? barred : ranked).push_back(std::move(one));
    const bool complete = count >= allowed.docs.size();
    if (complete) std::move(barred.begin(), barred.end(), std::back_inserter(ranked));
    if (complete || ranked.size() >= CandidatesNeeded(settings)) return ranked;
  }
}

// Of all that are adequate and not barred: those of which the table does not tell the party are read.
absl::Status CountFacets(const NeedJudge& judge, const CandidateFinder& finder, const DocSet& allowed,
                         MatchList& list) {
  if (judge.question.settings.facets.empty()) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> scores, finder.Each(&allowed));
  const MatchContext& context = judge.context;
  const DocumentTable& needs = *context.generation->needs.documents;
  FacetCounter counter(judge.question.settings.facets);
  std::vector<RecordName> names;
  std::vector<DocId> docs;
  const auto count = [&] {
    DX_RETURN_IF_ERROR(CheckStop(judge.stop));
    DX_ASSIGN_OR_RETURN(const auto records, context.RecordsToRank().GetMany(names));
    for (size_t i = 0; i < docs.size(); ++i) {
      if (!records[i].has_value() || !judge.gate.PartyBars(*records[i])) counter.Add(needs, docs[i], docs[i]);
    }
    names.clear();
    docs.clear();
    return absl::OkStatus();
  };
  for (const DocumentScore& score : scores) {
    if (judge.gate.blocked() || score.adequacy < context.ranking->adequacy_threshold) continue;
    if (!judge.gate.MustReadPartyOf(score.doc)) {
      counter.Add(needs, score.doc, score.doc);
      continue;
    }
    names.push_back({RecordKind::kNeed, std::string(needs.id(score.doc))});
    docs.push_back(score.doc);
    if (docs.size() == kNeedsPool) DX_RETURN_IF_ERROR(count());
  }
  DX_RETURN_IF_ERROR(count());
  list.facets = counter.Facets();
  list.adequate = counter.candidates();
  return absl::OkStatus();
}

// A pairing names the offer's end. Where that is another one for whoever is shown the page, because the
// institution was hidden since, the page's needs keep their places and points, and no pairing is told.
absl::Status LeaveOutHiddenEnd(const MatchContext& context, const ReverseQuestion& question,
                               std::vector<RankedCandidate>& ranked) {
  const MatchSettings& settings = question.settings;
  const size_t begin = std::min(ranked.size(), static_cast<size_t>(settings.offset));
  const size_t count = std::min(ranked.size() - begin, static_cast<size_t>(settings.limit));
  const std::span<RankedCandidate> page = std::span(ranked).subspan(begin, count);
  const auto is_paired = [](const RankedCandidate& one) { return one.boosts.policy != nullptr; };
  if (settings.detail == Detail::kNamesOnly || std::none_of(page.begin(), page.end(), is_paired))
    return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(const OfferEnd ranked_by, EndOf(context.RecordsToRank(), question.offer));
  DX_ASSIGN_OR_RETURN(const OfferEnd shown, EndOf(*context.records, question.offer));
  if (shown == ranked_by) return absl::OkStatus();
  for (RankedCandidate& candidate : page) candidate.boosts.policy.reset();
  return absl::OkStatus();
}

absl::StatusOr<ReverseAnswer> ReverseOnce(const MatchContext& context, const ReverseQuestion& question) {
  const MatchSettings& settings = question.settings;
  const Collection& needs = context.generation->needs;
  std::optional<StageTimer> stage(std::in_place, context.stages, MatchStage::kQuery);
  const EmbedInput text = OfferText(question.offer);
  DX_RETURN_IF_ERROR(CheckTopic(text));
  DX_ASSIGN_OR_RETURN(const Query query, MakeQuery(text, *context.generation, *context.ranking,
                                                   settings.deadline, settings.degraded));
  stage.emplace(context.stages, MatchStage::kCandidates);
  const std::function<bool()> stop = StopWhen(settings.deadline, settings.cancelled);
  DX_ASSIGN_OR_RETURN(
      const CandidateFinder finder,
      CandidateFinder::Create(needs, query, CandidateFinder::Purpose::kOwnScores, *context.ranking, stop));
  DX_ASSIGN_OR_RETURN(const DocSet allowed, AllowedNeeds(context, question, stop));
  DX_ASSIGN_OR_RETURN(const NeedGate gate, NeedGate::Create(context, question));
  const NeedJudge judge{context, question, gate, stop};
  stage.reset();
  DX_ASSIGN_OR_RETURN(std::vector<RankedCandidate> ranked, RankNeeds(judge, finder, allowed));

  stage.emplace(context.stages, MatchStage::kExplain);
  DX_RETURN_IF_ERROR(LeaveOutHiddenEnd(context, question, ranked));
  ReverseAnswer answer;
  answer.degraded = query.degraded;
  answer.policy_boost_max = BoostBound(*context.ranking, settings.policy_weight);
  const TermMatcher terms(FieldsForMatching(question.offer), *context.generation->lexicon, *needs.lexical);
  requirement::Assessor assessor(requirement::BuiltInRequirementTables(), &SharedNeedReadings(),
                                 &SharedReadings(), AssessContextOf(context, settings));
  const ExplainInput explain{.context = context,
                             .collection = needs,
                             .question = question.offer,
                             .terms = terms,
                             .detail = settings.detail,
                             .assessor = &assessor,
                             .need_gate = &gate};
  DX_ASSIGN_OR_RETURN(answer.needs, PageOf(explain, settings, ranked));
  DX_RETURN_IF_ERROR(CountFacets(judge, finder, allowed, answer.needs));
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
