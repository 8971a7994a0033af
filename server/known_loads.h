// How many pairs of each expert are under way, remembered between answers: every match asks it of all its
// experts, and between two entries of the ledger it does not change. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "engine/record/record.h"
#include "server/ledger_sight.h"

namespace dongxi {

struct RecordNameHash {
  size_t operator()(const RecordName& name) const { return absl::HashOf(name.kind, name.id); }
};
using OpenMatchesOf = absl::flat_hash_map<RecordName, int, RecordNameHash>;

class KnownLoads {
 public:
  // Whose sights are remembered at most, and how many experts for them all together, of about a hundred bytes
  // each; beyond either all is forgotten.
  static constexpr size_t kSightsMax = 64;
  static constexpr size_t kExpertsMax = 300'000;

  // What was kept for just this sight of the ledger.
  std::optional<int> Find(const LedgerSight& sight, const RecordName& expert) const;
  // Forgets what is known of earlier ends of the ledger as the same viewer sees it; a later end stays.
  void Keep(const LedgerSight& sight, const RecordName& expert, int open);

 private:
  struct Known {
    uint64_t last = 0;
    absl::CivilDay today;
    OpenMatchesOf open;
  };
  mutable std::mutex mutex_;  // guards what follows
  // By all_tenants and tenant, which decide which entries are seen.
  std::map<std::pair<bool, std::string>, Known> by_viewer_;
  size_t experts_ = 0;  // of all viewers
};

}  // namespace dongxi
