// dongxi report and dongxi plan against a real server over the sample catalogue, as an organiser types it:
// from needs to a schedule, to outcomes in the ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "cli/plan/folder.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "engine/base/files.h"
#include "engine/plan/check.h"
#include "engine/policy/policy.h"
#include "indexer/import/importer.h"
#include "tests/cli/run_cli.h"
#include "tests/server/sample_catalogue.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int kNeeds = 12;
constexpr char kHall[] = R"({
 "settings": [{"key": "活动名称", "value": "示例对接会"}],
 "slots": [{"id": "S1", "date": "2025-04-01", "begin": "09:00", "end": "09:25"}, {"id": "S2", "date": "2025-04-01", "begin": "09:30", "end": "09:55"},
           {"id": "S3", "date": "2025-04-01", "begin": "10:00", "end": "10:25"}, {"id": "S4", "date": "2025-04-01", "begin": "10:30", "end": "10:55"}],
 "tables": [{"id": "A1"}, {"id": "A2"}, {"id": "A3"}, {"id": "A4"}, {"id": "A5"}, {"id": "A6"}]})";

class PlanCliTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SampleCatalogue(kNeeds));
    ASSERT_FALSE(Build(folder_.path()).empty());
    running_ = StartServer(OptionsFor(folder_.path()));
    ASSERT_NE(running_.server, nullptr);
    ASSERT_TRUE(WriteFileAtomically(Path("hall.json"), kHall).ok());
    ASSERT_EQ(Served({"report", "--folder", Path("report"), "--formats", "json", "--top", "4"}), 0) << err_;
  }
  std::string Path(const std::string& name) const { return (folder_.path() / name).string(); }

  int Run(std::vector<std::string> arguments) {
    const cli::CliRun run = cli::Dongxi(arguments);
    out_ = run.out;
    err_ = run.err;
    return run.exit_code;
  }
  int Served(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--server", "127.0.0.1:" + std::to_string(running_.server->port())});
    return Run(std::move(arguments));
  }
  // The first meeting of a plan: its parties.
  static std::pair<plan::Party, plan::Party> FirstMeeting(const plan::PlanFile& file) {
    const plan::Pair& pair = file.event.pairs[file.plan.meetings.at(0).pair];
    return {file.event.parties[pair.need], file.event.parties[pair.offer]};
  }
  static const std::string& RecordOfOffer(const plan::Event& event, const plan::Pair& pair) {
    return pair.record.empty() ? event.parties[pair.offer].record : pair.record;
  }
  // What the ledger has of the first meeting of a plan.
  pb::Pair Ledger(const plan::PlanFile& file) {
    const plan::Pair& first = file.event.pairs[file.plan.meetings.at(0).pair];
    pb::GetPairRequest request;
    request.set_need(file.event.parties[first.need].record);
    request.set_offer(RecordOfOffer(file.event, first));
    grpc::ClientContext context;
    pb::Pair pair;
    const grpc::Status status =
        pb::EngagementService::NewStub(running_.channel)->GetPair(&context, request, &pair);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return pair;
  }

  // All calendars of a plan's folder.
  std::string Calendars(const std::string& folder) const {
    std::string calendars;
    for (const fs::directory_entry& entry : fs::directory_iterator(Path(folder + "/calendars")))
      calendars += *ReadFile(entry.path(), 1 << 20);
    return calendars;
  }

  TemporaryFolder folder_;
  Running running_;
  std::string out_, err_, told_;
};

