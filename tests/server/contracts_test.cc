// Several contracts of one pair over gRPC: each is recorded once, whoever sends it again, and with whatever
// corrections and withdrawals in between; also in ledgers of before contracts were told apart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "dongxi/v1/engagement.grpc.pb.h"
#include "server/engagement_table.h"
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
  static pb::Engagement Payment(int64_t day, double amount) {
    pb::Engagement entry = Step(pb::ENGAGEMENT_STEP_PAID, day);
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
  pb::Engagement noted = Contract(200, 50);
  noted.set_note("二期");
  EXPECT_EQ(ReasonOf(noted), "ENGAGEMENT_EXISTS") << "of the same day and amount: a correction";
  EXPECT_EQ(ReasonOf(Registration(30, "T-2")), "ENGAGEMENT_EXISTS") << "so is another date of a number";
}

TEST_F(ContractsTest, ContractsOfOneDayAndDifferentAmountsAreDifferentAndRepeatsAreNot) {
  const std::string first = Record(Contract(10, 100)).engagement().name();
  const pb::RecordEngagementResponse second = Record(Contract(10, 60));
  EXPECT_EQ(second.state(), kCreated);
  EXPECT_THAT(Codes(second.engagement()), ElementsAre("SIGNED_AGAIN", "SIGNED_TWICE_CLOSE"));
  const auto repeats = [&](const pb::Engagement& entry, const std::string& name) {
    const pb::RecordEngagementResponse again = Record(entry);
    EXPECT_EQ(again.state(), kUnchanged) << entry.ShortDebugString();
    EXPECT_EQ(again.engagement().name(), name);
  };
  repeats(Contract(10, 100), first);
  repeats(Contract(10, 60), second.engagement().name());
  EXPECT_EQ(Pair().signed_wan(), 160);
  // Corrected, each is known by both amounts; a third amount is a third contract.
  const pb::Engagement more = Contract(10, 65);
  const std::string corrected = Correct(second.engagement().name(), &more).name();
  repeats(Contract(10, 60), second.engagement().name());
  repeats(more, corrected);
  EXPECT_EQ(Record(Contract(10, 70)).state(), kCreated);
  EXPECT_EQ(Pair().signed_wan(), 235);
  Correct(corrected, nullptr);
  repeats(Contract(10, 100), first);
  EXPECT_EQ(Record(Contract(10, 60)).state(), kCreated) << "withdrawn, it can be recorded anew";
}

// Whoever leaves the amount out may mean any contract of that day: told, not guessed.
TEST_F(ContractsTest, ASignatureWithoutAnAmountIsNoSecondContractOfItsDay) {
  const pb::Engagement unknown = Step(pb::ENGAGEMENT_STEP_SIGNED, 10);
  const std::string first = Record(unknown).engagement().name();
  EXPECT_EQ(Record(unknown).engagement().name(), first);
  EXPECT_EQ(ReasonOf(Contract(10, 100)), "ENGAGEMENT_EXISTS") << "the amount belongs into a correction";
  const pb::Engagement known = Contract(10, 100);
  Correct(first, &known);
  EXPECT_EQ(Record(unknown).state(), kUnchanged) << "the old row sent again";
  EXPECT_EQ(Record(known).state(), kUnchanged);
  EXPECT_EQ(Record(Contract(10, 60)).state(), kCreated);
  EXPECT_EQ(Pair().signed_wan(), 160);
  Record(Contract(20, 30));
  EXPECT_EQ(ReasonOf(Step(pb::ENGAGEMENT_STEP_SIGNED, 20)), "ENGAGEMENT_EXISTS");
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
  EXPECT_EQ(Record(Contract(10, 60)).state(), kCreated) << "of the same day";
  EXPECT_EQ(Record(Contract(200, 50)).state(), kCreated);
  EXPECT_EQ(Record(Registration(210, "T-2")).state(), kCreated);
}

TEST_F(ContractsTest, StepsOfOtherDaysAndPaymentsOfOtherAmountsAreDifferentAndRepeatsAreNot) {
  Record(Contract(10, 100));
  Record(Contract(20, 200));
  std::vector<pb::Engagement> steps;
  for (const int64_t day : {300, 600}) {
    for (const auto step : {pb::ENGAGEMENT_STEP_SHOWN, pb::ENGAGEMENT_STEP_VIEWED,
                            pb::ENGAGEMENT_STEP_INTERESTED, pb::ENGAGEMENT_STEP_DELIVERED})
      steps.push_back(Step(step, day));
    for (const double amount : {100.0, 200.0}) steps.push_back(Payment(day, amount));
  }
  std::vector<std::string> names;
  for (const pb::Engagement& step : steps) {
    const pb::RecordEngagementResponse response = Record(step);
    EXPECT_EQ(response.state(), kCreated) << step.ShortDebugString();
    names.push_back(response.engagement().name());
  }
  for (size_t i = 0; i < steps.size(); ++i) {
    const pb::RecordEngagementResponse again = Record(steps[i]);
    EXPECT_EQ(again.state(), kUnchanged) << steps[i].ShortDebugString();
    EXPECT_EQ(again.engagement().name(), names[i]);
  }
  EXPECT_EQ(Pair().paid_wan(), 600);
  EXPECT_EQ(Record(Step(pb::ENGAGEMENT_STEP_DELIVERED, -1)).engagement().name(), names[3])
      << "without a time: the first";
  pb::Engagement noted = steps[3];
  noted.set_note("验收意见");
  EXPECT_EQ(ReasonOf(noted), "ENGAGEMENT_EXISTS") << "of the same day: a correction";
}

