// The entries behind durations, page by page, and which parts of a figure there are not.
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/server/statistics_fixture.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Two contracts of 2025, one of which was first talked about the year before.
constexpr char kTwoContracts[] =
    "n-lithium,results/r-lithium,会谈,2024-12-10,,,,,,,,\n"
    "n-lithium,results/r-lithium,签约,2025-01-10,120,,,,,,,\n"
    "n-lithium,institutions/js,会谈,2025-02-10,,,,,,,,\n"
    "n-lithium,institutions/js,签约,2025-03-10,60,,,,,,,\n";

class StatisticsOpenTest : public StatisticsServiceTest {
 protected:
  static pb::OpenFigureRequest MetToSigned() {
    pb::OpenFigureRequest open;
    open.mutable_start_time()->set_seconds(Seconds(2025));
    open.mutable_end_time()->set_seconds(Seconds(2026));
    open.set_figure(pb::FIGURE_KIND_MET);
    open.set_to_step(pb::ENGAGEMENT_STEP_SIGNED);
    open.set_duration(true);
    return open;
  }
  grpc::Status Open(const pb::OpenFigureRequest& open, pb::OpenFigureResponse* response) {
    grpc::ClientContext context;
    return statistics_->OpenFigure(&context, open, response);
  }
};

TEST_F(StatisticsOpenTest, EveryDurationOpensToItsEntriesWheneverTheirPairsEntered) {
  ASSERT_EQ(Import(kTwoContracts), 0) << out_ << err_;
  pb::ComputeStatisticsRequest request = Year(2025);
  request.set_include_engagements(true);
  const pb::StatisticsGroup total = MustCompute(request).total();
  pb::OpenFigureRequest open = MetToSigned();
  int64_t entries = 0;
  for (const pb::StepDuration& one : total.durations()) {
    open.set_figure(static_cast<pb::FigureKind>(one.from_step()));
    open.set_to_step(one.to_step());
    pb::OpenFigureResponse opened;
    const grpc::Status status = Open(open, &opened);
    ASSERT_TRUE(status.ok()) << status.error_message();
    std::vector<std::string> names;
    for (const pb::Engagement& entry : opened.engagements()) names.push_back(entry.name());
    EXPECT_EQ(names, std::vector<std::string>(one.engagements().begin(), one.engagements().end()))
        << one.ShortDebugString();
    entries += opened.total_size();
  }
  EXPECT_EQ(entries, 2);
}

TEST_F(StatisticsOpenTest, APageOfADurationIsFollowedByItsNextOneAlone) {
  ASSERT_EQ(Import(kTwoContracts), 0) << out_ << err_;
  pb::OpenFigureRequest open = MetToSigned();
  open.set_page_size(1);
  std::set<std::string> names;
  do {
    pb::OpenFigureResponse page;
    const grpc::Status status = Open(open, &page);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(page.total_size(), 2);
    ASSERT_EQ(page.engagements_size(), 1);
    names.insert(page.engagements(0).name());
    if (page.next_page_token().empty()) break;
    open.set_page_token(page.next_page_token());
  } while (names.size() < 3);
  EXPECT_EQ(names.size(), 2u);
  open.set_duration(false);
  pb::OpenFigureResponse unused;
  EXPECT_EQ(DetailsOf(Open(open, &unused)).field, "page_token");
}

TEST_F(StatisticsOpenTest, ADurationNeedsItsTwoStepsAndHasNoEntering) {
  struct Case {
    std::function<void(pb::OpenFigureRequest*)> spoil;
    const char* field;
  };
  const Case cases[] = {
      {[](auto* r) { r->clear_to_step(); }, "duration"},
      {[](auto* r) { r->set_began(true); }, "duration"},
      {[](auto* r) { r->set_to_step(pb::ENGAGEMENT_STEP_SHOWN); }, "to_step"},
  };
  for (const Case& c : cases) {
    pb::OpenFigureRequest open = MetToSigned();
    c.spoil(&open);
    pb::OpenFigureResponse unused;
    const grpc::Status status = Open(open, &unused);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << c.field;
    EXPECT_EQ(DetailsOf(status).field, c.field);
  }
}

TEST_F(StatisticsOpenTest, ARegionMayBeWrittenWithAllTheDigitsOfItsCode) {
  ASSERT_EQ(Import(kTwoContracts), 0) << out_ << err_;
  pb::ComputeStatisticsRequest request = Year(2025);
  pb::OpenFigureRequest open = MetToSigned();
  for (const char* code : {"63", "6300", "630000"}) {
    SCOPED_TRACE(code);
    request.mutable_filter()->set_need_region_code(code);
    EXPECT_EQ(MustCompute(request).entries(), 3);
    open.mutable_filter()->set_need_region_code(code);
    pb::OpenFigureResponse opened;
    const grpc::Status status = Open(open, &opened);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(opened.total_size(), 2);
  }
  request.mutable_filter()->set_offer_region_code("120000");
  EXPECT_EQ(MustCompute(request).entries(), 1);
  for (const char* code : {"630000", "632500", "632521"}) request.add_expected_region_codes(code);
  std::set<std::string> unserved;
  const pb::Statistics statistics = MustCompute(request);
  for (const pb::UnservedRegion& region : statistics.unserved_regions())
    unserved.insert(region.region_code());
  EXPECT_TRUE(unserved.contains("632521"));
  EXPECT_TRUE(unserved.contains("6325"));
  EXPECT_FALSE(unserved.contains("632500")) << "no need would ever be found in it";
  EXPECT_FALSE(unserved.contains("630000"));
}

TEST_F(StatisticsOpenTest, TheCommandListsTheEntriesOfADuration) {
  ASSERT_EQ(Import(kTwoContracts), 0) << out_ << err_;
  std::vector<std::string> arguments = {"stats",    "open", "--period", "2025",
                                        "--figure", "会谈", "--to",     "签约"};
  ASSERT_EQ(Dongxi(arguments), 0) << err_;
  EXPECT_THAT(out_, Not(HasSubstr("2025-01-10")));
  EXPECT_THAT(out_, HasSubstr("2025-03-10"));
  arguments.emplace_back("--duration");
  ASSERT_EQ(Dongxi(arguments), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("2025-01-10"));
  EXPECT_THAT(out_, HasSubstr("2025-03-10"));
  arguments.emplace_back("--began");
  EXPECT_EQ(Dongxi(arguments), 2);
  EXPECT_THAT(err_, HasSubstr("--duration 要和 --to 同用，不和 --began 同用"));
}

}  // namespace
}  // namespace dongxi
