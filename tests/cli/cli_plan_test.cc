// dongxi plan, from spreadsheet to folder and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "cli/plan/calendar.h"
#include "cli/plan/event_xlsx.h"
#include "cli/plan/folder.h"
#include "cli/plan/xlsx_book.h"
#include "cli/plan_progress.h"
#include "engine/base/files.h"
#include "engine/plan/planner.h"
#include "tests/cli/nasty_event.h"
#include "tests/cli/report_text.h"
#include "tests/cli/run_cli.h"

namespace dongxi::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

CliRun RunPlan(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "plan");
  return Dongxi(arguments);
}

std::string Bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class CliPlanTest : public testing::Test {
 protected:
  CliPlanTest() { fs::create_directories(folder_); }
  ~CliPlanTest() override { fs::remove_all(folder_); }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  const fs::path folder_ =
      fs::path(testing::TempDir()) /
      (std::string("cli_plan_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(CliPlanTest, TheTemplateIsAnEventThatCanBePlanned) {
  for (const char* name : {"a.xlsx", "a.json"}) {
    ASSERT_EQ(RunPlan({"template", "--out", Path(name)}).exit_code, 0);
    const CliRun run = RunPlan({"make", Path(name), "--out", Path("plan")});
    ASSERT_EQ(run.exit_code, 0) << name << run.err;
    EXPECT_EQ(run.out, Path("plan") + "\n");
    EXPECT_THAT(run.err, AllOf(HasSubstr("与最优的差距：0.00%"), HasSubstr("再加一张桌"), HasSubstr("采用"),
                               HasSubstr("名额单位“示例化工研究院”：2 场（至多 6）"),
                               HasSubstr("名额地区“青海海西”（需求方）")));
  }
  const CliRun check = RunPlan({"check", Path("plan")});
  EXPECT_EQ(check.exit_code, 0) << check.err;
}

TEST_F(CliPlanTest, TheSameInputGivesTheSameBytes) {
  ASSERT_EQ(RunPlan({"template", "--out", Path("a.xlsx")}).exit_code, 0);
  ASSERT_EQ(RunPlan({"template", "--out", Path("b.xlsx")}).exit_code, 0);
  EXPECT_EQ(Bytes(Path("a.xlsx")), Bytes(Path("b.xlsx")));
  for (const char* out : {"one", "two"})
    ASSERT_EQ(RunPlan({"make", Path("a.xlsx"), "--out", Path(out)}).exit_code, 0);
  int files = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(Path("one"))) {
    if (!entry.is_regular_file()) continue;
    const fs::path other = fs::path(Path("two")) / fs::relative(entry.path(), Path("one"));
    EXPECT_EQ(Bytes(entry.path()), Bytes(other)) << entry.path();
    EXPECT_GT(Bytes(entry.path()).size(), 40u);
    ++files;
  }
  EXPECT_GE(files, 6) << "plan.json, schedule.xlsx, agendas.pdf, tables.pdf and calendars";
}

TEST_F(CliPlanTest, StatesGuardThePlanAndOutcomesAreExported) {
  ASSERT_EQ(RunPlan({"template", "--out", Path("a.xlsx")}).exit_code, 0);
  ASSERT_EQ(RunPlan({"make", Path("a.xlsx"), "--out", Path("p")}).exit_code, 0);
  EXPECT_EQ(RunPlan({"state", Path("p"), "closed"}).exit_code, 1);
  EXPECT_EQ(RunPlan({"state", Path("p"), "soon"}).exit_code, 2);
  EXPECT_EQ(RunPlan({"state", Path("p"), "published"}).out, "已发布\n");
  EXPECT_THAT(RunPlan({"make", Path("a.xlsx"), "--out", Path("p")}).err, HasSubstr("不覆盖"));
  EXPECT_EQ(
      RunPlan({"outcome", Path("p"), "--need", "N-01", "--offer", "O-01", "--result", "意向"}).exit_code, 1);
  ASSERT_EQ(RunPlan({"state", Path("p"), "running"}).exit_code, 0);
  const CliRun run = RunPlan({"outcome", Path("p"), "--need", "N-01", "--offer", "O-01", "--result", "意向"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(Bytes(Path("p/engagements.json")), AllOf(HasSubstr("\"意向\""), HasSubstr("O-01")));
}

TEST_F(CliPlanTest, APlanThatCannotBeReadIsNotOverwrittenWithoutForce) {
  ASSERT_EQ(RunPlan({"template", "--out", Path("a.json")}).exit_code, 0);
  fs::create_directories(Path("p"));
  ASSERT_TRUE(WriteFileAtomically(Path("p/plan.json"), "{\"state\": \"已发布\"").ok());
  const CliRun run = RunPlan({"make", Path("a.json"), "--out", Path("p")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("不覆盖"), HasSubstr("--force")));
  EXPECT_EQ(Bytes(Path("p/plan.json")), "{\"state\": \"已发布\"");
  EXPECT_EQ(RunPlan({"make", Path("a.json"), "--out", Path("p"), "--force"}).exit_code, 0);
  EXPECT_EQ(RunPlan({"make", Path("a.json"), "--out", Path("p")}).exit_code, 0) << "a draft";
}

TEST_F(CliPlanTest, AnAmountThatIsNoneIsRefused) {
  for (const char* amount : {"nan", "1e9"}) {
    const CliRun run = RunPlan(
        {"outcome", Path("p"), "--need", "N-01", "--offer", "O-01", "--result", "签约", "--amount", amount});
    EXPECT_EQ(run.exit_code, 2) << amount;
    EXPECT_THAT(run.err, HasSubstr("--amount")) << amount;
  }
}

TEST_F(CliPlanTest, ReplanTellsWhoMustBeTold) {
  ASSERT_EQ(RunPlan({"template", "--out", Path("a.xlsx")}).exit_code, 0);
  ASSERT_EQ(RunPlan({"make", Path("a.xlsx"), "--out", Path("p")}).exit_code, 0);
  const CliRun run = RunPlan({"replan", Path("p"), "--no-show", "O-01", "--out", Path("q")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.err, AllOf(HasSubstr("取消"), HasSubstr("要通知")));
  EXPECT_EQ(RunPlan({"check", Path("q")}).exit_code, 0);
  EXPECT_EQ(ReadPlanFolder(Path("q"))->revision, 2);
  EXPECT_EQ(RunPlan({"replan", Path("p"), "--no-show", "O-01", "--max-changes", "0"}).exit_code, 1);
  EXPECT_THAT(RunPlan({"replan", Path("p"), "--no-show", "O-99"}).err, HasSubstr("O-99"));
  EXPECT_THAT(RunPlan({"replan", Path("p"), "--lock", "N-01"}).err, HasSubstr("--lock 写成"));
}

// Who imports the second revision alone must not keep what the first had taken away.
TEST_F(CliPlanTest, WhatTheOrganiserCancelsIsToldAndNotPlacedAgain) {
  ASSERT_EQ(RunPlan({"template", "--out", Path("a.json")}).exit_code, 0);
  ASSERT_EQ(RunPlan({"make", Path("a.json"), "--out", Path("p")}).exit_code, 0);
  const CliRun run = RunPlan({"replan", Path("p"), "--cancel", "N-02，O-03", "--out", Path("q")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.err, AllOf(HasSubstr("取消：“示例县农业合作社”与“示例食品大学”"),
                             HasSubstr("组织方取消，以后不再排"), HasSubstr("；阻塞对 "), HasSubstr(" → "),
                             HasSubstr("要通知：示例县农业合作社、示例食品大学")));
  EXPECT_EQ(RunPlan({"check", Path("q")}).exit_code, 0);
  const CliRun later = RunPlan({"replan", Path("q"), "--max-changes", "9"});
  ASSERT_EQ(later.exit_code, 0) << later.err;
  EXPECT_THAT(later.err, Not(HasSubstr("示例县农业合作社"))) << "it has nobody else to meet";
  EXPECT_THAT(RunPlan({"replan", Path("q"), "--lock", "N-02,O-03,S2"}).err, HasSubstr("被组织方排除"));
  const CliRun strangers = RunPlan({"replan", Path("q"), "--cancel", "N-02,O-01"});
  EXPECT_EQ(strangers.exit_code, 1);
  EXPECT_THAT(strangers.err, HasSubstr("没有配对，本来就不会排"));
}

TEST_F(CliPlanTest, CalendarsStillCancelWhatAnEarlierReplanTookAway) {
  ASSERT_EQ(RunPlan({"template", "--out", Path("event.json")}).exit_code, 0);
  ASSERT_EQ(RunPlan({"make", Path("event.json"), "--out", Path("p")}).exit_code, 0);
  ASSERT_EQ(RunPlan({"replan", Path("p"), "--no-show", "O-03", "--out", Path("p2")}).exit_code, 0);
  const auto cancelled = [&](const std::string& folder) {
    int count = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(Path(folder + "/calendars"))) {
      const std::string ics = Bytes(entry.path());
      for (size_t at = ics.find("STATUS:CANCELLED"); at != std::string::npos;
           at = ics.find("STATUS:CANCELLED", at + 1))
        ++count;
    }
    return count;
  };
  const int first = cancelled("p2");
  ASSERT_GT(first, 0);
  const CliRun run = RunPlan({"replan", Path("p2"), "--no-show", "O-02", "--out", Path("p3")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_GT(cancelled("p3"), first);
  ASSERT_EQ(RunPlan({"replan", Path("p3"), "--max-changes", "0"}).exit_code, 0);
  EXPECT_GT(cancelled("p3"), first) << "in its own place too";
  const CliRun refused = RunPlan({"replan", Path("p3"), "--max-changes", "-1"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("改法"));
}

TEST_F(CliPlanTest, CheckFindsWhatSomebodyChangedByHand) {
  ASSERT_EQ(RunPlan({"template", "--out", Path("a.json")}).exit_code, 0);
  ASSERT_EQ(RunPlan({"make", Path("a.json"), "--out", Path("p")}).exit_code, 0);
  absl::StatusOr<plan::PlanFile> file = ReadPlanFolder(Path("p"));
  ASSERT_TRUE(file.ok());
  file->plan.meetings.push_back(file->plan.meetings[0]);
  ASSERT_TRUE(WriteFileAtomically(Path("p/plan.json"), PlanFileToJson(*file)).ok());
  const CliRun run = RunPlan({"check", Path("p")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("排了两次"));
  EXPECT_FALSE(WritePlanFolder(*file, Path("never")).ok());
  EXPECT_FALSE(fs::exists(Path("never"))) << "nothing is written of a plan that breaks a rule";
}

TEST_F(CliPlanTest, BadSpreadsheetsAreErrorsWithSheetAndRow) {
  plan::EventTables tables;
  tables["parties"] = {{{}, {{"id", "N"}, {"name", "甲"}, {"side", "需求方"}}},
                       {{}, {{"id", "N"}, {"name", "乙"}, {"side", "中间人"}}}};
  ASSERT_TRUE(WriteEventXlsx(tables, Path("bad.xlsx")).ok());
  const CliRun run = RunPlan({"make", Path("bad.xlsx"), "--out", Path("p")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("表“参会方”第 3 行“编号”"), HasSubstr("重复"), HasSubstr("改法")));
  ASSERT_TRUE(WriteFileAtomically(Path("event.csv"), "编号,名称\nN1,甲\n").ok());
  EXPECT_THAT(RunPlan({"make", Path("event.csv"), "--out", Path("p")}).err,
              AllOf(HasSubstr(".xlsx 或 .json"), HasSubstr("改法"), Not(HasSubstr("压缩包"))));
  ASSERT_TRUE(WriteFileAtomically(Path("no.xlsx"), "PK, but no book").ok());
  EXPECT_EQ(RunPlan({"make", Path("no.xlsx"), "--out", Path("p")}).exit_code, 1);
  const CliRun absent = RunPlan({"make", Path("absent.xlsx"), "--out", Path("p")});
  EXPECT_EQ(absent.exit_code, 1);
  EXPECT_THAT(absent.err, AllOf(HasSubstr("absent.xlsx"), HasSubstr("没有这个文件"), HasSubstr("改法")));
  EXPECT_THAT(RunPlan({"show", Path("none")}).err, AllOf(HasSubstr("没有这个计划"), HasSubstr("改法")));
  ASSERT_TRUE(WriteFileAtomically(Path("empty.json"), "{}").ok());
  EXPECT_THAT(RunPlan({"make", Path("empty.json"), "--out", Path("p")}).err, HasSubstr("一方也没有"));
  EXPECT_THAT(RunPlan({"make", Path("empty.json"), Path("bad.xlsx"), "--out", Path("p")}).err,
              HasSubstr("表“bad.xlsx 参会方”第 3 行“编号”"))
      << "of several files which one";
  EXPECT_FALSE(fs::exists(Path("p")));
}

TEST_F(CliPlanTest, ASheetUnderAnotherNameIsSaidNotToBeRead) {
  XlsxBook book(Path("misnamed.xlsx"));
  book.Sheet("参会方", {"编号", "名称", "类别"}, {10, 10, 10});
  book.Text(0, "N1");
  book.Text(1, "甲");
  book.Text(2, "需求方");
  book.NextRow();
  book.Sheet("必见", {"发起方", "对方"}, {10, 10});
  book.Text(0, "N1");
  book.NextRow();
  ASSERT_TRUE(book.Close().ok());
  std::vector<plan::Problem> problems;
  const std::string bytes = Bytes(Path("misnamed.xlsx"));
  ASSERT_TRUE(ReadEventXlsx(bytes, &problems).ok());
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_FALSE(problems[0].fatal);
  EXPECT_THAT(problems[0].Text(), testing::AllOf(testing::HasSubstr("必见"), testing::HasSubstr("请求")));
}

TEST_F(CliPlanTest, AColumnThatStandsTwiceIsAnErrorWithBothPlaces) {
  XlsxBook book(Path("twice.xlsx"));
  book.Sheet("参会方", {"编号", "名称", "类别", "最多会谈", "max"}, {10, 10, 10, 10, 10});
  book.Text(0, "N1");
  book.Text(3, "2");
  book.Text(4, "9");
  book.NextRow();
  ASSERT_TRUE(book.Close().ok());
  std::vector<plan::Problem> problems;
  const std::string bytes = Bytes(Path("twice.xlsx"));
  ASSERT_TRUE(ReadEventXlsx(bytes, &problems).ok());
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_TRUE(problems[0].fatal);
  EXPECT_THAT(problems[0].Text(), AllOf(HasSubstr("表“参会方”第 1 行“最多会谈”"),
                                        HasSubstr("第 4 列和第 5 列"), HasSubstr("只留一列")));
}

// What an office may write by mistake in an event of two needs, two offers and two slots.
plan::EventTables SmallEvent() {
  plan::EventTables tables;
  tables["slots"] = {{{}, {{"id", "S1"}, {"date", "2026-11-26"}, {"begin", "09:00"}, {"end", "09:25"}}},
                     {{}, {{"id", "S2"}, {"date", "2026-11-26"}, {"begin", "09:30"}, {"end", "09:55"}}}};
  tables["parties"] = {{{}, {{"id", "N1"}, {"name", "需求甲"}, {"side", "需求方"}}},
                       {{}, {{"id", "N2"}, {"name", "需求乙"}, {"side", "需求方"}}},
                       {{}, {{"id", "O1"}, {"name", "供给甲"}, {"side", "供给方"}}},
                       {{}, {{"id", "O2"}, {"name", "供给乙"}, {"side", "供给方"}}},
                       {{}, {{"id", "O3"}, {"name", "供给丙"}, {"side", "供给方"}}}};
  tables["pairs"] = {{{}, {{"need", "N1"}, {"offer", "O1"}, {"score", "0.9"}}},
                     {{}, {{"need", "N2"}, {"offer", "O2"}, {"score", "0.8"}}},
                     {{}, {{"need", "N1"}, {"offer", "O3"}, {"score", "0.7"}}}};
  return tables;
}

TEST_F(CliPlanTest, MistakesOfAnOrganiserAreSaidWithTheRemedy) {
  struct Case {
    const char* name;
    void (*spoil)(plan::EventTables* tables);
    int exit_code;
    const char* said;
  };
  const Case cases[] = {
      {"NeverThere", [](auto* t) { (*t)["parties"][0].values["slots"] = "无"; }, 0, "没有一个可用时段"},
      {"NeverThereYetAMinimum",
       [](auto* t) {
         (*t)["parties"][0].values["slots"] = "无";
         (*t)["parties"][0].values["min"] = "1";
       },
       1, "却至少要 1 场"},
      {"NobodyToMeet", [](auto* t) { (*t)["pairs"].pop_back(); }, 0, "“供给丙”没有可以会谈的对方"},
      {"MoreMustsThanSlots",
       [](auto* t) {
         for (const char* offer : {"O1", "O2", "O3"})
           (*t)["requests"].push_back({{}, {{"from", "N1"}, {"to", offer}, {"wish", "必见"}}});
       },
       0, "排不进的必见"},
      {"TheSameIdTwice", [](auto* t) { (*t)["parties"][1].values["id"] = "N1"; }, 1, "重复"},
      {"TheSameSlotTwice", [](auto* t) { (*t)["slots"][1].values["id"] = "S1"; }, 1, "重复"},
      {"ThePairTwice", [](auto* t) { (*t)["pairs"][1] = (*t)["pairs"][0]; }, 1, "前面已经写过"},
      {"TwoNeeds", [](auto* t) { (*t)["pairs"][0].values["offer"] = "N2"; }, 1, "两方都是需求方"},
      {"ScoreAboveOne", [](auto* t) { (*t)["pairs"][0].values["score"] = "1.7"; }, 1, "0 到 1 之间"},
      {"NoSuchTime", [](auto* t) { (*t)["slots"][0].values["begin"] = "25:00"; }, 1, "不是时间"}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    plan::EventTables tables = SmallEvent();
    c.spoil(&tables);
    ASSERT_TRUE(WriteEventXlsx(tables, Path("event.xlsx")).ok());
    const CliRun run = RunPlan({"make", Path("event.xlsx"), "--out", Path(c.name)});
    EXPECT_EQ(run.exit_code, c.exit_code) << run.err;
    EXPECT_THAT(run.err, HasSubstr(c.said));
    EXPECT_EQ(fs::exists(Path(c.name)), c.exit_code == 0) << "nothing is written of an event with errors";
  }
}

TEST_F(CliPlanTest, WhatKeepsAnEventFromBeingPlannedIsNotBehindTwentyWarnings) {
  plan::EventTables tables = SmallEvent();
  for (int i = 0; i < 25; ++i) {
    const std::string id = "X" + std::to_string(i);
    tables["parties"].push_back({{}, {{"id", id}, {"name", "无人" + id}, {"side", "供给方"}}});
  }
  tables["parties"].push_back({{}, {{"id", "Y"}, {"name", "要一场"}, {"side", "供给方"}, {"min", "1"}}});
  ASSERT_TRUE(WriteEventXlsx(tables, Path("event.xlsx")).ok());
  const CliRun run = RunPlan({"make", Path("event.xlsx"), "--out", Path("p")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("错误：表“参会方”"), HasSubstr("要一场"), HasSubstr("还有")));
}

TEST_F(CliPlanTest, AReportWithoutItsJsonIsSaidSo) {
  ASSERT_EQ(RunPlan({"template", "--out", Path("event.json")}).exit_code, 0);
  fs::create_directories(Path("会场"));
  const CliRun run = RunPlan({"make", Path("event.json"), "--report", Path("会场"), "--out", Path("p")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("会场/report.json：没有这个文件"), HasSubstr("要写上 json"),
                             Not(HasSubstr("template"))));
}

TEST_F(CliPlanTest, AReportThatIsBrokenIsNamedWithTheRemedy) {
  ASSERT_EQ(RunPlan({"template", "--out", Path("event.json")}).exit_code, 0);
  std::ofstream(Path("report.json")) << R"({"needs": [{"need": {"id": "n-1")";
  const CliRun run =
      RunPlan({"make", Path("event.json"), "--report", Path("report.json"), "--out", Path("p")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("report.json：报告的 JSON：不是合法的 JSON"), HasSubstr("改法")));
}

TEST_F(CliPlanTest, IncidentsAreReadAsAChineseKeyboardWritesThem) {
  ASSERT_EQ(RunPlan({"template", "--out", Path("event.json")}).exit_code, 0);
  ASSERT_EQ(RunPlan({"make", Path("event.json"), "--out", Path("p")}).exit_code, 0);
  const CliRun lock = RunPlan({"replan", Path("p"), "--lock", "N-01，O-01， S1", "--preview"});
  EXPECT_EQ(lock.exit_code, 0) << lock.err;
  const CliRun late = RunPlan({"replan", Path("p"), "--late", "N-01＝S2", "--preview"});
  EXPECT_EQ(late.exit_code, 0) << late.err;
  for (const std::string& option : {std::string("--lock"), std::string("--late"), std::string("--cancel")}) {
    const CliRun run = RunPlan({"replan", Path("p"), option, "N-01"});
    EXPECT_EQ(run.exit_code, 2) << "the call itself is wrong";
    EXPECT_THAT(run.err, AllOf(HasSubstr(option + " 写成"), HasSubstr("如 ")));
  }
  EXPECT_THAT(RunPlan({"replan", Path("p"), "--now", "S99"}).err, AllOf(HasSubstr("S99"), HasSubstr("改法")));
}

TEST_F(CliPlanTest, StatesAreReadInTheWordsInWhichTheyAreShown) {
  ASSERT_EQ(RunPlan({"template", "--out", Path("event.json")}).exit_code, 0);
  ASSERT_EQ(RunPlan({"make", Path("event.json"), "--out", Path("p")}).exit_code, 0);
  EXPECT_EQ(RunPlan({"state", Path("p"), "已发布"}).out, "已发布\n");
  EXPECT_EQ(RunPlan({"state", Path("p"), "草案"}).out, "草案\n");
}

TEST(PlanProgressTest, TellsNowAndThenAndNothingOfWhatIsSoonDone) {
  std::ostringstream out, err;
  absl::Time now = absl::UnixEpoch();
  {
    const Io io{out, err};
    PlanProgress progress(io, [&now] { return now; });
    progress.Show(0, "choose");
    now += absl::Seconds(4);
    progress.Show(0.4, "choose");
    EXPECT_EQ(err.str(), "");
    now += absl::Seconds(2);
    progress.Show(0.5, "place");
    now += absl::Seconds(2);
    progress.Show(0.6, "place");
  }
  EXPECT_EQ(err.str(), "规划会谈 50%  排时段\n");
  err.str("");
  {
    const Io io{out, err, 0, true};
    PlanProgress progress(io, [&now] { return now; });
    now += absl::Seconds(2);
    progress.Show(0.75, "prove");
  }
  EXPECT_EQ(err.str(), "\r\x1b[K规划会谈 75%  求界\r\x1b[K");
}

TEST(CalendarTest, FoldsAndEscapes) {
  EXPECT_EQ(IcsLine("SUMMARY", "a,b;c\\d\ne"), "SUMMARY:a\\,b\\;c\\\\d\\ne\r\n");
  EXPECT_EQ(IcsLine("SUMMARY", "a\r\nEND:VEVENT"), "SUMMARY:a\\nEND:VEVENT\r\n") << "no line of its own";
  std::string text;
  for (int i = 0; i < 100; ++i) text += "盐";
  const std::string line = IcsLine("SUMMARY", text);
  std::string unfolded;
  std::istringstream lines(line);
  for (std::string part; std::getline(lines, part);) {
    ASSERT_EQ(part.back(), '\r');
    part.pop_back();
    EXPECT_LE(part.size(), 75u);
    EXPECT_NE(static_cast<unsigned char>(part[part[0] == ' ' ? 1 : 0]) & 0xC0, 0x80)
        << "split inside a character";
    unfolded += unfolded.empty() ? part : part.substr(1);
  }
  EXPECT_EQ(unfolded, "SUMMARY:" + text);
}

TEST(CalendarTest, TimesAreUtcAndTheUidOutlivesAMove) {
  std::vector<plan::Problem> problems;
  plan::PlanFile file{.event = DecodeEvent(NastyEvent(), &problems)};
  file.plan = *plan::MakePlan(file.event);
  const std::string before = CalendarOf(file, 0);
  EXPECT_THAT(before, AllOf(HasSubstr("DTSTART:20261126T010000Z\r\n"),
                            HasSubstr("DTEND:20261126T012500Z\r\n"), HasSubstr("SEQUENCE:1\r\n")));
  file.event.slots[0].begin_minute += 60;
  file.revision = 2;
  const std::string after = CalendarOf(file, 0);
  EXPECT_THAT(after, HasSubstr("DTSTART:20261126T020000Z"));
  const auto uid = [](const std::string& ics) { return ics.substr(ics.find("UID:"), 30); };
  EXPECT_EQ(uid(before), uid(after));
}

TEST(ReportPairsTest, TakesNeedsAndListsOfAReport) {
  plan::EventTables tables;
  const absl::Status status = AddReportText(R"({"needs": [
    {"need": {"id": "n-1", "title": "提锂", "institution": "i-9"},
     "partners": [{"id": "i-1", "name": "某院", "adequacy": 0.7, "reasons": ["同做提锂"]}],
     "experts": [{"id": "e-1", "name": "某专家", "adequacy": 0.6, "institutions": ["某院"]}],
     "results": [{"id": "r-1", "title": "吸附剂", "adequacy": 0.9, "institutions": ["institutions/i-1"]}]},
    {"need": {"id": "n-2", "title": "除钙", "institution": "i-9"}, "error": "…"}, 3]})",
                                            &tables);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(tables["parties"].size(), 4u) << "two needs, an institution, an expert";
  ASSERT_EQ(tables["pairs"].size(), 2u);
  EXPECT_EQ(tables["pairs"][1].values["offer"], "i-1");
  EXPECT_EQ(tables["pairs"][1].values["score"], "0.9000") << "the better of partner and result";
  EXPECT_EQ(tables["parties"][0].values["members"], tables["parties"][3].values["members"])
      << "one owner, one delegation";
  EXPECT_EQ(tables["pairs"][1].values["record"], "results/r-1");
  EXPECT_EQ(tables["parties"][0].values["record"], "needs/n-1");
  for (const char* bad : {"", "[]", "{}", "{\"needs\": 3}"}) EXPECT_FALSE(AddReportText(bad, &tables).ok());
}

TEST(ReportPairsTest, AnAgendaNamesWhoBringsTheNeedAndSaysThatItIsASample) {
  plan::EventTables tables;
  ASSERT_TRUE(AddReportText(R"({"needs": [{"need": {"id": "n-1", "title": "提锂", "institution": "i-9",
                             "institution_name": "某盐湖企业", "illustrative": true}},
                            {"need": {"id": "n-2", "title": "除钙", "illustrative": false}}]})",
                            &tables)
                  .ok());
  EXPECT_EQ(tables["parties"][0].values["name"], "某盐湖企业");
  EXPECT_EQ(tables["parties"][0].values["title"], "提锂［示例数据］");
  EXPECT_EQ(tables["parties"][1].values["name"], "除钙") << "nobody is known who brings it";
  EXPECT_EQ(tables["parties"][1].values["title"], "除钙");
}

