// Generations written by released versions still open, or are refused with the remedy where their format is
// no longer read: tests/fixtures/generation-v<format version>.
#include <algorithm>

#include "engine/index/generation.h"
#include "gmock/gmock.h"
#include "tests/indexer/build/fixture_records.h"

namespace dongxi {
namespace {

TEST(GenerationFixtureTest, FormatVersion1IsRefusedAndTheRemedyNamed) {
  const std::filesystem::path generations = "tests/fixtures/generation-v1";
  const absl::StatusOr<std::string> current = ReadCurrent(generations);
  ASSERT_TRUE(current.ok()) << current.status();
  const auto generation = OpenGeneration(generations / *current, nullptr);
  EXPECT_EQ(generation.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(generation.status().message()),
              ::testing::HasSubstr("rebuild with dongxi-indexer build"));
}

TEST(GenerationFixtureTest, FormatVersion2OpensVerifiesAndAnswers) {
  const std::filesystem::path generations = "tests/fixtures/generation-v2";
  const absl::StatusOr<std::string> current = ReadCurrent(generations);
  ASSERT_TRUE(current.ok()) << current.status();
  const auto generation = OpenGeneration(generations / *current, nullptr);
  ASSERT_TRUE(generation.ok()) << generation.status();
  const Generation& g = **generation;
  EXPECT_EQ(g.manifest.format_version, 2);
  EXPECT_EQ(g.manifest.generation, *current);
  EXPECT_EQ(g.manifest.dim, 8);
  EXPECT_TRUE(VerifyFiles(g.directory, g.manifest).ok());
  EXPECT_EQ(g.offers.documents->size(), 9u);
  EXPECT_EQ(g.needs.documents->size(), 3u);

  const std::optional<DocId> result = g.offers.documents->Find(RecordKind::kResult, "r-1");
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(g.offers.documents->maturity(*result), 6);
  EXPECT_EQ(g.offers.documents->region(*result), "12");  // of its institution
  EXPECT_EQ(g.offers.documents->standing(*result).words, requirement::Standing::kFine);
  EXPECT_EQ(g.offers.documents->standing(*result).term_years, 20);
  EXPECT_EQ(g.offers.documents->standing(*g.offers.documents->Find(RecordKind::kResult, "r-2")).words,
            requirement::Standing::kBlocked);
  EXPECT_GE(g.offers.lexical->TermFrequency("锂", *result), 2u);

  EXPECT_GE(g.offers.lexical->TermFrequency("#提锂", *result), 2u);  // of the fixture's lexicon

  const EmbedInput text{"卤水吸附提锂工艺", "颗粒吸附剂从卤水中直接提锂，完成吨级中试"};
  const auto query = g.embedder->Embed({&text, 1}, absl::InfiniteFuture());
  ASSERT_TRUE(query.ok()) << query.status();
  const auto nearest = g.offers.vectors->Search(query->row(0), 1, nullptr, {});
  ASSERT_TRUE(nearest.ok()) << nearest.status();
  EXPECT_EQ(nearest->front().doc, *result);
  EXPECT_NEAR(nearest->front().similarity, 1.0F, 1e-4F);
}

}  // namespace
}  // namespace dongxi
