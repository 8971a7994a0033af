#include "report/fit.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/record/field_schema.h"
#include "report/words.h"

namespace dongxi::report {
namespace {

constexpr double kWhole = 0.999;

double ShareOf(const v1::MatchEntry& entry, std::string_view name) {
  for (const v1::ScorePart& part : entry.score_parts()) {
    if (part.part() == name) return std::clamp(part.value(), 0.0, 1.0);
  }
  return 0;  // parts that add nothing are left out of an answer
}

FitVerdict VerdictOf(double share) {
  return share >= kWhole ? FitVerdict::kFits : share > 0 ? FitVerdict::kPartly : FitVerdict::kNot;
}

// Half a level's share is lost for each level below what is wanted (engine/match/boosts).
Fit MaturityFit(int wanted, double share) {
  const std::string level = absl::StrCat("TRL ", wanted);
  const FitVerdict verdict = VerdictOf(share);
  if (verdict == FitVerdict::kFits) return {verdict, "成熟度达到 " + level};
  if (verdict == FitVerdict::kPartly) return {verdict, "成熟度比要求的 " + level + " 低一级"};
  return {verdict, "成熟度没有写明，或比要求的 " + level + " 低两级以上"};
}

Fit ListFit(const char* what, const std::string& wanted, double share) {
  const FitVerdict verdict = VerdictOf(share);
  if (verdict == FitVerdict::kFits) return {verdict, absl::StrCat(what, "都符合：", wanted)};
  if (verdict == FitVerdict::kPartly)
    return {verdict, absl::StrFormat("%s符合 %.0f%%（要求 %s）", what, 100 * share, wanted)};
  return {verdict, absl::StrCat(what, "没有写明或不符合：", wanted)};
}

// Who of this answer could close the gap; empty where nobody was named.
std::string WhoCouldHelp(const v1::RequirementVerdict& verdict) {
  std::vector<std::string> titles;
  for (const v1::RouteInstitution& one : verdict.route_institutions()) titles.push_back(one.title());
  return titles.empty() ? "" : "，可以找 " + absl::StrJoin(titles, "、");
}

Fit RequirementFit(const v1::RequirementVerdict& verdict) {
  switch (verdict.outcome()) {
    case v1::RequirementVerdict::MET:
      return {FitVerdict::kFits, verdict.requirement()};
    case v1::RequirementVerdict::SHORT:
      return {FitVerdict::kNot,
              absl::StrCat(verdict.requirement(), "（差：",
                           verdict.shortfall_text().empty() ? verdict.reason() : verdict.shortfall_text(),
                           WhoCouldHelp(verdict), "）")};
    case v1::RequirementVerdict::CONTRADICTORY:
      return {FitVerdict::kNot, absl::StrCat(verdict.requirement(), "（不满足：", verdict.reason(), "）")};
    default:
      return {FitVerdict::kUnsaid, verdict.requirement()};
  }
}

std::string Joined(const std::vector<Fit>& fits, std::initializer_list<FitVerdict> verdicts) {
  std::vector<std::string> texts;
  for (const Fit& fit : fits) {
    if (std::find(verdicts.begin(), verdicts.end(), fit.verdict) != verdicts.end()) texts.push_back(fit.text);
  }
  return absl::StrJoin(texts, "；");
}

}  // namespace

std::vector<Fit> FitsOf(const v1::Need& need, const v1::MatchResponse& answer, const v1::MatchEntry& entry) {
  std::vector<Fit> fits;
  if (!entry.requirements().empty()) {
    for (const v1::RequirementVerdict& verdict : entry.requirements())
      fits.push_back(RequirementFit(verdict));
    return fits;
  }
  if (entry.score_parts().empty() || !(answer.policy_boost_max() > 0)) return fits;
  if (need.maturity() > 0) fits.push_back(MaturityFit(need.maturity(), ShareOf(entry, "maturity")));
  if (!need.modes().empty()) {
    std::vector<std::string> names;
    for (const std::string& code : need.modes()) names.push_back(ModeName(code));
    fits.push_back(ListFit("合作方式", absl::StrJoin(names, "、"), ShareOf(entry, "mode")));
  }
  if (!need.conditions().empty()) {
    std::vector<std::string> names;
    for (const std::string& code : need.conditions()) names.emplace_back(WordOf(ConditionWords(), code));
    fits.push_back(ListFit("使用条件", absl::StrJoin(names, "、"), ShareOf(entry, "condition")));
  }
  return fits;
}

std::string AdaptationText(const v1::MatchEntry& entry) { return entry.adaptation().reason(); }

std::string FittingText(const std::vector<Fit>& fits) {
  return Joined(fits, {FitVerdict::kFits, FitVerdict::kPartly});
}
std::string NotFittingText(const std::vector<Fit>& fits) { return Joined(fits, {FitVerdict::kNot}); }
std::string UnsaidText(const std::vector<Fit>& fits) { return Joined(fits, {FitVerdict::kUnsaid}); }

}  // namespace dongxi::report
