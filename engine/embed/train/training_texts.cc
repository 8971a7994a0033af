#include "engine/embed/train/training_texts.h"

#include <array>

namespace dongxi {
namespace {

constexpr std::array<std::string_view, 7> kSentenceEnds = {"。", "；", "！", "？", ";", "!", "?"};

// Bytes of the sentence end at the start of `text`, 0 if there is none.
size_t SentenceEndAt(std::string_view text) {
  for (const std::string_view end : kSentenceEnds) {
    if (text.starts_with(end)) return end.size();
  }
  return 0;
}

}  // namespace

std::vector<std::string_view> SplitSentences(std::string_view paragraph) {
  std::vector<std::string_view> sentences;
  size_t begin = 0;
  for (size_t i = 0; i < paragraph.size();) {
    const size_t end = SentenceEndAt(paragraph.substr(i));
    i += end == 0 ? 1 : end;
    if (end == 0) continue;
    sentences.push_back(paragraph.substr(begin, i - begin));
    begin = i;
  }
  if (begin < paragraph.size()) sentences.push_back(paragraph.substr(begin));
  return sentences;
}

std::vector<TrainingPair> LexiconPairs(const Lexicon& lexicon) {
  std::vector<TrainingPair> pairs;
  for (uint32_t concept_id = 0; concept_id < lexicon.size(); ++concept_id) {
    const std::span<const std::string> names = lexicon.names(concept_id);
    for (size_t later = 1; later < names.size(); ++later) {
      for (size_t earlier = 0; earlier < later; ++earlier) pairs.push_back({names[earlier], names[later]});
    }
    for (const std::span<const uint32_t> others :
         {lexicon.broader(concept_id), lexicon.related(concept_id)}) {
      for (const uint32_t other : others) pairs.push_back({lexicon.name(concept_id), lexicon.name(other)});
    }
  }
  return pairs;
}

}  // namespace dongxi
