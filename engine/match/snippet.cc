#include "engine/match/snippet.h"

#include <algorithm>

#include "engine/text/normalize.h"

namespace dongxi {

Snippet MakeSnippet(std::string_view text, const std::vector<MatchedTerm>& terms) {
  std::u32string characters = DecodeUtf8(text);
  std::replace(characters.begin(), characters.end(), U'\n', U' ');
  const size_t width = std::min(kSnippetCharacters, characters.size());
  // Weight of the matches that begin in each window, by a running sum.
  std::vector<double> starts(characters.size() + 1, 0.0);
  for (const MatchedTerm& term : terms) {
    for (const TextSpan& span : term.evidence_spans) {
      if (span.end <= characters.size()) starts[span.begin] += term.weight;
    }
  }
  double sum = 0;
  for (size_t i = 0; i < width; ++i) sum += starts[i];
  double best = sum;
  size_t begin = 0;
  for (size_t i = 1; i + width <= characters.size(); ++i) {
    sum += starts[i + width - 1] - starts[i - 1];
    if (sum > best + 1e-9) {
      best = sum;
      begin = i;
    }
  }
  const std::u32string before = begin > 0 ? U"…" : U"";
  const std::u32string after = begin + width < characters.size() ? U"…" : U"";
  Snippet snippet{EncodeUtf8(before + characters.substr(begin, width) + after), {}};
  for (const MatchedTerm& term : terms) {
    for (const TextSpan& span : term.evidence_spans) {
      if (span.begin < begin || span.end > begin + width) continue;
      const auto shift = static_cast<uint32_t>(before.size());
      const auto from = static_cast<uint32_t>(begin);
      snippet.spans.push_back({"snippet", span.begin - from + shift, span.end - from + shift});
    }
  }
  std::sort(snippet.spans.begin(), snippet.spans.end(),
            [](const TextSpan& a, const TextSpan& b) { return a.begin < b.begin; });
  return snippet;
}

}  // namespace dongxi
