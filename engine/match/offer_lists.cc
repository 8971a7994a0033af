#include "engine/match/offer_lists.h"

#include <algorithm>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/match/diversity.h"
#include "engine/match/facets.h"
#include "engine/match/page.h"
#include "engine/match/stop.h"

namespace dongxi {
namespace {

// Documents taken by words, and as many by vectors, before votes are counted; more where a page lies deep or
// the list comes out short.
constexpr size_t kCandidatesMin = 400;
constexpr size_t kCandidatesPerEntry = 4;

bool HasVotes(RecordKind kind) { return kind != RecordKind::kResult; }
bool IsCapped(RecordKind kind) { return kind != RecordKind::kInstitution; }

CandidateFinder::Purpose PurposeOf(RecordKind kind) {
  return HasVotes(kind) ? CandidateFinder::Purpose::kVotes : CandidateFinder::Purpose::kOwnScores;
}

// A page after the first tells of one list only.
bool AsksForConsortium(const MatchSettings& settings) {
  return settings.detail == Detail::kFull && settings.offset == 0;
}

size_t CountAdequate(const std::vector<RankedCandidate>& ranked, double threshold) {
  return static_cast<size_t>(std::count_if(
      ranked.begin(), ranked.end(), [&](const RankedCandidate& one) { return one.adequacy >= threshold; }));
}

// Behind what broadening brought, too; `listed` and `by_score` alike.
void BarredLast(OrderedList& list) {
  std::vector<DocId> barred;
  for (const RankedCandidate& candidate : list.listed) {
    if (candidate.barred()) barred.push_back(candidate.doc);
  }
  if (barred.empty()) return;
  std::sort(barred.begin(), barred.end());
  std::stable_partition(list.listed.begin(), list.listed.end(),
                        [](const RankedCandidate& candidate) { return !candidate.barred(); });
  std::stable_partition(list.by_score.begin(), list.by_score.end(), [&](DocId doc) {
    return !std::binary_search(barred.begin(), barred.end(), doc);
  });
}

}  // namespace

OfferLists::OfferLists(const MatchContext& context, const MatchQuestion& question, const Query& query,
                       const PolicyReading& reading)
    : context_(context),
      question_(question),
      offers_(context.generation->offers),
      query_(query),
      stop_(StopWhen(question.settings.deadline, question.settings.cancelled)),
      shape_{query.terms.size(), !question.need.title.empty()},
      admission_(Admit(question.settings.filter)),
      boosts_(question.need, reading, *context.policy, *context.ranking, *offers_.documents,
              question.settings, context.loads),
      terms_(FieldsForMatching(question.need), *context.generation->lexicon, *offers_.lexical),
      assessor_(requirement::BuiltInRequirementTables(), &SharedNeedReadings(), &SharedReadings(),
                AssessContextOf(context, question.settings)),
      explain_{context, offers_, question.need, terms_, question.settings.detail, &assessor_, nullptr,
               &boosts_.gate()} {}

std::unique_ptr<Admission> OfferLists::Admit(std::shared_ptr<const Filter> filter) const {
  auto admission =
      std::make_unique<Admission>(*offers_.documents, std::move(filter), question_.settings.today,
                                  question_.settings.viewer, question_.need.institution);
  admission->Exclude(question_.settings.excluded);
  return admission;
}

absl::StatusOr<MatchList> OfferLists::List(RecordKind kind) {
  DX_ASSIGN_OR_RETURN(OrderedList ordered, Order(kind));
  ExplainInput explain = explain_;
  if (AsksForConsortium(question_.settings) && !consortium_)
    consortium_.emplace(context_, question_.need, assessor_);
  if (consortium_) explain.consortium = &*consortium_;
  DX_ASSIGN_OR_RETURN(MatchList list, Timed(context_.stages, MatchStage::kExplain, [&] {
                        return PageOf(explain, question_.settings, ordered.listed);
                      }));
  list.broadening = std::move(ordered.steps);
  if (!question_.settings.facets.empty()) DX_RETURN_IF_ERROR(CountFacets(kind, list));
  return list;
}

absl::StatusOr<OrderedList> OfferLists::Order(RecordKind kind) {
  OrderedList list;
  InstitutionCap cap(*offers_.documents, question_.settings.per_institution_max);
  DX_ASSIGN_OR_RETURN(Layer strict, MakeLayer(kind, *admission_, {}, cap));
  DX_RETURN_IF_ERROR(Append(std::move(strict), 0, list));
  if (question_.settings.broaden && question_.settings.filter != nullptr) {
    DX_RETURN_IF_ERROR(Broaden(kind, cap, list));
  }
  BarredLast(list);
  return list;
}

absl::Status OfferLists::Append(Layer layer, int step, OrderedList& list) const {
  for (RankedCandidate& candidate : layer.kept) candidate.step = step;
  const Diversity& diversity = question_.settings.diversity;
  if (diversity.lambda > 0) {
    for (const RankedCandidate& candidate : layer.kept) list.by_score.push_back(candidate.doc);
    DX_RETURN_IF_ERROR(Diversify(offers_, diversity, layer.kept));
  }
  std::move(layer.kept.begin(), layer.kept.end(), std::back_inserter(list.listed));
  std::move(layer.capped.begin(), layer.capped.end(), std::back_inserter(list.capped));
  return absl::OkStatus();
}

absl::Status OfferLists::Broaden(RecordKind kind, InstitutionCap& cap, OrderedList& list) {
  const auto enough = [&] {
    return CountAdequate(list.listed, context_.ranking->adequacy_threshold) >=
           static_cast<size_t>(question_.settings.limit);
  };
  if (enough()) return absl::OkStatus();
  std::vector<bool> seen(offers_.documents->size());
  const auto see = [&seen](const std::vector<RankedCandidate>& candidates) {
    for (const RankedCandidate& candidate : candidates) seen[candidate.doc] = true;
  };
  see(list.capped);
  for (FilterRelaxation& step : question_.settings.filter->Relaxations()) {
    see(list.listed);
    const std::unique_ptr<const Admission> wider = Admit(std::move(step.filter));
    DX_ASSIGN_OR_RETURN(Layer layer, MakeLayer(kind, *wider, seen, cap));
    see(layer.capped);
    list.steps.push_back({std::move(step.condition), std::move(step.words)});
    DX_RETURN_IF_ERROR(Append(std::move(layer), static_cast<int>(list.steps.size()), list));
    if (enough()) break;
  }
  return absl::OkStatus();
}

VoteRule OfferLists::RuleOf(RecordKind kind) const {
  const RankingConfig& ranking = *context_.ranking;
  return kind == RecordKind::kExpert ? VoteRule{ranking.expert_decay, ranking.expert_votes}
                                     : VoteRule{ranking.partner_decay, ranking.partner_votes};
}

// Without a filter all documents may vote; each vote is checked when it is counted.
absl::StatusOr<std::optional<DocSet>> OfferLists::AllowedFor(RecordKind kind,
                                                             const Admission& admission) const {
  if (!HasVotes(kind)) {
    DX_ASSIGN_OR_RETURN(DocSet admitted, admission.AdmittedOf(kind, stop_));
    return std::optional(std::move(admitted));
  }
  if (!admission.filtered()) return std::optional<DocSet>();
  DX_ASSIGN_OR_RETURN(DocSet voters, admission.VotersFor(kind, stop_));
  return std::optional(std::move(voters));
}

OfferLists::Scored OfferLists::Candidates(RecordKind kind, const Admission& admission, const DocSet* allowed,
                                          size_t count) {
  const StageTimer timer(context_.stages, MatchStage::kCandidates);
  if (HasVotes(kind)) {
    DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore>* scores, Best(allowed, count));
    return VotedScores(*scores, kind, RuleOf(kind), *offers_.documents, admission, stop_);
  }
  DX_ASSIGN_OR_RETURN(const CandidateFinder* finder, Finder(CandidateFinder::Purpose::kOwnScores));
  DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> scores, finder->Best(allowed, count));
  return OwnScores(scores);
}

