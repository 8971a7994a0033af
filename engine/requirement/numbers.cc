#include "engine/requirement/numbers.h"

#include <cmath>
#include <string>

#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kDigitsMax = 18;

int ChineseDigit(char32_t c) {
  constexpr std::u32string_view kDigits = U"零一二三四五六七八九";
  if (c == U'〇') return 0;
  if (c == U'两') return 2;
  const size_t place = kDigits.find(c);
  return place == std::u32string_view::npos ? -1 : static_cast<int>(place);
}

double ChineseScale(char32_t c) {
  switch (c) {
    case U'十':
      return 10;
    case U'百':
      return 100;
    case U'千':
      return 1000;
    default:
      return 0;
  }
}

double BigScale(char32_t c) { return c == U'万' ? 1e4 : c == U'亿' ? 1e8 : 0; }

char32_t CharacterAt(std::u32string_view text, size_t at) { return at < text.size() ? text[at] : 0; }

size_t SkipSpaces(std::u32string_view text, size_t at) {
  while (CharacterAt(text, at) == U' ') ++at;
  return at;
}

// 万, 亿, 千万, 百万, 十万 … after an Arabic number; 300多万 is 300万. A scale without 万 or 亿 counts only
// before 元-like units written apart (3千瓦 is a unit), so it is left to the units.
double ReadMultiplier(std::u32string_view text, size_t& at) {
  size_t place = SkipSpaces(text, at);
  const char32_t vague = CharacterAt(text, place);
  if ((vague == U'多' || vague == U'余') && BigScale(CharacterAt(text, place + 1)) > 0) ++place;
  double multiplier = 1;
  const double small = ChineseScale(CharacterAt(text, place));
  if (small > 0) {
    if (BigScale(CharacterAt(text, place + 1)) == 0) return 1;
    multiplier = small;
    ++place;
  }
  double big = BigScale(CharacterAt(text, place));
  if (big == 0) return 1;
  while (big > 0) {
    multiplier *= big;
    big = BigScale(CharacterAt(text, ++place));
  }
  at = place;
  return multiplier;
}

