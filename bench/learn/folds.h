// Which queries a model learns from and which it is judged on. Pure functions, the same on every machine; any
// thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "bench/json_lines.h"

namespace dongxi::bench {

// The fold of every query, 0 .. folds - 1, by a hash of its id; queries with the same title (normalised,
// blanks aside) go with the one of them whose id is first in byte order, so that no fold is judged on what
// another has seen. REQUIRES: folds >= 1.
std::map<std::string, size_t> FoldsOf(const std::vector<TextQuery>& queries, size_t folds);

}  // namespace dongxi::bench
