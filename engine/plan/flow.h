// Minimum-cost circulation by network simplex (LEMON). This library alone is C++17: LEMON 1.3 is no C++20.
#pragma once

#include <cstdint>
#include <vector>

namespace dongxi::plan {

struct FlowArc {
  int from = 0, to = 0;
  int64_t capacity = 0;
  int64_t gain = 0;  // per unit
};

// The circulation of greatest gain over nodes 0..nodes-1, flow per arc; always exists (all zero). Exact and
// deterministic. Any thread.
std::vector<int64_t> GreatestCirculation(int nodes, const std::vector<FlowArc>& arcs);

}  // namespace dongxi::plan
