#include "engine/requirement/quantity_scan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "engine/requirement/numbers.h"
#include "engine/requirement/standard_number.h"
#include "engine/requirement/unit_by_context.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

class Scanner {
 public:
  Scanner(const ScanText& scan, const RequirementTables& tables) : scan_(scan), tables_(tables) {}

  std::vector<QuantityToken> Scan() {
    for (size_t at = 0; at < scan_.text.size();) {
      const size_t skipped = std::max(SkippedWord(at), SkipStandardNumber(scan_, at));
      if (skipped > at) {
        at = skipped;
        continue;
      }
      const size_t next = ReadAt(at);
      at = std::max(next, at + 1);
    }
    return std::move(tokens_);
  }

 private:
  struct Value {
    NumberReading number;
    std::optional<UnitReading> unit;
    size_t end = 0;
  };

  // 一体化, 一个, 千粒重; not 一个半月, 不多于一次.
  size_t SkippedWord(size_t at) const {
    const size_t end = tables_.words(WordClass::kSkipNumber).At(scan_.text, at).end;
    if (end == at) return QuantityWithNumeral(at);
    const bool half = scan_.text[end - 1] == U'个' && CharacterAt(scan_, end) == U'半';
    return half || IsCountedOnce(at, end) || IsUnitBehind(at, end) ? at : end;
  }
  // 一个月, 一个钟头: the unit is longer than the word.
  bool IsUnitBehind(size_t begin, size_t end) const {
    constexpr std::u32string_view kVolumes = U"水气氧氢木料池沼砂混废污以";  // 一方水
    const char32_t next = CharacterAt(scan_, end);
    if (scan_.text[end - 1] == U'方') return next != 0 && kVolumes.find(next) != std::u32string_view::npos;
    if (scan_.text[end - 1] != U'个') return false;
    const WordFinder::Hit unit = tables_.UnitAt(scan_.text, begin + 1);
    return unit.end > end && tables_.units()[unit.id].dimension == TimeDimension();
  }
  // 百粒重, 一次收率, 半衰期: the numeral is part of the quantity's own name. Returns `at` where it is not.
  size_t QuantityWithNumeral(size_t at) const {
    constexpr std::u32string_view kNumerals = U"一二三四五六七八九十百千万半两";
    constexpr size_t kWordCharacters = 12;
    if (kNumerals.find(scan_.text[at]) == std::u32string_view::npos) return at;
    return tables_.quantity_words()
               .At(FoldAscii(std::u32string_view(scan_.text).substr(at, kWordCharacters)), 0)
               .end +
           at;
  }
  // 误报不多于一次, 不少于三种: behind a comparison and at the end of the clause, a count.
  bool IsCountedOnce(size_t begin, size_t end) const {
    constexpr std::u32string_view kCompares = U"于过≤≥<>";
    return begin > 0 && kCompares.find(scan_.text[begin - 1]) != std::u32string_view::npos &&
           !IsHan(CharacterAt(scan_, end)) && !IsAsciiLetter(CharacterAt(scan_, end));
  }

  std::optional<Value> ReadValue(size_t at) {
    std::optional<NumberReading> number = ReadNumber(scan_, at);
    if (!number) return std::nullopt;
    Value value{.number = *number, .end = number->end};
    if (number->share) {
      TakeUnitOfFraction(value);
      return value;
    }
    TakeThousand(value);
    if (!TakeHalfBeforeUnit(value)) value.unit = ReadUnit(scan_, UnitPlace(value.number), tables_);
    if (!value.unit) TakePiecesPer(value);
    if (!value.unit) value.unit = UnitByContext(scan_, at, value.number.end, tables_);
    value.end = value.unit ? value.unit->end : value.number.end;
    if (!value.unit) return value;
    ReadDegree(at, value);
    ReadMoney(at, value);
    TakeHalfBehindUnit(value);
    return value;
  }

