#include "engine/plan/choose.h"

#include <algorithm>
#include <limits>

#include "engine/plan/flow.h"

namespace dongxi::plan {
namespace {

constexpr int kSource = 0;
constexpr int kSink = 1;

// Nodes: source, sink, bodies, parties.
class Network {
 public:
  explicit Network(const Instance& instance)
      : instance_(instance), parties_(static_cast<int>(instance.event->parties.size())) {}

  int nodes() const { return 2 + 2 * instance_.bodies + parties_; }
  // A body with parties on both sides has a node on each.
  int Body(int party) const { return 2 + 2 * instance_.body[party] + (IsNeed(party) ? 0 : 1); }
  int Node(int party) const { return 2 + 2 * instance_.bodies + party; }
  bool IsNeed(int party) const { return instance_.event->parties[party].side == Side::kNeed; }

  void Arc(int from, int to, int64_t capacity, int64_t gain) { arcs.push_back({from, to, capacity, gain}); }
  // Towards the middle for needs, away from it for offers.
  void PartyArc(int party, int outer, int inner, int64_t capacity, int64_t gain) {
    IsNeed(party) ? Arc(outer, inner, capacity, gain) : Arc(inner, outer, capacity, gain);
  }

  std::vector<FlowArc> arcs;

 private:
  const Instance& instance_;
  const int parties_;
};

// Parties of one body may stand on both sides; then the body bounds neither side alone.
std::vector<char> BoundingBodies(const Instance& instance) {
  std::vector<int> sides(instance.bodies, 0);
  for (size_t p = 0; p < instance.body.size(); ++p) {
    sides[instance.body[p]] |= instance.event->parties[p].side == Side::kNeed ? 1 : 2;
  }
  std::vector<char> bounding(instance.bodies);
  for (int b = 0; b < instance.bodies; ++b) bounding[b] = sides[b] != 3;
  return bounding;
}

void AddParties(const Instance& instance, const Objective& objective, int more_slots, Network& network) {
  const std::vector<char> bounding = BoundingBodies(instance);
  std::vector<SlotSet> body_slots(instance.bodies);
  std::vector<char> added(instance.bodies, 0), in_use(instance.body.size(), 0);
  for (const Candidate& candidate : instance.candidates) in_use[candidate.need] = in_use[candidate.offer] = 1;
  std::vector<int> size(instance.bodies, 0);
  for (size_t p = 0; p < instance.body.size(); ++p) {
    body_slots[instance.body[p]] |= instance.open[p];
    ++size[instance.body[p]];
  }
  for (int p = 0; p < static_cast<int>(instance.body.size()); ++p) {
    if (!in_use[p]) continue;
    const int b = instance.body[p];
    const int end = network.IsNeed(p) ? kSource : kSink;
    int outer = end;
    if (bounding[b] && size[b] > 1) {
      outer = network.Body(p);
      const int64_t slots = static_cast<int64_t>(body_slots[b].count()) + more_slots;
      if (!added[b]) network.PartyArc(p, end, outer, slots, 0);
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

Choice ChoosePairs(const Instance& instance, const Objective& objective, int64_t table_slots,
                   int more_slots) {
  Network network(instance);
  for (const Candidate& candidate : instance.candidates) {
    network.Arc(network.Node(candidate.need), network.Node(candidate.offer), 1, candidate.Gain());
  }
  AddParties(instance, objective, more_slots, network);
  const int64_t any = static_cast<int64_t>(instance.candidates.size());
  network.Arc(kSink, kSource, table_slots < 0 ? any : std::min(any, table_slots), 0);
  const std::vector<int64_t> flow = GreatestCirculation(network.nodes(), network.arcs);
  Choice choice;
  for (size_t i = 0; i < flow.size(); ++i) choice.gain += flow[i] * network.arcs[i].gain;
  for (size_t i = 0; i < instance.candidates.size(); ++i) {
    if (flow[i] == 0) continue;
    choice.candidates.push_back(static_cast<int>(i));
    choice.value += instance.candidates[i].value;
    choice.musts += instance.candidates[i].must;
  }
  return choice;
}

std::vector<int> ChooseForSlot(const Instance& instance, const Objective& objective,
                               const std::vector<int>& usable, const std::vector<int>& count,
                               int64_t tables) {
  Network network(instance);
  std::vector<char> party_added(instance.body.size(), 0), body_added(network.nodes(), 0);
  for (const int c : usable) {
    const Candidate& candidate = instance.candidates[c];
    const int64_t bonus = objective.UnitGain(candidate.need, count[candidate.need]) +
                          objective.UnitGain(candidate.offer, count[candidate.offer]);
    network.Arc(network.Node(candidate.need), network.Node(candidate.offer), 1, candidate.Gain() + bonus);
  }
  for (const int c : usable) {
    for (const int p : {instance.candidates[c].need, instance.candidates[c].offer}) {
      const int b = network.Body(p);
      if (!party_added[p]) network.PartyArc(p, b, network.Node(p), 1, 0);
      if (!body_added[b]) network.PartyArc(p, network.IsNeed(p) ? kSource : kSink, b, 1, 0);
      party_added[p] = body_added[b] = 1;
    }
  }
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
