// Events from tables and JSON: round trips, and what is said of bad input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plan/cell_text.h"
#include "engine/plan/check.h"
#include "engine/plan/clock_text.h"
#include "engine/plan/event_tables.h"
#include "engine/plan/plan_file.h"
#include "engine/plan/planner.h"
#include "tests/engine/plan/sound_event.h"

namespace dongxi::plan {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(EventTablesTest, ReadsEveryField) {
  std::vector<Problem> problems;
  const Event event = Decoded(kSound, &problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(event.settings.fair_share_max, 0.03);
  ASSERT_EQ(event.slots.size(), 4u);
  EXPECT_TRUE(event.slots[2].is_break);
  EXPECT_EQ(event.parties[0].available.to_ulong(), 0b0011u);
  EXPECT_EQ(event.parties[1].available.to_ulong(), 0b1001u) << "absent, and breaks are for nobody";
  EXPECT_EQ(event.pairs[1].score, 0.6);
  EXPECT_EQ(event.pairs[1].history, History::kExtend);
  EXPECT_EQ(event.pairs[0].by_offer, Wish::kWant);
  EXPECT_EQ(event.pairs[1].by_organiser, Wish::kMust);
  EXPECT_EQ(event.locks[0].table, 0);
}

TEST(EventTablesTest, WrittenAndReadAgainIsTheSame) {
  std::vector<Problem> problems;
  const Event event = Decoded(kSound, &problems);
  const std::string once = TablesToJson(EncodeEvent(event));
  const std::string twice = TablesToJson(EncodeEvent(Decoded(once, &problems)));
  EXPECT_EQ(once, twice);
  EXPECT_THAT(problems, IsEmpty());
}

struct BadCase {
  const char* name;
  const char* from;  // in kSound
  const char* to;
  const char* sheet;
  uint64_t row;
  const char* field;
  const char* what;
};

constexpr BadCase kBad[] = {
    {"DuplicateId", R"("id": "O2", "name")", R"("id": "O1", "name")", "参会方", 3, "编号", "重复"},
    {"IdWithASeparator", R"("id": "O2", "name")", R"("id": "O2、O3", "name")", "参会方", 3, "编号", "顿号"},
    {"NoSuchDay", R"("2026/11/26")", R"("2026/2/30")", "时段", 2, "日期", "不是日期"},
    {"DuplicateSlot", R"("id": "S2", "date")", R"("id": "S1", "date")", "时段", 2, "编号", "重复"},
    {"MissingName", R"("name": "某大学", )", "", "参会方", 3, "名称", "没有填"},
    {"UnknownSide", R"("side": "offer")", R"("side": "两边")", "参会方", 3, "类别", "读不懂"},
    {"ScoreOverOne", R"("score": 0.8)", R"("score": 80)", "配对", 1, "匹配分", "0 到 1"},
    {"ScoreNotANumber", R"("score": 0.8)", R"("score": "NaN")", "配对", 1, "匹配分", "0 到 1"},
    {"UnknownParty", R"("offer": "某大学")", R"("offer": "无此校")", "配对", 2, "供给方", "不在表“参会方”里"},
    {"SameSide", R"("need": "N1", "offer": "O1", "score")", R"("need": "O2", "offer": "O1", "score")", "配对",
     1, "供给方", "都是供给方"},
    {"UnknownSlot", R"("slots": "S1~S2")", R"("slots": "S1~S9")", "参会方", 1, "可用时段", "不在表“时段”里"},
    {"UnknownWish", R"("wish": "想见")", R"("wish": "也许")", "请求", 1, "意愿", "读不懂"},
    {"NotATime", R"("begin": "9:00")", R"("begin": "九点")", "时段", 1, "开始", "不是时间"},
    {"TwelveHoursTwice", R"("begin": "9:00")", R"("begin": "上午13:00")", "时段", 1, "开始", "不是时间"},
    {"AfterMidnight", R"("end": "10:55")", R"("end": "24:30")", "时段", 4, "结束", "不是时间"},
    {"TimeWithMoreText", R"("end": "10:55")", R"("end": "10:55左右")", "时段", 4, "结束", "不是时间"},
    {"TimeWithTextBefore", R"("begin": "9:00")", R"("begin": "约9:00")", "时段", 1, "开始", "不是时间"},
    {"ThreeDigitsOfADay", R"("2026/11/26")", R"("2026-11-261")", "时段", 2, "日期", "不是日期"},
    {"NotADate", R"("2026/11/26")", R"("后天")", "时段", 2, "日期", "不是日期"},
    {"EndBeforeBegin", R"("end": "09:25")", R"("end": "08:25")", "时段", 1, "结束", "不晚于"},
    {"Overlap", R"("end": "09:25")", R"("end": "09:40")", "时段", 2, "开始", "重叠"},
    {"NegativeMax", R"("max": 2)", R"("max": -2)", "参会方", 2, "最多会谈", "整数"},
    {"MinOverMax", R"("max": 2, "min": 1)", R"("max": 2, "min": 3)", "参会方", 2, "最少会谈", "比最多会谈多"},
    {"MinWithoutSlots", R"("absent": "S2")", R"("slots": "无")", "参会方", 2, "可用时段", "没有一个可用时段"},
    {"LockInBreak", R"("slot": "S2", "table")", R"("slot": "B", "table")", "锁定", 1, "时段", "休息"},
    {"LockWhileAway", R"("slots": "S1~S2")", R"("slots": "S1")", "锁定", 1, "时段", "不可用"},
    {"LockOfTheRefused", R"("wish": "必见", "by": "组织方")", R"("wish": "不见")", "锁定", 1, "供给方",
     "有一方不见对方"},
    {"LockOfTheExcluded", R"("wish": "必见", "by")", R"("wish": "不见", "by")", "锁定", 1, "供给方", "排除"},
    {"LockOfTheCooling", R"("history": "延续"}],
 "requests": [{"from": "O1", "to": "N1", "wish": "想见"}, {"from": "N1", "to": "O2", "wish": "必见", "by": "组织方"}],)",
     R"("history": "冷却"}],)", "锁定", 1, "供给方", "还在冷却"},
    {"SessionWhileAway", R"("absent": "S2")", R"("absent": "S3")", "活动", 1, "时段", "都有空"},
    {"UnknownSetting", R"("key": "活动名称")", R"("key": "天气")", "设置", 1, "项目", "没有"},
};

struct TimeCase {
  const char* text;
  int hour, minute;  // -1: no time
};

TEST(EventTablesTest, TimesAreReadAsTheyAreMeant) {
  constexpr TimeCase kTimes[] = {
      {"9:05", 9, 5},       {"09:30:00", 9, 30},    {"0.375", 9, 0},     {"2026-11-26T14:30:00", 14, 30},
      {"下午2:30", 14, 30}, {"下午 2：30", 14, 30}, {"2:30 PM", 14, 30}, {"2:30pm", 14, 30},
      {"PM 2:30", 14, 30},  {"下午14:30", 14, 30},  {"晚上7:00", 19, 0}, {"中午12:10", 12, 10},
      {"中午1:10", 13, 10}, {"12:10 PM", 12, 10},   {"12:10 AM", 0, 10}, {"上午9:00", 9, 0},
      {"9:00 AM", 9, 0},    {"24:00", 24, 0},       {"24:30", -1, 0},    {"25:00", -1, 0},
      {"晚上12:00", -1, 0}, {"上午13:00", -1, 0},   {"2:30 点", -1, 0},  {"2:30 PM PM", -1, 0},
      {"9:60", -1, 0},      {"9:5x", -1, 0},        {"109:30", -1, 0},   {"0.5abc", -1, 0},
      {"下午2点半", -1, 0}, {"-9:30", -1, 0},       {"14:30 AM", -1, 0},
  };
  for (const TimeCase& c : kTimes) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(MinuteOfDay(Narrow(c.text)).value_or(-60), c.hour * 60 + c.minute);
  }
}

