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

// Documents taken by words, and as many by vectors, before votes are counted, for the first layer.
constexpr size_t kOfferPool = 400;
// A first layer of fewer candidates than a usual page and one more is made of all documents at once: what
// little there is should be in one order.
constexpr size_t kFirstLayerMin = 11;

// Behind all others, also behind what broadening brought.
void ListBarred(OrderedList& list) {
  for (const RankedCandidate& one : list.barred) {
    if (!list.by_score.empty()) list.by_score.push_back(one.doc);
    list.listed.push_back(one);
  }
  list.barred.clear();
}

bool HasVotes(RecordKind kind) { return kind != RecordKind::kResult; }
bool IsCapped(RecordKind kind) { return kind != RecordKind::kInstitution; }

CandidateFinder::Purpose PurposeOf(RecordKind kind) {
  return HasVotes(kind) ? CandidateFinder::Purpose::kVotes : CandidateFinder::Purpose::kOwnScores;
}

// A page after the first tells of one list only.
bool AsksForConsortium(const MatchSettings& settings) {
  return settings.detail == Detail::kFull && settings.offset == 0;
}

// Every document but `left_out`, which is ascending.
DocSet AllBut(const std::vector<DocId>& left_out, size_t documents) {
  DocSet set;
  set.docs.reserve(documents - left_out.size());
  auto next = left_out.begin();
  for (DocId doc = 0; doc < documents; ++doc) {
    if (next != left_out.end() && *next == doc) {
      ++next;
    } else {
      set.docs.push_back(doc);
    }
  }
  return set;
}

size_t CountAdequate(const std::vector<RankedCandidate>& ranked, double threshold) {
  return static_cast<size_t>(std::count_if(
      ranked.begin(), ranked.end(), [&](const RankedCandidate& one) { return one.adequacy >= threshold; }));
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
      explain_{context,    offers_, question.need,  terms_, question.settings.detail,
               &assessor_, nullptr, &boosts_.gate()} {}

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
  Making making{.kind = kind,
                .cap = InstitutionCap(*offers_.documents, question_.settings.per_institution_max),
                .seen = std::vector<bool>(offers_.documents->size()),
                .list = {}};
  DX_RETURN_IF_ERROR(AddLayers(*admission_, making));
  if (question_.settings.broaden && question_.settings.filter != nullptr) DX_RETURN_IF_ERROR(Broaden(making));
  if (making.complete) ListBarred(making.list);
  return std::move(making.list);
}

// Layers of what `admission` admits, until the page has enough or there are no more. How broadening goes on
// is decided by those that a first page needs, which every page makes.
absl::Status OfferLists::AddLayers(const Admission& admission, Making& making) {
  DX_ASSIGN_OR_RETURN(const Documents allowed, AllowedFor(making.kind, admission));
  const size_t size = allowed != nullptr ? allowed->docs.size() : offers_.documents->size();
  const size_t before = making.placed;
  const auto first_page = static_cast<size_t>(question_.settings.limit) + 1;
  size_t count = kOfferPool;
  DX_ASSIGN_OR_RETURN(Layer layer, FirstLayer(admission, allowed, &count, making));
  while (true) {
    if (making.placed - before < first_page)
      making.adequate += CountAdequate(layer.kept, context_.ranking->adequacy_threshold);
    DX_RETURN_IF_ERROR(Append(std::move(layer), making));
    const bool enough =
        making.placed >= CandidatesNeeded(question_.settings) && making.placed - before >= first_page;
    if (count >= size) return absl::OkStatus();
    if (enough) {
      making.complete = false;
      return absl::OkStatus();
    }
    count *= kPoolGrowth;
    DX_ASSIGN_OR_RETURN(layer, MakeLayer(admission, allowed, count, making, making.cap));
  }
}

