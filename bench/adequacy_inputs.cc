#include "bench/adequacy_inputs.h"

#include <algorithm>

#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/match/admission.h"
#include "engine/match/candidates.h"
#include "engine/match/query.h"
#include "engine/match/ranked_list.h"

namespace dongxi::bench {
namespace {

absl::StatusOr<std::vector<RankedCandidate>> CandidatesOf(RecordKind kind,
                                                          const std::vector<DocumentScore>& scores,
                                                          const RankingConfig& ranking,
                                                          const DocumentTable& documents,
                                                          const Admission& admission) {
  if (kind == RecordKind::kInstitution) {
    return VotedScores(scores, kind, {ranking.partner_decay, ranking.partner_votes}, documents, admission,
                       nullptr);
  }
  if (kind == RecordKind::kExpert) {
    return VotedScores(scores, kind, {ranking.expert_decay, ranking.expert_votes}, documents, admission,
                       nullptr);
  }
  std::vector<DocumentScore> own;
  for (const DocumentScore& score : scores) {
    if (documents.kind(score.doc) == kind && admission.Admits(score.doc)) own.push_back(score);
  }
  return OwnScores(own);
}

}  // namespace

absl::StatusOr<CandidateInputs> AdequacyInputs(const MatchContext& context, const Record& need) {
  const Collection& offers = context.generation->offers;
  const MatchSettings settings = SampleQuestion(need).settings;
  DX_ASSIGN_OR_RETURN(const Query query,
                      MakeQuery(TextOf(need), *context.generation, *context.ranking, settings.deadline));
  const auto scores_for =
      [&](CandidateFinder::Purpose purpose) -> absl::StatusOr<std::vector<DocumentScore>> {
    DX_ASSIGN_OR_RETURN(
        const CandidateFinder finder,
        CandidateFinder::Create(offers, query, purpose, *context.ranking, StopWhen(settings.deadline, {})));
    return finder.Best(nullptr, offers.documents->size());
  };
  DX_ASSIGN_OR_RETURN(const auto own, scores_for(CandidateFinder::Purpose::kOwnScores));
  DX_ASSIGN_OR_RETURN(const auto votes, scores_for(CandidateFinder::Purpose::kVotes));
  const Admission admission(*offers.documents, nullptr, settings.today, settings.viewer, need.institution);
  CandidateInputs inputs;
  for (size_t list = 0; list < kLists; ++list) {
    const RecordKind kind = kListNames[list].kind;
    DX_ASSIGN_OR_RETURN(const auto candidates, CandidatesOf(kind, kind == RecordKind::kResult ? own : votes,
                                                            *context.ranking, *offers.documents, admission));
    for (const RankedCandidate& candidate : candidates) {
      auto& of_candidate = inputs[list][std::string(offers.documents->id(candidate.doc))];
      for (const Vote& vote : candidate.votes)
        of_candidate.push_back({vote.score.lexical_share, vote.score.cosine});
    }
  }
  return inputs;
}

double BestProbability(const AdequacyModel& model, const CandidateInputs& inputs) {
  double best = 0;
  for (const auto& list : inputs) {
    for (const auto& [id, of_candidate] : list) best = std::max(best, model.Probability(of_candidate));
  }
  return best;
}

}  // namespace dongxi::bench
