// The rules of writes for callers of several tenants, idempotency over time, exports beside writes: on a real
// catalogue, without a server.
#include "server/record_write.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/export_records.h"
#include "server/grpc_status.h"
#include "server/import_records.h"
#include "server/request_memory.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kNowUs = 1'760'000'000'000'000;
constexpr char kUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445566";

Caller Of(const std::string& tenant) {
  Caller caller;
  caller.viewer = {.disclosure_max = Disclosure::kRegistered, .tenant = tenant, .all_tenants = false};
  caller.token_id = "t-" + tenant;
  return caller;
}
Caller Operator() {
  Caller caller;
  caller.viewer = {.disclosure_max = Disclosure::kOrganiser, .tenant = "", .all_tenants = true};
  caller.token_id = "operator";
  return caller;
}

class RecordWriteTest : public testing::Test {
 protected:
  void SetUp() override {
    auto catalogue = Catalogue::Open(folder_.path());
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    catalogue_ = *std::move(catalogue);
  }
  static Record Result(const std::string& id) {
    Record record;
    record.id = id;
    record.title = "t";
    return record;
  }
  // Writes what `plan` says and tells the status; the answer must be what is stored then.
  template <typename PlanFunction>
  absl::Status Write(PlanFunction plan) {
    Record answer;
    const absl::Status status = catalogue_
                                    ->Write(
                                        [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
                                          absl::StatusOr<PlannedWrite> planned = plan(newest);
                                          if (!planned.ok()) return planned.status();
                                          answer = planned->answer;
                                          return planned->batch;
                                        },
                                        kNowUs)
                                    .status();
    if (status.ok() && answer.delete_time_us == 0 && answer.revision != 0) {
      EXPECT_EQ(*catalogue_->Get(answer.kind, answer.id), answer);
    }
    return status;
  }
  absl::Status Create(const Caller& caller, Record record) {
    return Write([&](const CatalogueReader& newest) { return PlanCreate(newest, caller, record, kNowUs); });
  }
  absl::Status Delete(const Caller& caller, const std::string& id) {
    return Write([&](const CatalogueReader& newest) {
      return PlanDelete(newest, caller, {RecordKind::kResult, id}, "", false, kNowUs);
    });
  }
  absl::Status Expire(const Caller& caller, const std::string& id) {
    return Write([&](const CatalogueReader& newest) {
      return PlanExpire(newest, caller, {RecordKind::kResult, id}, "", kNowUs);
    });
  }

  TemporaryFolder folder_;
  std::unique_ptr<Catalogue> catalogue_;
};

TEST_F(RecordWriteTest, RecordBelongsToTheTenantOfItsWriterAndOthersNeitherSeeNorChangeIt) {
  Record claims = Result("a");
  claims.tenant = "other";
  ASSERT_TRUE(Create(Of("park"), claims).ok());
  EXPECT_EQ(catalogue_->Get(RecordKind::kResult, "a")->tenant, "park");
  EXPECT_TRUE(absl::IsNotFound(Delete(Of("mine"), "a")));
  EXPECT_TRUE(absl::IsNotFound(Expire(Of("mine"), "a")));
  EXPECT_TRUE(absl::IsAlreadyExists(Create(Of("mine"), Result("a"))));
  EXPECT_TRUE(Expire(Of("park"), "a").ok());
  EXPECT_TRUE(Expire(Operator(), "a").ok());
  EXPECT_EQ(catalogue_->Get(RecordKind::kResult, "a")->tenant, "park");
  EXPECT_TRUE(Delete(Of("park"), "a").ok());
}

TEST_F(RecordWriteTest, SharedAndCommonRecordsAreSeenByAllAndChangedByTheirOwners) {
  Record shared = Result("shared");
  shared.shared = true;
  ASSERT_TRUE(Create(Of("park"), shared).ok());
  ASSERT_TRUE(Create(Operator(), Result("common")).ok());
  for (const char* id : {"shared", "common"}) {
    const absl::Status status = Delete(Of("mine"), id);
    EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
    EXPECT_EQ(ReasonOf(status), "RECORD_OF_ANOTHER_TENANT");
  }
}

