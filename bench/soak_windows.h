// What grew in a long run? Its windows are compared: the last third with the middle one, since the first
// still fills caches. Pure functions; any thread.
#pragma once

#include <vector>

#include "bench/statistics.h"

namespace dongxi::bench {

// One window of a long run.
struct SoakWindow {
  double minutes = 0;     // its end, since the start
  double speed = 1;       // of the machine right before it (MachineSpeed)
  double saturation = 1;  // matches a second that the server could do right before it
  Spread milliseconds;    // of the matches that were due in it
  int failed = 0;
  int overdue = 0;          // due and not begun at its end
  double anonymous_mb = 0;  // at its end: the process's own memory
  int handles = 0;          // at its end, without the tables of the database
};

// Ratio of the median of the last third to the median of the middle third; 1 means no growth. What takes
// time is counted in work of the machine (time x its speed at that moment): a machine that others share moves
// by a third within minutes.
struct SoakGrowth {
  double memory = 1;
  double handles = 1;
  double work = 1;  // of a match at saturation
  double p50 = 1;
  double p99 = 1;
};
// REQUIRES: at least three windows, in order of time.
SoakGrowth GrowthOf(const std::vector<SoakWindow>& windows);

}  // namespace dongxi::bench
