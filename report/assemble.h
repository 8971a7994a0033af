// What `dongxi report` and the server's report jobs do alike between the question and the written files. Pure
// functions; any thread.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/records.pb.h"
#include "report/exposure_balance.h"
#include "report/model.h"

namespace dongxi::report {

inline constexpr int kTopDefault = 5;       // entries a list
inline constexpr int kPageSizeMax = 1'000;  // that one match gives

// The question of every need, but for the need: `choice` (kinds, filter, weights …) with as many candidates
// as lists of `top` entries take, in full.
v1::MatchRequest QuestionOf(const v1::MatchRequest& choice, int top, const ExposureLimits& limits);

// Asks `question` by `ask`. Consortium and owner's question speak of the entries that an answer has: where
// more than `top` a list are asked for, they are those of a second answer with `top`, which is what the
// report lists unless a limit changes it (then NameWhatIsShown); its match_id, too. Errors: those of `ask`.
using AskOnce = std::function<absl::Status(const v1::MatchRequest& question, v1::MatchResponse* answer)>;
absl::Status AskForReport(const v1::MatchRequest& question, int top, const AskOnce& ask,
                          v1::MatchResponse* answer);

// Writes into the report how the candidates were chosen: options, kinds and top. `need_filter` may be empty.
void TellQuestion(const v1::MatchRequest& choice, int top, const std::string& need_filter,
                  MatchReport* report);

// Of a need in a Journal: a need that was changed since is matched again.
std::string KeyOf(const v1::Need& need);

// True if lists of the kind are asked for.
bool AsksFor(const v1::MatchRequest& choice, v1::RecordKind kind);

// Resource names of the institutions that the report names: their display names belong into
// MatchReport.institution_names. Other names in its lists are display names already.
std::set<std::string> InstitutionsToName(const MatchReport& report);

// True if a report of every need can tell which offers nobody needs: the choice leaves no candidate out, by a
// filter or by the number that one institution may have.
bool CanTellIdleOffers(const v1::MatchRequest& choice);

// Names that no idle offer has: those of adequate entries among the first `top` of each list and of the
// institutions behind them (display names, where an entry names its institutions so), and those of the
// institutions with needs.
std::set<std::string> WantedNames(const MatchReport& report, int top);

// Of a record of the catalogue: true if nobody wants it. One that is over (valid_until, an ISO date, before
// `today`) is offered to nobody and therefore not idle; "" is never over.
bool IsIdle(const std::set<std::string>& wanted, const std::string& today, const IdleOffer& offer,
            const std::string& valid_until);

// Offers that name no region get that of their owner; `regions` has the codes by name of the institution.
void FillRegions(const std::map<std::string, std::string>& regions, std::vector<IdleOffer>* offers);

// The day of the last answer in China, as 2026-11-26; today if no answer says its time.
std::string DayOf(const MatchReport& report);

// Takes out what is another with every run: times, match ids and the page tokens that name them.
void MakeReproducible(v1::MatchResponse* answer);

}  // namespace dongxi::report
