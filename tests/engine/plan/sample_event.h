// Events for tests: small ones written out, and random ones.
#pragma once

#include <random>
#include <string>

#include "engine/plan/event.h"

namespace dongxi::plan {

// `needs` x `offers` parties, all there in all `slots` half hours of one day; no pairs, no tables.
inline Event PlainEvent(int needs, int offers, int slots) {
  Event event;
  for (int s = 0; s < slots; ++s) {
    event.slots.push_back({.id = "S" + std::to_string(s + 1),
                           .date = "2026-11-26",
                           .begin_minute = 540 + 30 * s,
                           .end_minute = 565 + 30 * s});
  }
  for (int p = 0; p < needs + offers; ++p) {
    Party party{.id = (p < needs ? "N" : "O") + std::to_string(p < needs ? p + 1 : p - needs + 1)};
    party.name = (p < needs ? "需求方" : "供给方") + party.id;
    party.side = p < needs ? Side::kNeed : Side::kOffer;
    party.available = MeetingSlots(event);
    party.place = {"参会方", static_cast<uint64_t>(p + 2)};
    event.parties.push_back(party);
  }
  return event;
}

inline void AddTables(Event& event, int count) {
  for (int t = 0; t < count; ++t) {
    event.tables.push_back({.id = "T" + std::to_string(t + 1), .available = MeetingSlots(event)});
  }
}

// Each pair of a need and an offer with that chance.
inline void AddPairs(Event& event, std::mt19937& rng, double chance) {
  std::uniform_real_distribution<double> unit(0, 1);
  for (int n = 0; n < static_cast<int>(event.parties.size()); ++n) {
    for (int o = 0; o < static_cast<int>(event.parties.size()); ++o) {
      if (event.parties[n].side != Side::kNeed || event.parties[o].side != Side::kOffer || unit(rng) > chance)
        continue;
      event.pairs.push_back({.need = n, .offer = o, .score = static_cast<double>(1 + rng() % 99) / 100});
    }
  }
}

}  // namespace dongxi::plan
