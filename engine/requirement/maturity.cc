#include "engine/requirement/maturity.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "engine/record/field_schema.h"
#include "engine/requirement/claim.h"
#include "engine/requirement/clause_text.h"
#include "engine/requirement/early_mention.h"
#include "engine/requirement/scan_text.h"
#include "engine/requirement/stage_claim.h"
#include "engine/requirement/trl_mention.h"
#include "engine/requirement/use_mention.h"

namespace dongxi::requirement {
namespace {

enum class Reads { kNothing, kLevels, kAll, kDemanded };

// Which fields say a level. Levels in digits may stand anywhere, words only where they speak of the
// technology: a need's title and text tell its own situation, so they count only where `wanted` is empty and
// in what they demand.
Reads ReadsOf(const Record& record, const std::string& field) {
  const bool need = record.kind == RecordKind::kNeed;
  if (field == "indicators") return Reads::kLevels;
  if (field == "wanted") return need ? Reads::kAll : Reads::kNothing;
  if (!need) return Reads::kAll;
  return record.wanted.empty() ? Reads::kDemanded : Reads::kNothing;
}

// 工业试验在某公司完成, 样机在三家企业使用: where it was done, behind the word that ends at `end`; what comes
// behind the place counts, while 中试企业 is no stage.
size_t PastPlace(std::u32string_view text, size_t end) {
  constexpr size_t kMost = 12;
  constexpr std::u32string_view kPlaces[] = {U"企业", U"公司", U"单位", U"园区", U"基地", U"集团", U"中心",
                                             U"车间", U"学院", U"机构", U"用户", U"平台", U"厂"};
  const std::u32string_view behind = text.substr(end, text.substr(end).find_first_of(kClauseEnds));
  if (behind.empty() || !IsOneOf(behind.front(), U"在于由经与给向")) return end;
  for (size_t at = 1; at < behind.size() && at <= kMost; ++at) {
    for (const std::u32string_view place : kPlaces) {
      if (behind.substr(at).starts_with(place)) return end + at + place.size();
    }
  }
  return end;
}

// 小试( )中试(√): the box behind a stage is its own, whatever box stands before it.
bool IsTicked(std::u32string_view text, size_t end) {
  const std::u32string_view behind = text.substr(end);
  return behind.starts_with(U"(√)") || behind.starts_with(U"(✓)") || behind.starts_with(U"(✔)");
}

bool Counts(const ScannedField& field, size_t begin, size_t end, ClaimSubject subject, Reads reads,
            const RequirementTables& tables) {
  const bool asked = subject == ClaimSubject::kAskedMaturity || subject == ClaimSubject::kAskedLevel;
  const size_t said_end = subject == ClaimSubject::kMaturity ? PastPlace(field.folded, end) : end;
  if (subject == ClaimSubject::kMaturity && IsTicked(field.folded, end)) return true;
  if (ClaimOf(field.folded, begin, said_end, subject, tables) != Claim::kStated) return false;
  if (!asked && IsOfAnother(field.folded, begin, subject, tables)) return false;
  return reads != Reads::kDemanded || IsDemanded(field.folded, begin, tables);
}

bool HasAny(std::u32string_view text, std::initializer_list<std::u32string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.find(word) != std::u32string_view::npos; });
}

void Keep(MaturityReading reading, std::optional<MaturityReading>& best) {
  if (!best || best->low < reading.low) best = std::move(reading);
}

// 二者融合后的系统TRL 4, 整机集成TRL 8, 整机集成，TRL 8: the level is of the whole. `before` stands between
// it and the level before.
bool IsOfTheWhole(std::u32string_view before) {
  const std::u32string_view name = TrimRight(before, U" ,，:：|、(");
  const size_t last = name.find_last_of(U",，。;；、:：!！?？|\n\r");
  const std::u32string_view said = name.substr(last + 1);  // npos + 1 is 0
  const bool circuit = HasAny(said, {U"集成电路"});
  return (!circuit && HasAny(said, {U"集成"})) ||
         HasAny(said, {U"整机",   U"整套",   U"融合后", U"成套",     U"总体", U"整体", U"全套",
                       U"全流程", U"全系统", U"系统级", U"联合系统", U"整车", U"整线", U"总装",
                       U"全机",   U"联调",   U"全链条", U"综合评",   U"总评", U"整船", U"整装"});
}

