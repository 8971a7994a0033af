// The ledger without a server around it: how many entries a pair may have, batches whose caller goes away,
// and what the operator counts of a contract that two tenants recorded.
#include "server/engagement_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"
#include "engine/statistics/compute.h"
#include "server/engagement_convert.h"
#include "server/engagement_table.h"
#include "server/grpc_status.h"
#include "server/pair_ledger.h"
#include "server/serving_state.h"
#include "server/statistics_ledger.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::SizeIs;

constexpr int64_t kNowUs = 1'760'000'000'000'000;
constexpr int64_t kSpring2025 = 1'743'465'600;  // 2025-04-01, 8 o'clock in China
constexpr uint64_t kFirstFilled = 1'700'000'000'000'000;
constexpr char kNeed[] = "needs/n-lithium", kOffer[] = "results/r-lithium";

class EngagementLedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    auto opened = Catalogue::Open(folder_.path() / "catalogue");
    ASSERT_TRUE(opened.ok()) << opened.status();
    catalogue_ = *std::move(opened);
    ledger_ = std::make_unique<EngagementLedger>(&state_, catalogue_.get());
    a_.viewer.tenant = "a";
    b_.viewer.tenant = "b";
    operator_.viewer.all_tenants = true;
  }

  static pb::RecordEngagementRequest Step(pb::EngagementStep step, int day, int hours = 0) {
    pb::RecordEngagementRequest request;
    pb::Engagement& entry = *request.mutable_engagement();
    entry.set_need(kNeed);
    entry.set_offer(kOffer);
    entry.set_step(step);
    entry.mutable_event_time()->set_seconds(kSpring2025 + day * int64_t{86'400} + hours * int64_t{3'600});
    return request;
  }
  absl::StatusOr<pb::RecordEngagementResponse> Record(const Caller& caller,
                                                      const pb::RecordEngagementRequest& request) {
    return ledger_->Record(request, caller, kNowUs);
  }
  absl::Status Withdraw(const Caller& caller, const std::string& name) {
    pb::CorrectEngagementRequest request;
    request.set_name(name);
    request.set_withdraw(true);
    request.set_why("重复登记");
    return ledger_->Correct(request, caller, kNowUs).status();
  }
  // Puts so many entries of the pair there as if tenant a had recorded them.
  void Fill(size_t count) {
    const auto plan = [&](const CatalogueReader& reader) -> absl::StatusOr<WriteBatch> {
      TableOverlay table(reader, Table::kEngagements);
      for (size_t i = 0; i < count; ++i) {
        const std::string id = EngagementId(next_++);
        pb::Engagement entry = Step(pb::ENGAGEMENT_STEP_VIEWED, 0).engagement();
        entry.set_name(EngagementName(id));
        entry.set_kind(pb::Engagement::KIND_RECORD);
        entry.set_tenant("a");
        *entry.mutable_record_time() = entry.event_time();
        PutEngagement(id, entry, &table);
      }
      WriteBatch batch;
      table.AppendTo(&batch.puts);
      return batch;
    };
    const auto written = catalogue_->Write(plan, kNowUs);
    ASSERT_TRUE(written.ok()) << written.status();
  }
  std::vector<std::string> IdsOfPair() const {
    const std::unique_ptr<CatalogueReader> view = catalogue_->Snapshot();
    const auto ids = ReadPairIds(TableOverlay(*view, Table::kEngagements), kNeed, kOffer);
    EXPECT_TRUE(ids.ok()) << ids.status();
    return ids.value_or(std::vector<std::string>());
  }
  // A contract with all that follows, as one of its two parties records it.
  void RecordContract(const Caller& caller, int hours, const std::string& number, const std::string& mode) {
    pb::RecordEngagementRequest requests[] = {
        Step(pb::ENGAGEMENT_STEP_MET, 0, hours), Step(pb::ENGAGEMENT_STEP_SIGNED, 1, hours),
        Step(pb::ENGAGEMENT_STEP_REGISTERED, 2 + hours, hours), Step(pb::ENGAGEMENT_STEP_PAID, 5, hours),
        Step(pb::ENGAGEMENT_STEP_DELIVERED, 6, hours)};
    requests[1].mutable_engagement()->set_amount_wan(120);
    requests[1].mutable_engagement()->set_mode(mode);
    requests[2].mutable_engagement()->set_registration_number(number);
    requests[3].mutable_engagement()->set_amount_wan(50);
    for (const pb::RecordEngagementRequest& request : requests) {
      const auto recorded = Record(caller, request);
      ASSERT_TRUE(recorded.ok()) << recorded.status();
    }
  }
  Statistics StatisticsOf(const Caller& caller) const {
    StatisticsQuery query;
    query.period = {absl::CivilDay(2025, 1, 1), absl::CivilDay(2026, 1, 1)};
    query.dimensions = {Dimension::kMode};
    const std::shared_ptr<const Policy> policy = state_.policy();
    const auto input = ReadStatisticsInput(*catalogue_->Snapshot(), *policy, query, caller, nullptr);
    EXPECT_TRUE(input.ok()) << input.status();
    return input.ok() ? ComputeStatistics(input->rows, input->needs, *policy, query) : Statistics();
  }

  TemporaryFolder folder_;
  ServingState state_{*LoadPolicy("data/policy"), *LoadRankingConfig("data/ranking/default.json")};
  std::unique_ptr<Catalogue> catalogue_;
  std::unique_ptr<EngagementLedger> ledger_;
  Caller a_, b_, operator_;
  uint64_t next_ = kFirstFilled;  // of the id of an entry that Fill puts
};

