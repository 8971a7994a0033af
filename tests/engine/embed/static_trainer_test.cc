#include "engine/embed/train/static_trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "tests/engine/embed/training_corpus.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ToyCorpus;
using testing::ToyOptions;

class StaticTrainerTest : public ::testing::Test {
 protected:
  StaticTrainerTest()
      : file_(std::filesystem::path(::testing::TempDir()) /
              ("dongxi_trainer_" + std::to_string(::getpid()) + "_" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {}
  ~StaticTrainerTest() override { std::filesystem::remove(file_); }

  // Stops before step `step`.
  absl::Status TrainUntil(uint32_t step, TrainOptions options) const {
    bool stop = false;
    options.progress = [&stop, step](const TrainProgress& progress) {
      stop = progress.stage == "train" && progress.done == step;
    };
    options.cancelled = [&stop] { return stop; };
    return TrainStaticModel(ToyCorpus(120), options).status();
  }

  const std::filesystem::path file_;
};

TokenVectors Train(const TrainOptions& options, uint32_t texts = 120) {
  const absl::StatusOr<TokenVectors> model = TrainStaticModel(ToyCorpus(texts), options);
  EXPECT_TRUE(model.ok()) << model.status();
  return model.value_or(TokenVectors{});
}

std::span<const float> RowOf(const TokenVectors& model, const std::string& token) {
  const auto dim = static_cast<size_t>(model.dim);
  const auto found = std::find(model.tokens.begin(), model.tokens.end(), token);
  EXPECT_NE(found, model.tokens.end()) << token;
  return std::span(model.vectors).subspan(static_cast<size_t>(found - model.tokens.begin()) * dim, dim);
}

double Cosine(std::span<const float> a, std::span<const float> b) {
  double product = 0, squares_a = 0, squares_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    product += double{a[i]} * b[i];
    squares_a += double{a[i]} * a[i];
    squares_b += double{b[i]} * b[i];
  }
  return product / std::sqrt(squares_a * squares_b);
}

TEST_F(StaticTrainerTest, SameBitsOnAnyNumberOfThreads) {
  TrainOptions options = ToyOptions();
  const TokenVectors one = Train(options);
  for (const int threads : {2, 5}) {
    options.threads = threads;
    const TokenVectors more = Train(options);
    EXPECT_EQ(more.tokens, one.tokens);
    EXPECT_EQ(more.vectors, one.vectors) << threads;
  }
}

TEST_F(StaticTrainerTest, AnotherSeedGivesOtherVectors) {
  TrainOptions options = ToyOptions();
  const TokenVectors one = Train(options);
  options.seed = 1;
  EXPECT_NE(Train(options).vectors, one.vectors);
}

TEST_F(StaticTrainerTest, AnInterruptedRunGoesOnToTheSameBits) {
  TrainOptions options = ToyOptions();
  const TokenVectors whole = Train(options);
  options.checkpoint = file_;
  options.checkpoint_interval = 9;
  for (const uint32_t step : {5U, 21U, 30U}) {
    EXPECT_TRUE(absl::IsCancelled(TrainUntil(step, options)));
    EXPECT_TRUE(std::filesystem::exists(file_));
    options.threads = 3 - options.threads;
  }
  EXPECT_EQ(Train(options).vectors, whole.vectors);
  EXPECT_EQ(Train(options).vectors, whole.vectors) << "from the state of the end";
}

TEST_F(StaticTrainerTest, RefusesTheCheckpointOfAnotherTraining) {
  TrainOptions options = ToyOptions();
  options.checkpoint = file_;
  ASSERT_TRUE(absl::IsCancelled(TrainUntil(5, options)));
  options.learning_rate *= 2;
  const absl::Status status = TrainStaticModel(ToyCorpus(120), options).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(file_.string()));
}

TEST_F(StaticTrainerTest, RefusesADamagedCheckpoint) {
  TrainOptions options = ToyOptions();
  options.checkpoint = file_;
  ASSERT_TRUE(absl::IsCancelled(TrainUntil(5, options)));
  std::fstream(file_, std::ios::in | std::ios::out | std::ios::binary).seekp(1000).put('\x7F').put('\x7F');
  EXPECT_TRUE(absl::IsDataLoss(TrainStaticModel(ToyCorpus(120), options).status()));
  std::filesystem::resize_file(file_, 10);
  EXPECT_TRUE(absl::IsDataLoss(TrainStaticModel(ToyCorpus(120), options).status()));
}

