// The training texts as numbers of tokens. Private to engine/embed/train.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/embed/train/static_trainer.h"
#include "engine/embed/train/training_texts.h"

namespace dongxi::train {

using Tokens = std::vector<uint32_t>;
using TokenSpan = std::span<const uint32_t>;

// One text. Sentences and paragraphs without any known token are left out.
struct TokenText {
  Tokens title;
  Tokens body;                                  // of all sentences
  std::vector<uint32_t> sentence_begin = {0};   // in `body`; one more than there are sentences
  std::vector<uint32_t> paragraph_begin = {0};  // first sentence; one more than there are paragraphs
  std::vector<Tokens> keywords;

  size_t paragraphs() const { return paragraph_begin.size() - 1; }
  size_t sentences(size_t paragraph) const {
    return paragraph_begin[paragraph + 1] - paragraph_begin[paragraph];
  }
  TokenSpan Sentence(size_t paragraph, size_t sentence) const {
    const uint32_t number = paragraph_begin[paragraph] + static_cast<uint32_t>(sentence);
    return TokenSpan(body).subspan(sentence_begin[number],
                                   sentence_begin[number + 1] - sentence_begin[number]);
  }
  TokenSpan Paragraph(size_t paragraph) const {
    const uint32_t begin = sentence_begin[paragraph_begin[paragraph]];
    return TokenSpan(body).subspan(begin, sentence_begin[paragraph_begin[paragraph + 1]] - begin);
  }
};

struct TokenCorpus {
  std::vector<std::string> tokens;           // those of the initial model first, then by falling frequency
  std::vector<uint32_t> document_frequency;  // in titles and paragraphs
  size_t initial_tokens = 0;                 // how many come from the initial model
  uint64_t documents = 0;                    // titles and paragraphs
  std::vector<TokenText> texts;
  std::vector<std::vector<uint32_t>> same_owner, same_class;
  std::vector<std::pair<Tokens, Tokens>> tree, synonyms;
};

// Asked between pieces of work with (stage, done, total); false stops.
using GoOn = std::function<bool(std::string_view, uint64_t, uint64_t)>;

// Chooses the vocabulary and reads all texts with it; the strings of `corpus` are freed on the way. Errors:
// Cancelled.
absl::StatusOr<TokenCorpus> MakeTokenCorpus(TrainingCorpus corpus, const TrainOptions& options,
                                            const GoOn& go_on);

// Of tokens and texts, to tell one corpus from another.
uint32_t Crc32cOf(const TokenCorpus& corpus);

}  // namespace dongxi::train
