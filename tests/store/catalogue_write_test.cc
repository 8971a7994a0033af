// Write(plan), soft deletes, history, tables, the listener, pruning, checkpoints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "store/catalogue.h"
#include "tests/store/store_testing.h"

namespace dongxi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Record Result(const std::string& id, const std::string& title = "t") {
  return Titled(RecordKind::kResult, id, title);
}
RecordName Name(const std::string& id) { return {RecordKind::kResult, id}; }

class CatalogueWriteTest : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    catalogue_.reset();
    absl::StatusOr<std::unique_ptr<Catalogue>> opened = Catalogue::Open(folder());
    ASSERT_TRUE(opened.ok()) << opened.status();
    catalogue_ = *std::move(opened);
  }
  std::filesystem::path folder() const { return temporary_.path() / "catalogue"; }
  absl::StatusOr<WriteResult> Write(WriteBatch batch, int64_t now_us = 1) {
    return catalogue_->Write([&batch](const CatalogueReader&) { return batch; }, now_us);
  }
  WriteResult Must(WriteBatch batch, int64_t now_us = 1) {
    const absl::StatusOr<WriteResult> result = Write(std::move(batch), now_us);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : WriteResult();
  }
  void Upsert(const std::string& id, const std::string& title) {
    Must({.upserts = {Result(id, title)}, .deletes = {}, .undeletes = {}, .puts = {}});
  }
  void Delete(const std::string& id, int64_t now_us = 1) {
    EXPECT_EQ(Must({.upserts = {}, .deletes = {Name(id)}, .undeletes = {}, .puts = {}}, now_us).deleted, 1u);
  }
  void Undelete(const std::string& id) {
    EXPECT_EQ(Must({.upserts = {}, .deletes = {}, .undeletes = {Name(id)}, .puts = {}}).undeleted.size(), 1u);
  }
  // The title at that sequence, "-" if there was no such record.
  static std::string TitleAt(const CatalogueReader& reader, const std::string& id, uint64_t sequence) {
    const RecordName names[] = {Name(id)};
    const auto found = reader.GetManyAt(names, sequence);
    if (!found.ok()) return found.status().ToString();
    return (*found)[0] ? (*found)[0]->title : "-";
  }

  TemporaryFolder temporary_;
  std::unique_ptr<Catalogue> catalogue_;
};

TEST_F(CatalogueWriteTest, RecordsAndTablesAreWrittenTogetherAndSurviveReopening) {
  const WriteResult result = Must({.upserts = {Result("a"), Result("b")},
                                   .deletes = {},
                                   .undeletes = {},
                                   .puts = {{Table::kRequests, "id", "answer"}}});
  EXPECT_EQ(result.sequence, 1u);
  ASSERT_EQ(result.stored.size(), 2u);
  EXPECT_EQ(result.stored[1].revision, 1u);
  Reopen();
  EXPECT_EQ(*catalogue_->GetTable(Table::kRequests, "id"), "answer");
  EXPECT_EQ(*catalogue_->GetTable(Table::kOperations, "id"), std::nullopt);
  EXPECT_TRUE(catalogue_->Get(RecordKind::kResult, "b").ok());
}

TEST_F(CatalogueWriteTest, PutsAloneDoNotAdvanceTheSequence) {
  Upsert("a", "t");
  const WriteBatch put{.upserts = {}, .deletes = {}, .undeletes = {}, .puts = {{Table::kSettings, "k", "v"}}};
  EXPECT_EQ(Must(put).sequence, 1u);
  EXPECT_EQ(catalogue_->sequence(), 1u);
  EXPECT_EQ(*catalogue_->Snapshot()->GetTable(Table::kSettings, "k"), "v");
  Must({.upserts = {}, .deletes = {}, .undeletes = {}, .puts = {{Table::kSettings, "k", std::nullopt}}});
  EXPECT_EQ(*catalogue_->GetTable(Table::kSettings, "k"), std::nullopt);
}

