// Reports as jobs of the server: files, what is refused, tenants and disclosure, expiry.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <fstream>
#include <functional>

#include "server/audit_trail.h"
#include "server/report_assemble.h"
#include "store/catalogue.h"
#include "tests/server/report_service_fixture.h"

namespace dongxi {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445566";

std::vector<std::string> NamesOf(const pb::Report& report) {
  std::vector<std::string> names;
  for (const pb::ReportFile& file : report.files()) names.push_back(file.name());
  return names;
}

TEST_F(ReportServiceTest, AJobWritesEveryFormatAndTellsSizesAndChecksums) {
  Prepare();
  Start();
  pb::RunReportRequest request;
  const std::string operation = Started(request);
  const Operation ended = Ended(operation);
  const pb::Report report = ReportOf(ended);
  EXPECT_EQ(MetadataOf(ended).kind(), "report");
  EXPECT_EQ(MetadataOf(ended).stage(), "write");
  EXPECT_EQ(report.name(), "reports/r-" + operation.substr(sizeof("operations/") - 1));
  EXPECT_EQ(report.title(), "东西部科技合作供需对接报告");
  EXPECT_EQ(report.need_count(), 2);
  EXPECT_EQ(report.expire_time().seconds() - report.create_time().seconds(), 30 * 24 * 3'600);
  EXPECT_THAT(report.provenance().generation(), HasSubstr("g-"));
  EXPECT_THAT(NamesOf(report),
              AllOf(Contains("匹配报告.html"), Contains("匹配报告.xlsx"), Contains("匹配报告.pdf"),
                    Contains("report.json"), Contains("csv/partners.csv")));
  for (const pb::ReportFile& file : report.files()) {
    SCOPED_TRACE(file.name());
    const std::string bytes = Text(report, file.name());
    EXPECT_EQ(static_cast<int64_t>(bytes.size()), file.size_bytes());
    EXPECT_EQ(Sha256Hex(bytes), file.sha256());
    EXPECT_NE(file.format(), pb::REPORT_FORMAT_UNSPECIFIED);
  }
  EXPECT_THAT(Text(report, "匹配报告.html"), HasSubstr("高镁锂比盐湖卤水提锂收率低"));
  pb::Report got;
  ASSERT_TRUE(Get(report.name(), &got).ok());
  EXPECT_EQ(got.SerializeAsString(), report.SerializeAsString());
  EXPECT_THAT(Entries(), ElementsAre(report.name().substr(8))) << "neither draft nor journal stays";
}

TEST_F(ReportServiceTest, APieceOfAFileBeginsWhereItIsAsked) {
  Prepare(40);
  Start();
  pb::RunReportRequest request;
  request.add_formats(pb::REPORT_FORMAT_JSON);
  const pb::Report report = Made(request);
  const Downloaded whole = Download(report.name(), "report.json");
  ASSERT_GT(whole.bytes.size(), size_t{256} << 10) << "more than one piece";
  EXPECT_LE(whole.largest, size_t{256} << 10);
  const auto size = static_cast<int64_t>(whole.bytes.size());
  for (const int64_t offset : {int64_t{1}, size / 2, size - 1, size}) {
    SCOPED_TRACE(offset);
    const Downloaded rest = Download(report.name(), "report.json", offset);
    EXPECT_TRUE(rest.status.ok()) << rest.status.error_message();
    EXPECT_EQ(rest.bytes, whole.bytes.substr(static_cast<size_t>(offset)));
  }
  EXPECT_EQ(Download(report.name(), "report.json", size + 1).status.error_code(),
            grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(DetailsOf(Download(report.name(), "report.json", -1).status).field, "offset");
  for (const char* const other : {"MANIFEST", "../../tokens", ""}) {
    const Downloaded none = Download(report.name(), other);
    EXPECT_EQ(none.status.error_code(), grpc::StatusCode::NOT_FOUND) << other;
    EXPECT_EQ(none.bytes, "");
  }
}

TEST_F(ReportServiceTest, TheSameRequestIdGivesTheSameOperation) {
  Prepare();
  Start();
  pb::RunReportRequest request = Small();
  request.set_request_id(kUuid);
  const std::string first = Started(request);
  EXPECT_EQ(Started(request), first);
  request.set_title("另一份");
  Operation other;
  EXPECT_EQ(DetailsOf(Call(&Stub::RunReport, request, &other)).field, "request_id");
  request.set_request_id("no-uuid");
  EXPECT_EQ(DetailsOf(Call(&Stub::RunReport, request, &other)).field, "request_id");
}

TEST_F(ReportServiceTest, WrongRequestsNameTheirFieldBeforeAnyWork) {
  Prepare();
  Start();
  const auto field = [&](const std::function<void(pb::RunReportRequest*)>& spoil) {
    pb::RunReportRequest request = Small();
    spoil(&request);
    Operation operation;
    const grpc::Status status = Call(&Stub::RunReport, request, &operation);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
    return DetailsOf(status).field;
  };
  EXPECT_EQ(field([](auto* r) { r->set_need_filter("region = \"63\""); }), "needs");
  EXPECT_EQ(field([](auto* r) { r->add_needs("results/r-goji"); }), "needs[1]");
  EXPECT_EQ(field([](auto* r) { r->add_needs("needs/n-lithium"); }), "needs[1]");
  EXPECT_EQ(field([](auto* r) {
              for (int i = 0; i <= 10'000; ++i) r->add_needs("needs/n-" + std::to_string(i));
            }),
            "needs");
  EXPECT_EQ(field([](auto* r) { r->clear_needs(), r->set_need_filter("region ="); }), "need_filter");
  EXPECT_EQ(field([](auto* r) { r->clear_needs(), r->add_inline_needs(); }), "inline_needs[0]");
  EXPECT_EQ(field([](auto* r) {
              r->clear_needs();
              for (int i = 0; i < 2; ++i) {
                r->add_inline_needs()->set_title("提锂");
                r->mutable_inline_needs(i)->set_name("needs/same");
              }
            }),
            "inline_needs[1].name");
  EXPECT_EQ(field([](auto* r) {
              r->clear_needs();
              r->add_inline_needs()->set_title("提锂");
              r->mutable_inline_needs(0)->set_maturity(11);
            }),
            "inline_needs[0].maturity");
  EXPECT_EQ(field([](auto* r) { r->mutable_match()->set_text("提锂"); }), "match");
  EXPECT_EQ(field([](auto* r) { r->mutable_match()->set_page_size(101); }), "match.page_size");
  EXPECT_EQ(field([](auto* r) { r->mutable_match()->set_filter("("); }), "match.filter");
  EXPECT_EQ(field([](auto* r) { r->mutable_match()->set_ranking_profile("none"); }), "match.ranking_profile");
  EXPECT_EQ(field([](auto* r) { r->add_formats(pb::REPORT_FORMAT_UNSPECIFIED); }), "formats[1]");
  EXPECT_EQ(field([](auto* r) { r->add_formats(pb::REPORT_FORMAT_JSON); }), "formats[1]");
  EXPECT_EQ(field([](auto* r) {
              std::string title;
              for (int i = 0; i < 201; ++i) title += "题";
              r->set_title(title);
            }),
            "title");
  EXPECT_EQ(field([](auto* r) { r->set_county_min(-1); }), "county_min");
  EXPECT_EQ(field([](auto* r) { r->set_expert_max(-1); }), "expert_max");
  EXPECT_EQ(field([](auto* r) { r->set_compare_with("last"); }), "compare_with");
  pb::Report report;
  EXPECT_EQ(DetailsOf(Get("r-1", &report)).field, "name");
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST_F(ReportServiceTest, WhatIsNotThereIsNotFound) {
  Prepare();
  Start();
  Operation operation;
  pb::RunReportRequest request = Small();
  request.add_needs("needs/none");
  grpc::Status status = Call(&Stub::RunReport, request, &operation);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("needs/none"));
  request = Small();
  request.set_compare_with("reports/r-0000000000000001");
  status = Call(&Stub::RunReport, request, &operation);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailsOf(status).reason, "REPORT_NOT_FOUND");
  request = Small();
  request.clear_needs();
  request.set_need_filter("region = \"11\"");
  const Operation ended = Ended(Started(request));
  EXPECT_EQ(ended.error().code(), static_cast<int>(absl::StatusCode::kNotFound));
  EXPECT_THAT(ended.error().message(), HasSubstr("need_filter"));
  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(ReportServiceTest, WithoutAGenerationNoReportIsStarted) {
  WriteCatalogue(folder_.path(), SmallCatalogue());
  Start();
  Operation operation;
  EXPECT_EQ(Call(&Stub::RunReport, Small(), &operation).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_F(ReportServiceTest, NeedsThatAreNotInTheCatalogueAndAFilterAreMatchedToo) {
  Prepare();
  Start();
  pb::RunReportRequest request;
  request.add_formats(pb::REPORT_FORMAT_JSON);
  request.add_inline_needs()->set_title("枸杞烘干太费电");
  request.add_inline_needs()->set_title("老卤提锂收率低");
  request.mutable_inline_needs(1)->set_name("needs/x-7");
  std::string json = Text(Made(request), "report.json");
  EXPECT_THAT(json, AllOf(HasSubstr("枸杞烘干太费电"), HasSubstr("\"id\": \"inline-1\""),
                          HasSubstr("\"id\": \"x-7\""), HasSubstr("results/r-goji")));
  request.clear_inline_needs();
  request.set_need_filter("region = \"64\"");
  json = Text(Made(request), "report.json");
  EXPECT_THAT(json, AllOf(HasSubstr("needs"), HasSubstr("n-goji"), Not(HasSubstr("n-lithium"))));
}

TEST_F(ReportServiceTest, AReportStandsBesideAnEarlierOneAndWithinItsBounds) {
  Prepare();
  Start();
  const pb::Report earlier = Made(Small());
  pb::RunReportRequest request;
  request.add_formats(pb::REPORT_FORMAT_HTML);
  request.set_compare_with(earlier.name());
  request.set_institution_max(1);
  request.set_title("今年的<报告>");
  const pb::Report report = Made(request);
  EXPECT_EQ(report.title(), "今年的<报告>");
  const std::string html = Text(report, "匹配报告.html");
  EXPECT_THAT(html, AllOf(HasSubstr("新需求"), HasSubstr(earlier.name()), HasSubstr("每家机构至多 1 次"),
                          HasSubstr("今年的&lt;报告&gt;")));
  request.set_compare_with(report.name());
  Operation operation;
  const grpc::Status status = Call(&Stub::RunReport, request, &operation);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << "it has no JSON";
  EXPECT_EQ(DetailsOf(status).field, "compare_with");
}

TEST_F(ReportServiceTest, ATenantNeverSeesAnothersReportsNorItsRecordsInHisOwn) {
  Prepare();
  const std::string park = NewTokenOf("park", "write"), other = NewTokenOf("other", "write"),
                    reader = NewTokenOf("park", "read"), admin = NewTokenOf("", "admin");
  Start();
  token_ = park;
  const std::string operation = Started(Small());
  const pb::Report report = ReportOf(Ended(operation));
  EXPECT_EQ(report.tenant(), "park");
  EXPECT_FALSE(report.creator().empty());
  const std::string json = Text(report, "report.json");
  EXPECT_THAT(json, AllOf(HasSubstr("r-lithium-park"), Not(HasSubstr("r-lithium-other"))));

  token_ = other;
  pb::Report got;
  pb::RunReportRequest compare = Small();
  compare.set_compare_with(report.name());
  Operation started;
  for (const grpc::Status& status :
       {Get(report.name(), &got), Delete(report.name()), Download(report.name(), "report.json").status,
        Call(&Stub::RunReport, compare, &started)}) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_EQ(DetailsOf(status).reason, "REPORT_NOT_FOUND");
    EXPECT_EQ(status.error_message(), report.name() + ": no such report") << "as of one that is not there";
  }
  EXPECT_THAT(Listed(), IsEmpty());

  token_ = reader;
  EXPECT_THAT(Listed(), ElementsAre(report.name()));
  EXPECT_EQ(Text(report, "report.json"), json);
  EXPECT_EQ(Delete(report.name()).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  token_ = admin;
  EXPECT_THAT(Listed(), ElementsAre(report.name())) << "the operator sees all";
  token_ = park;
  EXPECT_TRUE(Delete(report.name()).ok());
  EXPECT_EQ(Get(report.name(), &got).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(ReportServiceTest, WhatAReportDisclosesIsForThoseWhoMaySeeItAndInTheAuditLog) {
  Prepare();
  const std::string organiser = NewTokenOf("park", "write", Disclosure::kOrganiser),
                    everyone = NewTokenOf("park", "write"),
                    admin = NewTokenOf("", "admin", Disclosure::kOrganiser), nobody = NewTokenOf("", "write");
  Start();
  token_ = organiser;
  const pb::Report report = Made(Small());
  token_ = everyone;
  const Downloaded refused = Download(report.name(), "report.json");
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(DetailsOf(refused.status).reason, "REPORT_DISCLOSURE");
  EXPECT_EQ(refused.bytes, "");
  pb::RunReportRequest compare = Small();
  compare.set_compare_with(report.name());
  Operation started;
  EXPECT_EQ(Call(&Stub::RunReport, compare, &started).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_THAT(Text(Made(Small()), "report.json"), Not(HasSubstr("results/secret")));
  token_ = admin;  // sees the records of every tenant
  const pb::Report of_all = Made(Small());
  token_ = nobody;
  EXPECT_EQ(Download(of_all.name(), "report.json").status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  token_ = organiser;
  EXPECT_THAT(Text(report, "report.json"), HasSubstr("results/secret"));
  Stop();
  std::string disclosures;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / kAuditFolderName)) {
    std::ifstream lines(entry.path());
    for (std::string line; std::getline(lines, line);) {
      if (line.find("DownloadReport") != std::string::npos) disclosures += line + "\n";
    }
  }
  EXPECT_THAT(disclosures, HasSubstr("results/secret"));
  EXPECT_EQ(std::count(disclosures.begin(), disclosures.end(), '\n'), 1) << "refused ones disclosed nothing";
}

TEST_F(ReportServiceTest, WhatAReportDisclosesIsAlsoWhatChangedAndWhoCouldCloseAGap) {
  std::vector<Record> records = SmallCatalogue();
  for (Record& record : records) record.disclosure = Disclosure::kOrganiser;
  WriteCatalogue(folder_.path(), records);
  const auto catalogue = OpenCatalogueView(folder_.path() / "catalogue");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  report::MatchReport made;
  pb::MatchEntry& entry = *made.needs.emplace_back().answer.mutable_results()->add_entries();
  entry.add_requirements()->add_route_institutions()->set_name("institutions/tj");
  report::NeedChange change;
  change.need = "needs/n-goji";
  change.gained_names = {"results/r-goji"};
  change.lost_names = {"results/secret"};
  made.comparison.emplace().changes = {change};
  Caller maker;
  maker.viewer.disclosure_max = Disclosure::kOrganiser;
  const auto disclosed = DisclosedIn(made, maker, **catalogue);
  ASSERT_TRUE(disclosed.ok()) << disclosed.status();
  std::vector<std::string> names;
  for (const auto& [name, level] : *disclosed) names.push_back(name);
  EXPECT_THAT(names, ElementsAre("institutions/tj", "needs/n-goji", "results/r-goji", "results/secret"));
}

TEST_F(ReportServiceTest, ReportsAreListedByPagesAndOnlyTheNewestTwentyOfATenantStay) {
  Prepare();
  const std::string park = NewTokenOf("park", "write"), other = NewTokenOf("other", "write");
  Start();
  token_ = other;
  const std::string of_other = Made(Small()).name();
  token_ = park;
  std::vector<std::string> made;
  for (int i = 0; i < 22; ++i) made.insert(made.begin(), Made(Small()).name());
  made.resize(20);
  EXPECT_EQ(Listed(), made);
  std::vector<std::string> listed;
  pb::ListReportsRequest request;
  request.set_page_size(8);
  pb::ListReportsResponse page;
  do {
    ASSERT_TRUE(Call(&Stub::ListReports, request, &page).ok());
    for (const pb::Report& report : page.reports()) listed.push_back(report.name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, made);
  token_ = other;
  EXPECT_THAT(Listed(), ElementsAre(of_other)) << "each tenant has his own twenty";
  EXPECT_THAT(Entries(), SizeIs(21));
  request.set_page_size(-1);
  EXPECT_EQ(DetailsOf(Call(&Stub::ListReports, request, &page)).field, "page_size");
}

TEST_F(ReportServiceTest, AFolderThatCannotBeWrittenIsTheOperationsErrorWithItsPlace) {
  Prepare();
  std::ofstream(Root()) << "a file where the folder of reports should be";
  Start();
  const Operation ended = Ended(Started(Small()));
  EXPECT_NE(ended.error().code(), 0);
  EXPECT_THAT(ended.error().message(), AllOf(HasSubstr(Root().string()), HasSubstr("请核对")));
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST_F(ReportServiceTest, AFullDiskIsTheOperationsErrorAndNothingStays) {
  Prepare(200);
  std::filesystem::create_directories(Root());
  if (::mount("tmpfs", Root().c_str(), "tmpfs", 0, "size=64k") != 0)
    GTEST_SKIP() << "needs the right to mount a small tmpfs";
  Start();
  pb::RunReportRequest request;
  request.add_formats(pb::REPORT_FORMAT_JSON);
  const Operation ended = Ended(Started(request));
  EXPECT_EQ(ended.error().code(), static_cast<int>(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(ended.error().message(), AllOf(HasSubstr(Root().string()), HasSubstr("磁盘是否已满")));
  EXPECT_THAT(Entries(), IsEmpty());
  Stop();
  EXPECT_EQ(::umount(Root().c_str()), 0);
}

}  // namespace
}  // namespace dongxi
