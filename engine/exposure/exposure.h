// Exposure across a batch of lists: one famous institution shall not stand in every list, no county shall be
// forgotten, and no expert shall be promised to more needs than he can serve. Chooses which entries each list
// keeps, so that the caps hold, the floors hold as far as they can, and the kept value is the greatest
// possible. Pure functions, deterministic; any thread.
//
// The choice is a minimum-cost flow (group -> list -> entry -> person -> owner -> region of the owner),
// solved exactly by network simplex; floors are gains greater than any sum of values, so they come before
// value and are never infeasible.
#pragma once

#include <vector>

namespace dongxi::exposure {

inline constexpr int kNoLimit = -1;
inline constexpr int kNobody = -1;

struct Candidate {
  int owner = 0;         // 0..owners-1: the institution that leads the offer
  double value = 0;      // in [0, 1], as the list's score or its adequacy
  int person = kNobody;  // 0..persons-1: the expert that the entry offers, of the same owner
  bool is_new = true;    // to the person, whose capacity it takes; false: he is engaged with it already
};

// The lists of a batch, each in order of rank.
struct Batch {
  std::vector<std::vector<Candidate>> lists;
  std::vector<int> group_of_list;  // 0..groups-1: the county that the need comes from; one a list
  int groups = 0;
  std::vector<int> region_of_owner;  // 0..regions-1; one an owner
  int regions = 0;
  std::vector<int> owner_of_person;  // one a person; empty where no candidate is one
  // How many entries of a list are shown where nothing limits it, at most Limits::length; candidates behind
  // them stand in for those that a limit takes away, and only a floor makes a list longer. Empty or one a
  // list; empty: Limits::length.
  std::vector<int> usual_length;

  int persons() const { return static_cast<int>(owner_of_person.size()); }
  int owners() const { return static_cast<int>(region_of_owner.size()); }
};

// Each is a number of entries over the whole batch; kNoLimit: none.
struct Limits {
  int length = 10;            // of a list, at least 1
  int owner_max = kNoLimit;   // of one owner
  int region_max = kNoLimit;  // of all owners of one region
  int group_min = 0;          // of all lists of one group
  int person_max = kNoLimit;  // of one person: his capacity
  // Of single owners, instead of owner_max where it is not kNoLimit (an expert takes two, an institute asked
  // for ten). Empty or one an owner.
  std::vector<int> owner_max_of;
  // The same of single persons: what is left of each one's capacity. Empty or one a person.
  std::vector<int> person_max_of;
};

// How the batch was and is. "Before" is each list cut to its length.
struct Balance {
  double value = 0;       // sum over kept entries
  double discounted = 0;  // the same with the discount of nDCG, 1 / log2(rank + 1): what a reader notices
  double gini = 0;        // of the entries of owners that have any
  int owner_most = 0;     // entries of the most shown owner
  int group_least = 0;    // entries of the worst served group
  int owners_shown = 0;
  int person_most = 0;  // entries of the most shown person
  int persons_shown = 0;
};

struct Shortfall {
  int group = 0;
  int missing = 0;  // entries below the floor
};

// A list that shows candidates where nothing limits it, and none now. Each of its candidates stands before a
// cap that is full; which caps those are. (A floor empties no list by itself: it fills a cap elsewhere.)
struct Emptied {
  int list = 0;
  bool by_owner_max = false, by_region_max = false, by_person_max = false;
};

struct Choice {
  std::vector<std::vector<int>> kept;  // places in the list, ascending; one a list
  Balance before, after;
  std::vector<Shortfall> shortfalls;  // of groups whose floor cannot be reached, in order of group
  std::vector<Emptied> emptied;       // in order of list
};

// REQUIRES: owners, groups, regions and persons in range; a person's candidates of his owner; as many groups
// as lists; length >= 1; no other negative number than kNoLimit. Lists of up to a few hundred thousand
// entries in all are a matter of seconds.
Choice ChooseEntries(const Batch& batch, const Limits& limits);

// The figures of any choice. REQUIRES: as above, places in range.
Balance BalanceOf(const Batch& batch, const std::vector<std::vector<int>>& kept);

}  // namespace dongxi::exposure
