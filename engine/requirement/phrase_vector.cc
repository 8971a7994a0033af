#include "engine/requirement/phrase_vector.h"

#include <algorithm>
#include <cmath>

#include "engine/embed/byte_product.h"
#include "engine/text/terms.h"

namespace dongxi::requirement {
namespace {

constexpr float kLargest = 127;

const Lexicon& NoConcepts() {
  static const auto& none = *new std::shared_ptr<const Lexicon>(EmptyLexicon());
  return *none;
}

}  // namespace

PhraseVector MakePhraseVector(std::string_view utf8, const StaticModel& model) {
  PhraseVector phrase;
  std::vector<float> sum(static_cast<size_t>(model.dim()));
  model.Embed(CountTerms(utf8, NoConcepts()), sum);
  float largest = 0;
  for (const float x : sum) largest = std::max(largest, std::abs(x));
  if (!(largest > 0)) return phrase;
  phrase.values.reserve(sum.size());
  for (const float x : sum) phrase.values.push_back(static_cast<int8_t>(std::lround(x / largest * kLargest)));
  phrase.length = std::sqrt(static_cast<double>(ByteProduct(phrase.values, phrase.values)));
  return phrase;
}

double Cosine(const PhraseVector& a, const PhraseVector& b) {
  if (a.values.empty() || b.values.empty()) return 0;
  return static_cast<double>(ByteProduct(a.values, b.values)) / (a.length * b.length);
}

}  // namespace dongxi::requirement