// `count` becomes the size of the pool that it was made from.
absl::StatusOr<OfferLists::Layer> OfferLists::FirstLayer(const Admission& admission, const Documents& allowed,
                                                         size_t* count, Making& making) {
  const size_t size = allowed != nullptr ? allowed->docs.size() : offers_.documents->size();
  InstitutionCap cap = making.cap;
  DX_ASSIGN_OR_RETURN(Layer layer, MakeLayer(admission, allowed, *count, making, cap));
  const auto open = std::count_if(layer.kept.begin(), layer.kept.end(),
                                  [](const RankedCandidate& one) { return !one.barred(); });
  if (static_cast<size_t>(open) < kFirstLayerMin && *count < size) {
    *count = size;
    return MakeLayer(admission, allowed, size, making, making.cap);
  }
  making.cap = std::move(cap);
  return layer;
}

absl::Status OfferLists::Append(Layer layer, Making& making) const {
  OrderedList& list = making.list;
  MarkSeen(layer.kept, making.seen);
  MarkSeen(layer.capped, making.seen);
  const int step = static_cast<int>(list.steps.size());
  for (RankedCandidate& candidate : layer.kept) candidate.step = step;
  for (RankedCandidate& candidate : layer.capped) candidate.step = step;
  // No page of the others may move when more of them come.
  const auto barred = std::stable_partition(layer.kept.begin(), layer.kept.end(),
                                            [](const RankedCandidate& one) { return !one.barred(); });
  std::move(barred, layer.kept.end(), std::back_inserter(list.barred));
  layer.kept.erase(barred, layer.kept.end());
  making.placed += layer.kept.size();
  const Diversity& diversity = question_.settings.diversity;
  if (diversity.lambda > 0) {
    for (const RankedCandidate& candidate : layer.kept) list.by_score.push_back(candidate.doc);
    DX_RETURN_IF_ERROR(Diversify(offers_, diversity, layer.kept));
  }
  std::move(layer.kept.begin(), layer.kept.end(), std::back_inserter(list.listed));
  std::move(layer.capped.begin(), layer.capped.end(), std::back_inserter(list.capped));
  return absl::OkStatus();
}

absl::Status OfferLists::Broaden(Making& making) {
  const auto enough = static_cast<size_t>(question_.settings.limit);
  if (making.adequate >= enough) return absl::OkStatus();
  DX_RETURN_IF_ERROR(SeeAdmitted(*admission_, making));
  for (FilterRelaxation& step : question_.settings.filter->Relaxations()) {
    const std::unique_ptr<const Admission> wider = Admit(std::move(step.filter));
    making.list.steps.push_back({std::move(step.condition), std::move(step.words)});
    DX_RETURN_IF_ERROR(AddLayers(*wider, making));
    if (making.adequate >= enough) break;
    DX_RETURN_IF_ERROR(SeeAdmitted(*wider, making));
  }
  return absl::OkStatus();
}

// Whatever the narrower filter admits belongs to its layers, also to those that this page did not need.
absl::Status OfferLists::SeeAdmitted(const Admission& admission, Making& making) const {
  if (!HasVotes(making.kind)) {
    DX_ASSIGN_OR_RETURN(const DocSet admitted, admission.AdmittedOf(making.kind, stop_));
    for (const DocId doc : admitted.docs) making.seen[doc] = true;
    return absl::OkStatus();
  }
  DX_ASSIGN_OR_RETURN(const DocSet voters, admission.VotersFor(making.kind, stop_));
  for (const DocId voter : voters.docs) {
    for (const DocId owner : offers_.documents->owners(voter)) {
      if (offers_.documents->kind(owner) == making.kind && admission.AdmitsVote(owner, voter))
        making.seen[owner] = true;
    }
  }
  return absl::OkStatus();
}

VoteRule OfferLists::RuleOf(RecordKind kind) const {
  const RankingConfig& ranking = *context_.ranking;
  return kind == RecordKind::kExpert ? VoteRule{ranking.expert_decay, ranking.expert_votes}
                                     : VoteRule{ranking.partner_decay, ranking.partner_votes};
}

