// What a simulation put into the ledger does nothing to what happened: not to matches, rules, numbers,
// repeats and sums; among its like it obeys the same rules. Also in ledgers of before the two were kept
// apart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/server/engagement_service_fixture.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

constexpr char kNeed[] = "needs/n-lithium", kOffer[] = "results/r-lithium", kExpert[] = "experts/e-lithium";

class SimulatedLedgerTest : public EngagementServiceTest {
 protected:
  static int64_t SecondsAgo(int days) { return absl::ToUnixSeconds(absl::Now() - absl::Hours(24 * days)); }
  static pb::RecordEngagementRequest Real(pb::EngagementStep step, int days_ago,
                                          const std::string& offer = kOffer) {
    pb::RecordEngagementRequest request = Request(kNeed, offer, step, 0);
    request.mutable_engagement()->mutable_event_time()->set_seconds(SecondsAgo(days_ago));
    return request;
  }
  static pb::RecordEngagementRequest Simulated(pb::EngagementStep step, int days_ago,
                                               const std::string& offer = kOffer) {
    pb::RecordEngagementRequest request = Real(step, days_ago, offer);
    request.mutable_engagement()->set_simulated(true);
    return request;
  }
  static pb::RecordEngagementRequest WithNumber(pb::RecordEngagementRequest request, const char* number) {
    request.mutable_engagement()->set_registration_number(number);
    return request;
  }
  static pb::RecordEngagementRequest WithAmount(pb::RecordEngagementRequest request, double amount) {
    request.mutable_engagement()->set_amount_wan(amount);
    return request;
  }
  std::string ReasonOf(const pb::RecordEngagementRequest& request) {
    const grpc::Status status = Record(request);
    return status.ok() ? "OK" : DetailsOf(status).reason;
  }
  pb::MatchEntry Listed(const std::string& name) {
    grpc::ClientContext context;
    pb::MatchRequest request;
    request.set_need_name(kNeed);
    request.set_view(pb::MATCH_VIEW_FULL);
    pb::MatchResponse response;
    EXPECT_TRUE(match_->Match(&context, request, &response).ok());
    for (const pb::MatchList* list : {&response.experts(), &response.results()}) {
      for (const pb::MatchEntry& entry : list->entries()) {
        if (entry.name() == name) return entry;
      }
    }
    ADD_FAILURE() << name << " is not listed";
    return {};
  }
};

TEST_F(SimulatedLedgerTest, ARefusalHidesNothingAndHindersNoSignature) {
  MustRecord(Simulated(pb::ENGAGEMENT_STEP_REFUSED, 40));
  EXPECT_THAT(Names(Match(kNeed).results()), Contains(kOffer));
  EXPECT_THAT(NeedsFor(kOffer), Contains(kNeed));
  EXPECT_FALSE(Pair().refused());
  EXPECT_THAT(MustRecord(Real(pb::ENGAGEMENT_STEP_MET, 30)).warnings(), IsEmpty());
  EXPECT_EQ(ReasonOf(Real(pb::ENGAGEMENT_STEP_SIGNED, 20)), "OK");
}

TEST_F(SimulatedLedgerTest, MeetingsContractsAndLoadsAreNotTold) {
  const double score = Listed(kOffer).score();
  const pb::MatchEntry expert = Listed(kExpert);
  for (int days : {100, 99, 98, 97, 96, 95}) MustRecord(Simulated(pb::ENGAGEMENT_STEP_MET, days));
  MustRecord(Simulated(pb::ENGAGEMENT_STEP_INTERESTED, 20, kExpert));
  EXPECT_EQ(Listed(kOffer).score(), score);
  EXPECT_FALSE(Listed(kOffer).has_pair_history());
  EXPECT_EQ(Listed(kExpert).SerializeAsString(), expert.SerializeAsString());
  MustRecord(WithAmount(Simulated(pb::ENGAGEMENT_STEP_SIGNED, 50), 100));
  EXPECT_FALSE(Listed(kOffer).has_pair_history());
  MustRecord(Real(pb::ENGAGEMENT_STEP_MET, 100));
  EXPECT_EQ(Listed(kOffer).pair_history().state(), pb::PairHistory::COOL_DOWN)
      << "what happened is told, whatever the simulation adds";
}

TEST_F(SimulatedLedgerTest, TheSumsOfAPairAreOfWhatHappened) {
  MustRecord(Simulated(pb::ENGAGEMENT_STEP_MET, 60));
  MustRecord(WithAmount(Simulated(pb::ENGAGEMENT_STEP_SIGNED, 50), 100));
  EXPECT_EQ(Pair().furthest_step(), pb::ENGAGEMENT_STEP_UNSPECIFIED);
  MustRecord(WithAmount(Real(pb::ENGAGEMENT_STEP_SIGNED, 40), 30));
  EXPECT_EQ(Pair().signed_wan(), 30);
  EXPECT_EQ(Pair().history_size(), 3) << "the history has both, marked";
}

