#include "server/known_loads.h"

namespace dongxi {
namespace {

std::pair<bool, std::string> WhoseOf(const LedgerSight& sight) {
  return {sight.viewer.all_tenants, sight.viewer.all_tenants ? "" : sight.viewer.tenant};
}

}  // namespace

std::optional<int> KnownLoads::Find(const LedgerSight& sight, const RecordName& expert) const {
  const std::lock_guard lock(mutex_);
  const auto known = by_viewer_.find(WhoseOf(sight));
  if (known == by_viewer_.end()) return std::nullopt;
  if (known->second.last != sight.last || known->second.today != sight.today) return std::nullopt;
  const auto open = known->second.open.find(expert);
  return open == known->second.open.end() ? std::nullopt : std::optional<int>(open->second);
}

void KnownLoads::Keep(const LedgerSight& sight, const RecordName& expert, int open) {
  const std::lock_guard lock(mutex_);
  const auto whose = WhoseOf(sight);
  if (experts_ >= kExpertsMax || (by_viewer_.size() >= kSightsMax && !by_viewer_.contains(whose))) {
    by_viewer_.clear();
    experts_ = 0;
  }
  Known& known = by_viewer_[whose];
  if (known.last > sight.last || known.today > sight.today) return;  // a page or a replay of earlier
  if (known.last != sight.last || known.today != sight.today) {
    experts_ -= known.open.size();
    known = {sight.last, sight.today, {}};
  }
  experts_ += known.open.insert_or_assign(expert, open).second ? 1 : 0;
}

}  // namespace dongxi
