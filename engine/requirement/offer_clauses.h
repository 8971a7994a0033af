// What a record of an offer says, clause by clause, in the form that the elements of a need are compared
// with.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/embed/static_model.h"
#include "engine/record/record.h"
#include "engine/requirement/kept_by_key.h"
#include "engine/requirement/phrase_vector.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

inline constexpr size_t kOfferClausesMax = 48;  // of one record; what stands behind them is not read

struct OfferClause {
  std::u32string text;      // normalised
  PhraseVector vector;      // empty without a model
  uint64_t characters = 0;  // MaskOf(text)
};
// Bit c % 64 of every character c: a text that holds another has all bits of its mask.
inline uint64_t MaskOf(std::u32string_view text) {
  uint64_t mask = 0;
  for (const char32_t c : text) mask |= uint64_t{1} << (c % 64);
  return mask;
}

// Of title, text, wanted, fields, keywords and indicators, in this order; without clauses that say what the
// offer does not have (未, 不适用, 没有涉及). `model` may be null.
std::vector<OfferClause> ReadOfferClauses(const Record& record, const StaticModel* model,
                                          const RequirementTables& tables);

// Keeps them between answers. Thread-safe.
class OfferClauseReadings {
 public:
  // `tables` outlive this. A reading takes about 6 KB.
  OfferClauseReadings(const RequirementTables& tables, size_t readings_max)
      : tables_(tables), kept_(readings_max) {}

  // Never null. Read again when the record or the model is another.
  std::shared_ptr<const std::vector<OfferClause>> Of(const Record& record, const StaticModel* model);

  size_t size() const { return kept_.size(); }

 private:
  const RequirementTables& tables_;
  KeptByRecord<std::vector<OfferClause>> kept_;
};

}  // namespace dongxi::requirement
