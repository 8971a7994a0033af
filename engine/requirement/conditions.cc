#include "engine/requirement/conditions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "engine/record/field_schema.h"
#include "engine/requirement/claim.h"
#include "engine/requirement/quantity_scan.h"

namespace dongxi::requirement {
namespace {

constexpr double kFreezing = 273.15;  // K

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

// By how much `a` is harder than `b`, base units.
double Harder(const ConditionRow& row, double a, double b) { return row.low_is_hard ? b - a : a - b; }

// Of what a text says in several places: a denial before a statement before a plan.
int Strength(Claim claim) { return claim == Claim::kDenied ? 2 : claim == Claim::kStated ? 1 : 0; }

bool EndsClause(char32_t c) {
  return std::u32string_view(U",，。;；:：!！?？\n\r").find(c) != std::u32string_view::npos;
}

// The clause around [begin, end): what stands before and behind.
struct Around {
  std::u32string_view before, behind;
};
Around ClauseAround(std::u32string_view text, size_t begin, size_t end) {
  size_t from = begin, to = end;
  while (from > 0 && !EndsClause(text[from - 1])) --from;
  while (to < text.size() && !EndsClause(text[to])) ++to;
  return {text.substr(from, begin - from), text.substr(end, to - end)};
}

// 同类进口设备, 作为对照的材料, 一代油品; not 替代进口设备, 新一代产品.
bool TellsOfOthers(std::u32string_view part, const RequirementTables& tables) {
  return tables.words(WordClass::kOthers).Contains(part) && !tables.words(WordClass::kOwn).Contains(part);
}

// What an offer claims by [begin, end); nothing where it speaks of others.
std::optional<Claim> ClaimOfOffer(std::u32string_view text, size_t begin, size_t end,
                                  const RequirementTables& tables) {
  const Around clause = ClauseAround(text, begin, end);
  if (TellsOfOthers(clause.before, tables)) return std::nullopt;
  const Claim claim = ClaimOf(text, begin, end, ClaimSubject::kCondition, tables);
  // 高海拔地区进口设备不适用.
  if (claim == Claim::kDenied && TellsOfOthers(clause.behind, tables)) return std::nullopt;
  return claim;
}

// In a title (《高寒地区施工规程》), or the beginning of a longer word in quotes (“高寒山区羊”) that names no
// place.
bool IsInName(std::u32string_view text, size_t begin, size_t end) {
  constexpr size_t kNameMost = 20;
  constexpr std::u32string_view kOpen = U"“「《", kClose = U"”」》", kPlaces = U"区地境件型带";
  const size_t from = begin > kNameMost ? begin - kNameMost : 0;
  const size_t mark = text.substr(from, begin - from).find_last_of(U"“”「」《》");
  if (mark == std::u32string_view::npos) return false;
  const size_t kind = kOpen.find(text[from + mark]);
  if (kind == std::u32string_view::npos) return false;
  const size_t close = text.substr(0, end + kNameMost).find(kClose[kind], end);
  if (close == std::u32string_view::npos) return false;
  if (kOpen[kind] == U'《') return true;
  const std::u32string_view quoted = text.substr(from + mark + 1, close - from - mark - 1);
  return close > end && quoted.find(U'、') == std::u32string_view::npos &&
         kPlaces.find(quoted.back()) == std::u32string_view::npos;
}

// 高寒草甸土壤微生物多样性研究: studied, nothing was tried out there; not 在高寒草甸示范.
bool IsOnlyStudied(std::u32string_view text, const WordFinder::Hit& hit, const RequirementTables& tables) {
  const WordFinder::Hit topic = tables.words(WordClass::kTopic).At(text, hit.begin);
  if (topic.end < hit.end) return false;
  const Around clause = ClauseAround(text, hit.begin, topic.end);
  return clause.before.find_first_of(U"在于") == std::u32string_view::npos &&
         tables.words(WordClass::kStudy).Contains(clause.behind);
}

void ReadWords(const ScannedField& field, bool of_need, const RequirementTables& tables,
               std::map<std::string, ConditionReading>& found) {
  const std::vector<WordFinder::Hit> others = tables.not_conditions().FindAll(field.folded);
  for (const WordFinder::Hit& hit : tables.condition_words().FindAll(field.folded)) {
    const bool other = std::any_of(others.begin(), others.end(), [&](const WordFinder::Hit& one) {
      return one.begin <= hit.begin && hit.end <= one.end;
    });
    if (other || IsInName(field.folded, hit.begin, hit.end)) continue;
    if (!of_need && IsOnlyStudied(field.folded, hit, tables)) continue;
    const std::optional<Claim> said =
        of_need ? Claim::kStated : ClaimOfOffer(field.folded, hit.begin, hit.end, tables);
    if (!said) continue;
    const Claim claim = *said;
    const auto [place, added] = found.try_emplace(tables.conditions()[hit.id].code);
    ConditionReading& reading = place->second;
    const bool of_field = !added && !reading.span;
    if (of_field || (!added && Strength(claim) <= Strength(reading.claim))) continue;
    reading.claim = claim;
    reading.span = field.SpanOf(hit.begin, hit.end);
  }
}

// -80 ℃冻存: nothing works in that cold.
bool IsOfStorage(const Around& clause) {
  constexpr std::array<std::u32string_view, 9> kStored = {U"冻存", U"贮存", U"储存",   U"冷藏",  U"贮藏",
                                                          U"储藏", U"冷冻", U"保存于", U"保存在"};
  return std::any_of(kStored.begin(), kStored.end(), [&](std::u32string_view word) {
    return clause.before.find(word) != std::u32string_view::npos ||
           clause.behind.find(word) != std::u32string_view::npos;
  });
}

// What the words around an indicator make of it; nothing where they speak of others, or of what is kept cold.
// Its field is the first that has its value at its place.
std::optional<Claim> ClaimOfNumber(const Indicator& indicator, std::span<const ScannedField> fields,
                                   const RequirementTables& tables) {
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
    const bool degrees = indicator.dimension == TemperatureDimension();
    std::optional<Claim> claim = ClaimOfOffer(field.folded, begin, end, tables);
    if (degrees && IsOfStorage(ClauseAround(field.folded, begin, end))) claim.reset();
    if (claim && indicator.negated) claim = Claim::kDenied;
    return claim;
  }
  return indicator.negated ? Claim::kDenied : Claim::kStated;
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
  // What is only planned is not validated by a milder number (有望用于高海拔，已在海拔2000 m应用).
  if (beyond < 0 && claim == Claim::kStated && reading.claim == Claim::kPlanned) {
    if (!reading.milder || Harder(row, number, *reading.milder) > 0) reading.milder = number;
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
      const std::optional<Claim> claim = of_need ? Claim::kStated : ClaimOfNumber(indicator, fields, tables);
      if (claim) AddNumber(row, HardestOf(row, indicator), *claim, found);
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

// A number behind one of a condition's names (年降水量不足100 mm, 短路比为2.5).
struct NamedNumber {
  const ConditionRow* row = nullptr;
  size_t begin = 0, end = 0;  // characters of the field
  double number = 0;
  bool beside = false;  // counts only where the condition is said elsewhere
};

// What may stand between a name and its number: 约, 不足, 低至, 地区; not 降低了, 每升高, another number.
bool IsGap(std::u32string_view gap) {
  constexpr size_t kGapMost = 6;
  return gap.size() <= kGapMost && gap.find_first_of(U",，。;；!！?？、\n0123456789降减增升提差率蒸凝熔沸") ==
                                       std::u32string_view::npos;
}

// The row that a number belongs to by the nearest name before it, or, of a temperature, by what stands right
// behind (-40 ℃环境下).
NamedNumber NumberOf(const ScannedField& field, const QuantityToken& token,
                     std::span<const WordFinder::Hit> names, const RequirementTables& tables) {
  NamedNumber number{.begin = token.begin, .end = token.end};
  const auto behind = std::find_if(names.begin(), names.end(),
                                   [&](const WordFinder::Hit& one) { return one.end > token.begin; });
  const std::u32string_view text = field.folded;
  if (behind != names.begin()) {
    const WordFinder::Hit& name = *(behind - 1);
    if (IsGap(text.substr(name.end, token.begin - name.end))) {
      number.row = &tables.conditions()[name.id / 2];
      number.beside = name.id % 2 == 1;
    }
  }
  const size_t next = SkipSpaces(field.scan, token.end);
  const bool frost = token.unit.dimension == TemperatureDimension() && token.low < kFreezing;
  if (number.row == nullptr && frost && tables.words(WordClass::kConditionAfter).At(text, next).end > next) {
    for (const ConditionRow& row : tables.conditions()) {
      if (row.dimension == TemperatureDimension()) number.row = &row;
    }
    number.beside = true;
  }
  if (number.row == nullptr) return number;
  const bool fits = number.row->dimension == token.unit.dimension && !token.symmetric &&
                    !IsOfStorage(ClauseAround(text, token.begin, token.end));
  if (!fits) number.row = nullptr;
  if (fits) number.number = number.row->low_is_hard ? token.low : token.high;
  return number;
}

std::vector<NamedNumber> NamedNumbers(const ScannedField& field, const RequirementTables& tables) {
  std::vector<NamedNumber> numbers;
  const std::vector<WordFinder::Hit> names = tables.condition_names().FindAll(field.folded);
  // Most texts have neither a name nor a degree: no numbers are scanned for.
  if (names.empty() && field.folded.find(U'°') == std::u32string::npos) return numbers;
  for (const QuantityToken& token : ScanQuantities(field.scan, tables)) {
    const NamedNumber number = NumberOf(field, token, names, tables);
    if (number.row != nullptr) numbers.push_back(number);
  }
  return numbers;
}

// A number of a need says how hard what it asks for is, it asks for nothing by itself.
void AddNeedNumber(const NamedNumber& one, bool of_site, std::map<std::string, ConditionReading>& found) {
  const auto place = found.find(one.row->code);
  if (place == found.end()) return;
  if (!of_site) {
    AddNumber(*one.row, one.number, Claim::kStated, found);
    return;
  }
  std::optional<double>& site = place->second.site;
  if (Harder(*one.row, one.number, one.row->number) < -one.row->scale / 2) return;
  if (!site || Harder(*one.row, one.number, *site) > 0) site = one.number;
}

void AddOfferNumber(const ScannedField& field, const NamedNumber& one, const RequirementTables& tables,
                    std::map<std::string, ConditionReading>& found) {
  const std::optional<Claim> claim = ClaimOfOffer(field.folded, one.begin, one.end, tables);
  const bool is_new = !found.contains(one.row->code);
  if (!claim || (one.beside && is_new)) return;
  const double beyond = Harder(*one.row, one.number, one.row->number);
  // A milder number alone is no such condition, but nearer to it than silence.
  if (is_new && *claim == Claim::kStated && beyond < 0 && beyond >= -one.row->scale / 2)
    found[one.row->code].claim = Claim::kPlanned;
  AddNumber(*one.row, one.number, *claim, found);
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

// How hard it must be: what the need names, or else its site where the offer names a number too.
std::optional<double> WantedOf(const ConditionReading& asked, const ConditionReading& given) {
  if (asked.number) return asked.number;
  return given.number || given.denied_from || given.milder ? asked.site : std::nullopt;
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
  if (const std::optional<double> wanted = WantedOf(asked, given)) {
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
  const std::optional<double> wanted = WantedOf(asked, given);
  return given.denied_from && wanted && Harder(row, *wanted, *given.denied_from) >= 0;
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
  // What a need wants stands in a field of its own: its other texts tell of the site.
  const bool has_wanted = !record.wanted.empty() || !record.indicators.empty();
  for (const ScannedField& field : fields) {
    const bool of_site = has_wanted && (field.name == "title" || field.name == "text");
    for (const NamedNumber& one : NamedNumbers(field, tables)) {
      if (need) AddNeedNumber(one, of_site, found);
      if (!need) AddOfferNumber(field, one, tables, found);
    }
  }
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
    const bool milder = given != nullptr && given->claim == Claim::kPlanned && given->milder &&
                        WantedOf(reading, *given) && !given->denied_from;
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