TEST_F(CatalogueWriteTest, ErrorOfThePlanIsReturnedAndNothingIsWritten) {
  const absl::Status status =
      catalogue_->Write([](const CatalogueReader&) { return absl::AbortedError("other etag"); }, 1).status();
  EXPECT_TRUE(absl::IsAborted(status)) << status;
  EXPECT_EQ(catalogue_->sequence(), 0u);
}

TEST_F(CatalogueWriteTest, PlanReadsTheNewestState) {
  Upsert("a", "first");
  const auto plan = [](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
    absl::StatusOr<Record> record = newest.Get(RecordKind::kResult, "a");
    if (!record.ok()) return record.status();
    record->title += "+";
    return WriteBatch{.upserts = {*record}, .deletes = {}, .undeletes = {}, .puts = {}};
  };
  ASSERT_TRUE(catalogue_->Write(plan, 2).ok());
  ASSERT_TRUE(catalogue_->Write(plan, 3).ok());
  EXPECT_EQ(catalogue_->Get(RecordKind::kResult, "a")->title, "first++");
}

TEST_F(CatalogueWriteTest, NameInTwoListsIsRefused) {
  const absl::Status status =
      Write({.upserts = {Result("a")}, .deletes = {Name("a")}, .undeletes = {}, .puts = {}}).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("results/a"));
}

TEST_F(CatalogueWriteTest, DeletedRecordIsOutOfAllReadsButThatOfTheDeleted) {
  Upsert("a", "t");
  Upsert("b", "t");
  Delete("a", 77);
  EXPECT_TRUE(absl::IsNotFound(catalogue_->Get(RecordKind::kResult, "a").status()));
  EXPECT_THAT(IdsOf(*catalogue_, RecordKind::kResult), ElementsAre("b"));
  EXPECT_EQ(catalogue_->Counts()[static_cast<size_t>(RecordKind::kResult)], 1u);
  std::vector<Record> deleted;
  ASSERT_TRUE(catalogue_
                  ->ScanDeleted(RecordKind::kResult, "",
                                [&](Record record) {
                                  deleted.push_back(std::move(record));
                                  return true;
                                })
                  .ok());
  ASSERT_EQ(deleted.size(), 1u);
  EXPECT_EQ(deleted[0].delete_time_us, 77);
  EXPECT_EQ(deleted[0].revision, 3u);
}

TEST_F(CatalogueWriteTest, UndeleteBringsTheRecordBackWithANewRevision) {
  Upsert("a", "t");
  Delete("a");
  Undelete("a");
  const absl::StatusOr<Record> record = catalogue_->Get(RecordKind::kResult, "a");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->revision, 3u);
  EXPECT_EQ(record->delete_time_us, 0);
  const RecordName names[] = {Name("a")};
  EXPECT_FALSE((*catalogue_->GetManyDeleted(names))[0].has_value());
  EXPECT_EQ(catalogue_->Counts()[static_cast<size_t>(RecordKind::kResult)], 1u);
}

TEST_F(CatalogueWriteTest, UpsertOverADeletedRecordMakesANewOne) {
  Must({.upserts = {Result("a")}, .deletes = {}, .undeletes = {}, .puts = {}}, 5);
  Delete("a", 6);
  const WriteResult again = Must({.upserts = {Result("a")}, .deletes = {}, .undeletes = {}, .puts = {}}, 7);
  EXPECT_THAT(again.states, ElementsAre(UpsertState::kCreated));
  EXPECT_EQ(again.stored[0].create_time_us, 7);
  const RecordName names[] = {Name("a")};
  EXPECT_FALSE((*catalogue_->GetManyDeleted(names))[0].has_value());
}

