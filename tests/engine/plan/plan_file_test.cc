// Plan files: round trips, states and outcomes, and what is said of damaged ones.
#include "engine/plan/plan_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plan/check.h"
#include "engine/plan/event_tables.h"
#include "engine/plan/planner.h"
#include "engine/plan/replan.h"
#include "tests/engine/plan/sample_event.h"
#include "tests/engine/plan/sound_event.h"

namespace dongxi::plan {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(PlanFileTest, WrittenAndReadAgainIsTheSame) {
  std::vector<Problem> problems;
  PlanFile file{.event = Decoded(kSound, &problems)};
  file.plan = *MakePlan(file.event);
  file.changes = {"取消：…"};
  file.absences = {{.party = 2, .slots = SlotSet(0b1001), .min_meetings = 1}};
  file.served = "plans/p-1";
  file.now = 1;
  file.sequence_ahead = 3;
  ASSERT_FALSE(file.plan.meetings.empty());
  const std::string once = PlanFileToJson(file);
  const absl::StatusOr<PlanFile> again = PlanFileFromJson(once);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(once, PlanFileToJson(*again));
  EXPECT_EQ(again->absences.at(0).slots, SlotSet(0b1001));
  EXPECT_EQ(again->served, "plans/p-1");
  EXPECT_EQ(again->now, 1);
  EXPECT_EQ(again->sequence_ahead, 3);
}

// Two needs of one owner were "某公司、某公司".
TEST(PlanFileTest, ChangesTellPartiesOfOneNameApart) {
  PlanFile file{.event = PlainEvent(2, 1, 2)};
  file.event.parties[0].name = file.event.parties[1].name = "某公司";
  for (const int need : {0, 1}) file.event.pairs.push_back({.need = need, .offer = 2, .score = 0.5});
  file.plan = *MakePlan(file.event);
  ASSERT_EQ(file.plan.meetings.size(), 2u);
  Incident incident;
  incident.away.push_back({2, 0});
  const absl::StatusOr<Replanned> now = Replan(file.event, file.plan, incident);
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_THAT(NextRevision(file, *now).changes,
              AllOf(Contains(HasSubstr("取消：“某公司（N1）”与“供给方O1”")),
                    Contains(HasSubstr("取消：“某公司（N2）”与“供给方O1”")),
                    Contains(HasSubstr("要通知：某公司（N1）、某公司（N2）、供给方O1"))));
}

TEST(PlanFileTest, StatesGoForwardAndOutcomesNeedARunningPlan) {
  std::vector<Problem> problems;
  PlanFile file{.event = Decoded(kSound, &problems)};
  file.plan = *MakePlan(file.event);
  EXPECT_EQ(Advance(State::kRunning, file).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(RecordOutcome("N1", "O2", {.outcome = "意向"}, file).code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Advance(State::kPublished, file).ok());
  ASSERT_TRUE(Advance(State::kDraft, file).ok());
  ASSERT_TRUE(Advance(State::kPublished, file).ok());
  ASSERT_TRUE(Advance(State::kRunning, file).ok());
  EXPECT_TRUE(RecordOutcome("N1", "O2", {.outcome = "意向", .note = "互访"}, file).ok());
  EXPECT_EQ(RecordOutcome("N1", "O9", {.outcome = "意向"}, file).code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(EngagementsToJson(file), AllOf(HasSubstr("意向"), HasSubstr("\"held\": true")));
}

TEST(PlanFileTest, AnOutcomeOfNoMeetingIsRefusedWithWhatIsWrongAboutIt) {
  std::vector<Problem> problems;
  PlanFile file{.event = Decoded(kSound, &problems)};
  file.plan = *MakePlan(file.event);
  file.state = State::kRunning;
  const auto why = [&](const char* need, const char* offer) {
    return std::string(RecordOutcome(need, offer, {.outcome = "意向"}, file).message());
  };
  EXPECT_THAT(why("N1", "O9"), AllOf(HasSubstr("没有编号是“O9”的参会方"), HasSubstr("各方日程")));
  EXPECT_THAT(why("O2", "N1"), HasSubstr("写反了；改法：需求方写 N1，供给方写 O2"));
  file.plan.meetings.clear();
  EXPECT_THAT(why("N1", "O2"), AllOf(HasSubstr("N1 与 O2 的会谈"), HasSubstr("改法")));
}

TEST(PlanFileTest, AnOutcomeThatContradictsTheOldOneSupersedesItsEntriesInTheLedger) {
  std::vector<Problem> problems;
  PlanFile file{.event = Decoded(kSound, &problems)};
  file.plan = *MakePlan(file.event);
  file.state = State::kRunning;
  const auto meeting = [&]() -> Meeting& {
    return *std::find_if(file.plan.meetings.begin(), file.plan.meetings.end(),
                         [](const Meeting& m) { return m.pair == 1; });
  };
  ASSERT_TRUE(RecordOutcome("N1", "O2", {.outcome = "已会谈"}, file).ok());
  meeting().engagements = {"engagements/e-1"};
  ASSERT_TRUE(RecordOutcome("N1", "O2", {.outcome = "签约", .amount_wan = 100}, file).ok());
  EXPECT_THAT(meeting().superseded, IsEmpty()) << "who signs has met";
  ASSERT_TRUE(RecordOutcome("N1", "O2", {.outcome = "签约", .amount_wan = 100}, file).ok());
  EXPECT_THAT(meeting().superseded, IsEmpty()) << "nothing is new";
  ASSERT_TRUE(RecordOutcome("N1", "O2", {.outcome = "签约", .amount_wan = 80}, file).ok());
  EXPECT_THAT(meeting().superseded, testing::ElementsAre("engagements/e-1"));
  EXPECT_THAT(meeting().engagements, IsEmpty());
  ASSERT_TRUE(RecordOutcome("N1", "O2", {.outcome = "未到"}, file).ok());
  EXPECT_EQ(PlanFileFromJson(PlanFileToJson(file))->plan.meetings.size(), file.plan.meetings.size());
  EXPECT_THAT(PlanFileToJson(file), HasSubstr("\"superseded\""));
  EXPECT_THAT(PlanFileToJson(*PlanFileFromJson(PlanFileToJson(file))), HasSubstr("\"superseded\""));
}

TEST(PlanFileTest, DamagedFilesAreErrors) {
  for (const char* text :
       {"", "[]", "{}", R"({"format": 1})", R"({"format": 1, "state": "draft", "event": 3})",
        R"({"format": 1, "state": "x", "event": {}})",
        R"({"format": 1, "state": "draft", "event": {}, "meetings": [{"need": "N"}]})"}) {
    EXPECT_EQ(PlanFileFromJson(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

PlanFile WithASession() {
  std::vector<Problem> problems;
  PlanFile file{.event = Decoded(kSound, &problems)};
  file.plan = *MakePlan(file.event);
  file.plan.sessions = {{.session = 0, .slot = 3, .parties = {1}}};
  return file;
}

// Found by reading for the fuzzer: they were taken as number -1, and writing the plan again read before the
// list.
TEST(PlanFileTest, ASessionOfUnknownPartiesOrSlotsIsAnError) {
  const std::string sound = PlanFileToJson(WithASession());
  ASSERT_TRUE(PlanFileFromJson(sound).ok());
  const size_t session = sound.find("\"sessions\"");
  for (const std::string_view known : {"\"O1\"", "\"S3\""}) {
    std::string text = sound;
    text.replace(text.find(known, session), known.size(), "\"X\"");
    EXPECT_EQ(PlanFileFromJson(text).status().code(), absl::StatusCode::kInvalidArgument) << known;
  }
}

TEST(PlanFileTest, AnEventInThousandsOfBracketsIsAnError) {
  const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
  const absl::Status status =
      PlanFileFromJson(R"({"format": 1, "state": "draft", "event": {"parties": )" + deep + "}}").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("嵌套太深"));
}

TEST(PlanFileTest, HugeNumbersSurviveWritingAndReading) {
  PlanFile file = WithASession();
  file.plan.figures.value = 1e307;
  file.plan.prices = {{.of = "O1", .value = -1e308, .meetings = 3}};
  const std::string once = PlanFileToJson(file);
  const absl::StatusOr<PlanFile> again = PlanFileFromJson(once);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(PlanFileToJson(*again), once);
  EXPECT_EQ(again->plan.figures.value, 1e307);
}

}  // namespace
}  // namespace dongxi::plan