absl::StatusOr<OfferLists::Layer> OfferLists::MakeLayer(RecordKind kind, const Admission& admission,
                                                        const std::vector<bool>& seen, InstitutionCap& cap) {
  DX_ASSIGN_OR_RETURN(const std::optional<DocSet> set, AllowedFor(kind, admission));
  const DocSet* allowed = set.has_value() ? &*set : nullptr;
  const size_t size = allowed != nullptr ? allowed->docs.size() : offers_.documents->size();
  for (size_t count = FirstCount();; count = size) {
    Layer layer;
    DX_ASSIGN_OR_RETURN(layer.kept, Candidates(kind, admission, allowed, count));
    if (!seen.empty()) {
      std::erase_if(layer.kept, [&seen](const RankedCandidate& candidate) { return seen[candidate.doc]; });
    }
    DX_RETURN_IF_ERROR(Timed(context_.stages, MatchStage::kRank, [&] {
      AddLearnedScores(*context_.ranking, kind, shape_, layer.kept);
      return BoostAndSort(layer.kept, boosts_, stop_);
    }));
    InstitutionCap used = cap;
    if (IsCapped(kind)) used.Apply(layer.kept, layer.capped);
    if (layer.kept.size() >= CandidatesNeeded(question_.settings) || count >= size) {
      cap = std::move(used);
      return layer;
    }
  }
}

