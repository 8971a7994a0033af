// The folder of a plan: what a state, an outcome and a new revision write, and calendars that follow them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <sstream>
#include <thread>
#include <utility>

#include "absl/strings/str_format.h"
#include "cli/folder_lock.h"
#include "cli/plan/agenda_pdf.h"
#include "cli/plan/calendar.h"
#include "cli/plan/folder.h"
#include "cli/plan/words.h"
#include "cli/plan/xlsx_book.h"
#include "engine/plan/event_tables.h"
#include "engine/plan/planner.h"
#include "indexer/import/zip_package.h"
#include "tests/cli/run_cli.h"
#include "tests/cli/small_plan.h"
#include "tests/report/pdf_text.h"

namespace dongxi::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// As many needs, offers and tables; N0 and O0 can meet, N1 and O1 …
std::string Tables(int count) {
  std::string tables, parties, pairs;
  for (int i = 0; i < count; ++i) {
    const char* const comma = i == 0 ? "" : ",";
    absl::StrAppendFormat(&tables, R"(%s{"id": "A%d"})", comma, i);
    absl::StrAppendFormat(&parties,
                          R"(%s{"id": "N%d", "name": "需求%d", "side": "需求方"},
                             {"id": "O%d", "name": "供给%d", "side": "供给方"})",
                          comma, i, i, i, i);
    absl::StrAppendFormat(&pairs, R"(%s{"need": "N%d", "offer": "O%d", "score": "0.9"})", comma, i, i);
  }
  return R"({"slots": [{"id": "S1", "date": "2026-11-26", "begin": "09:00", "end": "09:25"}], "tables": [)" +
         tables + R"(], "parties": [)" + parties + R"(], "pairs": [)" + pairs + "]}";
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

TEST_F(PlanFolderTest, OutcomesRecordedAtTheSameTimeAreAllKept) {
  constexpr int kClerks = 6;
  plan::PlanFile file = Planned(Tables(kClerks));
  ASSERT_EQ(file.plan.meetings.size(), static_cast<size_t>(kClerks));
  file.state = plan::State::kRunning;
  ASSERT_TRUE(WritePlanFolder(file, folder_).ok());
  std::vector<CliRun> runs(kClerks);
  std::vector<std::thread> clerks;
  for (int i = 0; i < kClerks; ++i) {
    clerks.emplace_back([&, i] {
      const std::string number = std::to_string(i);
      runs[i] = cli::Dongxi({"plan", "outcome", folder_.string(), "--need", "N" + number, "--offer",
                             "O" + number, "--result", "已会谈"});
    });
  }
  for (std::thread& clerk : clerks) clerk.join();
  for (const CliRun& run : runs) EXPECT_EQ(run.exit_code, 0) << run.err;
  const absl::StatusOr<plan::PlanFile> now = ReadPlanFolder(folder_);
  ASSERT_TRUE(now.ok()) << now.status();
  for (const plan::Meeting& meeting : now->plan.meetings) EXPECT_EQ(meeting.outcome, "已会谈");
}

// Tells when something was said in full.
struct Announcing : std::stringbuf {
  std::promise<void> said;
  int sync() override {
    said.set_value();
    return 0;
  }
};

TEST_F(PlanFolderTest, WhoWaitsForAnotherSaysSoAndGoesOnAfterIt) {
  fs::create_directories(folder_);
  std::ostringstream first;
  auto held = std::make_unique<absl::StatusOr<FolderLock>>(LockFolder(folder_, first));
  ASSERT_TRUE(held->ok()) << held->status();
  EXPECT_EQ(first.str(), "");
  Announcing second;
  std::future<void> is_waiting = second.said.get_future();
  std::atomic<bool> released = false;
  bool was_released = false;
  std::thread waiting([&] {
    std::ostream said(&second);
    const absl::StatusOr<FolderLock> lock = LockFolder(folder_, said);
    EXPECT_TRUE(lock.ok()) << lock.status();
    was_released = released;
  });
  EXPECT_EQ(is_waiting.wait_for(std::chrono::minutes(1)), std::future_status::ready);
  released = true;
  held.reset();
  waiting.join();
  EXPECT_TRUE(was_released);
  EXPECT_THAT(second.str(), HasSubstr("等它写完"));
}

