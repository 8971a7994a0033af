// Listens while the lists of one answer are explained, and makes the consortium and the owner's question of
// their entries. Internal to engine/match. Not thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/match/consortium.h"
#include "engine/match/match.h"
#include "engine/match/matcher.h"
#include "engine/requirement/assess.h"
#include "engine/requirement/element_cover.h"
#include "engine/requirement/offer_clauses.h"

namespace dongxi {

// What the clauses of offers say, by the built-in tables, shared by all answers of the process. Thread-safe.
requirement::OfferClauseReadings& SharedClauses();

class ConsortiumCollector {
 public:
  // All outlive this. The need's elements are read here.
  ConsortiumCollector(const MatchContext& context, const Record& need, requirement::Assessor& assessor);

  // An entry of a list, with the record that speaks for it; `rank` from 1.
  void Add(const MatchEntry& entry, size_t rank, const Record& candidate, const Record& evidence);

  // Nothing where the need has fewer than two elements.
  std::optional<MatchConsortium> Consortium() const;
  std::optional<requirement::OwnerQuestion> Question() const;

 private:
  struct Offer {
    RecordName name;
    std::string title;
    bool illustrative = false;
    std::vector<requirement::RequirementVerdict> verdicts;
    requirement::OfferCover cover;  // its verdicts are set when all offers are there
    std::shared_ptr<const requirement::OfferReading> reading;
  };
  struct Heard {
    uint64_t texts = 0;  // as requirement::OfferCover::texts
    std::shared_ptr<const requirement::OfferReading> reading;
  };
  const Heard& Hear(const Record& evidence);
  std::vector<ConsortiumElement> ElementsOf(const requirement::Consortium& made) const;
  std::vector<ConsortiumMember> MembersOf(const requirement::Consortium& made) const;

  const MatchContext& context_;
  requirement::Assessor& assessor_;
  const requirement::NeedReading& need_;
  const std::vector<requirement::TextElement>& texts_;  // the assessor's
  const requirement::ElementCover cover_;
  std::vector<Offer> offers_;
  // One record often speaks for a result, its institution and its expert: its texts are compared once.
  std::map<RecordName, Heard> heard_;
};

}  // namespace dongxi
