#include "engine/match/matched_terms.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

struct Field {
  std::string name;
  NormalizedText text;
};

struct Place {
  size_t field;
  size_t at;  // in the normalised text
};

struct Common {
  double weight = 0;
  std::vector<TextSpan> need, evidence;
};

uint64_t Key(char32_t first, char32_t second) { return (uint64_t{first} << 32) | second; }

std::vector<Field> Prepare(const std::vector<NamedText>& texts) {
  std::vector<Field> fields;
  for (const NamedText& text : texts) fields.push_back({text.field, NormalizeWithOrigin(text.text)});
  return fields;
}

bool IsBigram(const std::u32string& text, size_t at) {
  return at + 1 < text.size() && IsHan(text[at]) && IsHan(text[at + 1]);
}

TextSpan SpanOf(const Field& field, size_t begin, size_t length) {
  return {field.name, field.text.origin[begin], field.text.origin[begin + length - 1] + 1};
}

void AddSpan(std::vector<TextSpan>& spans, TextSpan span) {
  if (std::find(spans.begin(), spans.end(), span) == spans.end()) spans.push_back(std::move(span));
}

double WeightOfPassage(const std::u32string& passage, const LexicalIndex& index) {
  double weight = 0;
  for (size_t i = 0; i + 1 < passage.size(); ++i) weight += index.Idf(EncodeUtf8(passage.substr(i, 2)));
  return weight;
}

size_t CommonLength(const std::u32string& a, size_t at_a, const std::u32string& b, size_t at_b) {
  size_t length = 0;
  while (at_a + length < a.size() && at_b + length < b.size() && a[at_a + length] == b[at_b + length] &&
         IsHan(a[at_a + length])) {
    ++length;
  }
  return length;
}

using Bigrams = std::unordered_map<uint64_t, std::vector<Place>>;

Bigrams BigramsOf(const std::vector<Field>& fields) {
  Bigrams bigrams;
  for (size_t f = 0; f < fields.size(); ++f) {
    const std::u32string& text = fields[f].text.text;
    for (size_t i = 0; i + 1 < text.size(); ++i) {
      if (IsBigram(text, i)) bigrams[Key(text[i], text[i + 1])].push_back({f, i});
    }
  }
  return bigrams;
}

void FindPassages(const std::vector<Field>& need, const std::vector<Field>& evidence, const LexicalIndex& index,
                  std::map<std::string, Common>& found) {
  const Bigrams bigrams = BigramsOf(evidence);
  for (const Field& field : need) {
    const std::u32string& text = field.text.text;
    for (size_t i = 0; i + 1 < text.size();) {
      const auto places = IsBigram(text, i) ? bigrams.find(Key(text[i], text[i + 1])) : bigrams.end();
      if (places == bigrams.end()) {
        ++i;
        continue;
      }
      size_t longest = 0;
      for (const Place& place : places->second) {
        longest = std::max(longest, CommonLength(text, i, evidence[place.field].text.text, place.at));
      }
      const std::u32string passage = text.substr(i, longest);
      Common& common = found[EncodeUtf8(passage)];
      if (common.weight == 0) common.weight = WeightOfPassage(passage, index);
      AddSpan(common.need, SpanOf(field, i, longest));
      for (const Place& place : places->second) {
        const Field& there = evidence[place.field];
        if (CommonLength(text, i, there.text.text, place.at) == longest) {
          AddSpan(common.evidence, SpanOf(there, place.at, longest));
        }
      }
      i += longest;
    }
  }
}

using Occurrences = std::map<std::string, std::pair<std::string, std::vector<TextSpan>>>;  // term → surface, spans

Occurrences WordsAndConcepts(const std::vector<NamedText>& texts, const Lexicon& lexicon) {
  Occurrences occurrences;
  for (const NamedText& text : texts) {
    const std::u32string characters = DecodeUtf8(text.text);
    for (const TermOccurrence& term : ExtractTerms(text.text, lexicon)) {
      if (term.term_class != TermClass::kLatin && term.term_class != TermClass::kLexicon) continue;
      auto& [surface, spans] = occurrences[term.term];
      if (surface.empty()) surface = EncodeUtf8(characters.substr(term.begin, term.end - term.begin));
      AddSpan(spans, {text.field, term.begin, term.end});
    }
  }
  return occurrences;
}

void FindWords(const std::vector<NamedText>& need, const std::vector<NamedText>& evidence, const Lexicon& lexicon,
               const LexicalIndex& index, std::map<std::string, Common>& found) {
  const Occurrences there = WordsAndConcepts(evidence, lexicon);
  for (const auto& [term, here] : WordsAndConcepts(need, lexicon)) {
    const auto same = there.find(term);
    if (same == there.end()) continue;
    Common& common = found[here.first];
    common.weight = std::max(common.weight, index.Idf(term));
    for (const TextSpan& span : here.second) AddSpan(common.need, span);
    for (const TextSpan& span : same->second.second) AddSpan(common.evidence, span);
  }
}

}  // namespace

std::vector<MatchedTerm> FindMatchedTerms(const std::vector<NamedText>& need, const std::vector<NamedText>& evidence,
                                          const Lexicon& lexicon, const LexicalIndex& index) {
  std::map<std::string, Common> found;
  FindPassages(Prepare(need), Prepare(evidence), index, found);
  FindWords(need, evidence, lexicon, index, found);
  std::vector<MatchedTerm> terms;
  for (auto& [term, common] : found) {
    terms.push_back({term, common.weight, std::move(common.need), std::move(common.evidence)});
  }
  std::sort(terms.begin(), terms.end(), [](const MatchedTerm& a, const MatchedTerm& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
  });
  if (terms.size() > kMatchedTermsMax) terms.resize(kMatchedTermsMax);
  double total = 0;
  for (const MatchedTerm& term : terms) total += term.weight;
  for (MatchedTerm& term : terms) term.weight = total > 0 ? term.weight / total : 0;
  return terms;
}

}  // namespace dongxi
