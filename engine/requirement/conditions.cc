#include "engine/requirement/conditions.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

#include "engine/requirement/claim.h"
#include "engine/requirement/condition_phrases.h"
#include "engine/requirement/quantity_scan.h"

namespace dongxi::requirement {
namespace {

constexpr double kFreezing = 273.15;  // K

// Of what a text says in several places: a denial before a statement before a plan.
int Strength(Claim claim) { return claim == Claim::kDenied ? 2 : claim == Claim::kStated ? 1 : 0; }

// What an offer claims by [begin, end); nothing where it speaks of others. `own`: the version that its title
// names.
std::optional<Claim> ClaimOfOffer(std::u32string_view text, size_t begin, size_t end, const Version& own,
                                  const RequirementTables& tables) {
  if (IsOfAnother(text, begin, ClaimSubject::kCondition, tables)) return std::nullopt;
  if (IsOfAnotherVersion(text, begin, own)) return std::nullopt;
  const Claim claim = ClaimOf(text, begin, end, ClaimSubject::kCondition, tables);
  // 高海拔地区进口设备不适用.
  if (claim == Claim::kDenied && SpeaksOfAnother(AroundOf(text, begin, end).behind, tables))
    return std::nullopt;
  return claim;
}

// 高寒草甸土壤微生物多样性研究: studied, nothing was tried out there; not 在高寒草甸示范.
bool IsOnlyStudied(std::u32string_view text, const WordFinder::Hit& hit, const RequirementTables& tables) {
  const WordFinder::Hit topic = tables.words(WordClass::kTopic).At(text, hit.begin);
  if (topic.end < hit.end) return false;
  const Around clause = AroundOf(text, hit.begin, topic.end);
  return clause.before.find_first_of(U"在于") == std::u32string_view::npos &&
         tables.words(WordClass::kStudy).Contains(clause.behind);
}

void SetSimulated(const std::string& code, std::map<std::string, ConditionReading>& found) {
  const auto [place, added] = found.try_emplace(code);
  if (added) place->second.claim = Claim::kPlanned;
  place->second.simulated = true;
}

void SetDenied(const ScannedField& field, std::string_view code, size_t begin, size_t end,
               std::map<std::string, ConditionReading>& found) {
  ConditionReading& reading = found[std::string(code)];
  reading.claim = Claim::kDenied;
  reading.span = field.SpanOf(begin, end);
}

// 平原机型, 冬季须停用, 启动须有稳定市电: a condition is excluded without its name; 氙灯老化: one is tried in
// a chamber.
void ReadExclusions(const ScannedField& field, const Version& own, const RequirementTables& tables,
                    std::map<std::string, ConditionReading>& found) {
  const std::u32string_view text = field.folded;
  for (const PhraseHit& one : TrialsIn(text)) SetSimulated(std::string(one.code), found);
  const auto of_others = [&](size_t at) {
    // 解决冬季无法施工的问题: the trouble that is removed.
    constexpr std::u32string_view kTrouble[] = {U"解决", U"克服", U"针对", U"避免",
                                                U"防止", U"问题", U"难题", U"改变"};
    return IsOfAnother(text, at, ClaimSubject::kCondition, tables) || IsOfAnotherVersion(text, at, own) ||
           HasAny(AroundOf(text, at, at), kTrouble);
  };
  for (const PhraseHit& one : ExclusionsIn(text)) {
    const std::u32string_view before = text.substr(0, one.begin);
    if (before.ends_with(U"不") || before.ends_with(U"非") || before.ends_with(U"无")) continue;
    if (!of_others(one.begin)) SetDenied(field, one.code, one.begin, one.end, found);
  }
  const std::optional<PhrasePlace> mains = MainsNeeded(text);
  if (mains && !of_others(mains->begin)) SetDenied(field, "weak_grid", mains->begin, mains->end, found);
}

// 人背马驮, pH 9.6的草场: an offer was there, though the condition is not named.
void ReadSites(const ScannedField& field, const Version& own, const RequirementTables& tables,
               std::map<std::string, ConditionReading>& found) {
  const std::u32string_view text = field.folded;
  const auto add = [&](std::string_view code, size_t begin, size_t end) {
    if (ClaimOfOffer(text, begin, end, own, tables) != Claim::kStated || IsInName(text, begin, end)) return;
    if (IsSimulated(AroundOf(text, begin, end)) || SaidBehind(text, begin, end)) return;
    const auto [place, added] = found.try_emplace(std::string(code));
    ConditionReading& reading = place->second;
    if (!added && reading.claim != Claim::kPlanned) return;
    reading.claim = Claim::kStated;
    reading.span = field.SpanOf(begin, end);
  };
  for (const PhraseHit& one : SitesIn(text)) add(one.code, one.begin, one.end);
  if (const std::optional<PhrasePlace> soil = AlkalineSoil(text)) add("saline", soil->begin, soil->end);
}

// What a word says in its place; nothing where it says nothing. `own`: the offer's version, null for a need.
std::optional<Claim> ClaimOfWord(const ScannedField& field, const WordFinder::Hit& hit, const Version* own,
                                 const RequirementTables& tables) {
  const std::u32string_view text = field.folded;
  if (IsInName(text, hit.begin, hit.end)) return std::nullopt;
  if (own != nullptr && IsOnlyStudied(text, hit, tables)) return std::nullopt;
  // 零下80度保存, 低温环境下贮藏.
  const std::u32string_view word = text.substr(hit.begin, 2);
  if ((word == U"零下" || word == U"低温") && IsOfStorage(AroundOf(text, hit.begin, hit.end)))
    return std::nullopt;
  if (own == nullptr) {
    if (IsNotAskedFor(text, hit.begin, hit.end)) return std::nullopt;
    return Claim::kStated;
  }
  const std::optional<Claim> claim = ClaimOfOffer(text, hit.begin, hit.end, *own, tables);
  if (claim != Claim::kStated) return claim;
  if (FailedThere(text, hit.begin, hit.end)) return Claim::kDenied;
  const std::optional<Claim> behind = SaidBehind(text, hit.begin, hit.end);
  return behind ? behind : claim;
}

// `own` as for ClaimOfWord.
void ReadWords(const ScannedField& field, const Version* own, const RequirementTables& tables,
               std::map<std::string, ConditionReading>& found) {
  const std::vector<WordFinder::Hit> others = tables.not_conditions().FindAll(field.folded);
  for (const WordFinder::Hit& hit : tables.condition_words().FindAll(field.folded)) {
    const bool other = std::any_of(others.begin(), others.end(), [&](const WordFinder::Hit& one) {
      return one.begin <= hit.begin && hit.end <= one.end;
    });
    if (other) continue;
    const std::optional<Claim> claim = ClaimOfWord(field, hit, own, tables);
    if (!claim) continue;
    const std::string& code = tables.conditions()[hit.id].code;
    const bool simulated =
        own != nullptr && *claim == Claim::kStated && IsSimulated(AroundOf(field.folded, hit.begin, hit.end));
    if (simulated) {
      SetSimulated(code, found);
      continue;
    }
    const auto [place, added] = found.try_emplace(code);
    ConditionReading& reading = place->second;
    const bool of_field = !added && !reading.span;
    if (of_field || (!added && Strength(*claim) <= Strength(reading.claim))) continue;
    reading.claim = *claim;
    reading.span = field.SpanOf(hit.begin, hit.end);
  }
}

// Where an indicator's value stands: the first field that has it at its place; null if none has.
struct Place {
  const ScannedField* field = nullptr;
  size_t begin = 0, end = 0;  // characters of `folded`
};
Place PlaceOf(const Indicator& indicator, std::span<const ScannedField> fields) {
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
    if (value.find(indicator.unit) != std::string_view::npos) return {&field, begin, end};
  }
  return {};
}

Around ClauseOf(const Place& place) {
  return place.field == nullptr ? Around{} : AroundOf(place.field->folded, place.begin, place.end);
}

// What the words around an indicator make of it; nothing where they speak of others. `own` as for
// ClaimOfWord.
std::optional<Claim> ClaimOfNumber(const Indicator& indicator, const Place& place, const Version* own,
                                   const RequirementTables& tables) {
  if (own == nullptr) {
    const bool asked = place.field == nullptr || !IsNotAskedFor(place.field->folded, place.begin, place.end);
    return asked ? std::optional(Claim::kStated) : std::nullopt;
  }
  if (place.field == nullptr) return indicator.negated ? Claim::kDenied : Claim::kStated;
  std::optional<Claim> claim = ClaimOfOffer(place.field->folded, place.begin, place.end, *own, tables);
  if (claim && indicator.negated) claim = Claim::kDenied;
  return claim;
}

// 不适用于海拔2500 m以下: what is denied is milder than the number, so nothing harder is. `clause`: around
// it.
bool IsMilderSide(const ConditionRow& row, const Around& clause) {
  const auto ends = [&](std::u32string_view word) { return clause.before.ends_with(word); };
  const auto begins = [&](std::u32string_view word) { return clause.behind.starts_with(word); };
  if (row.low_is_hard) return begins(U"以上") || begins(U"及以上") || ends(U"高于") || ends(U"大于");
  return begins(U"以下") || begins(U"及以下") || begins(U"以内") || ends(U"低于") || ends(U"不足") ||
         ends(U"小于");
}

// 仅适用于海拔2000 m以下, 使用海拔不得超过3000 m: what is harder is excluded. `clause`: around the number.
bool IsLimit(const ConditionRow& row, const Around& clause) {
  constexpr std::u32string_view kOnly[] = {U"仅",   U"只能", U"只可", U"只适", U"限于",
                                           U"限用", U"限在", U"不得", U"严禁", U"不可",
                                           U"不应", U"不能", U"禁止", U"须在", U"必须"};
  const bool only = HasAny({clause.before, {}}, kOnly);
  if (!only && (row.code != "high_altitude" || !IsLimitOfUse(clause))) return false;
  const auto ends = [&](std::u32string_view word) { return clause.before.ends_with(word); };
  const auto begins = [&](std::u32string_view word) { return clause.behind.starts_with(word); };
  if (row.low_is_hard)
    return begins(U"以上") || begins(U"及以上") || ends(U"不低于") || ends(U"得低于") || ends(U"应低于");
  return begins(U"以下") || begins(U"及以下") || begins(U"以内") || ends(U"不超过") || ends(U"得超过") ||
         ends(U"应超过") || ends(U"能超过") || ends(U"不高于") || ends(U"得高于") || ends(U"不大于") ||
         ends(U"≤");
}

double HardestOf(const ConditionRow& row, const Indicator& indicator) {
  if (row.low_is_hard) return std::isinf(indicator.low) ? indicator.high : indicator.low;
  return std::isinf(indicator.high) ? indicator.low : indicator.high;
}

void AddNumber(const ConditionRow& row, double number, Claim claim,
               std::map<std::string, ConditionReading>& found) {
  // A milder number asks for nothing by itself, but says how hard what a word says is.
  // Denied it excludes all that is harder (仅适用于海拔1000 m以下), but of cold: 不得在5 ℃以下施工.
  const double beyond = row.Harder(number, row.number);
  const bool excludes = claim == Claim::kDenied;
  const bool far = beyond < -row.scale / 2 && (!excludes || row.low_is_hard);
  if (far || (beyond < 0 && !excludes && !found.contains(row.code))) return;
  const auto [place, added] = found.try_emplace(row.code);
  ConditionReading& reading = place->second;
  if (added) reading.claim = claim == Claim::kStated ? Claim::kStated : Claim::kPlanned;
  if (claim == Claim::kDenied) {
    if (!reading.denied_from || row.Harder(number, *reading.denied_from) < 0) reading.denied_from = number;
    return;
  }
  // What is only planned is not validated by a milder number (有望用于高海拔，已在海拔2000 m应用).
  if (beyond < 0 && claim == Claim::kStated && reading.claim == Claim::kPlanned) {
    if (!reading.milder || row.Harder(number, *reading.milder) > 0) reading.milder = number;
    return;
  }
  if (claim == Claim::kPlanned && reading.claim != Claim::kPlanned) return;
  if (claim == Claim::kStated && reading.claim == Claim::kPlanned) {
    reading.claim = Claim::kStated;
    reading.number.reset();
  }
  if (!reading.number || row.Harder(number, *reading.number) > 0) reading.number = number;
}

// 海拔4500米 asks for altitude (or shows it), and says how much.
void ReadNumbers(std::span<const ScannedField> fields, std::span<const Indicator> indicators,
                 const Version* own, const RequirementTables& tables,
                 std::map<std::string, ConditionReading>& found) {
  for (const ConditionRow& row : tables.conditions()) {
    if (row.measure.empty()) continue;
    const bool degrees = row.dimension == TemperatureDimension();
    for (const Indicator& indicator : indicators) {
      if (indicator.change || indicator.name.quantity != row.measure) continue;
      if (indicator.dimension != row.dimension) continue;  // 低温干燥至百分之六
      const Place place = PlaceOf(indicator, fields);
      if (degrees && IsOfStorage(ClauseOf(place))) continue;
      const std::optional<Claim> claim = ClaimOfNumber(indicator, place, own, tables);
      // The value's place holds its 以下.
      const bool milder_side = std::isinf(row.low_is_hard ? indicator.high : indicator.low);
      if (!claim || (*claim == Claim::kDenied && (milder_side || IsMilderSide(row, ClauseOf(place)))))
        continue;
      if (own != nullptr && *claim == Claim::kStated && IsSimulated(ClauseOf(place))) {
        SetSimulated(row.code, found);
        continue;
      }
      AddNumber(row, HardestOf(row, indicator), *claim, found);
    }
    if (!degrees || !row.low_is_hard) continue;
    // -30℃条件下容量≥80%: the cold is a circumstance of what is asked.
    for (const Indicator& indicator : indicators) {
      for (const Circumstance& one : indicator.circumstances) {
        const bool frost = one.dimension == TemperatureDimension() && one.value < kFreezing;
        if (!frost || IsOfStorage(ClauseOf(PlaceOf(indicator, fields)))) continue;
        AddNumber(row, one.value, Claim::kStated, found);
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

// 10级风沙, by the lower end of the class.
double SpeedOfWindClass(double grade) {
  constexpr double kFrom[] = {0,    0.3,  1.6,  3.4,  5.5,  8.0,  10.8, 13.9, 17.2,
                              20.8, 24.5, 28.5, 32.7, 37.0, 41.5, 46.2, 51.0, 56.1};  // m/s, GB/T 28591
  const auto last = static_cast<double>(std::size(kFrom) - 1);
  return kFrom[static_cast<size_t>(std::clamp(grade, 0.0, last))];
}

NamedNumber OfWindClass(const QuantityToken& token, const RequirementTables& tables) {
  NamedNumber number{.begin = token.begin, .end = token.end, .beside = true};
  for (const ConditionRow& row : tables.conditions()) {
    if (row.dimension == SpeedDimension()) number.row = &row;
  }
  number.number = SpeedOfWindClass(token.high);
  return number;
}

// -38℃的露天矿, 4700米的垭口: a place says what the number is of; null if none does.
const ConditionRow* RowBySite(std::u32string_view text, const QuantityToken& token,
                              const RequirementTables& tables) {
  constexpr double kColdest = kFreezing - 60;  // colder is a process
  constexpr double kHighest = 7000;            // m
  for (const ConditionRow& row : tables.conditions()) {
    if (row.dimension != token.unit.dimension || !token.has_unit) continue;
    if (row.code == "cold" && token.low < kFreezing && token.low >= kColdest &&
        IsFrostOfASite(text, token.begin, token.end))
      return &row;
    if (row.code == "high_altitude" && token.high >= row.number && token.high <= kHighest &&
        IsAltitudeBefore(text, token.begin, token.end))
      return &row;
  }
  return nullptr;
}

// The row that a number belongs to by the nearest name before it, or, of a temperature, by what stands right
// behind (-40 ℃环境下).
NamedNumber NumberOf(const ScannedField& field, const QuantityToken& token,
                     std::span<const WordFinder::Hit> names, const RequirementTables& tables) {
  if (token.unit.dimension.Has("wind_class")) return OfWindClass(token, tables);
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
  if (number.row == nullptr || number.beside) {
    if (const ConditionRow* row = RowBySite(text, token, tables)) {
      number.row = row;
      number.beside = false;
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
  const Around clause = AroundOf(text, token.begin, token.end);
  const bool degrees = token.unit.dimension == TemperatureDimension();
  const bool fits = number.row->dimension == token.unit.dimension && !token.symmetric &&
                    !(degrees && IsOfStorage(clause)) && !(number.beside && IsOfAProduct(clause));
  if (!fits) number.row = nullptr;
  if (fits) number.number = number.row->low_is_hard ? token.low : token.high;
  return number;
}

// ①甲矿，海拔3120 m；②乙矿，4015 m: the list goes on without the name, each number behind a comma or bracket.
bool GoesOn(std::u32string_view text, const QuantityToken& token, const NamedNumber& last) {
  constexpr double kLeast = 1000;  // m
  const ConditionRow& row = *last.row;
  if (row.low_is_hard || token.unit.dimension != row.dimension || row.code != "high_altitude") return false;
  if (token.low < kLeast || token.begin == 0 || token.begin < last.end) return false;
  const std::u32string_view between = text.substr(last.end, token.begin - last.end);
  return between.find(U'。') == std::u32string_view::npos && !between.empty() &&
         std::u32string_view(U",，(").find(between.back()) != std::u32string_view::npos &&
         between.find_first_of(U";；、)") != std::u32string_view::npos;
}

std::vector<NamedNumber> NamedNumbers(const ScannedField& field, const RequirementTables& tables) {
  std::vector<NamedNumber> numbers;
  const std::vector<WordFinder::Hit> names = tables.condition_names().FindAll(field.folded);
  // Most texts have no name, degree, class of wind or 4700米的哨所: no numbers are scanned for.
  const auto has = [&](char32_t c) { return field.folded.find(c) != std::u32string::npos; };
  const bool may = !names.empty() || has(U'°') || (has(U'级') && has(U'风')) ||
                   field.folded.find(U"米的") != std::u32string::npos;
  if (!may) return numbers;
  for (const QuantityToken& token : ScanQuantities(field.scan, tables)) {
    NamedNumber number = NumberOf(field, token, names, tables);
    if (number.row == nullptr && !numbers.empty() && GoesOn(field.folded, token, numbers.back())) {
      number = {numbers.back().row, token.begin, token.end, token.high};
    }
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
  if (one.row->Harder(one.number, one.row->number) < -one.row->scale / 2) return;
  if (!site || one.row->Harder(one.number, *site) > 0) site = one.number;
}

// 于含盐量0.4%的河滩地造林: the soil is named with the number.
bool IsOfASoil(const ConditionRow& row, std::u32string_view text, const NamedNumber& one) {
  constexpr std::u32string_view kSoils[] = {U"土壤", U"耕层", U"河滩", U"滩地", U"滩涂", U"农田",
                                            U"大田", U"草场", U"荒地", U"地块", U"地里", U"田里",
                                            U"的地", U"造林", U"盐地", U"碱地"};
  return row.code == "saline" && HasAny(AroundOf(text, one.begin, one.end), kSoils);
}

void AddOfferNumber(const ScannedField& field, const NamedNumber& one, const Version& own,
                    const RequirementTables& tables, std::map<std::string, ConditionReading>& found) {
  const std::optional<Claim> claim = ClaimOfOffer(field.folded, one.begin, one.end, own, tables);
  const bool is_new = !found.contains(one.row->code);
  if (!claim || (one.beside && is_new && !IsOfASoil(*one.row, field.folded, one))) return;
  const Around clause = AroundOf(field.folded, one.begin, one.end);
  if (*claim == Claim::kStated && IsSimulated(clause)) {
    SetSimulated(one.row->code, found);
    return;
  }
  if (*claim == Claim::kDenied && IsMilderSide(*one.row, clause)) return;
  const double beyond = one.row->Harder(one.number, one.row->number);
  // A milder number alone is no such condition, but nearer to it than silence.
  if (is_new && *claim == Claim::kStated && beyond < 0 && beyond >= -one.row->scale / 2)
    found[one.row->code].claim = Claim::kPlanned;
  AddNumber(*one.row, one.number, *claim, found);
  if (*claim != Claim::kStated) return;
  if (!IsLimit(*one.row, AroundWithHeading(field.folded, one.begin, one.end))) return;
  constexpr double kJustBeyond = 1e-6;  // of what the limit still allows
  AddNumber(*one.row, one.number + (one.row->low_is_hard ? -kJustBeyond : kJustBeyond), Claim::kDenied,
            found);
}

}  // namespace

std::map<std::string, ConditionReading> ReadConditions(const Record& record,
                                                       std::span<const ScannedField> fields,
                                                       std::span<const Indicator> indicators,
                                                       const RequirementTables& tables) {
  std::map<std::string, ConditionReading> found;
  for (const std::string& code : record.conditions) found.try_emplace(code);
  const bool need = record.kind == RecordKind::kNeed;
  const auto title = std::find_if(fields.begin(), fields.end(),
                                  [](const ScannedField& field) { return field.name == "title"; });
  const Version version = title == fields.end() ? Version() : VersionOfTitle(title->folded);
  const Version* const own = need ? nullptr : &version;
  if (!need || record.conditions.empty()) {
    for (const ScannedField& field : fields) {
      if (field.name == "indicators") continue;
      ReadWords(field, own, tables, found);
      if (need) continue;
      ReadSites(field, version, tables, found);
      ReadExclusions(field, version, tables, found);
    }
  }
  ReadNumbers(fields, indicators, own, tables, found);
  // What a need wants stands in a field of its own: its other texts tell of the site.
  const bool has_wanted = !record.wanted.empty() || !record.indicators.empty();
  for (const ScannedField& field : fields) {
    const bool of_site = has_wanted && (field.name == "title" || field.name == "text");
    for (const NamedNumber& one : NamedNumbers(field, tables)) {
      if (need && !IsNotAskedFor(field.folded, one.begin, one.end)) AddNeedNumber(one, of_site, found);
      if (!need) AddOfferNumber(field, one, version, tables, found);
    }
  }
  return found;
}

}  // namespace dongxi::requirement
