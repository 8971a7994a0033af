#include "engine/embed/train/pair_sampler.h"

#include <algorithm>
#include <atomic>
#include <tuple>

#include "engine/base/parallel.h"
#include "engine/embed/lsa_format.h"

namespace dongxi::train {
namespace {

constexpr uint64_t kStream = uint64_t{1} << 32;  // of random numbers; clusters use 1
constexpr size_t kPairsAChunk = 32;
constexpr int kTriesMax = 100'000;  // for one pair

// Lengths in tokens: a text of 300 tokens is about 150 characters, as long as a need or an abstract's heart.
constexpr size_t kDocumentMax = 300;
constexpr size_t kAbstractMax = 400;
constexpr size_t kSentenceMax = 100;
constexpr size_t kNeighbourMax = 160;
constexpr size_t kSpanMin = 3;
constexpr size_t kSpanChoices = 10;
constexpr size_t kQueryMin = 2;
constexpr size_t kDocumentMin = 4;
constexpr size_t kShortDocumentMin = 2;  // names of concepts and classes are short

constexpr float kSecondKeywordChance = 0.3F;
constexpr float kSpanWithoutItsSentence = 0.6F;
constexpr float kDropoutChance = 0.5F;  // that a query loses tokens
constexpr float kDropoutMax = 0.4F;     // of them

Tokens CopyOf(TokenSpan tokens) { return {tokens.begin(), tokens.end()}; }

// A stretch of at most `most` tokens, anywhere.
Tokens Window(TokenSpan tokens, size_t most, Random& random) {
  if (tokens.size() <= most) return CopyOf(tokens);
  return CopyOf(tokens.subspan(random.Below(tokens.size() - most + 1), most));
}

// The paragraph without one sentence.
Tokens Without(const TokenText& text, size_t paragraph, size_t sentence, Random& random) {
  const TokenSpan whole = text.Paragraph(paragraph);
  const TokenSpan left_out = text.Sentence(paragraph, sentence);
  const auto before = static_cast<size_t>(left_out.data() - whole.data());
  const TokenSpan after = whole.subspan(before + left_out.size());
  Tokens rest = CopyOf(whole.first(before));
  rest.insert(rest.end(), after.begin(), after.end());
  return rest.size() <= kDocumentMax ? rest : Window(rest, kDocumentMax, random);
}

bool TrySentence(const TokenText& text, Random& random, Pair* pair) {
  const size_t paragraph = random.Below(text.paragraphs());
  if (text.sentences(paragraph) < 2) return false;
  const size_t chosen = random.Below(text.sentences(paragraph));
  const TokenSpan sentence = text.Sentence(paragraph, chosen);
  pair->query = CopyOf(sentence.first(std::min(sentence.size(), kSentenceMax)));
  pair->document = Without(text, paragraph, chosen, random);
  return true;
}

bool TryNeighbours(const TokenText& text, Random& random, Pair* pair) {
  if (text.paragraphs() < 2) return false;
  const size_t paragraph = random.Below(text.paragraphs() - 1);
  pair->query = Window(text.Paragraph(paragraph), kNeighbourMax, random);
  pair->document = Window(text.Paragraph(paragraph + 1), kDocumentMax, random);
  return true;
}

bool TryKeyword(const TokenText& text, Random& random, Pair* pair) {
  if (text.keywords.empty()) return false;
  pair->query = text.keywords[random.Below(text.keywords.size())];
  if (random.Uniform() < kSecondKeywordChance) {
    const Tokens& second = text.keywords[random.Below(text.keywords.size())];
    pair->query.insert(pair->query.end(), second.begin(), second.end());
  }
  pair->document = Window(text.Paragraph(0), kAbstractMax, random);
  return true;
}

bool TrySpan(const TokenText& text, Random& random, Pair* pair) {
  const size_t paragraph = random.Below(text.paragraphs());
  const size_t chosen = random.Below(text.sentences(paragraph));
  const TokenSpan sentence = text.Sentence(paragraph, chosen);
  const size_t length = kSpanMin + random.Below(kSpanChoices);
  if (sentence.size() < length) return false;
  pair->query = Window(sentence, length, random);
  pair->document = random.Uniform() < kSpanWithoutItsSentence
                       ? Without(text, paragraph, chosen, random)
                       : Window(text.Paragraph(paragraph), kDocumentMax, random);
  return true;
}

// Half of the queries lose some of their tokens: real needs say only part of what a text says.
void DropTokens(Random& random, Tokens* query) {
  if (random.Uniform() >= kDropoutChance) return;
  const float chance = random.Uniform() * kDropoutMax;
  Tokens kept;
  for (const uint32_t token : *query) {
    if (random.Uniform() >= chance) kept.push_back(token);
  }
  if (kept.size() >= kQueryMin) *query = std::move(kept);
}

Bag BagOf(Tokens tokens) {
  std::sort(tokens.begin(), tokens.end());
  Bag bag;
  for (size_t i = 0; i < tokens.size();) {
    size_t end = i;
    while (end < tokens.size() && tokens[end] == tokens[i]) ++end;
    bag.emplace_back(tokens[i], end - i == 1 ? 1.0F : lsa::FrequencyWeight(static_cast<uint32_t>(end - i)));
    i = end;
  }
  return bag;
}

uint64_t SourceOf(PairKind kind, uint64_t number) {
  const bool is_text = kind <= PairKind::kSpanParagraph;
  return (is_text ? 0 : static_cast<uint64_t>(kind) << 32) | number;
}

bool IsShort(PairKind kind) { return kind == PairKind::kTree || kind == PairKind::kSynonyms; }

}  // namespace

PairSampler::PairSampler(const TokenCorpus& corpus, const std::vector<std::vector<uint32_t>>& topics,
                         const TrainOptions& options)
    : corpus_(corpus), topics_(topics), options_(options) {
  bool keywords = false;
  for (uint32_t i = 0; i < corpus.texts.size(); ++i) {
    if (corpus.texts[i].paragraphs() == 0) continue;
    texts_.push_back(i);
    keywords = keywords || !corpus.texts[i].keywords.empty();
  }
  for (size_t i = 0; i < kPairKinds; ++i) {
    const auto kind = static_cast<PairKind>(i);
    bool has = !texts_.empty();
    if (kind == PairKind::kKeywordAbstract) has = keywords;
    if (kind == PairKind::kSameOwner) has = !corpus.same_owner.empty();
    if (kind == PairKind::kSameClass) has = !corpus.same_class.empty();
    if (kind == PairKind::kTree) has = !corpus.tree.empty();
    if (kind == PairKind::kSynonyms) has = !corpus.synonyms.empty();
    shares_[i] = has ? options.shares[i] : 0;
    share_sum_ += shares_[i];
  }
}

PairKind PairSampler::DrawKind(Random& random) const {
  float rest = random.Uniform() * share_sum_;
  size_t kind = 0;
  size_t last = 0;  // the last with a share: rounding may leave a rest
  for (; kind < kPairKinds; ++kind) {
    if (shares_[kind] > 0) last = kind;
    if (rest < shares_[kind]) return static_cast<PairKind>(kind);
    rest -= shares_[kind];
  }
  return static_cast<PairKind>(last);
}

uint32_t PairSampler::DrawText(Random& random, std::optional<size_t> topic) const {
  const std::vector<uint32_t>& from = topic ? topics_[*topic] : texts_;
  return from[random.Below(from.size())];
}

bool PairSampler::TryText(PairKind kind, uint32_t number, Random& random, Pair* pair) const {
  const TokenText& text = corpus_.texts[number];
  pair->source = SourceOf(kind, number);
  switch (kind) {
    case PairKind::kSentenceRest:
      return TrySentence(text, random, pair);
    case PairKind::kNeighbours:
      return TryNeighbours(text, random, pair);
    case PairKind::kKeywordAbstract:
      return TryKeyword(text, random, pair);
    case PairKind::kSpanParagraph:
      return TrySpan(text, random, pair);
    default:
      break;
  }
  const size_t paragraph = kind == PairKind::kTitleAbstract ? 0 : random.Below(text.paragraphs());
  pair->query = text.title;
  pair->document = Window(text.Paragraph(paragraph), kDocumentMax, random);
  return true;
}

// Two different texts of a group.
void PairSampler::TryGroup(const std::vector<std::vector<uint32_t>>& groups, Random& random,
                           Pair* pair) const {
  const uint32_t number = random.Below(groups.size());
  const std::vector<uint32_t>& group = groups[number];
  const uint32_t first = random.Below(group.size());
  uint32_t second = random.Below(group.size() - 1);
  if (second >= first) ++second;
  pair->query = corpus_.texts[group[first]].title;
  pair->document = corpus_.texts[group[second]].title;
  pair->source = SourceOf(pair->kind, number);
}

std::optional<Pair> PairSampler::Draw(Random& random, std::optional<size_t> topic, uint64_t unique) const {
  if (!(share_sum_ > 0)) return std::nullopt;
  for (int i = 0; i < kTriesMax; ++i) {
    Pair pair;
    pair.kind = DrawKind(random);
    if (pair.kind == PairKind::kSameOwner) {
      TryGroup(corpus_.same_owner, random, &pair);
    } else if (pair.kind == PairKind::kSameClass) {
      TryGroup(corpus_.same_class, random, &pair);
    } else if (IsShort(pair.kind)) {
      const auto& pairs = pair.kind == PairKind::kTree ? corpus_.tree : corpus_.synonyms;
      std::tie(pair.query, pair.document) = pairs[random.Below(pairs.size())];
      pair.source = SourceOf(pair.kind, unique);
    } else if (!TryText(pair.kind, DrawText(random, topic), random, &pair)) {
      continue;
    }
    DropTokens(random, &pair.query);
    const size_t document_min = IsShort(pair.kind) ? kShortDocumentMin : kDocumentMin;
    if (pair.query.size() >= kQueryMin && pair.document.size() >= document_min) return pair;
  }
  return std::nullopt;
}

bool PairSampler::Fill(uint64_t step, Batch* batch) const {
  const size_t size = options_.batch;
  batch->queries.resize(size);
  batch->documents.resize(size);
  batch->sources.resize(size);
  Random of_batch(options_.seed, kStream + step * (size + 1));
  std::optional<size_t> topic;
  if (of_batch.Uniform() < options_.hard_share && !topics_.empty()) topic = of_batch.Below(topics_.size());
  std::atomic<bool> filled = true;
  ParallelChunks(size, kPairsAChunk, options_.threads, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      Random random(options_.seed, kStream + step * (size + 1) + 1 + i);
      std::optional<Pair> pair = Draw(random, topic, i);
      if (!pair) {
        filled = false;
        return;
      }
      batch->queries[i] = BagOf(std::move(pair->query));
      batch->documents[i] = BagOf(std::move(pair->document));
      batch->sources[i] = pair->source;
    }
  });
  return filled;
}

}  // namespace dongxi::train
