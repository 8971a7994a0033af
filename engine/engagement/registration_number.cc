#include "engine/engagement/registration_number.h"

#include <algorithm>
#include <iterator>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

// Hyphens, dashes, the minus sign, and what keyboards and recognised scans put for them. NFKC has brought the
// full-width and small ones here.
constexpr char32_t kDashes[] = {U'-',      U'\u2010', U'\u2011', U'\u2012', U'\u2013',
                                U'\u2014', U'\u2015', U'\u2212', U'\u2043', U'\u30FC'};

bool IsSpace(char32_t c) {
  return c == U' ' || c == U'\t' || (c >= U'\u2000' && c <= U'\u200A') || c == U'\u3000' || c == U'\u00A0';
}

}  // namespace

std::string RegistrationNumberKey(std::string_view number) {
  std::u32string key = NormalizeToUtf32(number);
  std::erase_if(key, [](char32_t c) {
    return IsSpace(c) || std::find(std::begin(kDashes), std::end(kDashes), c) != std::end(kDashes);
  });
  return key.empty() ? std::string(number) : EncodeUtf8(key);
}

}  // namespace dongxi
