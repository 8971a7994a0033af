// Whether a text has words at all. Pure functions; any thread.
#pragma once

#include <string_view>

namespace dongxi {

// True if the text has a Chinese character, or a letter of those that words are made of
// (engine/text/terms.h). Signs, pictures, spaces and numbers alone say nothing of what a text is about.
bool HasLetter(std::string_view utf8);

}  // namespace dongxi