TEST_F(PlanFolderTest, AFolderThatIsNotThereHasNothingToLoseAndIsNotMade) {
  std::ostringstream said;
  EXPECT_TRUE(LockFolder(folder_, said).ok());
  EXPECT_FALSE(fs::exists(folder_));
}

TEST_F(PlanFolderTest, TheFileOfThePlanStandsForItsFolder) {
  ASSERT_TRUE(WritePlanFolder(Planned(), folder_).ok());
  const std::string file = (folder_ / "plan.json").string();
  ASSERT_EQ(Dongxi({"show", file}), 0) << said_;
  ASSERT_EQ(Dongxi({"replan", file, "--max-changes", "0"}), 0) << said_;
  ASSERT_EQ(Dongxi({"publish", file}), 0) << said_;
  ASSERT_EQ(Dongxi({"start", file}), 0) << said_;
  ASSERT_EQ(Dongxi({"outcome", file, "--need", "N1", "--offer", "O1", "--result", "意向"}), 0) << said_;
  EXPECT_THAT(Bytes("engagements.json"), HasSubstr("意向"));
  EXPECT_EQ(ReadPlanFolder(folder_)->state, plan::State::kRunning);
  fs::copy_file(folder_ / "plan.json", folder_ / "copy.json");
  EXPECT_EQ(Dongxi({"close", (folder_ / "copy.json").string()}), 1)
      << "not over the plan that it is a copy of";
  EXPECT_THAT(said_, AllOf(HasSubstr("不是文件夹"), HasSubstr("改法")));
}

TEST_F(PlanFolderTest, CalendarsKeepWhatWasCancelledThroughAChangeOfState) {
  ASSERT_TRUE(WritePlanFolder(Planned(), folder_).ok());
  ASSERT_EQ(Dongxi({"replan", folder_.string(), "--no-show", "O1"}), 0) << said_;
  EXPECT_THAT(Bytes("calendars/0001-N1.ics"), HasSubstr("STATUS:CANCELLED"));
  ASSERT_EQ(Dongxi({"publish", folder_.string()}), 0) << said_;
  EXPECT_THAT(Bytes("calendars/0001-N1.ics"), HasSubstr("STATUS:CANCELLED"));
}

TEST_F(PlanFolderTest, WhoWasSaidNotToComeAndComesIsPlannedAgain) {
  ASSERT_TRUE(WritePlanFolder(Planned(), folder_).ok());
  ASSERT_EQ(Dongxi({"replan", folder_.string(), "--no-show", "O1"}), 0) << said_;
  EXPECT_TRUE(ReadPlanFolder(folder_)->plan.meetings.empty());
  EXPECT_THAT(Bytes("plan.json"), HasSubstr("\"absences\""));
  ASSERT_EQ(Dongxi({"replan", folder_.string(), "--late", "O1=S1"}), 0) << said_;
  EXPECT_THAT(said_, HasSubstr("新增"));
  EXPECT_EQ(ReadPlanFolder(folder_)->plan.meetings.size(), 1u);
  EXPECT_THAT(Bytes("plan.json"), Not(HasSubstr("\"absences\"")));
  EXPECT_EQ(Dongxi({"replan", folder_.string(), "--late", "O1=S1"}), 1);
  EXPECT_THAT(said_, AllOf(HasSubstr("什么也不改"), HasSubstr("改法")));
}

TEST_F(PlanFolderTest, FilesOfOthersStayBesideTheCalendars) {
  std::string more = kEvent;
  const std::string parties = "\"parties\": [";
  more.insert(more.find(parties) + parties.size(), R"({"id": "N0", "name": "新来的", "side": "需求方"},)");
  ASSERT_TRUE(WritePlanFolder(Planned(more), folder_).ok());
  EXPECT_TRUE(fs::exists(folder_ / "calendars/0003-O1.ics"));
  for (const char* name : {"mine.txt", "mine.ics", "2026-安排.ics"})
    std::ofstream(folder_ / "calendars" / name) << "mine";
  ASSERT_TRUE(WritePlanFolder(Planned(), folder_).ok());
  for (const char* name : {"mine.txt", "mine.ics", "2026-安排.ics"})
    EXPECT_TRUE(fs::exists(folder_ / "calendars" / name)) << name;
  EXPECT_TRUE(fs::exists(folder_ / "calendars/0002-O1.ics"));
  EXPECT_FALSE(fs::exists(folder_ / "calendars/0003-O1.ics")) << "of a party that has another number now";
}

