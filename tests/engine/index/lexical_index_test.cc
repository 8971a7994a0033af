#include "engine/index/lexical_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>

#include "engine/base/crc32c.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

using Document = std::vector<std::pair<std::string, uint32_t>>;

constexpr uint32_t kSeed = 20260117;

std::filesystem::path TempFile(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) /
         ("dongxi_lexical_" + std::to_string(::getpid()) + "_" + name);
}

void WriteBytes(const std::filesystem::path& file, std::string_view bytes) {
  std::filesystem::remove(file);  // faster than writing over it: some file systems sync then
  std::ofstream(file, std::ios::binary) << bytes;
}

std::string BytesOf(const std::vector<Document>& documents, Bm25Parameters parameters) {
  const auto builder = LexicalIndexBuilder::Create(parameters);
  for (const Document& document : documents) builder->Add(document);
  const std::filesystem::path file = TempFile("build");
  const auto summary = builder->Write(file);
  EXPECT_TRUE(summary.ok()) << summary.status();
  std::string bytes = *ReadFile(file, size_t{1} << 30);
  EXPECT_EQ(summary->bytes, bytes.size());
  EXPECT_EQ(summary->crc32c, Crc32c(bytes));
  std::filesystem::remove(file);
  return bytes;
}

std::unique_ptr<LexicalIndex> Fast(std::vector<Document> documents, Bm25Parameters parameters) {
  const std::filesystem::path file = TempFile("fast");
  WriteBytes(file, BytesOf(documents, parameters));
  auto index = OpenLexicalIndex(file);
  EXPECT_TRUE(index.ok()) << index.status();
  std::filesystem::remove(file);  // the map stays
  return *std::move(index);
}

// Both implementations keep the contract.
class LexicalIndexContract : public testing::TestWithParam<decltype(&Fast)> {};

TEST_P(LexicalIndexContract, ScoresByTheFormula) {
  const auto index = GetParam()({{{"盐", 2}, {"湖", 1}}, {{"盐", 1}}, {{"锂", 4}}}, {.k1 = 1.2, .b = 0.3});
  ASSERT_EQ(index->documents(), 3u);
  ASSERT_EQ(index->vocabulary(), 3u);
  EXPECT_EQ(index->document_frequency("盐"), 2u);
  EXPECT_EQ(index->document_frequency("钾"), 0u);
  const double idf = std::log(1 + 1.5 / 2.5);
  EXPECT_NEAR(index->Idf("盐"), idf, 1e-12);
  EXPECT_NEAR(index->Idf("钾"), std::log(1 + 3.5 / 0.5), 1e-12);
  // Mean length 8/3, document 0 has length 3.
  const double want = idf * 2 * 2.2 / (2 + 1.2 * (0.7 + 0.3 * 3 / (8.0 / 3)));
  EXPECT_NEAR(index->TermScore("盐", 0), want, 1e-6);
  const std::vector<WeightedTerm> query = {{"盐", 2.0F}, {"钾", 1.0F}};
  const auto scores = index->Score(query, nullptr);
  ASSERT_TRUE(scores.ok()) << scores.status();
  ASSERT_EQ(scores->scores.size(), 3u);
  EXPECT_NEAR(scores->scores[0], 2 * want, 1e-6);
  EXPECT_EQ(scores->scores[2], 0);
  EXPECT_NEAR(scores->mean, (scores->scores[0] + scores->scores[1]) / 3, 1e-6);
}

TEST_P(LexicalIndexContract, EqualScoresHaveNoDeviation) {
  const auto index = GetParam()({{{"盐", 1}}, {{"盐", 1}}, {{"盐", 1}}}, {});
  const std::vector<WeightedTerm> query = {{"盐", 0.1F}};
  EXPECT_EQ(index->Score(query, nullptr)->deviation, 0);
  EXPECT_GT(index->Score(query, nullptr)->mean, 0);
}

TEST_P(LexicalIndexContract, EmptyCollectionAndEmptyDocuments) {
  const std::vector<WeightedTerm> query = {{"盐", 1.0F}};
  EXPECT_TRUE(GetParam()({}, {})->Score(query, nullptr)->scores.empty());
  const auto index = GetParam()({{}, {{"盐", 1}}, {}}, {});
  EXPECT_EQ(index->documents(), 3u);
  EXPECT_GT(index->Score(query, nullptr)->scores[1], 0);
  EXPECT_EQ(index->Score({}, nullptr)->deviation, 0);
  EXPECT_EQ(GetParam()({{}, {}}, {})->Score(query, nullptr)->mean, 0);
}

