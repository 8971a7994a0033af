// Why somebody has no meeting: what is said is true of the event.
#include "engine/plan/without_meeting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plan/planner.h"
#include "engine/plan/replan.h"
#include "tests/engine/plan/sample_event.h"

namespace dongxi::plan {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// Two needs and two offers in two slots, at a table of four seats without equipment; N1 may meet O1 only, N2
// both.
Event Sample() {
  Event event = PlainEvent(2, 2, 2);
  AddTables(event, 1);
  event.tables[0].seats = 4;
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9},
                 {.need = 1, .offer = 2, .score = 0.5},
                 {.need = 1, .offer = 3, .score = 0.5}};
  return event;
}

struct Case {
  const char* name;
  void (*change)(Event&);
  const char* why;
};

constexpr Case kCases[] = {
    {"Refused", [](Event& e) { e.pairs[0].by_offer = Wish::kNo; }, "一方也不能会谈：谢绝或被组织方排除 1 方"},
    {"Cooling", [](Event& e) { e.pairs[0].history = History::kCoolDown; }, "还在冷却 1 方"},
    {"Online", [](Event& e) { e.parties[0].online = true; }, "没有开放、够坐、合用的桌 1 方"},
    {"TooMany", [](Event& e) { e.parties[0].seats = 9; }, "没有开放、够坐、合用的桌 1 方"},
    {"NeverOpen", [](Event& e) { e.tables[0].available.reset(); }, "没有开放、够坐、合用的桌 1 方"},
    {"MaximumOfNone", [](Event& e) { e.parties[0].max_meetings = 0; }, "最多会谈是 0"},
    {"TheOthersMaximumIsNone", [](Event& e) { e.parties[2].max_meetings = 0; }, "最多会谈为零 1 方"},
    {"NeverThere", [](Event& e) { e.parties[0].available.reset(); }, "没有可用时段"},
    {"NeverTogether",
     [](Event& e) {
       e.parties[0].available.reset(0);
       e.parties[2].available.reset(1);
     },
     "没有共同的可用时段 1 方"},
    {"NobodyToMeet", [](Event& e) { e.pairs.erase(e.pairs.begin()); }, "没有可以会谈的对方"},
    {"TwoReasons",
     [](Event& e) {
       e.pairs[0].by_need = Wish::kNo;
       e.pairs.push_back({.need = 0, .offer = 3, .score = 0.1, .history = History::kCoolDown});
     },
     "谢绝或被组织方排除 1 方、还在冷却 1 方"},
    {"Outbid", [](Event& e) { e.parties[2].max_meetings = 1, e.pairs[0].score = 0.1; }, "能会谈的 1 方"},
};

TEST(WithoutMeetingTest, SaysWhatStandsInTheWay) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Event event = Sample();
    event.settings.fair_share_max = 0;
    c.change(event);
    const absl::StatusOr<Plan> plan = MakePlan(event);
    ASSERT_TRUE(plan.ok()) << plan.status();
    const std::vector<std::string> reasons = WhyWithoutMeeting(event, *plan);
    EXPECT_THAT(reasons[0], HasSubstr(c.why));
    for (const Meeting& meeting : plan->meetings) {
      EXPECT_THAT(reasons[event.pairs[meeting.pair].need], IsEmpty());
      EXPECT_THAT(reasons[event.pairs[meeting.pair].offer], IsEmpty());
    }
  }
}

TEST(WithoutMeetingTest, NamesTheQuotaThatIsFull) {
  Event event = Sample();
  event.settings.fair_share_max = 0;
  event.quotas.push_back({.group = "青海", .max_meetings = 0, .parties = {0}, .place = {"名额", 2}});
  EXPECT_THAT(WhyWithoutMeeting(event, *MakePlan(event))[0], HasSubstr("名额地区“青海”最多 0 场"));
}

