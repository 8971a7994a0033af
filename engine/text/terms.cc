#include "engine/text/terms.h"

#include <algorithm>

#include "engine/text/characters.h"

namespace dongxi {
namespace {

constexpr size_t kLatinCharactersMax = 64;
constexpr int kCharacterBits = 21;  // of a Unicode code point

std::string ConceptTerm(const std::string& name) { return std::string("#").append(name); }

bool IsJoiner(char32_t c) { return c == U'+' || c == U'-'; }

// Whether the character at `i`, which is not a word character, stands inside a Latin word.
bool IsInsideWord(std::u32string_view text, size_t i) {
  if (i == 0 || i + 1 >= text.size()) return false;
  if (!IsWordCharacter(text[i - 1]) || !IsWordCharacter(text[i + 1])) return false;
  const bool between_digits = IsDigit(text[i - 1]) && IsDigit(text[i + 1]);
  return text[i] == U'.' ? between_digits : IsJoiner(text[i]) && !between_digits;
}

size_t LatinEnd(std::u32string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() && (IsWordCharacter(text[end]) || IsInsideWord(text, end))) ++end;
  return end;
}

// Gives the Latin word [begin, end) to `sink` and, if it has any + or -, each of its parts.
template <typename Sink>
void ScanLatin(std::u32string_view text, size_t begin, size_t end, Sink& sink) {
  const auto give = [&](size_t from, size_t to) {
    sink.Latin(from, std::min(to, from + kLatinCharactersMax));
  };
  give(begin, end);
  const auto joiner = std::find_if(text.begin() + begin, text.begin() + end, IsJoiner);
  if (joiner == text.begin() + end) return;
  for (size_t from = begin; from < end;) {
    const auto stop = std::find_if(text.begin() + from, text.begin() + end, IsJoiner);
    const auto to = static_cast<size_t>(stop - text.begin());
    give(from, to);
    from = to + 1;
  }
}

// Gives all terms of normalised `text` to `sink`, which has Character(at), Bigram(at), Latin(begin, end),
// Concept(hit).
template <typename Sink>
void ScanTerms(std::u32string_view text, const Lexicon& lexicon, Sink& sink) {
  if (lexicon.size() > 0) {
    for (const Lexicon::Hit& hit : lexicon.Find(text)) sink.Concept(hit);
  }
  bool after_han = false;
  for (size_t i = 0; i < text.size();) {
    if (IsHan(text[i])) {
      if (after_han) sink.Bigram(i - 1);
      sink.Character(i);
      after_han = true;
      ++i;
      continue;
    }
    after_han = false;
    if (!IsWordCharacter(text[i])) {
      ++i;
      continue;
    }
    const size_t end = LatinEnd(text, i);
    ScanLatin(text, i, end, sink);
    i = end;
  }
}

class OccurrenceSink {
 public:
  OccurrenceSink(const NormalizedText& text, uint32_t source_characters, const Lexicon& lexicon,
                 bool words_only)
      : text_(text), source_characters_(source_characters), lexicon_(lexicon), words_only_(words_only) {}

  void Character(size_t at) {
    if (!words_only_) Put(Slice(at, at + 1), TermClass::kCharacter, at, at + 1);
  }
  void Bigram(size_t at) {
    if (!words_only_) Put(Slice(at, at + 2), TermClass::kBigram, at, at + 2);
  }
  void Latin(size_t begin, size_t end) { Put(Slice(begin, end), TermClass::kLatin, begin, end); }
  void Concept(const Lexicon::Hit& hit) {
    Put(ConceptTerm(lexicon_.name(hit.concept_id)), TermClass::kLexicon, hit.begin, hit.end);
  }

  std::vector<TermOccurrence> TakeSorted() {
    const auto rank = [](const TermOccurrence& term) {
      constexpr int kRankOfClass[] = {2, 3, 1, 0};  // kCharacter, kBigram, kLatin, kLexicon
      return kRankOfClass[static_cast<int>(term.term_class)];
    };
    std::stable_sort(terms_.begin(), terms_.end(), [&](const TermOccurrence& a, const TermOccurrence& b) {
      return a.begin != b.begin ? a.begin < b.begin : rank(a) < rank(b);
    });
    return std::move(terms_);
  }

 private:
  std::string Slice(size_t begin, size_t end) const {
    return EncodeUtf8(std::u32string_view(text_.text).substr(begin, end - begin));
  }

  void Put(std::string term, TermClass term_class, size_t begin, size_t end) {
    // Up to the next character's source, so that combining marks go with their letter; but one source
    // character that became several is never cut to nothing.
    const uint32_t next = end < text_.origin.size() ? text_.origin[end] : source_characters_;
    terms_.push_back(
        {std::move(term), term_class, text_.origin[begin], std::max(next, text_.origin[end - 1] + 1)});
  }