TEST_F(PlanFolderTest, APlanThatIsMadeAnewCancelsWhatTheOldOneHadInTheCalendars) {
  const std::string out = (folder_ / "p").string();
  const auto make = [&](const std::string& event) {
    std::ofstream(folder_ / "event.json") << event;
    return Dongxi({"make", (folder_ / "event.json").string(), "--out", out});
  };
  fs::create_directories(folder_);
  std::string more = kEvent;
  const std::string parties = "\"parties\": [", pairs = "\"pairs\": [";
  more.insert(more.find(parties) + parties.size(), R"({"id": "O2", "name": "供给乙", "side": "供给方"},)");
  more.insert(more.find(pairs) + pairs.size(), R"({"need": "N1", "offer": "O2", "score": "1"},)");
  ASSERT_EQ(make(more), 0) << said_;
  ASSERT_THAT(Bytes("p/calendars/0002-N1.ics"), AllOf(HasSubstr("供给乙"), HasSubstr("SEQUENCE:1\r\n")));
  ASSERT_EQ(Dongxi({"publish", out}), 0) << said_;
  ASSERT_EQ(Dongxi({"state", out, "draft"}), 0) << said_;
  ASSERT_EQ(make(kEvent), 0) << said_;
  const std::string ics = Bytes("p/calendars/0001-N1.ics");
  EXPECT_THAT(ics, AllOf(HasSubstr("供给甲"), HasSubstr("SEQUENCE:2\r\n"), Not(HasSubstr("SEQUENCE:1\r\n"))));
  const size_t cancelled = ics.find("STATUS:CANCELLED");
  ASSERT_NE(cancelled, std::string::npos);
  EXPECT_THAT(ics.substr(cancelled), HasSubstr("供给乙"));
  EXPECT_EQ(ics.find("STATUS:CANCELLED", cancelled + 1), std::string::npos) << "one alone";
  EXPECT_EQ(ReadPlanFolder(out)->revision, 2);
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

// Of pages, whose ends stay.
std::string WithoutBlanks(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

// One table, as many needs, offers and slots of two days as meetings: 需求企业001甲 meets 供给单位001乙.
plan::PlanFile OnOneTable(int meetings) {
  plan::PlanFile file;
  plan::Event& event = file.event;
  event.tables.resize(1);
  event.tables[0].id = "A1";
  for (int i = 0; i < meetings; ++i) {
    plan::Slot& slot = event.slots.emplace_back();
    slot.id = absl::StrFormat("S%03d", i);
    slot.date = i < meetings / 2 ? "2026-11-26" : "2026-11-27";
    slot.begin_minute = 480 + 10 * (i % (meetings / 2));
    slot.end_minute = slot.begin_minute + 10;
    plan::Party& need = event.parties.emplace_back();
    need.name = absl::StrFormat("需求企业%03d甲", i);
    plan::Party& offer = event.parties.emplace_back();
    offer.name = absl::StrFormat("供给单位%03d乙", i);
    offer.side = plan::Side::kOffer;
    plan::Pair& pair = event.pairs.emplace_back();
    pair.need = 2 * i;
    pair.offer = 2 * i + 1;
    plan::Meeting& meeting = file.plan.meetings.emplace_back();
    meeting.pair = meeting.slot = i;
    meeting.table = 0;
  }
  return file;
}

TEST_F(PlanFolderTest, ATableOfManyMeetingsNamesBothPartiesOfEachOnFurtherPages) {
  fs::create_directories(folder_);
  const auto pages_and_names = [&](int meetings) {
    const absl::Status written = WriteTablePdf(OnOneTable(meetings), folder_ / "tables.pdf");
    EXPECT_TRUE(written.ok()) << written;
    const std::string text = WithoutBlanks(report::PdfTextOf(Bytes("tables.pdf")));
    int names = 0;
    for (int i = 0; i < meetings; ++i) {
      names += text.find(absl::StrFormat("需求企业%03d甲", i)) != std::string::npos;
      names += text.find(absl::StrFormat("供给单位%03d乙", i)) != std::string::npos;
    }
    return std::pair(static_cast<int>(std::count(text.begin(), text.end(), '\f')), names);
  };
  EXPECT_EQ(pages_and_names(20), std::pair(1, 40)) << "a day of one table is a page";
  EXPECT_EQ(pages_and_names(120), std::pair(6, 240));
  EXPECT_THAT(WithoutBlanks(report::PdfTextOf(Bytes("tables.pdf"))), HasSubstr("桌A1（续5）"));
}

// Forty meetings were one page in type of four points, more than a hundred lay over each other.
TEST_F(PlanFolderTest, APartyOfManyMeetingsHasFurtherPagesInItsAgenda) {
  fs::create_directories(folder_);
  const auto pages_and_names = [&](int meetings) {
    plan::PlanFile file = OnOneTable(meetings);
    for (plan::Pair& pair : file.event.pairs) pair.need = 0;
    const absl::Status written = WriteAgendaPdf(file, folder_ / "agendas.pdf");
    EXPECT_TRUE(written.ok()) << written;
    const std::string text = WithoutBlanks(report::PdfTextOf(Bytes("agendas.pdf")));
    int names = 0;
    for (int i = 0; i < meetings; ++i) {
      // On its own page, and on the need's.
      const std::string name = absl::StrFormat("供给单位%03d乙", i);
      names += text.find(name, text.find(name) + 1) != std::string::npos;
    }
    // Each party but the first has one.
    const int further = 2 * meetings - 1;
    return std::pair(static_cast<int>(std::count(text.begin(), text.end(), '\f')) - further, names);
  };
  EXPECT_EQ(pages_and_names(20), std::pair(1, 20)) << "a day of one party is a page";
  EXPECT_EQ(pages_and_names(60), std::pair(3, 60));
  EXPECT_THAT(WithoutBlanks(report::PdfTextOf(Bytes("agendas.pdf"))), HasSubstr("需求企业000甲（续2）"));
}

TEST_F(PlanFolderTest, TheSheetOfTablesHasTheSessionsThatTakePlaceThere) {
  std::string event = kEvent;
  event.insert(event.find("\"slot\": \"S2\""), "\"table\": \"A1\", ");
  ASSERT_TRUE(WritePlanFolder(Planned(event), folder_).ok());
  const std::string bytes = Bytes("schedule.xlsx");
  EXPECT_THAT((*ZipPackage::Open(bytes))->Read("xl/sharedStrings.xml", 1 << 20).value(),
              HasSubstr(">【活动】路演<"));
}

TEST_F(PlanFolderTest, APlanThatNobodyCouldReadBackIsNotWritten) {
  plan::PlanFile file = Planned();
  ASSERT_TRUE(WritePlanFolder(file, folder_).ok());
  const std::string kept = Bytes("plan.json");
  file.changes = {std::string(plan::kEventBytesMax / 6 + 1, '\x01')};  // six characters each in JSON
  const absl::Status status = WritePlanFolder(file, folder_);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("超过 256 MiB"), HasSubstr("--top")));
  EXPECT_EQ(Bytes("plan.json"), kept);
}