TEST_F(RecordWriteTest, RecordAboveTheCallersDisclosureIsNotFound) {
  Record secret = Result("secret");
  secret.disclosure = Disclosure::kOrganiser;
  ASSERT_TRUE(Create(Of("park"), secret).ok());
  EXPECT_TRUE(absl::IsNotFound(Delete(Of("park"), "secret")));
  EXPECT_TRUE(Delete(Operator(), "secret").ok());
}

TEST_F(RecordWriteTest, ImportRefusesRecordsOfAnotherTenantAndKeepsTheOwner) {
  pb::ImportRecordsRequest request;
  request.add_records()->mutable_result()->set_name("results/a");
  request.mutable_records(0)->mutable_result()->set_title("甲");
  const auto import = [&](const Caller& caller) {
    return ImportBatch(request, kNowUs, caller, FewWords(), catalogue_.get())->outcomes(0);
  };
  EXPECT_EQ(import(Of("park")).state(), pb::ImportOutcome::CREATED);
  request.mutable_records(0)->mutable_result()->set_title("乙");
  const pb::ImportOutcome refused = import(Of("mine"));
  EXPECT_EQ(refused.state(), pb::ImportOutcome::REFUSED);
  EXPECT_EQ(refused.problems(0).field(), "id");
  EXPECT_EQ(catalogue_->Get(RecordKind::kResult, "a")->title, "甲");
  EXPECT_EQ(import(Operator()).state(), pb::ImportOutcome::UPDATED);
  EXPECT_EQ(catalogue_->Get(RecordKind::kResult, "a")->tenant, "park");
}

TEST_F(RecordWriteTest, ADeletedRecordPastItsTimeBlocksNoName) {
  ASSERT_TRUE(Create(Of("park"), Result("a")).ok());
  ASSERT_TRUE(Delete(Of("park"), "a").ok());
  const int64_t last = kNowUs + kDeletedKeptUs - 1;
  EXPECT_EQ(ReasonOf(PlanCreate(*catalogue_, Of("mine"), Result("a"), last).status()), "RECORD_EXISTS");
  const auto made = PlanCreate(*catalogue_, Of("mine"), Result("a"), last + 1);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->answer.tenant, "mine");
  pb::ImportRecordsRequest request;
  request.add_records()->mutable_result()->set_name("results/a");
  request.mutable_records(0)->mutable_result()->set_title("甲");
  const auto import = [&](int64_t now_us) {
    return ImportBatch(request, now_us, Of("mine"), FewWords(), catalogue_.get())->outcomes(0).state();
  };
  EXPECT_EQ(import(last), pb::ImportOutcome::REFUSED) << "of another tenant";
  EXPECT_EQ(import(last + 1), pb::ImportOutcome::CREATED);
  EXPECT_EQ(catalogue_->Get(RecordKind::kResult, "a")->tenant, "mine");
}

TEST_F(RecordWriteTest, DeletedRecordCanBeUndeletedForThirtyDays) {
  ASSERT_TRUE(Create(Of("park"), Result("a")).ok());
  ASSERT_TRUE(Delete(Of("park"), "a").ok());
  const RecordName name{RecordKind::kResult, "a"};
  const int64_t last = kNowUs + kDeletedKeptUs - 1;
  EXPECT_TRUE(PlanUndelete(*catalogue_, Of("park"), name, "", last).ok());
  EXPECT_TRUE(absl::IsNotFound(PlanUndelete(*catalogue_, Of("park"), name, "", last + 1).status()));
  EXPECT_TRUE(absl::IsNotFound(PlanUndelete(*catalogue_, Of("mine"), name, "", last).status()));
  EXPECT_TRUE(absl::IsAborted(PlanUndelete(*catalogue_, Of("park"), name, "1", last).status()));
}

