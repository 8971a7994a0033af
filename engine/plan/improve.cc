#include "engine/plan/improve.h"

#include <algorithm>

#include "engine/plan/choose.h"

namespace dongxi::plan {
namespace {

int64_t MarginalGain(const Objective& objective, const Schedule& schedule, int candidate) {
  const Candidate& c = schedule.instance().candidates[candidate];
  return c.Gain() + objective.UnitGain(c.need, schedule.count(c.need)) +
         objective.UnitGain(c.offer, schedule.count(c.offer));
}

bool BelowCap(const Objective& objective, const Schedule& schedule, int party) {
  return schedule.count(party) - schedule.instance().done[party] < objective.cap[party];
}

// Adds what fits of `candidates`, in their order; returns the gain.
int64_t AddAll(const Objective& objective, const std::vector<int>& candidates, int slot, Schedule& schedule) {
  int64_t gain = 0;
  for (const int c : candidates) {
    const Candidate& candidate = schedule.instance().candidates[c];
    if (!BelowCap(objective, schedule, candidate.need) || !BelowCap(objective, schedule, candidate.offer))
      continue;
    if (!schedule.CanAdd(c, slot)) continue;
    gain += MarginalGain(objective, schedule, c);
    schedule.Add(c, slot);
  }
  return gain;
}

// Candidates by slot in which they stand; the last list has those that stand nowhere.
std::vector<std::vector<int>> BySlot(const Schedule& schedule) {
  std::vector<std::vector<int>> lists(schedule.slot_count() + 1);
  for (size_t c = 0; c < schedule.slots().size(); ++c) {
    const int slot = schedule.slots()[c];
    lists[slot < 0 ? schedule.slot_count() : slot].push_back(static_cast<int>(c));
  }
  return lists;
}

bool RefillSlot(const Objective& objective, int slot, std::vector<std::vector<int>>& lists,
                Schedule& schedule) {
  std::vector<int> before = lists[slot];
  std::vector<int>& outside = lists.back();
  int64_t old_gain = 0;
  for (const int c : before) {
    schedule.Remove(c);
    old_gain += MarginalGain(objective, schedule, c);
  }
  std::vector<int> usable = before;
  for (const int c : outside) {
    const Candidate& candidate = schedule.instance().candidates[c];
    if (schedule.Free(c, slot) && BelowCap(objective, schedule, candidate.need) &&
        BelowCap(objective, schedule, candidate.offer)) {
      usable.push_back(c);
    }
  }
  std::vector<int> after = before;
  if (usable.size() > before.size()) {
    const bool pool_only = schedule.instance().table_slots >= 0;
    const int64_t tables = pool_only ? schedule.tables().FreeTables(slot) : -1;
    after = ChooseForSlot(schedule.instance(), objective, usable, schedule.counts(), tables);
    std::stable_sort(after.begin(), after.end(), [&](int a, int b) {
      return schedule.instance().candidates[a].Gain() > schedule.instance().candidates[b].Gain();
    });
  }
  const int64_t new_gain = AddAll(objective, after, slot, schedule);
  if (new_gain <= old_gain) {
    for (const int c : after) {
      if (schedule.slot(c) == slot) schedule.Remove(c);
    }
    for (const int c : before) schedule.Add(c, slot);
    return false;
  }
  outside.insert(outside.end(), before.begin(), before.end());
  std::sort(outside.begin(), outside.end());
  lists[slot].clear();
  for (const int c : after) {
    if (schedule.slot(c) == slot) lists[slot].push_back(c);
  }
  std::erase_if(outside, [&](int c) { return schedule.slot(c) >= 0; });
  return true;
}

SlotSet FixedSlots(const Instance& instance, int party) {
  return ~instance.open[party] & instance.event->parties[party].available;
}

// Waiting of the bodies while meetings move.
class BodyWaiting {
 public:
  explicit BodyWaiting(const Schedule& schedule) : schedule_(schedule), waiting_(*schedule.instance().event) {
    const Instance& instance = schedule.instance();
    busy_.resize(instance.bodies);
    const SlotSet meeting_slots = MeetingSlots(*instance.event);
    for (size_t p = 0; p < instance.body.size(); ++p) {
      busy_[instance.body[p]] |= FixedSlots(instance, static_cast<int>(p)) & meeting_slots;
    }
    for (int b = 0; b < instance.bodies; ++b) {
      for (int s = 0; s < schedule.slot_count(); ++s) {
        if (schedule.At(b, s) >= 0) busy_[b].set(s);
      }
    }
  }
  // What exchanging slots a and b does to the waiting of the path's bodies; below zero is better.
  int Change(const std::vector<int>& bodies, int a, int b) {
    int change = 0;
    for (const int body : bodies) {
      const SlotSet after = After(body, a, b);
      if (after != busy_[body]) change += waiting_.Of(after) - waiting_.Of(busy_[body]);
    }
    return change;
  }
  void Apply(const std::vector<int>& bodies, int a, int b) {
    std::vector<SlotSet> after;
    for (const int body : bodies) after.push_back(After(body, a, b));
    for (size_t i = 0; i < bodies.size(); ++i) busy_[bodies[i]] = after[i];
  }

