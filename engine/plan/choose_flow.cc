#include "engine/plan/choose_flow.h"

#include <algorithm>

#include "engine/plan/flow.h"

namespace dongxi::plan {
namespace {

constexpr int kSource = 0;
constexpr int kSink = 1;

// Nodes: source, sink, bodies, parties, groups.
class Network {
 public:
  explicit Network(const Instance& instance)
      : instance_(instance), parties_(static_cast<int>(instance.event->parties.size())) {
    const int all = 2 + 2 * instance.bodies + parties_;
    first_group_[0] = all;
    first_group_[1] = all + static_cast<int>(instance.groups.trees[0].nodes.size());
  }

  int nodes() const { return first_group_[1] + static_cast<int>(instance_.groups.trees[1].nodes.size()); }
  // A body with parties on both sides has a node on each.
  int Body(int party) const { return 2 + 2 * instance_.body[party] + (IsNeed(party) ? 0 : 1); }
  int Node(int party) const { return 2 + 2 * instance_.bodies + party; }
  bool IsNeed(int party) const { return instance_.event->parties[party].side == Side::kNeed; }
  // A node of a side's tree of groups; the side itself for -1.
  int GroupNode(int side, int node) const {
    return node < 0 ? (side == 0 ? kSource : kSink) : first_group_[side] + node;
  }
  // What lies around a party and its body: its innermost group, or the side.
  int End(int party) const {
    const int side = IsNeed(party) ? 0 : 1;
    return GroupNode(side, instance_.groups.trees[side].of_party[party]);
  }

  void Arc(int from, int to, int64_t capacity, int64_t gain) { arcs.push_back({from, to, capacity, gain}); }
  // Towards the middle for needs, away from it for offers.
  void SideArc(bool is_need, int outer, int inner, int64_t capacity, int64_t gain) {
    is_need ? Arc(outer, inner, capacity, gain) : Arc(inner, outer, capacity, gain);
  }
  void PartyArc(int party, int outer, int inner, int64_t capacity, int64_t gain) {
    SideArc(IsNeed(party), outer, inner, capacity, gain);
  }

  std::vector<FlowArc> arcs;

