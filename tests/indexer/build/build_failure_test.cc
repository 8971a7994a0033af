// Whatever goes wrong in a build, the published generation stays as it was and nothing is left behind.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <limits>

#include "engine/index/generation.h"
#include "gmock/gmock.h"
#include "indexer/build/build_folder.h"
#include "indexer/build/generation_builder.h"
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

// A catalogue with one published generation and one change since.
class BuildFailureTest : public ::testing::Test {
 protected:
  void SetUp() override {
    catalogue_ = MakeCatalogue(folder_.path() / "catalogue", MakeRecords(SmallCounts()));
    const auto summary = BuildGeneration(*catalogue_, Options());
    ASSERT_TRUE(summary.ok()) << summary.status();
    ASSERT_TRUE(catalogue_->Upsert({MakeRecord(RecordKind::kResult, 99)}, 1).ok());
    before_ = FilesBelow(Options().generations);
  }
  BuildOptions Options() const {
    BuildOptions options;
    options.generations = folder_.path() / "generations";
    options.lexicon_directory = "data/lexicon";
    options.dim = 16;
    options.threads = 2;
    options.vectors.graph_rows_min = 50;
    return options;
  }
  void ExpectNothingHasChanged() {
    EXPECT_TRUE(before_ == FilesBelow(Options().generations));
    EXPECT_THAT(HiddenFolders(Options().generations), IsEmpty());
    const auto current = ReadCurrent(Options().generations);
    ASSERT_TRUE(current.ok()) << current.status();
    EXPECT_TRUE(OpenGeneration(Options().generations / *current, nullptr).ok());
  }

  TemporaryFolder folder_;
  std::unique_ptr<Catalogue> catalogue_;
  std::map<std::string, std::string> before_;
};

TEST_F(BuildFailureTest, CancellingInAnyStagePublishesNothing) {
  for (const int threads : {1, 2}) {
    for (const std::string stage : {"read", "terms", "train", "embed", "graph", "verify", "publish"}) {
      SCOPED_TRACE(stage + " threads " + std::to_string(threads));
      std::atomic<bool> stop{false};
      bool reached = false;
      BuildOptions options = Options();
      options.threads = threads;
      options.progress = [&](const BuildProgress& progress) {
        if (progress.stage != stage || (stage == "publish" && progress.done > 0)) return;
        reached = true;
        stop = true;
      };
      options.cancelled = [&] { return stop.load(); };
      const auto summary = BuildGeneration(*catalogue_, options);
      EXPECT_TRUE(absl::IsCancelled(summary.status())) << summary.status();
      EXPECT_TRUE(reached);
      ExpectNothingHasChanged();
    }
  }
}

// Gives vectors that are wrong in one way.
class BadEmbedder final : public Embedder {
 public:
  enum class Fault { kNone, kNan, kInfinity, kLength, kDimension, kCount, kError };
  explicit BadEmbedder(Fault fault) : fault_(fault) {}
  const std::string& model_id() const override { return id_; }
  int dim() const override { return 4; }
  absl::StatusOr<Matrix> Embed(std::span<const EmbedInput> inputs, absl::Time) const override {
    if (fault_ == Fault::kError) return absl::UnavailableError("no answer from the model");
    Matrix matrix;
    matrix.dim = fault_ == Fault::kDimension ? 3 : 4;
    const size_t rows = inputs.size() - (fault_ == Fault::kCount ? 1 : 0);
    matrix.values.assign(rows * static_cast<size_t>(matrix.dim), 0.0F);
    for (size_t i = 0; i < rows; ++i) matrix.row(i)[inputs[i].title.size() % 3] = 1.0F;
    if (fault_ == Fault::kNan) matrix.row(rows / 2)[1] = std::numeric_limits<float>::quiet_NaN();
    if (fault_ == Fault::kInfinity) matrix.row(rows / 2)[1] = std::numeric_limits<float>::infinity();
    if (fault_ == Fault::kLength) matrix.row(rows / 2)[3] = 2.0F;
    return matrix;
  }

 private:
  const Fault fault_;
  const std::string id_ = "bad-model";
};

struct FaultCase {
  std::string name;
  BadEmbedder::Fault fault;
  absl::StatusCode code;
  std::string message;
};

TEST_F(BuildFailureTest, RefusesVectorsThatAreNotAsSpecified) {
  const FaultCase cases[] = {
      {"Nan", BadEmbedder::Fault::kNan, absl::StatusCode::kInternal, "NaN"},
      {"Infinity", BadEmbedder::Fault::kInfinity, absl::StatusCode::kInternal, "NaN or infinity"},
      {"Length", BadEmbedder::Fault::kLength, absl::StatusCode::kInternal, "expected 1"},
      {"Dimension", BadEmbedder::Fault::kDimension, absl::StatusCode::kInternal,
       "dimension 3, expected dimension 4"},
      {"Count", BadEmbedder::Fault::kCount, absl::StatusCode::kInternal, "32 texts with 31 vectors"},
      {"Error", BadEmbedder::Fault::kError, absl::StatusCode::kUnavailable, "no answer from the model"},
  };
  for (const FaultCase& c : cases) {
    SCOPED_TRACE(c.name);
    BuildOptions options = Options();
    options.remote = std::make_shared<BadEmbedder>(c.fault);
    const auto summary = BuildGeneration(*catalogue_, options);
    EXPECT_EQ(summary.status().code(), c.code) << summary.status();
    EXPECT_THAT(std::string(summary.status().message()), HasSubstr(c.message));
    ExpectNothingHasChanged();
  }
}

