#include "bench/plan_instance.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include "engine/plan/figures.h"
#include "engine/plan/instance.h"
#include "engine/plan/tables.h"

namespace dongxi::bench {
namespace {

using plan::Candidate;
using plan::Event;
using plan::Instance;
using plan::Plan;
using plan::SlotSet;

constexpr int kNeedMeetingsMax = 12;

// Candidates by falling value, ties by place.
std::vector<int> ByValue(const Instance& instance) {
  std::vector<int> order(instance.candidates.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return instance.candidates[a].value > instance.candidates[b].value; });
  return order;
}

// Gives the first common free slot to each of `order`, as long as both are below their caps.
Plan InFirstSlots(const Event& event, const Instance& instance, const std::vector<int>& order) {
  std::vector<SlotSet> busy(event.parties.size());
  std::vector<int> count(event.parties.size(), 0);
  Plan result;
  for (const int c : order) {
    const Candidate& candidate = instance.candidates[c];
    if (count[candidate.need] >= instance.cap[candidate.need] ||
        count[candidate.offer] >= instance.cap[candidate.offer])
      continue;
    const SlotSet free = candidate.allowed & ~busy[candidate.need] & ~busy[candidate.offer];
    if (free.none()) continue;
    const int slot = static_cast<int>(free._Find_first());
    result.meetings.push_back({candidate.pair, slot});
    for (const int party : {candidate.need, candidate.offer}) {
      busy[party].set(slot);
      ++count[party];
    }
  }
  // The same hand gives out the tables, so that changes of table tell of the schedule alone.
  AssignTables(instance, result.meetings);
  result.figures = FiguresOf(instance, result.meetings);
  return result;
}

}  // namespace

Event MakePlanEvent(const PlanShape& shape) {
  std::mt19937 rng(shape.seed);
  const auto unit = [&rng] { return static_cast<double>(rng()) / 4294967296.0; };
  Event event;
  for (int s = 0; s < shape.slots; ++s) {
    event.slots.push_back(
        {.id = "S" + std::to_string(s + 1), .date = s < shape.slots / 2 ? "2026-11-26" : "2026-11-27"});
    event.slots.back().begin_minute = 480 + 25 * (s % ((shape.slots + 1) / 2));
    event.slots.back().end_minute = event.slots.back().begin_minute + 25;
  }
  const SlotSet all = MeetingSlots(event);
  for (int t = 0; t < shape.tables; ++t)
    event.tables.push_back({.id = "T" + std::to_string(t + 1), .available = all});
  std::vector<double> appeal;
  for (int p = 0; p < shape.needs + shape.offers; ++p) {
    plan::Party party{.id = "P" + std::to_string(p), .name = "参会方" + std::to_string(p), .available = all};
    party.side = p < shape.needs ? plan::Side::kNeed : plan::Side::kOffer;
    if (p < shape.needs) party.max_meetings = kNeedMeetingsMax;
    party.is_protected = p % 10 == 0;
    for (int s = 0; s < shape.slots && shape.away > 0; ++s) {
      if (unit() < shape.away) party.available.reset(s);
    }
    event.parties.push_back(std::move(party));
    appeal.push_back(unit());
  }
  std::set<std::pair<int, int>> seen;
  while (static_cast<int>(seen.size()) < shape.pairs) {
    const int need = static_cast<int>(rng() % static_cast<uint32_t>(shape.needs));
    const int offer = shape.needs + static_cast<int>(rng() % static_cast<uint32_t>(shape.offers));
    if (!seen.insert({need, offer}).second) continue;
    const double score = 0.2 + 0.5 * appeal[offer] * unit() + 0.3 * unit();
    event.pairs.push_back({.need = need, .offer = offer, .score = std::round(score * 10'000) / 10'000});
  }
  return event;
}

Plan GreedyPlan(const Event& event) {
  const Instance instance = MakeInstance(event);
  return InFirstSlots(event, instance, ByValue(instance));
}

Plan DeferredAcceptancePlan(const Event& event) {
  const Instance instance = MakeInstance(event);
  const size_t parties = event.parties.size();
  std::vector<std::vector<int>> wishes(parties);                 // by need, best first
  std::vector<std::set<std::pair<int64_t, int>>> held(parties);  // by offer: value, minus the place
  std::vector<size_t> next(parties, 0);
  std::vector<int> count(parties, 0), waiting;
  for (const int c : ByValue(instance)) wishes[instance.candidates[c].need].push_back(c);
  for (size_t p = 0; p < parties; ++p) {
    if (!wishes[p].empty()) waiting.push_back(static_cast<int>(p));
  }
  while (!waiting.empty()) {
    const int need = waiting.back();
    if (count[need] >= instance.cap[need] || next[need] >= wishes[need].size()) {
      waiting.pop_back();
      continue;
    }
    const int c = wishes[need][next[need]++];
    const int offer = instance.candidates[c].offer;
    held[offer].insert({instance.candidates[c].value, -c});
    ++count[need];
    if (static_cast<int>(held[offer].size()) <= instance.cap[offer]) continue;
    const int refused = -held[offer].begin()->second;
    held[offer].erase(held[offer].begin());
    --count[instance.candidates[refused].need];
    waiting.push_back(instance.candidates[refused].need);
  }
  std::vector<char> accepted(instance.candidates.size(), 0);
  for (const auto& kept : held) {
    for (const auto& [value, minus_c] : kept) accepted[-minus_c] = 1;
  }
  std::vector<int> order = ByValue(instance);
  std::erase_if(order, [&](int c) { return accepted[c] == 0; });
  return InFirstSlots(event, instance, order);
}

}  // namespace dongxi::bench