// Without a filter every document that the asker may see may vote; each vote is checked when it is counted.
absl::StatusOr<OfferLists::Documents> OfferLists::AllowedFor(RecordKind kind, const Admission& admission) {
  if (!HasVotes(kind)) {
    DX_ASSIGN_OR_RETURN(DocSet admitted, admission.AdmittedOf(kind, stop_));
    return std::make_shared<const DocSet>(std::move(admitted));
  }
  if (!admission.filtered()) return ShownToAsker();
  DX_ASSIGN_OR_RETURN(DocSet voters, admission.VotersFor(kind, stop_));
  return std::make_shared<const DocSet>(std::move(voters));
}

// Hidden, deleted and expired documents would take the places of others in the pool. Null where there are
// none, which is searched faster.
absl::StatusOr<OfferLists::Documents> OfferLists::ShownToAsker() {
  if (shown_.has_value()) return *shown_;
  std::vector<DocId> out;
  size_t seen = 0;
  for (const DocId doc : offers_.documents->Restricted()) {
    if (seen++ % kDocumentsAStop == 0) DX_RETURN_IF_ERROR(CheckStop(stop_));
    const Admission::Standing standing = admission_->StandingOf(doc);
    if (standing == Admission::Standing::kHidden || standing == Admission::Standing::kExpired)
      out.push_back(doc);
  }
  shown_ = out.empty() ? nullptr : std::make_shared<const DocSet>(AllBut(out, offers_.documents->size()));
  return *shown_;
}

OfferLists::Scored OfferLists::Candidates(RecordKind kind, const Admission& admission,
                                          const Documents& allowed, size_t count) {
  const StageTimer timer(context_.stages, MatchStage::kCandidates);
  if (HasVotes(kind)) {
    DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore>* scores, Best(allowed, count));
    return VotedScores(*scores, kind, RuleOf(kind), *offers_.documents, admission, stop_);
  }
  DX_ASSIGN_OR_RETURN(const CandidateFinder* finder, Finder(CandidateFinder::Purpose::kOwnScores));
  DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> scores, finder->Best(allowed.get(), count));
  return OwnScores(scores);
}

absl::StatusOr<OfferLists::Layer> OfferLists::MakeLayer(const Admission& admission, const Documents& allowed,
                                                        size_t count, const Making& making,
                                                        InstitutionCap& cap) {
  Layer layer;
  DX_ASSIGN_OR_RETURN(layer.kept, Candidates(making.kind, admission, allowed, count));
  LeaveOutSeen(making.seen, layer.kept);
  DX_RETURN_IF_ERROR(Timed(context_.stages, MatchStage::kRank, [&] {
    AddLearnedScores(*context_.ranking, making.kind, shape_, layer.kept);
    return BoostAndSort(layer.kept, boosts_, stop_);
  }));
  if (IsCapped(making.kind)) cap.Apply(layer.kept, layer.capped);
  return layer;
}

absl::Status OfferLists::CountFacets(RecordKind kind, MatchList& list) {
  DX_ASSIGN_OR_RETURN(const Documents allowed, AllowedFor(kind, *admission_));
  DX_ASSIGN_OR_RETURN(const CandidateFinder* finder, Finder(PurposeOf(kind)));
  DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> scores, finder->Each(allowed.get()));
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
absl::StatusOr<const std::vector<DocumentScore>*> OfferLists::Best(const Documents& allowed, size_t count) {
  if (allowed != shared_allowed_ || count != shared_count_) {
    DX_ASSIGN_OR_RETURN(const CandidateFinder* finder, Finder(CandidateFinder::Purpose::kVotes));
    DX_ASSIGN_OR_RETURN(shared_, finder->Best(allowed.get(), count));
    shared_allowed_ = allowed;
    shared_count_ = count;
  }
  return &shared_;
}

}  // namespace dongxi