// The power of ten whose exponent (4, -7) stands at `at`; moves `at` behind it. Nothing where none stands.
std::optional<double> ReadPower(std::u32string_view text, size_t& at) {
  size_t place = at;
  const bool negative = CharacterAt(text, place) == U'-';
  if (negative || CharacterAt(text, place) == U'+') ++place;
  int exponent = 0, digits = 0;
  while (IsAsciiDigit(CharacterAt(text, place)) && digits < 2) {
    exponent = exponent * 10 + static_cast<int>(text[place] - U'0');
    ++place;
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  at = place;
  return std::pow(10.0, negative ? -exponent : exponent);
}

// The power behind a 10 that ends at `at`: ^4, a raised 4, 的4次方.
std::optional<double> ReadRaised(const ScanText& scan, size_t& at) {
  size_t place = at;
  const bool in_words = CharacterAt(scan.text, place) == U'的';
  if (in_words || CharacterAt(scan.text, place) == U'^') {
    ++place;
  } else if (place >= scan.text.size() || !scan.superscript[place]) {
    return std::nullopt;
  }
  const std::optional<double> power = ReadPower(scan.text, place);
  if (in_words && scan.text.compare(place, 2, U"次方") != 0) return std::nullopt;
  if (power) at = in_words ? place + 2 : place;
  return power;
}

// 5×10-3 of a text that lost its raised figures: behind ×10 a smaller number after a dash. As a range it
// would run backwards; 100×10-12mm is a size.
std::optional<double> ReadLoweredPower(const ScanText& scan, size_t& at) {
  constexpr double kLeast = 0.9e-10;  // 10-10 runs backwards, too, but 10-11 does not
  size_t place = at;
  if (CharacterAt(scan.text, place) != U'-') return std::nullopt;
  const std::optional<double> power = ReadPower(scan.text, place);
  const char32_t next = CharacterAt(scan.text, place);
  const bool goes_on = IsAsciiDigit(next) || next == U'.' || next == U'-' || next == U'×';
  if (!power || goes_on || *power < kLeast || *power >= 1) return std::nullopt;
  at = place;
  return power;
}

// e4, E-3, ×10^4, ×10⁴, ×10-4 after the digits; ^4, ⁴ after the digits 10.
double ReadExponent(const ScanText& scan, std::string_view digits, size_t& at) {
  const std::u32string_view text = scan.text;
  if (digits == "10") {
    if (const std::optional<double> power = ReadRaised(scan, at)) return *power / 10;
  }
  size_t place = SkipSpaces(text, at);
  const bool times = CharacterAt(text, place) == U'×' || CharacterAt(text, place) == U'*';
  std::optional<double> power;
  if (times && text.substr(SkipSpaces(text, place + 1), 2) == U"10") {
    place = SkipSpaces(text, place + 1) + 2;
    power = ReadRaised(scan, place);
    if (!power) power = ReadLoweredPower(scan, place);
  } else if (CharacterAt(text, at) == U'e' || CharacterAt(text, at) == U'E') {
    place = at + 1;
    power = ReadPower(text, place);
  }
  if (!power) return 1;
  at = place;
  return *power;
}

// The digits from `at` on, without the marks between groups of three: 1,200; 5 000.
std::string ReadDigits(const ScanText& scan, size_t& at) {
  const auto plain = [&](size_t place) {
    return IsAsciiDigit(CharacterAt(scan.text, place)) && !scan.superscript[place];
  };
  std::string digits;
  char32_t mark = 0;
  while (digits.size() < kDigitsMax) {
    if (plain(at)) {
      digits.push_back(static_cast<char>(scan.text[at++]));
      continue;
    }
    // A mark between one to three digits and exactly three more.
    const char32_t here = CharacterAt(scan.text, at);
    if ((here != U',' && here != U' ') || (mark != 0 && here != mark)) break;
    if (digits.empty() || (mark == 0 && digits.size() > 3) || (here == U' ' && digits[0] == '0')) break;
    if (!plain(at + 1) || !plain(at + 2) || !plain(at + 3) || plain(at + 4)) break;
    mark = here;
    ++at;
  }
  if (CharacterAt(scan.text, at) == U'.' && plain(at + 1)) {
    digits.push_back('.');
    for (++at; plain(at) && digits.size() < 2 * kDigitsMax; ++at)
      digits.push_back(static_cast<char>(scan.text[at]));
  }
  return digits;
}

// 1/3 as a share: small whole numbers with no unit behind. `at`: the stroke. Not 24/7, 6/10kV, 2025/6/30.
std::optional<double> ReadFraction(const ScanText& scan, const std::string& top, size_t& at) {
  constexpr int kBottomMax = 20;
  if (CharacterAt(scan.text, at) != U'/' || top.size() > 2 || top.find('.') != std::string::npos)
    return std::nullopt;
  size_t place = at + 1;
  int bottom = 0;
  for (; IsAsciiDigit(CharacterAt(scan.text, place)) && bottom <= kBottomMax; ++place)
    bottom = bottom * 10 + static_cast<int>(scan.text[place] - U'0');
  const int over = std::stoi(top);
  const char32_t next = CharacterAt(scan.text, place);
  constexpr std::u32string_view kNotAfter = U"/.-~%℃‰°:月日号前";
  if (over < 1 || over >= bottom || bottom > kBottomMax || IsAsciiLetter(next) || IsAsciiDigit(next) ||
      (next != 0 && kNotAfter.find(next) != std::u32string_view::npos))
    return std::nullopt;
  at = place;
  return static_cast<double>(over) / bottom;
}

std::optional<NumberReading> ReadArabic(const ScanText& scan, size_t at) {
  if (!IsAsciiDigit(CharacterAt(scan.text, at)) || scan.superscript[at]) return std::nullopt;
  size_t place = at;
  const std::string digits = ReadDigits(scan, place);
  NumberReading number{.begin = at};
  if (const std::optional<double> fraction = ReadFraction(scan, digits, place)) {
    number.value = *fraction;
    number.share = true;
    number.end = place;
    return number;
  }
  number.value = std::stod(digits);
  number.value *= ReadExponent(scan, digits, place);
  number.multiplier = ReadMultiplier(scan.text, place);
  number.end = place;
  return number;
}

// 三千二百, 十二, 三十五, 一万两千, 二〇二七; nothing for vague ones (两三年, 三五十千瓦).
std::optional<NumberReading> ReadChineseInteger(std::u32string_view text, size_t at) {
  double total = 0, section = 0, digit = -1;
  size_t place = at, run = 0;
  double last_scale = 1;
  for (;; ++place) {
    const char32_t c = CharacterAt(text, place);
    const int one = ChineseDigit(c);
    if (one < 0 && run == 2 && ChineseDigit(text[place - 2]) > 0) return std::nullopt;
    run = one >= 0 ? run + 1 : 0;
    if (one >= 0) {
      digit = run > 1 && digit > 0 ? digit * 10 + one : one;
    } else if (const double scale = ChineseScale(c); scale > 0) {
      section += (digit < 0 ? 1 : digit) * scale;
      last_scale = scale;
      digit = -1;
    } else if (const double big = BigScale(c); big > 0 && place > at) {
      section += digit < 0 ? 0 : digit;
      total = (total + section) * big;
      section = 0;
      digit = -1;
      last_scale = big;
    } else {
      break;
    }
  }
  if (place == at) return std::nullopt;
  // 两万五, 三百二: the last digit counts in tenths of the scale before it.
  if (digit > 0 && last_scale >= 100 && ChineseDigit(text[place - 2]) < 0) digit *= last_scale / 10;
  if (digit > 0) section += digit;
  NumberReading number{.begin = at, .end = place, .value = total + section, .chinese = true};
  number.single = place - at == 1;
  return number;
}

// 两成半以上, 三成半; not 八成半导体企业.
bool IsHalfOfTenth(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kMayFollow = U"以之内左的为至到";
  if (CharacterAt(text, at) != U'半') return false;
  const char32_t next = CharacterAt(text, at + 1);
  return !IsHan(next) || kMayFollow.find(next) != std::u32string_view::npos;
}

// 用量减半, 产量翻番, 翻两番: the change as a share.
std::optional<NumberReading> ReadFolds(std::u32string_view text, size_t at) {
  const char32_t before = at > 0 ? text[at - 1] : 0, here = CharacterAt(text, at);
  if (before == U'减' && here == U'半' && !IsHan(CharacterAt(text, at + 1)))
    return NumberReading{at, at + 1, 0.5, 1, true, true, false};
  if (before != U'翻') return std::nullopt;
  if (here == U'番') return NumberReading{at, at + 1, 1, 1, true, true, false};
  const int times = ChineseDigit(here);
  if (times < 1 || CharacterAt(text, at + 1) != U'番') return std::nullopt;
  return NumberReading{at, at + 2, std::exp2(times) - 1, 1, true, true, false};
}

std::optional<NumberReading> ReadChinese(std::u32string_view text, size_t at) {
  for (const auto& [words, parts] :
       {std::pair(U"百分之", 100.0), std::pair(U"千分之", 1000.0), std::pair(U"万分之", 10000.0)}) {
    if (text.substr(at, 3) != words) continue;
    std::optional<NumberReading> number = ReadChinese(text, at + 3);
    if (!number || number->share) return std::nullopt;
    return NumberReading{at, number->end, number->value / parts, 1, true, true, false};
  }
  if (text.substr(at, 2) == U"一半") return NumberReading{at, at + 2, 0.5, 1, true, true, false};
  if (const std::optional<NumberReading> folds = ReadFolds(text, at)) return folds;
  std::optional<NumberReading> number;
  if (CharacterAt(text, at) == U'半') {
    number = NumberReading{.begin = at, .end = at + 1, .value = 0.5, .chinese = true, .single = true};
    return number;
  }
  // 万吨级, 亿元企业
  if (const double scale = BigScale(CharacterAt(text, at)); scale > 0) {
    number = NumberReading{.begin = at, .end = at + 1, .value = 1, .multiplier = scale, .chinese = true};
    number->single = number->bare_scale = true;
    return number;
  }
  number = ReadChineseInteger(text, at);
  if (!number) return std::nullopt;
  if (CharacterAt(text, number->end) == U'点' && ChineseDigit(CharacterAt(text, number->end + 1)) >= 0) {
    double step = 0.1;
    for (++number->end; ChineseDigit(CharacterAt(text, number->end)) >= 0; ++number->end, step /= 10)
      number->value += ChineseDigit(text[number->end]) * step;
    number->single = false;
  }
  if (text.substr(number->end, 2) == U"分之") {
    const std::optional<NumberReading> top = ReadChineseInteger(text, number->end + 2);
    if (!top || number->value <= 0) return std::nullopt;
    return NumberReading{at, top->end, top->value / number->value, 1, true, true, false};
  }
  // 八成, 六成五, 两成半: tenths.
  if (CharacterAt(text, number->end) == U'成' && number->value > 0 && number->value <= 10) {
    const char32_t next = CharacterAt(text, number->end + 1);
    constexpr std::u32string_view kOtherWords = U"本果功品熟分员立活效为都交就套长型";
    if (kOtherWords.find(next) != std::u32string_view::npos && next != 0) return number;
    number->value /= 10;
    number->share = true;
    number->single = false;
    number->end += 1;
    const bool half = IsHalfOfTenth(text, number->end);
    if (half || ChineseDigit(next) > 0) {
      number->value += half ? 0.05 : ChineseDigit(next) / 100.0;
      number->end += 1;
    }
  }
  return number;
}

bool IsMinus(const ScanText& scan, size_t at) {
  const std::u32string_view text = scan.text;
  if (CharacterAt(text, at) != U'-' || scan.superscript[at]) return false;
  if (at == 0) return true;
  const char32_t before = text[at - 1];
  // A dash after a letter, digit, unit or closing bracket joins or makes a range.
  return !IsAsciiLetter(before) && !IsAsciiDigit(before) && before != U'%' && before != U')' &&
         before != U'℃' && before != U'‰';
}

}  // namespace

