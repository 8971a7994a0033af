// The gate the other way round: for which needs a given offer must not be recommended whatever the score, and
// what of it has to be cleared first. Tells of a need what OfferGate tells of the offer, by the same rules.
// How the offer stands is found once; modes come from the ordinal table of the needs; only which party a need
// asks for stands in its record, and most needs are known not to ask for parties alone without reading it.
// Internal to engine/match. Any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/match/gate.h"
#include "engine/match/match.h"
#include "engine/match/matcher.h"

namespace dongxi {

class NeedGate {
 public:
  // Reads the records of the institutions behind the offer if something about its standing has to be said,
  // which needs more than Detail::kNamesOnly.
  // Both outlive this. Errors: those of the ledger and of the record source.
  static absl::StatusOr<NeedGate> Create(const MatchContext& context, const ReverseQuestion& question);

  // Of the offer, whatever the need: it cannot be had.
  bool blocked() const { return standing_ == requirement::Standing::kBlocked; }

  // Without the bar of the party, which PartyBars tells.
  GateAnswer For(DocId need) const;
  // Whether the record must be read to know if the offer is the party that the need asks for.
  bool MustReadPartyOf(DocId need) const;
  // The need asks for parties alone and the offer is none of them.
  bool PartyBars(const Record& need) const;

  // Why, in Chinese: a sentence without its end; empty where `bar` is kNone and nothing has to be cleared.
  std::string Why(Bar bar, const Record& need) const;
  // Behind the offer, as Create read them; empty where nothing speaks against it.
  std::vector<const Record*> institutions() const;

 private:
  NeedGate(const MatchContext& context, const ReverseQuestion& question);
  absl::Status ReadStanding(const MatchContext& context);
  std::vector<DocId> InstitutionsOfOffer(const DocumentTable& offers) const;
  bool ModesExclude(DocId need) const;

  const ReverseQuestion& question_;
  const DocumentTable& needs_;
  const bool may_be_every_party_;
  requirement::Standing standing_ = requirement::Standing::kUnsaid;
  requirement::LivenessInput liveness_;
  std::vector<std::optional<Record>> institutions_;
};

}  // namespace dongxi
