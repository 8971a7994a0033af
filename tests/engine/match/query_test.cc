#include "engine/match/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace dongxi {
namespace {

// One dimension a topic: salt lakes, and the phrases around a need.
class TwoTopics : public Embedder {
 public:
  const std::string& model_id() const override { return id_; }
  int dim() const override { return 2; }
  absl::StatusOr<Matrix> Embed(std::span<const EmbedInput> inputs, absl::Time) const override {
    Matrix matrix{2, {}};
    for (const EmbedInput& input : inputs) {
      const bool both = !input.title.empty() && !input.text.empty();
      matrix.values.insert(matrix.values.end(), {both ? 0.6F : 1.0F, both ? 0.8F : 0.0F});
    }
    return matrix;
  }

 private:
  std::string id_ = "two-topics";
};

class QueryTest : public testing::Test {
 protected:
  QueryTest() {
    generation_.lexicon = EmptyLexicon();
    generation_.embedder = std::make_shared<TwoTopics>();
  }
  void UseModel() {
    TokenVectors model;
    model.dim = 2;
    model.sizes = {2};
    model.tokens = {"盐", "湖", "盐湖", "卤", "卤水", "公", "司", "公司"};
    model.vectors = {1, 0, 1, 0, 2, 0, 1, 0, 2, 0.2F, 0, 1, 0, 1, 0, 1};
    const std::string file = testing::TempDir() + "/dongxi_query_test.dxm";
    ASSERT_TRUE(WriteStaticModel(model, file).ok());
    generation_.static_model = *StaticModel::Open(file);
  }
  std::map<std::string, float> Weights(const EmbedInput& input, double slope) {
    RankingConfig ranking;
    ranking.centrality_slope = slope;
    const auto query = MakeQuery(input, generation_, ranking, absl::InfiniteFuture());
    EXPECT_TRUE(query.ok()) << query.status();
    std::map<std::string, float> weights;
    for (const WeightedTerm& term : query->terms) weights[term.term] = term.weight;
    return weights;
  }

  Generation generation_;
};

TEST_F(QueryTest, TermsOfTheTitleCountFullyAndThoseOfTheTextByHowCentralTheyAre) {
  UseModel();
  const auto weights = Weights({"盐湖", "卤水 公司"}, 1);
  EXPECT_EQ(weights.at("盐湖"), 1);
  EXPECT_EQ(weights.at("盐"), 1);
  EXPECT_GT(weights.at("卤水"), 0.8);
  EXPECT_LT(weights.at("公司"), 0.4);
  EXPECT_EQ(weights.at("水"), 1);  // the model does not know it
}

TEST_F(QueryTest, WithoutAModelEveryTermCountsAlike) {
  for (const auto& [term, weight] : Weights({"盐湖", "卤水 公司"}, 1)) EXPECT_EQ(weight, 1) << term;
}

TEST_F(QueryTest, VectorIsTheUnitSumOfTitleAndWholeText) {
  const auto query = MakeQuery({"盐湖", "卤水"}, generation_, RankingConfig(), absl::InfiniteFuture());
  ASSERT_TRUE(query.ok());
  const double length = std::sqrt(1.6 * 1.6 + 0.8 * 0.8);
  EXPECT_NEAR(query->vector[0], 1.6 / length, 1e-6);
  EXPECT_NEAR(query->vector[1], 0.8 / length, 1e-6);
  const auto title_only = MakeQuery({"盐湖", ""}, generation_, RankingConfig(), absl::InfiniteFuture());
  EXPECT_NEAR(title_only->vector[0], 1, 1e-6);
}

// Answers zeros, as a service that is out of order may; queries can do without it or not.
class Zeros : public Embedder {
 public:
  explicit Zeros(bool may_fail) : may_fail_(may_fail) {}
  const std::string& model_id() const override { return id_; }
  int dim() const override { return 2; }
  bool optional() const override { return may_fail_; }
  absl::StatusOr<Matrix> Embed(std::span<const EmbedInput> inputs, absl::Time) const override {
    return Matrix{2, std::vector<float>(2 * inputs.size())};
  }

 private:
  const bool may_fail_;
  const std::string id_ = "zeros";
};

TEST_F(QueryTest, AZeroVectorOfAServiceIsAFaultThatTheAnswerTellsOf) {
  for (const bool optional : {true, false}) {
    SCOPED_TRACE(optional);
    generation_.embedder = std::make_shared<Zeros>(optional);
    const auto query = MakeQuery({"盐湖", "卤水"}, generation_, RankingConfig(), absl::InfiniteFuture());
    ASSERT_TRUE(query.ok()) << query.status();
    EXPECT_THAT(query->vector, testing::Each(0.0F));
    EXPECT_EQ(query->degraded, optional ? "向量服务应答有误，本次只按用词匹配" : "");
  }
}

TEST_F(QueryTest, TextWithoutAWordIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      MakeQuery({"，。", "!"}, generation_, RankingConfig(), absl::InfiniteFuture()).status()));
}

TEST_F(QueryTest, NumbersAreNoTopicButCanBeLookedFor) {
  EXPECT_TRUE(absl::IsInvalidArgument(CheckTopic({"2026", "🙂 11.5%"})));
  EXPECT_TRUE(CheckTopic({"2026", "盐"}).ok());
  EXPECT_TRUE(CheckTopic({"pH 7", ""}).ok());
  EXPECT_TRUE(MakeQuery({"2026", ""}, generation_, RankingConfig(), absl::InfiniteFuture()).ok());
}

}  // namespace
}  // namespace dongxi
