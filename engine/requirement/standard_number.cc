#include "engine/requirement/standard_number.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace dongxi::requirement {
namespace {

char32_t CharacterAt(std::u32string_view text, size_t at) { return at < text.size() ? text[at] : 0; }
bool IsCapital(char32_t c) { return c >= U'A' && c <= U'Z'; }

// Not TB and MT: they are units too, so they need a year.
constexpr std::array<std::u32string_view, 31> kIssuers = {
    U"GB", U"GBZ", U"GBJ", U"GJB", U"HJ", U"NY", U"ISO", U"IEC", U"QB",  U"HG",  U"YS",
    U"JB", U"NB",  U"SL",  U"CJ",  U"DL", U"LY", U"QX",  U"JJG", U"JJF", U"CJJ", U"JGJ",
    U"YY", U"YB",  U"SY",  U"SH",  U"JT", U"FZ", U"EN",  U"DIN", U"ASTM"};

// "-2002", "~2002" (of a long dash), ":2015" at `at`: its length, 0 if there is none.
size_t YearLength(std::u32string_view text, size_t at) {
  const char32_t mark = CharacterAt(text, at);
  if (mark != U'-' && mark != U'~' && mark != U':') return 0;
  const std::u32string_view century = text.substr(std::min(at + 1, text.size()), 2);
  if (century != U"19" && century != U"20") return 0;
  const bool four = IsAsciiDigit(CharacterAt(text, at + 3)) && IsAsciiDigit(CharacterAt(text, at + 4)) &&
                    !IsAsciiDigit(CharacterAt(text, at + 5));
  return four ? 5 : 0;
}

// Where the issuer (GB/T, DB65/T, T/CSEA) that begins at `at` ends; `at` if it is none.
size_t IssuerEnd(std::u32string_view text, size_t at, bool& known) {
  size_t end = at;
  while (IsCapital(CharacterAt(text, end))) ++end;
  const std::u32string_view letters = text.substr(at, end - at);
  known = std::find(kIssuers.begin(), kIssuers.end(), letters) != kIssuers.end();
  if (letters == U"DB" && IsAsciiDigit(CharacterAt(text, end)) && IsAsciiDigit(CharacterAt(text, end + 1))) {
    known = true;
    end += 2;
  }
  if (CharacterAt(text, end) == U'/' && IsCapital(CharacterAt(text, end + 1))) {
    known = known || letters == U"T" || letters == U"Q" || letters == U"DB";
    for (++end; IsCapital(CharacterAt(text, end));) ++end;
  } else if (letters.size() < 2) {
    return at;
  }
  return end;
}

}  // namespace

size_t SkipStandardNumber(const ScanText& scan, size_t at) {
  const std::u32string_view text = scan.text;
  if (!IsCapital(CharacterAt(text, at))) return at;
  const char32_t before = at == 0 ? 0 : text[at - 1];
  if (IsAsciiLetter(before) || IsAsciiDigit(before)) return at;
  bool known = false;
  size_t place = IssuerEnd(text, at, known);
  if (place == at) return at;
  while (CharacterAt(text, place) == U' ') ++place;
  if (known && CharacterAt(text, place) == U'-') ++place;
  size_t digits = 0;
  for (;; ++place) {
    const char32_t c = CharacterAt(text, place);
    const bool part = (c == U'.' || (c == U'-' && YearLength(text, place) == 0)) && digits > 0 &&
                      IsAsciiDigit(CharacterAt(text, place + 1));
    if (!IsAsciiDigit(c) && !part) break;
    ++digits;
  }
  const size_t year = YearLength(text, place);
  // "5 TB 2002"-like texts: digits before the letters make a unit of them.
  size_t back = at;
  while (back > 0 && text[back - 1] == U' ') --back;
  const bool behind_number = back < at && back > 0 && IsAsciiDigit(text[back - 1]);
  if (digits < 2 || (year == 0 && (!known || behind_number))) return at;
  return place + year;
}

}  // namespace dongxi::requirement