TEST(EventTablesTest, DatesAreReadAsAWhole) {
  for (const char* date :
       {"2026-11-26", "2026/11/26", "2026年11月26日", "2026年11月26", "2026-11-26T00:00:00"})
    EXPECT_EQ(DateOf(date), "2026-11-26") << date;
  for (const char* other : {"2026-11-261", "2026-11-26日下午", "2026/11-26", "11-26", "2026-13-01", ""})
    EXPECT_FALSE(DateOf(other).has_value()) << other;
}

TEST(BadInputTest, NamesSheetRowFieldAndRemedy) {
  for (const BadCase& c : kBad) {
    SCOPED_TRACE(c.name);
    std::string json = kSound;
    const size_t at = json.find(c.from);
    ASSERT_NE(at, std::string::npos);
    json.replace(at, std::string(c.from).size(), c.to);
    std::vector<Problem> problems;
    const Event event = Decoded(json, &problems);
    if (problems.empty()) problems = Validate(event);
    bool found = false;
    for (const Problem& problem : problems) {
      found |= problem.fatal && problem.place.sheet == c.sheet && problem.place.row == c.row &&
               problem.field == c.field && problem.what.find(c.what) != std::string::npos &&
               !problem.remedy.empty();
    }
    EXPECT_TRUE(found) << (problems.empty() ? "no problem" : problems[0].Text());
  }
}