// TRL 4（整机）: `behind` the level.
bool IsMarkedAsWhole(std::u32string_view behind) {
  constexpr size_t kMost = 6;
  return behind.starts_with(U'(') && HasAny(behind.substr(1, std::min(behind.find(U')'), kMost)),
                                            {U"整机", U"系统级", U"整套", U"集成", U"整线"});
}

// Of a list of parts without the whole the least ripe counts: no system is riper than a part that it needs.
bool ListsParts(std::u32string_view text) {
  return HasAny(text,
                {U"分系统", U"子系统", U"各分项", U"分项评", U"各部件", U"分部件", U"各单元", U"各模块"});
}

// Where an offer tells of its parts and of the whole, the whole counts. What a sentence goes on with behind a
// name (…4级，2025年评价为7级) is of the same.
std::vector<TrlMention> OfTheWhole(std::u32string_view text, const std::vector<TrlMention>& mentions) {
  std::vector<TrlMention> wholes;
  bool whole = false;
  size_t from = 0;
  for (const TrlMention& mention : mentions) {
    if (mention.named) {
      whole =
          IsOfTheWhole(text.substr(from, mention.begin - from)) || IsMarkedAsWhole(text.substr(mention.end));
    }
    from = mention.end;
    if (whole) wholes.push_back(mention);
  }
  if (!wholes.empty() || mentions.size() < 2 || !ListsParts(text)) return wholes.empty() ? mentions : wholes;
  return {*std::min_element(mentions.begin(), mentions.end(),
                            [](const TrlMention& a, const TrlMention& b) { return a.low < b.low; })};
}

// 自评TRL 7，专家复核为TRL 5; 由TRL 7下调为TRL 5: what was corrected no longer counts. `mentions` of an
// offer.
std::vector<TrlMention> NotCorrected(std::u32string_view text, const std::vector<TrlMention>& mentions) {
  std::vector<TrlMention> kept, reviewed;
  bool of_others = false;
  size_t from = 0;
  for (const TrlMention& mention : mentions) {
    const std::u32string_view before = text.substr(from, mention.begin - from);
    const std::u32string_view clause = before.substr(before.find_last_of(kClauseEnds) + 1);  // npos + 1 is 0
    from = mention.end;
    if (HasAny(clause,
               {U"下调", U"降为", U"降至", U"降到", U"调减", U"核减", U"更正为", U"修正为", U"调低"})) {
      kept.clear();
      reviewed.clear();
    }
    kept.push_back(mention);
    const std::u32string_view said = text.substr(mention.begin, mention.end - mention.begin);
    const bool self = HasAny(clause, {U"自评", U"自认", U"自报", U"自述", U"自我评", U"申报时填", U"原报"}) ||
                      HasAny(said, {U"自评"}) || text.substr(mention.end).starts_with(U"(自评");
    if (self) continue;
    reviewed.push_back(mention);
    of_others |= HasAny(before, {U"专家", U"复核", U"第三方", U"评审", U"核定", U"核查", U"评估", U"鉴定"}) ||
                 HasAny(said, {U"复核", U"评审", U"核定", U"评估", U"鉴定", U"认定"});
  }
  return of_others ? reviewed : kept;
}

