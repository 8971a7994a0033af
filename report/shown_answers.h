// Which answer of the match log a report names for each need. The ledger counts a step as 经推荐 if the
// answer that it names lists the pair: so the report is to name one that lists what it shows, and not what
// was asked for in reserve and taken away by a limit of exposure. Pure but for the calls of the caller.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "dongxi/v1/match.pb.h"
#include "report/model.h"

namespace dongxi::report {

// Names that the lists of each need begin with, `top` of each list.
using ShownNames = std::vector<std::set<std::string>>;
ShownNames ShownIn(const MatchReport& report, int top);

// Asks the question about the need at that place of the report.
using AskAbout =
    std::function<absl::Status(size_t need, const v1::MatchRequest& question, v1::MatchResponse* answer)>;

// After BalanceExposure, with ShownIn of before it: an answer whose lists were changed gets the match_id of
// another one to `question`, of the names alone that are shown now; none where nothing is shown, or where no
// such answer can be had. Where the names are too many for a filter (docs/filter.md), that of an answer
// with all that the question gives. Answers without a match_id are left alone. Errors: those of `ask`.
absl::Status NameWhatIsShown(const v1::MatchRequest& question, int top, const ShownNames& before,
                             const AskAbout& ask, MatchReport* report);

}  // namespace dongxi::report