TEST_F(BuildFailureTest, ARemoteModelIsRecordedAndAnotherModelIsRefusedAtOpening) {
  BuildOptions options = Options();
  options.remote = std::make_shared<BadEmbedder>(BadEmbedder::Fault::kNone);
  const auto summary = BuildGeneration(*catalogue_, options);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->manifest.embedder, "remote");
  EXPECT_EQ(summary->manifest.model, "bad-model");
  EXPECT_EQ(summary->manifest.dim, 4);
  EXPECT_TRUE(OpenGeneration(summary->directory, options.remote).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenGeneration(summary->directory, nullptr).status()));
}

// While it lives, files cannot grow over `bytes`.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(BuildFailureTest, AFailedWriteOfAnyFileLeavesTheOldGeneration) {
  const auto view = OpenCatalogueView(folder_.path() / "catalogue");
  ASSERT_TRUE(view.ok()) << view.status();
  uint64_t largest = 0;
  for (const auto& [name, bytes] : before_) largest = std::max<uint64_t>(largest, bytes.size());
  for (const uint64_t limit : {uint64_t{100}, uint64_t{4'000}, largest / 4, largest / 2, largest - 1}) {
    SCOPED_TRACE(limit);
    absl::Status status;
    {
      const FileSizeLimit full(limit);
      status = BuildGeneration(**view, Options()).status();
    }
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(std::string(status.message()), HasSubstr("cannot write"));
    ExpectNothingHasChanged();
  }
}

TEST_F(BuildFailureTest, AFullDiskIsSaidToBeFull) {
  const std::filesystem::path disk = folder_.path() / "disk";
  std::filesystem::create_directories(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "needs the right to mount a small tmpfs: " << std::strerror(errno);
  }
  BuildOptions options = Options();
  options.generations = disk / "generations";
  const auto summary = BuildGeneration(*catalogue_, options);
  EXPECT_TRUE(absl::IsResourceExhausted(summary.status())) << summary.status();
  EXPECT_THAT(HiddenFolders(options.generations), IsEmpty());
  EXPECT_TRUE(absl::IsNotFound(ReadCurrent(options.generations).status()));
  EXPECT_EQ(::umount(disk.c_str()), 0);
}

TEST_F(BuildFailureTest, ASecondBuildAtTheSameTimeIsRefused) {
  const auto first = BuildFolder::Open(Options().generations);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = BuildGeneration(*catalogue_, Options());
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status())) << second.status();
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another build"));
  ExpectNothingHasChanged();
}

TEST_F(BuildFailureTest, WhatAKilledBuildLeftBehindIsRemovedByTheNext) {
  for (const char* name : {".building", ".old-g-1-00000000"}) {
    std::filesystem::create_directories(Options().generations / name / "offers");
    ASSERT_TRUE(WriteFileAtomically(Options().generations / name / "offers" / "vectors.dxv", "half").ok());
  }
  ASSERT_TRUE(BuildGeneration(*catalogue_, Options()).ok());
  EXPECT_THAT(HiddenFolders(Options().generations), IsEmpty());
}

TEST_F(BuildFailureTest, ABadLexiconIsNamedWithItsLine) {
  const std::filesystem::path lexicon = folder_.path() / "lexicon";
  std::filesystem::create_directories(lexicon);
  ASSERT_TRUE(WriteFileAtomically(lexicon / "a.tsv", "盐湖\t盐湖资源\n储能\t盐湖\n").ok());
  BuildOptions options = Options();
  options.lexicon_directory = lexicon.string();
  const auto summary = BuildGeneration(*catalogue_, options);
  EXPECT_TRUE(absl::IsInvalidArgument(summary.status())) << summary.status();
  EXPECT_THAT(std::string(summary.status().message()), HasSubstr("a.tsv:2"));
  ExpectNothingHasChanged();
}

TEST_F(BuildFailureTest, DamageOfAnyFileIsFoundByVerifyFiles) {
  const std::string current = *ReadCurrent(Options().generations);
  const std::filesystem::path copy = folder_.path() / "copy";
  const Manifest manifest = *ReadManifest(Options().generations / current);
  for (const auto& [path, summary] : manifest.files) {
    for (const testing::Damage damage : testing::kAllDamages) {
      SCOPED_TRACE(path + " damage " + std::to_string(static_cast<int>(damage)));
      std::filesystem::remove_all(copy);
      std::filesystem::copy(Options().generations / current, copy, std::filesystem::copy_options::recursive);
      ASSERT_TRUE(testing::DamageFile(copy / path, damage));
      const absl::Status status = VerifyFiles(copy, manifest);
      EXPECT_TRUE(absl::IsDataLoss(status)) << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr(path));
    }
  }
  for (const testing::Damage damage : testing::kAllDamages) {
    std::filesystem::remove_all(copy);
    std::filesystem::copy(Options().generations / current, copy, std::filesystem::copy_options::recursive);
    ASSERT_TRUE(testing::DamageFile(copy / kManifestName, damage));
    EXPECT_FALSE(ReadManifest(copy).ok());
    EXPECT_FALSE(OpenGeneration(copy, nullptr).ok());
  }
}

}  // namespace
}  // namespace dongxi
