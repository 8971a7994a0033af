#include "store/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <thread>

#include "tests/store/store_testing.h"

namespace dongxi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kCreated = UpsertState::kCreated;
constexpr auto kUpdated = UpsertState::kUpdated;
constexpr auto kUnchanged = UpsertState::kUnchanged;

class CatalogueTest : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    catalogue_.reset();
    absl::StatusOr<std::unique_ptr<Catalogue>> opened = Catalogue::Open(folder());
    ASSERT_TRUE(opened.ok()) << opened.status();
    catalogue_ = *std::move(opened);
  }
  std::filesystem::path folder() const { return temporary_.path() / "a" / "catalogue"; }
  std::vector<UpsertState> Upsert(std::vector<Record> records, int64_t now_us = 1) {
    const absl::StatusOr<std::vector<UpsertState>> states = catalogue_->Upsert(std::move(records), now_us);
    EXPECT_TRUE(states.ok()) << states.status();
    return states.ok() ? *states : std::vector<UpsertState>();
  }
  void Delete(RecordKind kind, const std::string& id) {
    const RecordName names[] = {{kind, id}};
    EXPECT_TRUE(catalogue_->Delete(names, 1).ok());
  }
  RecordCounts Counts(uint64_t institutions, uint64_t experts, uint64_t results, uint64_t needs,
                      uint64_t evidence) {
    return {0, institutions, experts, results, needs, evidence};
  }

  TemporaryFolder temporary_;
  std::unique_ptr<Catalogue> catalogue_;
};

Record Result(const std::string& id, const std::string& title = "t") {
  return Titled(RecordKind::kResult, id, title);
}

TEST_F(CatalogueTest, NewCatalogueIsEmpty) {
  EXPECT_EQ(catalogue_->sequence(), 0u);
  EXPECT_EQ(catalogue_->Counts(), Counts(0, 0, 0, 0, 0));
  EXPECT_THAT(IdsOf(*catalogue_, RecordKind::kResult), IsEmpty());
  EXPECT_THAT(ChangesOf(*catalogue_, 0), IsEmpty());
}

TEST_F(CatalogueTest, UpsertTellsCreatedUpdatedAndUnchangedApart) {
  EXPECT_THAT(Upsert({Result("a"), Result("b")}), ElementsAre(kCreated, kCreated));
  EXPECT_THAT(Upsert({Result("a"), Result("b", "new"), Result("c")}),
              ElementsAre(kUnchanged, kUpdated, kCreated));
  EXPECT_EQ(catalogue_->Counts(), Counts(0, 0, 3, 0, 0));
}

TEST_F(CatalogueTest, SameIdInTwoKindsAreTwoRecords) {
  EXPECT_THAT(Upsert({Result("a"), Titled(RecordKind::kNeed, "a", "t")}), ElementsAre(kCreated, kCreated));
  EXPECT_EQ(catalogue_->Counts(), Counts(0, 0, 1, 1, 0));
}

TEST_F(CatalogueTest, LastOfTheSameNameWinsAndTheOthersAreUnchanged) {
  EXPECT_THAT(Upsert({Result("a", "first"), Result("a", "second")}), ElementsAre(kUnchanged, kCreated));
  EXPECT_EQ(catalogue_->Get(RecordKind::kResult, "a")->title, "second");
  EXPECT_EQ(catalogue_->Counts(), Counts(0, 0, 1, 0, 0));
  EXPECT_EQ(ChangesOf(*catalogue_, 0).size(), 1u);
}

TEST_F(CatalogueTest, RevisionAndTimesAreSetByTheCatalogue) {
  Record mine = Result("a");
  mine.revision = 77;
  mine.create_time_us = 5;
  Upsert({mine}, 100);
  Record stored = *catalogue_->Get(RecordKind::kResult, "a");
  EXPECT_EQ(stored.revision, 1u);
  EXPECT_EQ(stored.create_time_us, 100);
  EXPECT_EQ(stored.update_time_us, 100);

  Upsert({Result("a", "new")}, 200);
  stored = *catalogue_->Get(RecordKind::kResult, "a");
  EXPECT_EQ(stored.revision, 2u);
  EXPECT_EQ(stored.create_time_us, 100);
  EXPECT_EQ(stored.update_time_us, 200);
}