 private:
  // A body with a meeting in one of the two slots has it in the other one afterwards.
  SlotSet After(int body, int a, int b) const {
    SlotSet after = busy_[body];
    const bool in_a = schedule_.At(body, a) >= 0, in_b = schedule_.At(body, b) >= 0;
    if (in_a != in_b) {
      after.flip(a);
      after.flip(b);
    }
    return after;
  }
  const Schedule& schedule_;
  const Waiting waiting_;
  std::vector<SlotSet> busy_;
};

std::vector<int> BodiesOf(const Instance& instance, const std::vector<int>& path) {
  std::vector<int> bodies;
  for (const int c : path) {
    bodies.push_back(instance.body[instance.candidates[c].need]);
    bodies.push_back(instance.body[instance.candidates[c].offer]);
  }
  std::sort(bodies.begin(), bodies.end());
  bodies.erase(std::unique(bodies.begin(), bodies.end()), bodies.end());
  return bodies;
}

bool ShortenBetween(int a, int b, BodyWaiting& waiting, Schedule& schedule) {
  const Instance& instance = schedule.instance();
  std::vector<char> seen(instance.bodies, 0);
  std::vector<int> path;
  bool changed = false;
  for (int body = 0; body < instance.bodies; ++body) {
    if (seen[body] || (schedule.At(body, a) < 0 && schedule.At(body, b) < 0)) continue;
    schedule.PathFrom(body, a, b, &path);
    const std::vector<int> bodies = BodiesOf(instance, path);
    for (const int other : bodies) seen[other] = 1;
    if (!schedule.MayExchange(path, a, b) || waiting.Change(bodies, a, b) >= 0) continue;
    schedule.Swap(path, a, b);
    if (!schedule.tables().Fits(a) || !schedule.tables().Fits(b)) {
      schedule.Swap(path, a, b);
      continue;
    }
    // The exchange is done: what was free is busy and the other way round.
    waiting.Apply(bodies, a, b);
    changed = true;
  }
  return changed;
}

}  // namespace

void RefillSlots(const Objective& objective, int sweeps, Schedule& schedule) {
  std::vector<std::vector<int>> lists = BySlot(schedule);
  for (bool changed = true; changed && sweeps > 0; --sweeps) {
    changed = false;
    for (int slot = 0; slot < schedule.slot_count(); ++slot) {
      if (!schedule.instance().event->slots[slot].is_break)
        changed |= RefillSlot(objective, slot, lists, schedule);
    }
  }
}

void ShortenWaiting(int sweeps, Schedule& schedule) {
  BodyWaiting waiting(schedule);
  for (bool changed = true; changed && sweeps > 0; --sweeps) {
    changed = false;
    for (int a = 0; a < schedule.slot_count(); ++a) {
      for (int b = a + 1; b < schedule.slot_count(); ++b) changed |= ShortenBetween(a, b, waiting, schedule);
    }
  }
}

Waiting::Waiting(const Event& event) : meeting_slots_(MeetingSlots(event)) {
  SlotSet before;
  for (size_t s = 0; s < event.slots.size(); ++s) {
    if (s == 0 || event.slots[s].date != event.slots[s - 1].date) days_.emplace_back();
    days_.back().set(s);
    before.set(s);
    up_to_.push_back(before);
  }
}

int Waiting::Of(const SlotSet& busy) const {
  int idle = 0;
  for (const SlotSet& day : days_) {
    const SlotSet today = busy & day;
    if (today.none()) continue;
    const size_t first = today._Find_first();
    size_t last = first;
    for (size_t s = first; s < kSlotsMax; s = today._Find_next(s)) last = s;
    const SlotSet span = up_to_[last] & ~up_to_[first] & meeting_slots_;
    idle += static_cast<int>(span.count()) + 1 - static_cast<int>(today.count());
  }
  return idle;
}

}  // namespace dongxi::plan
