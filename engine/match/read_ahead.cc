#include "engine/match/read_ahead.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/status_macros.h"
#include "engine/match/consortium_collector.h"
#include "engine/match/explain.h"
#include "engine/requirement/compare_indicators.h"
#include "engine/requirement/offer_clauses.h"
#include "engine/requirement/offer_readings.h"

namespace dongxi {
namespace {

constexpr DocId kChunkRecords = 256;  // read from the catalogue at a time

std::vector<RecordName> NamesOf(const DocumentTable& documents, DocId begin) {
  std::vector<RecordName> names;
  const DocId end = std::min(begin + kChunkRecords, static_cast<DocId>(documents.size()));
  for (DocId doc = begin; doc < end; ++doc) {
    if (!documents.gone(doc)) names.push_back({documents.kind(doc), std::string(documents.id(doc))});
  }
  return names;
}

void ReadOffer(const Generation& generation, const Record& offer, bool clauses) {
  const auto reading = SharedReadings().Of(offer);
  (void)SharedReadings().LivenessWordOf(offer);
  if (generation.names != nullptr) (void)requirement::FormsOf(reading->indicators, *generation.names);
  if (clauses) (void)SharedClauses().Of(offer, generation.static_model.get());
}

}  // namespace

absl::StatusOr<size_t> ReadOffersAhead(const Generation& generation, const RecordSource& records,
                                       const std::function<bool()>& go_on) {
  const DocumentTable& documents = *generation.offers.documents;
  if (documents.size() > kReadAheadMax) return 0;
  const bool clauses = documents.size() <= kClausesAheadMax;
  size_t read = 0;
  for (DocId begin = 0; begin < documents.size(); begin += kChunkRecords) {
    DX_ASSIGN_OR_RETURN(const std::vector<std::optional<Record>> chunk,
                        records.GetMany(NamesOf(documents, begin)));
    for (const std::optional<Record>& offer : chunk) {
      if (!go_on()) return read;
      if (!offer) continue;  // deleted since
      ReadOffer(generation, *offer, clauses);
      ++read;
    }
  }
  return read;
}

}  // namespace dongxi
