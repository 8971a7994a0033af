// Which answers an engagement may name as its cause. Any thread.
#pragma once

#include "absl/status/status.h"
#include "dongxi/v1/engagement.pb.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

// NotFound (MATCH_NOT_FOUND) if the match of `entry` is not in the match log or is none of the caller's: one
// message for both. InvalidArgument (MATCH_OF_OTHERS) if its question was about another need or offer.
absl::Status CheckMatchOf(const dongxi::v1::Engagement& entry, const CatalogueReader& catalogue,
                          const Caller& caller);

}  // namespace dongxi