// A replan in the middle of the event took idle slots that are past for free ones: the must could be kept,
// and its party stood behind more valuable meetings.
TEST(WithoutMeetingTest, AfterAReplanWhatIsPastIsNoPlaceForAMeeting) {
  Event event = PlainEvent(1, 1, 4);
  event.parties[1].min_meetings = 1;
  event.pairs = {{.need = 0, .offer = 1, .score = 0.9, .by_organiser = Wish::kMust}};
  Plan plan;
  plan.meetings = {{.pair = 0, .slot = 2}};
  const absl::StatusOr<Replanned> now = Replan(event, plan, {.now = 2, .away = {{1, 2}}});
  ASSERT_TRUE(now.ok()) << now.status();
  const Figures& figures = now->plan.figures;
  EXPECT_EQ(figures.musts, 1);
  EXPECT_EQ(figures.musts_bound, 0);
  EXPECT_EQ(figures.gap, 0);
  EXPECT_EQ(figures.blocking_pairs, 0);
  EXPECT_EQ(figures.min_shortfall, 0) << "nobody wants meetings in slots that are past";
  EXPECT_EQ(now->value_bound, 0);
  ASSERT_EQ(now->plan.unmet.size(), 1u);
  EXPECT_THAT(now->plan.unmet[0].clash, testing::ElementsAre(HasSubstr("“供给方O1”从 S3 起没有可用时段")));
  const std::vector<std::string> reasons = WhyWithoutMeeting(now->event, now->plan, now->now);
  EXPECT_EQ(reasons[0], "从 S3 起候选的对方一方也不能会谈：没有共同的可用时段 1 方");
  EXPECT_EQ(reasons[1], "从 S3 起没有可用时段");
  EXPECT_THAT(MissingMinima(now->event, now->plan, now->now), IsEmpty());
  const absl::StatusOr<Replanned> over = Replan(event, Plan(), {.now = 4});
  ASSERT_TRUE(over.ok()) << over.status();
  ASSERT_EQ(over->plan.unmet.size(), 1u);
  EXPECT_THAT(over->plan.unmet[0].clash, testing::ElementsAre("会谈的时段都已经过去"));
}

TEST(WithoutMeetingTest, AfterAReplanTheBoundCountsTheTablesThatAreStillFree) {
  Event event = PlainEvent(2, 2, 2);
  AddTables(event, 1);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.5}, {.need = 1, .offer = 3, .score = 0.4}};
  Plan plan;
  plan.meetings = {{.pair = 0, .slot = 1, .table = 0}};
  const Replanned now = *Replan(event, plan, {.now = 1});
  EXPECT_NEAR(now.value_bound, 0.5, 1e-9) << "one slot, one table";
  EXPECT_EQ(now.plan.figures.blocking_pairs, 0);
  EXPECT_EQ(now.plan.figures.without_meeting, 2) << "who could have met is counted";
}

// A minimum that the pairs could not give passed without a word, and its party had no name in the plan.
TEST(MissingMinimaTest, WhoHasFewerPartnersThanItsMinimumIsWarnedOfAndNamed) {
  Event event = Sample();
  event.parties[0].min_meetings = 2;
  const std::vector<Problem> problems = Validate(event);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_FALSE(problems[0].fatal);
  EXPECT_THAT(problems[0].Text(), HasSubstr("“需求方N1”要 2 场，可以会谈的对方只有 1 个"));
  const Plan plan = *MakePlan(event);
  const std::vector<MissingMinimum> missing = MissingMinima(event, plan);
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0].party, 0);
  EXPECT_EQ(missing[0].Text(), "最少 2 场，排了 1 场，还差 1 场；可以会谈的对方 1 个，可用时段 2 个");
  EXPECT_EQ(plan.figures.min_shortfall, 1);
}

// O1 goes home after its first meeting: of its two it has had one, and N2 had nobody else.
TEST(MissingMinimaTest, AfterAReplanMeetingsThatWereHeldAndSlotsToComeCount) {
  Event event = PlainEvent(2, 1, 4);
  event.parties[1].min_meetings = 1;
  event.parties[2].min_meetings = 2;
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9}, {.need = 1, .offer = 2, .score = 0.8}};
  Plan plan;
  plan.meetings = {{.pair = 0, .slot = 0}, {.pair = 1, .slot = 3}};
  const Replanned now = *Replan(event, plan, {.now = 2, .away = {{2, 2}}});
  EXPECT_EQ(now.event.parties[2].min_meetings, 1);
  const std::vector<MissingMinimum> missing = MissingMinima(now.event, now.plan, now.now);
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0].Text(), "最少 1 场，排了 0 场，还差 1 场；可以会谈的对方 1 个，从 S3 起可用时段 2 个");
  EXPECT_EQ(now.plan.figures.min_shortfall, 1);
}

// The figures left the floor of a county without a possible slot out, the sheet 未排 had it.
TEST(MissingMinimaTest, TheFiguresCountTheFloorOfWhoIsNeverThereWithItsPartner) {
  Event event = Sample();
  event.parties[0].is_protected = true;
  event.parties[0].available.reset(0);
  event.parties[2].available.reset(1);
  const Plan plan = *MakePlan(event);
  const std::vector<MissingMinimum> missing = MissingMinima(event, plan);
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0].party, 0);
  EXPECT_EQ(plan.figures.min_shortfall, missing[0].minimum - missing[0].meetings);
}

}  // namespace
}  // namespace dongxi::plan
