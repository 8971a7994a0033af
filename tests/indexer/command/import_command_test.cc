// dongxi-indexer import, from files to the catalogue.
#include <sys/mount.h>

#include <cerrno>
#include <cstring>

#include "gmock/gmock.h"
#include "indexer/command/progress_bar.h"
#include "tests/indexer/command/command_testing.h"

namespace dongxi {
namespace {

using ::testing::AllOf;
using testing::CommandResult;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RunInterruptedAt;
using testing::RunProgram;

constexpr char kInstitutions[] =
    "机构编号,机构名称,机构类型,所在地区,能力介绍\n"
    "i-1,示例·盐湖化工研究所,科研院所,天津,盐湖卤水提锂\n"
    "i-2,示例·农业科学院,科研院所,江苏,马铃薯种薯\n";

// Row 3 has no title, row 4 an impossible maturity.
constexpr char kResultsWithErrors[] =
    "成果编号,成果名称,成果简介,完成者编号,成熟度\n"
    "r-1,卤水吸附提锂工艺,颗粒吸附剂直接提锂,institutions/i-1,7\n"
    "r-2,,没有名称,institutions/i-1,6\n"
    "r-3,脱毒种薯快繁,雾培法繁育,institutions/i-2,25\n"
    "r-4,相变保温墙体,日光温室保温,institutions/i-2,5\n";

class ImportCommandTest : public testing::CommandTest {
 protected:
  std::string Institutions() const { return WriteFile("institutions.csv", kInstitutions); }
  std::string BadResults() const { return WriteFile("results.csv", kResultsWithErrors); }
  std::string ManyResults(int count) const {
    std::string lines;
    for (int i = 0; i < count; ++i) {
      lines += "{\"id\": \"" + testing::Numbered("r-", i) +
               "\", \"title\": \"提锂工艺\", \"abstract\": \"简介\"}\n";
    }
    return WriteFile("results.jsonl", lines);
  }
};

TEST_F(ImportCommandTest, ImportsCsvAndSaysHowMany) {
  const CommandResult result = RunProgram({"import", "--data", Data(), Institutions()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("新增 2 条，更新 0 条，未变 0 条，拒绝 0 行"));
  EXPECT_EQ(CountOf(RecordKind::kInstitution), 2u);
}

TEST_F(ImportCommandTest, ImportingAgainChangesNothing) {
  ASSERT_EQ(RunProgram({"import", "--data", Data(), Institutions()}).exit_code, 0);
  EXPECT_THAT(RunProgram({"import", "--data", Data(), Institutions()}).out,
              HasSubstr("新增 0 条，更新 0 条，未变 2 条"));
}

TEST_F(ImportCommandTest, AUnitThatDoesNotFitItsIndicatorIsNoticedAndTheRowImported) {
  const std::string needs = WriteFile("needs.jsonl",
                                      "{\"id\": \"n-1\", \"title\": \"提锂\", \"text\": \"老卤提锂收率低\", "
                                      "\"indicators\": [\"锂收率≥85公斤\", \"纯度≥99%\"]}\n");
  const CommandResult result = RunProgram({"import", "--data", Data(), needs});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("新增 1 条"));
  EXPECT_THAT(result.err, HasSubstr("needs.jsonl 第 1 行：考核指标“锂收率≥85公斤”单位与指标不符，请核对"));
  EXPECT_THAT(result.err, Not(HasSubstr("纯度")));
}

TEST_F(ImportCommandTest, OfTheSampleCatalogueNothingIsNoticedButThatItIsOne) {
  std::vector<std::string> arguments = {"import", "--data", Data()};
  for (const char* const kind : {"institutions", "experts", "results", "evidence", "needs"})
    arguments.push_back("data/sample/" + std::string(kind) + ".jsonl");
  const CommandResult result = RunProgram(arguments);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("拒绝 0 行"));
  constexpr std::string_view kNotice = "提示：";
  const size_t first = result.err.find(kNotice);
  ASSERT_NE(first, std::string::npos) << result.err;
  EXPECT_THAT(result.err.substr(first), HasSubstr("条记录标为示例数据"));
  EXPECT_EQ(result.err.find(kNotice, first + 1), std::string::npos) << result.err;
}

TEST_F(ImportCommandTest, AChangedRowIsAnUpdate) {
  ASSERT_EQ(RunProgram({"import", "--data", Data(), Institutions()}).exit_code, 0);
  const std::string changed =
      WriteFile("institutions.csv", std::string(kInstitutions) + "i-3,示例·新所,科研院所,天津,新\n");
  EXPECT_THAT(RunProgram({"import", "--data", Data(), changed}).out,
              HasSubstr("新增 1 条，更新 0 条，未变 2 条"));
  const std::string renamed = WriteFile("institutions.csv", "机构编号,机构名称\ni-1,示例·改名所\n");
  EXPECT_THAT(RunProgram({"import", "--data", Data(), renamed}).out, HasSubstr("更新 1 条"));
}

TEST_F(ImportCommandTest, BadRowsAreReportedOneByOneAndTheOthersImported) {
  const std::string errors = (folder_.path() / "errors.csv").string();
  const CommandResult result =
      RunProgram({"import", "--data", Data(), Institutions(), BadResults(), "--errors", errors});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("新增 4 条，更新 0 条，未变 0 条，拒绝 2 行"));
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("results.csv 第 3 行"), HasSubstr("results.csv 第 4 行"), HasSubstr("成熟度"),
                    HasSubstr("已导入 4 条，没有导入 2 行"), HasSubstr("错误清单")));
  EXPECT_EQ(CountOf(RecordKind::kResult), 2u);
  const std::string report = *ReadFile(errors, 1 << 20);
  EXPECT_THAT(report, AllOf(HasSubstr("文件,工作表,行,列,发现,应为,办法"), HasSubstr("results.csv"),
                            HasSubstr("25")));
}

