// Unicode's noncharacters: valid in UTF-8, yet refused by what draws pages, and two of them not allowed in
// XML. A record or a spreadsheet may hold one by accident. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

namespace dongxi {

// U+FDD0 to U+FDEF, and the last two of each plane: U+FFFE, U+FFFF, U+1FFFE …
bool IsNoncharacter(char32_t c);

// Each noncharacter becomes U+FFFD, and so does an ill-formed sequence, as engine/text/normalize.h says.
std::string ReplaceNoncharacters(std::string_view utf8);

}  // namespace dongxi
