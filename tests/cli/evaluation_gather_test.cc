// Good cases of an evaluation, gathered from a ledger that a small server exports.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "cli/stats/evaluation.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "engine/statistics/ledger_row.h"

namespace dongxi::cli {
namespace {

// Exports the entries of the pair that is asked for, or all, as the server does: in order of event time, up
// to the end that is asked for, and what was corrected with the whole ledger alone.
class LedgerServer : public v1::EngagementService::Service {
 public:
  LedgerServer() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~LedgerServer() override { server_->Shutdown(); }

  grpc::Status ExportEngagements(grpc::ServerContext*, const v1::ExportEngagementsRequest* request,
                                 grpc::ServerWriter<v1::ExportEngagementsResponse>* writer) override {
    ++exports;
    v1::ExportEngagementsResponse part;
    std::vector<v1::Engagement> sorted = entries;
    std::stable_sort(sorted.begin(), sorted.end(), [](const v1::Engagement& a, const v1::Engagement& b) {
      return a.event_time().seconds() < b.event_time().seconds();
    });
    for (const v1::Engagement& entry : sorted) {
      const v1::EngagementFilter& filter = request->filter();
      const bool counts = entry.corrected_by().empty() && entry.kind() != v1::Engagement::KIND_WITHDRAWAL &&
                          entry.kind() != v1::Engagement::KIND_CLEARANCE;
      const bool wanted = (filter.need().empty() || filter.need() == entry.need()) &&
                          (filter.offer().empty() || filter.offer() == entry.offer()) &&
                          entry.event_time().seconds() < filter.end_time().seconds() &&
                          (counts || filter.whole_ledger());
      if (wanted) *part.add_engagements() = entry;
    }
    writer->Write(part);
    return grpc::Status::OK;
  }

  v1::Engagement& Add(const std::string& need, v1::EngagementStep step, absl::CivilDay day) {
    v1::Engagement& entry = entries.emplace_back();
    entry.set_name(absl::StrFormat("engagements/e-%05d", entries.size()));
    entry.set_need("needs/" + need);
    entry.set_offer("results/r");
    entry.set_step(step);
    entry.mutable_event_time()->set_seconds(ChinaDayStartUs(day) / 1'000'000);
    return entry;
  }
  // With the warning that it had when it was recorded.
  v1::Engagement& AddWarned(const std::string& need, v1::EngagementStep step, absl::CivilDay day,
                            const std::string& code) {
    v1::Engagement& entry = Add(need, step, day);
    v1::EngagementWarning& warning = *entry.add_warnings();
    warning.set_code(code);
    warning.set_engagement(entry.name());
    return entry;
  }
  // Takes the place of the entry that stands at `place`.
  v1::Engagement& Correct(size_t place, v1::Engagement::Kind kind = v1::Engagement::KIND_CORRECTION) {
    v1::Engagement entry = entries[place];
    entry.set_name(absl::StrFormat("engagements/e-%05d", entries.size() + 1));
    entry.set_kind(kind);
    entry.set_corrects(entries[place].name());
    entry.clear_warnings();
    entries[place].set_corrected_by(entry.name());
    return entries.emplace_back(entry);
  }
  // Signed and delivered in 2026.
  v1::Engagement& AddDelivered(const std::string& need, double amount_wan) {
    Add(need, v1::ENGAGEMENT_STEP_SIGNED, absl::CivilDay(2026, 2, 1)).set_amount_wan(amount_wan);
    return Add(need, v1::ENGAGEMENT_STEP_DELIVERED, absl::CivilDay(2026, 9, 1));
  }
  Evaluation Gather(const v1::StatisticsFilter& filter = {}) const {
    ConnectionOptions options;
    options.server = "127.0.0.1:" + std::to_string(port_);
    const auto client = Client::Open(options);
    EXPECT_TRUE(client.ok()) << client.status();
    Evaluation evaluation;
    evaluation.period = *ParsePeriod("2026");
    evaluation.date = absl::CivilDay(2027, 1, 15);
    const absl::Status status = AddCasesAndProblems(**client, filter, &evaluation);
    EXPECT_TRUE(status.ok()) << status;
    return evaluation;
  }