TEST_F(CatalogueWriteTest, ListenerHearsEveryCommitInOrderAndReadsItAlready) {
  std::vector<Change> heard;
  catalogue_->SetListener([&](uint64_t sequence, std::span<const Change> changes) {
    EXPECT_EQ(catalogue_->sequence(), sequence);
    heard.insert(heard.end(), changes.begin(), changes.end());
  });
  Upsert("a", "t");
  Upsert("a", "t");  // unchanged: no commit
  Delete("a");
  Undelete("a");
  Must({.upserts = {}, .deletes = {}, .undeletes = {}, .puts = {{Table::kSettings, "k", "v"}}});
  EXPECT_THAT(heard, ElementsAre(Change{1, ChangeOperation::kUpsert, Name("a")},
                                 Change{2, ChangeOperation::kDelete, Name("a")},
                                 Change{3, ChangeOperation::kUpsert, Name("a")}));
  EXPECT_EQ(heard, ChangesOf(*catalogue_, 0));
}

TEST_F(CatalogueWriteTest, TablesAreScannedInOrderFromAKey) {
  for (const char* key : {"b", "a", "d", "c"}) ASSERT_TRUE(catalogue_->NoteMatch(key, key).ok());
  Must({.upserts = {}, .deletes = {}, .undeletes = {}, .puts = {{Table::kRequests, "z", "z"}}});
  std::vector<std::string> keys;
  const auto visit = [&keys](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return keys.size() < 2;
  };
  ASSERT_TRUE(catalogue_->ScanTable(Table::kMatches, "b", visit).ok());
  EXPECT_THAT(keys, ElementsAre("b", "c"));
  Reopen();
  EXPECT_EQ(*catalogue_->GetTable(Table::kMatches, "d"), "d");
}

// The law of history: what is read at a sequence is what stood there, whatever was pruned before it. The
// oracle keeps a copy of everything after each write.
TEST_F(CatalogueWriteTest, ReadsAtAnySequenceEqualWhatStoodThere) {
  std::mt19937 rng(7);
  std::vector<std::map<std::string, std::string>> truth(1);
  uint64_t start = 0;
  const std::vector<std::string> ids = {"a", "ab", "b", "c"};
  const auto check = [&](const CatalogueReader& reader, uint64_t first) {
    for (uint64_t sequence = first; sequence < truth.size(); ++sequence) {
      for (const std::string& id : ids) {
        const auto at = truth[sequence].find(id);
        ASSERT_EQ(TitleAt(reader, id, sequence), at == truth[sequence].end() ? "-" : at->second)
            << id << " at " << sequence << " of " << truth.size() - 1 << ", history from " << first;
      }
    }
  };
  for (int step = 0; step < 150; ++step) {
    const std::string id = ids[rng() % ids.size()];
    std::map<std::string, std::string> next = truth.back();
    WriteBatch batch;
    const RecordName names[] = {Name(id)};
    const bool deleted = (*catalogue_->GetManyDeleted(names))[0].has_value();
    const uint32_t dice = rng() % 4;
    if (dice == 0 && next.contains(id)) {
      batch.deletes = {Name(id)};
      next.erase(id);
    } else if (dice == 1 && deleted) {
      next[id] = (*catalogue_->GetManyDeleted(names))[0]->title;
      batch.undeletes = {Name(id)};
    } else {
      next[id] = std::to_string(step);
      batch.upserts = {Result(id, next[id])};
    }
    Must(batch);
    truth.push_back(next);
    ASSERT_EQ(catalogue_->sequence(), truth.size() - 1);
    if (step % 30 == 29) {
      start += rng() % (truth.size() - start);
      // Expired or not: half of the rounds remove deleted records for good.
      ASSERT_TRUE(catalogue_->Prune(start, rng() % 2 == 0 ? 1 : kDeletedKeptUs + 1).ok());
      EXPECT_EQ(catalogue_->HistoryStart(), start);
    }
    if (step % 15 == 14) check(*catalogue_, start);
  }
  Reopen();
  EXPECT_EQ(catalogue_->HistoryStart(), start);
  check(*catalogue_, start);
  check(**OpenCatalogueView(folder()), start);
}

