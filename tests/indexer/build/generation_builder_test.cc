// BuildGeneration on a real catalogue and real files.
#include "indexer/build/generation_builder.h"

#include <algorithm>
#include <thread>

#include "engine/index/generation.h"
#include "gmock/gmock.h"
#include "indexer/build/build_folder.h"
#include "tests/indexer/build/sample_catalogue.h"

namespace dongxi {
namespace {

using testing::FilesBelow;
using ::testing::HasSubstr;
using testing::HiddenFolders;
using ::testing::IsEmpty;
using testing::MakeCatalogue;
using testing::MakeRecord;
using testing::MakeRecords;
using testing::SmallCounts;
using testing::TemporaryFolder;

constexpr int kDim = 16;

class BuildGenerationTest : public ::testing::Test {
 protected:
  BuildOptions Options() const {
    BuildOptions options;
    options.generations = folder_.path() / "generations";
    options.lexicon_directory = "data/lexicon";
    options.policy_version = "test-policy";
    options.dim = kDim;
    options.threads = 2;
    options.vectors.graph_rows_min = 50;  // offers get a graph, needs none
    return options;
  }
  void Fill(std::vector<Record> records) {
    catalogue_ = MakeCatalogue(folder_.path() / "catalogue", std::move(records));
  }
  void FillSmall() { Fill(MakeRecords(SmallCounts())); }
  BuildSummary MustBuild(const BuildOptions& options) {
    const absl::StatusOr<BuildSummary> summary = BuildGeneration(*catalogue_, options);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.value_or(BuildSummary{});
  }
  std::string Current() const { return ReadCurrent(Options().generations).value_or(""); }