TEST_F(PlanCliTest, AReportBecomesASoundScheduleWhosePartiesAreRecordsAndWhosePairsKnowTheirMatch) {
  // With near misses: the results of these needs are none better.
  ASSERT_EQ(
      Run({"plan", "make", Path("hall.json"), "--report", Path("report"), "--near", "--out", Path("plan")}),
      0)
      << err_;
  EXPECT_THAT(err_, HasSubstr("与最优的差距：0.00%"));
  const absl::StatusOr<plan::PlanFile> file = cli::ReadPlanFolder(Path("plan"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(CheckPlan(file->event, file->plan).empty());
  EXPECT_GE(file->plan.meetings.size(), 12u);
  EXPECT_EQ(std::count_if(file->event.parties.begin(), file->event.parties.end(),
                          [](const plan::Party& party) { return party.side == plan::Side::kNeed; }),
            kNeeds);
  std::set<std::string> names;
  for (const plan::Party& party : file->event.parties) {
    if (party.side != plan::Side::kOffer) continue;
    EXPECT_TRUE(names.insert(party.name).second) << party.name << " is in two parties";
  }
  int results = 0;
  for (const plan::Pair& pair : file->event.pairs) {
    EXPECT_FALSE(pair.match_id.empty());
    EXPECT_THAT(file->event.parties[pair.need].record, StartsWith("needs/"));
    const std::string& record = RecordOfOffer(file->event, pair);
    EXPECT_THAT(record, testing::ContainsRegex("^(institutions|experts|results)/"));
    results += record.starts_with("results/");
  }
  EXPECT_GT(results, 0);
  for (const char* name : {"schedule.xlsx", "agendas.pdf", "tables.pdf", "calendars"})
    EXPECT_TRUE(fs::exists(fs::path(Path("plan")) / name)) << name;
}

TEST_F(PlanCliTest, OutcomesOfAFolderReachTheLedgerOnceHoweverOftenTheyAreSent) {
  ASSERT_EQ(Run({"plan", "make", Path("hall.json"), "--report", Path("report"), "--out", Path("plan")}), 0)
      << err_;
  ASSERT_EQ(Run({"plan", "publish", Path("plan")}), 0) << err_;
  EXPECT_EQ(out_, "已发布\n");
  ASSERT_EQ(Run({"plan", "start", Path("plan")}), 0) << err_;
  const absl::StatusOr<plan::PlanFile> file = cli::ReadPlanFolder(Path("plan"));
  ASSERT_TRUE(file.ok()) << file.status();
  const auto [need, offer] = FirstMeeting(*file);
  EXPECT_EQ(
      Run({"plan", "outcome", Path("plan"), "--need", need.id, "--offer", offer.id, "--result", "拒绝"}), 2);
  EXPECT_THAT(err_, HasSubstr("--reason"));
  ASSERT_EQ(Run({"plan", "outcome", Path("plan"), "--need", need.id, "--offer", offer.id, "--result", "拒绝",
                 "--reason", "成熟度不足"}),
            0)
      << err_;
  EXPECT_EQ(Run({"plan", "outcomes", Path("plan")}), 2) << "it needs a server";
  ASSERT_EQ(Served({"plan", "outcomes", Path("plan")}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("新记 2 条，以前记过 0 条"));
  EXPECT_THAT(err_, HasSubstr("不带匹配编号登记：engagement.match_id: m-"));
  const pb::Pair pair = Ledger(*file);
  EXPECT_TRUE(pair.refused());
  EXPECT_EQ(pair.refusal_reason(), pb::REFUSAL_REASON_TOO_EARLY);
  ASSERT_EQ(pair.history_size(), 2);
  EXPECT_TRUE(pair.history(0).match_id().empty()) << "the match is of today, the meeting was in 2025";
  EXPECT_EQ(cli::ReadPlanFolder(Path("plan"))->plan.meetings[0].engagements.size(), 2u);
  ASSERT_EQ(Served({"plan", "outcomes", Path("plan")}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("新记 0 条，以前记过 2 条"));
  EXPECT_EQ(Ledger(*file).history_size(), 2);
}

// A contract that was none stayed in the ledger for good.
TEST_F(PlanCliTest, AnOutcomeThatIsCorrectedTakesItsEntriesOutOfTheLedger) {
  ASSERT_EQ(Run({"plan", "make", Path("hall.json"), "--report", Path("report"), "--out", Path("plan")}), 0)
      << err_;
  ASSERT_EQ(Run({"plan", "publish", Path("plan")}), 0) << err_;
  ASSERT_EQ(Run({"plan", "start", Path("plan")}), 0) << err_;
  const absl::StatusOr<plan::PlanFile> file = cli::ReadPlanFolder(Path("plan"));
  ASSERT_TRUE(file.ok()) << file.status();
  const auto [need, offer] = FirstMeeting(*file);
  const auto record = [&](std::vector<std::string> result) {
    std::vector<std::string> arguments = {"plan",  "outcome", Path("plan"), "--need",
                                          need.id, "--offer", offer.id,     "--result"};
    arguments.insert(arguments.end(), result.begin(), result.end());
    EXPECT_EQ(Run(arguments), 0) << err_;
    told_ = err_;
    EXPECT_EQ(Served({"plan", "outcomes", Path("plan")}), 0) << err_;
  };
  record({"签约", "--amount", "100"});
  EXPECT_EQ(Ledger(*file).furthest_step(), pb::ENGAGEMENT_STEP_SIGNED);
  record({"签约", "--amount", "80"});
  EXPECT_THAT(told_, HasSubstr("台账里有 2 条与现在的结果不符"));
  EXPECT_THAT(out_, HasSubstr("新记 2 条，以前记过 0 条，撤回 2 条，没有记上 0 条"));
  record({"拒绝", "--reason", "成熟度不足"});
  EXPECT_THAT(out_, HasSubstr("新记 2 条，以前记过 0 条，撤回 2 条，没有记上 0 条"));
  EXPECT_EQ(Ledger(*file).furthest_step(), pb::ENGAGEMENT_STEP_MET);
  EXPECT_TRUE(Ledger(*file).refused());
  record({"未到"});
  EXPECT_THAT(out_, HasSubstr("撤回 2 条"));
  EXPECT_FALSE(Ledger(*file).refused());
  EXPECT_EQ(Ledger(*file).furthest_step(), pb::ENGAGEMENT_STEP_UNSPECIFIED);
  const plan::Meeting meeting = cli::ReadPlanFolder(Path("plan"))->plan.meetings[0];
  EXPECT_TRUE(meeting.engagements.empty() && meeting.superseded.empty());
  record({"意向"});
  record({"签约"});
  EXPECT_THAT(out_, HasSubstr("撤回 0 条")) << "who signs has met";
}

TEST_F(PlanCliTest, CalendarsOfAServedReplanCancelWhatItTookAway) {
  ASSERT_EQ(Served({"plan", "make", Path("hall.json"), "--report", Path("report"), "--out", Path("plan")}), 0)
      << err_;
  const std::string name = out_.substr(0, out_.find(' '));
  const absl::StatusOr<plan::PlanFile> file = cli::ReadPlanFolder(Path("plan"));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(Served({"plan", "replan", name, "--no-show", FirstMeeting(*file).second.id, "--out", Path("re")}),
            0)
      << err_;
  EXPECT_THAT(err_, HasSubstr("取消"));
  EXPECT_THAT(Calendars("re"), HasSubstr("STATUS:CANCELLED"));
}

// A replan on the server alone took the meeting away; the next one did not know of the folder.
TEST_F(PlanCliTest, ARenewedCopyCancelsWhatItsOwnCalendarsHad) {
  ASSERT_EQ(Served({"plan", "make", Path("hall.json"), "--report", Path("report"), "--out", Path("plan")}), 0)
      << err_;
  const std::string name = out_.substr(0, out_.find(' '));
  const std::string offer = FirstMeeting(*cli::ReadPlanFolder(Path("plan"))).second.id;
  ASSERT_EQ(Served({"plan", "replan", name, "--no-show", offer}), 0) << err_;
  ASSERT_THAT(err_, HasSubstr("取消"));
  EXPECT_THAT(Calendars("plan"), Not(HasSubstr("STATUS:CANCELLED")));
  ASSERT_EQ(Served({"plan", "replan", name, "--max-changes", "0", "--out", Path("plan")}), 0) << err_;
  EXPECT_THAT(Calendars("plan"), AllOf(HasSubstr("STATUS:CANCELLED"), HasSubstr("SEQUENCE:3\r\n")));
}

TEST_F(PlanCliTest, ACopyOverAnotherPlanCancelsWhatThatHadWithALaterSequence) {
  ASSERT_EQ(Run({"plan", "make", Path("hall.json"), "--report", Path("report"), "--out", Path("plan")}), 0)
      << err_;
  ASSERT_EQ(Run({"plan", "replan", Path("plan"), "--max-changes", "0"}), 0) << err_;
  ASSERT_EQ(Run({"plan", "publish", Path("plan")}), 0) << err_;
  ASSERT_THAT(Calendars("plan"), AllOf(HasSubstr("SEQUENCE:2\r\n"), Not(HasSubstr("STATUS:CANCELLED"))));
  std::string small = kHall;  // one table, so that meetings fall
  const size_t second = small.find(R"(, {"id": "A2"})");
  small.erase(second, small.rfind(']') - second);
  ASSERT_TRUE(WriteFileAtomically(Path("small.json"), small).ok());
  ASSERT_EQ(Served({"plan", "make", Path("small.json"), "--report", Path("report"), "--force", "--out",
                    Path("plan")}),
            0)
      << err_;
  const auto later = AllOf(HasSubstr("STATUS:CANCELLED"), HasSubstr("SEQUENCE:3\r\n"),
                           Not(HasSubstr("SEQUENCE:1\r\n")), Not(HasSubstr("SEQUENCE:2\r\n")));
  EXPECT_THAT(Calendars("plan"), later);
  const std::string name = out_.substr(0, out_.find(' '));
  ASSERT_EQ(Served({"plan", "show", name, "--out", Path("plan")}), 0) << err_;
  EXPECT_THAT(Calendars("plan"), later) << "renewed";
}

TEST_F(PlanCliTest, WhatAServedPlanKeepsOfANoShowIsInItsCopyUntilItIsGivenBack) {
  ASSERT_EQ(Served({"plan", "make", Path("hall.json"), "--report", Path("report"), "--out", Path("plan")}), 0)
      << err_;
  const std::string name = out_.substr(0, out_.find(' '));
  const std::string offer = FirstMeeting(*cli::ReadPlanFolder(Path("plan"))).second.id;
  ASSERT_EQ(Served({"plan", "replan", name, "--no-show", offer, "--out", Path("plan")}), 0) << err_;
  const plan::PlanFile gone = *cli::ReadPlanFolder(Path("plan"));
  ASSERT_EQ(gone.absences.size(), 1u);
  EXPECT_EQ(gone.event.parties[gone.absences[0].party].id, offer);
  ASSERT_EQ(Served({"plan", "replan", name, "--late", offer + "=S1", "--out", Path("plan")}), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("新增"));
  const plan::PlanFile back = *cli::ReadPlanFolder(Path("plan"));
  EXPECT_TRUE(back.absences.empty());
  EXPECT_GT(back.plan.meetings.size(), gone.plan.meetings.size());
}

TEST_F(PlanCliTest, AServedPlanIsNotWrittenOverARunningPlanOfTheFolder) {
  ASSERT_EQ(Run({"plan", "make", Path("hall.json"), "--report", Path("report"), "--out", Path("plan")}), 0)
      << err_;
  ASSERT_EQ(Run({"plan", "publish", Path("plan")}), 0) << err_;
  ASSERT_EQ(Run({"plan", "start", Path("plan")}), 0) << err_;
  EXPECT_EQ(Served({"plan", "make", Path("hall.json"), "--report", Path("report"), "--out", Path("plan")}),
            1);
  EXPECT_THAT(err_, testing::AllOf(HasSubstr("进行中，不覆盖"), HasSubstr("--force")));
  ASSERT_EQ(Served({"plan", "list"}), 0) << err_;
  EXPECT_THAT(out_, Not(HasSubstr("plans/"))) << "nothing was planned in vain";
  EXPECT_THAT(err_, HasSubstr("还没有计划"));
  ASSERT_EQ(Served({"plan", "make", Path("hall.json"), "--report", Path("report"), "--out", Path("copy")}), 0)
      << err_;
  const std::string name = out_.substr(0, out_.find(' '));
  const std::vector<std::string> commands[] = {{"plan", "show", name, "--out", Path("plan")},
                                               {"plan", "replan", name, "--out", Path("plan")}};
  for (const std::vector<std::string>& command : commands) {
    EXPECT_EQ(Served(command), 1) << command[1];
    EXPECT_THAT(err_, testing::AllOf(HasSubstr("换一个 --out"), Not(HasSubstr("--force"))));
  }
  EXPECT_EQ(cli::ReadPlanFolder(Path("plan"))->state, plan::State::kRunning);
}

TEST_F(PlanCliTest, AnEventAboveWhatTheServerTakesIsNotSent) {
  std::string event = kHall;
  event.insert(event.rfind('}'), R"(,
 "parties": [{"id": "N1", "name": "甲", "side": "需求方"}, {"id": "O1", "name": "乙", "side": "供给方"}],
 "pairs": [{"need": "N1", "offer": "O1", "score": "0.9", "reason": ")" +
                                     std::string(size_t{9} << 20, 'x') + R"("}])");
  ASSERT_TRUE(WriteFileAtomically(Path("large.json"), event).ok());
  EXPECT_EQ(Served({"plan", "make", Path("large.json")}), 1);
  EXPECT_THAT(err_,
              testing::AllOf(HasSubstr("最多收 8 MiB"), HasSubstr("不加 --server"), HasSubstr("--top")));
  ASSERT_EQ(Served({"plan", "list"}), 0) << err_;
  EXPECT_THAT(out_, Not(HasSubstr("plans/")));
}

TEST_F(PlanCliTest, ACopyOfAServedPlanIsRenewedUntilTheFolderGoesItsOwnWay) {
  ASSERT_EQ(Served({"plan", "make", Path("hall.json"), "--report", Path("report"), "--out", Path("plan")}), 0)
      << err_;
  const std::string name = out_.substr(0, out_.find(' '));
  ASSERT_EQ(Served({"plan", "publish", name}), 0) << err_;
  for (int i = 0; i < 2; ++i) ASSERT_EQ(Served({"plan", "show", name, "--out", Path("plan")}), 0) << err_;
  EXPECT_EQ(cli::ReadPlanFolder(Path("plan"))->state, plan::State::kPublished);
  ASSERT_EQ(Run({"plan", "start", Path("plan")}), 0) << err_;
  EXPECT_EQ(Served({"plan", "show", name, "--out", Path("plan")}), 1);
  EXPECT_EQ(cli::ReadPlanFolder(Path("plan"))->state, plan::State::kRunning);
}

TEST_F(PlanCliTest, TheSameCommandsWorkOnAPlanOfTheServer) {
  ASSERT_EQ(Served({"plan", "make", Path("hall.json"), "--report", Path("report"), "--out", Path("plan")}), 0)
      << err_;
  ASSERT_THAT(out_, StartsWith("plans/p-"));
  const std::string name = out_.substr(0, out_.find(' '));
  const absl::StatusOr<plan::PlanFile> file = cli::ReadPlanFolder(Path("plan"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(CheckPlan(file->event, file->plan).empty());
  ASSERT_EQ(Served({"plan", "list"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr(name + "  草案  第 1 版  " + std::to_string(file->plan.meetings.size()) +
                              " 场会谈  示例对接会"));
  const auto [need, offer] = FirstMeeting(*file);
  ASSERT_EQ(Served({"plan", "replan", name, "--no-show", offer.id, "--preview"}), 0) << err_;
  EXPECT_THAT(err_, AllOf(HasSubstr("要通知"), HasSubstr("；阻塞对 "), HasSubstr(" → ")));
  ASSERT_EQ(Served({"plan", "replan", name, "--cancel", need.id + "," + offer.id, "--preview"}), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("组织方取消"));
  EXPECT_EQ(Served({"plan", "replan", name, "--no-show", "nobody"}), 1);
  EXPECT_THAT(err_, HasSubstr("nobody"));
  EXPECT_EQ(Served({"plan", "start", name}), 1);
  EXPECT_THAT(err_, HasSubstr("下一步只能发布"));
  ASSERT_EQ(Served({"plan", "publish", name}), 0) << err_;
  ASSERT_EQ(Served({"plan", "start", name}), 0) << err_;
  EXPECT_EQ(Served({"plan", "outcome", name, "--need", need.id, "--offer", offer.id, "--result", "还行"}), 2);
  ASSERT_EQ(Served({"plan", "outcome", name, "--need", need.id, "--offer", offer.id, "--result", "意向"}), 0)
      << err_;
  EXPECT_THAT(out_, HasSubstr("engagements/e-"));
  EXPECT_EQ(Ledger(*file).furthest_step(), pb::ENGAGEMENT_STEP_MET) << "an interest is before a meeting";
  EXPECT_EQ(Ledger(*file).history_size(), 2);
  EXPECT_EQ(Served({"plan", "replan", name, "--preview"}), 1) << "the event has begun: when is it?";
  EXPECT_THAT(err_, HasSubstr("加上现在的时段 --now"));
  EXPECT_EQ(Served({"plan", "replan", name, "--now", "S2", "--preview"}), 0) << err_;
  ASSERT_EQ(Served({"plan", "close", name}), 0) << err_;
  ASSERT_EQ(Served({"plan", "show", name, "--out", Path("again")}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("已结束"));
  EXPECT_EQ(cli::ReadPlanFolder(Path("again"))->plan.meetings[0].outcome, "意向");
  EXPECT_EQ(Served({"plan", "show", "plans/p-0000000000000000"}), 1);
  EXPECT_THAT(err_, Not(HasSubstr("内部错误")));
}

}  // namespace
}  // namespace dongxi
