#include "engine/text/noncharacters.h"

#include <algorithm>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

}  // namespace

bool IsNoncharacter(char32_t c) { return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF); }

std::string ReplaceNoncharacters(std::string_view utf8) {
  std::u32string text = DecodeUtf8(utf8);
  std::replace_if(text.begin(), text.end(), IsNoncharacter, kReplacement);
  return EncodeUtf8(text);
}

}  // namespace dongxi