  // 一度五, 两块五: the single numeral behind the unit counts its tenths.
  bool TakeTenths(Value& value) const {
    constexpr std::array<std::string_view, 6> kUnits = {"块", "度", "斤", "米", "吨", "亩"};
    const std::optional<NumberReading> tenths = ReadNumber(scan_, value.end);
    const bool fits = tenths && tenths->single && tenths->value >= 1 && value.number.chinese &&
                      tenths->end == value.end + 1 && !GoesOn(tenths->end) &&
                      std::find(kUnits.begin(), kUnits.end(), value.unit->text) != kUnits.end();
    if (!fits) return false;
    constexpr double kTenth = 0.1;
    value.number.value += tenths->value * kTenth;
    value.number.single = false;
    value.unit->end = value.end = tenths->end;
    return true;
  }
  // 五十块以下, 成本30块, 两块五: 元. Of a count, what is counted stands behind or was said before.
  void ReadMoney(size_t at, Value& value) const {
    const bool has_tenths = TakeTenths(value);
    if (value.unit->text != "块") return;
    const bool said = value.number.chinese || IsSaidBefore(at, U"钱费价本花贵省造");
    if (!has_tenths && (!said || GoesOn(value.end))) return;
    value.unit->dimension = tables_.units()[tables_.UnitAt(U"元", 0).id].dimension;
    value.unit->factor = 1;
    value.unit->text = "元";
  }

  // 17.6万/毫升: pieces, as 17.6万个/毫升.
  void TakePiecesPer(Value& value) const {
    const size_t stroke = value.number.end;
    if (value.number.multiplier < 1e4 || CharacterAt(scan_, stroke) != U'/') return;
    std::optional<UnitReading> per = ReadUnit(scan_, stroke + 1, tables_);
    if (!per || per->dimension.is_ratio() || per->offset != 0) return;
    per->text = "/" + per->text;
    per->dimension = ItemDimension().Times(per->dimension, -1);
    per->factor = 1 / per->factor;
    value.unit = std::move(per);
  }

  // 亩产1/2吨: half a tonne. Not 减少1/3人工成本, 缩短1/2时间: there it is a share of what the word names.
  void TakeUnitOfFraction(Value& value) const {
    const std::optional<UnitReading> unit = ReadUnit(scan_, value.number.end, tables_);
    if (value.number.chinese || !unit || unit->dimension.is_ratio() || GoesOn(unit->end)) return;
    value.number.share = false;
    value.unit = unit;
    value.end = unit->end;
  }
  // A word behind a unit that is part of a longer one: 半导体 behind 三天, not 以内.
  bool GoesOn(size_t at) const {
    constexpr std::u32string_view kMayFollow = U"以之内左右上后前的时为可至到";
    const char32_t next = CharacterAt(scan_, at);
    return IsHan(next) && kMayFollow.find(next) == std::u32string_view::npos;
  }

  // 300余吨: the unit stands behind 余.
  size_t UnitPlace(const NumberReading& number) const {
    const char32_t next = CharacterAt(scan_, number.end);
    const bool vague = !number.single && (next == U'余' || next == U'多');
    return vague && ReadUnit(scan_, number.end + 1, tables_) ? number.end + 1 : number.end;
  }

  // 5千吨, 3百小时: 千 is no unit and what follows is one; 5千克 is 5 kg.
  void TakeThousand(Value& value) const {
    NumberReading& number = value.number;
    const size_t place = SkipSpaces(scan_, number.end);
    const char32_t scale = CharacterAt(scan_, place);
    if (number.chinese || number.multiplier != 1 || (scale != U'千' && scale != U'百')) return;
    if (tables_.UnitAt(scan_.text, place).end > place || !ReadUnit(scan_, place + 1, tables_)) return;
    number.multiplier = scale == U'千' ? 1000 : 100;
    number.end = place + 1;
  }

  // 两个半小时, 一个半月.
  bool TakeHalfBeforeUnit(Value& value) const {
    if (scan_.text.compare(value.number.end, 2, U"个半") != 0) return false;
    const size_t place = value.number.end + 2;
    const WordFinder::Hit hit = tables_.UnitAt(scan_.text, place);
    if (hit.end == hit.begin) return false;
    const UnitRow& row = tables_.units()[hit.id];
    value.unit = UnitReading{.end = hit.end, .dimension = row.dimension, .factor = row.factor};
    value.unit->text = EncodeUtf8(std::u32string_view(scan_.text).substr(place, hit.end - place));
    value.number.value += 0.5;
    value.number.single = false;
    return true;
  }

