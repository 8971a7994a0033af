// Quotas as the planner counts them: groups of parties, how many meetings each may still have, and how they
// lie within each other. Internal to engine/plan.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/plan/event.h"

namespace dongxi::plan {

struct Instance;
struct Objective;
struct Candidate;

// A quota; groups have the places of the event's quotas.
struct Group {
  int done = 0;             // locked meetings
  int cap = -1;             // beside those; -1: any number
  int minimum = 0;          // those included
  bool both_sides = false;  // has parties on both
  bool loose = false;       // the trees do not count it exactly: it crosses others, or has both sides
};

// Groups of one side that lie within each other, so that a circulation can count them: from the outside in.
struct GroupTree {
  struct Node {
    int parent = -1;  // a node; -1: the side itself
    int group = 0;
  };
  std::vector<Node> nodes;    // a parent before its children
  std::vector<int> of_party;  // the innermost node; -1: none
};

struct Groups {
  std::vector<Group> all;
  std::vector<std::vector<int>> of_party;  // ascending
  GroupTree trees[2];                      // by side
  std::vector<int> loose;                  // groups; a tree may still hold their caps
};

// REQUIRES: Validate found nothing fatal.
Groups MakeGroups(const Event& event);

// Each group that counts a meeting of the two parties, once.
template <typename Visit>
void ForEachGroup(const Groups& groups, int need, int offer, Visit visit) {
  const std::vector<int>& first = groups.of_party[need];
  for (const int group : first) visit(group);
  for (const int group : groups.of_party[offer]) {
    if (!groups.all[group].both_sides || !std::binary_search(first.begin(), first.end(), group)) visit(group);
  }
}

// Meetings of each group while a plan is made, locked ones included.
class GroupCounts {
 public:
  explicit GroupCounts(const Groups& groups);
  int count(int group) const { return count_[group]; }
  // Meetings that it may still have; `any` if there is no end.
  int64_t Left(int group, int64_t any) const {
    const Group& g = groups_->all[group];
    return g.cap < 0 ? any : g.cap + g.done - count_[group];
  }
  bool HasRoom(int need, int offer) const;
  void Add(int need, int offer, int times = 1) {
    if (count_.empty()) return;
    ForEachGroup(*groups_, need, offer, [&](int group) { count_[group] += times; });
  }
  // What one more meeting of the two brings towards the minima of the objective.
  int64_t Gain(const Objective& objective, int need, int offer) const;
  // What all meetings beside the locked ones have brought towards them.
  int64_t Gain(const Objective& objective) const;

 private:
  const Groups* groups_;
  std::vector<int> count_;
};

}  // namespace dongxi::plan
