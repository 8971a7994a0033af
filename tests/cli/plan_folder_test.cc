// The folder of a plan: what a state, an outcome and a new revision write, and calendars that follow them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/plan/calendar.h"
#include "cli/plan/folder.h"
#include "cli/plan/words.h"
#include "engine/plan/event_tables.h"
#include "engine/plan/planner.h"
#include "indexer/import/zip_package.h"
#include "tests/cli/run_cli.h"

namespace dongxi::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kEvent[] = R"({
 "settings": [{"key": "活动名称", "value": "对接会"}],
 "slots": [{"id": "S1", "date": "2026-11-26", "begin": "09:00", "end": "09:25"},
           {"id": "S2", "date": "2026-11-26", "begin": "09:30", "end": "09:55"},
           {"id": "S3", "date": "2026-11-26", "begin": "10:00", "end": "10:25"}],
 "tables": [{"id": "A1"}],
 "parties": [{"id": "N1", "name": "需求甲", "side": "需求方"},
             {"id": "O1", "name": "供给甲", "side": "供给方"}],
 "pairs": [{"need": "N1", "offer": "O1", "score": "0.9"}],
 "sessions": [{"id": "R1", "name": "路演", "kind": "路演", "slot": "S2", "participants": "N1"},
              {"id": "R2", "name": "路演", "kind": "路演", "slot": "S3", "participants": "N1"}]})";

plan::PlanFile Planned(const std::string& event = kEvent) {
  std::vector<plan::Problem> problems;
  plan::PlanFile file{.event = DecodeEvent(*plan::TablesFromJson(event), &problems)};
  EXPECT_FALSE(plan::HasFatal(problems));
  file.plan = *plan::MakePlan(file.event);
  return file;
}

std::vector<std::string> Uids(const std::string& ics) {
  std::vector<std::string> uids;
  for (size_t at = ics.find("UID:"); at != std::string::npos; at = ics.find("UID:", at + 1))
    uids.push_back(ics.substr(at, ics.find('\r', at) - at));
  return uids;
}

TEST(CalendarTest, TwoSessionsOfOneNameAreTwoEvents) {
  const std::vector<std::string> uids = Uids(CalendarOf(Planned(), 0));
  ASSERT_EQ(uids.size(), 3u) << "a meeting and two sessions";
  EXPECT_NE(uids[1], uids[2]);
}

TEST(CalendarTest, TheUidDoesNotDependOnTheOrderOfRows) {
  std::string more = kEvent;
  const std::string parties = "\"parties\": [";
  more.insert(more.find(parties) + parties.size(), R"({"id": "N0", "name": "新来的", "side": "需求方"},)");
  EXPECT_EQ(Uids(CalendarOf(Planned(), 0)), Uids(CalendarOf(Planned(more), 1)));
}

TEST(CalendarTest, IsForImportAndNoInvitation) {
  EXPECT_THAT(CalendarOf(Planned(), 0), AllOf(Not(HasSubstr("METHOD")), HasSubstr("BEGIN:VEVENT")));
}

TEST(CalendarTest, WhatIsNoMoreIsCancelled) {
  const plan::PlanFile before = Planned();
  plan::PlanFile after = before;
  after.plan.meetings.clear();
  after.revision = 2;
  const std::string ics = CalendarOf(after, 1, &before);
  EXPECT_EQ(Uids(ics), Uids(CalendarOf(before, 1)));
  EXPECT_THAT(ics, HasSubstr("STATUS:CANCELLED\r\n"));
  EXPECT_THAT(ics, AllOf(HasSubstr("SEQUENCE:2\r\n"), HasSubstr("需求甲")));
  EXPECT_THAT(CalendarOf(before, 1, &before), Not(HasSubstr("CANCELLED"))) << "all is as it was";
}

class PlanFolderTest : public testing::Test {
 protected:
  ~PlanFolderTest() override { fs::remove_all(folder_); }
  std::string Bytes(const char* name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // The exit code; what it says is in `said_`.
  int Dongxi(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "plan");
    const CliRun run = cli::Dongxi(arguments);
    said_ = run.err;
    return run.exit_code;
  }
  std::vector<std::string> Outcome(const char* result) const {
    return {"outcome", folder_.string(), "--need", "N1", "--offer", "O1", "--result", result};
  }

  const fs::path folder_ =
      fs::path(testing::TempDir()) /
      (std::string("plan_folder_") + testing::UnitTest::GetInstance()->current_test_info()->name());
  std::string said_;
};

