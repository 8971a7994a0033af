// What the planner computes with: an event with its locks and sessions taken out, values as whole numbers.
// Internal to engine/plan; the checker does not use it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/plan/event.h"
#include "engine/plan/plan.h"
#include "engine/plan/quotas.h"

namespace dongxi::plan {

// Units of value: a match score of 1 is 10,000. A must outweighs every minimum, a minimum a hundred full
// scores.
inline constexpr int64_t kScoreUnit = 10'000;
inline constexpr int64_t kMinimumGain = 100 * kScoreUnit;
inline constexpr int64_t kMustGain = 1'000'000'000'000;

struct Candidate {
  int pair = 0, need = 0, offer = 0;  // of the event
  int64_t value = 0;
  bool must = false;
  SlotSet allowed;  // both are there, and a table that would do
  int home = -1;    // the table that it needs; -1: one of the pool
  int seats = 0;    // 0: any table
  bool online = false;

  int64_t Gain() const { return value + (must ? kMustGain : 0); }
};

struct Instance {
  const Event* event = nullptr;
  int now = 0;                        // slots before it are past: nobody and no table is open there
  std::vector<Candidate> candidates;  // that can meet at all, without locked ones
  std::vector<Meeting> locked;
  std::vector<SessionPlan> sessions;  // participants only
  std::vector<SlotSet> open;          // by party: slots without lock or session of any of its people
  std::vector<int> cap;               // by party: meetings it can have beside its locked ones
  std::vector<int> done;              // by party: its locked meetings
  // By party: parties that are never busy in the same slot may have the same body; each pair of them shares a
  // person. Sharing is not transitive: an institution of 王 and 赵 excludes the experts 王 and 赵, who do not
  // exclude each other. Such people are in `shared`.
  std::vector<int> body;
  int bodies = 0;
  std::vector<std::vector<int>> shared;  // by party: people that its body does not stand for
  int shared_people = 0;
  std::vector<char> is_home;        // by table: somebody sits there always
  std::vector<SlotSet> table_open;  // by table: without locks and sessions
  std::vector<char> has_candidate;  // by party: someone it could meet, or could have; locked ones included
  int64_t table_slots = -1;         // meetings that all open tables can hold; -1: any number
  bool pool_only = true;            // no candidate has a table of its own
  Groups groups;
};

// REQUIRES: Validate found nothing fatal; `event` outlives the instance; 0 <= now <= slots of the event.
Instance MakeInstance(const Event& event, int now = 0);

// All slots from `now` on.
inline SlotSet SlotsFrom(int now) { return ~SlotSet() << static_cast<size_t>(now); }
// 从 S3 起; empty as long as nothing is past.
std::string SinceWords(const Event& event, int now);

// Seats that a party takes at a table: one for all who take part from afar, unless it says how many.
int SeatsOf(const Party& party);

// Value of a pair in units; -1: it is not to be planned (refused, or it cools down and is no must).
int64_t PairUnits(const Pair& pair);
bool IsMust(const Pair& pair);

// What the planner maximises: gains of candidates, and for the j-th meeting of a party (locked ones count) a
// bonus that never rises with j; for a meeting of a group up to its minimum kMinimumGain.
struct Objective {
  double fairness = 0;
  std::vector<int> cap;                          // by party, beside locked ones
  std::vector<std::vector<int64_t>> unit_gains;  // by party, from its first meeting on; beyond the end 0
  std::vector<int> group_minima;  // by group, locked meetings included; empty: minima of groups do not count

  int64_t UnitGain(int party, int meetings_before) const {
    const std::vector<int64_t>& gains = unit_gains[party];
    return meetings_before < static_cast<int>(gains.size()) ? gains[meetings_before] : 0;
  }
};

// With the weight of fairness in mean values of a candidate; `capped` applies the cap of the most wanted,
// `floored` the floor of protected parties.
Objective MakeObjective(const Instance& instance, double fairness, bool capped, bool floored);

}  // namespace dongxi::plan