TEST_F(StaticTrainerTest, LossFallsAndSynonymsComeCloser) {
  TrainOptions options = ToyOptions();
  options.steps = 1;
  const TokenVectors start = Train(options);
  options.steps = 120;
  double first = 0, last = 0;
  options.progress = [&](const TrainProgress& progress) {
    if (progress.stage != "train") return;
    if (progress.done == 1) first = progress.loss;
    last = progress.loss;
  };
  const TokenVectors trained = Train(options);
  EXPECT_LT(last, 0.8 * first);
  const auto twins = [](const TokenVectors& model) {
    return Cosine(RowOf(model, testing::kTwin), RowOf(model, testing::kOtherTwin));
  };
  EXPECT_GT(twins(trained), twins(start) + 0.3);
}

TEST_F(StaticTrainerTest, TextsOfOneTopicAreCloserInEverySize) {
  TrainOptions options = ToyOptions();
  options.steps = 120;
  const TokenVectors model = Train(options);
  for (const int size : model.sizes) {
    const auto head = [&](const std::string& token) {
      return RowOf(model, token).first(static_cast<size_t>(size));
    };
    EXPECT_GT(Cosine(head("t2w1"), head("t2w2")), Cosine(head("t2w1"), head("t3w2")) + 0.2) << size;
  }
}

TEST_F(StaticTrainerTest, GoesOnFromAModelAndKeepsItsTokens) {
  const TokenVectors base = Train(ToyOptions());
  ASSERT_TRUE(WriteStaticModel(base, file_).ok());
  TrainOptions options = ToyOptions();
  options.initial = *StaticModel::Open(file_);
  options.df_min = 1;  // so that the words of single sentences are new tokens
  options.steps = 1;
  options.learning_rate = 1e-6F;
  const TokenVectors more = Train(options);
  EXPECT_GT(more.tokens.size(), base.tokens.size());
  for (const std::string& token : base.tokens) {
    EXPECT_GT(Cosine(RowOf(base, token), RowOf(more, token)), 0.999) << token;
  }
  // A new word points where the words of its sentence point.
  EXPECT_GT(Cosine(RowOf(more, "p2x0x0"), RowOf(more, "t2w1")),
            Cosine(RowOf(more, "p2x0x0"), RowOf(more, "t4w1")));
  options.dim = 8;
  options.sizes = {4, 8};
  EXPECT_TRUE(absl::IsInvalidArgument(TrainStaticModel(ToyCorpus(120), options).status()));
}

TEST_F(StaticTrainerTest, RefusesOptionsOutOfRange) {
  struct Case {
    const char* name;
    std::function<void(TrainOptions&)> change;
  };
  const Case kCases[] = {
      {"dim", [](TrainOptions& o) { o.dim = 0; }},
      {"sizes",
       [](TrainOptions& o) {
         o.sizes = {8, 4, 16};
       }},
      {"sizes",
       [](TrainOptions& o) {
         o.sizes = {4, 8};
       }},
      {"batch", [](TrainOptions& o) { o.batch = 1; }},
      {"steps", [](TrainOptions& o) { o.steps = 0; }},
      {"learning_rate", [](TrainOptions& o) { o.learning_rate = NAN; }},
      {"temperature", [](TrainOptions& o) { o.temperature = 0.001F; }},
      {"hard_share", [](TrainOptions& o) { o.hard_share = 1.5F; }},
      {"sentence_rest", [](TrainOptions& o) { o.shares[2] = -1; }},
      {"no training pair", [](TrainOptions& o) { o.shares = {}; }},
      {"no token", [](TrainOptions& o) { o.df_min = 100'000; }},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    TrainOptions options = ToyOptions();
    c.change(options);
    const absl::Status status = TrainStaticModel(ToyCorpus(24), options).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.name));
  }
}

TEST_F(StaticTrainerTest, RefusesAGroupOfAMissingText) {
  TrainingCorpus corpus = ToyCorpus(24);
  corpus.same_owner.push_back({1, 24});
  EXPECT_TRUE(absl::IsInvalidArgument(TrainStaticModel(std::move(corpus), ToyOptions()).status()));
}

TEST(SplitSentencesTest, KeepsMarksAndLosesNothing) {
  EXPECT_THAT(SplitSentences("甲。乙；丙!"), ElementsAre("甲。", "乙；", "丙!"));
  EXPECT_THAT(SplitSentences("无标点"), ElementsAre("无标点"));
  EXPECT_THAT(SplitSentences("a;b"), ElementsAre("a;", "b"));
  EXPECT_THAT(SplitSentences(""), ElementsAre());
}

TEST(LexiconPairsTest, PairsNamesAndRelations) {
  const auto lexicon = ParseLexicon("l.tsv", "青稞\t裸大麦\t元麦\t<大麦\n大麦\t~青稞\n");
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  std::vector<std::string> pairs;
  for (const TrainingPair& pair : LexiconPairs(**lexicon)) pairs.push_back(pair.query + "=" + pair.document);
  EXPECT_THAT(pairs, ElementsAre("青稞=裸大麦", "青稞=元麦", "裸大麦=元麦", "青稞=大麦", "大麦=青稞"));
}

}  // namespace
}  // namespace dongxi
