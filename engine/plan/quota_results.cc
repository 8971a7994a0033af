#include "engine/plan/quota_results.h"

#include <algorithm>
#include <bit>
#include <string>

#include "engine/plan/fairness.h"
#include "engine/plan/figures.h"

namespace dongxi::plan {
namespace {

constexpr double kInUnits = static_cast<double>(kScoreUnit);
constexpr int kQuotasPricedOfLarge = 4, kQuotasExplainedOfLarge = 4;
constexpr int kQuotaTests = 40;   // circulations, to find which quotas are needed for a reason
constexpr int kQuotasNamed = 10;  // in one reason

enum Condition : unsigned { kSlots = 1, kOwnMaxima = 2, kOtherMaxima = 4, kTables = 8, kQuotas = 16 };
constexpr unsigned kAllConditions = 31;

// How many meetings a group can have at most, other things put aside.
class Reach {
 public:
  Reach(const Instance& instance, int group)
      : instance_(instance), own_(instance.event->parties.size(), 0), pairs_(instance) {
    for (const int p : instance.event->quotas[group].parties) own_[p] = 1;
    std::erase_if(pairs_.candidates, [&](const Candidate& c) { return !own_[c.need] && !own_[c.offer]; });
    for (Candidate& candidate : pairs_.candidates) candidate.value = 1, candidate.must = false;
    pairs_.groups.all[group].cap = -1;
    others_ = pairs_.groups.all;
  }

  int pairs() const { return static_cast<int>(pairs_.candidates.size()); }

  // At most, if of all conditions those in `on` hold. With kQuotas those of `quotas` alone.
  int Under(unsigned on, const std::vector<char>& quotas) {
    Objective objective;
    objective.unit_gains.resize(own_.size());
    const int many = pairs();
    for (size_t p = 0; p < own_.size(); ++p) {
      int cap = (on & kSlots) != 0 ? static_cast<int>(instance_.open[p].count()) : many;
      if ((on & (own_[p] != 0 ? kOwnMaxima : kOtherMaxima)) != 0) cap = std::min(cap, MaximumOf(p));
      objective.cap.push_back(cap);
    }
    for (size_t g = 0; g < others_.size(); ++g)
      pairs_.groups.all[g].cap = (on & kQuotas) != 0 && quotas[g] != 0 ? others_[g].cap : -1;
    const int64_t tables = (on & kTables) != 0 ? instance_.table_slots : -1;
    const Choice choice = ChoosePairs(pairs_, objective, tables, (on & kSlots) != 0 ? 0 : many);
    return static_cast<int>(choice.value_bound);
  }

  // At most, if as many musts as can be are kept.
  int BesideMusts() const {
    Instance all = instance_;
    for (Candidate& c : all.candidates) c.value = own_[c.need] || own_[c.offer] ? 1 : 0;
    Objective objective;
    objective.cap = instance_.cap;
    objective.unit_gains.resize(own_.size());
    const Choice choice = ChoosePairs(all, objective, instance_.table_slots);
    // Where it is not known how many musts can be kept, the bound may be that of too many of them.
    const size_t at_most = choice.musts == choice.musts_bound ? static_cast<size_t>(choice.value_bound)
                                                              : instance_.candidates.size();
    return static_cast<int>(at_most);
  }

  // Other quotas with a cap that count some meeting of the group.
  std::vector<char> Others() const {
    std::vector<char> others(others_.size(), 0);
    for (const Candidate& c : pairs_.candidates) {
      ForEachGroup(instance_.groups, c.need, c.offer, [&](int g) { others[g] = others_[g].cap >= 0; });
    }
    return others;
  }

 private:
  int MaximumOf(size_t p) const {
    const Event& event = *instance_.event;
    const int own =
        event.parties[p].max_meetings >= 0 ? event.parties[p].max_meetings : event.settings.max_meetings;
    return own < 0 ? pairs() : std::max(0, own - instance_.done[p]);
  }

  const Instance& instance_;
  std::vector<char> own_;
  Instance pairs_;             // of the group, each worth one
  std::vector<Group> others_;  // as they are, without the cap of the group itself
};

class Explainer {
 public:
  Explainer(const Instance& instance, int group)
      : instance_(instance),
        group_(instance.groups.all[group]),
        reach_(instance, group),
        quotas_(reach_.Others()) {}

  void Explain(QuotaResult& result) {
    if (group_.done + reach_.pairs() < group_.minimum) {
      const char* const tables = instance_.event->tables.empty() ? "" : "有合用的桌、";
      result.reasons.push_back(Since() + "能同时到场、" + std::string(tables) + "没有谢绝或冷却的配对只有 " +
                               std::to_string(reach_.pairs()) + " 对" + Locked());
      result.proven = true;
      return;
    }
    if (Excludes(kAllConditions)) {
      const unsigned on = Smallest();
      KeepNeededQuotas(on);
      Name(on, result);
      result.proven = true;
      return;
    }
    result.proven = group_.done + reach_.BesideMusts() < group_.minimum;
    result.reasons.emplace_back(result.proven
                                    ? "必见占去了这一组的时段、桌位或名额：必见排在前面"
                                    : "单看这一组可以达到；与别的最少会谈、时段和桌位合在一起排不下");
  }

