#include "engine/embed/static_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "engine/base/files.h"
#include "engine/embed/builtin_embedder.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

std::filesystem::path TempFile(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) /
         ("dongxi_static_" + std::to_string(::getpid()) + "_" + name);
}

TokenVectors ThreeTokens() {
  TokenVectors model;
  model.dim = 4;
  model.sizes = {2, 4};
  model.tokens = {"盐湖", "a", "盐"};  // any order
  model.vectors = {1, 0, 0, 0, 0, 2, 0, 0, 0.5F, 0.5F, -1, 0};
  return model;
}

std::shared_ptr<const StaticModel> MustOpen(const TokenVectors& model, int dim = 0) {
  const std::filesystem::path file = TempFile("open");
  EXPECT_TRUE(WriteStaticModel(model, file).ok());
  auto opened = StaticModel::Open(file, dim);
  EXPECT_TRUE(opened.ok()) << opened.status();
  return *std::move(opened);
}

TEST(StaticModelTest, ReadsWhatWasWritten) {
  const auto model = MustOpen(ThreeTokens());
  EXPECT_EQ(model->dim(), 4);
  EXPECT_EQ(model->vocabulary(), 3u);
  EXPECT_EQ(model->sizes(), (std::vector<int>{2, 4}));
  ASSERT_TRUE(model->Find("盐").has_value());
  EXPECT_EQ(model->token(*model->Find("盐")), "盐");
  EXPECT_FALSE(model->Find("湖").has_value());
  std::vector<float> sum(4, 0.0F);
  model->Add(*model->Find("盐"), 2, sum);
  EXPECT_THAT(sum, testing::Pointwise(testing::FloatNear(0.02F), {1.0F, 1.0F, -2.0F, 0.0F}));
}

TEST(StaticModelTest, TextIsTheSumOfItsTokensWithLogFrequencyBroughtToUnitLength) {
  const auto model = MustOpen(ThreeTokens());
  const std::vector<TermCount> terms = {{"盐湖", 3}, {"a", 1}, {"unknown", 9}};
  std::vector<float> vector(4);
  model->Embed(terms, vector);
  const double x = 1 + std::log(3.0), y = 2, length = std::sqrt(x * x + y * y);
  EXPECT_NEAR(vector[0], x / length, 0.01);
  EXPECT_NEAR(vector[1], y / length, 0.01);
  model->Embed(std::vector<TermCount>{{"unknown", 1}}, vector);
  EXPECT_THAT(vector, testing::Each(0.0F));
}

TEST(StaticModelTest, CosineEqualsThePlainFormula) {
  const auto model = MustOpen(ThreeTokens());
  const std::vector<float> direction = {0.6F, 0.8F, 0, 0};
  EXPECT_NEAR(model->Cosine(*model->Find("盐湖"), direction), 0.6, 0.01);
  EXPECT_NEAR(model->Cosine(*model->Find("a"), direction), 0.8, 0.01);
  EXPECT_NEAR(model->Cosine(*model->Find("盐"), direction), 0.7 / std::sqrt(1.5), 0.01);
}

TEST(StaticModelTest, FirstValuesStandAlone) {
  const auto model = MustOpen(ThreeTokens(), 2);
  EXPECT_EQ(model->dim(), 2);
  std::vector<float> vector(2);
  model->Embed(std::vector<TermCount>{{"盐", 1}}, vector);
  EXPECT_NEAR(vector[0], std::sqrt(0.5), 0.01);
  ASSERT_TRUE(WriteStaticModel(ThreeTokens(), TempFile("sizes")).ok());
  EXPECT_THAT(StaticModel::Open(TempFile("sizes"), 3).status().message(), HasSubstr("no size of 3"));
}

TEST(StaticModelTest, SameVectorsGiveTheSameBytesInAnyOrder) {
  TokenVectors turned = ThreeTokens();
  std::swap(turned.tokens[0], turned.tokens[1]);
  for (int j = 0; j < 4; ++j) std::swap(turned.vectors[j], turned.vectors[4 + j]);
  EXPECT_EQ(MustOpen(ThreeTokens())->model_id(), MustOpen(turned)->model_id());
}

