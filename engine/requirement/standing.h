// How an offer stands, as little of it as an index keeps of each record: enough to gate and to lower without
// reading the record. JudgeLiveness (liveness.h) says the same of the record, with its reasons. Pure
// functions; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "engine/record/record.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

// From what speaks least against it to what speaks most; the numbers stand in files
// (docs/format/documents.md).
enum class Standing : uint8_t { kUnsaid = 0, kFine = 1, kLowered = 2, kBlocked = 3 };

// Of a record alone, whatever the day.
struct StandingMark {
  Standing words = Standing::kUnsaid;  // the heaviest that its IP status (a result) or its text says
  uint8_t term_years = 0;              // of protection, from the result's year on; 0: has no term
  bool operator==(const StandingMark&) const = default;
};
// Needs and evidence have none.
StandingMark ReadStanding(const Record& record, const RequirementTables& tables);

// 20 years of an invention, 15 of a design, 10 of a utility model (《专利法》第四十二条); 0 for other
// records.
int TermYearsOf(const Record& record);
// The term, counted from `year` (0: not known), ended before `today_year` began.
bool TermIsOver(int year, int term_years, int today_year);

inline constexpr int kEndsSoonDays = 90;  // an offer that ends sooner hardly outlasts the talks

// The day is known: `last_valid_day` and `today` in days since 1970-01-01.
Standing StandingOn(const StandingMark& mark, int year, int32_t last_valid_day, int32_t today,
                    int today_year);
// Of an expert with so many engagements under way; kUnsaid below `max` and for a max of 0.
Standing StandingOfLoad(int open, int max, const RequirementTables& tables);
// The row of the table that judges such a load; null: none.
const LivenessRow* LoadRow(int open, int max, const RequirementTables& tables);

// CRC-32C of the tables that marks depend on (liveness.tsv, claims.tsv) as compiled in and of the number of
// the rules that read them, eight hex digits: marks of another version are out of date.
std::string BuiltInLivenessVersion();

}  // namespace dongxi::requirement
