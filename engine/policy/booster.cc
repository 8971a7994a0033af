#include "engine/policy/booster.h"

#include <algorithm>
#include <utility>

namespace dongxi {
namespace {

// Below this the need is hardly of the task: a reason that names it would mislead more than its boost helps.
constexpr double kTaskProbabilityMin = 0.1;

double AmountOf(PairingStrength strength) {
  switch (strength) {
    case PairingStrength::kNamed:
      return 1.0;
    case PairingStrength::kGroup:
      return 0.5;
    case PairingStrength::kInferred:
      return 0.25;
  }
  return 0;
}

// A marked sample name, 示例·中国农业科学院…, begins after its mark.
bool BeginsWith(std::string_view name, std::string_view word) {
  constexpr std::string_view kDot = "·";
  if (name.starts_with(word)) return true;
  const size_t dot = name.find(kDot);
  return dot != std::string_view::npos && name.substr(dot + kDot.size()).starts_with(word);
}

bool NameMatches(const Pairing& pairing, std::string_view name) {
  for (const std::string& word : pairing.institution_words) {
    const bool matches = pairing.match == InstitutionMatch::kPrefix
                             ? BeginsWith(name, word)
                             : name.find(word) != std::string_view::npos;
    if (matches) return true;
  }
  return false;
}

bool IsInstitution(const Pairing& pairing, const CandidateEnd& candidate) {
  if (NameMatches(pairing, candidate.institution_name)) return true;
  return candidate.aliases != nullptr &&
         std::any_of(candidate.aliases->begin(), candidate.aliases->end(),
                     [&pairing](const std::string& alias) { return NameMatches(pairing, alias); });
}

// How a candidate stands to the other end of a pairing.
enum class Relation { kNone, kEnd, kNearby };

Relation RelationTo(const Pairing& pairing, const CandidateEnd& candidate) {
  const bool in_region = !pairing.east.empty() && candidate.region.starts_with(pairing.east);
  if (pairing.match == InstitutionMatch::kNone) return in_region ? Relation::kEnd : Relation::kNone;
  // 中关村贵阳科技园 lies in 贵阳: a park counts only where it lies, if we know where the candidate is.
  const bool place_fits = pairing.east.empty() || candidate.region.empty() || in_region;
  if (place_fits && IsInstitution(pairing, candidate)) return Relation::kEnd;
  return in_region ? Relation::kNearby : Relation::kNone;
}

PairingStrength Weaker(PairingStrength a, PairingStrength b) { return std::max(a, b); }

}  // namespace

Booster::Booster(const PolicyTables& tables, std::vector<Pairing> pairings, const RegionNames& names)
    : pairings_(std::move(pairings)) {
  for (size_t i = 0; i < pairings_.size(); ++i) {
    by_task_[pairings_[i].task].push_back(i);
    reasons_.push_back(MakeReasons(tables, pairings_[i], names));
  }
}

Booster::Reasons Booster::MakeReasons(const PolicyTables& tables, const Pairing& pairing,
                                      const RegionNames& names) {
  std::string title;
  std::string channel_id;
  for (const auto& lined : tables.tasks) {
    if (lined.row.id != pairing.task || !lined.row.valid.Overlaps(pairing.valid)) continue;
    title = lined.row.title;
    channel_id = lined.row.channel;
    break;
  }
  std::string channel;
  for (const auto& lined : tables.channels) {
    if (lined.row.id == channel_id && lined.row.valid.Overlaps(pairing.valid)) channel = lined.row.name;
  }
  const std::string front = "通过" + channel + ": " + names.Name(pairing.west) + " ↔ ";
  const std::string back = (pairing.strength == PairingStrength::kInferred ? "（推定）, " : ", ") + title;
  Reasons reasons;
  reasons.named = front + pairing.east_name + back;
  reasons.nearby = front + names.Name(pairing.east) + "（" + pairing.east_name + "所在地）" + back;
  return reasons;
}

PolicyBoost Booster::Boost(const PolicyReading& reading, std::string_view need_region,
                           const CandidateEnd& candidate, absl::CivilDay today) const {
  PolicyBoost best;
  size_t best_at = 0;
  Relation best_relation = Relation::kNone;
  for (const TaskProbability& entry : reading.tasks) {
    if (entry.probability < kTaskProbabilityMin) continue;
    const auto places = by_task_.find(entry.task);
    if (places == by_task_.end()) continue;
    for (size_t at : places->second) {
      const Pairing& pairing = pairings_[at];
      if (!need_region.starts_with(pairing.west) || !pairing.valid.Contains(today)) continue;
      // Names are compared last: most pairings cannot beat the best any more.
      if (entry.probability * AmountOf(pairing.strength) <= best.amount) continue;
      const Relation relation = RelationTo(pairing, candidate);
      if (relation == Relation::kNone) continue;
      const PairingStrength strength = relation == Relation::kNearby
                                           ? Weaker(pairing.strength, PairingStrength::kGroup)
                                           : pairing.strength;
      const double amount = entry.probability * AmountOf(strength);
      if (amount <= best.amount) continue;
      best.amount = amount;
      best.strength = strength;
      best_at = at;
      best_relation = relation;
    }
  }
  if (best_relation == Relation::kNone) return best;
  best.task = pairings_[best_at].task;
  best.quote = pairings_[best_at].quote;
  best.pairing = static_cast<int>(best_at);
  best.reason = best_relation == Relation::kNearby ? reasons_[best_at].nearby : reasons_[best_at].named;
  return best;
}

}  // namespace dongxi
