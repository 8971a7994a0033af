#include "bench/bigrams.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "engine/text/normalize.h"

namespace dongxi::bench {
namespace {

bool MoreAlike(const AlikePair& a, const AlikePair& b) {
  if (a.jaccard != b.jaccard) return a.jaccard > b.jaccard;
  return a.first != b.first ? a.first < b.first : a.second < b.second;
}

double FromCounts(size_t shared, size_t a, size_t b) {
  return shared == 0 ? 0 : static_cast<double>(shared) / static_cast<double>(a + b - shared);
}

}  // namespace

std::vector<uint64_t> BigramsOf(std::string_view utf8) {
  std::u32string text = NormalizeToUtf32(utf8);
  std::erase_if(text, [](char32_t c) { return c == U' ' || c == U'\u3000'; });
  std::vector<uint64_t> bigrams;
  for (size_t i = 1; i < text.size(); ++i) bigrams.push_back(uint64_t{text[i - 1]} << 32 | text[i]);
  std::sort(bigrams.begin(), bigrams.end());
  bigrams.erase(std::unique(bigrams.begin(), bigrams.end()), bigrams.end());
  return bigrams;
}

double Jaccard(std::span<const uint64_t> a, std::span<const uint64_t> b) {
  size_t shared = 0;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x == *y)
      ++shared, ++x, ++y;
    else if (*x < *y)
      ++x;
    else
      ++y;
  }
  return FromCounts(shared, a.size(), b.size());
}

std::vector<AlikePair> MostAlikePairs(const std::vector<std::vector<uint64_t>>& texts, size_t count) {
  std::unordered_map<uint64_t, std::vector<uint32_t>> earlier;  // texts before this one, by bigram
  std::vector<AlikePair> best;
  std::vector<uint32_t> shared;
  for (size_t second = 0; second < texts.size(); ++second) {
    shared.assign(second, 0);
    for (const uint64_t bigram : texts[second]) {
      std::vector<uint32_t>& list = earlier[bigram];
      for (const uint32_t first : list) ++shared[first];
      list.push_back(static_cast<uint32_t>(second));
    }
    for (size_t first = 0; first < second; ++first) {
      if (shared[first] == 0) continue;
      best.push_back({first, second, FromCounts(shared[first], texts[first].size(), texts[second].size())});
    }
    const size_t kept = std::min(count, best.size());
    std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(kept), best.end(), MoreAlike);
    best.resize(kept);
  }
  return best;
}

}  // namespace dongxi::bench
