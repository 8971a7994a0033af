#include "engine/embed/train/pair_sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/engine/embed/training_corpus.h"

namespace dongxi::train {
namespace {

constexpr uint32_t kTexts = 60;
constexpr int kDraws = 300;

class PairSamplerTest : public ::testing::Test {
 protected:
  PairSamplerTest() : options_(testing::ToyOptions()) {
    options_.df_min = 1;  // the words of single sentences and titles are tokens
    absl::StatusOr<TokenCorpus> corpus = MakeTokenCorpus(
        testing::ToyCorpus(kTexts), options_, [](std::string_view, uint64_t, uint64_t) { return true; });
    EXPECT_TRUE(corpus.ok()) << corpus.status();
    corpus_ = *std::move(corpus);
  }

  // Words of the tokens that begin with `prefix`.
  std::set<std::string> Words(const Tokens& tokens, char prefix) const {
    std::set<std::string> words;
    for (const uint32_t token : tokens) {
      if (corpus_.tokens[token][0] == prefix) words.insert(corpus_.tokens[token]);
    }
    return words;
  }

  std::vector<Pair> DrawMany(PairKind kind) {
    options_.shares = {};
    options_.shares[static_cast<size_t>(kind)] = 1;
    const PairSampler sampler(corpus_, topics_, options_);
    std::vector<Pair> pairs;
    for (uint64_t i = 0; i < kDraws; ++i) {
      Random random(1, i);
      std::optional<Pair> pair = sampler.Draw(random, std::nullopt, i);
      EXPECT_TRUE(pair.has_value());
      if (pair) pairs.push_back(*std::move(pair));
    }
    return pairs;
  }

  TrainOptions options_;
  TokenCorpus corpus_;
  std::vector<std::vector<uint32_t>> topics_;
};

TEST_F(PairSamplerTest, NoKindPairsATextWithItselfOnly) {
  for (size_t kind = 0; kind < kPairKinds; ++kind) {
    SCOPED_TRACE(kPairKindNames[kind]);
    for (const Pair& pair : DrawMany(static_cast<PairKind>(kind))) {
      const std::set<uint32_t> query(pair.query.begin(), pair.query.end());
      const bool more = std::any_of(pair.document.begin(), pair.document.end(),
                                    [&](uint32_t token) { return !query.contains(token); });
      EXPECT_TRUE(more);
    }
  }
}

TEST_F(PairSamplerTest, TheRestOfAParagraphIsWithoutTheSentence) {
  for (const Pair& pair : DrawMany(PairKind::kSentenceRest)) {
    const std::set<std::string> left_out = Words(pair.query, 'p');
    EXPECT_LE(left_out.size(), 1u);
    for (const std::string& word : left_out) EXPECT_FALSE(Words(pair.document, 'p').contains(word));
  }
}

TEST_F(PairSamplerTest, NeighboursAreTwoParagraphsOfOneText) {
  for (const Pair& pair : DrawMany(PairKind::kNeighbours)) {
    for (const std::string& word : Words(pair.query, 'p')) EXPECT_NE(word.find("x0x"), std::string::npos);
    for (const std::string& word : Words(pair.document, 'p')) EXPECT_NE(word.find("x1x"), std::string::npos);
  }
}

TEST_F(PairSamplerTest, TitlesOfAGroupAreOfTwoTexts) {
  for (const PairKind kind : {PairKind::kSameOwner, PairKind::kSameClass}) {
    for (const Pair& pair : DrawMany(kind)) {
      EXPECT_EQ(Words(pair.document, 'h').size(), 1u);
      for (const std::string& title : Words(pair.query, 'h'))
        EXPECT_FALSE(Words(pair.document, 'h').contains(title));
    }
  }
}

TEST_F(PairSamplerTest, PairsOfOneTextHaveOneSource) {
  const auto title_source = DrawMany(PairKind::kTitleAbstract);
  const auto owner_source = DrawMany(PairKind::kSameOwner);
  std::set<uint64_t> texts, owners;
  for (const Pair& pair : title_source) texts.insert(pair.source);
  for (const Pair& pair : owner_source) owners.insert(pair.source);
  EXPECT_EQ(texts.size(), kTexts);
  EXPECT_EQ(owners.size(), corpus_.same_owner.size());
  for (const uint64_t owner : owners) EXPECT_FALSE(texts.contains(owner));
}

TEST_F(PairSamplerTest, AHardBatchIsOfOneTopic) {
  for (uint32_t topic = 0; topic < testing::kToyTopics; ++topic) {
    topics_.emplace_back();
    for (uint32_t i = topic; i < kTexts; i += testing::kToyTopics) topics_.back().push_back(i);
  }
  options_.hard_share = 1;
  options_.shares = {1};
  const PairSampler sampler(corpus_, topics_, options_);
  Batch batch;
  for (uint64_t step = 0; step < 10; ++step) {
    ASSERT_TRUE(sampler.Fill(step, &batch));
    std::set<uint64_t> topics;
    for (const uint64_t source : batch.sources) topics.insert(source % testing::kToyTopics);
    EXPECT_EQ(topics.size(), 1u);
  }
}

TEST_F(PairSamplerTest, ABatchIsAFunctionOfItsStep) {
  const PairSampler sampler(corpus_, topics_, options_);
  Batch first, second, again;
  ASSERT_TRUE(sampler.Fill(3, &first));
  ASSERT_TRUE(sampler.Fill(4, &second));
  ASSERT_TRUE(sampler.Fill(3, &again));
  EXPECT_EQ(first.queries, again.queries);
  EXPECT_EQ(first.documents, again.documents);
  EXPECT_NE(first.documents, second.documents);
}

}  // namespace
}  // namespace dongxi::train