TEST_P(LexicalIndexContract, FrequenciesAreCappedAndRepeatedTermsSummed) {
  const auto index = GetParam()({{{"a", 1000}, {"b", 200}, {"b", 100}, {"c", 1}, {"c", 2}, {"d", 0}}}, {});
  EXPECT_EQ(index->TermFrequency("a", 0), kTermFrequencyMax);
  EXPECT_EQ(index->TermFrequency("b", 0), kTermFrequencyMax);
  EXPECT_EQ(index->TermFrequency("c", 0), 3u);
  EXPECT_EQ(index->document_frequency("c"), 1u);
  EXPECT_EQ(index->document_frequency("d"), 0u);
  EXPECT_EQ(index->TermFrequency("a", 1), 0u);
  EXPECT_EQ(index->TermScore("x", 0), 0);
}

TEST_P(LexicalIndexContract, StopsWhenCancelled) {
  const auto index = GetParam()({{{"盐", 1}}}, {});
  const std::vector<WeightedTerm> query = {{"盐", 1.0F}};
  EXPECT_EQ(index->Score(query, [] { return true; }).status().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(index->Score(query, [] { return false; }).ok());
}

INSTANTIATE_TEST_SUITE_P(All, LexicalIndexContract, testing::Values(&Fast, &NewExactLexicalIndex),
                         [](const auto& info) { return info.index == 0 ? "Fast" : "Exact"; });

TEST(LexicalIndexTest, AsksForCancellationEvery50000Postings) {
  constexpr int kDocuments = 120'000;
  const auto builder = LexicalIndexBuilder::Create({});
  for (int i = 0; i < kDocuments; ++i) builder->Add(Document{{"盐", 1}});
  const std::filesystem::path file = TempFile("cancel");
  ASSERT_TRUE(builder->Write(file).ok());
  const auto index = OpenLexicalIndex(file);
  ASSERT_TRUE(index.ok()) << index.status();
  int asked = 0;
  const std::vector<WeightedTerm> query = {{"盐", 1.0F}};
  const auto cancel_third = [&asked] { return ++asked == 3; };
  EXPECT_EQ((*index)->Score(query, cancel_third).status().code(), absl::StatusCode::kCancelled);
}

// A number in [0, bound).
uint32_t Draw(std::mt19937& rng, uint32_t bound) { return static_cast<uint32_t>(rng()) % bound; }

std::string RandomTerm(std::mt19937& rng, uint32_t vocabulary) {
  // A few bytes, with zeros and high bytes, so that byte order matters.
  const uint32_t number = Draw(rng, vocabulary);
  return std::string(1, static_cast<char>(number * 37)) + std::string(number % 3, static_cast<char>(number));
}

std::vector<Document> RandomDocuments(std::mt19937& rng) {
  std::vector<Document> documents(Draw(rng, 400));
  const uint32_t vocabulary = 1 + Draw(rng, 200);
  for (Document& document : documents) {
    for (uint32_t terms = Draw(rng, 30); terms > 0; --terms) {
      const uint32_t frequency =
          Draw(rng, 20) == 0 ? Draw(rng, 2000) : Draw(rng, 4);  // zeros and over the cap too
      document.emplace_back(RandomTerm(rng, vocabulary), frequency);
    }
  }
  return documents;
}

std::vector<WeightedTerm> RandomQuery(std::mt19937& rng) {
  std::vector<WeightedTerm> query;
  for (uint32_t terms = Draw(rng, 12); terms > 0; --terms) {
    query.push_back({RandomTerm(rng, 220), static_cast<float>(Draw(rng, 5)) / 2});
  }
  return query;
}

double Tolerance(double value) { return 1e-4 * std::abs(value) + 1e-7; }

TEST(LexicalIndexTest, FastEqualsExact) {
  std::mt19937 rng(kSeed);
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    const std::vector<Document> documents = RandomDocuments(rng);
    const Bm25Parameters parameters{.k1 = Draw(rng, 5) * 0.5, .b = Draw(rng, 5) * 0.25};
    const auto fast = Fast(documents, parameters);
    const auto exact = NewExactLexicalIndex(documents, parameters);
    ASSERT_EQ(fast->documents(), exact->documents());
    ASSERT_EQ(fast->vocabulary(), exact->vocabulary());
    const std::vector<WeightedTerm> query = RandomQuery(rng);
    const auto got = fast->Score(query, nullptr);
    const auto want = exact->Score(query, nullptr);
    ASSERT_TRUE(got.ok()) << got.status();
    ASSERT_EQ(got->scores.size(), want->scores.size());
    for (size_t doc = 0; doc < got->scores.size(); ++doc) {
      ASSERT_NEAR(got->scores[doc], want->scores[doc], Tolerance(want->scores[doc])) << doc;
    }
    ASSERT_NEAR(got->mean, want->mean, Tolerance(want->mean));
    ASSERT_NEAR(got->deviation, want->deviation, Tolerance(want->deviation));
    ASSERT_NEAR(got->ceiling, want->ceiling, Tolerance(want->ceiling));
    for (const WeightedTerm& term : query) {
      ASSERT_EQ(fast->document_frequency(term.term), exact->document_frequency(term.term));
      ASSERT_NEAR(fast->Idf(term.term), exact->Idf(term.term), 1e-12);
      const auto doc = Draw(rng, 400);
      ASSERT_EQ(fast->TermFrequency(term.term, doc), exact->TermFrequency(term.term, doc));
      ASSERT_NEAR(fast->TermScore(term.term, doc), exact->TermScore(term.term, doc),
                  Tolerance(exact->TermScore(term.term, doc)));
    }
  }
}

