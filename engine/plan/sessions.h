// Slots for sessions that leave theirs open, before any meeting is planned. Pure; any thread. Internal to
// engine/plan.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/plan/event.h"

namespace dongxi::plan {

struct SessionPlacement {
  std::vector<int> slots;  // by session: its own or the chosen one; -1: none
  int failed = -1;         // a session for which no slot was found; -1: all have one
  std::vector<int>
      rivals;  // of `failed`: sessions that share people or its place and stand in slots it could have
};

// A slot for each session in which its participants and its table are free of locks and other sessions and
// the locks without a table keep one, with the fewest others there as far as that goes. Complete: if there is
// a placement it is found, unless that takes more than some ten thousand steps. Locks give way where sessions
// fit nowhere else; sessions with a slot stay there, whether they can or not.
// REQUIRES: at most kSessionsMax sessions.
SessionPlacement PlaceSessions(const Event& event);

// Seats that parties of a session take together; a person who is a member of several takes one.
class SeatCount {
 public:
  explicit SeatCount(const Event& event) : event_(event) {}
  void Add(int party);
  int seats() const { return seats_ + static_cast<int>(people_.size()); }
  int With(int party) const;  // as if it were added

 private:
  const Event& event_;
  int seats_ = 0;  // of parties without named people, with a number of seats, or from afar
  std::set<std::string> people_;
};
int SessionSeats(const Event& event, const std::vector<int>& parties);

}  // namespace dongxi::plan
