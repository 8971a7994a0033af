#include "engine/match/matcher.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/match/admission.h"
#include "engine/match/explain.h"
#include "engine/match/page.h"
#include "engine/match/query.h"
#include "engine/match/ranked_list.h"

namespace dongxi {
namespace {

// Documents taken by words, and as many by vectors, before votes are counted; more where a page lies deep or
// the list comes out short.
constexpr size_t kCandidatesMin = 400;
constexpr size_t kCandidatesPerEntry = 4;

// Everything that the lists of one answer share.
class OfferLists {
 public:
  OfferLists(const MatchContext& context, const MatchQuestion& question, const Query& query,
             const PolicyReading& reading)
      : context_(context),
        question_(question),
        offers_(context.generation->offers),
        query_(query),
        shape_{query.terms.size(), !question.need.title.empty()},
        admission_(*offers_.documents, question.settings.filter, question.settings.today,
                   question.settings.viewer, question.need.institution),
        boosts_(question.need, reading, *context.policy, *context.ranking, *offers_.documents,
                question.settings),
        terms_(FieldsForMatching(question.need), *context.generation->lexicon, *offers_.lexical),
        explain_{context, offers_, question.need, terms_, question.settings.detail} {}

  absl::StatusOr<MatchList> List(RecordKind kind) {
    DX_ASSIGN_OR_RETURN(const std::vector<RankedCandidate> ranked, Ranked(kind));
    return PageOf(explain_, question_.settings, ranked);
  }

  // All candidates that were found, best first.
  absl::StatusOr<std::vector<RankedCandidate>> Ranked(RecordKind kind) {
    const RankingConfig& ranking = *context_.ranking;
    if (kind == RecordKind::kInstitution) return Voted(kind, {ranking.partner_decay, ranking.partner_votes});
    if (kind == RecordKind::kExpert) return Voted(kind, {ranking.expert_decay, ranking.expert_votes});
    return Results();
  }

  const QueryShape& shape() const { return shape_; }

 private:
  absl::StatusOr<std::vector<RankedCandidate>> Results() {
    DX_ASSIGN_OR_RETURN(const CandidateFinder* finder, Finder(CandidateFinder::Purpose::kOwnScores));
    const DocSet allowed = admission_.AdmittedOf(RecordKind::kResult);
    std::vector<RankedCandidate> ranked;
    for (size_t count = FirstCount();; count = allowed.docs.size()) {
      DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> scores, finder->Best(&allowed, count));
      ranked = OwnScores(scores);
      AddLearnedScores(*context_.ranking, RecordKind::kResult, shape_, ranked);
      BoostAndSort(ranked, boosts_);
      ranked = CapInstitutions(std::move(ranked), *offers_.documents, question_.settings.per_institution_max);
      if (ranked.size() >= CandidatesNeeded(question_.settings) || count >= allowed.docs.size()) break;
    }
    return ranked;
  }

  absl::StatusOr<std::vector<RankedCandidate>> Voted(RecordKind kind, const VoteRule& rule) {
    // Without a filter all documents may vote; each vote is checked when it is counted.
    const DocSet voters = admission_.filtered() ? admission_.VotersFor(kind) : DocSet{};
    const DocSet* allowed = admission_.filtered() ? &voters : nullptr;
    const size_t size = allowed != nullptr ? allowed->docs.size() : offers_.documents->size();
    std::vector<RankedCandidate> ranked;
    for (size_t count = FirstCount();; count = size) {
      DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore>* scores, Best(allowed, count));
      ranked = VotedScores(*scores, kind, rule, *offers_.documents, admission_);
      AddLearnedScores(*context_.ranking, kind, shape_, ranked);
      BoostAndSort(ranked, boosts_);
      if (kind == RecordKind::kExpert) {
        ranked =
            CapInstitutions(std::move(ranked), *offers_.documents, question_.settings.per_institution_max);
      }
      if (ranked.size() >= CandidatesNeeded(question_.settings) || count >= size) break;
    }
    return ranked;
  }

  size_t FirstCount() const {
    return std::max(kCandidatesMin, kCandidatesPerEntry * CandidatesNeeded(question_.settings));
  }