  const NormalizedText& text_;
  uint32_t source_characters_;
  const Lexicon& lexicon_;
  bool words_only_;
  std::vector<TermOccurrence> terms_;
};

std::vector<TermOccurrence> Extract(std::string_view utf8, const Lexicon& lexicon, bool words_only) {
  const NormalizedText text = NormalizeWithOrigin(utf8);
  OccurrenceSink sink(text, static_cast<uint32_t>(CountCharacters(utf8)), lexicon, words_only);
  ScanTerms(text.text, lexicon, sink);
  return sink.TakeSorted();
}

// Collects terms as numbers where possible: a character is its code point, a bigram two side by side.
class CountSink {
 public:
  explicit CountSink(const Lexicon& lexicon) : lexicon_(lexicon) {}

  void Scan(const CountedText& text) {
    const std::u32string normalized = NormalizeToUtf32(text.utf8);
    text_ = normalized;
    grams_.reserve(grams_.size() + normalized.size() * 2 * text.times);
    if (text.times == 0) return;
    const size_t grams = grams_.size(), latin = latin_.size(), concepts = concepts_.size();
    ScanTerms(text_, lexicon_, *this);
    Repeat(text.times - 1, grams, &grams_);
    Repeat(text.times - 1, latin, &latin_);
    Repeat(text.times - 1, concepts, &concepts_);
  }

  void Character(size_t at) { grams_.push_back(text_[at]); }
  void Bigram(size_t at) { grams_.push_back(uint64_t{text_[at]} << kCharacterBits | text_[at + 1]); }
  void Latin(size_t begin, size_t end) { latin_.push_back(EncodeUtf8(text_.substr(begin, end - begin))); }
  void Concept(const Lexicon::Hit& hit) { concepts_.push_back(hit.concept_id); }

  std::vector<TermCount> TakeCounts() {
    std::vector<TermCount> counts;
    counts.reserve(grams_.size() + latin_.size() + concepts_.size());
    CountRuns(&grams_, &counts, [](uint64_t gram) {
      std::string term;
      if (gram >> kCharacterBits != 0) AppendUtf8(static_cast<char32_t>(gram >> kCharacterBits), &term);
      AppendUtf8(static_cast<char32_t>(gram & ((1U << kCharacterBits) - 1)), &term);
      return term;
    });
    CountRuns(&latin_, &counts, [](const std::string& word) { return word; });
    CountRuns(&concepts_, &counts, [this](uint32_t id) { return ConceptTerm(lexicon_.name(id)); });
    return counts;
  }

 private:
  // Appends what stands from `begin` on so many times more.
  template <typename Item>
  static void Repeat(uint32_t times, size_t begin, std::vector<Item>* items) {
    const size_t end = items->size();
    items->reserve(end + (end - begin) * times);
    for (uint32_t i = 0; i < times; ++i) {
      for (size_t at = begin; at < end; ++at) items->push_back((*items)[at]);
    }
  }

  template <typename Item, typename ToTerm>
  static void CountRuns(std::vector<Item>* items, std::vector<TermCount>* counts, const ToTerm& to_term) {
    std::sort(items->begin(), items->end());
    for (size_t i = 0; i < items->size();) {
      size_t end = i + 1;
      while (end < items->size() && (*items)[end] == (*items)[i]) ++end;
      counts->emplace_back(to_term((*items)[i]), static_cast<uint32_t>(end - i));
      i = end;
    }
  }

  const Lexicon& lexicon_;
  std::u32string_view text_;
  std::vector<uint64_t> grams_;
  std::vector<std::string> latin_;
  std::vector<uint32_t> concepts_;
};

}  // namespace

std::vector<TermOccurrence> ExtractTerms(std::string_view utf8, const Lexicon& lexicon) {
  return Extract(utf8, lexicon, /*words_only=*/false);
}

std::vector<TermOccurrence> ExtractWords(std::string_view utf8, const Lexicon& lexicon) {
  return Extract(utf8, lexicon, /*words_only=*/true);
}

bool IsChineseTerm(std::string_view term) {
  if (term.starts_with('#')) term.remove_prefix(1);
  if (term.empty()) return false;
  const auto byte = [&](size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(term[i])); };
  // Terms are valid UTF-8; Han characters have three bytes or four.
  if (byte(0) >= 0xF0 && term.size() >= 4) {
    return IsHan((byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F));
  }
  return byte(0) >= 0xE0 && term.size() >= 3 &&
         IsHan((byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F));
}

std::vector<TermCount> CountTerms(std::span<const CountedText> texts, const Lexicon& lexicon) {
  CountSink sink(lexicon);
  for (const CountedText& text : texts) sink.Scan(text);
  return sink.TakeCounts();
}

std::vector<TermCount> CountTerms(std::string_view utf8, const Lexicon& lexicon) {
  const CountedText text{utf8, 1};
  return CountTerms(std::span<const CountedText>(&text, 1), lexicon);
}

}  // namespace dongxi
