#include "engine/requirement/conditions.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "engine/record/field_schema.h"
#include "engine/requirement/claim.h"

namespace dongxi::requirement {
namespace {

constexpr double kFreezing = 273.15;  // K

constexpr double kError = 1;  // m, K, m/s: as hard as asked for
// Distances. A milder number is never as far as silence; a bare word may mean any number; a near condition
// leaves most of the work to do.
constexpr double kMilderMost = 0.9;
constexpr double kNoNumber = 0.5;
constexpr double kNearOnly = 0.7;
constexpr char kLead[] = "环境条件 ";

std::string NameOf(const std::string& code) { return std::string(WordOf(ConditionWords(), code)); }

const ConditionRow* RowOf(const std::string& code, const RequirementTables& tables) {
  const auto row = std::find_if(tables.conditions().begin(), tables.conditions().end(),
                                [&](const ConditionRow& one) { return one.code == code; });
  return row == tables.conditions().end() ? nullptr : &*row;
}

// By how much `a` is harder than `b`, base units.
double Harder(const ConditionRow& row, double a, double b) { return row.low_is_hard ? b - a : a - b; }

// Of what a text says in several places: a denial before a statement before a plan.
int Strength(Claim claim) { return claim == Claim::kDenied ? 2 : claim == Claim::kStated ? 1 : 0; }

void ReadWords(const ScannedField& field, bool of_need, const RequirementTables& tables,
               std::map<std::string, ConditionReading>& found) {
  const std::vector<WordFinder::Hit> others = tables.not_conditions().FindAll(field.folded);
  for (const WordFinder::Hit& hit : tables.condition_words().FindAll(field.folded)) {
    const bool other = std::any_of(others.begin(), others.end(), [&](const WordFinder::Hit& one) {
      return one.begin <= hit.begin && hit.end <= one.end;
    });
    if (other) continue;
    const Claim claim = of_need ? Claim::kStated
                                : ClaimOf(field.folded, hit.begin, hit.end, ClaimSubject::kCondition, tables);
    const auto [place, added] = found.try_emplace(tables.conditions()[hit.id].code);
    ConditionReading& reading = place->second;
    const bool of_field = !added && !reading.span;
    if (of_field || (!added && Strength(claim) <= Strength(reading.claim))) continue;
    reading.claim = claim;
    reading.span = field.SpanOf(hit.begin, hit.end);
  }
}

// What the words around an indicator make of it. Its field is the first that has its value at its place.
Claim ClaimOfNumber(const Indicator& indicator, std::span<const ScannedField> fields,
                    const RequirementTables& tables) {
  if (indicator.negated) return Claim::kDenied;
  for (const ScannedField& field : fields) {
    const std::vector<uint32_t>& bytes = field.scan.bytes;
    const auto at = [&](uint32_t byte) {
      return static_cast<size_t>(std::lower_bound(bytes.begin(), bytes.end(), byte) - bytes.begin());
    };
    // Before the value, not before the name: 拟在 may be read as part of the name.
    const size_t begin = at(indicator.value_span.begin), end = at(indicator.value_span.end);
    if (indicator.value_span.end > field.text.size() || begin >= end || end > field.folded.size()) continue;
    const std::string_view value =
        std::string_view(field.text)
            .substr(indicator.value_span.begin, indicator.value_span.end - indicator.value_span.begin);
    if (value.find(indicator.unit) == std::string_view::npos) continue;
    return ClaimOf(field.folded, begin, end, ClaimSubject::kCondition, tables);
  }
  return Claim::kStated;
}

double HardestOf(const ConditionRow& row, const Indicator& indicator) {
  if (row.low_is_hard) return std::isinf(indicator.low) ? indicator.high : indicator.low;
  return std::isinf(indicator.high) ? indicator.low : indicator.high;
}

void AddNumber(const ConditionRow& row, double number, Claim claim,
               std::map<std::string, ConditionReading>& found) {
  // A milder number asks for nothing by itself, but says how hard what a word says is.
  const double beyond = Harder(row, number, row.number);
  if (beyond < 0 && (!found.contains(row.code) || beyond < -row.scale / 2)) return;
  const auto [place, added] = found.try_emplace(row.code);
  ConditionReading& reading = place->second;
  if (added) reading.claim = claim == Claim::kStated ? Claim::kStated : Claim::kPlanned;
  if (claim == Claim::kDenied) {
    if (!reading.denied_from || Harder(row, number, *reading.denied_from) < 0) reading.denied_from = number;
    return;
  }
  if (claim == Claim::kPlanned && reading.claim != Claim::kPlanned) return;
  if (claim == Claim::kStated && reading.claim == Claim::kPlanned) {
    reading.claim = Claim::kStated;
    reading.number.reset();
  }
  if (!reading.number || Harder(row, number, *reading.number) > 0) reading.number = number;
}

// 海拔4500米 asks for altitude (or shows it), and says how much.
void ReadNumbers(std::span<const ScannedField> fields, std::span<const Indicator> indicators, bool of_need,
                 const RequirementTables& tables, std::map<std::string, ConditionReading>& found) {
  for (const ConditionRow& row : tables.conditions()) {
    if (row.measure.empty()) continue;
    for (const Indicator& indicator : indicators) {
      if (indicator.change || indicator.name.quantity != row.measure) continue;
      if (indicator.dimension != row.dimension) continue;  // 低温干燥至百分之六
      const Claim claim = of_need ? Claim::kStated : ClaimOfNumber(indicator, fields, tables);
      AddNumber(row, HardestOf(row, indicator), claim, found);
    }
    // -30℃条件下容量≥80%: the cold is a circumstance of what is asked.
    for (const Indicator& indicator : indicators) {
      for (const Circumstance& one : indicator.circumstances) {
        const bool is_frost =
            row.low_is_hard && one.dimension == TemperatureDimension() && one.value < kFreezing;
        if (is_frost && one.dimension == row.dimension) AddNumber(row, one.value, Claim::kStated, found);
      }
    }
  }
}

std::string NumberText(const ConditionRow& row, double number, bool difference = false) {
  const double shown = (number - (difference ? 0 : row.offset)) / row.factor;
  return absl::StrFormat("%.6g%s%s", shown, row.unit == "℃" ? "" : " ", row.unit);
}

// A near condition that was validated; null if none.
const std::string* Near(const ConditionRow& row, const std::map<std::string, ConditionReading>& validated) {
  for (const std::string& near : row.near) {
    const auto found = validated.find(near);
    if (found != validated.end() && found->second.claim == Claim::kStated) return &found->first;
  }
  return nullptr;
}

void SetShort(double distance, std::string shortfall, RequirementVerdict& verdict) {
  verdict.outcome = Outcome::kShort;
  verdict.distance = distance;
  verdict.shortfall_text = std::move(shortfall);
}

// The number that the need names against the offer's.
void JudgeNumber(const ConditionRow& row, double asked, const ConditionReading& given,
                 RequirementVerdict& verdict) {
  const std::string wanted = NumberText(row, asked);
  if (given.denied_from && Harder(row, asked, *given.denied_from) >= 0) {
    verdict.outcome = Outcome::kContradictory;
    verdict.distance = 1;
    absl::StrAppend(&verdict.reason, "供方说明不适用于 ", NumberText(row, *given.denied_from), "，要求 ",
                    wanted);
    return;
  }
  if (!given.number) {
    SetShort(kNoNumber, absl::StrCat("没有说明验证到多少，要求 ", wanted), verdict);
    absl::StrAppend(&verdict.reason, "供方提到，但", verdict.shortfall_text);
    return;
  }
  const double missing = Harder(row, asked, *given.number);
  if (missing <= kError) {
    absl::StrAppend(&verdict.reason, "供方已验证到 ", NumberText(row, *given.number));
    return;
  }
  SetShort(std::min(kMilderMost, missing / row.scale),
           absl::StrCat("验证到 ", NumberText(row, *given.number), "，要求 ", wanted, "，差 ",
                        NumberText(row, missing, true)),
           verdict);
  absl::StrAppend(&verdict.reason, "供方已验证，但只", verdict.shortfall_text);
}

void JudgeRead(const ConditionRow& row, const ConditionReading& asked, const ConditionReading& given,
               RequirementVerdict& verdict) {
  verdict.offer_span = given.span;
  if (given.claim == Claim::kDenied) {
    verdict.outcome = Outcome::kContradictory;
    verdict.distance = 1;
    verdict.reason += "供方说明不适用或没有验证";
    return;
  }
  verdict.outcome = Outcome::kMet;
  verdict.distance = 0;
  if (asked.number) {
    JudgeNumber(row, *asked.number, given, verdict);
  } else {
    verdict.reason += "供方已验证";
  }
}

// What an offer says that validated nothing; `given` is null where it says nothing at all.
std::string WhyNot(const ConditionRow& row, const ConditionReading* given) {
  if (given == nullptr) return "供方没有说明";
  if (given->denied_from) return absl::StrCat("供方只说不适用于 ", NumberText(row, *given->denied_from));
  return "供方只说打算或有望，没有验证";
}

void JudgeNotValidated(const ConditionRow& row, const std::map<std::string, ConditionReading>& validated,
                       const ConditionReading* given, RequirementVerdict& verdict) {
  verdict.distance = 1;
  if (given != nullptr) verdict.offer_span = given->span;
  const std::string* near = Near(row, validated);
  if (near == nullptr) {
    verdict.reason += WhyNot(row, given);
    return;
  }
  SetShort(kNearOnly, absl::StrCat("只验证过相近的", NameOf(*near)), verdict);
  absl::StrAppend(&verdict.reason, given == nullptr ? "" : WhyNot(row, given) + "；", verdict.shortfall_text,
                  "，要做适应性试验");
}

// A denied number that reaches what is asked counts though nothing was validated.
bool IsDeniedBeyond(const ConditionRow& row, const ConditionReading& asked, const ConditionReading& given) {
  return given.denied_from && asked.number && Harder(row, *asked.number, *given.denied_from) >= 0;
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
      if (field.name != "indicators") ReadWords(field, need, tables, found);
    }
  }
  ReadNumbers(fields, indicators, need, tables, found);
  return found;
}

