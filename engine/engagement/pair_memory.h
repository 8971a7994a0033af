// What a pair went through before, as far as it matters for matching the two again. Pure functions of the
// ledger and the day; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "engine/engagement/cool_down.h"
#include "engine/engagement/engagement.h"

namespace dongxi {

inline constexpr size_t kMemoryEntriesMax = 10;

enum class PairPast : uint8_t {
  kNone = 0,      // nothing that matters
  kCoolDown = 1,  // it failed not long ago: the pair stands lower for a while
  kExtend = 2,    // they have a contract: nothing moves, but it is said
};

struct PairMemory {
  PairPast past = PairPast::kNone;
  std::string text;                  // Chinese, ready to print; empty for kNone
  absl::CivilDay until;              // kCoolDown: the first day on which the pair stands where it did
  std::vector<std::string> entries;  // ids of what it is concluded from, by event time, at most
                                     // kMemoryEntriesMax
  bool operator==(const PairMemory&) const = default;
};

// What matching knows of the asking need (or offer): its pairs that have a past, by the other end.
using PairMemories = std::map<RecordName, PairMemory>;

// `ledger`: the entries of one pair by one tenant, in order of recording. Days are days in China. In this
// order, over what counts today:
//   a refusal, with nothing from interested on after it: kCoolDown from its day, as long as the table says
//   for
//     its reason, whether it was cleared or not (while it holds, the pair is not listed anyway);
//   a contract (signed, registered, paid or delivered): kExtend;
//   a meeting: kCoolDown from the last contact (the meeting or an interest after it), as long as the table's
//     row "met" says, but not within its days of grace.
PairMemory RememberPair(std::span<const LedgerEntry> ledger, absl::CivilDay today,
                        const CoolDownTable& table);

// Of what two tenants know of one pair, for who sees both: a contract before a cool-down, of two cool-downs
// the one that lasts longer, then `a`.
PairMemory Stronger(PairMemory a, PairMemory b);

// True if the pair is under way: it has a contract that is neither delivered nor refused (a delivery is of
// one contract; a payment after it begins nothing), or was interested or met since its last contract,
// delivery or refusal; and the last step of that lies within the 12 months up to `today`. `ledger` as above.
bool IsUnderWay(std::span<const LedgerEntry> ledger, absl::CivilDay today);

}  // namespace dongxi