TEST_F(SimulatedLedgerTest, TheRulesHoldWithinEachOfTheTwo) {
  EXPECT_EQ(ReasonOf(WithNumber(Simulated(pb::ENGAGEMENT_STEP_REGISTERED, 10), "T-1")), "SIGNATURE_MISSING");
  MustRecord(Real(pb::ENGAGEMENT_STEP_SIGNED, 50));
  EXPECT_EQ(ReasonOf(WithNumber(Simulated(pb::ENGAGEMENT_STEP_REGISTERED, 10), "T-1")), "SIGNATURE_MISSING")
      << "what happened is no signature of the simulation";
  MustRecord(Simulated(pb::ENGAGEMENT_STEP_MET, 45));
  EXPECT_EQ(ReasonOf(Simulated(pb::ENGAGEMENT_STEP_SIGNED, 46)), "SIGNED_BEFORE_MET");
  MustRecord(Simulated(pb::ENGAGEMENT_STEP_REFUSED, 40));
  EXPECT_EQ(ReasonOf(Simulated(pb::ENGAGEMENT_STEP_SIGNED, 30)), "REFUSAL_NOT_CLEARED");
  ASSERT_TRUE(Clear("模拟：重新接触").ok());
  EXPECT_EQ(ReasonOf(Simulated(pb::ENGAGEMENT_STEP_SIGNED, 30)), "OK");
  EXPECT_EQ(DetailsOf(Clear("再解除一次")).reason, "NOT_REFUSED");
}

TEST_F(SimulatedLedgerTest, TheSameStepAndNumberAreNoRepeatOfWhatWasSimulated) {
  const pb::Engagement simulated = MustRecord(Simulated(pb::ENGAGEMENT_STEP_SIGNED, 50));
  pb::RecordEngagementRequest real = Real(pb::ENGAGEMENT_STEP_SIGNED, 50);
  *real.mutable_engagement()->mutable_event_time() = simulated.event_time();
  const pb::Engagement contract = MustRecord(real);
  pb::RecordEngagementResponse again;
  ASSERT_TRUE(Record(real, &again).ok());
  EXPECT_EQ(again.engagement().name(), contract.name());
  real.mutable_engagement()->set_simulated(true);
  ASSERT_TRUE(Record(real, &again).ok());
  EXPECT_EQ(again.engagement().name(), simulated.name());
  MustRecord(WithNumber(Simulated(pb::ENGAGEMENT_STEP_REGISTERED, 10), "T-1"));
  MustRecord(WithNumber(Real(pb::ENGAGEMENT_STEP_REGISTERED, 10), "T-1"));
  MustRecord(WithAmount(Simulated(pb::ENGAGEMENT_STEP_SIGNED, 40, "results/r-magnesium"), 1));
  EXPECT_EQ(ReasonOf(WithNumber(Simulated(pb::ENGAGEMENT_STEP_REGISTERED, 9, "results/r-magnesium"), "T 1")),
            "REGISTRATION_NUMBER_TAKEN");
}

TEST_F(SimulatedLedgerTest, WhatIsCorrectedToBeSimulatedNeverHappened) {
  const pb::Engagement contract = MustRecord(WithAmount(Real(pb::ENGAGEMENT_STEP_SIGNED, 50), 100));
  pb::RecordEngagementResponse paid;
  ASSERT_TRUE(Record(WithAmount(Real(pb::ENGAGEMENT_STEP_PAID, 30), 20), &paid).ok());
  ASSERT_TRUE(Listed(kOffer).has_pair_history());
  pb::CorrectEngagementRequest correction;
  correction.set_name(contract.name());
  *correction.mutable_engagement() = contract;
  correction.mutable_engagement()->set_simulated(true);
  correction.set_why("是演示数据");
  EXPECT_EQ(DetailsOf(Correct(correction)).reason, "SIGNATURE_MISSING") << "a payment needs it";
  pb::CorrectEngagementRequest withdrawal;
  withdrawal.set_name(paid.engagement().name());
  withdrawal.set_withdraw(true);
  withdrawal.set_why("是演示数据");
  ASSERT_TRUE(Correct(withdrawal).ok());
  ASSERT_TRUE(Correct(correction).ok());
  EXPECT_FALSE(Listed(kOffer).has_pair_history());
  EXPECT_EQ(Pair().signed_wan(), 0);
}

