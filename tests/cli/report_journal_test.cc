// What an interrupted report keeps.
#include "cli/report_journal.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/report/sample_report.h"

namespace dongxi::cli {
namespace {

class ReportJournalTest : public testing::Test {
 protected:
  ReportJournalTest() { std::filesystem::remove(file_); }
  ~ReportJournalTest() override { std::filesystem::remove(file_); }

  std::unique_ptr<ReportJournal> Open(const std::string& fingerprint) {
    auto journal = ReportJournal::Open(file_, fingerprint);
    EXPECT_TRUE(journal.ok()) << journal.status();
    return *std::move(journal);
  }

  const std::filesystem::path file_ = std::filesystem::path(testing::TempDir()) / "report_journal_test";
};

TEST_F(ReportJournalTest, GivesBackWhatWasAppended) {
  {
    const auto journal = Open("a");
    ASSERT_TRUE(journal->Append("k1", report::MatchedNeed()).ok());
    ASSERT_TRUE(journal->Append("k2", report::UnmatchedNeed()).ok());
  }
  const auto journal = Open("a");
  ASSERT_EQ(journal->done().size(), 2u);
  EXPECT_EQ(journal->done().at("k1").answer.SerializeAsString(),
            report::MatchedNeed().answer.SerializeAsString());
  EXPECT_EQ(journal->done().at("k2").need.name(), "needs/n-2");
}

TEST_F(ReportJournalTest, BeginsAnewForOtherOptionsOrOtherData) {
  ASSERT_TRUE(Open("a")->Append("k1", report::MatchedNeed()).ok());
  EXPECT_TRUE(Open("b")->done().empty());
  EXPECT_TRUE(Open("a")->done().empty()) << "the other one replaced it";
}

TEST_F(ReportJournalTest, ATornOrDamagedFrameIsDroppedAndWhatComesBeforeIsKept) {
  {
    const auto journal = Open("a");
    ASSERT_TRUE(journal->Append("k1", report::MatchedNeed()).ok());
    ASSERT_TRUE(journal->Append("k2", report::UnmatchedNeed()).ok());
  }
  const auto whole = std::filesystem::file_size(file_);
  for (const auto cut : {whole - 1, whole - 100}) {
    std::filesystem::resize_file(file_, cut);
    const auto journal = Open("a");
    EXPECT_EQ(journal->done().size(), 1u);
    ASSERT_TRUE(journal->Append("k2", report::UnmatchedNeed()).ok());
  }
  EXPECT_EQ(Open("a")->done().size(), 2u);
}

TEST_F(ReportJournalTest, IsGoneWhenTheReportIsWritten) {
  const auto journal = Open("a");
  journal->Remove();
  EXPECT_FALSE(std::filesystem::exists(file_));
}

}  // namespace
}  // namespace dongxi::cli