TEST(BadInputTest, JsonOfAnotherShapeIsAnErrorWithARemedy) {
  for (const char* text :
       {"", "{", "[]", "{\"x\": []}", "{\"parties\": {}}", "{\"parties\": [1]}",
        "{\"parties\": [{\"x\": 1}]}", "{\"parties\": [{\"id\": {}}]}", "{\"parties\": [{\"id\": [1]}]}"}) {
    const absl::Status status = TablesFromJson(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("改法")) << text;
  }
}

TEST(BadInputTest, ZeroAvailabilityAndNobodyToMeetAreWarnings) {
  std::string json = kSound;
  json.replace(json.find(R"({"id": "O2")"), 0,
               R"({"id": "N9", "name": "孤", "side": "需求方", "slots": "无"}, )");
  std::vector<Problem> problems;
  const Event event = Decoded(json, &problems);
  ASSERT_THAT(problems, IsEmpty());
  problems = Validate(event);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_FALSE(HasFatal(problems));
  EXPECT_THAT(problems[0].Text(), AllOf(HasSubstr("没有一个可用时段"), HasSubstr("第 3 行")));
  EXPECT_THAT(problems[1].Text(), HasSubstr("没有可以会谈的对方"));
  EXPECT_TRUE(MakePlan(event).ok());
}

TEST(BadInputTest, WhoHasOnlyCoolingPairsHasNobodyToMeet) {
  Event event;
  event.slots.push_back({.id = "S1", .date = "2026-11-26", .begin_minute = 540, .end_minute = 565});
  for (const Side side : {Side::kNeed, Side::kOffer}) {
    Party& party = event.parties.emplace_back();
    party.name = side == Side::kNeed ? "需" : "供";
    party.side = side;
    party.available = MeetingSlots(event);
    party.place = {"参会方", event.parties.size()};
  }
  event.pairs = {{.need = 0, .offer = 1, .score = 0.9, .history = History::kCoolDown}};
  EXPECT_EQ(Validate(event).size(), 2u) << "a warning each";
  event.parties[0].min_meetings = 1;
  EXPECT_TRUE(HasFatal(Validate(event)));
  event.pairs[0].by_offer = Wish::kMust;
  EXPECT_THAT(Validate(event), IsEmpty());
}

void Change(std::string* json, std::string_view old_text, std::string_view new_text) {
  const size_t at = json->find(old_text);
  ASSERT_NE(at, std::string::npos) << old_text;
  json->replace(at, old_text.size(), new_text);
}

// All that is said of kSound with one text replaced by another.
std::vector<std::string> SaidOf(std::string_view old_text, std::string_view new_text) {
  std::string json = kSound;
  Change(&json, old_text, new_text);
  std::vector<Problem> problems;
  const Event event = Decoded(json, &problems);
  if (!HasFatal(problems)) {
    for (Problem& problem : Validate(event)) problems.push_back(std::move(problem));
  }
  std::vector<std::string> texts;
  for (const Problem& problem : problems)
    texts.push_back((problem.fatal ? "错误 " : "提醒 ") + problem.Text());
  return texts;
}