TEST(ReportPairsTest, WhatAPairWentThroughIsTakenOver) {
  plan::EventTables tables;
  ASSERT_TRUE(AddReportText(R"({"needs": [{"need": {"id": "n-1", "title": "提锂"},
     "partners": [{"id": "i-1", "name": "甲院", "adequacy": 0.3, "pair_history": {"state": "cool_down"}},
                  {"id": "i-2", "name": "乙院", "adequacy": 0.9},
                  {"id": "i-3", "name": "丙院", "adequacy": 0.9, "pair_history": {"state": "cool_down"}},
                  {"id": "i-4", "name": "丁院", "adequacy": 0.2, "pair_history": 7}],
     "results": [{"id": "r-1", "title": "一", "adequacy": 0.8, "institutions": ["institutions/i-1"]},
                 {"id": "r-2", "title": "二", "adequacy": 0.8, "institutions": ["institutions/i-2"],
                  "pair_history": {"state": "cool_down"}},
                 {"id": "r-3", "title": "三", "adequacy": 0.1, "institutions": ["institutions/i-3"],
                  "pair_history": {"state": "extend"}},
                 {"id": "r-4", "title": "四", "adequacy": 0.8, "institutions": ["institutions/i-4"],
                  "pair_history": {"state": "cool_down"}}]}]})",
                            &tables)
                  .ok());
  std::map<std::string, std::string> history;
  for (const plan::EventRow& row : tables["pairs"])
    history[row.values.at("offer")] = row.values.at("history");
  EXPECT_EQ(history["i-1"], "冷却") << "the institution itself failed with the need";
  EXPECT_EQ(history["i-2"], "") << "a result of it did, which is not what the pair stands for";
  EXPECT_EQ(history["i-3"], "延续") << "a contract about any of its results";
  EXPECT_EQ(history["i-4"], "冷却") << "the result that the pair stands for";
}