  // 三天半导体: a word of its own. 四年半收回 is not: hardly anything else stands behind years in words.
  bool BeginsHalfWord(const Value& value, size_t place) const {
    constexpr std::u32string_view kWords = U"导成自封干挂径数球透";
    if (!value.number.chinese || !(value.unit->dimension == TimeDimension())) return GoesOn(place + 1);
    const char32_t next = CharacterAt(scan_, place + 1);
    return next != 0 && kWords.find(next) != std::u32string_view::npos;
  }

  // 一年半以内, 三天半; not 半导体.
  void TakeHalfBehindUnit(Value& value) const {
    const size_t place = value.unit->end;
    if (CharacterAt(scan_, place) != U'半' || value.number.multiplier != 1 || BeginsHalfWord(value, place))
      return;
    value.number.value += 0.5;
    value.number.single = false;
    value.unit->end = value.end = place + 1;
  }

  static bool IsDegree(const Value& value) {
    return value.unit && (value.unit->text == "度" || value.unit->text == "°");
  }
  static void MakeTemperature(Value& value) {
    value.unit->dimension = TemperatureDimension();
    value.unit->factor = 1;
    value.unit->offset = 273.15;
    value.unit->text = "℃";
  }
  // One of these stands in the few characters before.
  bool IsSaidBefore(size_t at, std::u32string_view characters) const {
    constexpr size_t kCharacters = 8;
    const size_t begin = at > kCharacters ? at - kCharacters : 0;
    return std::u32string_view(scan_.text).substr(begin, at - begin).find_first_of(characters) !=
           std::u32string_view::npos;
  }

  // 2到8度放得住两年, 4度冷藏
  bool IsStoringBehind(size_t at) const {
    for (const std::u32string_view word : {U"放", U"保存", U"冷藏", U"贮存", U"储存", U"存放", U"恒温"}) {
      if (std::u32string_view(scan_.text).substr(at).starts_with(word)) return true;
    }
    return false;
  }
  // 度 is electricity (万度), ° an angle; both are an angle of a slope, and ℃ below zero or of a temperature.
  void ReadDegree(size_t at, Value& value) const {
    if (!IsDegree(value)) return;
    if (IsSaidBefore(at, U"坡角倾斜纬")) {
      value.unit->dimension = AngleDimension();
      value.unit->factor = 1;
    } else if (value.number.value < 0 || scan_.text.compare(at, 2, U"零上") == 0 ||
               IsSaidBefore(at, U"温寒境") || IsStoringBehind(value.end)) {
      MakeTemperature(value);
    }
  }

  // Returns where to go on.
  size_t ReadAt(size_t at) {
    // Hardly any place begins a number: this look comes first.
    constexpr std::u32string_view kBegins = U"0123456789+-±零〇一二两三四五六七八九十百千万亿半负番";
    if (kBegins.find(scan_.text[at]) == std::u32string_view::npos || !MayBegin(at)) return at + 1;
    size_t begin = at;
    const bool symmetric = CharacterAt(scan_, at) == U'±';
    if (symmetric) begin = SkipSpaces(scan_, at + 1);
    std::optional<Value> first = ReadValue(begin);
    if (!first) return at + 1;
    if (IsDate(*first)) return first->end;
    if (first->number.bare_scale && !CountsAlone(begin, *first)) return at + 1;
    if (first->number.end < scan_.text.size() && !first->unit && IsAsciiLetter(scan_.text[first->number.end]))
      return SkipWord(first->number.end);
    const size_t begin_of_token = IsAsciiDigit(scan_.text[at]) ? BeginOfGrade(scan_, at) : at;
    QuantityToken token{.begin = begin_of_token, .end = first->end, .symmetric = symmetric};
    std::optional<Value> second;
    if (!symmetric) second = ReadSecond(*first);
    if (second) {
      token.end = second->end;
      if (token.end < scan_.text.size() && !second->unit && IsAsciiLetter(scan_.text[token.end]))
        return SkipWord(token.end);
    }
    TakeCommonPower(*first, second, token);
    if (!Finish(*first, second, token)) return token.end;
    ReadTolerance(token);
    TakePowerOfTolerance(token);
    if (IsProduct(token.end)) return SkipProduct(token.end);
    tokens_.push_back(std::move(token));
    return tokens_.back().end;
  }