TEST_F(CatalogueTest, BatchThatChangesNothingHasNoSequenceNumber) {
  Upsert({Result("a")});
  EXPECT_THAT(Upsert({Result("a")}, 999), ElementsAre(kUnchanged));
  EXPECT_THAT(Upsert({}), IsEmpty());
  EXPECT_EQ(catalogue_->sequence(), 1u);
  EXPECT_EQ(catalogue_->Get(RecordKind::kResult, "a")->update_time_us, 1);
}

TEST_F(CatalogueTest, FieldThatTheKindDoesNotHaveIsNoChange) {
  Record institution = Titled(RecordKind::kInstitution, "i", "t");
  institution.year = 2020;
  Upsert({institution});
  EXPECT_THAT(Upsert({institution}), ElementsAre(kUnchanged));
}

TEST_F(CatalogueTest, EveryFieldOfEveryKindComesBack) {
  Upsert(FullRecords(), 42);
  for (Record want : FullRecords()) {
    want.revision = 1;
    want.create_time_us = want.update_time_us = 42;
    const absl::StatusOr<Record> found = catalogue_->Get(want.kind, want.id);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(*found, want);
  }
  EXPECT_EQ(catalogue_->Counts(), Counts(1, 1, 1, 1, 1));
}

TEST_F(CatalogueTest, GetOfAnUnknownRecordNamesIt) {
  const absl::Status status = catalogue_->Get(RecordKind::kNeed, "n-9").status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("needs/n-9"));
}

TEST_F(CatalogueTest, GetManyKeepsTheOrderAndLeavesHoles) {
  Upsert({Result("a"), Titled(RecordKind::kNeed, "n", "t")});
  const RecordName names[] = {{RecordKind::kNeed, "n"},
                              {RecordKind::kResult, "none"},
                              {RecordKind::kResult, "a"},
                              {RecordKind::kNeed, "n"}};
  const absl::StatusOr<std::vector<std::optional<Record>>> found = catalogue_->GetMany(names);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 4u);
  EXPECT_EQ((*found)[0]->id, "n");
  EXPECT_FALSE((*found)[1].has_value());
  EXPECT_EQ((*found)[2]->id, "a");
  EXPECT_EQ((*found)[3]->id, "n");
}

TEST_F(CatalogueTest, ScanGoesByIdAndResumesAfterTheLastOne) {
  Upsert({Result("c"), Result("a"), Result("b"), Result("b-2"), Titled(RecordKind::kNeed, "aa", "t")});
  EXPECT_THAT(IdsOf(*catalogue_, RecordKind::kResult), ElementsAre("a", "b", "b-2", "c"));
  EXPECT_THAT(IdsOf(*catalogue_, RecordKind::kResult, "b"), ElementsAre("b-2", "c"));
  EXPECT_THAT(IdsOf(*catalogue_, RecordKind::kResult, "b-1"), ElementsAre("b-2", "c"));
  EXPECT_THAT(IdsOf(*catalogue_, RecordKind::kResult, "c"), IsEmpty());
}

TEST_F(CatalogueTest, ScanStopsWhenTheVisitorSaysSo) {
  Upsert({Result("a"), Result("b"), Result("c")});
  int visited = 0;
  EXPECT_TRUE(catalogue_->Scan(RecordKind::kResult, "", [&](const Record&) { return ++visited < 2; }).ok());
  EXPECT_EQ(visited, 2);
}

TEST_F(CatalogueTest, DeleteRemovesWhatExistsAndCountsIt) {
  Upsert({Result("a"), Result("b")});
  const RecordName names[] = {
      {RecordKind::kResult, "a"}, {RecordKind::kResult, "a"}, {RecordKind::kResult, "none"}};
  EXPECT_EQ(*catalogue_->Delete(names, 1), 1u);
  EXPECT_EQ(*catalogue_->Delete(names, 1), 0u);
  EXPECT_EQ(catalogue_->sequence(), 2u);
  EXPECT_EQ(catalogue_->Counts(), Counts(0, 0, 1, 0, 0));
  EXPECT_TRUE(absl::IsNotFound(catalogue_->Get(RecordKind::kResult, "a").status()));
  EXPECT_THAT(Upsert({Result("a")}, 9), ElementsAre(kCreated));
  EXPECT_EQ(catalogue_->Get(RecordKind::kResult, "a")->create_time_us, 9);
}

