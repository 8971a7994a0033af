// A short passage around the densest matches. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/match/match.h"

namespace dongxi {

inline constexpr size_t kSnippetCharacters = 80;

struct Snippet {
  std::string text;
  std::vector<TextSpan> spans;  // field "snippet"
};

// The window of kSnippetCharacters code points of `text` with the heaviest matches (earliest of equals); …
// where it is cut.
Snippet MakeSnippet(std::string_view text, const std::vector<MatchedTerm>& terms);

}  // namespace dongxi