TEST_F(ImportCommandTest, DryRunSaysWhatWouldHappenAndWritesNothing) {
  const CommandResult fresh = RunProgram({"import", "--data", Data(), Institutions(), "--dry-run"});
  EXPECT_EQ(fresh.exit_code, 0) << fresh.err;
  EXPECT_THAT(fresh.out, AllOf(HasSubstr("试运行，没有写入"), HasSubstr("新增 2 条")));
  EXPECT_FALSE(std::filesystem::exists(CatalogueFolder(Data())));

  ASSERT_EQ(RunProgram({"import", "--data", Data(), Institutions()}).exit_code, 0);
  const std::string next = WriteFile("institutions.csv",
                                     "机构编号,机构名称,机构类型,所在地区,能力介绍\n"
                                     "i-1,示例·盐湖化工研究所,科研院所,天津,盐湖卤水提锂\n"
                                     "i-2,示例·改名所,科研院所,江苏,马铃薯种薯\n"
                                     "i-3,示例·新所,科研院所,江苏,新\n");
  EXPECT_THAT(RunProgram({"import", "--data", Data(), next, "--dry-run"}).out,
              HasSubstr("新增 1 条，更新 1 条，未变 1 条"));
  EXPECT_EQ(CountOf(RecordKind::kInstitution), 2u);
}

