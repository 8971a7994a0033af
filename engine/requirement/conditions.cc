#include "engine/requirement/conditions.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/record/field_schema.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kNegationCharacters = 8;  // before a word: 不适用于高海拔
constexpr double kKelvin = 273.15;
constexpr double kMetresOfError = 1;

std::string NameOf(const std::string& code) { return std::string(WordOf(ConditionWords(), code)); }

void ReadWords(const ScannedField& field, const RequirementTables& tables,
               std::map<std::string, ConditionReading>& found) {
  for (const WordFinder::Hit& hit : tables.condition_words().FindAll(field.folded)) {
    const auto [place, added] = found.try_emplace(tables.conditions()[hit.id].code);
    if (!added) continue;
    const size_t from = hit.begin > kNegationCharacters ? hit.begin - kNegationCharacters : 0;
    const std::u32string_view before = std::u32string_view(field.folded).substr(from, hit.begin - from);
    place->second.excluded = tables.words(WordClass::kNegation).Contains(before);
    place->second.span = field.SpanOf(hit.begin, hit.end);
  }
}

// 海拔4500米 asks for altitude (or shows it), and says how much.
void ReadNumbers(std::span<const Indicator> indicators, const RequirementTables& tables,
                 std::map<std::string, ConditionReading>& found) {
  for (const ConditionRow& row : tables.conditions()) {
    if (row.measure.empty()) continue;
    for (const Indicator& indicator : indicators) {
      if (indicator.name.quantity != row.measure) continue;
      const bool cold = indicator.name.better == Better::kReachLow;
      const double least = cold ? row.number + kKelvin : row.number;
      double number = cold ? (std::isinf(indicator.low) ? indicator.high : indicator.low)
                           : (std::isinf(indicator.high) ? indicator.low : indicator.high);
      if (cold ? number > least : number < least) continue;
      ConditionReading& reading = found[row.code];
      if (!reading.number || (cold ? number < *reading.number : number > *reading.number))
        reading.number = number;
    }
  }
}

std::string NumberText(const std::string& code, double number) {
  return code == "cold" ? absl::StrFormat("%.0f℃", number - kKelvin) : absl::StrFormat("%.0f m", number);
}

// A near condition that was validated; null if none.
const std::string* Near(const std::string& code, const std::map<std::string, ConditionReading>& validated,
                        const RequirementTables& tables) {
  for (const ConditionRow& row : tables.conditions()) {
    if (row.code != code) continue;
    for (const std::string& near : row.near) {
      const auto found = validated.find(near);
      if (found != validated.end() && !found->second.excluded) return &found->first;
    }
  }
  return nullptr;
}

void JudgeValidated(const std::string& code, const ConditionReading& asked, const ConditionReading& given,
                    RequirementVerdict& verdict) {
  verdict.offer_span = given.span;
  if (given.excluded) {
    verdict.outcome = Outcome::kContradictory;
    verdict.reason = absl::StrCat("环境条件 ", NameOf(code), "：供方说明不适用");
    return;
  }
  const bool milder = asked.number && given.number &&
                      (code == "cold" ? *given.number > *asked.number + kMetresOfError
                                      : *given.number < *asked.number - kMetresOfError);
  verdict.outcome = milder ? Outcome::kShort : Outcome::kMet;
  verdict.reason = absl::StrCat("环境条件 ", NameOf(code), "：供方已验证");
  if (!milder) return;
  verdict.shortfall_text =
      absl::StrCat("验证到 ", NumberText(code, *given.number), "，要求 ", NumberText(code, *asked.number));
  absl::StrAppend(&verdict.reason, "，但只", verdict.shortfall_text);
}

}  // namespace

std::map<std::string, ConditionReading> ReadConditions(const Record& record,
                                                       std::span<const ScannedField> fields,
                                                       std::span<const Indicator> indicators,
                                                       const RequirementTables& tables) {
  std::map<std::string, ConditionReading> found;
  for (const std::string& code : record.conditions) found.try_emplace(code);
  const bool need = record.kind == RecordKind::kNeed;
  if (!need || record.conditions.empty()) {
    for (const ScannedField& field : fields) {
      if (field.name != "indicators") ReadWords(field, tables, found);
    }
  }
  ReadNumbers(indicators, tables, found);
  return found;
}

std::vector<RequirementVerdict> JudgeConditions(const std::map<std::string, ConditionReading>& asked,
                                                const std::map<std::string, ConditionReading>& validated,
                                                const RequirementTables& tables) {
  std::vector<RequirementVerdict> verdicts;
  for (const auto& [code, reading] : asked) {
    RequirementVerdict verdict{
        .kind = RequirementKind::kCondition, .requirement = NameOf(code), .need_span = reading.span};
    if (reading.number) absl::StrAppend(&verdict.requirement, " ", NumberText(code, *reading.number));
    const auto found = validated.find(code);
    if (found != validated.end()) {
      JudgeValidated(code, reading, found->second, verdict);
    } else if (const std::string* near = Near(code, validated, tables)) {
      verdict.outcome = Outcome::kShort;
      verdict.shortfall_text = absl::StrCat("只验证过相近的", NameOf(*near));
      verdict.reason =
          absl::StrCat("环境条件 ", NameOf(code), "：", verdict.shortfall_text, "，要做适应性试验");
    } else {
      verdict.reason = absl::StrCat("环境条件 ", NameOf(code), "：供方没有说明");
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

double AdaptationDistance(std::span<const RequirementVerdict> verdicts) {
  double sum = 0;
  size_t count = 0;
  for (const RequirementVerdict& verdict : verdicts) {
    if (verdict.kind != RequirementKind::kCondition) continue;
    ++count;
    sum += verdict.outcome == Outcome::kMet ? 0 : verdict.outcome == Outcome::kShort ? 0.5 : 1;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

}  // namespace dongxi::requirement