void ReadLevels(const ScannedField& field, bool need, Reads reads, const RequirementTables& tables,
                std::optional<MaturityReading>& best) {
  const ClaimSubject subject = need ? ClaimSubject::kAskedLevel : ClaimSubject::kLevel;
  const std::u32string_view text = field.folded;
  const std::vector<TrlMention> mentions = FindTrlMentions(text);
  for (const TrlMention& mention : need ? mentions : OfTheWhole(text, NotCorrected(text, mentions))) {
    // 由4级提升到7级 of a need is what is to be done, not what an offer must have.
    const bool rises = mention.from > 0;
    if (rises && need) continue;
    int low = mention.low, high = mention.high;
    if (!Counts(field, mention.begin, mention.end, subject, reads, tables)) {
      // 计划由4级提升到7级: the level before is there.
      if (!rises || IsOfAnother(field.folded, mention.begin, subject, tables)) continue;
      low = high = mention.from;
    }
    Keep({low, high, "", field.SpanOf(mention.begin, mention.end)}, best);
  }
}

// 完成中试或小批试制: either serves, so the lower one is what a need asks for. `between` stands between two
// words.
bool SaysEither(std::u32string_view between) {
  constexpr size_t kMost = 6;
  while (!between.empty() && (between.front() == U',' || between.front() == U'、')) between.remove_prefix(1);
  return !between.empty() && between.size() <= kMost &&
         (between.front() == U'或' || between.front() == U'/') &&
         between.find(U'。') == std::u32string_view::npos;
}

// 小试的也可以, 小试、中试均可: `behind` the word, in its clause.
bool SaysEnough(std::u32string_view behind) {
  constexpr size_t kMost = 14;
  return HasAny(behind.substr(0, kMost), {U"也可", U"也行", U"也欢迎", U"也接受", U"也考虑", U"也能接受",
                                          U"亦可", U"均可", U"都可", U"都行", U"皆可", U"即可", U"就行",
                                          U"就可以", U"就够", U"也算", U"都能接受", U"都欢迎", U"都接受"});
}

// 中试以下的不要 wants 中试.
bool SaysBelow(std::u32string_view behind) {
  for (const std::u32string_view link : {U"阶段", U"及"}) {
    if (behind.starts_with(link)) behind.remove_prefix(link.size());
  }
  return behind.starts_with(U"以下") || behind.starts_with(U"之下");
}

// 成熟度不限: whatever else it says of stages is no demand.
bool WantsAnyLevel(std::u32string_view text) {
  return HasAny(text,
                {U"成熟度不限",     U"不限成熟度",   U"成熟度高低不限", U"阶段不限",     U"不限阶段",
                 U"不限技术阶段",   U"不限成果阶段", U"成熟度不作",     U"成熟度不做",   U"成熟度没有要求",
                 U"成熟度无要求",   U"成熟度均可",   U"成熟度要求不高", U"不要求成熟",   U"不论成熟度",
                 U"无论成熟度",     U"各阶段均可",   U"各个阶段均可",   U"任何阶段",     U"不拘成熟度",
                 U"成熟度不拘",     U"成熟度不设",   U"不设成熟度",     U"无成熟度要求", U"没有成熟度要求",
                 U"成熟度没有硬性", U"成熟度无硬性", U"成熟度不强求",   U"不问成熟度",   U"不看成熟度",
                 U"不计成熟度",     U"不挑成熟度",   U"成熟与否",       U"什么阶段都",   U"什么阶段的",
                 U"哪个阶段都",     U"何种阶段",     U"各阶段成果",     U"不论阶段",     U"不论处于",
                 U"不问阶段",       U"早期想法",     U"早期成果也",     U"想法也欢迎",   U"思路也欢迎",
                 U"想法也行",       U"思路也行"});
}

// A paper shows trials at most; what it calls widely used or on sale is nearly always the known method.
constexpr int kPublicationMost = 7;

MaturityReading Said(const ScannedField& field, size_t begin, size_t end, int low, int high) {
  const uint32_t from = field.scan.bytes[begin];
  return {low, high, field.text.substr(from, field.scan.EndByte(end) - from), field.SpanOf(begin, end)};
}

