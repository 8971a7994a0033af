// The conditions of a site, asked for against validated, and the distance to it.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "engine/record/field_schema.h"
#include "engine/requirement/conditions.h"

namespace dongxi::requirement {
namespace {

// As hard as asked for: within 1 m, K, m/s, and within a hundredth of the scale (a short-circuit ratio).
constexpr double kError = 1, kErrorOfScale = 0.01;
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

std::string NumberText(const ConditionRow& row, double number, bool difference = false) {
  const double shown = (number - (difference ? 0 : row.offset)) / row.factor;
  return absl::StrFormat("%.6g%s%s", shown, row.unit == "℃" || row.unit.empty() ? "" : " ", row.unit);
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
  if (given.denied_from && row.Harder(asked, *given.denied_from) >= 0) {
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
  const double missing = row.Harder(asked, *given.number);
  if (missing <= std::min(kError, kErrorOfScale * row.scale)) {
    absl::StrAppend(&verdict.reason, "供方已验证到 ", NumberText(row, *given.number));
    return;
  }
  SetShort(std::min(kMilderMost, missing / row.scale),
           absl::StrCat("验证到 ", NumberText(row, *given.number), "，要求 ", wanted, "，差 ",
                        NumberText(row, missing, true)),
           verdict);
  absl::StrAppend(&verdict.reason, "供方已验证，但只", verdict.shortfall_text);
}

// How hard it must be: what the need names, or else its site where the offer names a number too, or else
// where the condition begins (仅适用于海拔2000 m以下 excludes 高海拔).
std::optional<double> WantedOf(const ConditionRow& row, const ConditionReading& asked,
                               const ConditionReading& given) {
  if (asked.number) return asked.number;
  if (asked.site && (given.number || given.denied_from || given.milder)) return asked.site;
  if (given.denied_from && row.Harder(row.number, *given.denied_from) >= 0) return row.number;
  return std::nullopt;
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
  if (const std::optional<double> wanted = WantedOf(row, asked, given)) {
    JudgeNumber(row, *wanted, given, verdict);
  } else {
    verdict.reason += "供方已验证";
  }
}

// What an offer says that validated nothing; `given` is null where it says nothing at all.
std::string WhyNot(const ConditionRow& row, const ConditionReading* given) {
  if (given == nullptr) return "供方没有说明";
  if (given->milder) return absl::StrCat("供方只验证到 ", NumberText(row, *given->milder));
  if (given->denied_from) return absl::StrCat("供方只说不适用于 ", NumberText(row, *given->denied_from));
  return "供方只说打算或有望，没有验证";
}

void JudgeNotValidated(const ConditionRow& row, const std::map<std::string, ConditionReading>& validated,
                       const ConditionReading* given, RequirementVerdict& verdict) {
  verdict.distance = 1;
  if (given != nullptr) verdict.offer_span = given->span;
  const std::string* near = Near(row, validated);
  if (given != nullptr && given->simulated) {
    SetShort(kNearOnly, "只做过模拟试验，没有到现场", verdict);
    absl::StrAppend(&verdict.reason, "供方", verdict.shortfall_text);
    return;
  }
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
  const std::optional<double> wanted = WantedOf(row, asked, given);
  return given.denied_from && wanted && row.Harder(*wanted, *given.denied_from) >= 0;
}

}  // namespace

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
    const bool milder = given != nullptr && given->claim == Claim::kPlanned && given->milder &&
                        WantedOf(row, reading, *given) && !given->denied_from;
    if (milder) {
      ConditionReading validated_milder = *given;
      validated_milder.number = given->milder;
      JudgeRead(row, reading, validated_milder, verdict);
    } else if (given != nullptr &&
               (given->claim != Claim::kPlanned || IsDeniedBeyond(row, reading, *given))) {
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
