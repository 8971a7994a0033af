#include "engine/embed/lsa.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>

#include "engine/base/crc32c.h"
#include "engine/embed/lsa_linear_algebra.h"
#include "engine/embed/stable_math.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

constexpr uint32_t kSeed = 20260117;

std::filesystem::path TempFile(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) /
         ("dongxi_lsa_" + std::to_string(::getpid()) + "_" + name);
}

void WriteBytes(const std::filesystem::path& file, std::string_view bytes) {
  std::filesystem::remove(file);  // faster than writing over it: some file systems sync then
  std::ofstream(file, std::ios::binary) << bytes;
}

// Three themes with words of their own and a few words that all share; each theme has two words for one thing
// that never stand in one text (土豆 and 马铃薯).
std::vector<EmbedInput> ToyCorpus(size_t documents) {
  const std::vector<std::vector<std::string>> kThemes = {
      {"育种", "脱毒", "种薯", "块茎", "晚疫病", "旱作", "垄作", "淀粉"},
      {"卤水", "吸附剂", "镁锂", "钾肥", "蒸发", "膜法", "解吸", "结晶"},
      {"机组", "叶片", "风沙", "并网", "变桨", "塔筒", "发电", "载荷"}};
  const std::vector<std::pair<std::string, std::string>> kTwins = {
      {"土豆", "马铃薯"}, {"盐湖", "咸水湖"}, {"风电", "风力机"}};
  const std::vector<std::string> kShared = {"研究", "技术", "应用", "分析"};
  std::mt19937 rng(kSeed);
  std::vector<EmbedInput> corpus;
  for (size_t i = 0; i < documents; ++i) {
    const size_t theme = i % kThemes.size();
    EmbedInput input;
    input.title = kShared[rng() % 4];
    input.text = (rng() % 2 == 0 ? kTwins[theme].first : kTwins[theme].second) + "，";
    for (int words = 0; words < 8; ++words)
      input.text += kThemes[theme][rng() % 8] + "，" + kShared[rng() % 4] + "，";
    corpus.push_back(input);
  }
  return corpus;
}

std::string TrainedBytes(const std::vector<EmbedInput>& corpus, LsaOptions options) {
  const std::filesystem::path file = TempFile("train");
  const auto summary = TrainLsa(corpus, *EmptyLexicon(), options, file);
  EXPECT_TRUE(summary.ok()) << summary.status();
  return *ReadFile(file, size_t{1} << 30);
}

std::unique_ptr<Embedder> Trained(const std::vector<EmbedInput>& corpus, LsaOptions options) {
  const std::filesystem::path file = TempFile("trained");
  WriteBytes(file, TrainedBytes(corpus, options));
  auto embedder = OpenLsaEmbedder(file, EmptyLexicon());
  EXPECT_TRUE(embedder.ok()) << embedder.status();
  return *std::move(embedder);
}

Matrix Embed(const Embedder& embedder, const std::vector<EmbedInput>& inputs) {
  const auto matrix = embedder.Embed(inputs, absl::InfiniteFuture());
  EXPECT_TRUE(matrix.ok()) << matrix.status();
  return *matrix;
}

double Dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
  return sum;
}

TEST(LsaTest, SynonymsThatNeverMeetComeCloserThanUnrelatedWords) {
  const auto embedder = Trained(ToyCorpus(300), {.dim = 3});
  const Matrix v = Embed(
      *embedder, {{"", "土豆"}, {"", "马铃薯"}, {"", "盐湖"}, {"", "咸水湖"}, {"", "风电"}, {"", "风力机"}});
  for (const size_t twin : {0u, 2u, 4u}) {
    for (size_t other = 0; other < v.rows(); ++other) {
      if (other == twin || other == twin + 1) continue;
      SCOPED_TRACE(testing::Message() << twin << " and " << other);
      EXPECT_GT(Dot(v.row(twin), v.row(twin + 1)), Dot(v.row(twin), v.row(other)) + 0.3);
    }
  }
}

