// Reads what the offers of a generation say before anybody asks for it, so that the first answers with
// verdicts cost what later ones do.
#pragma once

#include <cstddef>
#include <functional>

#include "absl/status/statusor.h"
#include "engine/index/generation.h"
#include "engine/match/matcher.h"

namespace dongxi {

// A generation with more offers is not read ahead: what is kept of those in use would be forgotten for
// others.
inline constexpr size_t kReadAheadMax = 16'384;
// Clauses, which consortia ask for, are kept of fewer.
inline constexpr size_t kClausesAheadMax = 2'048;

// Reads into what all answers of the process share, an offer in some tenths of a millisecond; one that is
// known already costs next to nothing. Asks `go_on` before every offer and stops when it says no; it may
// wait. Returns how many offers were read. Errors: those of `records`. Any thread.
absl::StatusOr<size_t> ReadOffersAhead(const Generation& generation, const RecordSource& records,
                                       const std::function<bool()>& go_on);

}  // namespace dongxi