TEST_F(PlanFolderTest, AnOutcomeWritesThePlanAloneAndTheSheetsFollowWithTheState) {
  ASSERT_TRUE(WritePlanFolder(Planned(), folder_).ok());
  ASSERT_EQ(Dongxi({"publish", folder_.string()}), 0) << said_;
  ASSERT_EQ(Dongxi({"start", folder_.string()}), 0) << said_;
  const std::string sheets = Bytes("schedule.xlsx");
  ASSERT_EQ(Dongxi(Outcome("意向")), 0) << said_;
  EXPECT_EQ(Bytes("schedule.xlsx"), sheets);
  EXPECT_THAT(Bytes("plan.json"), HasSubstr("意向"));
  EXPECT_THAT(Bytes("engagements.json"), HasSubstr("意向"));
  ASSERT_EQ(Dongxi({"close", folder_.string()}), 0) << said_;
  EXPECT_NE(Bytes("schedule.xlsx"), sheets);
}

TEST_F(PlanFolderTest, AResultThatIsNoneIsRefusedWithTheWordsThereAre) {
  plan::PlanFile file = Planned();
  file.state = plan::State::kRunning;
  ASSERT_TRUE(WritePlanFolder(file, folder_).ok());
  EXPECT_EQ(Dongxi(Outcome("很好")), 2);
  EXPECT_THAT(said_, AllOf(HasSubstr("很好"), HasSubstr("签约"), HasSubstr("未到")));
}

TEST_F(PlanFolderTest, CalendarsKeepWhatWasCancelledThroughAChangeOfState) {
  ASSERT_TRUE(WritePlanFolder(Planned(), folder_).ok());
  ASSERT_EQ(Dongxi({"replan", folder_.string(), "--no-show", "O1"}), 0) << said_;
  EXPECT_THAT(Bytes("calendars/0001-N1.ics"), HasSubstr("STATUS:CANCELLED"));
  ASSERT_EQ(Dongxi({"publish", folder_.string()}), 0) << said_;
  EXPECT_THAT(Bytes("calendars/0001-N1.ics"), HasSubstr("STATUS:CANCELLED"));
}

TEST_F(PlanFolderTest, PagesOfTablesGoWithTheTables) {
  ASSERT_TRUE(WritePlanFolder(Planned(), folder_).ok());
  EXPECT_TRUE(fs::exists(folder_ / "tables.pdf"));
  std::string without = kEvent;
  const std::string tables = R"("tables": [{"id": "A1"}],)";
  without.erase(without.find(tables), tables.size());
  ASSERT_TRUE(WritePlanFolder(Planned(without), folder_).ok());
  EXPECT_FALSE(fs::exists(folder_ / "tables.pdf"));
}

TEST_F(PlanFolderTest, DaysOfTheWorkbookAreDates) {
  ASSERT_TRUE(WritePlanFolder(Planned(), folder_).ok());
  const std::string bytes = Bytes("schedule.xlsx");
  const auto package = ZipPackage::Open(bytes);
  ASSERT_TRUE(package.ok()) << package.status();
  EXPECT_THAT((*package)->Read("xl/worksheets/sheet1.xml", 1 << 20).value(), HasSubstr("<v>46352</v>"));
}

TEST_F(PlanFolderTest, WishesAndLocksHaveAColumnWhereThereAreSome) {
  const auto words = [&](const std::string& event) {
    EXPECT_TRUE(WritePlanFolder(Planned(event), folder_).ok());
    const std::string bytes = Bytes("schedule.xlsx");
    return (*ZipPackage::Open(bytes))->Read("xl/sharedStrings.xml", 1 << 20).value();
  };
  EXPECT_THAT(words(kEvent), AllOf(Not(HasSubstr(">意愿<")), Not(HasSubstr(">锁定<")), HasSubstr(">结果<")));
  std::string more = kEvent;
  more.insert(more.find("\"pairs\""), R"("requests": [{"from": "N1", "to": "O1", "wish": "想见"}],
      "locks": [{"need": "N1", "offer": "O1", "slot": "S1"}],)");
  EXPECT_THAT(words(more), AllOf(HasSubstr(">意愿<"), HasSubstr(">需求方想见<"), HasSubstr(">锁定<")));
}

TEST(FigureWordsTest, WhoCannotMeetAtAllIsSaidBesideWhoDidNot) {
  const auto without = [](const plan::PlanFile& file) {
    for (const FigureWord& figure : FigureWords(file)) {
      if (figure.name == "一场也没有的参会方") return figure.value;
    }
    return std::string();
  };
  EXPECT_EQ(without(Planned()), "0 方");
  std::string more = kEvent;
  const std::string parties = "\"parties\": [";
  more.insert(more.find(parties) + parties.size(), R"({"id": "N0", "name": "没有对方", "side": "需求方"},)");
  EXPECT_EQ(without(Planned(more)), "0 方（另有 1 方没有能会谈的对方或时段）");
}

}  // namespace
}  // namespace dongxi::cli