std::vector<RequirementVerdict> JudgeConditions(const std::map<std::string, ConditionReading>& asked,
                                                const std::map<std::string, ConditionReading>& validated,
                                                const RequirementTables& tables) {
  static const ConditionRow& kUnmeasured = *new ConditionRow();
  std::vector<RequirementVerdict> verdicts;
  for (const auto& [code, reading] : asked) {
    const ConditionRow* known = RowOf(code, tables);
    const ConditionRow& row = known == nullptr ? kUnmeasured : *known;
    RequirementVerdict verdict{
        .kind = RequirementKind::kCondition, .requirement = NameOf(code), .need_span = reading.span};
    if (reading.number) absl::StrAppend(&verdict.requirement, " ", NumberText(row, *reading.number));
    verdict.reason = absl::StrCat(kLead, NameOf(code), "：");
    const auto found = validated.find(code);
    const ConditionReading* given = found == validated.end() ? nullptr : &found->second;
    if (given != nullptr && (given->claim != Claim::kPlanned || IsDeniedBeyond(row, reading, *given))) {
      JudgeRead(row, reading, *given, verdict);
    } else {
      JudgeNotValidated(row, validated, given, verdict);
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

std::optional<AdaptationDistance> DistanceToSite(std::span<const RequirementVerdict> verdicts) {
  AdaptationDistance distance;
  size_t count = 0;
  std::string missing;
  for (const RequirementVerdict& verdict : verdicts) {
    if (verdict.kind != RequirementKind::kCondition) continue;
    ++count;
    distance.value += verdict.distance;
    if (verdict.outcome == Outcome::kMet) continue;
    absl::StrAppend(&missing, missing.empty() ? "" : "；", absl::StripPrefix(verdict.reason, kLead));
  }
  if (count == 0) return std::nullopt;
  distance.value /= static_cast<double>(count);
  distance.reason = missing.empty() ? absl::StrCat("适应距离 0：现场的 ", count, " 项环境条件供方都已验证。")
                                    : absl::StrFormat("适应距离 %.2f（0 为都已验证，1 为都没有）：%s。",
                                                      distance.value, missing);
  return distance;
}

}  // namespace dongxi::requirement
