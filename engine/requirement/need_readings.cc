#include "engine/requirement/need_readings.h"

#include "absl/hash/hash.h"

namespace dongxi::requirement {
namespace {

uint64_t FingerprintOf(const Record& need) {
  return absl::HashOf(need.kind, need.title, need.text, need.wanted, need.task, need.indicators,
                      need.conditions, need.modes, need.maturity);
}

}  // namespace

std::shared_ptr<const NeedReading> NeedReadings::Of(const Record& need) {
  return kept_.Of({need.kind, need.id}, FingerprintOf(need), [&] { return ReadNeed(need, tables_); });
}

}  // namespace dongxi::requirement