  // (8~12)×10⁴ Da: the power and the unit behind the bracket hold for both ends.
  void TakeCommonPower(Value& first, std::optional<Value>& second, QuantityToken& token) const {
    const size_t close = token.end;
    if (!second || first.unit || second->unit || token.begin == 0 || scan_.text[token.begin - 1] != U'(')
      return;
    const std::optional<PowerBehind> power = ReadPowerBehindBracket(scan_, close);
    if (!power) return;
    first.number.value *= power->value;
    second->number.value *= power->value;
    second->unit = ReadUnit(scan_, power->end, tables_);
    --token.begin;
    token.end = second->end = second->unit ? second->unit->end : power->end;
  }

  // (3.3±0.1)×10⁻⁶/K: they hold for both.
  void TakePowerOfTolerance(QuantityToken& token) const {
    if (token.tolerance <= 0 || token.has_unit || token.begin == 0 || scan_.text[token.begin - 1] != U'(')
      return;
    const std::optional<PowerBehind> power = ReadPowerBehindBracket(scan_, token.end);
    if (!power) return;
    const std::optional<UnitReading> unit = ReadUnit(scan_, power->end, tables_);
    const double factor = power->value * (unit ? unit->factor : 1);
    token.low *= factor;
    token.high *= factor;
    token.tolerance *= factor;
    --token.begin;
    token.end = unit ? unit->end : power->end;
    token.has_unit = unit.has_value();
    if (unit) token.unit = *unit;
    token.weak = !token.has_unit;
  }

  bool MayBegin(size_t at) const {
    if (at == 0) return true;
    const char32_t before = scan_.text[at - 1];
    const char32_t here = scan_.text[at];
    if (scan_.subscript[at] || (IsAsciiDigit(before) && !scan_.subscript[at - 1])) return false;
    if (here == U'-' && (IsAsciiLetter(before) || before == U')')) return false;
    if (IsAsciiDigit(here) && (before == U'.' || before == U'/' || before == U'_')) return false;
    if (IsAsciiDigit(here) && before == U'-' && at > 1 && IsAsciiLetter(scan_.text[at - 2])) return false;
    if (IsAsciiDigit(here) && IsAsciiLetter(before)) return IsNamedByLetters(at);
    constexpr std::u32string_view kVague = U"几数上第两三四五六七八九一二十百千";
    // 转速上两万四, not 上万亩, 上半部.
    constexpr std::u32string_view kScales = U"百千万亿";
    if (before == U'上' && kScales.find(CharacterAt(scan_, at + 1)) != std::u32string_view::npos)
      return kScales.find(here) == std::u32string_view::npos;
    return IsAsciiDigit(here) || here == U'-' || here == U'±' || here == U'+' ||
           kVague.find(before) == std::u32string_view::npos;
  }

  // 万吨级, 万亩; not the unit 万元 in brackets, not 每万吨, 上万亩.
  bool CountsAlone(size_t at, const Value& value) const {
    if (!value.unit) return false;
    constexpr std::u32string_view kNotAfter = U"(/每:,几数上多余好";
    if (at > 0 && kNotAfter.find(scan_.text[at - 1]) != std::u32string_view::npos) return false;
    const char32_t next = CharacterAt(scan_, value.unit->end);
    return !value.unit->dimension.Has("money") || next == U'级' || next == U'以';
  }

