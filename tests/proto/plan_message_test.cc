// Plans as messages: nothing is lost on the way there and back.
#include "proto/convert/plan_message.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "engine/plan/check.h"
#include "engine/plan/planner.h"

namespace dongxi {
namespace {

using google::protobuf::util::MessageDifferencer;

constexpr char kEvent[] = R"({
 "settings": [{"key": "活动名称", "value": "示例对接会"}, {"key": "公平让利上限", "value": "5%"}, {"key": "时区", "value": "+06:00"}],
 "slots": [{"id": "S1", "date": "2026-11-26", "begin": "09:00", "end": "09:25"},
           {"id": "B", "date": "2026-11-26", "begin": "09:25", "end": "09:40", "kind": "休息"},
           {"id": "S2", "date": "2026-11-26", "begin": "09:40", "end": "10:00"}],
 "tables": [{"id": "A1", "name": "一层", "seats": 6, "online": true}, {"id": "A2", "slots": "S2"}],
 "parties": [{"id": "N-1", "name": "甲", "side": "需求方", "members": ["张", "李"], "max": 2, "record": "needs/n-1", "protected": true},
             {"id": "N-2", "name": "乙", "side": "需求方", "slots": "无"},
             {"id": "O-1", "name": "丙", "side": "供给方", "absent": "S2", "table": "A1", "online": true, "min": 1},
             {"id": "O-2", "name": "戊", "side": "供给方", "max": 0, "region": "湖北武汉", "institution": "丁"}],
 "pairs": [{"need": "N-1", "offer": "O-1", "score": 0.5, "history": "延续", "reason": "理由", "match_id": "m-1", "record": "results/r-1"},
           {"need": "N-1", "offer": "O-2", "score": 0.123456789, "history": "冷却"}],
 "requests": [{"from": "O-1", "to": "N-1", "wish": "必见"}, {"from": "N-2", "to": "O-1", "wish": "不见", "by": "组织方"}],
 "sessions": [{"id": "R", "name": "路演", "kind": "路演", "slot": "S2", "participants": "O-1x", "capacity": 3}],
 "quotas": [{"kind": "单位", "group": "丁", "min": 1}, {"kind": "地区", "group": "湖北", "side": "供给方", "max": 0}]})";

plan::Event Decoded(const plan::EventTables& tables) {
  std::vector<plan::Problem> problems;
  plan::Event event = DecodeEvent(tables, &problems);
  for (const plan::Problem& problem : problems) EXPECT_FALSE(problem.fatal) << problem.Text();
  return event;
}

plan::Event SampleEvent() {
  std::string text = kEvent;
  text.replace(text.find("O-1x"), 4, "N-1");
  const absl::StatusOr<plan::EventTables> tables = plan::TablesFromJson(text);
  EXPECT_TRUE(tables.ok()) << tables.status();
  return Decoded(*tables);
}

TEST(PlanMessageTest, EveryColumnOfEverySheetIsAFieldOfItsMessage) {
  for (const plan::SheetSpec& sheet : plan::Sheets()) {
    if (sheet.key == "settings") continue;
    const auto* const list = v1::PlanEvent::descriptor()->FindFieldByName(std::string(sheet.key));
    ASSERT_NE(list, nullptr) << sheet.key;
    EXPECT_EQ(list->message_type()->field_count(), static_cast<int>(sheet.fields.size())) << sheet.key;
    for (const plan::FieldSpec& field : sheet.fields) {
      EXPECT_NE(list->message_type()->FindFieldByName(std::string(field.key)), nullptr)
          << sheet.key << "." << field.key;
    }
  }
}

TEST(PlanMessageTest, AnEventComesBackAsItWas) {
  const plan::Event event = SampleEvent();
  const v1::PlanEvent message = EventMessageOf(event);
  EXPECT_EQ(message.parties(0).side(), v1::PlanParty::NEED);
  EXPECT_THAT(message.parties(0).members(), testing::UnorderedElementsAre("张", "李"));
  EXPECT_THAT(message.parties(1).slots(), testing::ElementsAre("none"));
  EXPECT_TRUE(message.parties(3).has_max());
  EXPECT_EQ(message.pairs(1).score(), 0.123456789);
  EXPECT_EQ(message.slots(1).kind(), v1::PlanSlot::BREAK);
  EXPECT_EQ(message.requests(1).by(), v1::PlanRequest::ORGANISER);
  EXPECT_EQ(message.settings().fair_share_max(), 0.05);
  const plan::Event back = Decoded(TablesOf(message));
  EXPECT_EQ(TablesToJson(EncodeEvent(back)), TablesToJson(EncodeEvent(event)));
  EXPECT_TRUE(MessageDifferencer::Equals(EventMessageOf(back), message));
}

