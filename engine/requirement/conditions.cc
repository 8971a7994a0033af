#include "engine/requirement/conditions.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

#include "engine/requirement/claim.h"
#include "engine/requirement/quantity_scan.h"

namespace dongxi::requirement {
namespace {

constexpr double kFreezing = 273.15;  // K

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

// What an offer claims by [begin, end); nothing where it speaks of others.
std::optional<Claim> ClaimOfOffer(std::u32string_view text, size_t begin, size_t end,
                                  const RequirementTables& tables) {
  if (IsOfAnother(text, begin, ClaimSubject::kCondition, tables)) return std::nullopt;
  const Claim claim = ClaimOf(text, begin, end, ClaimSubject::kCondition, tables);
  // 高海拔地区进口设备不适用.
  if (claim == Claim::kDenied && SpeaksOfAnother(ClauseAround(text, begin, end).behind, tables))
    return std::nullopt;
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

bool HasAny(const Around& clause, std::span<const std::u32string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::u32string_view word) {
    return clause.before.find(word) != std::u32string_view::npos ||
           clause.behind.find(word) != std::u32string_view::npos;
  });
}

// -80 ℃冻存, 液氮速冻, 凝点-45 ℃: what is kept or made that cold, or turns solid; nothing works there.
bool IsOfStorage(const Around& clause) {
  constexpr std::u32string_view kStored[] = {
      U"冻存",   U"贮存",     U"储存",     U"冷藏",     U"贮藏",     U"储藏",     U"冷冻",     U"液氮",
      U"干冰",   U"冰箱",     U"冰柜",     U"冷库",     U"冷链",     U"冻干",     U"速冻",     U"深冷",
      U"冷阱",   U"结晶",     U"萃取",     U"浸提",     U"淬火",     U"醇沉",     U"孵育",     U"露点",
      U"凝点",   U"倾点",     U"冰点",     U"冰浴",     U"保鲜",     U"超低温",   U"凝固点",   U"玻璃化",
      U"制冷剂", U"蒸发温度", U"冷凝温度", U"反应温度", U"反应釜",   U"保存于",   U"保存在",   U"下保存",
      U"c保存",  U"c 保存",   U"度保存",   U"环境保存", U"低温保存", U"长期保存", U"保存条件", U"保存温度"};
  return HasAny(clause, kStored);
}

// 酱菜含盐量9%, not 盐碱地含盐量0.9%.
bool IsOfAProduct(const Around& clause) {
  constexpr std::u32string_view kProducts[] = {U"酱",   U"菜",   U"肉",   U"腌",   U"卤",   U"奶",
                                               U"汤",   U"饲料", U"培养", U"废水", U"料液", U"溶液",
                                               U"产品", U"成品", U"制品", U"发酵", U"母液", U"浓水"};
  constexpr std::u32string_view kSoils[] = {U"土", U"地", U"田", U"耕层", U"盐碱"};
  return HasAny(clause, kProducts) && !HasAny(clause, kSoils);
}

// 低压舱里模拟海拔4500米, 低温箱里放24小时, 盆栽浇盐水: no site. `clause`: around the word or number; what a
// later part of the sentence tells of a site has a clause of its own.
bool IsSimulated(const Around& clause) {
  constexpr std::u32string_view kChambers[] = {
      U"低压舱",     U"模拟舱",     U"环境舱", U"气候舱", U"低温箱",   U"试验箱",   U"试验舱",
      U"低气压箱",   U"高低温箱",   U"老化箱", U"氙灯",   U"风洞",     U"吹沙试验", U"吹砂试验",
      U"相当于海拔", U"盆栽",       U"营养液", U"浇盐水", U"温室控水", U"人工气候", U"气候室",
      U"实时仿真",   U"半实物仿真", U"仿真",   U"低温舱"};
  constexpr std::u32string_view kSites[] = {U"现场", U"野外", U"实地", U"矿",
                                            U"电站", U"户外", U"田间", U"大田"};
  return HasAny(clause, kChambers) && !HasAny(clause, kSites);
}

void SetSimulated(const std::string& code, std::map<std::string, ConditionReading>& found) {
  const auto [place, added] = found.try_emplace(code);
  if (added) place->second.claim = Claim::kPlanned;
  place->second.simulated = true;
}

// 平原机型, 冬季须停用: a condition is excluded without its name; 氙灯老化: one is tried in a chamber.
struct Exclusion {
  std::string_view code;
  std::u32string_view word;
};
constexpr Exclusion kExclusions[] = {{"high_altitude", U"平原机型"},
                                     {"high_altitude", U"仅供平原"},
                                     {"high_altitude", U"只供平原"},
                                     {"high_altitude", U"只配平原"},
                                     {"high_altitude", U"仅限平原"},
                                     {"high_altitude", U"只限平原"},
                                     {"high_altitude", U"上不了高原"},
                                     {"high_altitude", U"不能上高原"},
                                     {"cold", U"冬季须停用"},
                                     {"cold", U"冬季停用"},
                                     {"cold", U"入冬前要拆"},
                                     {"cold", U"入冬前拆"},
                                     {"cold", U"不耐冻"},
                                     {"cold", U"怕冻"},
                                     {"cold", U"冬季要收起"},
                                     {"cold", U"冬季不能"},
                                     {"cold", U"冬天不能"},
                                     {"cold", U"冬季禁用"},
                                     {"cold", U"冬季不宜"},
                                     {"cold", U"结冰后无法"},
                                     {"weak_grid", U"须接稳定市电"},
                                     {"weak_grid", U"须接市电"},
                                     {"weak_grid", U"要求电网坚强"},
                                     {"sand", U"怕沙"},
                                     {"sand", U"不防沙"},
                                     {"strong_uv", U"不耐紫外"}};
constexpr Exclusion kTrials[] = {{"strong_uv", U"氙灯老化"},     {"strong_uv", U"紫外老化箱"},
                                 {"strong_uv", U"紫外老化试验"}, {"sand", U"吹沙试验"},
                                 {"sand", U"吹砂试验"},          {"saline", U"浇盐水"}};

void ReadExclusions(const ScannedField& field, const RequirementTables& tables,
                    std::map<std::string, ConditionReading>& found) {
  const std::u32string_view text = field.folded;
  for (const Exclusion& one : kTrials) {
    if (text.find(one.word) != std::u32string_view::npos) SetSimulated(std::string(one.code), found);
  }
  for (const Exclusion& one : kExclusions) {
    const size_t at = text.find(one.word);
    if (at == std::u32string_view::npos || IsOfAnother(text, at, ClaimSubject::kCondition, tables)) continue;
    const Around clause = ClauseAround(text, at, at);
    if (clause.before.ends_with(U"不") || clause.before.ends_with(U"非")) continue;
    ConditionReading& reading = found[std::string(one.code)];
    reading.claim = Claim::kDenied;
    reading.span = field.SpanOf(at, at + one.word.size());
  }
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
    // 零下80度保存, 低温环境下贮藏.
    const std::u32string_view word = std::u32string_view(field.folded).substr(hit.begin, 2);
    if ((word == U"零下" || word == U"低温") && IsOfStorage(ClauseAround(field.folded, hit.begin, hit.end)))
      continue;
    const std::optional<Claim> said =
        of_need ? Claim::kStated : ClaimOfOffer(field.folded, hit.begin, hit.end, tables);
    if (!said) continue;
    if (!of_need && *said == Claim::kStated && IsSimulated(ClauseAround(field.folded, hit.begin, hit.end))) {
      SetSimulated(tables.conditions()[hit.id].code, found);
      continue;
    }
    const Claim claim = *said;
    const auto [place, added] = found.try_emplace(tables.conditions()[hit.id].code);
    ConditionReading& reading = place->second;
    const bool of_field = !added && !reading.span;
    if (of_field || (!added && Strength(claim) <= Strength(reading.claim))) continue;
    reading.claim = claim;
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
  return place.field == nullptr ? Around{} : ClauseAround(place.field->folded, place.begin, place.end);
}

// What the words around an indicator make of it; nothing where they speak of others.
std::optional<Claim> ClaimOfNumber(const Indicator& indicator, const Place& place,
                                   const RequirementTables& tables) {
  if (place.field == nullptr) return indicator.negated ? Claim::kDenied : Claim::kStated;
  std::optional<Claim> claim = ClaimOfOffer(place.field->folded, place.begin, place.end, tables);
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
  if (!HasAny({clause.before, {}}, kOnly)) return false;
  const auto ends = [&](std::u32string_view word) { return clause.before.ends_with(word); };
  const auto begins = [&](std::u32string_view word) { return clause.behind.starts_with(word); };
  if (row.low_is_hard)
    return begins(U"以上") || begins(U"及以上") || ends(U"不低于") || ends(U"得低于") || ends(U"应低于");
  return begins(U"以下") || begins(U"及以下") || begins(U"以内") || ends(U"不超过") || ends(U"得超过") ||
         ends(U"应超过") || ends(U"能超过") || ends(U"不高于") || ends(U"得高于");
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
void ReadNumbers(std::span<const ScannedField> fields, std::span<const Indicator> indicators, bool of_need,
                 const RequirementTables& tables, std::map<std::string, ConditionReading>& found) {
  for (const ConditionRow& row : tables.conditions()) {
    if (row.measure.empty()) continue;
    const bool degrees = row.dimension == TemperatureDimension();
    for (const Indicator& indicator : indicators) {
      if (indicator.change || indicator.name.quantity != row.measure) continue;
      if (indicator.dimension != row.dimension) continue;  // 低温干燥至百分之六
      const Place place = PlaceOf(indicator, fields);
      if (degrees && IsOfStorage(ClauseOf(place))) continue;
      const std::optional<Claim> claim = of_need ? Claim::kStated : ClaimOfNumber(indicator, place, tables);
      // The value's place holds its 以下.
      const bool milder_side = std::isinf(row.low_is_hard ? indicator.high : indicator.low);
      if (!claim || (*claim == Claim::kDenied && (milder_side || IsMilderSide(row, ClauseOf(place)))))
        continue;
      if (!of_need && *claim == Claim::kStated && IsSimulated(ClauseOf(place))) {
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
  const size_t next = SkipSpaces(field.scan, token.end);
  const bool frost = token.unit.dimension == TemperatureDimension() && token.low < kFreezing;
  if (number.row == nullptr && frost && tables.words(WordClass::kConditionAfter).At(text, next).end > next) {
    for (const ConditionRow& row : tables.conditions()) {
      if (row.dimension == TemperatureDimension()) number.row = &row;
    }
    number.beside = true;
  }
  if (number.row == nullptr) return number;
  const Around clause = ClauseAround(text, token.begin, token.end);
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
  // Most texts have neither a name nor a degree nor a class of wind: no numbers are scanned for.
  const auto has = [&](char32_t c) { return field.folded.find(c) != std::u32string::npos; };
  if (names.empty() && !has(U'°') && !(has(U'级') && has(U'风'))) return numbers;
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
  return row.code == "saline" && HasAny(ClauseAround(text, one.begin, one.end), kSoils);
}

void AddOfferNumber(const ScannedField& field, const NamedNumber& one, const RequirementTables& tables,
                    std::map<std::string, ConditionReading>& found) {
  const std::optional<Claim> claim = ClaimOfOffer(field.folded, one.begin, one.end, tables);
  const bool is_new = !found.contains(one.row->code);
  if (!claim || (one.beside && is_new && !IsOfASoil(*one.row, field.folded, one))) return;
  const Around clause = ClauseAround(field.folded, one.begin, one.end);
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
  if (*claim != Claim::kStated || !IsLimit(*one.row, clause)) return;
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
  if (!need || record.conditions.empty()) {
    for (const ScannedField& field : fields) {
      if (field.name == "indicators") continue;
      ReadWords(field, need, tables, found);
      if (!need) ReadExclusions(field, tables, found);
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

}  // namespace dongxi::requirement