TEST_F(CatalogueTest, ChangeLogTellsEveryBatchInOrder) {
  Upsert({Result("b"), Result("a")});
  Upsert({Result("b", "new"), Result("a"), Titled(RecordKind::kExpert, "e", "t")});
  Delete(RecordKind::kResult, "a");
  const Change want[] = {{1, ChangeOperation::kUpsert, {RecordKind::kResult, "b"}},
                         {1, ChangeOperation::kUpsert, {RecordKind::kResult, "a"}},
                         {2, ChangeOperation::kUpsert, {RecordKind::kResult, "b"}},
                         {2, ChangeOperation::kUpsert, {RecordKind::kExpert, "e"}},
                         {3, ChangeOperation::kDelete, {RecordKind::kResult, "a"}}};
  EXPECT_THAT(ChangesOf(*catalogue_, 0), testing::ElementsAreArray(want));
  EXPECT_THAT(ChangesOf(*catalogue_, 1), ElementsAre(want[2], want[3], want[4]));
  EXPECT_THAT(ChangesOf(*catalogue_, 3), IsEmpty());
  EXPECT_THAT(ChangesOf(*catalogue_, UINT64_MAX), IsEmpty());
}

TEST_F(CatalogueTest, ReopeningFindsEverything) {
  Upsert({Result("a"), Result("b")});
  ASSERT_TRUE(catalogue_->Flush().ok());
  Upsert({Result("c")});
  Delete(RecordKind::kResult, "b");
  Reopen();
  EXPECT_EQ(catalogue_->sequence(), 3u);
  EXPECT_EQ(catalogue_->Counts(), Counts(0, 0, 2, 0, 0));
  EXPECT_THAT(IdsOf(*catalogue_, RecordKind::kResult), ElementsAre("a", "c"));
  Upsert({Result("d")});
  EXPECT_EQ(ChangesOf(*catalogue_, 3).front().sequence, 4u);
}

TEST_F(CatalogueTest, WhatAKilledProcessHadAcknowledgedIsThere) {
  catalogue_.reset();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    absl::StatusOr<std::unique_ptr<Catalogue>> catalogue = Catalogue::Open(folder());
    const bool ok = catalogue.ok() && (*catalogue)->Upsert({Result("a")}, 1).ok() &&
                    (*catalogue)->Upsert({Result("b")}, 1).ok();
    ::_exit(ok ? 0 : 1);  // without closing anything
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  Reopen();
  EXPECT_THAT(IdsOf(*catalogue_, RecordKind::kResult), ElementsAre("a", "b"));
  EXPECT_EQ(catalogue_->sequence(), 2u);
}

struct UnstorableCase {
  const char* name;
  Record record;
  const char* message;
};

TEST_F(CatalogueTest, RecordThatCannotBeStoredStopsTheWholeBatch) {
  Record bad_owner = Result("bad");
  bad_owner.owners = {{RecordKind::kNeed, "n"}};
  Record no_kind = Result("bad");
  no_kind.kind = static_cast<RecordKind>(9);
  const UnstorableCase cases[] = {
      {"NoId", Result(""), "no id"},
      {"IdWithSpace", Result("a b"), "name: found 'results/a b'"},
      {"TextThatIsNotUtf8", Result("bad", "\xff\xfe"),
       "results/bad: cannot be stored: some text is not valid UTF-8"},
      {"OwnerOfAWrongKind", bad_owner, "owners[0]"},
      {"UnknownKind", no_kind, "unknown kind"},
  };
  for (const UnstorableCase& c : cases) {
    SCOPED_TRACE(c.name);
    const absl::Status status = catalogue_->Upsert({Result("good"), c.record}, 1).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.message));
  }
  EXPECT_EQ(catalogue_->sequence(), 0u);
  EXPECT_EQ(catalogue_->Counts(), Counts(0, 0, 0, 0, 0));
  EXPECT_THAT(IdsOf(*catalogue_, RecordKind::kResult), IsEmpty());
}