TEST_F(EngagementLedgerTest, AFullPairOfATenantTakesNoStepAndForAWhileStillCorrections) {
  Fill(kPairEntriesMax - kPairCorrectionsKept - 1);
  const auto last = Record(a_, Step(pb::ENGAGEMENT_STEP_MET, 1));
  ASSERT_TRUE(last.ok()) << last.status();
  const absl::Status refused = Record(a_, Step(pb::ENGAGEMENT_STEP_MET, 2)).status();
  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  EXPECT_EQ(ReasonOf(refused), "PAIR_TOO_LONG");
  EXPECT_TRUE(Record(b_, Step(pb::ENGAGEMENT_STEP_MET, 2)).ok()) << "another tenant has its own";
  const absl::Status withdrawn = Withdraw(a_, last->engagement().name());
  EXPECT_TRUE(withdrawn.ok()) << withdrawn;
  Fill(kPairCorrectionsKept - 1);
  EXPECT_EQ(ReasonOf(Withdraw(a_, EngagementName(EngagementId(kFirstFilled)))), "PAIR_TOO_LONG");
}

TEST_F(EngagementLedgerTest, ABatchWhoseCallerGoesAwayMeanwhileRecordsNothing) {
  pb::BatchRecordEngagementsRequest batch;
  for (const int day : {1, 2, 3}) *batch.add_requests() = Step(pb::ENGAGEMENT_STEP_MET, day);
  int asked = 0;
  const auto gone = [&] { return ++asked == 3; };
  const absl::Status status = ledger_->RecordBatch(batch, a_, kNowUs, gone).status();
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_THAT(IdsOfPair(), SizeIs(0));
  EXPECT_TRUE(ledger_->RecordBatch(batch, a_, kNowUs, nullptr).ok());
  EXPECT_THAT(IdsOfPair(), SizeIs(3));
}

TEST_F(EngagementLedgerTest, AContractThatTwoTenantsRecordedIsOneInTheOperatorsStatistics) {
  RecordContract(a_, 0, "2025-63-1", "");
  RecordContract(b_, 1, "２０２５ 63 1", "transfer");  // at another hour; registered a day later
  const Statistics all = StatisticsOf(operator_);
  for (const FigureKind kind :
       {FigureKind::kSigned, FigureKind::kRegistered, FigureKind::kPaid, FigureKind::kDelivered}) {
    SCOPED_TRACE(ChineseNameOf(kind));
    EXPECT_THAT(all.total.figure(kind).entries, SizeIs(1));
    EXPECT_THAT(StatisticsOf(a_).total.figure(kind).entries, SizeIs(1));
    EXPECT_THAT(StatisticsOf(b_).total.figure(kind).entries, SizeIs(1));
  }
  EXPECT_EQ(all.total.figure(FigureKind::kSigned).amount_wan, 120);
  EXPECT_EQ(all.total.figure(FigureKind::kPaid).amount_wan, 50);
  EXPECT_THAT(all.total.figure(FigureKind::kMet).entries, SizeIs(2)) << "each of them tells of its own talks";
  for (const Group& group : all.tables[0].groups) {
    SCOPED_TRACE(group.key);
    EXPECT_EQ(group.figure(FigureKind::kSigned).entries.size(), group.key == "transfer" ? 1u : 0u);
  }
  // Another amount is another contract, as far as anybody knows.
  pb::RecordEngagementRequest second = Step(pb::ENGAGEMENT_STEP_SIGNED, 1, 2);
  second.mutable_engagement()->set_amount_wan(121);
  ASSERT_TRUE(Record(b_, second).ok());
  EXPECT_THAT(StatisticsOf(operator_).total.figure(FigureKind::kSigned).entries, SizeIs(2));
}

}  // namespace
}  // namespace dongxi
