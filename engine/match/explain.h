// From ranked candidates to entries that say why: titles, evidence, matched terms, reasons in Chinese.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/match/matched_terms.h"
#include "engine/match/matcher.h"
#include "engine/match/ranked_list.h"
#include "engine/requirement/assess.h"

namespace dongxi {

class ConsortiumCollector;
class NeedGate;

// What entries are explained against.
struct ExplainInput {
  const MatchContext& context;
  const Collection& collection;  // of the candidates
  const Record& question;        // the need, or the offer of a reverse match
  const TermMatcher& terms;      // of the question
  Detail detail = Detail::kFull;
  requirement::Assessor* assessor = nullptr;  // of the need's requirements; null: they are left out
  ConsortiumCollector* consortium = nullptr;  // hears of each entry; null: nobody asks for one
  const OfferGate* gate = nullptr;            // that barred and lowered the candidates; null: none did
  const NeedGate* need_gate = nullptr;        // the same of a reverse match
};

// What requirements are assessed with on the question's day.
requirement::AssessContext AssessContextOf(const MatchContext& context, const MatchSettings& settings);
// Readings by the built-in tables, shared by all answers of the process. Thread-safe.
requirement::NeedReadings& SharedNeedReadings();
requirement::OfferReadings& SharedReadings();

// One entry a candidate, in order; candidates whose record is gone from the catalogue are left out. With
// Detail::kNamesOnly no record is read.
absl::StatusOr<std::vector<MatchEntry>> Explain(const ExplainInput& input,
                                                std::span<const RankedCandidate> candidates);

// The contributions that add up to the candidate's score.
std::vector<ScorePart> PartsOf(const RankedCandidate& candidate, const RankingConfig& ranking);

// The fields of a record that are compared and highlighted: title, text, wanted; lists as one text each.
std::vector<NamedText> FieldsForMatching(const Record& record);

}  // namespace dongxi
