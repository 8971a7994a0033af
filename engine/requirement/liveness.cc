#include "engine/requirement/liveness.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/requirement/claim.h"
#include "engine/requirement/scan_text.h"
#include "engine/requirement/standing.h"
#include "engine/text/normalize.h"

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

// Where a record's words say how it stands, and the rows that are for them; empty: nowhere.
struct WordsOf {
  std::string_view scope, field;
  const std::string* text = nullptr;
};
WordsOf LivenessWordsOf(const Record& record) {
  switch (record.kind) {
    case RecordKind::kResult:
      return {"ip", "ip_status", &record.ip_status};
    case RecordKind::kExpert:
      return {"expert", "text", &record.text};
    case RecordKind::kInstitution:
      return {"institution", "text", &record.text};
    case RecordKind::kNeed:
    case RecordKind::kEvidence:
      break;
  }
  return {};
}

// 已退休的老工程师, 已关停盐田: the word says how something else stands. It is said of the record itself
// where nothing follows it, or a date, a place or what came next.
bool IsOfAnother(std::u32string_view text, const WordFinder::Hit& hit) {
  // 被吊销营业执照, 已注销登记, 已退休多年: what is done to the record itself.
  for (const std::u32string_view own : {U"营业执照", U"登记", U"法人", U"多年", U"手续", U"整顿", U"运营"}) {
    if (text.substr(hit.end).starts_with(own)) return false;
  }
  constexpr std::u32string_view kNext = U"于由后原且并至为入到成了，。（、； ";
  if (hit.end >= text.size()) return false;
  const char32_t next = text[hit.end];
  return IsHan(next) && kNext.find(next) == std::u32string_view::npos;
}

// 更名为 the name that the record bears: how it came to be, no doubt of what it is.
bool IsItsOwnName(std::u32string_view text, const WordFinder::Hit& hit, const Record& record) {
  std::u32string_view behind = text.substr(hit.end);
  constexpr std::u32string_view kQuotes = U"“”\"「『《 ";
  while (!behind.empty() && kQuotes.find(behind.front()) != std::u32string_view::npos)
    behind.remove_prefix(1);
  for (const std::u32string_view now : {U"现名", U"今名", U"本名", U"现在的名称", U"现名称"}) {
    if (behind.starts_with(now)) return true;
  }
  const std::u32string title = FoldAscii(MakeScanText(record.title).text);
  return !title.empty() && behind.starts_with(title);
}

// The word speaks against this record, now.
bool IsSaid(std::u32string_view text, const WordFinder::Hit& hit, const LivenessRow& row,
            const Record& record, const RequirementTables& tables) {
  if (row.effect == LivenessEffect::kFine) return true;
  if (ClaimOf(text, hit.begin, hit.end, ClaimSubject::kLiveness, tables) != Claim::kStated) return false;
  if (row.effect == LivenessEffect::kBlock && record.kind != RecordKind::kResult)
    return !IsOfAnother(text, hit);
  return record.kind != RecordKind::kInstitution || !IsItsOwnName(text, hit, record);
}

bool HasStopped(const Record& institution, const RequirementTables& tables) {
  const std::optional<LivenessWord> word = HeaviestLivenessWord(institution, tables);
  return word && word->row->effect == LivenessEffect::kBlock;
}

}  // namespace

std::optional<LivenessWord> HeaviestLivenessWord(const Record& record, const RequirementTables& tables) {
  const WordsOf words = LivenessWordsOf(record);
  if (words.text == nullptr || words.text->empty()) return std::nullopt;
  const ScanText scan = MakeScanText(*words.text);
  const LivenessRow* heaviest = nullptr;
  WordFinder::Hit place;
  const std::u32string folded = FoldAscii(scan.text);
  for (const WordFinder::Hit& hit : tables.liveness_words().FindAll(folded)) {
    const LivenessRow& row = tables.liveness()[hit.id];
    if (row.scope != words.scope || (heaviest != nullptr && row.effect <= heaviest->effect)) continue;
    if (!IsSaid(folded, hit, row, record, tables)) continue;
    heaviest = &row;
    place = hit;
  }
  if (heaviest == nullptr) return std::nullopt;
  const size_t begin = scan.bytes[place.begin], end = scan.EndByte(place.end);
  const auto characters = [&](size_t bytes) {
    return static_cast<uint32_t>(CountCharacters(std::string_view(*words.text).substr(0, bytes)));
  };
  return LivenessWord{heaviest, words.text->substr(begin, end - begin),
                      FieldSpan{std::string(words.field), characters(begin), characters(end)}};
}

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
