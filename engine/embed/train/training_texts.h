// What the static model learns from: texts, groups of texts that belong together, and pairs of short texts.
// Plain data.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/terms.h"

namespace dongxi {

// A paper, project, patent or record. Any part may be empty.
struct TrainingText {
  std::string title;
  std::vector<std::string> paragraphs;  // the abstract first
  std::vector<std::string> keywords;
};

// Two short texts of near meaning.
struct TrainingPair {
  std::string query;
  std::string document;
};

struct TrainingCorpus {
  std::shared_ptr<const Lexicon> lexicon;  // must be set; EmptyLexicon() for none
  std::vector<TrainingText> texts;
  // Texts (their numbers) of one owner, and of one class of a classification; two or more a group.
  std::vector<std::vector<uint32_t>> same_owner;
  std::vector<std::vector<uint32_t>> same_class;
  std::vector<TrainingPair> tree;      // an entry of a classification and the entries above it
  std::vector<TrainingPair> synonyms;  // names of one concept, or of a concept and a broader or related one
};

// Cuts after 。；！？;!? and keeps the mark with the sentence before it. Nothing is lost, no sentence is
// empty.
std::vector<std::string_view> SplitSentences(std::string_view paragraph);

// Pairs of the names of each concept, and of its first name with its broader and related concepts.
std::vector<TrainingPair> LexiconPairs(const Lexicon& lexicon);

}  // namespace dongxi