TEST_F(ImportCommandTest, AllOrNothingImportsNothingIfOneRowIsWrong) {
  const CommandResult bad =
      RunProgram({"import", "--data", Data(), Institutions(), BadResults(), "--all-or-nothing"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(bad.err, HasSubstr("一条也没有导入"));
  EXPECT_EQ(CountOf(RecordKind::kInstitution), 0u);
  const CommandResult good = RunProgram({"import", "--data", Data(), ManyResults(2500), "--all-or-nothing"});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_EQ(CountOf(RecordKind::kResult), 2500u);
}

TEST_F(ImportCommandTest, WritesInBatches) {
  const CommandResult result = RunProgram({"import", "--data", Data(), ManyResults(2500)});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto view = OpenCatalogueView(CatalogueFolder(Data()));
  ASSERT_TRUE(view.ok());
  EXPECT_EQ((*view)->sequence(), 3u);
}

TEST_F(ImportCommandTest, AHeldLockNamesTheServerOption) {
  const auto writer = testing::MakeCatalogue(CatalogueFolder(Data()), {});
  const CommandResult result = RunProgram({"import", "--data", Data(), Institutions()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("--server"));
}

TEST_F(ImportCommandTest, CtrlCWritesWhatWasReadAndSaysSo) {
  const CommandResult result =
      RunInterruptedAt("导入", /*terminal=*/true, {"import", "--data", Data(), ManyResults(2500)});
  EXPECT_EQ(result.exit_code, 130);
  const uint64_t written = CountOf(RecordKind::kResult);
  EXPECT_GE(written, 1u);
  EXPECT_LT(written, 2500u);
  EXPECT_THAT(result.err, AllOf(HasSubstr("已中断"), HasSubstr("已导入 " + std::to_string(written) + " 条")));
}

TEST_F(ImportCommandTest, AFullDiskSaysHowManyWereImported) {
  std::filesystem::create_directories(Data());
  if (::mount("tmpfs", Data().c_str(), "tmpfs", 0, "size=6m") != 0) {
    GTEST_SKIP() << "needs the right to mount a small tmpfs: " << std::strerror(errno);
  }
  std::string text;
  for (int i = 0; i < 700; ++i) text += "盐";
  std::string lines;
  for (int i = 0; i < 8000; ++i) {
    lines += "{\"id\": \"" + testing::Numbered("r-", i) + "\", \"title\": \"提锂工艺\", \"abstract\": \"" +
             text + "\"}\n";
  }
  const CommandResult result = RunProgram({"import", "--data", Data(), WriteFile("results.jsonl", lines)});
  EXPECT_EQ(result.exit_code, 1);
  const uint64_t written = CountOf(RecordKind::kResult);
  EXPECT_LT(written, 8000u);
  EXPECT_THAT(result.err, AllOf(HasSubstr("free some space"), HasSubstr("导入没有完成"),
                                HasSubstr("已导入 " + WithCommas(written) + " 条")));
  EXPECT_EQ(::umount(Data().c_str()), 0);
}

TEST_F(ImportCommandTest, AMissingFileFailsAndTheOthersAreImported) {
  const CommandResult result =
      RunProgram({"import", "--data", Data(), Institutions(), (folder_.path() / "needs.csv").string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("needs.csv"));
  EXPECT_EQ(CountOf(RecordKind::kInstitution), 2u);
}

TEST_F(ImportCommandTest, AnErrorReportThatCannotBeWrittenSaysWhatWasImported) {
  const CommandResult result = RunProgram({"import", "--data", Data(), Institutions(), "--errors",
                                           (folder_.path() / "none" / "errors.csv").string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("错误清单没有写成"), HasSubstr("新增 2 条")));
}

struct UsageCase {
  std::string name;
  std::vector<std::string> arguments;
};

TEST_F(ImportCommandTest, WrongUsageExitsWithTwo) {
  const UsageCase cases[] = {
      {"NoCommand", {}},
      {"UnknownCommand", {"destroy"}},
      {"NoData", {"import", "a.csv"}},
      {"NoFile", {"import", "--data", Data()}},
      {"UnknownKind", {"import", "--data", Data(), "a.csv", "--kind", "animals"}},
      {"UnknownEncoding", {"import", "--data", Data(), "a.csv", "--encoding", "EBCDIC"}},
      {"UnknownOption", {"import", "--data", Data(), "a.csv", "--colour"}},
      {"AllOrNothingThroughAServer",
       {"import", "--data", Data(), "a.csv", "--all-or-nothing", "--server", "localhost:1"}},
      {"ModelWithoutUrl", {"build", "--data", Data(), "--embedding-model", "m"}},
      {"DimZero", {"build", "--data", Data(), "--dim", "0"}},
      {"ExportWithoutKind", {"export", "--data", Data()}},
      {"RecordNameWithoutKind", {"inspect", "--data", Data(), "--record", "r-1"}},
  };
  for (const UsageCase& c : cases) {
    SCOPED_TRACE(c.name);
    const CommandResult result = RunProgram(c.arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_THAT(result.err, HasSubstr("dongxi-indexer"));
    EXPECT_EQ(result.out, "");
  }
  EXPECT_FALSE(std::filesystem::exists(Data()));
}

TEST_F(ImportCommandTest, HelpGivesExamples) {
  for (const char* command : {"import", "build", "verify", "inspect", "export"}) {
    SCOPED_TRACE(command);
    const CommandResult result = RunProgram({command, "--help"});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.out, AllOf(HasSubstr("例："), HasSubstr("--data")));
    EXPECT_THAT(result.err, Not(HasSubstr("错误")));
    EXPECT_THAT(result.out, Not(HasSubstr("/../"))) << "a path to copy";
  }
}

}  // namespace
}  // namespace dongxi
