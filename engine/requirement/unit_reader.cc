// From characters to a unit: its parts, what joins them, their powers.
#include <cmath>
#include <cstdlib>

#include "engine/requirement/quantity_scan.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr int kUnitPartsMax = 4;

bool IsAsciiUpper(char32_t c) { return c >= U'A' && c <= U'Z'; }

// The negative power that stands after a part of a unit, moving `at` behind it: raised, or in ASCII (mg·L-1;
// kg·hm-2 only for a `joined` part, as 5 mm-2 mm is a range). 0 if there is none.
int TakeNegativePower(const ScanText& scan, size_t& at, bool joined) {
  constexpr int kPowerMax = 3;
  if (CharacterAt(scan, at) != U'-' || IsAsciiDigit(CharacterAt(scan, at + 2))) return 0;
  const int power = static_cast<int>(CharacterAt(scan, at + 1)) - static_cast<int>(U'0');
  if (power < 1 || power > kPowerMax || (power > 1 && !joined && !scan.superscript[at + 1])) return 0;
  at += 2;
  return power;
}

double Raised(double factor, int power) {
  double product = 1;
  for (int i = 0; i < std::abs(power); ++i) product *= factor;
  return power < 0 ? 1 / product : product;
}

class UnitReader {
 public:
  UnitReader(const ScanText& scan, const RequirementTables& tables) : scan_(scan), tables_(tables) {}

  std::optional<UnitReading> Read(size_t at) {
    const size_t begin = SkipSpaces(scan_, at);
    size_t place = begin;
    if (Part(place, 1, false)) {
      place = SkipSubstance(place);
    } else if (!UnknownPart(place)) {
      return std::nullopt;
    }
    // 个月, 日 and 月 alone are dates more often than times.
    if (scan_.text.substr(begin, place - begin) == U"月" || scan_.text.substr(begin, place - begin) == U"日")
      return std::nullopt;
    unit_.end = place;
    int sign = 1;
    bool bracket = false;
    for (int parts = 1; parts < kUnitPartsMax; ++parts) {
      size_t next = unit_.end;
      if (bracket && CharacterAt(scan_, next) == U')') {
        unit_.end = ++next;
        bracket = false;
        sign = 1;
      }
      const int joint = Joint(next);
      if (joint == 0) break;
      if (joint < 0) sign = -1;
      if (joint > 0 && !bracket) sign = 1;
      if (CharacterAt(scan_, next) == U'(') {
        bracket = true;
        ++next;
      }
      if (!Part(next, sign, true)) break;
      unit_.end = next;
    }
    if (bracket && CharacterAt(scan_, unit_.end) == U')') ++unit_.end;
    if (sign < 0) unit_.end = SkipProduct(unit_.end);
    unit_.text = EncodeUtf8(std::u32string_view(scan_.text).substr(begin, unit_.end - begin));
    return unit_;
  }

 private:
  // -1: /, 每. 1: ·, *. 0: the unit ends.
  int Joint(size_t& at) const {
    size_t place = SkipSpaces(scan_, at);
    const char32_t c = CharacterAt(scan_, place);
    if (c == U'/' || c == U'每') {
      at = SkipSpaces(scan_, place + 1);
      return -1;
    }
    if (c == U'·' || c == U'*' || (c == U'.' && IsAsciiLetter(CharacterAt(scan_, place + 1)))) {
      at = place + 1;
      return 1;
    }
    return 0;
  }

  // 4吨水/吨: what a mass or a volume is of, between it and the stroke.
  size_t SkipSubstance(size_t at) const {
    constexpr size_t kCharactersMax = 2;
    if (!unit_.dimension.Has("mass") && unit_.dimension.power("length") != 3) return at;
    size_t end = at;
    while (end - at < kCharactersMax && IsHan(CharacterAt(scan_, end)) && CharacterAt(scan_, end) != U'每')
      ++end;
    // 3.0 tCO₂/t
    constexpr size_t kFormulaMax = 6;
    const auto in_formula = [&](size_t place) {
      return IsAsciiLetter(CharacterAt(scan_, place)) || IsAsciiDigit(CharacterAt(scan_, place));
    };
    if (end == at && IsAsciiUpper(CharacterAt(scan_, at))) {
      while (end - at < kFormulaMax && in_formula(end)) ++end;
    }
    return CharacterAt(scan_, end) == U'/' ? end : at;
  }

  // kWh/t-Al, kg/t-LCE: what the tonne is of.
  size_t SkipProduct(size_t at) const {
    constexpr size_t kLettersMax = 4;
    if (CharacterAt(scan_, at) != U'-' || !IsAsciiUpper(CharacterAt(scan_, at + 1))) return at;
    size_t end = at + 1;
    while (IsAsciiLetter(CharacterAt(scan_, end))) ++end;
    return end - at - 1 <= kLettersMax && !IsAsciiDigit(CharacterAt(scan_, end)) ? end : at;
  }

  bool Part(size_t& at, int sign, bool joined) {
    if (tables_.words(WordClass::kNotUnit).At(scan_.text, at).end > at) return false;
    const WordFinder::Hit hit = tables_.UnitAt(scan_.text, at);
    if (hit.end == hit.begin) return false;
    const UnitRow& row = tables_.units()[hit.id];
    size_t end = hit.end;
    int power = sign;
    if (const int negative = TakeNegativePower(scan_, end, joined); negative > 0) power = -sign * negative;
    unit_.offset = unit_.dimension.is_ratio() && unit_.factor == 1 && power == 1 ? row.offset : 0;
    unit_.dimension = unit_.dimension.Times(row.dimension, power);
    unit_.factor *= Raised(row.factor, power);
    at = end;
    return true;
  }

  // 3000棒/h: whatever stands before a stroke is a unit.
  bool UnknownPart(size_t& at) {
    size_t end = at;
    constexpr size_t kLettersMax = 6;
    while (end < scan_.text.size() && end - at <= kLettersMax && IsAsciiLetter(scan_.text[end])) ++end;
    const bool letters = end - at >= 3 && end - at <= kLettersMax && !IsAsciiDigit(CharacterAt(scan_, end));
    if (letters && CharacterAt(scan_, end) != U'/') {
      unit_.dimension = Dimension::Unknown(EncodeUtf8(std::u32string_view(scan_.text).substr(at, end - at)));
      at = end;
      return true;
    }
    end = at;
    while (end < scan_.text.size() && end - at < 3 &&
           (IsHan(scan_.text[end]) || IsAsciiLetter(scan_.text[end])))
      ++end;
    if (end == at || CharacterAt(scan_, end) != U'/') return false;
    unit_.dimension = Dimension::Unknown(EncodeUtf8(std::u32string_view(scan_.text).substr(at, end - at)));
    at = end;
    return true;
  }

  const ScanText& scan_;
  const RequirementTables& tables_;
  UnitReading unit_;
};

}  // namespace

std::optional<UnitReading> ReadUnit(const ScanText& scan, size_t at, const RequirementTables& tables) {
  if (at >= scan.text.size()) return std::nullopt;
  return UnitReader(scan, tables).Read(at);
}

}  // namespace dongxi::requirement
