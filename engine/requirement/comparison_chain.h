// A comparison written the other way round, or from both sides: 85%≤收率, 90%≤纯度≤99%. Private to
// engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "engine/requirement/comparison_words.h"
#include "engine/requirement/quantity_scan.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

struct ComparisonChain {
  std::u32string name;               // between the signs, without what stands in brackets
  size_t end = 0;                    // character after the name
  Compare compare = Compare::kNone;  // of the number before, seen from the name: 85%≤ is kAtLeast
  bool closed = false;               // a sign of the same direction and the next number follow
};

// What follows a number that ends at `at`. `next`: where the next number of the text begins, its size if
// there is none. Nothing unless a sign of comparison and a name stand there.
std::optional<ComparisonChain> ReadComparisonChain(const ScanText& scan, size_t at, size_t next);

// Makes `token` the range up to `second`; false where the two have no common unit.
bool JoinEnds(const QuantityToken& second, QuantityToken& token);

}  // namespace dongxi::requirement
