#include "engine/match/matched_terms.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
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
  if (spans.size() >= kSpansOfTermMax) return;
  if (std::find(spans.begin(), spans.end(), span) == spans.end()) spans.push_back(std::move(span));
}

// Characters that carry grammar, not matter, and are parts of hardly any term of art: a passage neither
// begins nor ends with one.
bool IsGrammatical(char32_t c) {
  return std::u32string_view(
             U"的了和与及或是这那其为将被把从也而且并于则由很个再又吗呢着们我你他没做看说让给请要")
             .find(c) != std::u32string_view::npos;
}

// The part of [begin, begin + length) between grammatical characters.
std::pair<size_t, size_t> TrimPassage(const std::u32string& text, size_t begin, size_t length) {
  size_t end = begin + length;
  while (begin < end && IsGrammatical(text[begin])) ++begin;
  while (end > begin && IsGrammatical(text[end - 1])) --end;
  return {begin, end - begin};
}

// Single characters and short bare numbers are matched for the score but say nothing to a reader.
bool SaysNothing(std::string_view surface) {
  constexpr size_t kNumberBytesSaying = 4;
  const bool is_number =
      std::all_of(surface.begin(), surface.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return is_number ? surface.size() < kNumberBytesSaying : CountCharacters(surface) < 2;
}

size_t CommonLength(const std::u32string& a, size_t at_a, const std::u32string& b, size_t at_b) {
  size_t length = 0;
  while (at_a + length < a.size() && at_b + length < b.size() && a[at_a + length] == b[at_b + length] &&
         IsHan(a[at_a + length])) {
    ++length;
  }
  return length;
}

using BigramSet = absl::flat_hash_set<uint64_t>;
using Bigrams = absl::flat_hash_map<uint64_t, std::vector<Place>>;

// Where the wanted ones stand: most of a piece of evidence has nothing in common with the need.
Bigrams BigramsOf(const std::vector<Field>& fields, const BigramSet& wanted) {
  Bigrams bigrams;
  for (size_t f = 0; f < fields.size(); ++f) {
    const std::u32string& text = fields[f].text.text;
    for (size_t i = 0; i + 1 < text.size(); ++i) {
      if (!IsBigram(text, i)) continue;
      const uint64_t key = Key(text[i], text[i + 1]);
      if (!wanted.contains(key)) continue;
      std::vector<Place>& places = bigrams[key];
      if (places.size() < kPlacesOfPairMax) places.push_back({f, i});
    }
  }
  return bigrams;
}

// A field of the need, with the idf of its bigrams summed up from the left: a passage's weight is a
// difference.
struct NeedField {
  Field field;
  std::vector<double> idf_before;
};

void FindPassages(const std::vector<NeedField>& need, const BigramSet& wanted,
                  const std::vector<Field>& evidence, std::map<std::string, Common>& found) {
  const Bigrams bigrams = BigramsOf(evidence, wanted);
  for (const NeedField& need_field : need) {
    const std::u32string& text = need_field.field.text.text;
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
      const auto [begin, length] = TrimPassage(text, i, longest);
      const size_t next = i + longest;
      if (length >= 2) {
        Common& common = found[EncodeUtf8(std::u32string_view(text).substr(begin, length))];
        common.weight = need_field.idf_before[begin + length - 1] - need_field.idf_before[begin];
        AddSpan(common.need, SpanOf(need_field.field, begin, length));
        for (const Place& place : places->second) {
          const Field& there = evidence[place.field];
          if (CommonLength(text, i, there.text.text, place.at) == longest) {
            AddSpan(common.evidence, SpanOf(there, place.at + begin - i, length));
          }
        }
      }
      i = next;
    }
  }
}

using Occurrences =
    std::map<std::string, std::pair<std::string, std::vector<TextSpan>>>;  // term → surface, spans

using Terms = absl::flat_hash_set<std::string>;

// Of all terms, or of the wanted ones.
Occurrences WordsAndConcepts(const std::vector<NamedText>& texts, const Lexicon& lexicon,
                             const Terms* wanted = nullptr) {
  Occurrences occurrences;
  for (const NamedText& text : texts) {
    std::u32string characters;
    for (const TermOccurrence& term : ExtractWords(text.text, lexicon)) {
      if (wanted != nullptr && !wanted->contains(term.term)) continue;
      if (characters.empty()) characters = DecodeUtf8(text.text);
      auto& [surface, spans] = occurrences[term.term];
      if (surface.empty()) surface = EncodeUtf8(characters.substr(term.begin, term.end - term.begin));
      AddSpan(spans, {text.field, term.begin, term.end});
    }
  }
  return occurrences;
}

// A word or concept of the need.
struct NeedWord {
  std::string term, surface;
  std::vector<TextSpan> spans;
  double idf = 0;
};

void FindWords(const std::vector<NeedWord>& need, const Occurrences& evidence,
               std::map<std::string, Common>& found) {
  for (const NeedWord& word : need) {
    const auto same = evidence.find(word.term);
    if (same == evidence.end()) continue;
    Common& common = found[word.surface];
    common.weight = std::max(common.weight, word.idf);
    for (const TextSpan& span : word.spans) AddSpan(common.need, span);
    for (const TextSpan& span : same->second.second) AddSpan(common.evidence, span);
  }
}

std::vector<MatchedTerm> HeaviestFirst(std::map<std::string, Common> found) {
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

}  // namespace

struct TermMatcher::Prepared {
  const Lexicon& lexicon;
  std::vector<NeedField> fields;
  BigramSet bigrams;  // of the fields
  std::vector<NeedWord> words;
  Terms terms;  // of the words
};

TermMatcher::TermMatcher(const std::vector<NamedText>& need, const Lexicon& lexicon,
                         const LexicalIndex& index) {
  std::unique_ptr<Prepared> prepared(new Prepared{lexicon});
  for (Field& field : Prepare(need)) {
    const std::u32string& text = field.text.text;
    std::vector<double> idf_before(text.size() + 1, 0.0);
    for (size_t i = 0; i + 1 < text.size(); ++i) {
      idf_before[i + 1] = idf_before[i];
      if (!IsBigram(text, i)) continue;
      idf_before[i + 1] += index.Idf(EncodeUtf8(std::u32string_view(text).substr(i, 2)));
      prepared->bigrams.insert(Key(text[i], text[i + 1]));
    }
    prepared->fields.push_back({std::move(field), std::move(idf_before)});
  }
  for (auto& [term, occurrence] : WordsAndConcepts(need, lexicon)) {
    if (SaysNothing(occurrence.first)) continue;
    prepared->words.push_back({term, occurrence.first, occurrence.second, index.Idf(term)});
    prepared->terms.insert(term);
  }
  prepared_ = std::move(prepared);
}

TermMatcher::~TermMatcher() = default;

std::vector<MatchedTerm> TermMatcher::Find(const std::vector<NamedText>& evidence) const {
  std::map<std::string, Common> found;
  FindPassages(prepared_->fields, prepared_->bigrams, Prepare(evidence), found);
  if (!prepared_->words.empty())
    FindWords(prepared_->words, WordsAndConcepts(evidence, prepared_->lexicon, &prepared_->terms), found);
  return HeaviestFirst(std::move(found));
}

}  // namespace dongxi
