#include "engine/match/matcher.h"

#include <algorithm>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/match/offer_lists.h"
#include "engine/match/page.h"
#include "engine/match/query.h"
#include "engine/match/ranked_list.h"
#include "engine/match/route_institutions.h"

namespace dongxi {
namespace {

absl::StatusOr<MatchAnswer> MatchOnce(const MatchContext& context, const MatchQuestion& question) {
  const EmbedInput text = TextOf(question.need);
  DX_RETURN_IF_ERROR(CheckTopic(text));
  DX_ASSIGN_OR_RETURN(const Query query, Timed(context.stages, MatchStage::kQuery, [&] {
                        return MakeQuery(text, *context.generation, *context.ranking,
                                         question.settings.deadline, question.settings.degraded);
                      }));
  MatchAnswer answer;
  answer.degraded = query.degraded;
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
  NameRouteInstitutions(*context.generation->offers.documents, answer);
  if (lists.consortium() != nullptr) {
    const StageTimer timer(context.stages, MatchStage::kExplain);
    answer.consortium = lists.consortium()->Consortium();
    answer.owner_question = lists.consortium()->Question();
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
  DX_ASSIGN_OR_RETURN(OrderedList ordered, lists.Order(kind));
  std::vector<RankedCandidate>& ranked = ordered.listed;
  std::move(ordered.barred.begin(), ordered.barred.end(), std::back_inserter(ranked));
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