absl::Status OfferLists::CountFacets(RecordKind kind, MatchList& list) {
  DX_ASSIGN_OR_RETURN(const std::optional<DocSet> allowed, AllowedFor(kind, *admission_));
  DX_ASSIGN_OR_RETURN(const CandidateFinder* finder, Finder(PurposeOf(kind)));
  DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> scores,
                      finder->Each(allowed.has_value() ? &*allowed : nullptr));
  std::vector<RankedCandidate> candidates;
  if (HasVotes(kind)) {
    DX_ASSIGN_OR_RETURN(candidates,
                        VotedScores(scores, kind, RuleOf(kind), *offers_.documents, *admission_, stop_));
  } else {
    candidates = OwnScores(scores);
  }
  FacetCounter counter(question_.settings.facets);
  size_t seen = 0;
  for (const RankedCandidate& candidate : candidates) {
    if (seen++ % kDocumentsAStop == 0) DX_RETURN_IF_ERROR(CheckStop(stop_));
    if (candidate.adequacy < context_.ranking->adequacy_threshold) continue;
    const DocId evidence = candidate.votes.front().score.doc;
    DX_ASSIGN_OR_RETURN(const GateAnswer gate, boosts_.gate().For(candidate.doc, evidence));
    if (gate.bar == Bar::kNone) counter.Add(*offers_.documents, candidate.doc, evidence);
  }
  list.facets = counter.Facets();
  list.adequate = counter.candidates();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<DocumentScore>> OfferLists::ScoresOf(const DocSet& documents, RecordKind kind) {
  DX_ASSIGN_OR_RETURN(const CandidateFinder* finder, Finder(PurposeOf(kind)));
  return finder->Each(&documents);
}

size_t OfferLists::FirstCount() const {
  return std::max(kCandidatesMin, kCandidatesPerEntry * CandidatesNeeded(question_.settings));
}

// Made when the first list asks for it.
absl::StatusOr<const CandidateFinder*> OfferLists::Finder(CandidateFinder::Purpose purpose) {
  std::optional<CandidateFinder>& finder =
      purpose == CandidateFinder::Purpose::kVotes ? vote_finder_ : own_finder_;
  if (!finder.has_value()) {
    DX_ASSIGN_OR_RETURN(finder, CandidateFinder::Create(offers_, query_, purpose, *context_.ranking, stop_));
  }
  return &*finder;
}

// The unfiltered documents are the same for partners and experts: scored once.
absl::StatusOr<const std::vector<DocumentScore>*> OfferLists::Best(const DocSet* allowed, size_t count) {
  if (allowed != nullptr || count != shared_count_) {
    DX_ASSIGN_OR_RETURN(const CandidateFinder* finder, Finder(CandidateFinder::Purpose::kVotes));
    DX_ASSIGN_OR_RETURN(shared_, finder->Best(allowed, count));
    shared_count_ = allowed != nullptr ? 0 : count;
  }
  return &shared_;
}

}  // namespace dongxi