// The library leaves rows out without a word.
TEST(XlsxBookTest, MoreRowsThanASheetHoldsAreAnError) {
  const fs::path file = fs::path(testing::TempDir()) / "plan_folder_rows.xlsx";
  XlsxBook book(file);
  book.Sheet("总日程", {"编号"}, {10});
  for (int i = 0; i < LXW_ROW_MAX; ++i) book.NextRow();
  const absl::Status status = book.Close();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("总日程"), HasSubstr("改法")));
  fs::remove(file);
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

TEST_F(PlanFolderTest, AMeetingThatSomebodyStayedAwayFromIsListedWithHowToMakeItGood) {
  plan::PlanFile file = Planned();
  file.plan.meetings[0].outcome = "未到";
  ASSERT_TRUE(WritePlanFolder(file, folder_).ok());
  const std::string bytes = Bytes("schedule.xlsx");
  const std::string words = (*ZipPackage::Open(bytes))->Read("xl/sharedStrings.xml", 1 << 20).value();
  EXPECT_THAT(words, AllOf(HasSubstr("实际：会谈"), HasSubstr("没有谈成"), HasSubstr("--lock N1,O1,时段")));
}

// Without --now the second replan began at the first slot again.
TEST_F(PlanFolderTest, ASecondReplanKeepsTheTimeOfTheFirst) {
  const std::string folder = folder_.string();
  std::string free = kEvent;
  const std::string sessions = ",\n \"sessions\"";
  free.erase(free.find(sessions), free.rfind('}') - free.find(sessions));
  ASSERT_TRUE(WritePlanFolder(Planned(free), folder_).ok());
  ASSERT_EQ(Dongxi({"replan", folder, "--no-show", "O1"}), 0) << said_;
  EXPECT_THAT(Bytes("plan.json"), Not(HasSubstr("\"now\"")));
  ASSERT_EQ(Dongxi({"replan", folder, "--now", "S2", "--max-changes", "0"}), 0) << said_;
  EXPECT_THAT(Bytes("plan.json"), HasSubstr("\"now\": \"S2\""));
  ASSERT_EQ(Dongxi({"replan", folder, "--late", "O1=S1"}), 0) << said_;
  EXPECT_THAT(said_, HasSubstr("按上次重排的 S2"));
  const absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(folder_);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->plan.meetings.size(), 1u);
  EXPECT_EQ(file->plan.meetings[0].slot, 1) << "S1 is over";
}