TEST(LexicalIndexTest, EqualDocumentsTieBitForBitAndTermScoreIsWhatScoreAdds) {
  std::mt19937 rng(kSeed);
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    std::vector<Document> documents = RandomDocuments(rng);
    const size_t half = documents.size();
    for (size_t i = 0; i < half; ++i) documents.push_back(documents[i]);
    const auto index = Fast(documents, {});
    const std::vector<WeightedTerm> query = RandomQuery(rng);
    const auto scores = index->Score(query, nullptr);
    for (size_t doc = 0; doc < half; ++doc) ASSERT_EQ(scores->scores[doc], scores->scores[doc + half]);
    const WeightedTerm one{RandomTerm(rng, 200), 1.0F};
    const auto parts = index->Score({&one, 1}, nullptr);
    for (size_t doc = 0; doc < half; ++doc) {
      ASSERT_EQ(parts->scores[doc], static_cast<float>(index->TermScore(one.term, static_cast<DocId>(doc))));
    }
  }
}

std::vector<Document> SmallDocuments() {
  std::vector<Document> documents = {{{"盐", 2}, {"湖", 1}}, {}, {{"盐", 300}, {"li", 1}}};
  documents.resize(200);
  documents[199] = {{"盐", 1}, {"锂", 3}};
  return documents;
}

// The oracle raises idf with std::pow; the index by square roots.
TEST(LexicalIndexFileTest, IdfPowersEqualTheFormula) {
  const auto fast = Fast(SmallDocuments(), {});
  const auto exact = NewExactLexicalIndex(SmallDocuments(), {});
  const std::vector<WeightedTerm> query = {{"盐", 1.0F}, {"锂", 0.5F}, {"unknown", 1.0F}};
  for (int quarters = 0; quarters <= 12; ++quarters) {
    SCOPED_TRACE(quarters);
    const auto got = fast->Score(query, nullptr, quarters);
    const auto want = exact->Score(query, nullptr, quarters);
    ASSERT_TRUE(got.ok() && want.ok());
    EXPECT_NEAR(got->ceiling, want->ceiling, 1e-4 * want->ceiling);
    for (const size_t doc : {size_t{0}, size_t{1}, size_t{2}, size_t{199}}) {
      EXPECT_NEAR(got->scores[doc], want->scores[doc], 1e-4 * (1 + want->scores[doc])) << doc;
    }
  }
}

TEST(LexicalIndexFileTest, DocumentsWithoutTermsDoNotCount) {
  std::vector<Document> documents = {{{"盐", 2}}, {{"湖", 1}}, {{"盐", 1}, {"湖", 3}}};
  const std::vector<WeightedTerm> query = {{"盐", 1.0F}};
  const auto before = Fast(documents, {})->Score(query, nullptr);
  documents.resize(50);
  const auto after = Fast(documents, {})->Score(query, nullptr);
  ASSERT_TRUE(before.ok() && after.ok());
  for (size_t doc = 0; doc < 3; ++doc) EXPECT_EQ(before->scores[doc], after->scores[doc]);
  EXPECT_EQ(before->mean, after->mean);
  EXPECT_EQ(before->deviation, after->deviation);
}