TEST(AvailabilityTest, AnEmptyListIsNoSlotAndNotAll) {
  std::vector<Problem> problems;
  std::string json = kSound;
  Change(&json, R"("slots": "S1~S2")", R"("slots": [])");
  Change(&json, R"("members": ["甲", "乙"])", R"("members": [])");
  const Event event = Decoded(json, &problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_TRUE(event.parties[0].available.none());
  EXPECT_TRUE(event.parties[0].members.empty());
}

TEST(AvailabilityTest, ARangeTheWrongWayRoundIsAnError) {
  EXPECT_THAT(SaidOf(R"("absent": "S2")", R"("absent": "S3~S1")"),
              Contains(AllOf(HasSubstr("错误"), HasSubstr("第 2 行"), HasSubstr("S1~S3"))));
}

TEST(RequestsTest, AWantOfTheOrganiserIsSaidToCountNothing) {
  EXPECT_THAT(SaidOf(R"("wish": "必见", "by": "组织方")", R"("wish": "想见", "by": "组织方")"),
              Contains(AllOf(HasSubstr("提醒"), HasSubstr("不加分"))));
}

TEST(SettingsTest, OneThatIsWrittenTwiceWithTwoValuesIsAnError) {
  constexpr std::string_view kOld = R"({"key": "公平让利上限", "value": "3%"})";
  EXPECT_THAT(
      SaidOf(kOld, R"({"key": "公平让利上限", "value": "3%"}, {"key": "fair_share_max", "value": "5%"})"),
      Contains(AllOf(HasSubstr("错误 表“设置”第 3 行“项目”"), HasSubstr("前面已经写过，值是“3%”，这里是“5%”"),
                     HasSubstr("改法"))));
  EXPECT_THAT(
      SaidOf(kOld, R"({"key": "公平让利上限", "value": "3%"}, {"key": "公平让利上限", "value": "３％"})"),
      Not(Contains(HasSubstr("前面已经写过"))));
}

TEST(SettingsTest, AMinimumAboveTheMaximumOfEverybodyIsAnErrorUnlessThePartyHasItsOwn) {
  const auto said_of = [](std::string_view limits) {
    std::string json = kSound;
    Change(&json, R"("公平让利上限", "value": "3%")", R"("每方最多会谈", "value": "1")");
    Change(&json, R"("max": 2, "min": 1)", limits);
    std::vector<Problem> problems;
    const Event event = Decoded(json, &problems);
    EXPECT_THAT(problems, IsEmpty());
    std::string all;
    for (const Problem& problem : Validate(event)) all += problem.fatal ? problem.Text() : "";
    return all;
  };
  EXPECT_THAT(said_of(R"("min": 2)"),
              AllOf(HasSubstr("表“参会方”第 2 行“最少会谈”：要 2 场，表“设置”里的每方最多会谈是 1"),
                    HasSubstr("改法")));
  EXPECT_THAT(said_of(R"("min": 1)"), testing::StrEq(""));
  EXPECT_THAT(said_of(R"("max": 2, "min": 2)"), testing::StrEq(""));
}

TEST(PartiesTest, ANameOfTwoPartiesIsSaidToBeOne) {
  EXPECT_THAT(SaidOf(R"("id": "O2", "name": "某大学")",
                     R"("id": "O3", "name": "某大学", "side": "offer"}, {"id": "O2", "name": "某大学")"),
              Contains(AllOf(HasSubstr("错误 表“配对”第 2 行“供给方”"), HasSubstr("叫“某大学”的不止一个"))));
}

// O2 is 王教授 himself, who is a member of O1 too.
std::string Professor(const std::string& locks) {
  return R"({
   "slots": [{"id": "S1", "date": "2026-11-26", "begin": "9:00", "end": "09:25"},
             {"id": "S2", "date": "2026-11-26", "begin": "9:30", "end": "09:55"}],
   "parties": [{"id": "N1", "name": "甲", "side": "need"}, {"id": "N2", "name": "乙", "side": "need"},
               {"id": "O1", "name": "某院", "side": "offer", "members": "王教授、赵工"},
               {"id": "O2", "name": "王教授", "side": "offer"}],
   "pairs": [{"need": "N1", "offer": "O1", "score": 0.8}, {"need": "N2", "offer": "O2", "score": 0.8}],
   "locks": [)" +
         locks + "]}";
}

TEST(PartiesTest, AnExpertWhoIsAMemberOfAnotherPartyTooIsNeverInTwoPlaces) {
  std::vector<Problem> problems;
  const Event open = Decoded(Professor(""), &problems);
  const Plan plan = *MakePlan(open);
  ASSERT_EQ(plan.meetings.size(), 2u);
  EXPECT_NE(plan.meetings[0].slot, plan.meetings[1].slot);
  EXPECT_THAT(CheckPlan(open, plan), IsEmpty());
  const Event locked = Decoded(Professor(R"({"need": "N1", "offer": "O1", "slot": "S1"},
                                            {"need": "N2", "offer": "O2", "slot": "S1"})"),
                               &problems);
  EXPECT_THAT(problems, IsEmpty());
  const std::vector<Problem> found = Validate(locked);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].Text(), AllOf(HasSubstr("表“锁定”第 2 行“时段”"), HasSubstr("锁定了两场")));
}

