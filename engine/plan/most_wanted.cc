#include "engine/plan/most_wanted.h"

#include <algorithm>

#include "engine/plan/instance.h"

namespace dongxi::plan {
namespace {

bool Asks(Wish wish) { return wish == Wish::kWant || wish == Wish::kMust; }

// By party: others that ask for it.
std::vector<int64_t> CountAsking(const Event& event) {
  std::vector<char> has_spoken(event.parties.size(), 0);
  for (const Pair& pair : event.pairs) has_spoken[pair.need] |= Asks(pair.by_need);
  std::vector<int64_t> asking(event.parties.size(), 0);
  for (const Pair& pair : event.pairs) {
    if (PairUnits(pair) < 0) continue;
    asking[pair.need] += Asks(pair.by_offer);
    asking[pair.offer] += Asks(pair.by_need) || !has_spoken[pair.need];
  }
  return asking;
}

}  // namespace

std::vector<int> MostWanted(const Event& event) {
  const std::vector<int64_t> asking = CountAsking(event);
  std::vector<int> most;
  for (const Side side : {Side::kNeed, Side::kOffer}) {
    std::vector<int> parties;
    for (size_t p = 0; p < event.parties.size(); ++p) {
      if (event.parties[p].side == side && asking[p] > 0) parties.push_back(static_cast<int>(p));
    }
    std::stable_sort(parties.begin(), parties.end(), [&](int a, int b) { return asking[a] > asking[b]; });
    parties.resize((parties.size() + 9) / 10);
    most.insert(most.end(), parties.begin(), parties.end());
  }
  return most;
}

}  // namespace dongxi::plan
