// Computing between calls: long work that goes on step by step where no heavy call wants the processor. Any
// thread.
#pragma once

#include <functional>

#include "server/load_control.h"

namespace dongxi {

class SpareTime {
 public:
  // `load` outlives it and has `slots` slots for heavy calls.
  SpareTime(const LoadControl* load, int slots) : load_(load), slots_(slots) {}

  // Returns when a slot is free that no call waits for, when `cancelled` says so, or after a second: so work
  // of short steps goes on under any load, by a step a second. The step takes no slot: a call that comes in
  // the middle of it does not wait.
  void Await(const std::function<bool()>& cancelled) const;

 private:
  const LoadControl* const load_;
  const int slots_;
};

}  // namespace dongxi