// Names of two characters are padded so that they stand under those of three.
TEST(PartiesTest, APaddedNameIsThePersonOfThatName) {
  for (const char* padded : {"王　强", "王 强", "王\u00A0强", "王强　"}) {
    std::string json = Professor("");
    Change(&json, "王教授、赵工", std::string(padded) + "、赵工");
    Change(&json, R"("name": "王教授")", R"("name": "王强")");
    std::vector<Problem> problems;
    const Event event = Decoded(json, &problems);
    EXPECT_EQ(event.parties[3].name, "王强");
    const Plan plan = *MakePlan(event);
    ASSERT_EQ(plan.meetings.size(), 2u) << padded;
    EXPECT_NE(plan.meetings[0].slot, plan.meetings[1].slot) << padded;
    Plan at_once = plan;
    at_once.meetings[1].slot = at_once.meetings[0].slot;
    EXPECT_THAT(CheckPlan(event, at_once), Not(IsEmpty())) << padded;
  }
}

TEST(PartiesTest, BlanksWithinAndAroundNamesOfPeople) {
  EXPECT_EQ(PersonKey("　王　 强 "), "王强");
  EXPECT_EQ(PersonKey("Li \u00A0Wei"), "Li Wei");
  EXPECT_NE(PersonKey("Li Wei"), PersonKey("LiWei"));
  EXPECT_EQ(PersonKey("王 Wei"), "王 Wei");
  EXPECT_EQ(PersonKey("　"), "");
}

TEST(PartiesTest, TwoMembersWithABlankBetweenThemAreWarnedOf) {
  EXPECT_THAT(SaidOf(R"("members": ["甲", "乙"])", R"("members": ["张工 李工"])"),
              Contains(AllOf(HasSubstr("提醒 表“参会方”第 1 行“成员”"), HasSubstr("“张工 李工”"),
                             HasSubstr("用顿号分开"))));
  EXPECT_THAT(SaidOf(R"("members": ["甲", "乙"])", R"("members": ["王 强", "Li Wei"])"),
              Not(Contains(HasSubstr("成员"))));
}

TEST(PartiesTest, AnIdWithAWideBlankBehindItIsThatId) {
  EXPECT_THAT(SaidOf(R"("id": "O2", "name")", R"("id": "O2　", "name")"), Not(Contains(HasSubstr("错误"))));
}

TEST(SessionsTest, TwoThatFitNowhereTogetherAreAnErrorWithRowAndRemedy) {
  EXPECT_THAT(SaidOf(R"("participants": "O1", "slot": "S3"})",
                     R"("participants": "O1"}, {"id": "R2", "name": "二", "participants": "O1"},
                        {"id": "R3", "name": "三", "participants": "O1"})"),
              Contains(AllOf(HasSubstr("错误 表“活动”第"), HasSubstr("排不出时段"), HasSubstr("改法"))));
}

TEST(SessionsTest, PeopleWithoutASeatOrEquipmentAreAnError) {
  constexpr std::string_view kOld = R"("participants": "O1", "slot": "S3"})";
  EXPECT_THAT(SaidOf(kOld, R"("participants": "O1、O2", "slot": "S3", "table": "A1"})"), IsEmpty());
  EXPECT_THAT(SaidOf(R"("max": 2, "min": 1})", R"("max": 2, "min": 1, "seats": 7})"), IsEmpty());
  std::string json = kSound;
  Change(&json, kOld, R"("participants": "O1、O2", "slot": "S3", "table": "A1"})");
  Change(&json, R"("min": 1})", R"("min": 1, "seats": 6})");
  Change(&json, R"("online": true})", R"("online": false})");
  Change(&json, R"("side": "offer"})", R"("side": "offer", "online": true})");
  std::vector<Problem> problems;
  const Event event = Decoded(json, &problems);
  EXPECT_THAT(problems, IsEmpty());
  std::string all;
  for (const Problem& problem : Validate(event)) all += problem.Text() + "\n";
  EXPECT_THAT(all, AllOf(HasSubstr("6 座，必到方有 7 人"), HasSubstr("不能线上参加")));
}

