#include "engine/requirement/offer_readings.h"

#include "absl/hash/hash.h"

namespace dongxi::requirement {
namespace {

uint64_t FingerprintOf(const Record& record) {
  return absl::HashOf(record.kind, record.title, record.text, record.wanted, record.type, record.indicators,
                      record.conditions, record.modes, record.availability, record.maturity);
}

}  // namespace

std::shared_ptr<const OfferReading> OfferReadings::Of(const Record& record) {
  return kept_.Of({record.kind, record.id}, FingerprintOf(record),
                  [&] { return ReadOffer(record, tables_); });
}

std::shared_ptr<const std::optional<LivenessWord>> OfferReadings::LivenessWordOf(const Record& record) {
  const uint64_t fingerprint = absl::HashOf(record.kind, record.title, record.text, record.ip_status);
  return words_.Of({record.kind, record.id}, fingerprint,
                   [&] { return HeaviestLivenessWord(record, tables_); });
}

std::shared_ptr<const ModeWords> OfferReadings::ModeWordsOf(const std::vector<std::string>& wanted,
                                                            const Record& offer) {
  std::string key = offer.id;
  key += '\n';  // in no id
  key += static_cast<char>('0' + static_cast<int>(offer.kind));
  for (const std::string& mode : wanted) (key += ' ') += mode;
  const uint64_t fingerprint = absl::HashOf(offer.text, offer.ip_status, offer.modes, offer.availability);
  return mode_words_.Of(key, fingerprint, [&] { return ReadModeWords(wanted, offer, tables_); });
}

}  // namespace dongxi::requirement
