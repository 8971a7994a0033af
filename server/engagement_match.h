// Which answers an engagement may name as its cause. Any thread.
#pragma once

#include "absl/status/statusor.h"
#include "dongxi/v1/engagement.pb.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

inline constexpr char kNotListed[] = "NOT_LISTED";  // warning: the match did not list the pair
// True of an entry that names a match which recommended the pair to nobody.
bool IsNotListed(const dongxi::v1::Engagement& entry);

// Whether the match or watch that `entry` names recommended its pair: the answer has the offer among what it
// lists (a reverse match the need, a search either), and does not bar it. Answers of before that was noted
// are believed, and so are watches of the need or the offer; a watch of a text is not: what it reported is
// not kept. NotFound (MATCH_NOT_FOUND) if the match is not in the match log or is none of the caller's: one
// message for both. InvalidArgument (MATCH_OF_OTHERS) if its question was about another need or offer,
// (MATCH_AFTER_EVENT) if it was answered, or the watch made, on a later day in China than that of the entry.
absl::StatusOr<bool> MatchListed(const dongxi::v1::Engagement& entry, const CatalogueReader& catalogue,
                                 const Caller& caller);

}  // namespace dongxi