// Two needs, two offers, one slot, the given tables and fields of the first offer; both pairs are locked.
std::string OpenLocks(const std::string& tables, const std::string& offer) {
  const std::string json = R"({
   "slots": [{"id": "S1", "date": "2026-11-26", "begin": "9:00", "end": "09:25"}],
   "tables": [)" + tables + R"(],
   "parties": [{"id": "N1", "name": "甲", "side": "need"}, {"id": "N2", "name": "乙", "side": "need"},
               {"id": "O1", "name": "丙", "side": "offer")" +
                           offer + R"(}, {"id": "O2", "name": "丁", "side": "offer"}],
   "pairs": [{"need": "N1", "offer": "O1", "score": 0.8}, {"need": "N2", "offer": "O2", "score": 0.8}],
   "locks": [{"need": "N1", "offer": "O1", "slot": "S1"}, {"need": "N2", "offer": "O2", "slot": "S1"}]})";
  std::vector<Problem> problems;
  const Event event = Decoded(json, &problems);
  EXPECT_THAT(problems, IsEmpty());
  std::string all;
  for (const Problem& problem : Validate(event)) all += problem.Text();
  return all;
}

TEST(LocksTest, ALockWithoutATableNeedsOneThatDoes) {
  EXPECT_THAT(OpenLocks(R"({"id": "T1"}, {"id": "T2"})", ""), testing::StrEq(""));
  EXPECT_THAT(OpenLocks(R"({"id": "T1"})", ""),
              AllOf(HasSubstr("第 2 行"), HasSubstr("比合用的桌多"), HasSubstr("改法")));
  EXPECT_THAT(OpenLocks(R"({"id": "T1"}, {"id": "T2"})", R"(, "online": true)"),
              AllOf(HasSubstr("第 1 行"), HasSubstr("没有开放、够坐、合用的桌")));
  EXPECT_THAT(OpenLocks(R"({"id": "T1", "slots": "无"}, {"id": "T2"})", R"(, "table": "T1")"),
              AllOf(HasSubstr("固定桌“T1”"), HasSubstr("不开放、坐不下")));
  EXPECT_THAT(OpenLocks(R"({"id": "T1", "seats": 1}, {"id": "T2"})", ""), HasSubstr("比合用的桌多"));
  EXPECT_THAT(OpenLocks(R"({"id": "T1"}, {"id": "T2", "online": true})", R"(, "online": true)"),
              testing::StrEq(""))
      << "the other one sits at the table without equipment";
}

TEST(EventTablesTest, WideDigitsAndSignsOfAChineseKeyboardAreRead) {
  std::vector<Problem> problems;
  const Event event = Decoded(R"({
   "settings": [{"key": "公平让利上限", "value": "３％"}, {"key": "时区", "value": "＋０８：００"}],
   "slots": [{"id": "S1", "date": "２０２６－１１－２６", "begin": "９：００", "end": "09：25"}],
   "parties": [{"id": "N1", "name": "甲", "side": "需求方", "max": "１２", "slots": "S9"},
               {"id": "O1", "name": "乙", "side": "供给方"}],
   "pairs": [{"need": "N1", "offer": "O1", "score": "０．８"}]})",
                              &problems);
  ASSERT_EQ(problems.size(), 1u) << "the slot that is not there, once";
  EXPECT_EQ(event.settings.fair_share_max, 0.03);
  EXPECT_EQ(event.slots[0].date, "2026-11-26");
  EXPECT_EQ(event.slots[0].begin_minute, 540);
  EXPECT_EQ(event.slots[0].end_minute, 565);
  EXPECT_EQ(event.parties[0].max_meetings, 12);
  EXPECT_EQ(event.pairs[0].score, 0.8);
}

}  // namespace
}  // namespace dongxi::plan
