#include "engine/plan/quotas.h"

#include <utility>

#include "engine/plan/instance.h"

namespace dongxi::plan {
namespace {

std::vector<int> OfSide(const Event& event, const std::vector<int>& parties, Side side) {
  std::vector<int> mine;
  for (const int p : parties) {
    if (event.parties[p].side == side) mine.push_back(p);
  }
  return mine;
}

// The larger groups first: each lies within the innermost one so far that all its parties are in, or it
// crosses that, is left out and loose.
GroupTree MakeTree(const Event& event, Side side, Groups& groups) {
  std::vector<std::pair<int, std::vector<int>>> order;  // group, its parties of the side
  for (size_t q = 0; q < event.quotas.size(); ++q) {
    std::vector<int> mine = OfSide(event, event.quotas[q].parties, side);
    if (!mine.empty()) order.emplace_back(static_cast<int>(q), std::move(mine));
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  GroupTree tree;
  tree.of_party.assign(event.parties.size(), -1);
  for (const auto& [group, parties] : order) {
    const int parent = tree.of_party[parties.front()];
    const bool is_within = std::all_of(parties.begin(), parties.end(),
                                       [&](int party) { return tree.of_party[party] == parent; });
    if (!is_within) {
      groups.all[group].loose = true;
      continue;
    }
    for (const int p : parties) tree.of_party[p] = static_cast<int>(tree.nodes.size());
    tree.nodes.push_back({parent, group});
  }
  return tree;
}

}  // namespace

Groups MakeGroups(const Event& event) {
  Groups groups;
  groups.of_party.resize(event.parties.size());
  for (size_t q = 0; q < event.quotas.size(); ++q) {
    const Quota& quota = event.quotas[q];
    const auto needs = OfSide(event, quota.parties, Side::kNeed).size();
    Group& group = groups.all.emplace_back();
    group.cap = quota.max_meetings;
    group.minimum = quota.min_meetings;
    group.both_sides = needs > 0 && needs < quota.parties.size();
    group.loose = group.both_sides;
    for (const int p : quota.parties) groups.of_party[p].push_back(static_cast<int>(q));
  }
  for (const Lock& lock : event.locks) {
    const Pair& pair = event.pairs[lock.pair];
    ForEachGroup(groups, pair.need, pair.offer, [&](int group) { ++groups.all[group].done; });
  }
  groups.trees[0] = MakeTree(event, Side::kNeed, groups);
  groups.trees[1] = MakeTree(event, Side::kOffer, groups);
  for (size_t q = 0; q < groups.all.size(); ++q) {
    Group& group = groups.all[q];
    if (group.cap >= 0) group.cap = std::max(0, group.cap - group.done);
    if (group.loose) groups.loose.push_back(static_cast<int>(q));
  }
  return groups;
}

GroupCounts::GroupCounts(const Groups& groups) : groups_(&groups) {
  for (const Group& group : groups.all) count_.push_back(group.done);
}

bool GroupCounts::HasRoom(int need, int offer) const {
  bool has_room = true;
  if (count_.empty()) return has_room;
  ForEachGroup(*groups_, need, offer, [&](int group) { has_room &= Left(group, 1) > 0; });
  return has_room;
}

int64_t GroupCounts::Gain(const Objective& objective, int need, int offer) const {
  int64_t gain = 0;
  if (objective.group_minima.empty()) return gain;
  ForEachGroup(*groups_, need, offer,
               [&](int group) { gain += count_[group] < objective.group_minima[group] ? kMinimumGain : 0; });
  return gain;
}

int64_t GroupCounts::Gain(const Objective& objective) const {
  int64_t gain = 0;
  for (size_t g = 0; g < objective.group_minima.size(); ++g) {
    const int before = std::min(groups_->all[g].done, objective.group_minima[g]);
    gain += (std::min(count_[g], objective.group_minima[g]) - before) * kMinimumGain;
  }
  return gain;
}

}  // namespace dongxi::plan