TEST_F(RecordWriteTest, RequestIsRememberedForADayForItsTenantOnlyAndThenRemoved) {
  const auto key = *MakeRequestKey("park", kUuid, "CreateResult", "bytes");
  const auto remember = [&](const RequestKey& remembered, int64_t now_us) {
    const auto plan = [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
      WriteBatch batch;
      const absl::Status status = RememberAnswer(newest, remembered, "answer", now_us, &batch.puts);
      if (!status.ok()) return status;
      return batch;
    };
    ASSERT_TRUE(catalogue_->Write(plan, now_us).ok());
  };
  const auto rows = [&] {
    int count = 0;
    EXPECT_TRUE(catalogue_
                    ->ScanTable(Table::kRequests, "",
                                [&count](std::string_view, std::string_view) {
                                  ++count;
                                  return true;
                                })
                    .ok());
    return count;
  };
  remember(key, kNowUs);
  const int64_t last = kNowUs + kRequestKeptUs - 1;
  EXPECT_EQ(**RecallAnswer(*catalogue_, key, last), "answer");
  EXPECT_EQ(*RecallAnswer(*catalogue_, key, last + 1), std::nullopt);
  EXPECT_EQ(*RecallAnswer(*catalogue_, *MakeRequestKey("mine", kUuid, "CreateResult", "bytes"), last),
            std::nullopt);
  EXPECT_FALSE(RecallAnswer(*catalogue_, *MakeRequestKey("park", kUuid, "CreateResult", "other"), last).ok());
  EXPECT_EQ(rows(), 2);
  remember(*MakeRequestKey("park", "1b8f1c7e-5d2a-4c3b-9e6f-112233445566", "m", "b"), last + 1);
  EXPECT_EQ(rows(), 2);  // the first is gone
  remember(key, last + 2);
  EXPECT_EQ(**RecallAnswer(*catalogue_, key, last + 2), "answer");
}

TEST_F(RecordWriteTest, AnIdUsedAgainKeepsItsNewAnswerWhileExpiredOnesAreRemoved) {
  const auto remember = [&](const RequestKey& key, const std::string& answer, int64_t now_us) {
    const auto plan = [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
      WriteBatch batch;
      const absl::Status status = RememberAnswer(newest, key, answer, now_us, &batch.puts);
      if (!status.ok()) return status;
      return batch;
    };
    ASSERT_TRUE(catalogue_->Write(plan, now_us).ok());
  };
  const auto other = [](int i) {
    std::string id = "1b8f1c7e-5d2a-4c3b-9e6f-1122334455";
    id += std::to_string(10 + i);
    return *MakeRequestKey("park", id, "m", "b");
  };
  for (int i = 0; i < 12; ++i) remember(other(i), "old", kNowUs + i);
  const auto key = *MakeRequestKey("park", kUuid, "CreateResult", "bytes");
  remember(key, "old", kNowUs + 12);
  const int64_t later = kNowUs + 2 * kRequestKeptUs;
  remember(key, "new", later);
  for (int i = 20; i < 24; ++i) remember(other(i), "other", later + i);
  EXPECT_EQ(**RecallAnswer(*catalogue_, key, later + 30), "new");
}

TEST_F(RecordWriteTest, ExportDoesNotSeeWhatIsWrittenMeanwhile) {
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(Create(Of("park"), Result(id)).ok());
  ASSERT_TRUE(Create(Of("mine"), Result("hidden")).ok());
  const std::unique_ptr<CatalogueReader> moment = catalogue_->Snapshot();
  ASSERT_TRUE(Delete(Of("park"), "b").ok());
  ASSERT_TRUE(Create(Of("park"), Result("d")).ok());
  std::vector<std::string> names;
  const auto take = [&](const pb::ExportRecordsResponse& message) {
    EXPECT_EQ(message.catalogue_sequence(), moment->sequence());
    for (const pb::Record& record : message.records()) names.push_back(record.result().name());
    return true;
  };
  const auto stays = [] { return false; };
  ASSERT_TRUE(ExportAll(*moment, Of("park"), {}, FewWords(), stays, take).ok());
  EXPECT_THAT(names, ElementsAre("results/a", "results/b", "results/c"));
  EXPECT_TRUE(absl::IsCancelled(ExportAll(*moment, Of("park"), {}, FewWords(), stays,
                                          [](const pb::ExportRecordsResponse&) { return false; })));
}

}  // namespace
}  // namespace dongxi
