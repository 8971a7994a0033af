// What of a need's requirements a candidate meets. From the verdicts of the answer (indicators, maturity,
// modes, parties, conditions, liveness); from an answer without them, such as one of an earlier version, from
// the score parts of maturity, cooperation modes and conditions, which say the share that is met. Pure
// functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/records.pb.h"

namespace dongxi::report {

enum class FitVerdict { kFits, kPartly, kNot, kUnsaid };

struct Fit {
  FitVerdict verdict = FitVerdict::kNot;
  std::string text;  // in Chinese: 成熟度达到 TRL 7 …
};

// One for each verdict, in the order of the answer: what is short says by how much; what the offer says
// nothing of is neither met nor missed. Without verdicts one for each condition that the need states,
// in the order maturity, modes, conditions. A candidate that does not meet one and a candidate that says
// nothing of it are the same in the answer, and the text says so. Empty if the answer does not tell: it has
// no score parts, or its policy weight is 0.
std::vector<Fit> FitsOf(const v1::Need& need, const v1::MatchResponse& answer, const v1::MatchEntry& entry);

// The texts of those that fit (or fit in part), of those that do not, and of those that nothing is said of.
std::string FittingText(const std::vector<Fit>& fits);
std::string NotFittingText(const std::vector<Fit>& fits);
std::string UnsaidText(const std::vector<Fit>& fits);

// How far the entry is from the conditions of the site; "" where the need asks for none.
std::string AdaptationText(const v1::MatchEntry& entry);

}  // namespace dongxi::report