std::optional<NumberReading> ReadNumber(const ScanText& scan, size_t at) {
  const std::u32string_view text = scan.text;
  size_t begin = at;
  double sign = 1;
  if (IsMinus(scan, at)) {
    sign = -1;
    begin = SkipSpaces(text, at + 1);
  } else if (text.substr(at, 2) == U"零下" || text.substr(at, 2) == U"负的") {
    sign = -1;
    begin = SkipSpaces(text, at + 2);
  } else if (text.substr(at, 2) == U"零上") {
    begin = SkipSpaces(text, at + 2);
  } else if (CharacterAt(text, at) == U'+' && (at == 0 || !IsAsciiLetter(text[at - 1]))) {
    begin = at + 1;
  }
  std::optional<NumberReading> number = ReadArabic(scan, begin);
  if (!number) number = ReadChinese(text, begin);
  if (!number) return std::nullopt;
  if (sign < 0) number->single = false;
  number->begin = at;
  number->value *= sign;
  return number;
}

std::optional<PowerBehind> ReadPowerBehindBracket(const ScanText& scan, size_t close) {
  const std::u32string_view text = scan.text;
  if (CharacterAt(text, close) != U')') return std::nullopt;
  const size_t times = SkipSpaces(text, close + 1);
  if (CharacterAt(text, times) != U'×' && CharacterAt(text, times) != U'*') return std::nullopt;
  size_t place = SkipSpaces(text, times + 1);
  if (text.substr(place, 2) != U"10") return std::nullopt;
  place += 2;
  std::optional<double> power = ReadRaised(scan, place);
  if (!power) power = ReadLoweredPower(scan, place);
  return power ? std::make_optional(PowerBehind{*power, place}) : std::nullopt;
}

}  // namespace dongxi::requirement