  // pH7.5, COD50mg/L are quantities; Na2O, SUS316L, PM2.5 are not.
  bool IsNamedByLetters(size_t at) const {
    size_t begin = at;
    while (begin > 0 && IsAsciiLetter(scan_.text[begin - 1])) --begin;
    const std::u32string word = FoldAscii(std::u32string_view(scan_.text).substr(begin, at - begin));
    if (word == U"ph" || word == U"pue" || word == U"auc" || word == U"ip") return true;
    if (IsHardnessScale(std::u32string_view(scan_.text).substr(begin, at - begin))) return true;
    if (BeginOfGrade(scan_, at) < at) return true;
    if (word == U"ra" || word == U"rz" || word == U"rq" || word == U"aw") return true;  // Ra0.8
    const std::optional<NumberReading> number = ReadNumber(scan_, at);
    if (!number) return false;
    const std::optional<UnitReading> unit = ReadUnit(scan_, number->end, tables_);
    return unit && word.size() >= 3 && !unit->dimension.is_ratio();
  }

  size_t SkipWord(size_t at) const {
    while (at < scan_.text.size() && (IsAsciiLetter(scan_.text[at]) || IsAsciiDigit(scan_.text[at]))) ++at;
    return at;
  }

  bool IsDate(const Value& value) const {
    const double number = value.number.value;
    const char32_t next = CharacterAt(scan_, SkipSpaces(scan_, value.number.end));
    if (value.number.multiplier != 1 || number != std::floor(number)) return false;
    if (next == U'年' && number >= 1900 && number <= 2100) return true;
    if (next == U'月' && CharacterAt(scan_, SkipSpaces(scan_, value.number.end) + 1) == U'龄') return false;
    if ((next == U'月' || next == U'日' || next == U'号') && number >= 1 && number <= 31) return true;
    // 2025-2027年, 2021~2025年
    if (!value.unit && number >= 1900 && number <= 2100) {
      const char32_t mark = CharacterAt(scan_, value.number.end);
      return (mark == U'-' || mark == U'~' || mark == U'.' || mark == U'/') && !value.number.chinese;
    }
    return false;
  }

  // The second number of a range or of a ratio a:b.
  std::optional<Value> ReadSecond(Value& first) {
    size_t place = SkipSpaces(scan_, first.end);
    const char32_t mark = CharacterAt(scan_, place);
    // 8:1, 七比一
    const bool in_words = mark == U'比' && first.number.chinese;
    if ((mark == U':' || in_words) && !first.unit) {
      std::optional<Value> second = ReadValue(place + 1);
      if (second && second->number.chinese == in_words && !second->unit && !second->number.share) {
        pair_ = true;
        return second;
      }
      return std::nullopt;
    }
    pair_ = false;
    if (mark == U'到' || mark == U'至') {
      if (CharacterAt(scan_, place + 1) == U'少' || CharacterAt(scan_, place + 1) == U'多')
        return std::nullopt;
    } else if (mark != U'-' && mark != U'~') {
      return std::nullopt;
    }
    place = SkipSpaces(scan_, place + 1);
    if (CharacterAt(scan_, place) == U'-' && mark == U'-') return std::nullopt;
    std::optional<Value> second = ReadValue(place);
    if (!second || (mark == U'-' && second->number.chinese)) return std::nullopt;
    ShareDegree(first, *second);
    const bool compatible =
        !first.unit || (second->unit && second->unit->dimension == first.unit->dimension) || !second->unit;
    return compatible ? second : std::nullopt;
  }

  // -40~60°, 零上20度至零下10度: what one end says of its 度 holds for the other.
  static void ShareDegree(Value& first, Value& second) {
    const auto cold = [](const Value& value) {
      return value.unit ? value.unit->dimension == TemperatureDimension() : value.number.value < 0;
    };
    if (cold(first) && IsDegree(second)) MakeTemperature(second);
    if (cold(second) && IsDegree(first)) MakeTemperature(first);
  }