  std::vector<v1::Engagement> entries;
  int exports = 0;

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST(EvaluationGatherTest, EveryGoodCaseIsCountedHoweverManyDeliveredPairsThereAre) {
  LedgerServer ledger;
  for (int i = 0; i < 700; ++i) ledger.AddDelivered(absl::StrFormat("n-%03d", i), 1'000 + i);
  // The smallest amounts of all, and the only ones with evidence.
  for (int i = 0; i < 12; ++i)
    ledger.AddDelivered(absl::StrFormat("proved-%02d", i), 1 + i).add_evidence("验收意见书");
  ledger.AddDelivered("marked", 0.5).set_note("典型案例");
  const Evaluation evaluation = ledger.Gather();
  EXPECT_EQ(evaluation.cases_found, 13u);
  ASSERT_EQ(evaluation.cases.size(), kCasesMax);
  EXPECT_TRUE(evaluation.cases[0].marked);
  EXPECT_EQ(evaluation.cases[0].history.size(), 2u);
  EXPECT_EQ(evaluation.cases[1].history.front().need(), "needs/proved-11");
  EXPECT_EQ(evaluation.cases[1].signed_wan, 12);
  EXPECT_EQ(evaluation.cases[9].history.front().need(), "needs/proved-03");
  // Once for all, and once more for each case that the report tells of.
  EXPECT_EQ(ledger.exports, 1 + static_cast<int>(kCasesMax));
}

TEST(EvaluationGatherTest, EvidenceOfAnyStepProvesACaseButNotOneThatIsSimulatedOrNotDelivered) {
  LedgerServer ledger;
  ledger.AddDelivered("early", 5);
  ledger.Add("early", v1::ENGAGEMENT_STEP_MET, absl::CivilDay(2025, 1, 1)).add_evidence("纪要");
  v1::Engagement& simulated = ledger.AddDelivered("simulated", 5);
  simulated.add_evidence("验收意见书");
  simulated.set_simulated(true);
  v1::Engagement& contract = ledger.Add("open", v1::ENGAGEMENT_STEP_SIGNED, absl::CivilDay(2026, 2, 1));
  contract.set_amount_wan(9);
  contract.add_evidence("合同");
  const Evaluation evaluation = ledger.Gather();
  EXPECT_EQ(evaluation.cases_found, 1u);
  ASSERT_EQ(evaluation.cases.size(), 1u);
  EXPECT_EQ(evaluation.cases[0].history.front().need(), "needs/early");
}

std::vector<std::string> Headings(const Evaluation& evaluation) {
  std::vector<std::string> headings;
  for (const EvaluationProblem& problem : evaluation.problems) headings.push_back(problem.heading);
  return headings;
}

TEST(EvaluationGatherTest, AContractThatTwoTenantsRecordedIsOne) {
  LedgerServer ledger;
  for (const char* tenant : {"a", "b"}) {
    const size_t before = ledger.entries.size();
    ledger.AddDelivered("n", 120).add_evidence("验收意见书");
    for (size_t i = before; i < ledger.entries.size(); ++i) ledger.entries[i].set_tenant(tenant);
  }
  // Only one of the two tells of it.
  ledger.Add("n", v1::ENGAGEMENT_STEP_REGISTERED, absl::CivilDay(2026, 9, 2)).set_tenant("a");
  const Evaluation evaluation = ledger.Gather();
  ASSERT_EQ(evaluation.cases.size(), 1u);
  EXPECT_EQ(evaluation.cases[0].signed_wan, 120);
  EXPECT_EQ(evaluation.cases[0].history.size(), 5u) << "the history has both";
  EXPECT_THAT(Headings(evaluation), testing::Not(testing::Contains("签约后未登记技术合同")));
}

TEST(EvaluationGatherTest, AContractIsOneThoughOneOfTwoTenantsWroteItsAmountInYuan) {
  LedgerServer ledger;
  for (const auto& [tenant, amount_wan] : {std::pair("a", 10.2), std::pair("b", 102'000 * 1e-4)}) {
    const size_t before = ledger.entries.size();
    ledger.AddDelivered("n", amount_wan).add_evidence("验收意见书");
    for (size_t i = before; i < ledger.entries.size(); ++i) ledger.entries[i].set_tenant(tenant);
  }
  const Evaluation evaluation = ledger.Gather();
  ASSERT_EQ(evaluation.cases.size(), 1u);
  EXPECT_EQ(evaluation.cases[0].signed_wan, 10.2);
}

TEST(EvaluationGatherTest, TheNameOfAPlanProvesNoCase) {
  LedgerServer ledger;
  ledger.AddDelivered("planned", 5).add_evidence("plans/p-0005f2");
  EXPECT_EQ(ledger.Gather().cases_found, 0u);
  ledger.entries.back().add_evidence("验收意见书");
  EXPECT_EQ(ledger.Gather().cases_found, 1u);
}

TEST(EvaluationGatherTest, AProblemThatALaterEntryPutRightIsToldNoMore) {
  LedgerServer ledger;
  // The contract was recorded before its meeting.
  ledger.AddWarned("meeting", v1::ENGAGEMENT_STEP_SIGNED, absl::CivilDay(2026, 3, 10), "NO_MEETING")
      .set_amount_wan(5);
  EXPECT_THAT(Headings(ledger.Gather()), testing::Contains("签约之前没有会谈的登记"));
  ledger.Add("meeting", v1::ENGAGEMENT_STEP_MET, absl::CivilDay(2026, 3, 1));
  ledger.Add("amount", v1::ENGAGEMENT_STEP_MET, absl::CivilDay(2026, 1, 5));
  ledger.Add("amount", v1::ENGAGEMENT_STEP_SIGNED, absl::CivilDay(2026, 2, 1)).set_amount_wan(90);
  const size_t contract = ledger.entries.size() - 1;
  ledger
      .AddWarned("amount", v1::ENGAGEMENT_STEP_REGISTERED, absl::CivilDay(2026, 2, 9),
                 "REGISTERED_AMOUNT_DIFFERS")
      .set_amount_wan(100);
  EXPECT_THAT(Headings(ledger.Gather()), testing::Contains("登记额与签约额不符"));
  ledger.Correct(contract).set_amount_wan(100);
  const std::vector<std::string> headings = Headings(ledger.Gather());
  EXPECT_THAT(headings, testing::Not(testing::Contains("签约之前没有会谈的登记")));
  EXPECT_THAT(headings, testing::Not(testing::Contains("登记额与签约额不符")));
}

TEST(EvaluationGatherTest, AProblemThatALaterEntryMadeIsTold) {
  LedgerServer ledger;
  ledger.Add("paid", v1::ENGAGEMENT_STEP_MET, absl::CivilDay(2026, 1, 5));
  ledger.Add("paid", v1::ENGAGEMENT_STEP_SIGNED, absl::CivilDay(2026, 2, 1)).set_amount_wan(100);
  ledger.Add("paid", v1::ENGAGEMENT_STEP_PAID, absl::CivilDay(2026, 3, 1)).set_amount_wan(80);
  std::vector<std::string> headings = Headings(ledger.Gather());
  EXPECT_THAT(headings, testing::Not(testing::Contains("到账多于签约")));
  EXPECT_THAT(headings, testing::Not(testing::Contains("签约之前没有会谈的登记")));
  ledger.Correct(1).set_amount_wan(50);
  // A withdrawal has the day on which it was recorded, after the period.
  ledger.Correct(0, v1::Engagement::KIND_WITHDRAWAL)
      .mutable_event_time()
      ->set_seconds(ChinaDayStartUs(absl::CivilDay(2027, 1, 10)) / 1'000'000);
  headings = Headings(ledger.Gather());
  EXPECT_THAT(headings, testing::Contains("到账多于签约"));
  EXPECT_THAT(headings, testing::Contains("签约之前没有会谈的登记"));
}

TEST(EvaluationGatherTest, TheMeetingOfAnotherTaskOrTenantCameBeforeTheContract) {
  LedgerServer ledger;
  v1::Engagement& met = ledger.Add("n", v1::ENGAGEMENT_STEP_MET, absl::CivilDay(2026, 1, 5));
  met.set_task("3.1");
  met.set_tenant("a");
  v1::Engagement& contract = ledger.Add("n", v1::ENGAGEMENT_STEP_SIGNED, absl::CivilDay(2026, 2, 1));
  contract.set_task("3.2");
  contract.set_tenant("b");
  v1::StatisticsFilter filter;
  filter.set_task("3.2");
  const std::vector<std::string> headings = Headings(ledger.Gather(filter));
  EXPECT_THAT(headings, testing::Contains("签约没有金额"));
  EXPECT_THAT(headings, testing::Not(testing::Contains("签约之前没有会谈的登记")));
}

TEST(EvaluationGatherTest, AContractWhoseRefusalItsTenantClearedIsDueAgain) {
  LedgerServer ledger;
  ledger.Add("n", v1::ENGAGEMENT_STEP_SIGNED, absl::CivilDay(2026, 1, 5)).set_tenant("a");
  ledger.Add("n", v1::ENGAGEMENT_STEP_REFUSED, absl::CivilDay(2026, 2, 1)).set_tenant("a");
  v1::Engagement& clearance = ledger.Add("n", v1::ENGAGEMENT_STEP_REFUSED, absl::CivilDay(2026, 3, 1));
  clearance.set_kind(v1::Engagement::KIND_CLEARANCE);
  clearance.set_tenant("b");
  EXPECT_TRUE(ledger.Gather().contracts.empty());
  ledger.entries.back().set_tenant("a");
  const Evaluation evaluation = ledger.Gather();
  EXPECT_EQ(evaluation.contracts.at("none").due, 1);
  EXPECT_THAT(Headings(evaluation), testing::Contains("签约后未登记技术合同"));
}

TEST(EvaluationGatherTest, CasesAndProblemsAreOfTheEntriesThatPassTheFilter) {
  LedgerServer ledger;
  v1::Engagement& salt = ledger.AddDelivered("salt", 5);
  salt.add_evidence("验收意见书");
  for (v1::Engagement& entry : ledger.entries) {
    entry.set_task("3.2");
    entry.set_channel("keji-yuanqing");
    entry.set_field("钾肥");
    entry.set_offer_region_code("1201");
  }
  ledger.entries[0].set_mode("transfer");
  // Of another task: signed long ago and never registered.
  ledger.Add("sun", v1::ENGAGEMENT_STEP_SIGNED, absl::CivilDay(2026, 1, 5)).set_task("3.1");
  const auto filtered = [&](auto set) {
    v1::StatisticsFilter filter;
    set(&filter);
    return ledger.Gather(filter);
  };
  EXPECT_THAT(Headings(ledger.Gather()), testing::Contains("签约没有金额"));
  const auto of_salt = {filtered([](auto* filter) { filter->set_task("3.2"); }),
                        filtered([](auto* filter) { filter->set_channel("keji-yuanqing"); }),
                        filtered([](auto* filter) { filter->set_field("钾肥"); }),
                        filtered([](auto* filter) { filter->set_offer_region_code("12"); }),
                        filtered([](auto* filter) { filter->set_mode("transfer"); })};
  for (const Evaluation& evaluation : of_salt) {
    EXPECT_EQ(evaluation.cases_found, 1u);
    EXPECT_THAT(Headings(evaluation), testing::Not(testing::Contains("签约没有金额")));
  }
  const auto of_sun = {filtered([](auto* filter) { filter->set_task("3.1"); }),
                       filtered([](auto* filter) { filter->set_field("none"); }),
                       filtered([](auto* filter) { filter->set_mode("none"); })};
  for (const Evaluation& evaluation : of_sun) {
    EXPECT_EQ(evaluation.cases_found, 0u);
    EXPECT_THAT(Headings(evaluation), testing::Contains("签约没有金额"));
  }
}

}  // namespace
}  // namespace dongxi::cli