 private:
  bool Excludes(unsigned on) { return group_.done + reach_.Under(on, quotas_) < group_.minimum; }

  unsigned Smallest() {
    for (int size = 1; size < std::popcount(kAllConditions); ++size) {
      for (unsigned on = 1; on < kAllConditions; ++on) {
        if (std::popcount(on) == size && Excludes(on)) return on;
      }
    }
    return kAllConditions;
  }

  // Leaves out quotas that are not needed, by halves, quarters and at last one by one, as far as kQuotaTests
  // questions go: up to about twenty quotas none of those that are left can be left out.
  void KeepNeededQuotas(unsigned on) {
    if ((on & kQuotas) == 0) return;
    std::vector<size_t> all;
    for (size_t g = 0; g < quotas_.size(); ++g) {
      if (quotas_[g] != 0) all.push_back(g);
    }
    int tests = kQuotaTests;
    for (size_t step = (all.size() + 1) / 2; step > 0; step /= 2) {
      for (size_t from = 0; from < all.size(); from += step) {
        const std::vector<char> kept = quotas_;
        for (size_t i = from; i < std::min(all.size(), from + step); ++i) quotas_[all[i]] = 0;
        if (quotas_ == kept) continue;
        if (tests-- == 0 || !Excludes(on)) quotas_ = kept;
        if (tests < 0) return;
      }
    }
  }

  void Name(unsigned on, QuotaResult& result) {
    if ((on & kSlots) != 0) result.reasons.push_back(Since() + "这一组和对方没有锁定、没有活动的可用时段");
    if ((on & kOwnMaxima) != 0) result.reasons.emplace_back("这一组各方的最多会谈");
    if ((on & kOtherMaxima) != 0) result.reasons.emplace_back("对方各方的最多会谈");
    if ((on & kTables) != 0)
      result.reasons.push_back("桌位：合计还能容 " + std::to_string(instance_.table_slots) + " 场");
    int named = 0;
    for (size_t g = 0; g < quotas_.size() && (on & kQuotas) != 0; ++g) {
      const Quota& quota = instance_.event->quotas[g];
      if (quotas_[g] != 0 && named++ < kQuotasNamed)
        result.reasons.push_back("名额：" + QuotaName(quota) + "最多 " + std::to_string(quota.max_meetings) +
                                 " 场");
    }
    if (named > kQuotasNamed) result.reasons.push_back("等 " + std::to_string(named) + " 个名额");
    result.reasons.back() +=
        "（这样至多 " + std::to_string(group_.done + reach_.Under(on, quotas_)) + " 场）";
  }

  std::string Since() const { return SinceWords(*instance_.event, instance_.now); }
  std::string Locked() const {
    return group_.done == 0 ? "" : "（另锁定 " + std::to_string(group_.done) + " 场）";
  }

  const Instance& instance_;
  const Group group_;
  Reach reach_;
  std::vector<char> quotas_;
};

// A cap that is used up, or a minimum that no more than just holds.
bool StandsInTheWay(const Group& group, int meetings) {
  return (group.cap >= 0 && meetings >= group.done + group.cap) ||
         (group.minimum > 0 && meetings <= group.minimum);
}

}  // namespace

std::vector<QuotaResult> QuotaResultsOf(const Instance& instance, const std::vector<Meeting>& meetings) {
  std::vector<QuotaResult> results;
  const GroupCounts counts = CountGroups(instance, meetings);
  int explained = 0;
  const int most = instance.candidates.size() > kLargeCandidates ? kQuotasExplainedOfLarge : kQuotasExplained;
  for (size_t g = 0; g < instance.groups.all.size(); ++g) {
    QuotaResult& result = results.emplace_back();
    result.quota = static_cast<int>(g);
    result.meetings = counts.count(result.quota);
    result.missing = std::max(0, instance.groups.all[g].minimum - result.meetings);
    if (result.missing > 0 && explained++ < most) Explainer(instance, static_cast<int>(g)).Explain(result);
  }
  return results;
}

void PriceQuotas(const Instance& instance, const Objective& objective, const Choice& now, Plan& plan) {
  if (instance.groups.all.empty()) return;
  Instance without = instance;
  for (Group& group : without.groups.all) group.cap = -1;
  Objective free = objective;
  free.group_minima.clear();
  const auto gained = [&](const Choice& choice) {
    return static_cast<double>(choice.value - now.value) / kInUnits;
  };
  plan.figures.quota_cost = std::max(0.0, gained(ChoosePairs(without, free, instance.table_slots)));
  int left = instance.candidates.size() > kLargeCandidates ? kQuotasPricedOfLarge : kQuotasPriced;
  without.groups.all = instance.groups.all;
  for (QuotaResult& result : plan.quotas) {
    Group& group = without.groups.all[result.quota];
    if (!StandsInTheWay(instance.groups.all[result.quota], result.meetings) || left-- <= 0) continue;
    free.group_minima = objective.group_minima;
    free.group_minima[result.quota] = 0;
    group.cap = -1;
    const Choice choice = ChoosePairs(without, free, instance.table_slots);
    group.cap = instance.groups.all[result.quota].cap;
    result.value_lost = std::max(0.0, gained(choice));
    result.meetings_lost =
        static_cast<int>(choice.candidates.size()) - static_cast<int>(now.candidates.size());
  }
}

}  // namespace dongxi::plan