TEST(LexicalIndexFileTest, SameDocumentsSameBytesInAnyOrderOfTerms) {
  std::vector<Document> other = SmallDocuments();
  for (Document& document : other) std::reverse(document.begin(), document.end());
  EXPECT_EQ(BytesOf(SmallDocuments(), {}), BytesOf(other, {}));
}

TEST(LexicalIndexFileTest, Version1FixtureIsReadAndWrittenAgain) {
  // The worked example of docs/format/postings.md, written by hand.
  const std::string fixture = "tests/engine/index/fixtures/postings-v1.dxpi";
  EXPECT_EQ(BytesOf(SmallDocuments(), {.k1 = 1.2, .b = 0.3}), *ReadFile(fixture, 1 << 20));
  const auto index = OpenLexicalIndex(fixture);
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_EQ((*index)->documents(), 200u);
  EXPECT_EQ((*index)->TermFrequency("盐", 2), 255u);
  EXPECT_EQ((*index)->TermFrequency("锂", 199), 3u);
}

// Opens `bytes` and asks all questions: nothing may crash, whatever the answers are.
absl::Status Exercise(const std::filesystem::path& file, std::string_view bytes) {
  WriteBytes(file, bytes);
  const auto index = OpenLexicalIndex(file);
  if (!index.ok()) return index.status();
  const std::vector<WeightedTerm> query = {{"盐", 1.0F}, {"湖", 1.0F}, {"锂", 1.0F}, {"li", 1.0F}};
  for (const WeightedTerm& term : query) {
    for (const DocId doc : {0u, 2u, 199u, 200u}) {
      EXPECT_TRUE(std::isfinite((*index)->TermScore(term.term, doc)));
    }
  }
  const auto scores = (*index)->Score(query, nullptr);
  EXPECT_TRUE(!scores.ok() || scores->scores.size() == (*index)->documents());
  return scores.status();
}

TEST(LexicalIndexDamageTest, EveryPrefixIsRefused) {
  const std::string whole = BytesOf(SmallDocuments(), {});
  ASSERT_TRUE(Exercise(TempFile("damage"), whole).ok());
  for (size_t size = 0; size < whole.size(); ++size) {
    ASSERT_EQ(Exercise(TempFile("damage"), whole.substr(0, size)).code(), absl::StatusCode::kDataLoss)
        << size;
  }
  EXPECT_EQ(Exercise(TempFile("damage"), whole + "x").code(), absl::StatusCode::kDataLoss);
}

TEST(LexicalIndexDamageTest, EveryFlippedBitGivesAnErrorOrAValidIndex) {
  const std::string whole = BytesOf(SmallDocuments(), {});
  for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
    SCOPED_TRACE(testing::Message() << "bit " << bit);
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    const absl::Status status = Exercise(TempFile("damage"), bytes);
    ASSERT_TRUE(bit >= 64 * 8 || !status.ok());  // the header has its own checksum
  }
}

TEST(LexicalIndexDamageTest, RandomBytesWithAValidHeaderDoNotCrash) {
  std::mt19937 rng(kSeed);
  const std::string whole = BytesOf(SmallDocuments(), {});
  for (int round = 0; round < 5'000; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    std::string bytes = whole;
    const size_t from = 64 + rng() % (bytes.size() - 64);
    const size_t to = std::min(bytes.size(), from + 1 + Draw(rng, 16));
    for (size_t i = from; i < to; ++i) bytes[i] = static_cast<char>(rng());
    (void)Exercise(TempFile("damage"), bytes);
  }
}

TEST(LexicalIndexDamageTest, ErrorsSayWhatAndWhatToDo) {
  const std::string whole = BytesOf(SmallDocuments(), {});
  std::string other_version = whole;
  other_version[4] = 9;
  const absl::Status version = Exercise(TempFile("damage"), other_version);
  EXPECT_EQ(version.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(version.message()), HasSubstr("format 9, this program reads 1"));
  const absl::Status magic = Exercise(TempFile("damage"), "XXXX" + whole.substr(4));
  EXPECT_THAT(std::string(magic.message()), HasSubstr("not a postings file"));
  EXPECT_EQ(OpenLexicalIndex(TempFile("absent")).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace dongxi
