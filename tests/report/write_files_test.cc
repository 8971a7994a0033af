// A report's folder: what is written, in which order, and what stays when the disk says no.
#include "report/write_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "report/journal.h"
#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

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

class WriteFilesTest : public testing::Test {
 protected:
  WriteFilesTest() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~WriteFilesTest() override { fs::remove_all(folder_); }
  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), folder_).string());
    }
    return files;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / "write_files_test";
};

TEST_F(WriteFilesTest, TellsEachFileBeforeItIsWrittenAndAllOfThemInTheEnd) {
  std::vector<size_t> done;
  size_t all = 0;
  const auto written = WriteFolder(SampleReport(), folder_, {}, [&](size_t before, size_t of) {
    done.push_back(before);
    all = of;
    return absl::OkStatus();
  });
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(written->size(), all);
  EXPECT_EQ(done.size(), all);
  for (size_t i = 0; i < done.size(); ++i) EXPECT_EQ(done[i], i);
  EXPECT_EQ((*written)[0].name, "匹配报告.html");
  EXPECT_EQ(written->back().format, Format::kCsv);
  for (const WrittenFile& file : *written) EXPECT_THAT(Files(), Contains(file.name));
  EXPECT_EQ(Files().size(), all);
}

TEST_F(WriteFilesTest, EndsBetweenTwoFilesWhenItIsTold) {
  const auto written =
      WriteFolder(SampleReport(), folder_, {Format::kJson, Format::kHtml}, [](size_t done, size_t all) {
        EXPECT_EQ(all, 2u);
        return done == 1 ? absl::CancelledError("enough") : absl::OkStatus();
      });
  EXPECT_TRUE(absl::IsCancelled(written.status()));
  EXPECT_THAT(Files(), ElementsAre("匹配报告.html")) << "in the order of a folder, whatever was asked first";
}

TEST_F(WriteFilesTest, EndsWhileThePdfIsDrawnWhenItIsTold) {
  const auto written = WriteFolder(SampleReport(), folder_, {Format::kPdf}, nullptr, [] { return true; });
  EXPECT_TRUE(absl::IsCancelled(written.status())) << written.status();
  EXPECT_THAT(Files(), IsEmpty());
}

// Only the PDF looked: whoever cancelled waited for the whole page, workbook or JSON.
TEST_F(WriteFilesTest, EveryLongFileEndsAtTheNextNeedOrSheetWhenItIsTold) {
  for (const Format format : {Format::kHtml, Format::kXlsx, Format::kPdf, Format::kJson}) {
    SCOPED_TRACE(WordOf(format));
    int asked = 0;
    const auto written =
        WriteFolder(SampleReport(), folder_, {format}, nullptr, [&asked] { return ++asked == 2; });
    EXPECT_TRUE(absl::IsCancelled(written.status())) << written.status();
    EXPECT_EQ(asked, 2);
    EXPECT_THAT(Files(), IsEmpty());
  }
}

TEST_F(WriteFilesTest, CsvFilesOfAnEarlierReportDoNotStayBesideTheNewOne) {
  MatchReport report = SampleReport();
  report.idle_offers =
      std::vector<IdleOffer>{{"results/r-9", "无人问津的成果", "63"}, {"experts/e-9", "专家", "63"}};
  report.comparison = Comparison{"去年", 1, 1, {}, 0};
  ASSERT_TRUE(WriteFolder(report, folder_, {}).ok());
  ASSERT_THAT(Files(),
              testing::IsSupersetOf({"csv/changes.csv", "csv/idle_offers.csv", "csv/idle_experts.csv"}));
  ASSERT_TRUE(WriteReportFile(folder_ / "csv" / "my.csv", "a").ok());
  report.idle_offers->pop_back();
  report.comparison.reset();
  const auto written = WriteFolder(report, folder_, {Format::kCsv});
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_THAT(Files(), testing::IsSupersetOf({"csv/idle_offers.csv", "csv/my.csv"}));
  EXPECT_THAT(Files(), testing::Not(Contains("csv/changes.csv")));
  EXPECT_THAT(Files(), testing::Not(Contains("csv/idle_experts.csv")));
}

TEST_F(WriteFilesTest, AListThatWasNotAskedForHasNoFileNotEvenAnEarlierOne) {
  MatchReport report = SampleReport();
  ASSERT_TRUE(WriteFolder(report, folder_, {Format::kCsv}).ok());
  ASSERT_THAT(Files(), Contains("csv/partners.csv"));
  report.kinds = {v1::RESULT};
  ASSERT_TRUE(WriteFolder(report, folder_, {Format::kCsv}).ok());
  EXPECT_THAT(Files(), Contains("csv/results.csv"));
  EXPECT_THAT(Files(), testing::Not(Contains("csv/partners.csv")));
  EXPECT_THAT(Files(), testing::Not(Contains("csv/experts.csv")));
}

TEST_F(WriteFilesTest, OtherFormatsOfAnEarlierReportDoNotStayBesideTheNewOne) {
  ASSERT_TRUE(WriteFolder(SampleReport(), folder_, {}).ok());
  ASSERT_TRUE(WriteReportFile(folder_ / "发言稿.pdf", "a").ok());
  ASSERT_TRUE(WriteFolder(SampleReport(), folder_, {Format::kHtml}).ok());
  EXPECT_THAT(Files(), UnorderedElementsAre("匹配报告.html", "发言稿.pdf"));
}

TEST_F(WriteFilesTest, WordsOfFormatsAreReadBack) {
  for (const Format format : kAllFormats) EXPECT_EQ(FormatOf(WordOf(format)), format);
  EXPECT_EQ(FormatOf("docx"), std::nullopt);
}

TEST_F(WriteFilesTest, AFileThatCannotBeWrittenIsNamedAndNothingOfItStays) {
  for (const Format format : kAllFormats) {
    SCOPED_TRACE(WordOf(format));
    absl::Status status;
    {
      const FileSizeLimit full(100);
      status = WriteFolder(SampleReport(), folder_, {format}).status();
    }
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(std::string(status.message()), HasSubstr(folder_.string()));
    EXPECT_THAT(std::string(status.message()), HasSubstr("磁盘是否已满"));
    EXPECT_THAT(Files(), IsEmpty());
  }
}

TEST_F(WriteFilesTest, AJournalThatCannotGrowIsAsItWasBefore) {
  const auto journal = Journal::Open(folder_ / "journal", "a");
  ASSERT_TRUE(journal.ok()) << journal.status();
  ASSERT_TRUE((*journal)->Append("k1", UnmatchedNeed()).ok());
  const uint64_t bytes = (*journal)->bytes();
  {
    const FileSizeLimit full(bytes + 10);
    const absl::Status status = (*journal)->Append("k2", MatchedNeed());
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("磁盘是否已满"));
  }
  EXPECT_EQ(fs::file_size(folder_ / "journal"), bytes);
  EXPECT_FALSE((*journal)->Has("k2"));
  ASSERT_TRUE((*journal)->Append("k3", MatchedNeed()).ok());
  EXPECT_EQ((*journal)->Read("k1")->need.name(), UnmatchedNeed().need.name());
  const auto again = Journal::Open(folder_ / "journal", "a");
  EXPECT_EQ((*again)->size(), 2u);
  EXPECT_TRUE((*again)->Read("k3").ok());
}

}  // namespace
}  // namespace dongxi::report
