// A short text's direction in the space of a static model, in 8 bits a value: small enough to keep for many
// texts, and the cosine of two is the same bit for bit on every machine. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/embed/static_model.h"

namespace dongxi::requirement {

struct PhraseVector {
  std::vector<int8_t> values;  // model.dim() of them; empty if the model knows no term of the text
  double length = 0;           // of `values`
};

// By characters, bigrams and Latin words; concepts of a lexicon play no part.
PhraseVector MakePhraseVector(std::string_view utf8, const StaticModel& model);

// -1 to 1; 0 if either is empty. REQUIRES: of the same model.
double Cosine(const PhraseVector& a, const PhraseVector& b);

}  // namespace dongxi::requirement
