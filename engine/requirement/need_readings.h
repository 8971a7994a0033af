// What needs ask for, kept between answers: a need is asked again for its next page, its report and its
// watch.
#pragma once

#include <memory>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/assess.h"
#include "engine/requirement/elements.h"
#include "engine/requirement/kept_by_key.h"

namespace dongxi::requirement {

struct KnownNeed : NeedReading {
  std::vector<TextElement> elements;
};

// Thread-safe.
class NeedReadings {
 public:
  // `tables` outlive this. A reading takes a few KB.
  NeedReadings(const RequirementTables& tables, size_t readings_max) : tables_(tables), kept_(readings_max) {}

  // Never null. Recognised by name and a fingerprint of all that a reading depends on: a changed need is read
  // again, and so is a text without an id that is not the last one asked for.
  std::shared_ptr<const KnownNeed> Of(const Record& need);

 private:
  const RequirementTables& tables_;
  KeptByRecord<KnownNeed> kept_;
};

}  // namespace dongxi::requirement
