// All requirements of a need against an offer: the answer's requirement-by-requirement part.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "engine/record/record.h"
#include "engine/requirement/conditions.h"
#include "engine/requirement/liveness.h"
#include "engine/requirement/maturity.h"
#include "engine/requirement/mode_words.h"
#include "engine/requirement/modes.h"
#include "engine/requirement/name_forms.h"
#include "engine/requirement/requirement.h"

namespace dongxi::requirement {

inline constexpr size_t kNeedIndicatorsMax =
    30;  // assessed of one need, in order of indicators, wanted, title, text

// What a need asks for, read once for all offers.
struct NeedReading {
  std::vector<Indicator> indicators;
  std::vector<FieldSpan> spans;  // of the indicators
  std::optional<MaturityReading> maturity;
  std::vector<std::string> modes;
  ModeConditions mode_conditions;
  PartiesAsked parties;
  std::map<std::string, ConditionReading> conditions;
};
// `need` is a need. Its indicators and `wanted` are read whole; of its title and text only what they demand
// in words, for the rest is the present state (a need that has neither is read whole). What two fields say
// alike counts once.
NeedReading ReadNeed(const Record& need, const RequirementTables& tables);

// What one record of an offer says, read once for all needs.
struct OfferReading {
  std::vector<Indicator> indicators;
  std::vector<FieldSpan> spans;
  std::optional<MaturityReading> maturity;
  std::map<std::string, ConditionReading> conditions;
};
OfferReading ReadOffer(const Record& record, const RequirementTables& tables);

struct AssessContext {
  absl::CivilDay today;
  ModeNames mode_name;                          // not null
  int open_matches = 0, open_matches_max = 0;   // of an expert; 0: not known
  std::span<const Record* const> institutions;  // behind the candidate, as far as they are known; none null
  NameForms* names = nullptr;                   // as in CompareIndicators
};

// What the texts of the evidence say of a need, whoever the candidate is.
struct EvidenceVerdicts {
  std::vector<RequirementVerdict> indicators, maturity, conditions;
};
// `names` and `need_names` as in CompareIndicators.
EvidenceVerdicts JudgeEvidence(const NeedReading& need, const OfferReading& reading,
                               const RequirementTables& tables, NameForms* names,
                               const FormsOfNames* need_names = nullptr);

// `candidate` is what stands in the answer (a result, a partner, an expert); `evidence`, with its reading, is
// the record that speaks for it, the candidate itself for a result. Offer spans lie in the evidence, of
// kLiveness in the candidate. In order: indicators, maturity, modes, parties, conditions, liveness, that of
// the institutions last; kinds of
// which the need says nothing give none. Pure; any thread.
std::vector<RequirementVerdict> AssessRequirements(const NeedReading& need, const Record& candidate,
                                                   const Record& evidence, const OfferReading& reading,
                                                   const AssessContext& context,
                                                   const RequirementTables& tables);

class NeedReadings;
class OfferReadings;
struct KnownNeed;
struct TextElement;

// Assesses the entries of one answer: what one record of evidence says of a need is judged once, however many
// entries it speaks for. Needs and evidence that `needs` and `offers` know are not read again. Not
// thread-safe. Tables, readings (of the same tables) and the context's names outlive it, and so do the
// records until it is gone.
class Assessor {
 public:
  Assessor(const RequirementTables& tables, NeedReadings* needs, OfferReadings* offers, AssessContext context)
      : tables_(tables), known_needs_(*needs), known_offers_(*offers), context_(std::move(context)) {}
  // As AssessRequirements. `load` is that of the candidate if he is an expert, `institutions` are those
  // behind the candidate; they take the place of the context's.
  std::vector<RequirementVerdict> Assess(const Record& need, const Record& candidate, const Record& evidence,
                                         ExpertLoad load = {},
                                         std::span<const Record* const> institutions = {});
  // What the need asks for; valid as long as this.
  const NeedReading& ReadingOf(const Record& need);
  // And in words that are no figures (ReadTextElements); valid as long as this.
  const std::vector<TextElement>& ElementsOf(const Record& need);
  // What the evidence says; never null.
  const std::shared_ptr<const OfferReading>& ReadingOfOffer(const Record& evidence);

 private:
  struct Asked {
    std::shared_ptr<const KnownNeed> need;
    FormsOfNames names;  // of its indicators; empty without names in the context
  };
  const Asked& AskedBy(const Record& need);
  // `offering` is whose modes count.
  const std::vector<RequirementVerdict>& ModesFor(const Record& need, const Record& offering);
  const EvidenceVerdicts& VerdictsOf(const Record& need, const Record& evidence);

  const RequirementTables& tables_;
  NeedReadings& known_needs_;
  OfferReadings& known_offers_;
  const AssessContext context_;
  std::map<RecordName, Asked> needs_;
  std::map<RecordName, std::shared_ptr<const OfferReading>> offers_;
  std::map<std::pair<RecordName, RecordName>, EvidenceVerdicts> judged_;  // by need and evidence
  // By need, the modes that are offered, and what the offer's text says of them.
  std::map<std::tuple<RecordName, std::vector<std::string>, ModeWords>, std::vector<RequirementVerdict>>
      modes_;
};

}  // namespace dongxi::requirement
