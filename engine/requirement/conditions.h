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
#include "engine/requirement/requirement_tables.h"
#include "engine/requirement/scanned_record.h"

namespace dongxi::requirement {

struct ConditionReading {
  std::optional<FieldSpan> span;  // of the word; none if the field `conditions` or a number says it
  std::optional<double> number;   // how hard, base units: metres, kelvins, m/s
  // From which number on a text denies it (不适用于海拔5000米以上), base units.
  std::optional<double> denied_from;
  // Of a need: what its description says of the site. Counts only against an offer's own number.
  std::optional<double> site;
  // Of an offer that validated no more: a number a little below where the condition begins (180 MJ/m²).
  std::optional<double> milder;
  // Of an offer: tried in a chamber, a pot or a model alone (低压舱里模拟海拔4500米), which is no site.
  bool simulated = false;
  Claim claim = Claim::kStated;  // an offer: validated, only planned (有望用于), or said not to be (不适用)
};
// By code. From the field; from the indicators (海拔4500米); from words, for an offer always, for a need only
// where its field is empty. Of an offer's words a denial counts before a statement, a statement before a plan
// (claims.tsv); of the field nothing is taken back. What broke there (强紫外线下四个月表面粉化) is denied.
// What it says of others (同类进口设备不适用于高海拔), of another version than its title's (第二代 of a third
// one), words in names (“高寒山区羊”) and what is only studied (高寒草甸微生物多样性研究) count neither way;
// nor does, of either side, the cold that something is kept or made in (-80 ℃保存, 液氮速冻). Where an offer
// is limited (仅适用于海拔2000 m以下), what is harder is denied; wind classes (10级风沙) count as metres a
// second. A need asks by every word: what does not work at high altitude there (现有设备不适用于高海拔) is
// why it asks; but not by what it says of a neighbour's site or project (邻县高海拔项目已另行招标).
// `indicators` are those of the record, `fields` those of ScanRecord(record).
std::map<std::string, ConditionReading> ReadConditions(const Record& record,
                                                       std::span<const ScannedField> fields,
                                                       std::span<const Indicator> indicators,
                                                       const RequirementTables& tables);

// One verdict a condition of the need, by code: met if validated (and as hard), short if only a near
// condition, a chamber, a milder number or no number was where the need names one, contradictory if denied,
// else unknown.
std::vector<RequirementVerdict> JudgeConditions(const std::map<std::string, ConditionReading>& asked,
                                                const std::map<std::string, ConditionReading>& validated,
                                                const RequirementTables& tables);

// How far an offer is from the site: 0 (all that is asked was validated) to 1 (nothing was).
struct AdaptationDistance {
  double value = 0;
  std::string reason;  // a Chinese sentence: which conditions are missing, and how much of them
};
// The mean over the conditions of RequirementVerdict::distance: for a number that falls short, what is
// missing as a share of the condition's scale (conditions.tsv), at most 0.9; 0.5 for no number where the need
// names one; 0.7 for a near condition alone; 1 for a plan, a denial or silence. `verdicts` are those of
// AssessRequirements or JudgeConditions; other kinds do not count. Nothing where no condition is asked for.
std::optional<AdaptationDistance> DistanceToSite(std::span<const RequirementVerdict> verdicts);

}  // namespace dongxi::requirement