  TemporaryFolder folder_;
  std::unique_ptr<Catalogue> catalogue_;
};

// Who forbids it in between, as a roll-back does, must not be overtaken.
TEST_F(BuildGenerationTest, WhetherItBecomesCurrentIsAskedLastUnderTheLockOfPublishing) {
  FillSmall();
  BuildOptions options = Options();
  absl::Mutex publishing;
  options.publishing = &publishing;
  int asked = 0;
  options.make_current = [&] {
    ++asked;
    EXPECT_EQ(ListGenerations(options.generations).size(), 1u) << "it is in its place already";
    bool free = false;
    std::thread([&] {
      free = publishing.TryLock();
      if (free) publishing.Unlock();
    }).join();
    EXPECT_FALSE(free);
    return false;
  };
  EXPECT_FALSE(MustBuild(options).published);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(Current(), "");
  publishing.Lock();  // it was given back
  publishing.Unlock();
}

TEST_F(BuildGenerationTest, PublishesAGenerationThatOpensAndVerifies) {
  FillSmall();
  const BuildSummary summary = MustBuild(Options());
  EXPECT_FALSE(summary.unchanged);
  EXPECT_EQ(Current(), summary.manifest.generation);
  EXPECT_EQ(summary.directory, Options().generations / summary.manifest.generation);
  EXPECT_TRUE(VerifyFiles(summary.directory, summary.manifest).ok());
  EXPECT_THAT(HiddenFolders(Options().generations), IsEmpty());

  const auto generation = OpenGeneration(summary.directory, nullptr);
  ASSERT_TRUE(generation.ok()) << generation.status();
  EXPECT_EQ((*generation)->offers.documents->size(), 80u);
  EXPECT_EQ((*generation)->needs.documents->size(), 12u);
  EXPECT_EQ((*generation)->offers.vectors->size(), 80u);
  EXPECT_EQ((*generation)->manifest.catalogue_sequence, catalogue_->sequence());
  EXPECT_EQ((*generation)->manifest.policy, "test-policy");
  EXPECT_EQ((*generation)->manifest.record_counts.at("results"), 40u);
  EXPECT_TRUE(std::filesystem::exists(summary.directory / "offers" / "vectors.hnsw"));
  EXPECT_FALSE(std::filesystem::exists(summary.directory / "needs" / "vectors.hnsw"));
}

TEST_F(BuildGenerationTest, FindsADocumentByItsOwnTextInBothIndexes) {
  FillSmall();
  const auto generation = *OpenGeneration(MustBuild(Options()).directory, nullptr);
  const DocId doc = *generation->offers.documents->Find(RecordKind::kResult, "r-0003");
  const EmbedInput text{"马铃薯脱毒种薯繁育成套技术", "第3项"};
  const auto query = generation->embedder->Embed({&text, 1}, absl::InfiniteFuture());
  ASSERT_TRUE(query.ok()) << query.status();
  const auto nearest = generation->offers.vectors->Search(query->row(0), 12, nullptr, {});
  ASSERT_TRUE(nearest.ok()) << nearest.status();
  const auto same_topic = [&](DocId id) { return generation->offers.documents->id(id).ends_with("3"); };
  EXPECT_TRUE(
      std::any_of(nearest->begin(), nearest->end(), [&](const Neighbor& n) { return same_topic(n.doc); }));
  EXPECT_GT(generation->offers.lexical->TermFrequency("薯", doc), 1u);
}

TEST_F(BuildGenerationTest, GivesTheSameBytesOnAnyNumberOfThreadsAndElsewhere) {
  FillSmall();
  BuildOptions options = Options();
  options.threads = 1;
  const BuildSummary one = MustBuild(options);
  options.threads = 2;
  options.generations = folder_.path() / "elsewhere";
  const BuildSummary two = MustBuild(options);
  const auto other = MakeCatalogue(folder_.path() / "other-catalogue", MakeRecords(SmallCounts()));
  options.generations = folder_.path() / "third";
  const absl::StatusOr<BuildSummary> three = BuildGeneration(*other, options);
  ASSERT_TRUE(three.ok()) << three.status();

  const std::map<std::string, std::string> files = FilesBelow(one.directory);
  EXPECT_EQ(files.size(), one.manifest.files.size() + 1);
  EXPECT_TRUE(files == FilesBelow(two.directory));
  EXPECT_TRUE(files == FilesBelow(three->directory));
}

TEST_F(BuildGenerationTest, SaysUnchangedWhenNothingHasChanged) {
  FillSmall();
  const BuildSummary first = MustBuild(Options());
  const BuildSummary second = MustBuild(Options());
  EXPECT_TRUE(second.unchanged);
  EXPECT_EQ(second.manifest.generation, first.manifest.generation);
  EXPECT_EQ(second.bytes, first.bytes);
}

TEST_F(BuildGenerationTest, BuildsAgainWhenForcedAndKeepsTheSoundGenerationOfTheSameName) {
  FillSmall();
  BuildOptions options = Options();
  const BuildSummary first = MustBuild(options);
  options.force = true;
  const BuildSummary second = MustBuild(options);
  EXPECT_FALSE(second.unchanged);
  EXPECT_EQ(second.manifest.generation, first.manifest.generation);
  EXPECT_TRUE(VerifyFiles(second.directory, second.manifest).ok());
  EXPECT_THAT(HiddenFolders(options.generations), IsEmpty());
}

TEST_F(BuildGenerationTest, BuildsAgainWhenTheCatalogueHasChanged) {
  FillSmall();
  const BuildSummary first = MustBuild(Options());
  ASSERT_TRUE(catalogue_->Upsert({MakeRecord(RecordKind::kResult, 77)}, 1).ok());
  const BuildSummary second = MustBuild(Options());
  EXPECT_FALSE(second.unchanged);
  EXPECT_NE(second.manifest.generation, first.manifest.generation);
  EXPECT_EQ(second.manifest.record_counts.at("results"), 41u);
}

TEST_F(BuildGenerationTest, NoticesAnotherCatalogueWithTheSameSequenceNumber) {
  FillSmall();
  MustBuild(Options());
  std::vector<Record> records = MakeRecords(SmallCounts());
  records[7].text += "改过";
  const auto other = MakeCatalogue(folder_.path() / "other-catalogue", std::move(records));
  ASSERT_EQ(other->sequence(), catalogue_->sequence());
  const auto summary = BuildGeneration(*other, Options());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_FALSE(summary->unchanged);
}

struct OptionChange {
  std::string name;
  void (*change)(BuildOptions&);
};

TEST_F(BuildGenerationTest, BuildsAgainWhenAnOptionHasChanged) {
  FillSmall();
  const OptionChange changes[] = {
      {"Dimension", [](BuildOptions& o) { o.dim = 8; }},
      {"GraphFrom", [](BuildOptions& o) { o.vectors.graph_rows_min = 1000; }},
      {"GraphLinks", [](BuildOptions& o) { o.vectors.graph_links = 8; }},
      {"Policy", [](BuildOptions& o) { o.policy_version = "next"; }},
      {"Lexicon", [](BuildOptions& o) { o.lexicon_directory.clear(); }},
  };
  for (const OptionChange& c : changes) {
    SCOPED_TRACE(c.name);
    MustBuild(Options());
    BuildOptions options = Options();
    c.change(options);
    EXPECT_FALSE(MustBuild(options).unchanged);
  }
}

TEST_F(BuildGenerationTest, RepairsADamagedCurrentGeneration) {
  FillSmall();
  const BuildSummary first = MustBuild(Options());
  ASSERT_TRUE(testing::DamageFile(first.directory / "offers" / kPostingsFile, testing::Damage::kBitFlipped));
  ASSERT_FALSE(VerifyFiles(first.directory, first.manifest).ok());
  const BuildSummary second = MustBuild(Options());
  EXPECT_FALSE(second.unchanged);
  EXPECT_TRUE(VerifyFiles(second.directory, second.manifest).ok());
  EXPECT_THAT(HiddenFolders(Options().generations), IsEmpty());
}

TEST_F(BuildGenerationTest, KeepsTheCurrentAndThePreviousGeneration) {
  FillSmall();
  std::vector<std::string> names;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(catalogue_->Upsert({MakeRecord(RecordKind::kResult, 100 + i)}, 1).ok());
    names.push_back(MustBuild(Options()).manifest.generation);
  }
  EXPECT_THAT(ListGenerations(Options().generations), ::testing::UnorderedElementsAre(names[2], names[3]));
  EXPECT_EQ(Current(), names[3]);
}

TEST_F(BuildGenerationTest, CountsOwnersThatAreMissing) {
  std::vector<Record> records = MakeRecords(SmallCounts());
  records.back().owners = {{RecordKind::kExpert, "nobody"}};
  const std::string name = ResourceName(records.back().kind, records.back().id);
  Fill(std::move(records));
  const BuildSummary summary = MustBuild(Options());
  EXPECT_EQ(summary.missing_owners, 1u);
  ASSERT_EQ(summary.missing_examples.size(), 1u);
  EXPECT_EQ(summary.missing_examples[0], name + " → experts/nobody");
}

TEST_F(BuildGenerationTest, WorksWithoutNeedsWithoutOffersAndWithASingleRecord) {
  const std::map<RecordKind, int> cases[] = {{{RecordKind::kInstitution, 3}, {RecordKind::kResult, 20}},
                                             {{RecordKind::kNeed, 20}},
                                             {{RecordKind::kResult, 1}}};
  for (size_t i = 0; i < std::size(cases); ++i) {
    SCOPED_TRACE(i);
    catalogue_ = MakeCatalogue(folder_.path() / ("catalogue-" + std::to_string(i)), MakeRecords(cases[i]));
    const BuildSummary summary = MustBuild(Options());
    const auto generation = OpenGeneration(summary.directory, nullptr);
    ASSERT_TRUE(generation.ok()) << generation.status();
    const size_t needs = cases[i].contains(RecordKind::kNeed) ? 20 : 0;
    EXPECT_EQ((*generation)->needs.documents->size(), needs);
    const WeightedTerm term{"技", 1.0F};
    EXPECT_TRUE((*generation)->needs.lexical->Score({&term, 1}, nullptr).ok());
    const std::vector<float> query(static_cast<size_t>((*generation)->manifest.dim), 0.5F);
    EXPECT_TRUE((*generation)->needs.vectors->Search(query, 3, nullptr, {}).ok());
  }
}

TEST_F(BuildGenerationTest, RefusesAnEmptyCatalogue) {
  Fill({});
  const auto summary = BuildGeneration(*catalogue_, Options());
  EXPECT_TRUE(absl::IsFailedPrecondition(summary.status())) << summary.status();
  EXPECT_THAT(std::string(summary.status().message()), HasSubstr("dongxi-indexer import"));
}

TEST_F(BuildGenerationTest, RefusesOptionsOutOfRange) {
  FillSmall();
  const OptionChange changes[] = {
      {"DimZero", [](BuildOptions& o) { o.dim = 0; }},
      {"DimTooLarge", [](BuildOptions& o) { o.dim = 5000; }},
      {"ThreadsNegative", [](BuildOptions& o) { o.threads = -1; }},
      {"KeepNone", [](BuildOptions& o) { o.keep = 0; }},
      {"NoFolder", [](BuildOptions& o) { o.generations.clear(); }},
  };
  for (const OptionChange& c : changes) {
    SCOPED_TRACE(c.name);
    BuildOptions options = Options();
    c.change(options);
    EXPECT_TRUE(absl::IsInvalidArgument(BuildGeneration(*catalogue_, options).status()));
  }
}

TEST_F(BuildGenerationTest, BuildsFromAViewWhileTheWriterHoldsTheLock) {
  FillSmall();
  const auto view = OpenCatalogueView(folder_.path() / "catalogue");
  ASSERT_TRUE(view.ok()) << view.status();
  const auto summary = BuildGeneration(**view, Options());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->manifest.catalogue_sequence, catalogue_->sequence());
}

TEST_F(BuildGenerationTest, ReportsEveryStageInOrderFromTheCallersThread) {
  FillSmall();
  BuildOptions options = Options();
  const std::thread::id caller = std::this_thread::get_id();
  std::vector<std::string> stages;
  options.progress = [&](const BuildProgress& progress) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    EXPECT_LE(progress.done, progress.total);
    if (stages.empty() || stages.back() != progress.stage) stages.emplace_back(progress.stage);
  };
  MustBuild(options);
  EXPECT_THAT(stages,
              ::testing::ElementsAre("read", "train", "embed", "terms", "graph", "verify", "publish"));
}

}  // namespace
}  // namespace dongxi
