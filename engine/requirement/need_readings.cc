#include "engine/requirement/need_readings.h"

#include "absl/hash/hash.h"

namespace dongxi::requirement {
namespace {

uint64_t FingerprintOf(const Record& need) {
  return absl::HashOf(need.kind, need.title, need.text, need.wanted, need.task, need.indicators,
                      need.conditions, need.modes, need.maturity);
}

}  // namespace

std::shared_ptr<const KnownNeed> NeedReadings::Of(const Record& need) {
  return kept_.Of({need.kind, need.id}, FingerprintOf(need), [&] {
    KnownNeed known{ReadNeed(need, tables_), {}};
    known.elements = ReadTextElements(need, known, tables_);
    return known;
  });
}

}  // namespace dongxi::requirement
