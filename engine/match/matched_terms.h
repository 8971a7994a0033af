// Which words of the need stand in a piece of evidence, and where. Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/index/lexical_index.h"
#include "engine/match/match.h"
#include "engine/text/terms.h"

namespace dongxi {

inline constexpr size_t kMatchedTermsMax = 20;

// A text field to compare.
struct NamedText {
  std::string field;
  std::string text;
};

// The longest common passages of at least two Chinese characters, common Latin words, and lexicon concepts that both name,
// heaviest first (ties by term), at most kMatchedTermsMax. A passage weighs the idf of its bigrams, a word or concept its own;
// weights add up to 1.
std::vector<MatchedTerm> FindMatchedTerms(const std::vector<NamedText>& need, const std::vector<NamedText>& evidence,
                                          const Lexicon& lexicon, const LexicalIndex& index);

}  // namespace dongxi
