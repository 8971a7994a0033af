// Random orders that are the same on every platform.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "bench/quality/random.h"

namespace dongxi::bench {

// Every order equally likely (Fisher and Yates).
template <typename T>
void Shuffle(std::vector<T>& items, Random& random) {
  for (size_t left = items.size(); left > 1; --left) std::swap(items[left - 1], items[random.Below(left)]);
}

}  // namespace dongxi::bench