// As programs of before wrote what was simulated: beside what happened.
class OldLedger {
 public:
  explicit OldLedger(const CatalogueReader& reader) : reader_(reader) {}
  absl::StatusOr<WriteBatch> Batch() {
    Put("v", "1");
    const absl::Status scanned =
        reader_.ScanTable(Table::kEngagements, "e", [this](std::string_view key, std::string_view value) {
          pb::Engagement entry;
          if (key.front() != 'e' || !entry.ParseFromArray(value.data(), static_cast<int>(value.size())))
            return false;
          Take(std::string(key.substr(1)), entry);
          return true;
        });
    const absl::Status renamed =
        reader_.ScanTable(Table::kEngagements, "k", [this](std::string_view key, std::string_view value) {
          if (key.front() != 'k') return false;
          std::string old(key);
          for (const char* step : {"5", "6", "9"}) {  // 5s 0 to 5 0
            const size_t at = old.find(std::string(1, '\0') + step + "s" + std::string(1, '\0'));
            if (at == std::string::npos) continue;
            Remove(old);
            Put(old.erase(at + 2, 1), std::string(value));
          }
          return true;
        });
    if (!scanned.ok() || !renamed.ok()) return scanned.ok() ? renamed : scanned;
    return std::move(batch_);
  }

 private:
  void Put(const std::string& key, const std::string& value, Table table = Table::kEngagements) {
    batch_.puts.push_back({table, key, value});
  }
  void Remove(const std::string& key) { batch_.puts.push_back({Table::kEngagements, key, std::nullopt}); }
  void Take(const std::string& id, const pb::Engagement& entry) {
    const std::string zero(1, '\0'), pair = entry.need() + zero + entry.offer() + zero,
                                     turned = entry.offer() + zero + entry.need() + zero;
    pb::Engagement line;
    line.set_kind(entry.kind());
    line.set_step(entry.step());
    line.set_refusal_reason(entry.refusal_reason());
    *line.mutable_event_time() = entry.event_time();
    for (const std::string& ends : {pair, turned}) Put("h" + ends + id, line.SerializeAsString());
    if (entry.step() == pb::ENGAGEMENT_STEP_REFUSED) {
      line.set_name(entry.name());
      for (const std::string& ends : {pair, turned}) Put(ends, line.SerializeAsString(), Table::kRefusals);
    }
    if (entry.registration_number().empty()) return;
    Put("r" + zero + "t1", id);
    Remove("s" + zero + "t1");
  }

  const CatalogueReader& reader_;
  WriteBatch batch_;
};

TEST_F(SimulatedLedgerTest, LedgersOfBeforeAreSetApartAtTheStart) {
  MustRecord(WithAmount(Simulated(pb::ENGAGEMENT_STEP_SIGNED, 60, kExpert), 1));
  MustRecord(WithNumber(Simulated(pb::ENGAGEMENT_STEP_REGISTERED, 50, kExpert), "T-1"));
  const pb::Engagement contract = MustRecord(Simulated(pb::ENGAGEMENT_STEP_SIGNED, 45));
  MustRecord(Simulated(pb::ENGAGEMENT_STEP_REFUSED, 40));
  Stop();
  {
    const auto catalogue = Catalogue::Open(folder_.path() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    const auto plan = [](const CatalogueReader& reader) { return OldLedger(reader).Batch(); };
    ASSERT_TRUE((*catalogue)->Write(plan, kSpring2025 * 1'000'000).ok());
  }
  Start();
  EXPECT_THAT(Names(Match(kNeed).results()), Contains(kOffer));
  EXPECT_FALSE(Listed(kOffer).has_pair_history());
  EXPECT_FALSE(Listed(kExpert).has_pair_history());
  EXPECT_FALSE(Pair().refused());
  pb::RecordEngagementRequest same = Real(pb::ENGAGEMENT_STEP_SIGNED, 45);
  *same.mutable_engagement()->mutable_event_time() = contract.event_time();
  const std::string name = MustRecord(same).name();
  pb::RecordEngagementResponse again;
  ASSERT_TRUE(Record(same, &again).ok());
  EXPECT_EQ(again.engagement().name(), name);
  same.mutable_engagement()->set_simulated(true);
  ASSERT_TRUE(Record(same, &again).ok());
  EXPECT_EQ(again.engagement().name(), contract.name()) << "found by its key of before";
  EXPECT_EQ(ReasonOf(WithNumber(Real(pb::ENGAGEMENT_STEP_REGISTERED, 10), "T-1")), "OK");
  EXPECT_EQ(ReasonOf(Simulated(pb::ENGAGEMENT_STEP_SIGNED, 30)), "REFUSAL_NOT_CLEARED");
}

}  // namespace
}  // namespace dongxi