TEST_F(CatalogueWriteTest, PruneForgetsVersionsChangesAndExpiredDeletions) {
  Upsert("a", "1");
  Upsert("a", "2");
  Upsert("b", "1");
  Delete("b", 10);
  const std::unique_ptr<CatalogueReader> before = catalogue_->Snapshot();
  ASSERT_TRUE(catalogue_->Prune(4, 10 + kDeletedKeptUs - 1).ok());
  const RecordName b[] = {Name("b")};
  EXPECT_TRUE((*catalogue_->GetManyDeleted(b))[0].has_value());  // its time is not over
  EXPECT_TRUE(absl::IsOutOfRange(catalogue_->GetManyAt(b, 3).status()));
  EXPECT_TRUE(absl::IsOutOfRange(catalogue_->ScanChanges(3, [](const Change&) { return true; })));
  EXPECT_THAT(ChangesOf(*catalogue_, 4), IsEmpty());
  EXPECT_EQ(TitleAt(*before, "a", 1), "1");  // a snapshot from before still reads all
  ASSERT_TRUE(catalogue_->Prune(4, 10 + kDeletedKeptUs).ok());
  EXPECT_FALSE((*catalogue_->GetManyDeleted(b))[0].has_value());
  EXPECT_EQ(TitleAt(*catalogue_, "a", 4), "2");
  EXPECT_EQ(TitleAt(*catalogue_, "b", 4), "-");
  EXPECT_TRUE(absl::IsInvalidArgument(catalogue_->Prune(99, 1)));
}

TEST_F(CatalogueWriteTest, CheckpointIsACatalogueOfThatMoment) {
  Upsert("a", "t");
  ASSERT_TRUE(catalogue_->NoteMatch("m", "v").ok());
  const std::filesystem::path copy = temporary_.path() / "copy";
  ASSERT_TRUE(catalogue_->Checkpoint(copy).ok());
  Upsert("b", "t");
  const absl::StatusOr<std::unique_ptr<Catalogue>> opened = Catalogue::Open(copy);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_THAT(IdsOf(**opened, RecordKind::kResult), ElementsAre("a"));
  EXPECT_EQ(*(*opened)->GetTable(Table::kMatches, "m"), "v");
  EXPECT_TRUE(absl::IsAlreadyExists(catalogue_->Checkpoint(copy)));
}

// A child writes record and table together and tells each acknowledged number through a pipe, until it is
// killed.
TEST_F(CatalogueWriteTest, AcknowledgedWritesSurviveKillMinusNine) {
  catalogue_.reset();
  for (int round = 0; round < 3; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const absl::StatusOr<std::unique_ptr<Catalogue>> opened = Catalogue::Open(folder());
      for (uint32_t i = 0; opened.ok(); ++i) {
        WriteBatch batch;
        batch.upserts = {Result("r", std::to_string(i))};
        batch.puts = {{Table::kRequests, "r", std::to_string(i)}};
        const bool written = (*opened)->Write([&batch](const CatalogueReader&) { return batch; }, 1).ok() &&
                             (*opened)->NoteMatch("r", std::to_string(i)).ok();
        if (!written || ::write(pipe_ends[1], &i, sizeof(i)) != sizeof(i)) ::_exit(1);
      }
      ::_exit(1);
    }
    ::close(pipe_ends[1]);
    uint32_t last = 0;
    uint32_t number = 0;
    while (::read(pipe_ends[0], &number, sizeof(number)) == sizeof(number)) {
      last = number;
      if (number == 40) ::kill(child, SIGKILL);
    }
    ::close(pipe_ends[0]);
    ::waitpid(child, nullptr, 0);
    ASSERT_GE(last, 40u);
    Reopen();
    const absl::StatusOr<Record> record = catalogue_->Get(RecordKind::kResult, "r");
    ASSERT_TRUE(record.ok()) << record.status();
    EXPECT_GE(std::stoul(record->title), last);
    EXPECT_EQ(*catalogue_->GetTable(Table::kRequests, "r"), record->title);
    EXPECT_GE(std::stoul(**catalogue_->GetTable(Table::kMatches, "r")), last);
    catalogue_.reset();
  }
}

}  // namespace
}  // namespace dongxi
