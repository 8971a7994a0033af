#include "engine/requirement/liveness.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/requirement/standing.h"

namespace dongxi::requirement {
namespace {

RequirementVerdict Make(Outcome outcome, std::string reason) {
  RequirementVerdict verdict{
      .kind = RequirementKind::kLiveness, .outcome = outcome, .requirement = "现在可以合作"};
  verdict.reason = std::move(reason);
  if (outcome == Outcome::kShort) verdict.shortfall_text = verdict.reason;
  return verdict;
}

Outcome OutcomeOf(LivenessEffect effect) {
  return effect == LivenessEffect::kBlock   ? Outcome::kContradictory
         : effect == LivenessEffect::kLower ? Outcome::kShort
                                            : Outcome::kMet;
}

void JudgeWords(const std::optional<LivenessWord>& heaviest, std::vector<RequirementVerdict>& verdicts) {
  if (!heaviest) return;
  const LivenessRow& row = *heaviest->row;
  RequirementVerdict verdict =
      Make(OutcomeOf(row.effect), absl::StrCat(row.reason, "（“", heaviest->word, "”）"));
  if (verdict.outcome == Outcome::kShort) verdict.shortfall_text = row.reason;
  verdict.offer_span = heaviest->span;
  verdicts.push_back(std::move(verdict));
}

void JudgeTerm(const Record& offer, const LivenessInput& input, std::vector<RequirementVerdict>& verdicts) {
  const int years = TermYearsOf(offer);
  if (!TermIsOver(offer.year, years, static_cast<int>(input.today.year()))) return;
  verdicts.push_back(Make(Outcome::kShort, absl::StrCat("按完成年份 ", offer.year, " 推算，专利保护期（",
                                                        years, " 年）可能已满，请核对登记簿")));
}

void JudgeValidity(const Record& offer, const LivenessInput& input,
                   std::vector<RequirementVerdict>& verdicts) {
  absl::CivilDay until;
  if (offer.valid_until.empty() || !absl::ParseLenientCivilTime(offer.valid_until, &until)) return;
  if (until < input.today) {
    verdicts.push_back(
        Make(Outcome::kContradictory, absl::StrCat("供方信息的有效期已过（", offer.valid_until, "）")));
  } else if (until - input.today < kEndsSoonDays) {
    verdicts.push_back(
        Make(Outcome::kShort, absl::StrCat("供方信息的有效期快到了（", offer.valid_until, "）")));
  }
}

void JudgeLoad(const LivenessInput& input, const RequirementTables& tables,
               std::vector<RequirementVerdict>& verdicts) {
  const LivenessRow* row = LoadRow(input.open_matches, input.open_matches_max, tables);
  if (row == nullptr) return;
  verdicts.push_back(
      Make(OutcomeOf(row->effect), absl::StrCat(row->reason, "（正在进行 ", input.open_matches, " 项，上限 ",
                                                input.open_matches_max, " 项）")));
}

bool HasStopped(const Record& institution, const RequirementTables& tables) {
  const std::optional<LivenessWord> word = HeaviestLivenessWord(institution, tables);
  return word && word->row->effect == LivenessEffect::kBlock;
}

}  // namespace

std::vector<RequirementVerdict> JudgeLiveness(const Record& offer, const LivenessInput& input,
                                              const RequirementTables& tables) {
  return JudgeLiveness(offer, HeaviestLivenessWord(offer, tables), input, tables);
}

std::vector<RequirementVerdict> JudgeLiveness(const Record& offer,
                                              const std::optional<LivenessWord>& heaviest,
                                              const LivenessInput& input, const RequirementTables& tables) {
  std::vector<RequirementVerdict> verdicts;
  JudgeWords(heaviest, verdicts);
  JudgeTerm(offer, input, verdicts);
  JudgeValidity(offer, input, verdicts);
  if (offer.kind == RecordKind::kExpert) JudgeLoad(input, tables, verdicts);
  return verdicts;
}

std::vector<RequirementVerdict> JudgeOwners(std::span<const Record* const> institutions, absl::CivilDay today,
                                            const RequirementTables& tables) {
  const bool all_stopped =
      !institutions.empty() && std::all_of(institutions.begin(), institutions.end(),
                                           [&](const Record* one) { return HasStopped(*one, tables); });
  std::vector<RequirementVerdict> verdicts;
  for (const Record* institution : institutions) {
    for (const RequirementVerdict& own : JudgeLiveness(*institution, {.today = today}, tables)) {
      const bool ends_soon = own.outcome == Outcome::kShort && !own.offer_span;  // the institution does not
      if (own.outcome == Outcome::kMet || ends_soon) continue;
      const bool stopped = all_stopped && own.offer_span && own.outcome == Outcome::kContradictory;
      verdicts.push_back(Make(stopped ? Outcome::kContradictory : Outcome::kShort,
                              absl::StrCat("所属机构 ", institution->title, "：", own.reason)));
    }
  }
  return verdicts;
}

}  // namespace dongxi::requirement
