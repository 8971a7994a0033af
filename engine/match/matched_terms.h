// Which words of the need stand in a piece of evidence, and where. Pure functions; any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/index/lexical_index.h"
#include "engine/match/match.h"
#include "engine/text/terms.h"

namespace dongxi {

inline constexpr size_t kMatchedTermsMax = 20;
// A text may repeat two characters ten thousand times: passages are looked for at the first places of each
// pair of characters, and a term is marked at the first places where it stands, on either side. So the time
// of a comparison grows with the length of the texts, not with its square.
inline constexpr size_t kPlacesOfPairMax = 256;
inline constexpr size_t kSpansOfTermMax = 64;

// A text field to compare.
struct NamedText {
  std::string field;
  std::string text;
};

// Finds the terms of one need in many pieces of evidence; the need is prepared once. Immutable; any thread.
// Keeps references to lexicon and index.
class TermMatcher {
 public:
  TermMatcher(const std::vector<NamedText>& need, const Lexicon& lexicon, const LexicalIndex& index);
  ~TermMatcher();
  TermMatcher(const TermMatcher&) = delete;
  TermMatcher& operator=(const TermMatcher&) = delete;

  // The longest common passages of at least two Chinese characters (without grammatical ones such as 的 at
  // their ends), common Latin words, and lexicon concepts that both name, heaviest first (ties by term), at
  // most kMatchedTermsMax. A passage weighs the idf of its bigrams, a word or concept its own; weights add up
  // to 1. At most kSpansOfTermMax places of each, in the order of the text.
  std::vector<MatchedTerm> Find(const std::vector<NamedText>& evidence) const;

 private:
  struct Prepared;
  std::unique_ptr<const Prepared> prepared_;
};

}  // namespace dongxi
