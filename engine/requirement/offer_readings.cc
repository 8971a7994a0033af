#include "engine/requirement/offer_readings.h"

#include <utility>

#include "absl/hash/hash.h"

namespace dongxi::requirement {
namespace {

uint64_t FingerprintOf(const Record& record) {
  return absl::HashOf(record.kind, record.title, record.text, record.wanted, record.type, record.indicators,
                      record.conditions, record.modes, record.availability, record.maturity);
}

}  // namespace

OfferReadings::OfferReadings(const RequirementTables& tables, size_t readings_max)
    : tables_(tables), readings_max_(readings_max) {}

std::shared_ptr<const OfferReading> OfferReadings::Of(const Record& record) {
  const RecordName name{record.kind, record.id};
  const uint64_t fingerprint = FingerprintOf(record);
  {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(name);
    if (found != places_.end() && found->second->fingerprint == fingerprint) {
      kept_.splice(kept_.begin(), kept_, found->second);
      return found->second->reading;
    }
  }
  // Read without the lock: two callers may read the same record, which is no harm.
  auto reading = std::make_shared<const OfferReading>(ReadOffer(record, tables_));
  const std::lock_guard lock(mutex_);
  if (const auto found = places_.find(name); found != places_.end()) {
    kept_.erase(found->second);
    places_.erase(found);
  }
  kept_.push_front({name, fingerprint, reading});
  places_.emplace(name, kept_.begin());
  while (kept_.size() > readings_max_) {
    places_.erase(kept_.back().name);
    kept_.pop_back();
  }
  return reading;
}

size_t OfferReadings::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

}  // namespace dongxi::requirement