TEST_F(ContractsTest, LedgersOfBeforeKnowTheirStepsAndPaymentsAlsoWhereTheyWereCorrected) {
  Record(Contract(10, 100));
  const pb::Engagement paid = Record(Payment(300, 60)).engagement();
  const pb::Engagement delivered = Record(Step(pb::ENGAGEMENT_STEP_DELIVERED, 300)).engagement();
  const pb::Engagement later = Step(pb::ENGAGEMENT_STEP_DELIVERED, 310), less = Payment(300, 50);
  const std::string corrected = Correct(delivered.name(), &later).name();
  const std::string corrected_payment = Correct(paid.name(), &less).name();
  Stop();
  {
    // As it was written then: one key without time, of payments with time and without amount; a correction
    // that changed neither had none.
    const auto catalogue = Catalogue::Open(folder_.path() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    const auto plan = [&](const CatalogueReader& reader) -> absl::StatusOr<WriteBatch> {
      WriteBatch batch;
      const auto scanned =
          reader.ScanTable(Table::kEngagements, "k", [&](std::string_view key, std::string_view value) {
            if (key.front() != 'k') return false;
            const std::string name = "engagements/" + std::string(value), first = FirstPart(key);
            const bool of_correction = name == corrected || name == corrected_payment;
            if (name != paid.name() && name != delivered.name() && !of_correction) return true;
            batch.puts.push_back({Table::kEngagements, std::string(key), std::nullopt});
            const std::string kept =
                name == paid.name() ? std::string(key.substr(0, first.size() + 8)) : first;
            if (!of_correction) batch.puts.push_back({Table::kEngagements, kept, std::string(value)});
            return true;
          });
      if (!scanned.ok()) return scanned;
      return batch;
    };
    ASSERT_TRUE((*catalogue)->Write(plan, kSpring2025 * 1'000'000).ok());
  }
  Start();
  EXPECT_EQ(Record(Payment(300, 60)).engagement().name(), paid.name());
  EXPECT_EQ(Record(less).engagement().name(), corrected_payment);
  EXPECT_EQ(Record(Step(pb::ENGAGEMENT_STEP_DELIVERED, 300)).engagement().name(), delivered.name());
  EXPECT_EQ(Record(later).engagement().name(), corrected);
  EXPECT_EQ(Record(Payment(300, 40)).state(), kCreated);
  EXPECT_EQ(Record(Step(pb::ENGAGEMENT_STEP_DELIVERED, 600)).state(), kCreated);
}

TEST_F(ContractsTest, AnAmountReadFromYuanIsTheSameAlsoInLedgersOfBefore) {
  constexpr double kReadFromYuan = 102'000 * 1e-4;  // as it was read then
  ASSERT_NE(kReadFromYuan, 10.2);
  Record(Contract(10, 100));
  const std::string paid = Record(Payment(300, kReadFromYuan)).engagement().name();
  const pb::RecordEngagementResponse again = Record(Payment(300, 10.2));
  EXPECT_EQ(again.state(), kUnchanged) << "no other content either";
  EXPECT_EQ(again.engagement().name(), paid);
  Stop();
  {
    // As it was written then: with the bits of the amount as it was read.
    const auto catalogue = Catalogue::Open(folder_.path() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    const auto plan = [&](const CatalogueReader& reader) -> absl::StatusOr<WriteBatch> {
      WriteBatch batch;
      const auto scanned =
          reader.ScanTable(Table::kEngagements, "k", [&](std::string_view key, std::string_view value) {
            if (key.front() != 'k') return false;
            if ("engagements/" + std::string(value) != paid) return true;
            const std::string kept = std::string(key.substr(0, key.size() - 8)) +
                                     BigEndian(std::bit_cast<uint64_t>(kReadFromYuan));
            EXPECT_NE(kept, key);
            batch.puts.push_back({Table::kEngagements, std::string(key), std::nullopt});
            batch.puts.push_back({Table::kEngagements, kept, std::string(value)});
            return true;
          });
      if (!scanned.ok()) return scanned;
      return batch;
    };
    ASSERT_TRUE((*catalogue)->Write(plan, kSpring2025 * 1'000'000).ok());
  }
  Start();
  EXPECT_EQ(Record(Payment(300, 10.2)).engagement().name(), paid);
  EXPECT_EQ(Record(Payment(300, 10.200001)).state(), kCreated) << "one fen more";
}

TEST_F(ContractsTest, APairWithAnOldContractCanMeet) {
  pb::Engagement old = Contract(-1, 100), met = Step(pb::ENGAGEMENT_STEP_MET, 400);
  for (pb::Engagement* entry : {&old, &met}) entry->set_offer("results/r-magnesium");
  old.mutable_event_time()->set_seconds(kSpring2025 - 400 * kDay);
  ASSERT_EQ(Record(old).state(), kCreated);
  EXPECT_THAT(Codes(Record(met).engagement()), ElementsAre("MET_AFTER_CONTRACT"));
  pb::Engagement impossible = Contract(0, 100);
  impossible.set_offer("institutions/tj");
  met.set_offer("institutions/tj");
  ASSERT_EQ(Record(met).state(), kCreated);
  EXPECT_EQ(ReasonOf(impossible), "SIGNED_BEFORE_MET");
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
