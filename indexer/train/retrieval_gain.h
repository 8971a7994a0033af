// What a model gains over another on texts that neither has been trained on.
#pragma once

#include <functional>
#include <span>

#include "absl/status/statusor.h"
#include "engine/embed/static_model.h"
#include "indexer/train/catalogue_texts.h"

namespace dongxi {

// Mean reciprocal ranks of the right document among all. Documents of the same similarity count as if their
// order were drawn by lot: a model that knows no word of a text is no better and no worse than chance. The
// interval is that of the difference: paired bootstrap over records, 95 %.
struct RetrievalGain {
  size_t records = 0;
  size_t queries = 0;
  double before = 0;
  double after = 0;
  double low = 0;
  double high = 0;
  double difference() const { return after - before; }
};

// At most 3000 evenly chosen records. Same input, same bits. Errors: Cancelled.
absl::StatusOr<RetrievalGain> MeasureGain(std::span<const HeldOutRecord> records, const Lexicon& lexicon,
                                          const StaticModel& before, const StaticModel& after, int threads,
                                          const std::function<bool()>& cancelled);

}  // namespace dongxi
