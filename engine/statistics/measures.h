// Intervals and quantiles of the statistics. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <vector>

namespace dongxi {

struct Interval95 {
  double low = 0, high = 1;
};

// Wilson's score interval for a share of `hits` in `trials`, 95 % (E. B. Wilson 1927, JASA 22:209-212); [0,
// 1] without trials. REQUIRES: 0 <= hits <= trials.
Interval95 WilsonInterval(int64_t hits, int64_t trials);

struct Quartiles {
  double lower = 0, median = 0, upper = 0;
};

// By linear interpolation between order statistics (type 7 of Hyndman and Fan 1996). REQUIRES: not empty.
Quartiles QuartilesOf(std::vector<double> values);

}  // namespace dongxi
