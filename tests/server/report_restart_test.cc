// Report jobs that a cancellation, a stop of the server or a crash ends in the middle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "dongxi/storage/operation.pb.h"
#include "dongxi/storage/report.pb.h"
#include "report/assemble.h"
#include "report/journal.h"
#include "tests/server/report_service_fixture.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kManyNeeds = 2'000;
constexpr char kId[] = "0000000000000001";
constexpr char kEarlierMatch[] = "m-of-the-server-before";

class ReportRestartTest : public ReportServiceTest {
 protected:
  static pb::RunReportRequest AllNeeds() {
    pb::RunReportRequest request;
    request.mutable_match()->set_page_size(1);
    request.add_formats(pb::REPORT_FORMAT_JSON);
    return request;
  }
  // An operation as a server that was killed left it.
  void LeaveOperation(const storage::ReportJob& job) {
    storage::StoredOperation left;
    left.mutable_metadata()->set_kind("report");
    left.mutable_metadata()->set_state(pb::OperationMetadata::RUNNING);
    left.mutable_metadata()->set_attempts(1);
    left.mutable_request()->PackFrom(job);
    const auto catalogue = Catalogue::Open(folder_.path() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    ASSERT_TRUE((*catalogue)
                    ->Write(
                        [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
                          WriteBatch batch;
                          batch.puts.push_back({Table::kOperations, kId, left.SerializeAsString()});
                          return batch;
                        },
                        1)
                    .ok());
  }
  // A journal with an answer to n-lithium that can be told from any other.
  void LeaveJournal(const storage::ReportJob& job) {
    const auto view = OpenCatalogueView(folder_.path() / "catalogue");
    ASSERT_TRUE(view.ok());
    report::NeedMatches matches;
    ToProto(*(*view)->Get(RecordKind::kNeed, "n-lithium"), &matches.need);
    matches.answer.set_match_id(kEarlierMatch);
    std::filesystem::create_directories(Root());
    const auto journal =
        report::Journal::Open(Root() / (std::string("r-") + kId + ".journal"), job.SerializeAsString());
    ASSERT_TRUE(journal.ok()) << journal.status();
    ASSERT_TRUE((*journal)->Append(report::KeyOf(matches.need), matches).ok());
  }
  std::vector<std::string> MatchIds(const pb::Report& report) {
    const auto json = nlohmann::json::parse(Text(report, "report.json"));
    std::vector<std::string> ids;
    for (const auto& need : json["needs"]) ids.push_back(need["match_id"]);
    return ids;
  }
};

TEST_F(ReportRestartTest, ACancelledJobLeavesNothing) {
  Prepare(kManyNeeds);
  Start();
  const std::string name = Started(AllNeeds());
  AwaitTheMiddle(name);
  EXPECT_EQ(MetadataOf(Now(name)).stage(), "match");
  google::longrunning::CancelOperationRequest cancel;
  cancel.set_name(name);
  grpc::ClientContext context;
  google::protobuf::Empty empty;
  ASSERT_TRUE(operations_->CancelOperation(&context, cancel, &empty).ok());
  const Operation ended = Ended(name);
  EXPECT_EQ(ended.error().code(), static_cast<int>(absl::StatusCode::kCancelled));
  EXPECT_THAT(Entries(), IsEmpty());
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST_F(ReportRestartTest, AStoppedServersJobIsFinishedByTheNextServer) {
  Prepare(kManyNeeds);
  Start();
  const std::string name = Started(AllNeeds());
  AwaitTheMiddle(name);
  Stop();
  const std::string journal = ReportNameOfOperation(name).substr(8) + ".journal";
  EXPECT_THAT(Entries(), ElementsAre(journal)) << "what was matched is kept, no file of the report is there";
  Start();
  const Operation ended = Ended(name);
  const pb::Report report = ReportOf(ended);
  EXPECT_EQ(report.need_count(), kManyNeeds + 2);
  EXPECT_EQ(MetadataOf(ended).attempts(), 1) << "an orderly stop is no crash";
  std::vector<std::string> ids = MatchIds(report);
  EXPECT_EQ(ids.size(), static_cast<size_t>(kManyNeeds + 2));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
  EXPECT_THAT(Entries(), ElementsAre(report.name().substr(8)));
}

TEST_F(ReportRestartTest, WhatTheJournalHasIsNotMatchedAgainAndTheReportIsMadeOnce) {
  Prepare();
  storage::ReportJob job;
  *job.mutable_request() = Small();
  job.mutable_request()->add_needs("needs/n-goji");
  LeaveOperation(job);
  LeaveJournal(job);
  std::filesystem::create_directories(Root() / (std::string("r-") + kId + ".new") / "half");
  Start();
  const pb::Report report = ReportOf(Ended(std::string("operations/") + kId));
  EXPECT_EQ(report.name(), std::string("reports/r-") + kId);
  EXPECT_THAT(MatchIds(report), ElementsAre(Eq(kEarlierMatch), Not(Eq(kEarlierMatch))));
  EXPECT_THAT(Entries(), ElementsAre(std::string("r-") + kId));
  Stop();
  LeaveOperation(job);  // The report was in place, the end of the operation was not on disk.
  Start();
  const pb::Report again = ReportOf(Ended(std::string("operations/") + kId));
  EXPECT_EQ(again.SerializeAsString(), report.SerializeAsString()) << "it was not made anew";
}

TEST_F(ReportRestartTest, AJournalOfAnotherQuestionIsNotContinued) {
  Prepare();
  storage::ReportJob job;
  *job.mutable_request() = Small();
  LeaveJournal(job);
  job.mutable_request()->mutable_match()->set_page_size(3);
  LeaveOperation(job);
  Start();
  EXPECT_THAT(MatchIds(ReportOf(Ended(std::string("operations/") + kId))),
              ElementsAre(Not(Eq(kEarlierMatch))));
}

TEST_F(ReportRestartTest, WhatNoOperationNeedsAnyMoreIsSweptAtTheStart) {
  Prepare();
  storage::ReportJob job;
  *job.mutable_request() = Small();
  LeaveJournal(job);
  std::filesystem::create_directories(Root() / (std::string("r-") + kId + ".new"));
  std::filesystem::create_directories(Root() / (std::string("r-") + kId + ".gone"));
  Start();
  while (!Entries().empty()) std::this_thread::yield();
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST_F(ReportRestartTest, ANeedThatIsGoneByThenIsSaidInTheReport) {
  Prepare();
  storage::ReportJob job;
  *job.mutable_request() = Small();
  job.mutable_request()->add_needs("needs/n-gone");
  LeaveOperation(job);
  Start();
  const pb::Report report = ReportOf(Ended(std::string("operations/") + kId));
  EXPECT_EQ(report.need_count(), 1);
  EXPECT_THAT(Text(report, "report.json"), HasSubstr("目录里没有这项需求"));
}

TEST_F(ReportRestartTest, AJobWhoseEveryNeedFailsIsAnErrorAndNoReport) {
  Prepare();
  storage::ReportJob job;
  *job.mutable_request() = Small();
  job.mutable_request()->set_needs(0, "needs/n-gone");
  LeaveOperation(job);
  Start();
  const Operation ended = Ended(std::string("operations/") + kId);
  EXPECT_EQ(ended.error().code(), static_cast<int>(absl::StatusCode::kNotFound));
  EXPECT_THAT(Entries(), IsEmpty());
}

}  // namespace
}  // namespace dongxi