TEST(StaticModelTest, WhatDoesNotFitIsRefused) {
  struct Case {
    std::string name;
    void (*change)(TokenVectors&);
    std::string error;
  };
  const Case cases[] = {
      {"Count", [](TokenVectors& m) { m.vectors.pop_back(); }, "values for"},
      {"Twice", [](TokenVectors& m) { m.tokens[1] = "盐"; }, "given twice"},
      {"Empty", [](TokenVectors& m) { m.tokens[1] = ""; }, "empty"},
      {"NotANumber", [](TokenVectors& m) { m.vectors[3] = NAN; }, "not a number"},
      {"Sizes",
       [](TokenVectors& m) {
         m.sizes = {4, 2};
       },
       "sizes"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    TokenVectors model = ThreeTokens();
    c.change(model);
    EXPECT_THAT(std::string(WriteStaticModel(model, TempFile("refused")).message()), HasSubstr(c.error));
  }
}

TEST(StaticModelTest, EveryDamagedByteIsFound) {
  const std::filesystem::path file = TempFile("whole"), damaged = TempFile("damaged");
  ASSERT_TRUE(WriteStaticModel(ThreeTokens(), file).ok());
  const std::string bytes = *ReadFile(file, 1 << 20);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    ASSERT_TRUE(WriteFileAtomically(damaged, changed).ok());
    EXPECT_FALSE(StaticModel::Open(damaged).ok()) << "byte " << i;
  }
  for (const size_t length : {size_t{0}, size_t{10}, size_t{63}, bytes.size() - 1}) {
    ASSERT_TRUE(WriteFileAtomically(damaged, bytes.substr(0, length)).ok());
    EXPECT_FALSE(StaticModel::Open(damaged).ok()) << length << " bytes";
  }
}

TEST(StaticModelTest, FixtureOfFormatVersion1Opens) {
  const auto model = StaticModel::Open("tests/fixtures/static-model-v1.dxm");
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ((*model)->dim(), 32);
  EXPECT_EQ((*model)->vocabulary(), 1500u);
}

// The part of the collection, as fixed vectors.
class FixedEmbedder : public Embedder {
 public:
  const std::string& model_id() const override { return id_; }
  int dim() const override { return 2; }
  absl::StatusOr<Matrix> Embed(std::span<const EmbedInput> inputs, absl::Time) const override {
    Matrix matrix{2, {}};
    for (const EmbedInput& input : inputs) {
      const bool known = input.text.find("已知") != std::string::npos;
      matrix.values.insert(matrix.values.end(), {known ? 1.0F : 0.0F, 0.0F});
    }
    return matrix;
  }

 private:
  std::string id_ = "fixed";
};

TEST(BuiltInEmbedderTest, CosineIsTheWeightedMeanAndEitherPartMayBeEmpty) {
  const auto embedder =
      NewBuiltInEmbedder(MustOpen(ThreeTokens()), std::make_unique<FixedEmbedder>(), EmptyLexicon());
  EXPECT_EQ(embedder->dim(), 6);
  EXPECT_THAT(embedder->model_id(), HasSubstr("+fixed"));
  const EmbedInput inputs[] = {{"盐", "已知"}, {"盐湖", "已知"}, {"", "已知"}, {"a", ""}, {"", "?"}};
  const auto vectors = embedder->Embed(inputs, absl::InfiniteFuture());
  ASSERT_TRUE(vectors.ok());
  const auto dot = [&](size_t i, size_t j) {
    double sum = 0;
    for (size_t k = 0; k < 6; ++k) sum += double{vectors->row(i)[k]} * vectors->row(j)[k];
    return sum;
  };
  const double general = 2 / std::sqrt(1.5 * 3.5);  // of 盐, and of 盐湖, which is 盐 and 盐湖
  EXPECT_NEAR(dot(0, 1), (1 - kCollectionShare) * general + kCollectionShare, 0.01);
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(dot(i, i), 1, 1e-5) << i;
  EXPECT_NEAR(dot(2, 3), 0, 1e-6);  // nothing in common
  EXPECT_EQ(dot(4, 4), 0);
}

}  // namespace
}  // namespace dongxi
