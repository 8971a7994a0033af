#include "engine/embed/train/token_corpus.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "engine/base/crc32c.h"
#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"

namespace dongxi::train {
namespace {

constexpr size_t kTextsAStep = 2048;  // between two questions whether to go on
constexpr size_t kTextsAChunk = 16;

using Counts = absl::flat_hash_map<std::string, uint32_t>;
using TokenIds = absl::flat_hash_map<std::string, uint32_t>;

absl::Status CancelledTraining() { return absl::CancelledError("training cancelled"); }

void CountDocument(std::string_view text, const Lexicon& lexicon, Counts* counts) {
  for (auto& [term, frequency] : CountTerms(text, lexicon)) ++(*counts)[std::move(term)];
}

// In how many titles and paragraphs each token stands. Whole numbers: who adds them does not matter.
absl::StatusOr<Counts> CountDocuments(const TrainingCorpus& corpus, int threads, const GoOn& go_on) {
  const size_t shares = static_cast<size_t>(std::max(1, threads));
  std::vector<Counts> parts(shares);
  for (size_t first = 0; first < corpus.texts.size(); first += kTextsAStep) {
    if (!go_on("count", first, corpus.texts.size())) return CancelledTraining();
    const size_t last = std::min(corpus.texts.size(), first + kTextsAStep);
    ParallelChunks(shares, 1, threads, [&](size_t share, size_t) {
      for (size_t i = first + share; i < last; i += shares) {
        CountDocument(corpus.texts[i].title, *corpus.lexicon, &parts[share]);
        for (const std::string& paragraph : corpus.texts[i].paragraphs) {
          CountDocument(paragraph, *corpus.lexicon, &parts[share]);
        }
      }
    });
  }
  Counts whole = std::move(parts[0]);
  for (size_t i = 1; i < shares; ++i) {
    for (const auto& [term, count] : parts[i]) whole[term] += count;
    parts[i] = {};
  }
  return whole;
}

// Takes the tokens of the initial model, then the most frequent others.
void ChooseTokens(const Counts& counts, const TrainOptions& options, TokenCorpus* corpus) {
  if (options.initial != nullptr) {
    for (uint32_t id = 0; id < options.initial->vocabulary(); ++id) {
      corpus->tokens.emplace_back(options.initial->token(id));
      const auto count = counts.find(corpus->tokens.back());
      corpus->document_frequency.push_back(count == counts.end() ? 0 : count->second);
    }
  }
  corpus->initial_tokens = corpus->tokens.size();
  std::vector<std::pair<uint32_t, std::string_view>> others;
  for (const auto& [term, count] : counts) {
    const bool known = options.initial != nullptr && options.initial->Find(term).has_value();
    if (count >= options.df_min && !known) others.emplace_back(count, term);
  }
  const auto before = [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  };
  std::sort(others.begin(), others.end(), before);
  for (const auto& [count, term] : others) {
    if (corpus->tokens.size() >= options.vocabulary_max) break;
    corpus->tokens.emplace_back(term);
    corpus->document_frequency.push_back(count);
  }
}

class Reader {
 public:
  Reader(const std::vector<std::string>& tokens, const Lexicon& lexicon) : lexicon_(lexicon) {
    ids_.reserve(tokens.size());
    for (const std::string& token : tokens) ids_.emplace(token, static_cast<uint32_t>(ids_.size()));
  }

  // Appends the known tokens of `text` in their order.
  void Append(std::string_view text, Tokens* tokens) const {
    for (const TermOccurrence& occurrence : ExtractTerms(text, lexicon_)) {
      if (const auto id = ids_.find(occurrence.term); id != ids_.end()) tokens->push_back(id->second);
    }
  }

  Tokens Read(std::string_view text) const {
    Tokens tokens;
    Append(text, &tokens);
    return tokens;
  }

  TokenText Read(const TrainingText& text) const {
    TokenText result;
    result.title = Read(text.title);
    for (const std::string& keyword : text.keywords) result.keywords.push_back(Read(keyword));
    for (const std::string& paragraph : text.paragraphs) {
      for (const std::string_view sentence : SplitSentences(paragraph)) {
        Append(sentence, &result.body);
        const auto end = static_cast<uint32_t>(result.body.size());
        if (end > result.sentence_begin.back()) result.sentence_begin.push_back(end);
      }
      const auto sentences = static_cast<uint32_t>(result.sentence_begin.size() - 1);
      if (sentences > result.paragraph_begin.back()) result.paragraph_begin.push_back(sentences);
    }
    result.body.shrink_to_fit();
    return result;
  }

  std::vector<std::pair<Tokens, Tokens>> Read(const std::vector<TrainingPair>& pairs) const {
    std::vector<std::pair<Tokens, Tokens>> result;
    result.reserve(pairs.size());
    for (const TrainingPair& pair : pairs) result.emplace_back(Read(pair.query), Read(pair.document));
    return result;
  }

 private:
  const Lexicon& lexicon_;
  TokenIds ids_;
};

uint32_t Extend(uint32_t crc, TokenSpan values) {
  return Crc32c({reinterpret_cast<const char*>(values.data()), values.size_bytes()}, crc);
}

}  // namespace

absl::StatusOr<TokenCorpus> MakeTokenCorpus(TrainingCorpus corpus, const TrainOptions& options,
                                            const GoOn& go_on) {
  TokenCorpus result;
  for (const TrainingText& text : corpus.texts) result.documents += 1 + text.paragraphs.size();
  {
    DX_ASSIGN_OR_RETURN(const Counts counts, CountDocuments(corpus, options.threads, go_on));
    ChooseTokens(counts, options, &result);
  }
  const Reader reader(result.tokens, *corpus.lexicon);
  result.texts.resize(corpus.texts.size());
  for (size_t first = 0; first < corpus.texts.size(); first += kTextsAStep) {
    if (!go_on("tokens", first, corpus.texts.size())) return CancelledTraining();
    const size_t count = std::min(corpus.texts.size() - first, kTextsAStep);
    ParallelChunks(count, kTextsAChunk, options.threads, [&](size_t begin, size_t end) {
      for (size_t i = first + begin; i < first + end; ++i) {
        result.texts[i] = reader.Read(corpus.texts[i]);
        corpus.texts[i] = {};
      }
    });
  }
  result.tree = reader.Read(corpus.tree);
  result.synonyms = reader.Read(corpus.synonyms);
  result.same_owner = std::move(corpus.same_owner);
  result.same_class = std::move(corpus.same_class);
  return result;
}

uint32_t Crc32cOf(const TokenCorpus& corpus) {
  uint32_t crc = Extend(0, corpus.document_frequency);
  for (const std::string& token : corpus.tokens) crc = Crc32c(token + "\n", crc);
  for (const TokenText& text : corpus.texts) {
    crc =
        Extend(Extend(Extend(Extend(crc, text.title), text.body), text.sentence_begin), text.paragraph_begin);
    for (const Tokens& keyword : text.keywords) crc = Extend(crc, keyword);
  }
  for (const auto* groups : {&corpus.same_owner, &corpus.same_class}) {
    for (const std::vector<uint32_t>& group : *groups) crc = Extend(crc, group);
  }
  for (const auto* pairs : {&corpus.tree, &corpus.synonyms}) {
    for (const auto& [query, document] : *pairs) crc = Extend(Extend(crc, query), document);
  }
  return crc;
}

}  // namespace dongxi::train