  // Made when the first list asks for it.
  absl::StatusOr<const CandidateFinder*> Finder(CandidateFinder::Purpose purpose) {
    std::optional<CandidateFinder>& finder =
        purpose == CandidateFinder::Purpose::kVotes ? vote_finder_ : own_finder_;
    if (!finder.has_value()) {
      DX_ASSIGN_OR_RETURN(finder, CandidateFinder::Create(
                                      offers_, query_, purpose, *context_.ranking,
                                      StopWhen(question_.settings.deadline, question_.settings.cancelled)));
    }
    return &*finder;
  }

  // The unfiltered documents are the same for partners and experts: scored once.
  absl::StatusOr<const std::vector<DocumentScore>*> Best(const DocSet* allowed, size_t count) {
    if (allowed != nullptr || count != shared_count_) {
      DX_ASSIGN_OR_RETURN(const CandidateFinder* finder, Finder(CandidateFinder::Purpose::kVotes));
      DX_ASSIGN_OR_RETURN(shared_, finder->Best(allowed, count));
      shared_count_ = allowed != nullptr ? 0 : count;
    }
    return &shared_;
  }

  const MatchContext& context_;
  const MatchQuestion& question_;
  const Collection& offers_;
  const Query& query_;
  std::optional<CandidateFinder> own_finder_, vote_finder_;
  const QueryShape shape_;
  Admission admission_;
  OfferBoosts boosts_;
  TermMatcher terms_;
  ExplainInput explain_;
  std::vector<DocumentScore> shared_;
  size_t shared_count_ = 0;
};

absl::StatusOr<MatchAnswer> MatchOnce(const MatchContext& context, const MatchQuestion& question) {
  const EmbedInput text = TextOf(question.need);
  DX_ASSIGN_OR_RETURN(const Query query,
                      MakeQuery(text, *context.generation, *context.ranking, question.settings.deadline));
  MatchAnswer answer;
  answer.policy = context.policy->Read(question.need.region, question.need.task, text.title, text.text,
                                       question.settings.today);
  answer.policy_boost_max = BoostBound(*context.ranking, question.settings.policy_weight);
  OfferLists lists(context, question, query, answer.policy);
  if (question.partners) {
    DX_ASSIGN_OR_RETURN(answer.partners, lists.List(RecordKind::kInstitution));
  }
  if (question.experts) {
    DX_ASSIGN_OR_RETURN(answer.experts, lists.List(RecordKind::kExpert));
  }
  if (question.results) {
    DX_ASSIGN_OR_RETURN(answer.results, lists.List(RecordKind::kResult));
  }
  return answer;
}

}  // namespace

absl::StatusOr<std::vector<LearnedCandidate>> CandidatesForLearning(const MatchContext& context,
                                                                    const MatchQuestion& question,
                                                                    RecordKind kind) {
  DX_RETURN_IF_ERROR(CheckSettings(question.settings));
  const MatchSettings& settings = question.settings;
  DX_ASSIGN_OR_RETURN(const Query query, MakeQuery(TextOf(question.need), *context.generation,
                                                   *context.ranking, settings.deadline));
  const PolicyReading no_reading;
  OfferLists lists(context, question, query, no_reading);
  DX_ASSIGN_OR_RETURN(std::vector<RankedCandidate> ranked, lists.Ranked(kind));
  for (RankedCandidate& candidate : ranked) {
    candidate.learned = 0;
    candidate.boosts = {};
  }
  SortByTotal(ranked);
  const DocumentTable& documents = *context.generation->offers.documents;
  std::vector<LearnedCandidate> candidates;
  candidates.reserve(ranked.size());
  for (const RankedCandidate& candidate : ranked) {
    candidates.push_back({.name = {kind, std::string(documents.id(candidate.doc))},
                          .base = candidate.base,
                          .features = FeaturesOf(candidate, lists.shape())});
  }
  return candidates;
}

absl::StatusOr<MatchAnswer> Match(const MatchContext& context, const MatchQuestion& question) {
  DX_RETURN_IF_ERROR(CheckSettings(question.settings));
  absl::StatusOr<MatchAnswer> answer = MatchOnce(context, question);
  if (!answer.ok()) return StopReason(answer.status(), question.settings.deadline);
  return answer;
}

}  // namespace dongxi
