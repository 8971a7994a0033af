#include "engine/requirement/unit_by_context.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kContext = 10;  // characters before a number that may tell its unit
constexpr std::array<std::u32string_view, 5> kScales = {U"HRC", U"HRA", U"HRB", U"HBW", U"HB"};

bool IsSaidBefore(const ScanText& scan, size_t at, std::initializer_list<std::u32string_view> words) {
  const size_t begin = at > kContext ? at - kContext : 0;
  const std::u32string_view before = std::u32string_view(scan.text).substr(begin, at - begin);
  return std::any_of(words.begin(), words.end(), [&](std::u32string_view word) {
    return before.find(word) != std::u32string_view::npos;
  });
}

UnitReading Unit(size_t end, const char* text, const char* dimension, double factor = 1) {
  return {.end = end, .text = text, .dimension = *Dimension::Parse(dimension), .factor = factor};
}

// The scale that ends at `at`; empty where none does.
std::u32string_view ScaleBefore(const ScanText& scan, size_t at) {
  const std::u32string_view before = std::u32string_view(scan.text).substr(0, at);
  for (const std::u32string_view scale : kScales) {
    if (before.ends_with(scale)) return scale;
  }
  return {};
}

}  // namespace

std::optional<UnitReading> UnitByContext(const ScanText& scan, size_t begin, size_t end,
                                         const RequirementTables& tables) {
  const char32_t next = CharacterAt(scan, end), behind = CharacterAt(scan, end + 1);
  if (next == U'级' && (behind == U'风' || behind == U'大' || behind == U'阵' ||
                        IsSaidBefore(scan, begin, {U"抗风", U"风力", U"耐风"})))
    return Unit(end + 1, "级", "wind_class");
  const bool alone = !IsAsciiLetter(behind) && !IsAsciiDigit(behind) && behind != U'/';
  if (next == U'C' && alone && IsSaidBefore(scan, begin, {U"电通量", U"电量", U"库仑"}))
    return Unit(end + 1, "C", "charge");
  if (next == U'角' && !(IsHan(behind) && behind != U'以' && behind != U'之') &&
      IsSaidBefore(scan, begin, {U"本", U"费", U"价", U"钱", U"花"}))
    return Unit(end + 1, "角", "money", 0.1);
  // 1250HV0.3: with its load.
  if (next == U'H' && behind == U'V' && IsAsciiDigit(CharacterAt(scan, end + 2))) {
    size_t place = end + 2;
    while (IsAsciiDigit(CharacterAt(scan, place)) ||
           (CharacterAt(scan, place) == U'.' && IsAsciiDigit(CharacterAt(scan, place + 1))))
      ++place;
    return Unit(place, "HV", "hardness_vickers");
  }
  const std::u32string_view scale = ScaleBefore(scan, begin);
  const WordFinder::Hit unit = scale.empty() ? WordFinder::Hit{} : tables.UnitAt(scale, 0);
  if (unit.end != scale.size() || scale.empty()) return std::nullopt;
  return UnitReading{.end = end, .text = EncodeUtf8(scale), .dimension = tables.units()[unit.id].dimension};
}

bool IsHardnessScale(std::u32string_view letters) {
  return std::find(kScales.begin(), kScales.end(), letters) != kScales.end();
}

size_t BeginOfGrade(const ScanText& scan, size_t at) {
  constexpr size_t kLettersMax = 2;
  size_t begin = at;
  while (begin > 0 && scan.text[begin - 1] >= U'A' && scan.text[begin - 1] <= U'Z') --begin;
  const bool said = begin < at && at - begin <= kLettersMax &&
                    IsSaidBefore(scan, begin, {U"抗冻", U"抗渗", U"硫酸盐", U"强度等级", U"标号"});
  return said ? begin : at;
}

}  // namespace dongxi::requirement
