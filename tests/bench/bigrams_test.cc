#include "bench/bigrams.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

constexpr uint32_t kSeed = 35;

double SlowJaccard(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  const std::set<uint64_t> x(a.begin(), a.end()), y(b.begin(), b.end());
  std::set<uint64_t> all = x;
  all.insert(y.begin(), y.end());
  const size_t shared = x.size() + y.size() - all.size();
  return all.empty() ? 0 : static_cast<double>(shared) / static_cast<double>(all.size());
}

std::vector<std::vector<uint64_t>> RandomTexts(std::mt19937& random) {
  const char* const characters[] = {"盐", "湖", "提", "锂", "a", "。"};
  std::vector<std::vector<uint64_t>> texts(random() % 25);
  for (std::vector<uint64_t>& text : texts) {
    std::string utf8;
    for (size_t length = random() % 30; length > 0; --length) utf8 += characters[random() % 6];
    text = BigramsOf(utf8);
  }
  return texts;
}

TEST(BigramsTest, AreDistinctNormalisedAndPassOverSpaces) {
  EXPECT_EQ(BigramsOf("盐湖盐湖").size(), 2u);  // 盐湖 湖盐
  EXPECT_EQ(BigramsOf("ＡＢ"), BigramsOf("ab"));
  EXPECT_EQ(BigramsOf("盐 湖\n　提锂"), BigramsOf("盐湖提锂"));
  EXPECT_TRUE(BigramsOf("盐").empty());
  EXPECT_TRUE(BigramsOf("").empty());
}

TEST(JaccardTest, Table) {
  EXPECT_EQ(Jaccard(BigramsOf("盐湖提锂"), BigramsOf("盐湖提锂")), 1.0);
  EXPECT_EQ(Jaccard(BigramsOf("盐湖提锂"), BigramsOf("盐湖")), 1.0 / 3);
  EXPECT_EQ(Jaccard(BigramsOf("盐湖"), BigramsOf("枸杞")), 0.0);
  EXPECT_EQ(Jaccard({}, {}), 0.0);
}

TEST(JaccardTest, EqualsSetsOnRandomTexts) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const auto texts = RandomTexts(random);
    for (const auto& a : texts) {
      for (const auto& b : texts) EXPECT_EQ(Jaccard(a, b), SlowJaccard(a, b));
    }
  }
}

TEST(MostAlikePairsTest, EqualsComparingEveryPair) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const auto texts = RandomTexts(random);
    std::vector<double> want;
    for (size_t i = 0; i < texts.size(); ++i) {
      for (size_t j = i + 1; j < texts.size(); ++j) want.push_back(SlowJaccard(texts[i], texts[j]));
    }
    std::sort(want.rbegin(), want.rend());
    std::erase(want, 0.0);
    if (want.size() > 4) want.resize(4);
    const std::vector<AlikePair> found = MostAlikePairs(texts, 4);
    ASSERT_EQ(found.size(), want.size());
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].jaccard, want[i]);
      EXPECT_LT(found[i].first, found[i].second);
      EXPECT_EQ(found[i].jaccard, SlowJaccard(texts[found[i].first], texts[found[i].second]));
    }
  }
}

}  // namespace
}  // namespace dongxi::bench