// The words of `text` that say a stage, in order; what is left behind with a higher one or none.
std::vector<UseMention> FindStages(std::u32string_view text, const RequirementTables& tables) {
  constexpr int kPilot = 6;
  std::vector<UseMention> stages;
  for (const WordFinder::Hit& hit : tables.maturity_words(false).FindAll(text)) {
    const MaturityRow& row = tables.maturity()[hit.id];
    if (!row.is_level) continue;
    UseMention stage{hit.begin, hit.end, row.low, row.high};
    if (row.low <= kPilot && LeavesStageBehind(text, hit.begin)) {
      if (row.low < kPilot) continue;
      stage.low = row.high;
      stage.high = row.high + 1;
    }
    stages.push_back(stage);
  }
  return stages;
}

// What an offer's words tell, and the use that it counts.
void ReadTold(const ScannedField& field, const Record& record, const RequirementTables& tables,
              std::optional<MaturityReading>& best) {
  constexpr int kEarlyMost = 5;
  const std::u32string_view text = field.folded;
  const bool paper = record.kind == RecordKind::kEvidence && record.type == "publication";
  const auto keep = [&](const UseMention& said, size_t stop) {
    if ((best && best->low >= said.low) || (paper && said.low > kPublicationMost)) return;
    if (!Counts(field, said.begin, said.end, ClaimSubject::kMaturity, Reads::kAll, tables)) return;
    if (said.low > kEarlyMost && !StageStands(text, said.begin, said.end, stop)) return;
    best = Said(field, said.begin, said.end, said.low, said.high);
  };
  const std::vector<UseMention> stages = FindStages(text, tables);
  for (size_t i = 0; i < stages.size(); ++i)
    keep(stages[i], i + 1 < stages.size() ? stages[i + 1].begin : text.size());
  for (const UseMention& use : FindUseMentions(text)) keep(use, text.size());
  for (const UseMention& use : FindScheduleMentions(text)) keep(use, text.size());
  for (const UseMention& use : FindEarlyMentions(text)) keep(use, text.size());
}

// What a need's words ask for: the highest, but of those that serve as well as one another the lowest.
void ReadAsked(const ScannedField& field, Reads reads, const RequirementTables& tables,
               std::optional<MaturityReading>& best) {
  constexpr ClaimSubject kSubject = ClaimSubject::kAskedMaturity;
  constexpr size_t kListMost = 4;
  const std::u32string_view text = field.folded;
  size_t kept_end = 0;  // of the word in `best`, or of one beside it that serves as well; 0: of no word here
  for (const WordFinder::Hit& hit : tables.maturity_words(true).FindAll(text)) {
    const MaturityRow& row = tables.maturity()[hit.id];
    if (!row.is_level) continue;
    const std::u32string_view behind = text.substr(hit.end, text.substr(hit.end).find_first_of(kClauseEnds));
    const std::u32string_view between = text.substr(kept_end, hit.begin - kept_end);
    const bool enough = SaysEnough(behind);
    const bool either = kept_end > 0 && (SaysEither(between) || (enough && between.size() <= kListMost));
    const bool milder = enough && best && row.low < best->low;
    if (best && best->low >= row.low && !either && !milder) continue;
    if (SaysBelow(behind)) {
      if (ClaimOf(text, hit.begin, hit.end, kSubject, tables) == Claim::kStated) continue;
    } else if (!Counts(field, hit.begin, hit.end, kSubject, reads, tables)) {
      continue;
    }
    kept_end = hit.end;
    if (either && best->low <= row.low) continue;
    if (either || milder) best.reset();
    Keep(Said(field, hit.begin, hit.end, row.low, row.high), best);
  }
  for (const UseMention& use : FindUsesAskedFor(text)) {
    if (Counts(field, use.begin, use.end, kSubject, reads, tables))
      Keep(Said(field, use.begin, use.end, use.low, use.high), best);
  }
}

// Texts on institutions and experts tell what they do and own (中试平台, 上市公司), not how ripe a technology
// is.
bool SpeaksOfATechnology(RecordKind kind) {
  return kind != RecordKind::kInstitution && kind != RecordKind::kExpert;
}