 private:
  const Instance& instance_;
  const int parties_;
  int first_group_[2];
};

// What each group may still have, from the side inwards; the first ones up to its minimum gain. Of loose
// groups a tree counts a part only: the cap holds for that too, the minimum does not.
void AddGroups(const Instance& instance, const Objective& objective, const GroupCounts& counts,
               Network& network) {
  const int64_t any = static_cast<int64_t>(instance.candidates.size());
  for (const int side : {0, 1}) {
    const GroupTree& tree = instance.groups.trees[side];
    for (int i = 0; i < static_cast<int>(tree.nodes.size()); ++i) {
      const int group = tree.nodes[i].group;
      const int outer = network.GroupNode(side, tree.nodes[i].parent), inner = network.GroupNode(side, i);
      const int64_t left = std::clamp<int64_t>(counts.Left(group, any), 0, any);
      const bool counts_all = !instance.groups.all[group].loose && !objective.group_minima.empty();
      const int64_t missing = counts_all ? objective.group_minima[group] - counts.count(group) : 0;
      const int64_t wanted = std::clamp<int64_t>(missing, 0, left);
      if (wanted > 0) network.SideArc(side == 0, outer, inner, wanted, kMinimumGain);
      if (left > wanted) network.SideArc(side == 0, outer, inner, left - wanted, 0);
    }
  }
}

// By body: whether all its parties lie in the same innermost group. A body across groups has no place in the
// network.
std::vector<char> NestedBodies(const Instance& instance, const Network& network) {
  std::vector<int> end(instance.bodies, -1);
  std::vector<char> nested(instance.bodies, 1);
  for (int p = 0; p < static_cast<int>(instance.body.size()); ++p) {
    int& of_body = end[instance.body[p]];
    if (of_body >= 0 && of_body != network.End(p)) nested[instance.body[p]] = 0;
    of_body = network.End(p);
  }
  return nested;
}

void AddParties(const Instance& instance, const Objective& objective, const std::vector<int64_t>& body_limits,
                Network& network) {
  const std::vector<char> nested = NestedBodies(instance, network);
  std::vector<char> added(instance.bodies, 0), in_use(instance.body.size(), 0);
  for (const Candidate& candidate : instance.candidates) in_use[candidate.need] = in_use[candidate.offer] = 1;
  for (int p = 0; p < static_cast<int>(instance.body.size()); ++p) {
    if (!in_use[p]) continue;
    const int b = instance.body[p];
    int outer = network.End(p);
    if (body_limits[b] >= 0 && nested[b]) {
      outer = network.Body(p);
      if (!added[b]) network.PartyArc(p, network.End(p), outer, body_limits[b], 0);
      added[b] = 1;
    }
    int left = objective.cap[p];
    for (int j = instance.done[p]; left > 0;) {
      const int64_t gain = objective.UnitGain(p, j);
      int width = 1;
      while (width < left && (gain == 0 || objective.UnitGain(p, j + width) == gain)) ++width;
      network.PartyArc(p, outer, network.Node(p), width, gain);
      j += width;
      left -= width;
    }
  }
}

}  // namespace

std::vector<int64_t> BodyLimits(const Instance& instance, int more_slots) {
  std::vector<int> sides(instance.bodies, 0), size(instance.bodies, 0);
  std::vector<SlotSet> slots(instance.bodies);
  for (size_t p = 0; p < instance.body.size(); ++p) {
    const int b = instance.body[p];
    sides[b] |= instance.event->parties[p].side == Side::kNeed ? 1 : 2;
    slots[b] |= instance.open[p];
    ++size[b];
  }
  std::vector<int64_t> limits(instance.bodies, -1);
  for (int b = 0; b < instance.bodies; ++b) {
    if (sides[b] != 3 && size[b] > 1) limits[b] = static_cast<int64_t>(slots[b].count()) + more_slots;
  }
  return limits;
}

void CountChoice(const Instance& instance, const Objective& objective, Choice& choice) {
  choice.gain = choice.value = choice.musts = 0;
  std::vector<int> count = instance.done;
  GroupCounts groups(instance.groups);
  for (const int c : choice.candidates) {
    const Candidate& candidate = instance.candidates[c];
    choice.gain += candidate.Gain() + objective.UnitGain(candidate.need, count[candidate.need]++) +
                   objective.UnitGain(candidate.offer, count[candidate.offer]++);
    choice.value += candidate.value;
    choice.musts += candidate.must;
    groups.Add(candidate.need, candidate.offer);
  }
  choice.gain += groups.Gain(objective);
}

Choice ChooseByFlow(const Instance& instance, const Objective& objective,
                    const std::vector<int64_t>& body_limits, int64_t table_slots,
                    const std::vector<int64_t>& prices) {
  Network network(instance);
  for (const Candidate& candidate : instance.candidates) {
    int64_t gain = candidate.Gain();
    if (!prices.empty()) {
      ForEachGroup(instance.groups, candidate.need, candidate.offer,
                   [&](int group) { gain -= prices[group]; });
    }
    network.Arc(network.Node(candidate.need), network.Node(candidate.offer), 1, gain);
  }
  AddParties(instance, objective, body_limits, network);
  AddGroups(instance, objective, GroupCounts(instance.groups), network);
  const int64_t any = static_cast<int64_t>(instance.candidates.size());
  network.Arc(kSink, kSource, table_slots < 0 ? any : std::min(any, table_slots), 0);
  const std::vector<int64_t> flow = GreatestCirculation(network.nodes(), network.arcs);
  Choice choice;
  for (size_t i = 0; i < flow.size(); ++i) choice.gain_bound += flow[i] * network.arcs[i].gain;
  for (size_t i = 0; i < instance.candidates.size(); ++i) {
    if (flow[i] > 0) choice.candidates.push_back(static_cast<int>(i));
  }
  CountChoice(instance, objective, choice);
  choice.value_bound = choice.value;
  choice.musts_bound = choice.musts;
  std::vector<int64_t> pairs(instance.groups.all.size(), 0);  // no minimum brings more than there are
  for (const Candidate& candidate : instance.candidates) {
    if (instance.groups.loose.empty()) break;
    ForEachGroup(instance.groups, candidate.need, candidate.offer, [&](int group) { ++pairs[group]; });
  }
  for (const int g : instance.groups.loose) {
    const Group& group = instance.groups.all[g];
    const int minimum = objective.group_minima.empty() ? 0 : objective.group_minima[g];
    const int64_t price = prices.empty() ? 0 : prices[g];
    int64_t missing = std::min<int64_t>(pairs[g], std::max(0, minimum - group.done));
    if (group.cap >= 0) missing = std::min<int64_t>(missing, group.cap);
    // What its own share of the objective is at most, with the price taken back.
    if (price >= 0)
      choice.gain_bound += missing * kMinimumGain + price * std::max(0, group.cap);
    else
      choice.gain_bound += missing * std::max<int64_t>(0, kMinimumGain + price);
  }
  return choice;
}

std::vector<int> ChooseForSlot(const Instance& instance, const Objective& objective,
                               const std::vector<int>& usable, const std::vector<int>& count,
                               const GroupCounts& groups, int64_t tables) {
  Network network(instance);
  const std::vector<char> nested = NestedBodies(instance, network);
  std::vector<char> party_added(instance.body.size(), 0), body_added(network.nodes(), 0);
  for (const int c : usable) {
    const Candidate& candidate = instance.candidates[c];
    int64_t bonus = objective.UnitGain(candidate.need, count[candidate.need]) +
                    objective.UnitGain(candidate.offer, count[candidate.offer]);
    ForEachGroup(instance.groups, candidate.need, candidate.offer, [&](int group) {
      const bool is_wanted = instance.groups.all[group].loose && !objective.group_minima.empty() &&
                             groups.count(group) < objective.group_minima[group];
      bonus += is_wanted ? kMinimumGain : 0;
    });
    network.Arc(network.Node(candidate.need), network.Node(candidate.offer), 1, candidate.Gain() + bonus);
  }
  for (const int c : usable) {
    for (const int p : {instance.candidates[c].need, instance.candidates[c].offer}) {
      const int b = network.Body(p);
      const int end = nested[instance.body[p]] ? network.End(p) : network.IsNeed(p) ? kSource : kSink;
      if (!party_added[p]) network.PartyArc(p, b, network.Node(p), 1, 0);
      if (!body_added[b]) network.PartyArc(p, end, b, 1, 0);
      party_added[p] = body_added[b] = 1;
    }
  }
  AddGroups(instance, objective, groups, network);
  const int64_t any = static_cast<int64_t>(usable.size());
  network.Arc(kSink, kSource, tables < 0 ? any : std::min(any, tables), 0);
  const std::vector<int64_t> flow = GreatestCirculation(network.nodes(), network.arcs);
  std::vector<int> chosen;
  for (size_t i = 0; i < usable.size(); ++i) {
    if (flow[i] > 0) chosen.push_back(usable[i]);
  }
  return chosen;
}

}  // namespace dongxi::plan
