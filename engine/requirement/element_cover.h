// Whether an offer's words cover the text elements of a need. Immutable after construction; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/requirement/elements.h"
#include "engine/requirement/offer_clauses.h"

namespace dongxi::requirement {

// How rare a term is among the offers: LexicalIndex::Idf.
using TermIdf = std::function<double(std::string_view term)>;

// An element is covered if one clause of the offer is close enough to it: cosine of the two phrases plus
// kWordsWeight times the share of the element's words (bigrams and Latin words by their idf) that stand in
// the clause, at least kCoveredMin; without a model the share alone, at least kCoveredByWordsMin. Chosen on
// the first half of tests/requirement/element_offers.jsonl (docs/requirements.md has the figures).
inline constexpr double kWordsWeight = 0.75;
inline constexpr double kCoveredMin = 0.60;
inline constexpr double kCoveredByWordsMin = 0.20;

// What a text means: MakePhraseVector of the model that the offers' clauses were read with.
using PhraseOf = std::function<PhraseVector(const std::string& text)>;

class ElementCover {
 public:
  // `phrase` may be null: then words alone are compared. The tables outlive this. At most 64 texts. `idf` and
  // `phrase` are asked here only.
  ElementCover(std::span<const std::string> texts, const TermIdf& idf, const PhraseOf& phrase,
               const RequirementTables& tables);

  size_t size() const { return elements_.size(); }
  // How close the offer comes to text `i`: what kCoveredMin is compared with.
  double Closeness(size_t i, std::span<const OfferClause> offer) const;
  // Bit i: text i is covered.
  uint64_t CoveredBy(std::span<const OfferClause> offer) const;

 private:
  struct Word {
    std::u32string text;
    double weight = 0;        // share of all words of the element
    uint64_t characters = 0;  // MaskOf(text)
  };
  struct Element {
    std::vector<Word> words;
    PhraseVector vector;
  };
  double ShareOfWords(const Element& element, const OfferClause& clause) const;
  // Of the closest clause, or of the first that is `enough`.
  double Closest(const Element& element, std::span<const OfferClause> offer, double enough) const;

  const bool by_words_;
  std::vector<Element> elements_;
};

}  // namespace dongxi::requirement