std::string LevelText(const MaturityReading& reading) {
  std::string text = absl::StrCat("TRL ", reading.low);
  if (reading.high != reading.low) absl::StrAppend(&text, "–", reading.high);
  return reading.word.empty() ? text : absl::StrCat("“", reading.word, "”（", text, "）");
}

}  // namespace

std::optional<MaturityReading> ReadMaturity(const Record& record, std::span<const ScannedField> fields,
                                            const RequirementTables& tables) {
  if (record.maturity > 0) return MaturityReading{record.maturity, record.maturity, "", std::nullopt};
  if (!SpeaksOfATechnology(record.kind)) return std::nullopt;
  const bool need = record.kind == RecordKind::kNeed;
  std::optional<MaturityReading> levels, words;
  for (const ScannedField& field : fields) {
    const Reads reads = ReadsOf(record, field.name);
    if (reads == Reads::kNothing) continue;
    ReadLevels(field, need, reads, tables, levels);
    if (reads == Reads::kLevels) continue;
    if (need && WantsAnyLevel(field.folded)) return std::nullopt;
    if (need) ReadAsked(field, reads, tables, words);
    if (!need) ReadTold(field, record, tables, words);
  }
  return levels ? levels : words;
}

std::vector<Route> ProposeRoutes(int wanted, int offered, std::span<const Record> candidates,
                                 const RequirementTables& tables) {
  std::vector<Route> routes;
  const int gap = wanted - offered;
  for (const RouteRow& row : tables.routes()) {
    if (gap < row.gap_min || gap > row.gap_max || offered < row.offered_min || offered > row.offered_max)
      continue;
    Route route{row.code, row.name, row.reason, row.institutions, {}};
    for (const Record& candidate : candidates) {
      const bool fits = candidate.kind == RecordKind::kInstitution &&
                        std::find(row.institutions.begin(), row.institutions.end(), candidate.type) !=
                            row.institutions.end();
      if (fits) route.institutions.push_back({candidate.kind, candidate.id});
    }
    routes.push_back(std::move(route));
  }
  return routes;
}

std::optional<RequirementVerdict> JudgeMaturity(const std::optional<MaturityReading>& wanted,
                                                const std::optional<MaturityReading>& offered,
                                                const RequirementTables& tables) {
  if (!wanted) return std::nullopt;
  RequirementVerdict verdict{.kind = RequirementKind::kMaturity,
                             .requirement = absl::StrCat("成熟度 ", LevelText(*wanted))};
  verdict.need_span = wanted->span;
  if (!offered) {
    verdict.reason = absl::StrCat("成熟度：要求 ", LevelText(*wanted), "，供方没有说明");
    return verdict;
  }
  verdict.offer_span = offered->span;
  const std::string both = absl::StrCat("成熟度：要求 ", LevelText(*wanted), "，供方 ", LevelText(*offered));
  // By words each side is a range: the least that the offer says has to reach the least that the need asks.
  const int gap = wanted->low - offered->low;
  if (gap <= 0) {
    verdict.outcome = Outcome::kMet;
    verdict.reason = both + "，满足";
    return verdict;
  }
  verdict.outcome = Outcome::kShort;
  verdict.shortfall = gap;
  verdict.shortfall_text = absl::StrCat("低 ", gap, " 级");
  verdict.reason = absl::StrCat(both, "，", verdict.shortfall_text);
  for (const Route& route : ProposeRoutes(wanted->low, offered->low, {}, tables)) {
    std::string types;
    for (const std::string& type : route.types)
      absl::StrAppend(&types, types.empty() ? "" : "、",
                      std::string(WordOf(TypeWords(RecordKind::kInstitution), type)));
    absl::StrAppend(&verdict.reason, verdict.routes.empty() ? "。建议：" : "；或", route.name, "（", types,
                    "可承担）：", route.reason);
    verdict.routes.push_back(route.code);
  }
  return verdict;
}

}  // namespace dongxi::requirement
