#include "engine/match/boosts.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"

namespace dongxi {

double CoveredShare(const std::vector<std::string>& wanted, const std::vector<std::string_view>& offered) {
  if (wanted.empty()) return 0;
  const auto covered = std::count_if(wanted.begin(), wanted.end(), [&](const std::string& code) {
    return std::find(offered.begin(), offered.end(), code) != offered.end();
  });
  return static_cast<double>(covered) / static_cast<double>(wanted.size());
}

double MaturityShare(int wanted, int offered) {
  if (wanted <= 0 || offered <= 0) return 0;
  return std::max(0.0, 1.0 - 0.5 * std::max(0, wanted - offered));
}

double BoostBound(const RankingConfig& ranking, double policy_weight) {
  return policy_weight * (ranking.policy_boost_max + ranking.mode_boost_max + ranking.maturity_boost_max +
                          ranking.condition_boost_max);
}

void SetPoints(const RankingConfig& ranking, double policy_weight, Boosts& boosts) {
  boosts.policy_points =
      boosts.policy == nullptr ? 0.0 : policy_weight * ranking.policy_boost_max * boosts.policy->amount;
  boosts.mode_points = policy_weight * ranking.mode_boost_max * boosts.mode;
  boosts.maturity_points = policy_weight * ranking.maturity_boost_max * boosts.maturity;
  boosts.condition_points = policy_weight * ranking.condition_boost_max * boosts.condition;
}

DocMemories MemoriesIn(const DocumentTable& documents, const PairMemories* memories) {
  DocMemories found;
  if (memories == nullptr) return found;
  for (const auto& [name, memory] : *memories) {
    if (const std::optional<DocId> doc = documents.Find(name.kind, name.id)) found.emplace(*doc, &memory);
  }
  return found;
}

void Remember(const DocMemories& memories, DocId candidate, const RankingConfig& ranking, Boosts& boosts) {
  const auto found = memories.find(candidate);
  if (found == memories.end()) return;
  boosts.memory = found->second;
  boosts.history_points = boosts.memory->past == PairPast::kCoolDown ? -ranking.cool_down_penalty : 0.0;
}

void SetGate(const GateAnswer& answer, const RankingConfig& ranking, Boosts& boosts) {
  boosts.bar = answer.bar;
  boosts.standing_points = answer.lowered ? -ranking.standing_penalty : 0.0;
  if (answer.modes_exclude) boosts.mode = -1;
}

OfferBoosts::OfferBoosts(const Record& need, const PolicyReading& reading, const Policy& policy,
                         const RankingConfig& ranking, const DocumentTable& documents,
                         const MatchSettings& settings, const ExpertLoads* loads)
    : need_(need),
      reading_(reading),
      policy_(policy),
      ranking_(ranking),
      documents_(documents),
      settings_(settings),
      memories_(MemoriesIn(documents, settings.memories.get())),
      gate_(need, documents, ranking, settings, loads) {}

const std::shared_ptr<const PolicyBoost>& OfferBoosts::PolicyFor(DocId end) {
  const auto [found, added] = cache_.try_emplace(end);
  if (added) {
    const std::vector<std::string_view> names = documents_.names(end);
    std::vector<std::string> aliases;
    for (size_t i = 1; i < names.size(); ++i) aliases.emplace_back(names[i]);
    const CandidateEnd candidate{documents_.region(end), names.empty() ? std::string_view() : names.front(),
                                 &aliases};
    PolicyBoost boost = policy_.Boost(reading_, need_.region, candidate, settings_.today);
    if (boost.amount > 0) found->second = std::make_shared<const PolicyBoost>(std::move(boost));
  }
  return found->second;
}

std::shared_ptr<const PolicyBoost> OfferBoosts::BestPolicy(DocId candidate) {
  // The ends of a result or an expert are the institutions behind it, else its own region. One that the
  // viewer may not see is none of them: the reason would name it.
  std::shared_ptr<const PolicyBoost> best;
  bool has_institution = false;
  for (const DocId owner : documents_.owners(candidate)) {
    const bool shown = MaySee(settings_.viewer, documents_.disclosure(owner), documents_.tenant(owner),
                              documents_.shared(owner));
    if (documents_.kind(owner) != RecordKind::kInstitution || !shown) continue;
    has_institution = true;
    const std::shared_ptr<const PolicyBoost>& boost = PolicyFor(owner);
    if (boost != nullptr && (best == nullptr || boost->amount > best->amount)) best = boost;
  }
  return has_institution ? best : PolicyFor(candidate);
}

absl::StatusOr<Boosts> OfferBoosts::For(DocId candidate, DocId evidence) {
  Boosts boosts;
  DX_ASSIGN_OR_RETURN(const GateAnswer gate, gate_.For(candidate, evidence));
  SetGate(gate, ranking_, boosts);
  Remember(memories_, candidate, ranking_, boosts);
  if (settings_.policy_weight <= 0) return boosts;
  boosts.policy = BestPolicy(candidate);
  if (!gate.modes_exclude) boosts.mode = CoveredShare(need_.modes, documents_.modes(evidence));
  boosts.maturity = MaturityShare(need_.maturity, documents_.maturity(evidence));
  boosts.condition = CoveredShare(need_.conditions, documents_.conditions(evidence));
  SetPoints(ranking_, settings_.policy_weight, boosts);
  return boosts;
}

}  // namespace dongxi