TEST(ReportPairsTest, AnOwnerNamedAsPeopleDoIsThePartnerOfThatName) {
  plan::EventTables tables;
  ASSERT_TRUE(AddReportText(R"({"needs": [
    {"need": {"id": "n-1", "title": "提锂"}, "match_id": "m-1",
     "results": [{"id": "r-1", "title": "吸附剂", "adequacy": 0.9, "institutions": ["某院"]},
                 {"id": "r-2", "title": "膜", "adequacy": 0.4, "institutions": ["甲、乙所"]}]},
    {"need": {"id": "n-2", "title": "除钙"}, "match_id": "m-2",
     "partners": [{"id": "i-1", "name": "某院", "adequacy": 0.7}]}]})",
                            &tables)
                  .ok());
  std::vector<std::string> ids;
  for (const plan::EventRow& row : tables["parties"]) ids.push_back(row.values.at("id"));
  EXPECT_THAT(ids, testing::UnorderedElementsAre("n-1", "n-2", "i-1", "甲-乙所"));
  ASSERT_EQ(tables["pairs"].size(), 3u);
  EXPECT_EQ(tables["pairs"][0].values["match_id"], "m-1");
  EXPECT_EQ(tables["pairs"][2].values["match_id"], "m-2");
}

}  // namespace
}  // namespace dongxi::cli
