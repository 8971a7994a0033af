// Good cases of an evaluation, gathered from a ledger that a small server exports.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "cli/stats/evaluation.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "engine/statistics/ledger_row.h"

namespace dongxi::cli {
namespace {

// Exports the entries of the pair that is asked for, or all.
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
    for (const v1::Engagement& entry : entries) {
      const v1::EngagementFilter& filter = request->filter();
      const bool wanted = (filter.need().empty() || filter.need() == entry.need()) &&
                          (filter.offer().empty() || filter.offer() == entry.offer());
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
