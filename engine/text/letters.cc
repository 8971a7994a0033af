#include "engine/text/letters.h"

#include <algorithm>
#include <string>

#include "engine/text/characters.h"
#include "engine/text/normalize.h"

namespace dongxi {

bool HasLetter(std::string_view utf8) {
  const std::u32string text = NormalizeToUtf32(utf8);
  return std::any_of(text.begin(), text.end(),
                     [](char32_t c) { return IsHan(c) || (IsWordCharacter(c) && !IsDigit(c)); });
}

}  // namespace dongxi
