// Several contracts of one pair over gRPC: each is recorded once, whoever sends it again, and with whatever
// corrections and withdrawals in between; also in ledgers of before contracts were told apart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dongxi/v1/engagement.grpc.pb.h"
#include "tests/server/served_catalogue.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kDay = 86'400;
constexpr int64_t kSpring2025 = 1'743'465'600;  // 2025-04-01
constexpr auto kCreated = pb::RecordEngagementResponse::CREATED;
constexpr auto kUnchanged = pb::RecordEngagementResponse::UNCHANGED;

class ContractsTest : public ServedCatalogueTest {
 protected:
  void SetUp() override {
    ServedCatalogueTest::SetUp();
    ASSERT_EQ(Record(Step(pb::ENGAGEMENT_STEP_MET, 0)).state(), kCreated);
  }
  void Connect() override { engagements_ = pb::EngagementService::NewStub(running_.channel); }

  // A day below 0: no time is given.
  static pb::Engagement Step(pb::EngagementStep step, int64_t day) {
    pb::Engagement entry;
    entry.set_need("needs/n-lithium");
    entry.set_offer("results/r-lithium");
    entry.set_step(step);
    if (day >= 0) entry.mutable_event_time()->set_seconds(kSpring2025 + day * kDay);
    return entry;
  }
  static pb::Engagement Contract(int64_t day, double amount) {
    pb::Engagement entry = Step(pb::ENGAGEMENT_STEP_SIGNED, day);
    entry.set_amount_wan(amount);
    return entry;
  }
  static pb::Engagement Registration(int64_t day, const std::string& number) {
    pb::Engagement entry = Step(pb::ENGAGEMENT_STEP_REGISTERED, day);
    entry.set_registration_number(number);
    return entry;
  }
  grpc::Status TryRecord(const pb::Engagement& entry, pb::RecordEngagementResponse* response) {
    grpc::ClientContext context;
    pb::RecordEngagementRequest request;
    *request.mutable_engagement() = entry;
    return engagements_->RecordEngagement(&context, request, response);
  }
  pb::RecordEngagementResponse Record(const pb::Engagement& entry) {
    pb::RecordEngagementResponse response;
    const grpc::Status status = TryRecord(entry, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::string ReasonOf(const pb::Engagement& entry) {
    pb::RecordEngagementResponse response;
    const grpc::Status status = TryRecord(entry, &response);
    return status.ok() ? "OK" : DetailsOf(status).reason;
  }
  pb::Engagement Correct(const std::string& name, const pb::Engagement* to) {
    grpc::ClientContext context;
    pb::CorrectEngagementRequest request;
    request.set_name(name);
    request.set_withdraw(to == nullptr);
    if (to != nullptr) *request.mutable_engagement() = *to;
    request.set_why("登记有误");
    request.set_actor("复核人");
    pb::RecordEngagementResponse response;
    const grpc::Status status = engagements_->CorrectEngagement(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.engagement();
  }
  pb::Pair Pair() {
    grpc::ClientContext context;
    pb::GetPairRequest request;
    request.set_need("needs/n-lithium");
    request.set_offer("results/r-lithium");
    pb::Pair pair;
    EXPECT_TRUE(engagements_->GetPair(&context, request, &pair).ok());
    return pair;
  }
  // Of a natural key: match, need, offer, step, tenant, recorder and actor, each with the zero byte behind
  // it.
  static std::string FirstPart(std::string_view key) {
    size_t end = 0;
    for (int part = 0; part < 7; ++part) end = key.find('\0', end) + 1;
    return std::string(key.substr(0, end));
  }
  static std::vector<std::string> Codes(const pb::Engagement& entry) {
    std::vector<std::string> codes;
    for (const pb::EngagementWarning& warning : entry.warnings()) codes.push_back(warning.code());
    return codes;
  }

  std::unique_ptr<pb::EngagementService::Stub> engagements_;
};

TEST_F(ContractsTest, ContractsOfDifferentDatesAreDifferentAndRepeatsAreNot) {
  const pb::RecordEngagementResponse first = Record(Contract(10, 100));
  EXPECT_THAT(Codes(first.engagement()), IsEmpty());
  const pb::RecordEngagementResponse second = Record(Contract(200, 50));
  EXPECT_EQ(second.state(), kCreated);
  EXPECT_THAT(Codes(second.engagement()), ElementsAre("SIGNED_AGAIN"));
  for (const auto& [entry, response] :
       {std::pair(Contract(10, 100), &first), std::pair(Contract(200, 50), &second)}) {
    const pb::RecordEngagementResponse again = Record(entry);
    EXPECT_EQ(again.state(), kUnchanged);
    EXPECT_EQ(again.engagement().name(), response->engagement().name());
  }
  EXPECT_EQ(Record(Registration(20, "T-1")).state(), kCreated);
  EXPECT_EQ(Record(Registration(210, "T-2")).state(), kCreated);
  EXPECT_EQ(Record(Registration(20, "T-1")).state(), kUnchanged);
  EXPECT_EQ(Record(Registration(210, "T-2")).state(), kUnchanged);
  EXPECT_EQ(Pair().signed_wan(), 150);
  EXPECT_EQ(Pair().history_size(), 5);
  EXPECT_EQ(ReasonOf(Contract(200, 51)), "ENGAGEMENT_EXISTS") << "another amount is a correction";
  EXPECT_EQ(ReasonOf(Registration(30, "T-2")), "ENGAGEMENT_EXISTS") << "so is another date of a number";
}

TEST_F(ContractsTest, TwoSignaturesWithinAMonthAreTakenWithAWarning) {
  Record(Contract(10, 100));
  EXPECT_THAT(Codes(Record(Contract(40, 100)).engagement()),
              ElementsAre("SIGNED_AGAIN", "SIGNED_TWICE_CLOSE"));
}

TEST_F(ContractsTest, ASignatureWithoutATimeRepeatsTheFirstOne) {
  const pb::RecordEngagementResponse first = Record(Contract(-1, 100));
  EXPECT_EQ(first.state(), kCreated);
  EXPECT_EQ(Record(Contract(-1, 100)).engagement().name(), first.engagement().name());
  pb::Engagement timed = Contract(-1, 100);
  *timed.mutable_event_time() = first.engagement().event_time();
  EXPECT_EQ(Record(timed).state(), kUnchanged) << "its own time named";
  EXPECT_EQ(Record(Contract(10, 30)).state(), kCreated);
  EXPECT_EQ(Record(Contract(-1, 100)).engagement().name(), first.engagement().name());
  EXPECT_EQ(ReasonOf(Contract(-1, 30)), "ENGAGEMENT_EXISTS");
}

TEST_F(ContractsTest, WhatWasCorrectedIsFoundByWhatItWasAndByWhatItIs) {
  const pb::Engagement old = Record(Contract(10, 100)).engagement();
  const pb::Engagement moved = Contract(12, 100);
  const pb::Engagement corrected = Correct(old.name(), &moved);
  EXPECT_EQ(Record(Contract(10, 100)).engagement().name(), old.name()) << "the old row sent again";
  EXPECT_EQ(Record(moved).engagement().name(), corrected.name()) << "the mended row sent";
  EXPECT_EQ(Record(moved).state(), kUnchanged);
  const pb::Engagement number = Record(Registration(20, "T-1")).engagement();
  const pb::Engagement other_number = Registration(20, "T-2");
  const std::string renumbered = Correct(number.name(), &other_number).name();
  EXPECT_EQ(Record(other_number).engagement().name(), renumbered);
  EXPECT_EQ(Pair().signed_wan(), 100);
}

TEST_F(ContractsTest, AWithdrawnContractCanBeRecordedAnewAndTheOthersStay) {
  const pb::Engagement first = Record(Contract(10, 100)).engagement();
  const pb::Engagement second = Record(Contract(200, 50)).engagement();
  Correct(first.name(), nullptr);
  EXPECT_EQ(Record(Contract(200, 50)).engagement().name(), second.name());
  const pb::RecordEngagementResponse again = Record(Contract(10, 100));
  EXPECT_EQ(again.state(), kCreated);
  EXPECT_NE(again.engagement().name(), first.name());

  const pb::Engagement moved = Contract(12, 100);
  Correct(Correct(again.engagement().name(), &moved).name(), nullptr);
  EXPECT_EQ(Pair().signed_wan(), 50);
  EXPECT_EQ(Record(Contract(12, 100)).state(), kCreated) << "neither what it was";
  EXPECT_EQ(Record(Contract(10, 100)).state(), kCreated) << "nor what it had been is remembered";
}

TEST_F(ContractsTest, LedgersOfBeforeKnowTheirContracts) {
  const pb::Engagement contract = Record(Contract(10, 100)).engagement();
  const pb::Engagement registered = Record(Registration(20, "T-1")).engagement();
  Stop();
  {
    // As it was written then: one key without time or number.
    const auto catalogue = Catalogue::Open(folder_.path() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    const auto plan = [&](const CatalogueReader& reader) -> absl::StatusOr<WriteBatch> {
      WriteBatch batch;
      const auto scanned =
          reader.ScanTable(Table::kEngagements, "k", [&](std::string_view key, std::string_view value) {
            if (key.front() != 'k') return false;
            const std::string name = "engagements/" + std::string(value);
            if (name != contract.name() && name != registered.name()) return true;
            batch.puts.push_back({Table::kEngagements, std::string(key), std::nullopt});
            batch.puts.push_back({Table::kEngagements, FirstPart(key), std::string(value)});
            return true;
          });
      if (!scanned.ok()) return scanned;
      return batch;
    };
    ASSERT_TRUE((*catalogue)->Write(plan, kSpring2025 * 1'000'000).ok());
  }
  Start();
  EXPECT_EQ(Record(Contract(10, 100)).engagement().name(), contract.name());
  EXPECT_EQ(Record(Registration(20, "T-1")).engagement().name(), registered.name());
  EXPECT_EQ(Record(Contract(200, 50)).state(), kCreated);
  EXPECT_EQ(Record(Registration(210, "T-2")).state(), kCreated);
}

TEST_F(ContractsTest, LedgersOfBeforeKnowTheirNumbersInAnyWriting) {
  Record(Contract(10, 100));
  const pb::Engagement registered = Record(Registration(20, "T-1")).engagement();
  Stop();
  {
    // As it was written then: the number as it stands, for all tenants together.
    const auto catalogue = Catalogue::Open(folder_.path() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    const std::string id = registered.name().substr(registered.name().find('/') + 1);
    const auto plan = [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
      WriteBatch batch;
      batch.puts.push_back({Table::kEngagements, std::string("r\0t1", 4), std::nullopt});
      batch.puts.push_back({Table::kEngagements, "nT-1", id});
      return batch;
    };
    ASSERT_TRUE((*catalogue)->GetTable(Table::kEngagements, std::string("r\0t1", 4))->has_value());
    ASSERT_TRUE((*catalogue)->Write(plan, kSpring2025 * 1'000'000).ok());
  }
  Start();
  EXPECT_EQ(ReasonOf(Registration(30, "Ｔ 1")), "REGISTRATION_NUMBER_TAKEN");
  // A correction keeps its own number, a withdrawal gives it back.
  pb::Engagement same = registered;
  same.set_registration_number("T1");
  const pb::Engagement corrected = Correct(registered.name(), &same);
  EXPECT_EQ(ReasonOf(Registration(30, "t—1")), "REGISTRATION_NUMBER_TAKEN");
  Correct(corrected.name(), nullptr);
  EXPECT_EQ(ReasonOf(Registration(30, "T-1")), "OK");
  Stop();
  const auto view = OpenCatalogueView(folder_.path() / "catalogue");
  ASSERT_TRUE(view.ok()) << view.status();
  EXPECT_FALSE((*view)->GetTable(Table::kEngagements, "nT-1")->has_value());
}

}  // namespace
}  // namespace dongxi