TEST_F(PlanFolderTest, AReplanIntoAnotherFolderDoesNotReplaceThePlanThatWentOnThere) {
  const std::string p = (folder_ / "p").string(), q = (folder_ / "q").string();
  const std::vector<std::string> replan = {"replan", p, "--max-changes", "0", "--out", q};
  ASSERT_TRUE(WritePlanFolder(Planned(), p).ok());
  for (int i = 0; i < 2; ++i) ASSERT_EQ(Dongxi(replan), 0) << "a draft is replaced: " << said_;
  ASSERT_EQ(Dongxi({"publish", q}), 0) << said_;
  ASSERT_EQ(Dongxi({"start", q}), 0) << said_;
  ASSERT_EQ(Dongxi({"outcome", q, "--need", "N1", "--offer", "O1", "--result", "意向"}), 0) << said_;
  EXPECT_EQ(Dongxi(replan), 1);
  EXPECT_THAT(said_, AllOf(HasSubstr("进行中，不覆盖；换一个 --out"), Not(HasSubstr("--force"))));
  EXPECT_EQ(ReadPlanFolder(q)->plan.meetings.at(0).outcome, "意向");
  EXPECT_EQ(Dongxi({"replan", q, "--now", "S2", "--max-changes", "0", "--out", q + "/."}), 0)
      << "its own place: " << said_;
}

// What was made good stayed in it as 未到.
TEST_F(PlanFolderTest, EngagementsFollowAReplan) {
  const std::string folder = folder_.string();
  std::string free = kEvent;
  const std::string sessions = ",\n \"sessions\"";
  free.erase(free.find(sessions), free.rfind('}') - free.find(sessions));
  plan::PlanFile file = Planned(free);
  file.state = plan::State::kRunning;
  file.plan.meetings.at(0).slot = 0;
  ASSERT_TRUE(WritePlanFolder(file, folder_).ok());
  EXPECT_FALSE(fs::exists(folder_ / "engagements.json")) << "nothing is recorded";
  ASSERT_EQ(Dongxi(Outcome("未到")), 0) << said_;
  ASSERT_THAT(Bytes("engagements.json"), HasSubstr("未到"));
  ASSERT_EQ(Dongxi({"replan", folder, "--now", "S2", "--lock", "N1,O1,S3"}), 0) << said_;
  EXPECT_THAT(Bytes("engagements.json"), Not(HasSubstr("未到")));
}

TEST_F(PlanFolderTest, AReplanOfAnEventThatWentOnAsksForTheTime) {
  const std::string folder = folder_.string();
  ASSERT_TRUE(WritePlanFolder(Planned(), folder_).ok());
  ASSERT_EQ(Dongxi({"publish", folder}), 0) << said_;
  ASSERT_EQ(Dongxi({"start", folder}), 0) << said_;
  ASSERT_EQ(Dongxi(Outcome("未到")), 0) << said_;
  EXPECT_EQ(Dongxi({"replan", folder, "--preview"}), 1);
  EXPECT_THAT(said_, AllOf(HasSubstr("时段 S1"), HasSubstr("--now")));
  EXPECT_EQ(Dongxi({"replan", folder, "--now", "S2", "--preview"}), 0) << said_;
}

}  // namespace
}  // namespace dongxi::cli
