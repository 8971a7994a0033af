// The folder of reports alone: expiry, too many, what is left over, damage.
#include "server/report_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/base/files.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReportStoreTest : public testing::Test {
 protected:
  ReportStoreTest() : store_(ReportStoreOptions{.root = Root(), .keep = 3, .now = [this] { return now_; }}) {
    operator_.viewer.all_tenants = true;
  }
  fs::path Root() const { return folder_.path() / kReportsFolderName; }
  static std::string Name(int number) { return "reports/r-000000000000000" + std::to_string(number); }
  pb::Report Published(int number, const std::string& tenant = "") {
    storage::ReportManifest manifest;
    manifest.mutable_report()->set_name(Name(number));
    manifest.mutable_report()->set_tenant(tenant);
    manifest.mutable_report()->add_files()->set_name("csv/a.csv");
    EXPECT_TRUE(store_.BeginDraft(Name(number)).ok());
    fs::create_directories(store_.DraftOf(Name(number)) / "csv");
    std::ofstream(store_.DraftOf(Name(number)) / "csv" / "a.csv") << "one,two\n";
    const absl::StatusOr<pb::Report> report = store_.Publish(manifest);
    EXPECT_TRUE(report.ok()) << report.status();
    return *report;
  }
  std::vector<std::string> Listed() {
    std::vector<std::string> names;
    for (const pb::Report& report : store_.List("", 100, operator_)) names.push_back(report.name());
    return names;
  }
  std::vector<std::string> Folder() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(Root()))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  TemporaryFolder folder_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  ReportStore store_;
  Caller operator_;
};

TEST_F(ReportStoreTest, AReportIsOverAfterThirtyDaysAndSweptAway) {
  const pb::Report report = Published(1);
  EXPECT_EQ(report.files(0).size_bytes(), 8);
  now_ += absl::Hours(30 * 24) - absl::Seconds(1);
  store_.Sweep([](const std::string&) { return false; });
  EXPECT_THAT(Listed(), ElementsAre(Name(1)));
  now_ += absl::Seconds(1);
  EXPECT_THAT(Listed(), IsEmpty()) << "not even before it is swept";
  EXPECT_TRUE(absl::IsNotFound(store_.Find(Name(1), "name", operator_).status()));
  store_.Sweep([](const std::string&) { return false; });
  EXPECT_THAT(Folder(), IsEmpty());
}

TEST_F(ReportStoreTest, OfEachTenantTheNewestStay) {
  for (int i = 1; i <= 4; ++i) Published(i, "park");
  Published(5, "other");
  EXPECT_THAT(Listed(), ElementsAre(Name(5), Name(4), Name(3), Name(2)));
  EXPECT_THAT(store_.List(Name(4), 1, operator_), SizeIs(1));
  Caller park;
  park.viewer.tenant = "park";
  EXPECT_THAT(store_.List("", 100, park), SizeIs(3));
}

TEST_F(ReportStoreTest, DraftsAndJournalsStayWhileTheirOperationIsPending) {
  ASSERT_TRUE(store_.BeginDraft(Name(1)).ok());
  ASSERT_TRUE(store_.BeginDraft(Name(2)).ok());
  std::ofstream(store_.JournalOf(Name(1))) << "1";
  std::ofstream(store_.JournalOf(Name(2))) << "2";
  std::ofstream(Root() / "README") << "not ours";
  store_.Sweep([](const std::string& report) { return report == Name(2); });
  EXPECT_THAT(Folder(), ElementsAre("README", "r-0000000000000002.journal", "r-0000000000000002.new"));
  store_.Discard(Name(2));
  EXPECT_THAT(Folder(), ElementsAre("README"));
}

TEST_F(ReportStoreTest, NamesThatAreNoReportsLeadNowhere) {
  Published(1);
  for (const char* const name : {"", "reports/", "r-0000000000000001", "reports/r-1", "reports/../reports",
                                 "reports/r-000000000000000G", "reports/r-0000000000000001/csv"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(store_.Find(name, "name", operator_).status())) << name;
  }
  EXPECT_EQ(OperationOfReport(Name(1)), "operations/0000000000000001");
  EXPECT_EQ(ReportNameOfOperation("operations/0000000000000001"), Name(1));
}

TEST_F(ReportStoreTest, EachDamagedMissingOrForeignFileIsNamedWithItsRemedy) {
  Published(1);
  EXPECT_THAT(CheckReports(Root()).problems, IsEmpty());
  EXPECT_EQ(CheckReports(Root()).files, 2u);
  const fs::path file = Root() / "r-0000000000000001" / "csv" / "a.csv";
  std::ofstream(file) << "one,tWo\n";
  EXPECT_THAT(CheckReports(Root()).problems, ElementsAre(HasSubstr("a.csv")));
  std::ofstream(file.parent_path() / "b.csv") << "x";
  EXPECT_THAT(CheckReports(Root()).problems, SizeIs(2));
  fs::remove(file);
  EXPECT_THAT(CheckReports(Root()).problems[0], HasSubstr("dongxi reports delete"));
  std::ofstream(Root() / "r-0000000000000001" / "MANIFEST") << "junk";
  EXPECT_THAT(CheckReports(Root()).problems, ElementsAre(HasSubstr("MANIFEST")));
  EXPECT_TRUE(absl::IsDataLoss(store_.Find(Name(1), "name", operator_).status()));
  EXPECT_TRUE(absl::IsNotFound(store_.Remove(Name(1), Caller()))) << "nobody knows whose it is";
  EXPECT_TRUE(store_.Remove(Name(1), operator_).ok());
  EXPECT_THAT(Folder(), IsEmpty());
  EXPECT_THAT(CheckReports(folder_.path() / "none").problems, IsEmpty());
}

TEST_F(ReportStoreTest, WhoSeesLessThanTheMakerMayNotRead) {
  storage::ReportManifest manifest;
  manifest.mutable_scope()->set_disclosure(static_cast<int>(Disclosure::kRegistered));
  Caller caller;
  EXPECT_TRUE(absl::IsPermissionDenied(ReportStore::CheckMayRead(manifest, caller)));
  caller.viewer.disclosure_max = Disclosure::kRegistered;
  EXPECT_TRUE(ReportStore::CheckMayRead(manifest, caller).ok());
  manifest.mutable_scope()->set_all_tenants(true);
  EXPECT_TRUE(absl::IsPermissionDenied(ReportStore::CheckMayRead(manifest, caller)));
  caller.viewer.all_tenants = true;
  EXPECT_TRUE(ReportStore::CheckMayRead(manifest, caller).ok());
}

}  // namespace
}  // namespace dongxi
