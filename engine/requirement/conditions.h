// Conditions of a site (altitude, cold, drought, salt, sand, weak grid, remoteness): asked for by a need,
// validated by an offer. Pure functions; any thread.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/requirement.h"
#include "engine/requirement/scanned_record.h"

namespace dongxi::requirement {

struct ConditionReading {
  std::optional<FieldSpan> span;  // of the word or number; none if the field `conditions` says it
  std::optional<double> number;   // how hard: metres, kelvins
  bool excluded = false;          // 不适用于高海拔
};
// By code. From the field; from the indicators (海拔4500米); from words, for an offer always, for a need only
// where its field is empty. `indicators` are those of the record, `fields` those of ScanRecord(record).
std::map<std::string, ConditionReading> ReadConditions(const Record& record,
                                                       std::span<const ScannedField> fields,
                                                       std::span<const Indicator> indicators,
                                                       const RequirementTables& tables);

// One verdict a condition of the need, by code: met if validated (and as hard), short if only a near
// condition or a milder number was, contradictory if excluded, else unknown.
std::vector<RequirementVerdict> JudgeConditions(const std::map<std::string, ConditionReading>& asked,
                                                const std::map<std::string, ConditionReading>& validated,
                                                const RequirementTables& tables);

// How far an offer is from the site, 0 (all validated) to 1 (nothing is): the mean over the conditions of 0
// for met, 0.5 for short, 1 for the rest. 0 where nothing is asked for.
double AdaptationDistance(std::span<const RequirementVerdict> verdicts);

}  // namespace dongxi::requirement
