// Answers as text for the terminal.
#pragma once

#include "cli/io.h"
#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/search.pb.h"

namespace dongxi::cli {

// Policy reading, the lists asked for, and what the answer was made from.
void PrintMatch(const v1::MatchRequest& request, const v1::MatchResponse& answer, const Io& io);
void PrintReverseMatch(const v1::ReverseMatchResponse& answer, const Io& io);
void PrintSearch(const v1::SearchResponse& answer, const Io& io);

}  // namespace dongxi::cli
