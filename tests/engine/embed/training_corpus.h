// A small made-up corpus for the tests of the trainer.
#pragma once

#include <string>

#include "engine/embed/train/random.h"
#include "engine/embed/train/static_trainer.h"

namespace dongxi::testing {

inline constexpr int kToyTopics = 6;
inline constexpr char kTwin[] = "盐湖";  // stands in topic 0 only
inline constexpr char kOtherTwin[] =
    "卤水";  // stands in topic 1 only; a pair of names says that they are the same

// Texts of six topics with 30 words each, such as t2w17; every sentence has a word of its own, such as p7x0x1
// (text 7, paragraph 0, sentence 1), every title one such as h7.
inline TrainingCorpus ToyCorpus(uint32_t texts) {
  TrainingCorpus corpus;
  corpus.lexicon = EmptyLexicon();
  Random random(7);
  for (uint32_t i = 0; i < texts; ++i) {
    const uint32_t topic = i % kToyTopics;
    const auto words = [&](int count) {
      std::string text;
      for (int k = 0; k < count; ++k) {
        text += " t" + std::to_string(topic) + "w" + std::to_string(random.Below(30));
      }
      return text;
    };
    TrainingText text;
    text.title = "h" + std::to_string(i) + words(4);
    for (int p = 0; p < 2; ++p) {
      std::string paragraph;
      for (int s = 0; s < 3; ++s) {
        paragraph +=
            "p" + std::to_string(i) + "x" + std::to_string(p) + "x" + std::to_string(s) + words(8) + "。";
      }
      if (topic < 2) paragraph += std::string(topic == 0 ? kTwin : kOtherTwin) + words(3);
      text.paragraphs.push_back(paragraph);
    }
    text.keywords = {words(1), words(2)};
    corpus.texts.push_back(text);
  }
  for (uint32_t i = 0; i + kToyTopics < texts; i += 2) {
    (i % 4 == 0 ? corpus.same_owner : corpus.same_class).push_back({i, i + kToyTopics});
  }
  corpus.tree = {{"t0w1 t0w2", "t1w1 t1w2"}};
  corpus.synonyms = {{kTwin, kOtherTwin}};
  return corpus;
}

inline TrainOptions ToyOptions() {
  TrainOptions options;
  options.dim = 16;
  options.sizes = {4, 8, 16};
  options.df_min = 2;
  options.batch = 24;
  options.steps = 40;
  return options;
}

}  // namespace dongxi::testing
