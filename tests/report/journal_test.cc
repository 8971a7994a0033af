// What an interrupted report keeps.
#include "report/journal.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

class JournalTest : public testing::Test {
 protected:
  JournalTest() { std::filesystem::remove(file_); }
  ~JournalTest() override { std::filesystem::remove(file_); }

  std::unique_ptr<Journal> Open(const std::string& fingerprint) {
    auto journal = Journal::Open(file_, fingerprint);
    EXPECT_TRUE(journal.ok()) << journal.status();
    return *std::move(journal);
  }

  const std::filesystem::path file_ = std::filesystem::path(testing::TempDir()) / "journal_test";
};

TEST_F(JournalTest, GivesBackWhatWasAppended) {
  {
    const auto journal = Open("a");
    ASSERT_TRUE(journal->Append("k1", MatchedNeed()).ok());
    ASSERT_TRUE(journal->Append("k2", UnmatchedNeed()).ok());
  }
  const auto journal = Open("a");
  ASSERT_EQ(journal->size(), 2u);
  const auto first = journal->Read("k1");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->answer.SerializeAsString(), MatchedNeed().answer.SerializeAsString());
  EXPECT_EQ(journal->Read("k2")->need.name(), "needs/n-2");
  EXPECT_TRUE(absl::IsNotFound(journal->Read("k3").status()));
}

TEST_F(JournalTest, BeginsAnewForOtherOptionsOrOtherData) {
  ASSERT_TRUE(Open("a")->Append("k1", MatchedNeed()).ok());
  EXPECT_TRUE(Open("b")->size() == 0);
  EXPECT_TRUE(Open("a")->size() == 0) << "the other one replaced it";
}

TEST_F(JournalTest, TellsWhetherItGaveUpAnswersOfOtherOptionsOrData) {
  ASSERT_TRUE(Open("a")->Append("k1", MatchedNeed()).ok());
  EXPECT_FALSE(Open("a")->began_anew());
  EXPECT_TRUE(Open("b")->began_anew());
  EXPECT_FALSE(Open("c")->began_anew()) << "there was nothing to give up";
}

TEST_F(JournalTest, ATornOrDamagedFrameIsDroppedAndWhatComesBeforeIsKept) {
  {
    const auto journal = Open("a");
    ASSERT_TRUE(journal->Append("k1", MatchedNeed()).ok());
    ASSERT_TRUE(journal->Append("k2", UnmatchedNeed()).ok());
  }
  const auto whole = std::filesystem::file_size(file_);
  for (const auto cut : {whole - 1, whole - 100}) {
    std::filesystem::resize_file(file_, cut);
    const auto journal = Open("a");
    EXPECT_EQ(journal->size(), 1u);
    ASSERT_TRUE(journal->Append("k2", UnmatchedNeed()).ok());
  }
  EXPECT_EQ(Open("a")->size(), 2u);
}

TEST_F(JournalTest, IsGoneWhenTheReportIsWritten) {
  const auto journal = Open("a");
  journal->Remove();
  EXPECT_FALSE(std::filesystem::exists(file_));
}

}  // namespace
}  // namespace dongxi::report
