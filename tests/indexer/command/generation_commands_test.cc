// dongxi-indexer build, verify, inspect and export.
#include <algorithm>

#include "engine/base/checksum_list.h"
#include "engine/index/manifest.h"
#include "gmock/gmock.h"
#include "indexer/build/generation_builder.h"
#include "tests/indexer/command/command_testing.h"

namespace dongxi {
namespace {

using ::testing::AllOf;
using testing::CommandResult;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RunInterruptedAt;
using testing::RunProgram;

class GenerationCommandsTest : public testing::CommandTest {
 protected:
  CommandResult Build(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"build", "--data", Data(), "--dim", "16"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunProgram(arguments);
  }
  std::filesystem::path Current() const {
    return GenerationsFolder(Data()) / ReadCurrent(GenerationsFolder(Data())).value_or("");
  }
};

TEST_F(GenerationCommandsTest, BuildPublishesAndSaysUnchangedTheSecondTime) {
  FillCatalogue();
  const CommandResult first = Build();
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, AllOf(HasSubstr("已发布版本 g-1-"), HasSubstr("92 条")));
  EXPECT_THAT(first.err, AllOf(HasSubstr("读取记录"), HasSubstr("训练模型"), HasSubstr("100%")));
  EXPECT_THAT(Build().out, HasSubstr("没有变化"));
  EXPECT_THAT(Build({"--force"}).out, HasSubstr("已发布版本 g-1-"));
}

TEST_F(GenerationCommandsTest, BuildWorksWhileAnotherProgramHoldsTheLock) {
  const auto writer =
      testing::MakeCatalogue(CatalogueFolder(Data()), testing::MakeRecords(testing::SmallCounts()));
  EXPECT_EQ(Build().exit_code, 0);
}

TEST_F(GenerationCommandsTest, BuildWithoutACatalogueSaysHowToMakeOne) {
  const CommandResult result = Build();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("import"));
}

TEST_F(GenerationCommandsTest, CtrlCCancelsTheBuildAndPublishesNothing) {
  FillCatalogue();
  ASSERT_EQ(Build().exit_code, 0);
  const std::map<std::string, std::string> before = testing::FilesBelow(GenerationsFolder(Data()));
  for (const char* stage : {"读取记录", "训练模型", "生成向量", "提取词项", "检查文件"}) {
    SCOPED_TRACE(stage);
    const CommandResult result =
        RunInterruptedAt(stage, /*terminal=*/true, {"build", "--data", Data(), "--dim", "8", "--force"});
    EXPECT_EQ(result.exit_code, 130) << result.err;
    EXPECT_THAT(result.err, HasSubstr("已取消，未发布新版本"));
    EXPECT_TRUE(before == testing::FilesBelow(GenerationsFolder(Data())));
    EXPECT_THAT(testing::HiddenFolders(GenerationsFolder(Data())), IsEmpty());
  }
}