TEST_F(CatalogueTest, SnapshotDoesNotSeeLaterWrites) {
  Upsert({Result("a", "old")});
  const std::unique_ptr<CatalogueReader> snapshot = catalogue_->Snapshot();
  Upsert({Result("a", "new"), Result("b")});
  Delete(RecordKind::kResult, "a");
  ASSERT_TRUE(catalogue_->Flush().ok());
  EXPECT_EQ(snapshot->sequence(), 1u);
  EXPECT_EQ(snapshot->Counts(), Counts(0, 0, 1, 0, 0));
  EXPECT_EQ(snapshot->Get(RecordKind::kResult, "a")->title, "old");
  EXPECT_THAT(IdsOf(*snapshot, RecordKind::kResult), ElementsAre("a"));
  EXPECT_EQ(ChangesOf(*snapshot, 0).size(), 1u);
  const RecordName names[] = {{RecordKind::kResult, "b"}};
  EXPECT_FALSE(snapshot->GetMany(names)->front().has_value());
}

TEST_F(CatalogueTest, SecondWriterInThisProcessIsRefusedWithARemedy) {
  const absl::Status status = Catalogue::Open(folder()).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(folder().string()));
  EXPECT_THAT(std::string(status.message()), HasSubstr("--server HOST:PORT"));
}

TEST_F(CatalogueTest, SecondWriterInAnotherProcessIsRefusedWithARemedy) {
  catalogue_.reset();
  int ready[2];
  int done[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(done), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::close(done[1]);
    const absl::StatusOr<std::unique_ptr<Catalogue>> held = Catalogue::Open(folder());
    char byte = held.ok() ? 'y' : 'n';
    const bool told = ::write(ready[1], &byte, 1) == 1;
    const bool ended = ::read(done[0], &byte, 1) == 0;  // until the parent closes its end
    ::_exit(told && ended ? 0 : 1);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  const absl::Status status = Catalogue::Open(folder()).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("--server HOST:PORT"));
  ::close(done[0]);
  ::close(done[1]);
  int exit_status = 0;
  ASSERT_EQ(::waitpid(child, &exit_status, 0), child);
  EXPECT_EQ(exit_status, 0);
  Reopen();
}

// The law: whatever a reader sees, counts, sequence, records and change log are of one batch.
TEST_F(CatalogueTest, SnapshotsTakenDuringWritesAreConsistent) {
  std::jthread writer([this] {
    for (int i = 0; i < 200; ++i) {
      const std::string id = std::to_string(i);
      ASSERT_TRUE(catalogue_->Upsert({Result("a-" + id), Result("b-" + id)}, 1).ok());
    }
  });
  for (uint64_t sequence = 0; sequence < 200;) {
    const std::unique_ptr<CatalogueReader> snapshot = catalogue_->Snapshot();
    sequence = snapshot->sequence();
    EXPECT_EQ(snapshot->Counts()[static_cast<size_t>(RecordKind::kResult)], 2 * sequence);
    ASSERT_EQ(ChangesOf(*snapshot, 0).size(), 2 * sequence);
    ASSERT_EQ(IdsOf(*snapshot, RecordKind::kResult).size(), 2 * sequence);
  }
}

// The law: after any sequence of writes and reopenings the catalogue equals a map.
TEST_F(CatalogueTest, EqualsAMapAfterRandomWrites) {
  constexpr unsigned kSeed = 11;
  std::mt19937 random(kSeed);
  std::map<std::string, std::string> want;
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    std::vector<Record> records;
    for (unsigned i = random() % 8; i > 0; --i) {
      records.push_back(Result("r-" + std::to_string(random() % 20), std::to_string(random() % 3)));
      want[records.back().id] = records.back().title;
    }
    Upsert(records);
    const std::string removed = "r-" + std::to_string(random() % 20);
    want.erase(removed);
    Delete(RecordKind::kResult, removed);
    if (random() % 20 == 0) Reopen();
    ASSERT_EQ(catalogue_->Counts()[static_cast<size_t>(RecordKind::kResult)], want.size());
  }
  std::map<std::string, std::string> found;
  ASSERT_TRUE(catalogue_
                  ->Scan(RecordKind::kResult, "",
                         [&found](const Record& record) {
                           found[record.id] = record.title;
                           return true;
                         })
                  .ok());
  EXPECT_EQ(found, want);
}

}  // namespace
}  // namespace dongxi
