#include "engine/requirement/liveness.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/requirement/scan_text.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr int kInventionYears = 20, kDesignYears = 15, kUtilityModelYears = 10;
constexpr int kSoonDays = 90;  // an offer that ends sooner hardly outlasts the talks

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

// The heaviest that the words of one field say.
void ReadWords(std::string_view scope, const std::string& field, const std::string& text,
               const RequirementTables& tables, std::vector<RequirementVerdict>& verdicts) {
  const ScanText scan = MakeScanText(text);
  const LivenessRow* heaviest = nullptr;
  WordFinder::Hit place;
  for (const WordFinder::Hit& hit : tables.liveness_words().FindAll(FoldAscii(scan.text))) {
    const LivenessRow& row = tables.liveness()[hit.id];
    if (row.scope != scope || (heaviest != nullptr && row.effect <= heaviest->effect)) continue;
    heaviest = &row;
    place = hit;
  }
  if (heaviest == nullptr) return;
  RequirementVerdict verdict = Make(OutcomeOf(heaviest->effect), "");
  const std::string word =
      text.substr(scan.bytes[place.begin], scan.EndByte(place.end) - scan.bytes[place.begin]);
  verdict.reason = absl::StrCat(heaviest->reason, "（“", word, "”）");
  if (verdict.outcome == Outcome::kShort) verdict.shortfall_text = heaviest->reason;
  const auto characters = [&](size_t bytes) {
    return static_cast<uint32_t>(CountCharacters(std::string_view(text).substr(0, bytes)));
  };
  verdict.offer_span =
      FieldSpan{field, characters(scan.bytes[place.begin]), characters(scan.EndByte(place.end))};
  verdicts.push_back(std::move(verdict));
}

void JudgeTerm(const Record& offer, const LivenessInput& input, std::vector<RequirementVerdict>& verdicts) {
  if (offer.kind != RecordKind::kResult || offer.year == 0) return;
  const bool utility = offer.ip_status.find("实用新型") != std::string::npos;
  const bool design = offer.ip_status.find("外观设计") != std::string::npos;
  const bool invention = offer.ip_status.find("发明专利") != std::string::npos || offer.type == "patent";
  const int years = utility ? kUtilityModelYears : design ? kDesignYears : invention ? kInventionYears : 0;
  if (years == 0 || offer.year + years >= input.today.year()) return;
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
  } else if (until - input.today < kSoonDays) {
    verdicts.push_back(
        Make(Outcome::kShort, absl::StrCat("供方信息的有效期快到了（", offer.valid_until, "）")));
  }
}

void JudgeLoad(const LivenessInput& input, const RequirementTables& tables,
               std::vector<RequirementVerdict>& verdicts) {
  if (input.open_matches_max <= 0 || input.open_matches < input.open_matches_max) return;
  const std::string_view scope = input.open_matches < 2 * input.open_matches_max ? "load" : "overload";
  for (const LivenessRow& row : tables.liveness()) {
    if (row.scope != scope) continue;
    RequirementVerdict verdict =
        Make(OutcomeOf(row.effect), absl::StrCat(row.reason, "（正在进行 ", input.open_matches, " 项，上限 ",
                                                 input.open_matches_max, " 项）"));
    verdicts.push_back(std::move(verdict));
    return;
  }
}

}  // namespace

std::vector<RequirementVerdict> JudgeLiveness(const Record& offer, const LivenessInput& input,
                                              const RequirementTables& tables) {
  std::vector<RequirementVerdict> verdicts;
  if (offer.kind == RecordKind::kResult) ReadWords("ip", "ip_status", offer.ip_status, tables, verdicts);
  if (offer.kind == RecordKind::kExpert) ReadWords("expert", "text", offer.text, tables, verdicts);
  if (offer.kind == RecordKind::kInstitution) ReadWords("institution", "text", offer.text, tables, verdicts);
  JudgeTerm(offer, input, verdicts);
  JudgeValidity(offer, input, verdicts);
  if (offer.kind == RecordKind::kExpert) JudgeLoad(input, tables, verdicts);
  return verdicts;
}

}  // namespace dongxi::requirement