  // Numbers to base units; false where it is no quantity.
  bool Finish(Value& first, std::optional<Value>& second, QuantityToken& token) {
    const std::optional<UnitReading>& unit = second && second->unit ? second->unit : first.unit;
    token.has_unit = unit.has_value() || first.number.share;
    if (unit) token.unit = *unit;
    if (first.number.share) token.unit = {.end = token.end, .text = "%", .factor = 0.01};
    double low = first.number.value * first.number.multiplier;
    if (second && pair_) {
      if (second->number.value == 0) return false;
      token.low = token.high = low / second->number.value;
      token.has_unit = false;
      return true;
    }
    if (first.number.share) {
      token.low = token.high = low;
      if (second) {
        token.high = second->number.share ? second->number.value : second->number.value * token.unit.factor;
        token.range = true;
      }
    } else {
      // 3~5万吨: the multiplier counts for both.
      if (second && first.number.multiplier == 1 && !first.unit) low *= second->number.multiplier;
      const UnitReading& own = first.unit ? *first.unit : token.unit;
      token.low = token.high = low * own.factor + own.offset;
      if (second) {
        token.high = second->number.value * second->number.multiplier * token.unit.factor + token.unit.offset;
        token.range = true;
      }
    }
    // "-20~-40℃" names the colder end last.
    if (token.low > token.high) std::swap(token.low, token.high);
    if (token.symmetric) {
      token.high -= token.unit.offset;
      token.low = -token.high;
    }
    const bool single = first.number.single && !second;
    token.weak = !token.has_unit || single;
    return !(single && !token.has_unit) &&
           !(first.number.chinese && !token.has_unit && !IsBareFigure(first.number));
  }

  // 转速上两万四, 不低于三千: a whole number in words behind a comparison, and nothing behind it; large ones
  // also before what they count (不低于一万二千炉, 支撑十万并发用户).
  bool IsBareFigure(const NumberReading& number) const {
    constexpr std::u32string_view kBefore = U"上于过达撑";
    constexpr double kLeast = 100, kMany = 1e4;
    if (number.begin == 0 || kBefore.find(scan_.text[number.begin - 1]) == std::u32string_view::npos)
      return false;
    const double size = number.value * number.multiplier;
    return size >= (IsHan(CharacterAt(scan_, number.end)) ? kMany : kLeast);
  }

  void ReadTolerance(QuantityToken& token) {
    size_t place = SkipSpaces(scan_, token.end);
    if (CharacterAt(scan_, place) != U'±' || token.symmetric || token.range) return;
    const std::optional<Value> off = ReadValue(SkipSpaces(scan_, place + 1));
    if (!off) return;
    const double number = std::abs(off->number.value * off->number.multiplier);
    if (!token.has_unit && off->unit) {
      token.unit = *off->unit;
      token.has_unit = true;
      token.weak = false;
      token.low = token.high = token.low * token.unit.factor + token.unit.offset;
    }
    const bool percent_of_it =
        off->unit && off->unit->dimension.is_ratio() && !token.unit.dimension.is_ratio();
    const double factor = off->unit ? off->unit->factor : token.unit.factor;
    token.tolerance = percent_of_it ? std::abs(token.low) * number * off->unit->factor : number * factor;
    token.end = off->end;
  }

  // 200×300 mm: a size, not a requirement that we compare.
  bool IsProduct(size_t at) const {
    const size_t place = SkipSpaces(scan_, at);
    const char32_t mark = CharacterAt(scan_, place);
    return (mark == U'×' || mark == U'*') && IsAsciiDigit(CharacterAt(scan_, SkipSpaces(scan_, place + 1)));
  }
  size_t SkipProduct(size_t at) {
    while (IsProduct(at)) {
      const std::optional<Value> next = ReadValue(SkipSpaces(scan_, SkipSpaces(scan_, at) + 1));
      if (!next) break;
      at = next->end;
    }
    return std::max(at, SkipSpaces(scan_, at));
  }

  const ScanText& scan_;
  const RequirementTables& tables_;
  std::vector<QuantityToken> tokens_;
  bool pair_ = false;
};

}  // namespace

std::vector<QuantityToken> ScanQuantities(const ScanText& scan, const RequirementTables& tables) {
  return Scanner(scan, tables).Scan();
}

}  // namespace dongxi::requirement