TEST_F(GenerationCommandsTest, ARemoteModelThatDoesNotAnswerLeavesTheOldGeneration) {
  FillCatalogue();
  ASSERT_EQ(Build().exit_code, 0);
  const std::filesystem::path before = Current();
  const CommandResult result =
      Build({"--embedding-url", "http://127.0.0.1:9/v1/embeddings", "--embedding-model", "m"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("127.0.0.1:9"));
  EXPECT_EQ(Current(), before);
}

TEST_F(GenerationCommandsTest, VerifyPassesASoundGeneration) {
  FillCatalogue();
  ASSERT_EQ(Build().exit_code, 0);
  const CommandResult result = RunProgram({"verify", "--data", Data()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("完好  offers/vectors.dxv"), HasSubstr("个文件完好")));
}

// Gives every text the same vector.
class OneVectorEmbedder final : public Embedder {
 public:
  const std::string& model_id() const override { return id_; }
  int dim() const override { return 2; }
  absl::StatusOr<Matrix> Embed(std::span<const EmbedInput> inputs, absl::Time) const override {
    Matrix matrix{2, {}};
    for (size_t i = 0; i < inputs.size(); ++i) matrix.values.insert(matrix.values.end(), {1.0F, 0.0F});
    return matrix;
  }

 private:
  const std::string id_ = "one-vector";
};

TEST_F(GenerationCommandsTest, VerifyNeedsNoModelForAGenerationOfARemoteOne) {
  const auto catalogue =
      testing::MakeCatalogue(CatalogueFolder(Data()), testing::MakeRecords(testing::SmallCounts()));
  BuildOptions options;
  options.generations = GenerationsFolder(Data());
  options.remote = std::make_shared<OneVectorEmbedder>();
  ASSERT_TRUE(BuildGeneration(*catalogue, options).ok());
  const CommandResult result = RunProgram({"verify", "--data", Data()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(GenerationCommandsTest, VerifyFindsDamageOfEveryFileAndBuildRepairsIt) {
  FillCatalogue();
  ASSERT_EQ(Build().exit_code, 0);
  const std::filesystem::path generation = Current();
  std::vector<std::string> files = {kManifestName};
  const Manifest manifest = *ReadManifest(generation);
  for (const auto& [path, summary] : manifest.files) files.push_back(path);
  const std::map<std::string, std::string> sound = testing::FilesBelow(generation);
  for (const std::string& file : files) {
    for (const testing::Damage damage : testing::kAllDamages) {
      SCOPED_TRACE(file + " damage " + std::to_string(static_cast<int>(damage)));
      ASSERT_TRUE(testing::DamageFile(generation / file, damage));
      const CommandResult result = RunProgram({"verify", "--data", Data()});
      EXPECT_EQ(result.exit_code, 1);
      EXPECT_THAT(result.out, HasSubstr("损坏  " + file));
      EXPECT_THAT(result.err, AllOf(HasSubstr(file), HasSubstr("--force")));
      ASSERT_TRUE(WriteFileAtomically(generation / file, sound.at(file)).ok());
    }
  }
  ASSERT_TRUE(testing::DamageFile(generation / "needs" / "postings.dxp", testing::Damage::kBitFlipped));
  EXPECT_EQ(Build().exit_code, 0);
  EXPECT_EQ(RunProgram({"verify", "--data", Data()}).exit_code, 0);
}

TEST_F(GenerationCommandsTest, VerifyReadsTheCatalogueAndTheKeptSettingsToo) {
  FillCatalogue();
  ASSERT_EQ(Build().exit_code, 0);
  const std::filesystem::path kept = std::filesystem::path(Data()) / "settings" / "policy-1";
  std::filesystem::create_directories(kept);
  ASSERT_TRUE(WriteFileAtomically(kept / "topics.tsv", "a\tb\n").ok());
  ASSERT_TRUE(WriteChecksumList(kept).ok());
  const CommandResult whole = RunProgram({"verify", "--data", Data()});
  EXPECT_EQ(whole.exit_code, 0) << whole.err;
  EXPECT_THAT(whole.out, AllOf(HasSubstr("完好  记录库"), HasSubstr("完好  settings")));

  ASSERT_TRUE(testing::DamageFile(kept / "topics.tsv", testing::Damage::kBitFlipped));
  const CommandResult settings = RunProgram({"verify", "--data", Data()});
  EXPECT_EQ(settings.exit_code, 1);
  EXPECT_THAT(settings.err, AllOf(HasSubstr("topics.tsv"), HasSubstr("备份")));
  ASSERT_TRUE(testing::DamageFile(kept / "topics.tsv", testing::Damage::kBitFlipped));

  for (const auto& entry : std::filesystem::directory_iterator(CatalogueFolder(Data()))) {
    if (entry.path().extension() != ".sst" && entry.file_size() < 1'000) continue;
    if (entry.path().extension() != ".sst" && entry.path().extension() != ".log") continue;
    SCOPED_TRACE(entry.path());
    ASSERT_TRUE(testing::DamageFile(entry.path(), testing::Damage::kBitFlipped));
    const CommandResult result = RunProgram({"verify", "--data", Data()});
    EXPECT_EQ(result.exit_code, 1) << result.out;
    ASSERT_TRUE(testing::DamageFile(entry.path(), testing::Damage::kBitFlipped));
  }
}

TEST_F(GenerationCommandsTest, VerifyOfAnUnknownGenerationNamesThoseThatExist) {
  FillCatalogue();
  ASSERT_EQ(Build().exit_code, 0);
  const CommandResult result = RunProgram({"verify", "--data", Data(), "--generation", "g-9-00000000"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("g-9-00000000"), HasSubstr(Current().filename().string())));
  EXPECT_EQ(RunProgram({"verify", "--data", Data(), "--generation", "../catalogue"}).exit_code, 1);
}

TEST_F(GenerationCommandsTest, InspectShowsCatalogueAndGeneration) {
  FillCatalogue();
  ASSERT_EQ(Build().exit_code, 0);
  const CommandResult result = RunProgram({"inspect", "--data", Data()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("（当前）"), HasSubstr("lsa-16-"), HasSubstr("results 40"),
                    HasSubstr("每条记录"), HasSubstr("词项数    offers"), HasSubstr("序号      1")));
}

TEST_F(GenerationCommandsTest, InspectWithoutAGenerationStillShowsTheCatalogue) {
  FillCatalogue();
  const CommandResult result = RunProgram({"inspect", "--data", Data()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("成果      40"));
  EXPECT_THAT(result.err, HasSubstr("build"));
}

TEST_F(GenerationCommandsTest, InspectShowsARecordAsJson) {
  FillCatalogue();
  const CommandResult result = RunProgram({"inspect", "--data", Data(), "--record", "results/r-0001"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("\"id\": \"r-0001\""), HasSubstr("\"institutions/i-0000\""),
                                HasSubstr("revision")));
  EXPECT_EQ(RunProgram({"inspect", "--data", Data(), "--record", "results/none"}).exit_code, 1);
}

TEST_F(GenerationCommandsTest, WhatExportWritesImportsUnchanged) {
  FillCatalogue();
  for (const RecordKind kind : kAllRecordKinds) {
    const std::string collection(CollectionOf(kind));
    SCOPED_TRACE(collection);
    const CommandResult exported = RunProgram({"export", "--data", Data(), "--kind", collection});
    EXPECT_EQ(exported.exit_code, 0) << exported.err;
    const auto lines = static_cast<uint64_t>(std::count(exported.out.begin(), exported.out.end(), '\n'));
    EXPECT_EQ(lines, CountOf(kind));
    const CommandResult imported =
        RunProgram({"import", "--data", Data(), WriteFile(collection + ".jsonl", exported.out)});
    EXPECT_EQ(imported.exit_code, 0) << imported.err;
    EXPECT_THAT(imported.out, HasSubstr("新增 0 条，更新 0 条，未变 " + std::to_string(lines) + " 条"));
  }
}

}  // namespace
}  // namespace dongxi
