#include "engine/plan/proof.h"

#include <algorithm>

#include "engine/plan/choose.h"
#include "engine/plan/figures.h"

namespace dongxi::plan {
namespace {

constexpr double kInUnits = static_cast<double>(kScoreUnit);

bool HasMustsOrMinima(const Instance& instance) {
  return std::any_of(instance.candidates.begin(), instance.candidates.end(),
                     [](const Candidate& one) { return one.must; }) ||
         std::any_of(instance.event->parties.begin(), instance.event->parties.end(),
                     [](const Party& party) { return party.min_meetings > 0; }) ||
         std::any_of(instance.groups.all.begin(), instance.groups.all.end(),
                     [](const Group& group) { return group.minimum > 0; });
}

// The most value that any plan has, musts and minima put aside.
int64_t ValueAlone(const Instance& instance) {
  Instance plain = instance;
  for (Candidate& candidate : plain.candidates) candidate.must = false;
  Objective objective{.cap = instance.cap};
  objective.unit_gains.resize(instance.event->parties.size());
  return ChoosePairs(plain, objective, plain.table_slots).value_bound;
}

// Musts and minima cost value: a plan that keeps fewer of them than the best choice may have more value than
// that.
int64_t ValueBound(const Instance& instance, const Proven& proven, const Figures& figures) {
  const bool keeps_all =
      figures.musts_met >= figures.musts_bound && figures.min_shortfall == 0 && figures.quota_shortfall == 0;
  return keeps_all || !HasMustsOrMinima(instance) ? proven.value : ValueAlone(instance);
}

}  // namespace

int64_t PlanGain(const Instance& instance, const Objective& objective, const std::vector<Meeting>& meetings) {
  int64_t gain = 0;
  for (const Meeting& meeting : meetings) {
    const Pair& pair = instance.event->pairs[meeting.pair];
    if (!meeting.locked) gain += PairUnits(pair) + (IsMust(pair) ? kMustGain : 0);
  }
  const std::vector<int> counts = CountsOf(*instance.event, meetings);
  gain += CountGroups(instance, meetings).Gain(objective);
  for (size_t p = 0; p < counts.size(); ++p) {
    for (int j = instance.done[p]; j < counts[p]; ++j) gain += objective.UnitGain(static_cast<int>(p), j);
  }
  return gain;
}

void SetProof(const Instance& instance, const Proven& proven, int64_t gain, Figures& figures) {
  int64_t locked = 0;
  int locked_musts = 0;
  for (const Meeting& meeting : instance.locked) {
    locked += std::max<int64_t>(0, PairUnits(instance.event->pairs[meeting.pair]));
    locked_musts += IsMust(instance.event->pairs[meeting.pair]);
  }
  figures.musts_bound = proven.musts + locked_musts;
  const double bound = static_cast<double>(ValueBound(instance, proven, figures) + locked);
  figures.value_bound = bound / kInUnits;
  figures.method = proven.method;
  // A must that is missing is worth more than all else, a minimum up to a hundred scores: 100 % at most.
  const int64_t musts_missing = proven.gain / kMustGain - gain / kMustGain;
  const double missing = static_cast<double>(std::max<int64_t>(0, proven.gain - gain));
  figures.gap = musts_missing > 0 ? 1 : std::min(1.0, missing / std::max(1.0, bound));
}

}  // namespace dongxi::plan
