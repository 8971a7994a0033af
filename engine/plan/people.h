// Who is in two parties: people by number. Pure; any thread. Internal to engine/plan.
#pragma once

#include <vector>

#include "engine/plan/event.h"

namespace dongxi::plan {

// Every party is somebody, and each of its members by name, who is the same one in all parties that name him.
class People {
 public:
  explicit People(const Event& event);
  // Those who come for a party.
  const std::vector<int>& Of(int party) const { return of_[party]; }
  int count() const { return count_; }

 private:
  std::vector<std::vector<int>> of_;
  int count_ = 0;
};

}  // namespace dongxi::plan