TEST(LsaTest, VectorsHaveUnitLengthAndUnknownTextIsZero) {
  const auto embedder = Trained(ToyCorpus(100), {.dim = 16});
  const Matrix v = Embed(*embedder, {{"土豆", "种薯脱毒"}, {"", ""}, {"qqqq", "，！"}, {"技术", ""}});
  ASSERT_EQ(v.rows(), 4u);
  EXPECT_NEAR(Dot(v.row(0), v.row(0)), 1, 1e-6);
  EXPECT_EQ(Dot(v.row(1), v.row(1)), 0);
  EXPECT_EQ(Dot(v.row(2), v.row(2)), 0);
  EXPECT_NEAR(Dot(v.row(3), v.row(3)), 1, 1e-6);
}

TEST(LsaTest, TitleCountsTwice) {
  const auto embedder = Trained(ToyCorpus(100), {.dim = 16});
  const Matrix v = Embed(*embedder, {{"土豆", "风电"}, {"", "土豆。土豆。风电"}, {"", "土豆，风电"}});
  EXPECT_TRUE(std::ranges::equal(v.row(0), v.row(1)));
  EXPECT_FALSE(std::ranges::equal(v.row(0), v.row(2)));
}

TEST(LsaTest, SameBytesOnAnyNumberOfThreads) {
  const std::vector<EmbedInput> corpus = ToyCorpus(9'000);  // several chunks and blocks of rows
  const std::string one = TrainedBytes(corpus, {.dim = 24, .threads = 1});
  EXPECT_TRUE(one == TrainedBytes(corpus, {.dim = 24, .threads = 2}));
  EXPECT_TRUE(one == TrainedBytes(corpus, {.dim = 24, .threads = 5}));
}

TEST(LsaTest, EmbeddingDoesNotDependOnTheBatch) {
  const std::vector<EmbedInput> corpus = ToyCorpus(60);
  const auto embedder = Trained(corpus, {.dim = 16});
  const Matrix all = Embed(*embedder, corpus);
  for (size_t i = 0; i < corpus.size(); ++i) {
    ASSERT_TRUE(std::ranges::equal(Embed(*embedder, {corpus[i]}).row(0), all.row(i))) << i;
  }
}

TEST(LsaTest, ModelIdNamesDimensionAndContent) {
  const std::filesystem::path file = TempFile("id");
  const auto summary = TrainLsa(ToyCorpus(50), *EmptyLexicon(), {.dim = 16}, file);
  ASSERT_TRUE(summary.ok());
  const auto embedder = OpenLsaEmbedder(file, EmptyLexicon());
  ASSERT_TRUE(embedder.ok());
  char want[32];
  std::snprintf(want, sizeof(want), "lsa-16-%08x", summary->crc32c);
  EXPECT_EQ((*embedder)->model_id(), want);
  EXPECT_NE(Trained(ToyCorpus(51), {.dim = 16})->model_id(), want);
}

TEST(LsaTest, SmallCorpusHasFewerDimensions) {
  EXPECT_EQ(Trained({{"盐湖提锂", ""}}, {})->dim(), 1);
  EXPECT_EQ(Trained({{"盐湖提锂", ""}, {"马铃薯育种", ""}}, {.df_min = 1})->dim(), 2);
  EXPECT_EQ(Trained({{"盐湖提锂", ""}, {"盐湖提锂", ""}}, {})->dim(), 1);  // twice the same: one direction
  EXPECT_LE(Trained(ToyCorpus(20), {})->dim(), 20);
  const std::vector<EmbedInput> some_empty = {{"", ""}, {"盐湖", ""}, {"", "盐湖"}};
  EXPECT_EQ(Trained(some_empty, {})->dim(), 1);
}

TEST(LsaTest, LargeCorpusIsSampledEvenly) {
  std::vector<EmbedInput> corpus = ToyCorpus(100);
  std::vector<EmbedInput> sample;
  for (size_t i = 0; i < 40; ++i) sample.push_back(corpus[i * 100 / 40]);
  EXPECT_TRUE(TrainedBytes(corpus, {.dim = 8, .documents_max = 40}) == TrainedBytes(sample, {.dim = 8}));
}

TEST(LsaTest, Errors) {
  const std::filesystem::path file = TempFile("errors");
  std::filesystem::remove(file);
  const auto code = [&](const std::vector<EmbedInput>& corpus, const LsaOptions& options) {
    return TrainLsa(corpus, *EmptyLexicon(), options, file).status().code();
  };
  EXPECT_EQ(code({}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{"", "，"}}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(ToyCorpus(10), {.dim = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(ToyCorpus(10), {.dim = 4097}), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(file));
  const auto embedder = Trained(ToyCorpus(10), {.dim = 4});
  const std::vector<EmbedInput> one = {{"盐湖", ""}};
  EXPECT_EQ(embedder->Embed(one, absl::InfinitePast()).status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(LsaTest, StopsAtEveryStepWhenCancelledAndLeavesNoFile) {
  const std::filesystem::path file = TempFile("cancelled");
  const std::vector<EmbedInput> corpus = ToyCorpus(200);
  for (int step = 1;; ++step) {
    ASSERT_LT(step, 100);
    std::filesystem::remove(file);
    int asked = 0;
    double last_share = 0;
    LsaOptions options{.dim = 8};
    options.cancelled = [&] { return ++asked == step; };
    options.progress = [&](double share) {
      EXPECT_GE(share, last_share);
      last_share = share;
    };
    const auto summary = TrainLsa(corpus, *EmptyLexicon(), options, file);
    if (summary.ok()) {
      EXPECT_EQ(last_share, 1.0);
      EXPECT_GT(step, 5);
      break;
    }
    ASSERT_EQ(summary.status().code(), absl::StatusCode::kCancelled);
    ASSERT_FALSE(std::filesystem::exists(file));
  }
}

TEST(LsaTest, LexiconConceptsJoinSynonymsAndTheLexiconMustBeTheSame) {
  const auto lexicon = *ParseLexicon("test.tsv", "马铃薯\tpotato\n");
  const std::filesystem::path file = TempFile("lexicon");
  ASSERT_TRUE(TrainLsa(ToyCorpus(100), *lexicon, {.dim = 8}, file).ok());
  const auto embedder = OpenLsaEmbedder(file, lexicon);
  ASSERT_TRUE(embedder.ok()) << embedder.status();
  const Matrix v = Embed(**embedder, {{"Potato", ""}, {"马铃薯", ""}});
  EXPECT_GT(Dot(v.row(0), v.row(1)), 0.9);
  const absl::Status other = OpenLsaEmbedder(file, EmptyLexicon()).status();
  EXPECT_EQ(other.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(other.message()), HasSubstr("lexicon"));
}

// The worked example of docs/format/lsa-model.md: two terms, two dimensions.
constexpr char kFixture[] = "tests/engine/embed/fixtures/lsa-v1.dxls";

TEST(LsaFileTest, Version1FixtureIsRead) {
  const auto embedder = OpenLsaEmbedder(kFixture, EmptyLexicon());
  ASSERT_TRUE(embedder.ok()) << embedder.status();
  const Matrix v = Embed(**embedder, {{"li", ""}, {"", "盐"}, {"", "盐 li"}});
  EXPECT_THAT(v.values, testing::ElementsAre(1, 0, 0, -1, testing::FloatNear(0.894427F, 1e-6F),
                                             testing::FloatNear(-0.447214F, 1e-6F)));
}

absl::Status Exercise(const std::filesystem::path& file, std::string_view bytes) {
  WriteBytes(file, bytes);
  const auto embedder = OpenLsaEmbedder(file, EmptyLexicon());
  if (!embedder.ok()) return embedder.status();
  const auto matrix = (*embedder)->Embed(ToyCorpus(3), absl::InfiniteFuture());
  return matrix.status();
}

// With the checksum made right again, so that the checks behind it are reached.
std::string WithValidCrc(std::string bytes) {
  const uint32_t crc = Crc32c(std::string_view(bytes).substr(12));
  std::memcpy(bytes.data() + 8, &crc, sizeof(crc));
  return bytes;
}

TEST(LsaDamageTest, EveryPrefixIsRefused) {
  const std::string whole = TrainedBytes(ToyCorpus(6), {.dim = 3, .vocabulary_max = 20});
  ASSERT_TRUE(Exercise(TempFile("damage"), whole).ok());
  for (size_t size = 0; size < whole.size(); ++size) {
    ASSERT_EQ(Exercise(TempFile("damage"), whole.substr(0, size)).code(), absl::StatusCode::kDataLoss)
        << size;
    if (size < 16) continue;
    ASSERT_EQ(Exercise(TempFile("damage"), WithValidCrc(whole.substr(0, size))).code(),
              absl::StatusCode::kDataLoss);
  }
}

TEST(LsaDamageTest, EveryFlippedBitIsRefusedByTheChecksumAndHarmlessWithoutIt) {
  const std::string whole = TrainedBytes(ToyCorpus(6), {.dim = 3, .vocabulary_max = 20});
  for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
    SCOPED_TRACE(testing::Message() << "bit " << bit);
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_FALSE(Exercise(TempFile("damage"), bytes).ok());
    (void)Exercise(TempFile("damage"), WithValidCrc(bytes));
  }
}

TEST(StableLogTest, IsTheLogarithm) {
  std::mt19937_64 rng(kSeed);
  EXPECT_EQ(StableLog(1), 0);
  for (int i = 0; i < 100'000; ++i) {
    const double x =
        std::ldexp(1 + static_cast<double>(rng() >> 11) * 0x1p-53, static_cast<int>(rng() % 200) - 100);
    ASSERT_NEAR(StableLog(x), std::log(x), 2e-15 * std::max(1.0, std::abs(std::log(x)))) << x;
  }
}

TEST(LeftSingularVectorsTest, EqualThoseOfADenseSvd) {
  // Singular values 10, 9, ... 1 between random bases.
  lsa::DenseMatrix left = lsa::RandomMatrix(5000, 10, 1);
  lsa::DenseMatrix right = lsa::RandomMatrix(10, 10, 1);
  lsa::Orthonormalise(&left, 1);
  lsa::Orthonormalise(&right, 1);
  const Eigen::VectorXf values = Eigen::VectorXf::LinSpaced(10, 10, 1);
  const lsa::DenseMatrix w = left * values.asDiagonal() * right.transpose();
  const lsa::DenseMatrix got = lsa::LeftSingularVectors(w, 6, 2);
  ASSERT_EQ(got.cols(), 6);
  const lsa::DenseMatrix cosines = got.transpose() * left.leftCols(6);
  EXPECT_LT((cosines.cwiseAbs() - lsa::DenseMatrix::Identity(6, 6)).cwiseAbs().maxCoeff(), 1e-4);
}

TEST(LeftSingularVectorsTest, LeavesOutWhatIsOnlyRoundingNoise) {
  lsa::DenseMatrix w = lsa::RandomMatrix(100, 4, 1);
  w.col(3) = w.col(0) + w.col(1);
  EXPECT_EQ(lsa::LeftSingularVectors(w, 4, 1).cols(), 3);
}

TEST(OrthonormaliseTest, KeepsTheSpaceEvenWithoutFullRank) {
  std::mt19937 rng(kSeed);
  for (const Eigen::Index rows : {3, 50, 9000}) {
    lsa::DenseMatrix matrix = lsa::RandomMatrix(static_cast<size_t>(rows), 3, 1);
    matrix.col(2) = matrix.col(0) * 2;
    const lsa::DenseMatrix before = matrix;
    lsa::Orthonormalise(&matrix, 2);
    EXPECT_LT((matrix.transpose() * matrix - lsa::DenseMatrix::Identity(3, 3)).cwiseAbs().maxCoeff(), 1e-5)
        << rows;
    const lsa::DenseMatrix projected = matrix * (matrix.transpose() * before);
    EXPECT_LT((projected - before).cwiseAbs().maxCoeff(), 1e-4) << rows;
  }
}

}  // namespace
}  // namespace dongxi
