// Answers as text for the terminal.
#pragma once

#include "cli/io.h"
#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/search.pb.h"
#include "google/protobuf/message.h"
#include "report/json.h"

namespace dongxi::cli {

// Policy reading, the lists asked for, and what the answer was made from.
void PrintMatch(const v1::MatchRequest& request, const v1::MatchResponse& answer, const Io& io);
void PrintReverseMatch(const v1::ReverseMatchResponse& answer, const Io& io);
void PrintSearch(const v1::SearchResponse& answer, const Io& io);

// Requirement by requirement of one entry: ✓ 满足, △ 差, ✗ 不满足, ? 未说明, one a line; nothing for none.
void PrintRequirements(const v1::MatchEntry& entry, const Io& io);

// Facets, broadening and ranking of an answer, which the report does not show.
void AddMatchExtras(const v1::MatchResponse& answer, report::Json* json);
// --json of an answer that only this program prints: the message in the JSON form of the API.
void PrintMessage(const google::protobuf::Message& message, const Io& io);

}  // namespace dongxi::cli
