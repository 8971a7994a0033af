// How alike two texts are by their character bigrams. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace dongxi::bench {

// Distinct pairs of neighbouring characters of the normalised text without white space, ascending.
std::vector<uint64_t> BigramsOf(std::string_view utf8);

// Shared bigrams as a share of all bigrams of both; 0 if one has none.
double Jaccard(std::span<const uint64_t> a, std::span<const uint64_t> b);

struct AlikePair {
  size_t first = 0;  // places in the texts, first < second
  size_t second = 0;
  double jaccard = 0;
};

// The `count` most alike of all pairs, most alike first, ties by place. Counts shared bigrams over an
// inverted list, so pairs without any cost nothing.
std::vector<AlikePair> MostAlikePairs(const std::vector<std::vector<uint64_t>>& texts, size_t count);

}  // namespace dongxi::bench
