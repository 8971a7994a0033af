// Which candidates must not be recommended for a need whatever their score, and which have something to be
// cleared first: how offers, experts and institutions stand, the kind of party that the need asks for, the
// modes that exclude one another. Reads the ordinal table and the ledger, no records. Internal to
// engine/match. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/index/document_table.h"
#include "engine/match/match.h"
#include "engine/match/matcher.h"
#include "engine/match/ranking_config.h"
#include "engine/requirement/liveness.h"
#include "engine/requirement/modes.h"

namespace dongxi {

// Why a candidate is barred: it is never adequate and stands behind all that are not barred.
enum class Bar : uint8_t {
  kNone,
  kStanding,  // it cannot be had: IP invalid or given away, expert gone or overloaded, institution closed
  kParty,     // the need asks for a kind of party (an operator, a park, people) and it is none of them
};

struct GateAnswer {
  Bar bar = Bar::kNone;
  bool lowered = false;        // something about its standing has to be cleared first
  bool modes_exclude = false;  // it offers modes, and none of them goes with any that the need wants
};

// The institutions that an entry names behind `doc`, at most kInstitutionsBehind, itself never.
inline constexpr size_t kInstitutionsBehind = 3;
std::vector<DocId> InstitutionsBehind(const DocumentTable& documents, DocId doc);

// How the institutions behind an offer stand, as JudgeOwners judges their records; of those that `viewer` may
// not see nothing is told. `today` in days since 1970-01-01.
requirement::Standing StandingOfInstitutions(const DocumentTable& documents,
                                             std::span<const DocId> institutions, const Viewer& viewer,
                                             int32_t today);
// A wanted mode goes with an offered one, fully or partly.
bool ModesGoTogether(std::string_view wanted, std::string_view offered);
// Why, in Chinese, an offer is barred for a need that asks for `parties`, or what of its standing has to be
// cleared first: a sentence without its end.
std::string WhyOf(Bar bar, const requirement::PartiesAsked& parties, const Record& offer,
                  std::span<const Record* const> institutions, const requirement::LivenessInput& liveness);

class OfferGate {
 public:
  // All outlive this. `loads` may be null.
  OfferGate(const Record& need, const DocumentTable& documents, const RankingConfig& ranking,
            const MatchSettings& settings, const ExpertLoads* loads);

  // `evidence` speaks for the candidate; the candidate itself for a result. Errors: those of the ledger.
  absl::StatusOr<GateAnswer> For(DocId candidate, DocId evidence);

  // Why, in Chinese, of the candidate's record and those of InstitutionsBehind: a sentence without its end;
  // empty where `bar` is kNone and nothing has to be cleared.
  std::string Why(Bar bar, const Record& candidate, std::span<const Record* const> institutions,
                  requirement::ExpertLoad load) const;

 private:
  absl::StatusOr<requirement::Standing> StandingOf(DocId candidate);
  bool IsWrongParty(DocId candidate) const;
  bool ModesExclude(DocId candidate, DocId evidence);
  bool GoesWith(std::string_view offered);

  const DocumentTable& documents_;
  const RankingConfig& ranking_;
  const MatchSettings& settings_;
  const ExpertLoads* loads_;
  const int32_t today_;
  const requirement::PartiesAsked parties_;
  const std::vector<std::string>& wanted_modes_;
  // Whether an offered mode goes with at least one wanted mode, fully or partly.
  std::map<std::string, bool, std::less<>> goes_with_;
};

}  // namespace dongxi
