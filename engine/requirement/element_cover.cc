#include "engine/requirement/element_cover.h"

#include <algorithm>
#include <limits>

#include "engine/text/characters.h"
#include "engine/text/normalize.h"
#include "engine/text/terms.h"

namespace dongxi::requirement {
namespace {

const Lexicon& NoConcepts() {
  static const auto& none = *new std::shared_ptr<const Lexicon>(EmptyLexicon());
  return *none;
}

// A bigram of characters that say something, or a Latin word.
bool SaysSomething(const std::u32string& term, const WordFinder& empty) {
  if (!IsHan(term.front())) return true;
  return term.size() == 2 && !empty.Contains(term);
}

// Latin words stand alone: li is not in limit.
bool StandsIn(const std::u32string& word, std::u32string_view clause) {
  const bool latin = !IsHan(word.front());
  for (size_t at = clause.find(word); at != std::u32string_view::npos; at = clause.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool alone = (at == 0 || !IsWordCharacter(clause[at - 1])) &&
                       (end == clause.size() || !IsWordCharacter(clause[end]));
    if (!latin || alone) return true;
  }
  return false;
}

}  // namespace

ElementCover::ElementCover(std::span<const std::string> texts, const TermIdf& idf, const PhraseOf& phrase,
                           const RequirementTables& tables)
    : by_words_(phrase == nullptr) {
  const WordFinder& empty = tables.element_words(ElementWord::kEmpty);
  for (const std::string& text : texts) {
    Element element;
    double total = 0;
    for (const auto& [term, count] : CountTerms(text, NoConcepts())) {
      Word word{.text = DecodeUtf8(term)};
      word.characters = MaskOf(word.text);
      if (!SaysSomething(word.text, empty)) continue;
      word.weight = idf(term);
      total += word.weight;
      element.words.push_back(std::move(word));
    }
    for (Word& word : element.words) word.weight = total > 0 ? word.weight / total : 0;
    if (phrase != nullptr) element.vector = phrase(text);
    elements_.push_back(std::move(element));
  }
}

double ElementCover::ShareOfWords(const Element& element, const OfferClause& clause) const {
  double share = 0;
  for (const Word& word : element.words) {
    const bool may_stand = (word.characters & ~clause.characters) == 0;
    if (may_stand && StandsIn(word.text, clause.text)) share += word.weight;
  }
  return share;
}

double ElementCover::Closest(const Element& element, std::span<const OfferClause> offer,
                             double enough) const {
  double closest = 0;
  for (const OfferClause& clause : offer) {
    const double share = ShareOfWords(element, clause);
    closest =
        std::max(closest, by_words_ ? share : Cosine(element.vector, clause.vector) + kWordsWeight * share);
    if (closest >= enough) break;
  }
  return closest;
}

double ElementCover::Closeness(size_t i, std::span<const OfferClause> offer) const {
  return Closest(elements_[i], offer, std::numeric_limits<double>::infinity());
}

uint64_t ElementCover::CoveredBy(std::span<const OfferClause> offer) const {
  const double least = by_words_ ? kCoveredByWordsMin : kCoveredMin;
  uint64_t covered = 0;
  for (size_t i = 0; i < elements_.size(); ++i) {
    if (Closest(elements_[i], offer, least) >= least) covered |= uint64_t{1} << i;
  }
  return covered;
}

}  // namespace dongxi::requirement
