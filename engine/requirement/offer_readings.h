// What records of offers say, kept between answers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/assess.h"
#include "engine/requirement/kept_by_key.h"
#include "engine/requirement/liveness.h"
#include "engine/requirement/mode_words.h"

namespace dongxi::requirement {

// Thread-safe.
class OfferReadings {
 public:
  // `tables` outlive this. A reading takes a few KB.
  OfferReadings(const RequirementTables& tables, size_t readings_max)
      : tables_(tables), kept_(readings_max), words_(readings_max), mode_words_(readings_max) {}

  // Never null. A record that was changed is read again: what was read is recognised by its name and a
  // fingerprint of all that a reading depends on.
  std::shared_ptr<const OfferReading> Of(const Record& record);

  // HeaviestLivenessWord of any record; never null.
  std::shared_ptr<const std::optional<LivenessWord>> LivenessWordOf(const Record& record);

  // ReadModeWords; never null.
  std::shared_ptr<const ModeWords> ModeWordsOf(const std::vector<std::string>& wanted, const Record& offer);

  size_t size() const { return kept_.size(); }

 private:
  const RequirementTables& tables_;
  KeptByRecord<OfferReading> kept_;
  KeptByRecord<std::optional<LivenessWord>> words_;
  KeptByKey<std::string, ModeWords> mode_words_;  // by the offer and what is wanted
};

}  // namespace dongxi::requirement
