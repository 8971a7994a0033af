// What records of offers say, kept between answers: the same offers stand in many answers, and reading one
// takes longer than comparing it. A reading depends on its record's texts and codes and on the tables only,
// so that an answer is the same with and without this.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "engine/record/record.h"
#include "engine/requirement/assess.h"

namespace dongxi::requirement {

// Thread-safe.
class OfferReadings {
 public:
  // `tables` outlive this. Beyond `readings_max` the one that was not asked for longest is forgotten; a
  // reading takes a few KB.
  OfferReadings(const RequirementTables& tables, size_t readings_max);

  // Never null. A record that was changed is read again: what was read is recognised by its name and a
  // fingerprint of all that a reading depends on.
  std::shared_ptr<const OfferReading> Of(const Record& record);

  size_t size() const;

 private:
  struct Kept {
    RecordName name;
    uint64_t fingerprint = 0;
    std::shared_ptr<const OfferReading> reading;
  };

  const RequirementTables& tables_;
  const size_t readings_max_;
  mutable std::mutex mutex_;  // guards both below; ThreadSanitizer sees it, unlike Debian's absl::Mutex
  std::list<Kept> kept_;      // the last asked for first
  std::map<RecordName, std::list<Kept>::iterator> places_;
};

}  // namespace dongxi::requirement
