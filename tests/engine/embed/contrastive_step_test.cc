#include "engine/embed/train/contrastive_step.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/embed/train/row_adagrad.h"

namespace dongxi::train {
namespace {

using Doubles = Eigen::MatrixXd;

constexpr Eigen::Index kPairs = 7;
constexpr uint32_t kTokens = 20;

struct Losses {
  double queries = 0;
  double both = 0;
};

// The definition, in double precision.
Losses ObviousLoss(const Doubles& queries, const Doubles& documents, const Batch& batch,
                   const TrainOptions& options) {
  Losses losses;
  for (const int size : options.sizes) {
    Doubles odds(kPairs, kPairs);
    for (Eigen::Index i = 0; i < kPairs; ++i) {
      for (Eigen::Index j = 0; j < kPairs; ++j) {
        const auto a = queries.row(i).head(size), b = documents.row(j).head(size);
        const bool same = batch.sources[static_cast<size_t>(i)] == batch.sources[static_cast<size_t>(j)];
        odds(i, j) =
            i != j && same ? 0 : std::exp(a.dot(b) / a.norm() / b.norm() / double{options.temperature});
      }
    }
    for (Eigen::Index i = 0; i < kPairs; ++i) {
      const double of_query = -std::log(odds(i, i) / odds.row(i).sum());
      const double of_document = -std::log(odds(i, i) / odds.col(i).sum());
      const double weight = 1.0 / static_cast<double>(kPairs) / static_cast<double>(options.sizes.size());
      losses.queries += weight * of_query;
      losses.both += weight * (of_query + of_document) / 2;
    }
  }
  return losses;
}

class ContrastiveStepTest : public ::testing::Test {
 protected:
  ContrastiveStepTest() {
    options_.dim = 8;
    options_.sizes = {4, 8};
    options_.batch = kPairs;
    options_.temperature = 0.2F;
    Random random(3);
    vectors_.resize(kTokens, options_.dim);
    for (Eigen::Index i = 0; i < vectors_.size(); ++i) vectors_.data()[i] = random.Uniform() - 0.5F;
    for (auto* side : {&batch_.queries, &batch_.documents}) {
      for (Eigen::Index i = 0; i < kPairs; ++i) {
        const uint32_t token = random.Below(kTokens / 2);
        side->push_back({{token, 1.0F}, {token + 1 + random.Below(kTokens / 2), 1.7F}});
      }
    }
    batch_.sources = {1, 2, 3, 2, 4, 5, 5};
  }

  Doubles SumsOf(const std::vector<Bag>& bags) const {
    Doubles sums = Doubles::Zero(kPairs, options_.dim);
    for (size_t i = 0; i < bags.size(); ++i) {
      for (const auto& [token, weight] : bags[i]) {
        sums.row(static_cast<Eigen::Index>(i)) += double{weight} * vectors_.row(token).cast<double>();
      }
    }
    return sums;
  }

  TrainOptions options_;
  DenseMatrix vectors_;
  Batch batch_;
};

TEST_F(ContrastiveStepTest, LossAndGradientAreThoseOfTheDefinition) {
  ContrastiveStep step(options_);
  const double loss = step.Run(batch_, vectors_);
  Doubles sides[2] = {SumsOf(batch_.queries), SumsOf(batch_.documents)};
  EXPECT_NEAR(loss, ObviousLoss(sides[0], sides[1], batch_, options_).queries, 1e-5);
  constexpr double kStep = 1e-5;
  for (int s = 0; s < 2; ++s) {
    const DenseMatrix& gradient = s == 0 ? step.query_gradient() : step.document_gradient();
    for (Eigen::Index i = 0; i < sides[s].size(); ++i) {
      const Eigen::Index row = i / options_.dim, column = i % options_.dim;
      const double at = sides[s](row, column);
      sides[s](row, column) = at + kStep;
      const double above = ObviousLoss(sides[0], sides[1], batch_, options_).both;
      sides[s](row, column) = at - kStep;
      const double below = ObviousLoss(sides[0], sides[1], batch_, options_).both;
      sides[s](row, column) = at;
      EXPECT_NEAR(gradient(row, column), (above - below) / (2 * kStep), 1e-5) << s << " " << i;
    }
  }
}

TEST_F(ContrastiveStepTest, TheOptimiserMovesEachTokenByItsWholeGradient) {
  ContrastiveStep step(options_);
  step.Run(batch_, vectors_);
  DenseMatrix expected = vectors_;
  Doubles gradient = Doubles::Zero(kTokens, options_.dim);
  for (int s = 0; s < 2; ++s) {
    const std::vector<Bag>& bags = s == 0 ? batch_.queries : batch_.documents;
    const DenseMatrix& of_side = s == 0 ? step.query_gradient() : step.document_gradient();
    for (size_t i = 0; i < bags.size(); ++i) {
      for (const auto& [token, weight] : bags[i]) {
        gradient.row(token) += double{weight} * of_side.row(static_cast<Eigen::Index>(i)).cast<double>();
      }
    }
  }
  RowAdagrad optimiser(kTokens, 1);
  DenseMatrix moved = vectors_;
  optimiser.Apply(batch_, step.query_gradient(), step.document_gradient(), 0.1F, &moved);
  for (Eigen::Index token = 0; token < kTokens; ++token) {
    const double square = gradient.row(token).squaredNorm() / options_.dim;
    EXPECT_NEAR(optimiser.squares()[static_cast<size_t>(token)], square, 1e-5 * square + 1e-12);
    for (Eigen::Index j = 0; j < options_.dim; ++j) {
      const double change = square > 0 ? 0.1 * gradient(token, j) / (std::sqrt(square) + 1e-8) : 0;
      EXPECT_NEAR(moved(token, j), double{vectors_(token, j)} - change, 1e-5);
    }
  }
}

TEST(RateOfTest, RisesThenFallsToATwentieth) {
  TrainOptions options;
  options.steps = 1000;
  options.learning_rate = 1;
  EXPECT_FLOAT_EQ(RateOf(0, options), 0.01F);
  EXPECT_FLOAT_EQ(RateOf(99, options), 0.901F);
  EXPECT_FLOAT_EQ(RateOf(500, options), 0.5F);
  EXPECT_FLOAT_EQ(RateOf(999, options), 0.05F);
}

}  // namespace
}  // namespace dongxi::train
