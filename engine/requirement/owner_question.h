// The one question to a need's owner that would help most. Pure functions; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "engine/requirement/assess.h"

namespace dongxi::requirement {

// The question whose answer would part the offers most: of what the need leaves open and the offers answer
// differently, that with the highest entropy (bits) over the offers.
struct OwnerQuestion {
  std::string text;  // Chinese: 对“锂收率”有没有要求？候选的数值从 80% 到 92%。
  double bits = 0;
  bool operator==(const OwnerQuestion&) const = default;
};
// Nothing where the offers do not differ. REQUIRES: no null in `offers`; an offer may stand there repeatedly.
std::optional<OwnerQuestion> BestQuestion(const NeedReading& need,
                                          std::span<const OfferReading* const> offers);

}  // namespace dongxi::requirement
