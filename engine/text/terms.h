// Terms of a text: single Chinese characters, character bigrams, Latin words and numbers, lexicon terms.
// On real judged needs this beats word segmentation (../shared/platform.md, trap 9). Pure; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/text/normalize.h"

namespace dongxi {

enum class TermClass : uint8_t { kCharacter = 0, kBigram = 1, kLatin = 2, kLexicon = 3 };

struct TermOccurrence {
  std::string term;  // normalised UTF-8; lexicon concepts are "#" plus the concept's first name
  TermClass term_class = TermClass::kCharacter;
  uint32_t begin = 0;  // code points in the original input, [begin, end)
  uint32_t end = 0;
};

// Concepts with their names (synonyms, abbreviations). Immutable; any thread.
// File: data/lexicon/*.tsv (docs/format/lexicon.md), one concept a line, names separated by tabs, '#' starts
// a comment line, '<' before a field names a broader concept, '~' a related one. Names are normalised, so
// case and width do not count.
class Lexicon {
 public:
  struct Hit {
    uint32_t concept_id;
    uint32_t begin, end;  // in the normalised text
  };
  virtual ~Lexicon() = default;
  virtual size_t size() const = 0;
  // The first name, normalised. REQUIRES: concept_id < size().
  virtual const std::string& name(uint32_t concept_id) const = 0;
  // All its names, normalised, each once; the first is name().
  virtual std::span<const std::string> names(uint32_t concept_id) const = 0;
  // Concepts that the file names as broader or related, in its order. REQUIRES: concept_id < size().
  virtual std::span<const uint32_t> broader(uint32_t concept_id) const = 0;
  virtual std::span<const uint32_t> related(uint32_t concept_id) const = 0;
  // CRC-32C of all names and relations in order: two lexicons with the same value find the same. Comments do
  // not count.
  virtual uint32_t crc32c() const = 0;
  // All names found in normalised `text`, longest first at each position, in order of position; hits do not
  // overlap. A name that starts or ends with a Latin letter or digit is found as a whole word only (ed not in
  // red).
  virtual std::vector<Hit> Find(std::u32string_view text) const = 0;
};
std::shared_ptr<const Lexicon> EmptyLexicon();
// Errors name file and line: duplicate name in two concepts, empty name, invalid UTF-8, a relation to a name
// that no concept has. LoadLexicon reads the folder's
// *.tsv in order of file name; NotFound if there is none.
absl::StatusOr<std::shared_ptr<const Lexicon>> LoadLexicon(const std::string& directory);
absl::StatusOr<std::shared_ptr<const Lexicon>> ParseLexicon(std::string_view file_name,
                                                            std::string_view content);

// Terms in order of begin; of those with the same begin: concept, Latin word, character, bigram. Bigrams
// never cross a character that is not Han. Latin words: runs of Latin, Greek and Cyrillic letters and ASCII
// digits, with . between digits (pm2.5) and single + and - inside unless between two digits (al-mg, covid-19,
// but 200-300 is 200 and 300); a word joined by + or - gives its parts as well (covid-19, covid, 19); at most
// 64 characters, a longer run is cut.
std::vector<TermOccurrence> ExtractTerms(std::string_view utf8, const Lexicon& lexicon);

// The Latin words and concepts among them, in the same order; much faster.
std::vector<TermOccurrence> ExtractWords(std::string_view utf8, const Lexicon& lexicon);

// A distinct term and how often it occurs.
using TermCount = std::pair<std::string, uint32_t>;

// A text that counts several times, such as a title.
struct CountedText {
  std::string_view utf8;
  uint32_t times = 1;
};

// Whether a term of ExtractTerms is a Chinese character, a bigram, or a concept whose name begins with a
// Chinese character.
bool IsChineseTerm(std::string_view term);

// What counting the terms of ExtractTerms gives, several times faster: distinct terms, in an order that
// depends on the texts only.
std::vector<TermCount> CountTerms(std::string_view utf8, const Lexicon& lexicon);
std::vector<TermCount> CountTerms(std::span<const CountedText> texts, const Lexicon& lexicon);

}  // namespace dongxi
