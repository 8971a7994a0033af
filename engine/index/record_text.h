// Which words of a record are indexed: the same for building, for queries made from records and for
// explanations.
#pragma once

#include <string>
#include <vector>

#include "engine/embed/embedder.h"
#include "engine/record/record.h"
#include "engine/text/terms.h"

namespace dongxi {

// Title, and the rest joined by line breaks: text, wanted, aliases, fields, keywords, indicators.
EmbedInput TextOf(const Record& record);

// Terms with frequencies for BM25. A title counts no more than text: on the judged needs, counting it twice
// lost 0.007 nDCG@10.
std::vector<TermCount> LexicalTermsOf(const EmbedInput& text, const Lexicon& lexicon);

}  // namespace dongxi