TEST(PlanMessageTest, APlanComesBackAsItWas) {
  plan::PlanFile file{.event = SampleEvent(), .state = plan::State::kRunning, .revision = 3};
  file.plan = *plan::MakePlan(file.event);
  ASSERT_FALSE(file.plan.meetings.empty());
  file.changes = {"改动：…"};
  plan::Meeting& meeting = file.plan.meetings[0];
  meeting.outcome = "拒绝", meeting.reason = "无经费", meeting.note = "…",
  meeting.engagements = {"engagements/e-1"};
  file.absences = {{.party = 2, .slots = plan::SlotSet(0b101), .min_meetings = 1}};
  v1::Plan message;
  EncodePlan(file, &message);
  EXPECT_EQ(message.meetings(0).refusal_reason(), v1::REFUSAL_REASON_NO_BUDGET);
  EXPECT_EQ(message.prices_size(), 3);
  const absl::StatusOr<plan::PlanFile> back = PlanFileOf(message);
  ASSERT_TRUE(back.ok()) << back.status();
  ASSERT_EQ(back->absences.size(), 1u);
  EXPECT_EQ(back->absences[0].slots, file.absences[0].slots);
  EXPECT_EQ(PlanFileToJson(*back), PlanFileToJson(file));
  EXPECT_TRUE(CheckPlan(back->event, back->plan).empty());
  EXPECT_FALSE(PlanFileOf(WithoutParts(message)).ok());
  EXPECT_EQ(WithoutParts(message).figures().meetings(), file.plan.figures.meetings);
  EXPECT_EQ(WithoutParts(message).kept_absences_size(), 0);
  v1::Plan strange = message;
  strange.mutable_kept_absences(0)->set_slots(0, "S9");
  EXPECT_FALSE(PlanFileOf(strange).ok());
  EncodePlan(*back, &strange);
  EXPECT_EQ(strange.kept_absences_size(), 1) << "the old ones are gone";
  message.mutable_meetings(0)->set_slot("S9");
  EXPECT_FALSE(PlanFileOf(message).ok());
}

TEST(PlanMessageTest, ProblemsNameTheirField) {
  v1::PlanEvent message = EventMessageOf(SampleEvent());
  message.mutable_parties(2)->set_min(-1);
  message.mutable_locks()->Add()->set_need("N-1");
  std::vector<plan::Problem> problems;
  DecodeEvent(TablesOf(message), &problems);
  std::vector<std::string> fields;
  for (const plan::Problem& problem : problems) fields.push_back(FieldOfProblem(problem));
  EXPECT_THAT(fields, testing::IsSupersetOf({"parties[2].min", "locks[0].offer", "locks[0].slot"}));
}

TEST(PlanMessageTest, OutcomesAndWordsAreOneToOne) {
  for (int i = 0; i <= v1::MeetingOutcome_MAX; ++i) {
    const auto outcome = static_cast<v1::MeetingOutcome>(i);
    EXPECT_EQ(OutcomeOf(WordOf(outcome)), outcome);
    EXPECT_EQ(StepsOf(outcome).empty(),
              outcome == v1::MEETING_OUTCOME_UNSPECIFIED || outcome == v1::MEETING_OUTCOME_NO_SHOW);
  }
  EXPECT_EQ(OutcomeOf("其他"), v1::MEETING_OUTCOME_UNSPECIFIED);
  EXPECT_EQ(ReasonOfWord("无经费"), v1::REFUSAL_REASON_NO_BUDGET);
  EXPECT_EQ(ReasonOfWord("no_budget"), v1::REFUSAL_REASON_NO_BUDGET);
  EXPECT_EQ(ReasonOfWord(""), v1::REFUSAL_REASON_UNSPECIFIED);
}

}  // namespace
}  // namespace dongxi
