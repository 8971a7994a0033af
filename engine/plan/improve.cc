#include "engine/plan/improve.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include "engine/plan/choose.h"

namespace dongxi::plan {
namespace {

int64_t MarginalGain(const Objective& objective, const Schedule& schedule, int candidate) {
  const Candidate& c = schedule.instance().candidates[candidate];
  return c.Gain() + objective.UnitGain(c.need, schedule.count(c.need)) +
         objective.UnitGain(c.offer, schedule.count(c.offer)) +
         schedule.groups().Gain(objective, c.need, c.offer);
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
    if (!schedule.HasRoomInGroups(c) || !schedule.CanAdd(c, slot)) continue;
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
        BelowCap(objective, schedule, candidate.offer) && schedule.HasRoomInGroups(c)) {
      usable.push_back(c);
    }
  }
  std::vector<int> after = before;
  if (usable.size() > before.size()) {
    const bool pool_only = schedule.instance().pool_only;
    const int64_t tables = pool_only ? schedule.tables().FreeTables(slot) : -1;
    after =
        ChooseForSlot(schedule.instance(), objective, usable, schedule.counts(), schedule.groups(), tables);
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

// A chain of meetings whose bodies alternate between two slots, and what exchanging the two along it brings.
struct Chain {
  std::vector<int> meetings;
  int ends[2] = {-1, -1};  // bodies that are busy in one of the two slots only: the waiting of others stays
  int change = 0;          // of the waiting; below zero is better
};

// Exchanges meetings between two slots where that shortens the waiting. Chains have no body in common, so
// what each brings adds up: where the tables leave no room for a longer chain, it goes together with one the
// other way round.
class WaitingShortener {
 public:
  explicit WaitingShortener(Schedule& schedule)
      : schedule_(schedule),
        instance_(schedule.instance()),
        waiting_(*instance_.event),
        busy_(instance_.bodies),
        idle_(instance_.bodies),
        change_(instance_.bodies),
        seen_(instance_.bodies, 0) {
    const SlotSet meeting_slots = MeetingSlots(*instance_.event);
    for (size_t p = 0; p < instance_.body.size(); ++p) {
      busy_[instance_.body[p]] |= FixedSlots(instance_, static_cast<int>(p)) & meeting_slots;
    }
    for (int b = 0; b < instance_.bodies; ++b) {
      for (int s = 0; s < schedule.slot_count(); ++s) {
        if (schedule.At(b, s) >= 0) busy_[b].set(s);
      }
      idle_[b] = waiting_.Of(busy_[b]);
    }
  }

  bool Between(int a, int b) {
    if (!FindEnds(a, b)) return false;
    from_a_.clear(), from_b_.clear();
    ++round_;
    bool changed = false, is_crowded = false;
    for (const int body : ends_) {
      if (change_[body] >= 0 || seen_[body] == round_) continue;
      std::optional<Chain> chain = ChainFrom(body, a, b);
      if (!chain) continue;
      if (chain->change < 0 && Apply({&*chain}, a, b)) {
        changed = true;
        continue;
      }
      is_crowded |= chain->change < 0;
      Keep(*std::move(chain), a);
    }
    if (is_crowded) changed |= InPairs(a, b);
    return changed;
  }

 private:
  // Bodies that are busy in one of the two slots, with what moving that meeting does to their own waiting;
  // false if nobody gains.
  bool FindEnds(int a, int b) {
    ends_.clear();
    bool gains = false;
    for (int body = 0; body < instance_.bodies; ++body) {
      if ((schedule_.At(body, a) >= 0) == (schedule_.At(body, b) >= 0)) continue;
      SlotSet after = busy_[body];
      after.flip(a);
      after.flip(b);
      change_[body] = waiting_.Of(after) - idle_[body];
      gains |= change_[body] < 0;
      ends_.push_back(body);
    }
    return gains;
  }

  // The chain that ends in `body`; none if a meeting of it may not move.
  std::optional<Chain> ChainFrom(int body, int a, int b) {
    Chain chain;
    chain.ends[0] = body;
    int slot = schedule_.At(body, a) >= 0 ? a : b;
    for (int meeting = schedule_.At(body, slot); meeting >= 0; meeting = schedule_.At(body, slot)) {
      const Candidate& c = instance_.candidates[meeting];
      slot = slot == a ? b : a;
      if (!c.allowed[slot] || !schedule_.IsLink(meeting)) return std::nullopt;
      chain.meetings.push_back(meeting);
      body = instance_.body[c.need] == body ? instance_.body[c.offer] : instance_.body[c.need];
    }
    chain.ends[1] = body;
    for (const int end : chain.ends) {
      seen_[end] = round_;
      chain.change += change_[end];
    }
    return chain;
  }

  bool Apply(std::initializer_list<const Chain*> chains, int a, int b) {
    for (const Chain* chain : chains) schedule_.Swap(chain->meetings, a, b);
    if (!schedule_.tables().Fits(a) || !schedule_.tables().Fits(b)) {
      for (const Chain* chain : chains) schedule_.Swap(chain->meetings, a, b);
      return false;
    }
    for (const Chain* chain : chains) {
      for (const int end : chain->ends) {
        busy_[end].flip(a);
        busy_[end].flip(b);
        idle_[end] = waiting_.Of(busy_[end]);
      }
    }
    return true;
  }

  // Of a chain of even length the slots have as many meetings as before: it fits or it never does.
  void Keep(Chain chain, int a) {
    if (chain.meetings.size() % 2 == 0) return;
    const bool leaves_a = schedule_.slot(chain.meetings.front()) == a;
    (leaves_a ? from_a_ : from_b_).push_back(std::move(chain));
  }

  // The best chain of one direction with the best of the other, which may cost something.
  bool InPairs(int a, int b) {
    for (const int body : ends_) {
      if (seen_[body] == round_) continue;
      if (std::optional<Chain> chain = ChainFrom(body, a, b)) Keep(*std::move(chain), a);
    }
    const auto better = [](const Chain& x, const Chain& y) { return x.change < y.change; };
    std::stable_sort(from_a_.begin(), from_a_.end(), better);
    std::stable_sort(from_b_.begin(), from_b_.end(), better);
    bool changed = false;
    for (size_t i = 0; i < std::min(from_a_.size(), from_b_.size()); ++i) {
      if (from_a_[i].change + from_b_[i].change >= 0) break;
      changed |= Apply({&from_a_[i], &from_b_[i]}, a, b);
    }
    return changed;
  }

  Schedule& schedule_;
  const Instance& instance_;
  const Waiting waiting_;
  std::vector<SlotSet> busy_;
  std::vector<int> idle_;  // waiting by body
  std::vector<int> change_, ends_;
  std::vector<int> seen_;  // by body: the round in which its chain was walked
  int round_ = 0;
  std::vector<Chain> from_a_, from_b_;  // not exchanged, by the slot that has a meeting more of them
};

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
  WaitingShortener shortener(schedule);
  for (bool changed = true; changed && sweeps > 0; --sweeps) {
    changed = false;
    for (int a = 0; a < schedule.slot_count(); ++a) {
      for (int b = a + 1; b < schedule.slot_count(); ++b) changed |= shortener.Between(a, b);
    }
  }
}

Waiting::Waiting(const Event& event) {
  int meetings = 0;
  for (size_t s = 0; s < event.slots.size(); ++s) {
    if (s == 0 || event.slots[s].date != event.slots[s - 1].date) days_.push_back({s, s, {}});
    days_.back().end = s + 1;
    days_.back().slots.set(s);
    before_.push_back(meetings);
    meetings += !event.slots[s].is_break;
  }
}

int Waiting::Of(const SlotSet& busy) const {
  int idle = 0;
  for (const Day& day : days_) {
    const SlotSet today = days_.size() == 1 ? busy : busy & day.slots;
    const size_t first = today._Find_first();
    if (first >= day.end) continue;
    size_t last = day.end - 1;
    while (!today[last]) --last;
    idle += before_[last] - before_[first] + 1 - static_cast<int>(today.count());
  }
  return idle;
}

}  // namespace dongxi::plan
