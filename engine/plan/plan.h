// A plan and what is said of it. Plain values; indexes are those of the event that was planned.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/plan/event.h"

namespace dongxi::plan {

struct Meeting {
  int pair = 0;
  int slot = 0;
  int table = -1;  // -1: the event has no tables
  bool locked = false;
  bool held = false;
  std::string outcome;  // 已会谈, 意向, 签约, 拒绝, 未到 or other words; empty: not recorded
  std::string reason;   // of a refusal: its code or Chinese name
  double amount_wan = 0;
  std::string note;
  std::vector<std::string> engagements;  // names of the entries in the server's ledger that say it
  std::vector<std::string> superseded;   // and of those that an earlier outcome made: to be withdrawn there
};

struct SessionPlan {
  int session = 0;
  int slot = 0;
  std::vector<int> parties;  // who comes, participants and those invited who are free
};

// A must that the plan does not keep, with conditions that exclude each other. Without any one of them the
// rest could be kept.
struct UnmetMust {
  int pair = 0;
  std::vector<std::string> clash;  // Chinese
  bool smallest = true;            // proven: no smaller set explains it
};

// What became of a quota.
struct QuotaResult {
  int quota = 0;
  int meetings = 0;
  int missing = 0;  // to its minimum
  // Of a minimum that is not reached: conditions that together leave the group no more meetings, Chinese.
  std::vector<std::string> reasons;
  bool proven = false;  // that they do; and no smaller set of them was found to
  // Without this quota, where it stands in the way: value and meetings of all, from the bound.
  double value_lost = 0;
  int meetings_lost = 0;
};

// A point of the curve between value and fairness.
struct FairnessPoint {
  double weight = 0;       // of fairness, in mean values of a pair
  double value = 0;        // before slots are given
  double value_share = 1;  // of the value without fairness
  int worst_off = 0;       // fewest meetings of a party that has a candidate
  int without_meeting = 0;
  double gini = 0;
  bool chosen = false;
};

struct Price {
  std::string of;  // 一张桌, 一个时段, 一小时
  double value = 0;
  int meetings = 0;
};

// All values in match scores: a pair of score 1 without wishes is worth 1.
struct Figures {
  double value = 0;
  double value_bound = 0;  // no plan that keeps as many musts and minima has more value, fairness put aside
  // Of the objective with the chosen weight of fairness, proven: 0 is optimal, 1 is the most that is said.
  double gap = 0;
  std::string method;  // what proved it, Chinese
  int meetings = 0;
  int musts = 0, musts_met = 0, musts_bound = 0;
  int wants = 0, wants_met = 0;
  int min_shortfall = 0;    // meetings missing to the minima, and to the floor of protected parties
  int quota_shortfall = 0;  // meetings missing to the minima of quotas
  double quota_cost = 0;    // value that all quotas together cost, from the bound
  int worst_off = 0, without_meeting = 0;
  double gini = 0;
  int envy = 0;  // parties that see another of their side with two more meetings, one of them better theirs
  int blocking_pairs = 0;  // pairs that would both rather meet, and could
  int idle_slots = 0;      // waiting between two meetings of a day
  int table_changes = 0;
};

struct Plan {
  std::vector<Meeting> meetings;  // by slot, table, pair
  std::vector<SessionPlan> sessions;
  std::vector<UnmetMust> unmet;
  std::vector<FairnessPoint> curve;
  std::vector<Price> prices;
  std::vector<QuotaResult> quotas;  // by quota of the event
  Figures figures;
};

// The worth of a pair's meeting in match scores: the score, 0.25 for each side that wants it, and 0.25 to
// extend an earlier meeting. A pair that cools down or that someone refuses is not planned.
inline constexpr double kWishBonus = 0.25;
inline constexpr double kExtendBonus = 0.25;

}  // namespace dongxi::plan
